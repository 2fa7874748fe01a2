//! Which part of a picture is looked at. In -> out: what is where in a picture, random numbers -> the patches of each window.
//!
//! A window around something shows it at another place of the window each time; windows never reach beyond the picture.

use crate::{Random, Targets, Windows};

/// The patches of each window, row by row.
pub(crate) fn windows(settings: Windows, across: usize, targets: &Targets, random: &mut Random) -> Vec<Vec<u32>> {
    let shown = targets.shown();
    let side = settings.side.min(across);
    let one = |number: usize| {
        let around = if number.is_multiple_of(2) && !shown.is_empty() { shown.get(random.index(shown.len())).copied() } else { None };
        let corner = [0, 1].map(|axis| {
            let last = across - side;
            match around {
                Some(patch) => {
                    let place = if axis == 0 { patch / across } else { patch % across };
                    place.saturating_sub(random.index(side)).min(last)
                }
                None => random.index(last + 1),
            }
        });
        (0..side * side).map(|place| ((corner[0] + place / side) * across + corner[1] + place % side) as u32).collect()
    };
    (0..settings.count).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Sighting;

    #[test]
    fn the_first_window_shows_something_and_none_leaves_the_picture() {
        let across = 12;
        let mut pixels = vec![0; across * across];
        pixels[5 * across + 11] = 100;
        let thing = Sighting { look: 0, hazard: Some((1, 1)), centre: [0.95, 0.45], pixels };
        let targets = Targets::new(&[thing], across, 256.0);
        let (mut random, mut corners) = (Random::new(3), std::collections::BTreeSet::new());
        for _ in 0..200 {
            let windows = windows(Windows { side: 6, count: 3 }, across, &targets, &mut random);
            assert_eq!(windows.len(), 3);
            for window in &windows {
                assert_eq!(window.len(), 36);
                assert!(window.windows(2).all(|pair| pair[0] < pair[1]) && window[35] < 144, "{window:?}");
                assert_eq!(window[35] - window[0], 5 * 12 + 5, "a square: {window:?}");
            }
            assert!(windows[0].contains(&(5 * 12 + 11)), "{:?}", windows[0]);
            corners.insert(windows[0][0]);
        }
        assert!(corners.len() > 4, "{corners:?}");
    }

    #[test]
    fn a_whole_picture_is_a_window_too() {
        let windows = windows(Windows { side: 4, count: 1 }, 4, &Targets::unknown(16), &mut Random::new(1));
        assert_eq!(windows, [(0..16).collect::<Vec<u32>>()]);
    }
}

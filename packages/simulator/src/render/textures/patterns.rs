//! Patterns of painted surfaces.
//!
//! In -> out: a coat (a public `Surface` made sound, its contrast worked in) and a place on it -> albedo. What is finer than a pixel fades
//! into its mean. Deliberately absent: light, and what hangs on walls (see `painted`).

mod grown;
mod laid;

use crate::{
    Pattern, Surface,
    render::{
        noise::{fract, hash, smooth, unit},
        vector::{V3, mix},
    },
};

/// A surface as it is drawn.
#[derive(Clone, Copy)]
pub(in crate::render) struct Coat {
    pattern: Pattern,
    pub(super) ground: V3,
    pub(super) second: V3,
    pub(super) joint: V3,
    units_per_m: f32,
    pub(super) gloss: f32,
    seed: u32,
    /// Moves the pattern, units.
    shift: [f32; 2],
}

/// A place on a coat.
#[derive(Clone, Copy)]
struct Place {
    /// In units of the pattern.
    u: f32,
    v: f32,
    /// Pixels per unit.
    sharp: f32,
    /// The same in metres.
    x: f32,
    y: f32,
    sharp_m: f32,
}

impl Coat {
    pub(in crate::render) fn new(surface: &Surface, seed: u32) -> Self {
        let sound = |value: f32, low: f32, high: f32| if value.is_finite() { value.clamp(low, high) } else { low };
        let [ground, second, joint] = surface.colours.map(|colour| colour.map(|channel| sound(channel, 0.0, 1.0)));
        let contrast = sound(surface.contrast, 0.0, 1.0);
        Self {
            pattern: surface.pattern,
            ground,
            second: mix(ground, second, contrast),
            joint: mix(ground, joint, contrast),
            units_per_m: 1.0 / sound(surface.scale_m, 0.02, 10.0),
            gloss: sound(surface.gloss, 0.0, 1.0),
            seed,
            shift: [unit(hash(seed ^ 3)) * 60.0, unit(hash(seed ^ 4)) * 60.0],
        }
    }

    /// Colour at (`x`, `y`), metres, where a metre is `sharp_m` pixels.
    #[inline]
    pub(in crate::render) fn albedo(&self, x: f32, y: f32, sharp_m: f32) -> V3 {
        let [u, v] = [x * self.units_per_m + self.shift[0], y * self.units_per_m + self.shift[1]];
        let place = Place { u, v, sharp: sharp_m / self.units_per_m, x, y, sharp_m };
        match self.pattern {
            Pattern::Plain => self.ground,
            Pattern::Speckle => grown::speckle(self, place),
            Pattern::Tiles => laid::tiles(self, place),
            Pattern::OffsetTiles => laid::offset_tiles(self, place),
            Pattern::Planks => laid::planks(self, place),
            Pattern::Checker => laid::checker(self, place),
            Pattern::Stripes => self.between(square(place.u, place.sharp)),
            Pattern::Wavy => self.between(square(place.v + 0.35 * swing(place.u * 0.7), place.sharp)),
            Pattern::Terrazzo => grown::terrazzo(self, place),
            Pattern::Marble => grown::marble(self, place),
            Pattern::Concrete => grown::concrete(self, place),
            Pattern::Carpet => grown::carpet(self, place),
            Pattern::Panels => laid::panels(self, place),
            Pattern::Hexagons => laid::hexagons(self, place),
            Pattern::Diamonds => laid::diamonds(self, place),
            Pattern::Herringbone => laid::herringbone(self, place),
            Pattern::Plaster => grown::plaster(self, place),
            Pattern::Stain => grown::stain(self, place),
            Pattern::Corrugated => laid::corrugated(self, place),
            Pattern::Dots => laid::dots(self, place),
            Pattern::Weave => laid::weave(self, place),
            Pattern::Gradient => self.between(2.0 * swing(place.u * 0.5 + 0.2 * smooth(place.v, place.u)) - 1.0),
            Pattern::Camouflage => grown::camouflage(self, place),
            Pattern::Mosaic => laid::mosaic(self, place),
            Pattern::Cobbles => laid::cobbles(self, place),
            Pattern::Chevron => self.between(square(place.v + (fract(place.u * 0.5) * 2.0 - 1.0).abs(), place.sharp)),
            Pattern::Plaid => laid::plaid(self, place),
            Pattern::Scuffed => grown::scuffed(self, place),
        }
    }

    /// From the ground (-1) to the second colour (1).
    #[inline]
    fn between(&self, swing: f32) -> V3 {
        mix(self.ground, self.second, 0.5 + 0.5 * swing)
    }
}

/// A square wave of period 1, -1 to 1, its edges as wide as a pixel; 0 where a period is finer than that.
#[inline]
fn square(x: f32, sharp: f32) -> f32 {
    let place = fract(x);
    let to_edge = if place < 0.5 { 0.25 - (place - 0.25).abs() } else { (place - 0.75).abs() - 0.25 };
    (to_edge * 2.0 * sharp.min(40.0)).clamp(-1.0, 1.0) * (0.5 * sharp - 0.5).clamp(0.0, 1.0)
}

/// A smooth wave of period 1, 0 to 1.
#[inline]
fn swing(x: f32) -> f32 {
    let away = (fract(x) * 2.0 - 1.0).abs();
    away * away * (3.0 - 2.0 * away)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coat(pattern: Pattern) -> Coat {
        let colours = [[0.6, 0.5, 0.4], [0.1, 0.2, 0.4], [0.05, 0.05, 0.05]];
        Coat::new(&Surface { pattern, colours, scale_m: 0.4, contrast: 1.0, gloss: 0.0 }, 9)
    }

    #[test]
    fn every_pattern_has_detail_that_fades_with_distance() {
        let spread = |pattern: Pattern, sharp_m: f32| {
            let coat = coat(pattern);
            let values = (0..4000).map(|n| coat.albedo((n % 63) as f32 * 0.043, (n / 63) as f32 * 0.037, sharp_m)[0]);
            let values: Vec<f32> = values.collect();
            let mean = values.iter().sum::<f32>() / values.len() as f32;
            (values.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt()
        };
        for pattern in Pattern::ALL {
            let (near, far) = (spread(pattern, 200.0), spread(pattern, 1.0));
            assert!(pattern == Pattern::Plain || near > 0.02, "{pattern:?}: {near}");
            assert!(far <= near * 1.05, "{pattern:?}: {near} near, {far} far");
        }
    }

    #[test]
    fn albedo_stays_within_its_colours_for_any_number() {
        for pattern in Pattern::ALL {
            let coat = coat(pattern);
            for odd in [0.0, -3.7, 1e6, -1e9, 1e30, f32::NAN, f32::INFINITY] {
                let _ = coat.albedo(odd, 1.0, 50.0);
                let _ = coat.albedo(1.0, odd, odd);
            }
            for n in 0..2000 {
                let colour = coat.albedo(n as f32 * 0.171 - 90.0, n as f32 * 0.093 - 40.0, 60.0);
                assert!(colour.iter().all(|channel| (0.0..1.0).contains(channel)), "{pattern:?} {colour:?}");
            }
        }
    }
}

//! A labelled picture before it becomes an example, and what is done to it on the way: mirrored and disturbed.
//!
//! In -> out: a labelled picture and a random stream -> another picture with labels that are right for it. Deliberately absent: anything that changes how
//! large a thing is, since its range would no longer be right.

use crate::answer::{Answer, AnswerHazard};
use crate::disturbance::disturb;
use crate::{Random, Sighting};
use image::imageops::{FilterType, resize};
use image::{ImageBuffer, Rgb};
use std::sync::Arc;
use vedette_types::{BearingSector, RgbPixels, SensorQuantity, SensorValue};

/// What is known of each patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knowledge {
    /// What is where.
    Patches,
    /// No hazard anywhere.
    NoHazard,
    /// Nothing.
    Nothing,
}

/// A square picture with its labels.
#[derive(Clone, Debug)]
pub struct Labelled {
    /// Side of the picture, pixels.
    pub side_px: usize,
    /// RGB, row by row.
    pub rgb: Arc<Vec<u8>>,
    /// What is in it.
    pub sightings: Vec<Sighting>,
    /// Pixels of a patch in the picture that the sightings were counted in.
    pub patch_px: f32,
    /// What the sightings tell.
    pub knowledge: Knowledge,
    /// What should be said.
    pub answer: Answer,
    /// What the other sensors say.
    pub values: Vec<SensorValue>,
    /// What they might say as well.
    pub other_values: Vec<Vec<SensorValue>>,
}

/// `side_px` x `side_px` RGB bytes, squashed as `vedette-llama` squashes what the agent sees: antialiased bilinear. Empty only if the pixels break their own invariant.
pub fn square(pixels: &RgbPixels, side_px: usize) -> Vec<u8> {
    let side = side_px as u32;
    let Some(picture) = ImageBuffer::<Rgb<u8>, &[u8]>::from_raw(pixels.width(), pixels.height(), pixels.rgb()) else { return Vec::new() };
    resize(&picture, side, side, FilterType::Triangle).into_raw()
}

const fn mirrored(sector: BearingSector) -> BearingSector {
    match sector {
        BearingSector::FarLeft => BearingSector::FarRight,
        BearingSector::Left => BearingSector::Right,
        BearingSector::Ahead => BearingSector::Ahead,
        BearingSector::Right => BearingSector::Left,
        BearingSector::FarRight => BearingSector::FarLeft,
    }
}

impl Labelled {
    /// With what the sensors say, or might say as well, the first time, the second time and so on.
    #[must_use]
    pub fn told(mut self, telling: usize) -> Self {
        let others = std::mem::take(&mut self.other_values);
        if let Some(values) = telling.checked_rem(others.len() + 1).and_then(|place| others.into_iter().nth(place.checked_sub(1)?)) {
            self.values = values;
        }
        self
    }

    /// As a robot without other sensors knows it, unless what is right to say rests on one. Photographs stay as they are.
    pub fn forget_sensors(&mut self) {
        let is_seen = |hazard: &AnswerHazard| hazard.bearing.is_some();
        if !self.answer.is_kind_only && self.answer.hazards.iter().all(is_seen) {
            self.values.clear();
        }
    }

    /// Seen in a mirror: left is right, for the sensors too.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let mut turned = self.clone();
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for row in self.rgb.chunks_exact(self.side_px * 3) {
            rgb.extend(row.rchunks_exact(3).flatten());
        }
        turned.rgb = Arc::new(rgb);
        for sighting in &mut turned.sightings {
            sighting.centre[0] = (1.0 - sighting.centre[0]).clamp(0.0, 1.0);
            let across = (sighting.pixels.len() as f64).sqrt() as usize;
            if across > 0 {
                sighting.pixels.chunks_exact_mut(across).for_each(<[u32]>::reverse);
            }
        }
        for hazard in &mut turned.answer.hazards {
            // A hazard without a place in the picture is said to be ahead, which stays.
            hazard.bearing = hazard.bearing.map(mirrored);
        }
        for value in &mut turned.values {
            match &mut value.quantity {
                SensorQuantity::Clearance { left, right, .. } => std::mem::swap(left, right),
                SensorQuantity::Motion { yaw_rate_radps, .. } => *yaw_rate_radps = -*yaw_rate_radps,
                _ => {}
            }
        }
        turned
    }

    /// As another camera in another light might have it; see `disturbance`.
    #[must_use]
    pub fn disturbed(&self, random: &mut Random) -> Self {
        let mut rgb = self.rgb.as_ref().clone();
        disturb(&mut rgb, self.side_px, random);
        Self { rgb: Arc::new(rgb), ..self.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::AnswerHazard;
    use vedette_types::{FreeDistance, KindId, RangeBand, Severity, Verdict};

    fn labelled() -> Labelled {
        let mut pixels = vec![0; 16];
        pixels[4] = 9;
        let hazard = AnswerHazard {
            kind: KindId::new("fire"),
            severity: Severity::High,
            bearing: Some(BearingSector::FarLeft),
            range: Some(RangeBand::Near),
        };
        let (ahead, left, right) = (FreeDistance::Unmeasured, FreeDistance::Obstacle(1.0), FreeDistance::OpenTo(8.0));
        Labelled {
            side_px: 8,
            rgb: Arc::new((0..8 * 8 * 3).map(|index| (index % 251) as u8).collect()),
            sightings: vec![Sighting { look: 0, hazard: Some((2, 0)), centre: [0.1, 0.4], pixels }],
            patch_px: 4.0,
            knowledge: Knowledge::Patches,
            answer: Answer { verdict: Verdict::Hazard, hazards: vec![hazard], is_kind_only: false },
            values: vec![SensorValue::now(SensorQuantity::Clearance { ahead, left, right })],
            other_values: vec![vec![SensorValue::now(SensorQuantity::Battery { charge: 0.5 })]],
        }
    }

    #[test]
    fn sensors_tell_one_thing_after_the_other() {
        let told = |telling| labelled().told(telling).values;
        assert_eq!(told(0), labelled().values);
        assert_eq!(told(1), labelled().other_values[0]);
        assert_eq!(told(2), told(0));
    }

    #[test]
    fn sensors_are_forgotten_where_no_label_rests_on_them() {
        let forgotten = |change: fn(&mut Labelled)| {
            let mut picture = labelled();
            change(&mut picture);
            picture.forget_sensors();
            picture.values.is_empty()
        };
        assert!(forgotten(|_| ()));
        assert!(!forgotten(|picture| picture.answer.hazards[0].bearing = None), "only a sensor knows of it");
        assert!(!forgotten(|picture| picture.answer.is_kind_only = true), "a photograph");
    }

    #[test]
    fn a_mirror_turns_picture_labels_and_sensors() {
        let turned = labelled().mirrored();
        assert_eq!(turned.answer.hazards[0].bearing, Some(BearingSector::FarRight));
        assert_eq!(turned.sightings[0].pixels[7], 9);
        assert!((turned.sightings[0].centre[0] - 0.9).abs() < 1e-6);
        assert_eq!(turned.rgb[..3], labelled().rgb[21..24]);
        let SensorQuantity::Clearance { left, right, .. } = &turned.values[0].quantity else { panic!("clearance stays") };
        assert_eq!((*left, *right), (FreeDistance::OpenTo(8.0), FreeDistance::Obstacle(1.0)));
        let back = turned.mirrored();
        assert_eq!((back.rgb, back.answer), (labelled().rgb, labelled().answer));
    }

    #[test]
    fn the_same_random_stream_disturbs_in_the_same_way() {
        let disturbed = |seed| labelled().disturbed(&mut Random::new(seed)).rgb;
        assert_eq!(disturbed(1), disturbed(1));
        assert_ne!(disturbed(1), disturbed(2));
    }
}

//! Labelled pictures by number: rendered scenes, and photographs. In -> out: a number -> the same labelled picture every time.

use crate::answer::{Answer, AnswerHazard};
use crate::photographs::Photographs;
use crate::picture::{Knowledge, Labelled, square};
use crate::{Random, Sighting};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use vedette_simulator::{Family, LabelledPicture, Look, SceneOptions, SceneSample};

/// Sensor readings drawn for a picture: it is gone through several times, and a text that is always the same is learned by heart.
pub(crate) const TELLINGS: u64 = 4;

/// Seeds tried for a number.
const TAKES: u64 = 8;

/// How scenes are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SourceSettings {
    /// First seed of the scenes.
    pub first_seed: u64,
    /// Share of examples that are photographs, where there are any.
    pub photographs: f32,
    /// Share of rendered scenes whose things stand in a photograph.
    pub backdrops: f32,
    /// Share of rendered scenes without a hazard in view, beside those that are drawn so; in all scenes sensors alone then know of dangers more
    /// often, twice as often at an eighth. 0 leaves scenes as they are drawn.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unseen: f32,
    /// Share of rendered scenes with next to nothing about, as a robot sees most places on its way; see [`SceneOptions::roaming`].
    #[serde(default, skip_serializing_if = "is_zero")]
    pub roaming: f32,
    /// Share of the times that a rendered scene is shown as to a robot without other sensors, where its label does not rest on one: without such
    /// scenes whoever says nothing of sensors is a photograph, of fire or of nothing.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub camera_alone: f32,
}

impl SourceSettings {
    /// Everything that is a share.
    pub(crate) fn shares(&self) -> [f32; 5] {
        [self.photographs, self.backdrops, self.unseen, self.roaming, self.camera_alone]
    }
}

/// How much more often sensors alone know of a danger for a share of [`SourceSettings::unseen`]: with this a picture without an alarming sensor shows a
/// hazard about as often as before, at an eighth (0.60) as at a quarter (0.60) and without any (0.62).
const ALARMS_PER_UNSEEN: f64 = 8.0;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(share: &f32) -> bool {
    *share == 0.0
}

/// Where pictures come from.
#[derive(Debug)]
pub struct Source {
    family: Family,
    settings: SourceSettings,
    side_px: usize,
    across: usize,
    photographs: Arc<Photographs>,
}

impl Source {
    /// A source of pictures of `side_px` that are looked at in `across` x `across` patches.
    pub fn new(family: Family, settings: SourceSettings, side_px: usize, across: usize, photographs: Arc<Photographs>) -> Self {
        Self { family, settings, side_px, across, photographs }
    }

    /// See [`SourceSettings::camera_alone`].
    pub(crate) fn camera_alone(&self) -> f32 {
        self.settings.camera_alone
    }

    /// The picture with this number; `None` where it could not be rendered.
    pub fn picture(&self, number: u64) -> Option<Labelled> {
        let mut random = Random::named("source", self.settings.first_seed.wrapping_add(number));
        if !self.photographs.is_empty() && random.chance(self.settings.photographs) {
            return self.photographs.picture(&mut random, self.side_px, self.across);
        }
        let backdrop = random.chance(self.settings.backdrops).then(|| self.photographs.backdrop(&mut random)).flatten();
        let grid = [self.across as u32; 2];
        let hazard_count = random.chance(self.settings.unseen).then_some(0);
        let alarm_scale = 1.0 + ALARMS_PER_UNSEEN * f64::from(self.settings.unseen);
        let roaming = f64::from(self.settings.roaming);
        let options = SceneOptions { backdrop, grid, hazard_count, alarm_scale, roaming, ..SceneOptions::default() };
        // A picture that is neither one thing nor the other teaches nothing: another one takes its place.
        (0..TAKES).find_map(|take| {
            let seed = self.settings.first_seed.wrapping_add(number) ^ (take << 48);
            let (sample, picture) = SceneSample::draw(self.family, seed, &options, 1).ok()?;
            (!picture.is_faint).then(|| self.labelled(&sample, &picture))
        })
    }

    fn labelled(&self, sample: &SceneSample, picture: &LabelledPicture) -> Labelled {
        let mut hazards: Vec<AnswerHazard> = Vec::new();
        for hazard in &picture.hazards {
            // Two of a kind in one sector are one in an answer: whoever reads it drops the second.
            if !hazards.iter().any(|known| known.kind == hazard.kind && known.bearing == hazard.bearing()) {
                let (kind, severity, bearing, range) = (hazard.kind.clone(), hazard.severity, hazard.bearing(), hazard.range());
                hazards.push(AnswerHazard { kind, severity, bearing, range });
            }
        }
        let pixels = f32::from(u16::try_from(picture.pixels.width()).unwrap_or(u16::MAX))
            * f32::from(u16::try_from(picture.pixels.height()).unwrap_or(u16::MAX));
        Labelled {
            side_px: self.side_px,
            rgb: Arc::new(square(&picture.pixels, self.side_px)),
            sightings: sightings(picture),
            patch_px: pixels / (self.across * self.across) as f32,
            knowledge: if picture.is_judgeable { Knowledge::Patches } else { Knowledge::Nothing },
            answer: Answer { verdict: picture.verdict(), hazards, is_kind_only: false },
            values: sample.sensor_values(),
            other_values: (1..TELLINGS).map(|telling| sample.other_sensor_values(telling)).collect(),
        }
    }
}

fn sightings(picture: &LabelledPicture) -> Vec<Sighting> {
    let (width, height) = (picture.pixels.width() as f32, picture.pixels.height() as f32);
    let seen = picture.hazards.iter().filter_map(|hazard| Some((hazard, hazard.seen.as_ref()?)));
    let place = |wanted: Look| Look::ALL.iter().position(|look| *look == wanted).unwrap_or(0);
    let harmless = picture.harmless.iter().map(|thing| Sighting {
        look: place(thing.look),
        hazard: None,
        centre: [0.0; 2],
        pixels: thing.cells.clone(),
    });
    seen.map(|(hazard, seen)| {
        let [left, top, wide, high] = seen.box_px.map(|number| number as f32);
        Sighting {
            look: Look::ALL.iter().position(|look| look.kind().as_ref() == Some(&hazard.kind)).unwrap_or(0),
            hazard: Some((hazard.severity as usize, seen.range as usize)),
            centre: [(left + wide / 2.0) / width, (top + high / 2.0) / height],
            pixels: seen.cells.clone(),
        }
    })
    .chain(harmless)
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pictures of 60 that have nothing to notice: no hazard, nothing harmless, nothing that only a sensor tells.
    fn bare(roaming: f32, unseen: f32) -> usize {
        let settings = SourceSettings { first_seed: 31_000, unseen, roaming, ..SourceSettings::default() };
        let source = Source::new(Family::Train, settings, 64, 4, Arc::default());
        let pictures = (0..60).map(|number| source.picture(number).expect("a picture"));
        let is_bare = |picture: &Labelled| {
            matches!(picture.knowledge, Knowledge::Patches) && picture.sightings.is_empty() && picture.answer.hazards.is_empty()
        };
        pictures.filter(is_bare).count()
    }

    #[test]
    fn empty_pictures_are_clear_where_a_robot_roams_and_otherwise_hardly_any_is_empty() {
        // Whatever else stands about may be out of sight or behind something.
        let (ordinary, unseen, roaming) = (bare(0.0, 0.0), bare(0.0, 0.5), bare(1.0, 0.0));
        assert!(ordinary <= 2 && unseen <= 4 && roaming >= 12, "{ordinary}, {unseen}, {roaming} of 60");
    }
}

//! How the system itself does: time to the answer, memory, health. In -> out: measured figures -> numbers and states of a recording.
//!
//! Deliberately absent: measuring.

use crate::recording::{Moment, entity};
use crate::{RrdError, RrdWriter};
use re_sdk_types::archetypes;
use re_sdk_types::components::{Color, TextLogLevel};
use std::collections::BTreeMap;
use vedette_types::{Assessment, Completion, Stamp, StreamId};

/// An answer that seems to have taken longer was stamped by another clock.
const LONGEST_SECS: f64 = 600.0;

/// Parts of the system that are followed.
const MAX_PARTS: usize = 200;

const MIB: f64 = 1_048_576.0;

/// How a part of the system says it is, as on `/diagnostics`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Ok,
    /// It works, with something to look after.
    Warn,
    /// It does not work.
    Error,
    /// Nothing was heard of it.
    Stale,
}

impl Health {
    /// Every one, as `/diagnostics` numbers them.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Warn, Self::Error, Self::Stale];

    const fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Stale => "stale",
        }
    }

    const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Ok => [20, 130, 60],
            Self::Warn => [255, 140, 0],
            Self::Error => [230, 30, 40],
            Self::Stale => [110, 80, 160],
        }
    }
}

/// What was drawn of the system itself.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    /// When the picture with the model arrived, by camera.
    asked: BTreeMap<StreamId, (Stamp, Stamp)>,
    /// As it was last drawn, by part.
    health: BTreeMap<String, Health>,
}

impl Figures {
    /// A frame with the stamp `image` arrived.
    pub(crate) fn frame(&mut self, camera: &StreamId, image: Stamp, arrived: Stamp) {
        self.asked.insert(camera.clone(), (image, arrived));
    }

    /// From the arrival of the picture to the answer, by the frame's stamp where its arrival is not known.
    fn answer_secs(&self, assessment: &Assessment) -> Option<f64> {
        let arrival = self.asked.get(&assessment.camera).filter(|(image, _)| *image == assessment.image_stamp);
        let began = arrival.map_or(assessment.image_stamp, |(_, arrived)| *arrived);
        let secs = assessment.arrived.secs_since(began);
        (0.0..LONGEST_SECS).contains(&secs).then_some(secs)
    }
}

impl RrdWriter {
    pub(crate) fn answer_time(&mut self, moment: Moment, assessment: &Assessment) -> Result<(), RrdError> {
        let Some(secs) = self.figures.answer_secs(assessment) else { return Ok(()) };
        self.recording.scalar(&entity("latency", assessment.camera.as_str(), "answer_millis"), moment, secs * 1e3)
    }

    pub(crate) fn model_time(&mut self, moment: Moment, completion: &Completion) -> Result<(), RrdError> {
        let timings = &completion.timings;
        let parts = [
            ("encode_millis", timings.encode_millis),
            ("prefill_millis", timings.prefill_millis),
            ("decode_millis", timings.decode_millis),
        ];
        parts
            .into_iter()
            .try_for_each(|(name, millis)| self.recording.scalar(&entity("latency", completion.camera.as_str(), name), moment, millis))
    }

    /// Draws the resident memory of a process.
    ///
    /// # Errors
    /// [`RrdError`] when the recording cannot be written.
    pub fn memory(&mut self, now: Stamp, process: &str, resident_bytes: u64) -> Result<(), RrdError> {
        let moment = Moment { event: now, image: now };
        self.recording.scalar(&entity("memory", process, "resident_mib"), moment, resident_bytes as f64 / MIB)
    }

    /// Draws what memory the machine has left.
    ///
    /// # Errors
    /// [`RrdError`] when the recording cannot be written.
    pub fn available_memory(&mut self, now: Stamp, available_bytes: u64) -> Result<(), RrdError> {
        let moment = Moment { event: now, image: now };
        self.recording.scalar(&entity("memory", "machine", "available_mib"), moment, available_bytes as f64 / MIB)
    }

    /// Draws how `part` says it is where its level is new, and what it says then.
    ///
    /// # Errors
    /// [`RrdError`] when the recording cannot be written.
    pub fn health(&mut self, now: Stamp, part: &str, health: Health, message: &str) -> Result<(), RrdError> {
        let before = self.figures.health.get(part).copied();
        // Counters change in every message; a line for each would hide what matters.
        if before == Some(health) || self.figures.health.len() >= MAX_PARTS && before.is_none() {
            return Ok(());
        }
        let moment = Moment { event: now, image: now };
        let lane = entity("health", part, "");
        if before.is_none() {
            let words = Health::ALL.map(Health::word);
            let colors = Health::ALL.map(|health| color(health.rgb()));
            self.recording.fixed(lane.clone(), &archetypes::StateConfiguration::new().with_values(words).with_colors(colors))?;
        }
        self.figures.health.insert(part.to_owned(), health);
        self.recording.row(&lane, moment, &archetypes::StateChange::single(health.word()))?;
        let level = match health {
            Health::Ok => TextLogLevel::INFO,
            Health::Warn | Health::Stale => TextLogLevel::WARN,
            Health::Error => TextLogLevel::ERROR,
        };
        self.text(&entity("diagnostics", "log", ""), moment, &format!("{part}: {}, {message}", health.word()), level, health.rgb())
    }
}

fn color([red, green, blue]: [u8; 3]) -> Color {
    Color::from_rgb(red, green, blue)
}

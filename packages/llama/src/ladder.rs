//! The run-time ladder: when the machine is short of memory, hot or late, the model runtime steps down to less, and up again when it has been
//! calm for long.
//!
//! In -> out: readings of the machine, answers in time or late, the time -> a step or none. Values in, values out: no clock, no file. A step
//! down needs pressure that lasts, a step up calm that lasts longer; between the two sets of thresholds nothing moves. A step up that had to
//! be taken back doubles the wait before the next. Deliberately absent: reading the machine (`machine`), exchanging the model (`runtime`).

mod params;

pub use params::LadderParams;

use crate::machine::MachineReading;
use vedette_types::{Level, Stamp};

/// Most that failed steps up lengthen the wait for the next.
const MOST_PATIENCE: u32 = 16;

/// A step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelChange {
    /// When.
    pub stamp: Stamp,
    /// From where.
    pub from: Level,
    /// To where.
    pub to: Level,
    /// Why, with figures.
    pub reason: String,
}

/// Where the runtime stands.
#[derive(Clone, Debug)]
pub struct Ladder {
    params: LadderParams,
    /// What this machine and configuration have, from most to least.
    rungs: Vec<Level>,
    at: usize,
    pressed_since: Option<Stamp>,
    calm_since: Option<Stamp>,
    /// Last step up.
    risen: Option<Stamp>,
    /// Factor on the wait before a step up.
    patience: u32,
    missed: i64,
}

impl Ladder {
    /// A ladder of `rungs`, in any order; [`Level::Full`] and [`Level::ReflexOnly`] always belong to it.
    pub fn new(params: LadderParams, rungs: &[Level]) -> Self {
        let rungs = Level::ALL.iter().copied().filter(|level| matches!(level, Level::Full | Level::ReflexOnly) || rungs.contains(level));
        let (pressed_since, calm_since, risen) = (None, None, None);
        Self { params, rungs: rungs.collect(), at: 0, pressed_since, calm_since, risen, patience: 1, missed: 0 }
    }

    /// Where it stands.
    pub fn level(&self) -> Level {
        self.rungs.get(self.at).copied().unwrap_or(Level::ReflexOnly)
    }

    /// An answer came, in time or not.
    pub fn answered(&mut self, in_time: bool) {
        self.missed = if in_time { 0 } else { self.missed.saturating_add(1) };
    }

    /// The model of this rung did not load: a step down, at once.
    pub fn failed(&mut self, now: Stamp, reason: &str) -> Option<LevelChange> {
        self.down(now, format!("the model of {} did not load: {reason}", self.level()))
    }

    /// One look at the machine. What a reading leaves out is neither pressure nor calm.
    pub fn step(&mut self, now: Stamp, reading: &MachineReading) -> Option<LevelChange> {
        let marks = [self.pressed_since, self.calm_since, self.risen];
        if marks.iter().flatten().any(|mark| *mark > now) {
            // The clock went back: what lasted since then is not known.
            (self.pressed_since, self.calm_since, self.risen) = (None, None, None);
        }
        if self.missed >= self.params.missed_deadlines {
            let reason = format!("{} deadlines missed in a row", self.missed);
            return self.down(now, reason);
        }
        if let Some(reason) = self.params.pressure(reading) {
            self.calm_since = None;
            let since = *self.pressed_since.get_or_insert(now);
            return if now.secs_since(since) >= self.params.down_after_secs { self.down(now, reason) } else { None };
        }
        self.pressed_since = None;
        if !self.params.is_calm(reading) {
            self.calm_since = None;
            return None;
        }
        let since = *self.calm_since.get_or_insert(now);
        if now.secs_since(since) < self.params.up_after_secs * f64::from(self.patience) {
            return None;
        }
        if self.at == 0 {
            self.patience = 1;
            return None;
        }
        self.calm_since = Some(now);
        self.risen = Some(now);
        let reason = format!("calm for {:.0} s", now.secs_since(since));
        self.go(now, self.at - 1, reason)
    }

    fn down(&mut self, now: Stamp, reason: String) -> Option<LevelChange> {
        self.missed = 0;
        self.calm_since = None;
        // The next step waits for what this one frees.
        self.pressed_since = Some(now);
        if self.at + 1 >= self.rungs.len() {
            return None;
        }
        if self.risen.take().is_some_and(|risen| now.secs_since(risen) < self.params.up_after_secs * f64::from(self.patience)) {
            self.patience = (self.patience * 2).min(MOST_PATIENCE);
        }
        self.go(now, self.at + 1, reason)
    }

    fn go(&mut self, now: Stamp, at: usize, reason: String) -> Option<LevelChange> {
        let from = self.level();
        self.at = at;
        Some(LevelChange { stamp: now, from, to: self.level(), reason })
    }
}

#[cfg(test)]
mod tests;

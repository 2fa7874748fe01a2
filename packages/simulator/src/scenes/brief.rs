//! What a scene is to show, before anything is placed. In -> out: options and random numbers -> hazards with range, bearing and stage, number of
//! look-alikes, whether the picture can be judged, and whether a sensor alarms by itself. Where things stand is decided elsewhere.

use super::{Condition, SceneOptions};
use crate::{random::Random, scene::Look, severity::severity_borders};
use vedette_types::{BearingSector, RangeBand};

/// Shares of all scenes.
const ONE_HAZARD: f64 = 0.45;
const TWO_HAZARDS: f64 = 0.10;
const THREE_HAZARDS: f64 = 0.03;
/// Shares of the scenes without hazards in view, and of those with.
const GAS_ALONE: f64 = 0.10;
const HEAT_ALONE: f64 = 0.06;
const GAS_BESIDE: f64 = 0.02;
/// Free sight ahead at least, metres.
const FREE_M: f64 = 2.5;
/// Where a robot roams: free sight from where to where, harmless things about at most.
const ROAMING_FREE_M: [f64; 2] = [0.5, 2.5];
const MOST_WHILE_ROAMING: usize = 1;
/// Share of those that look along a corridor or across a hall, and the same of them.
const LONG_VIEWS: f64 = 0.35;
const LONG_FREE_M: [f64; 2] = [3.0, 12.0];
const MOST_IN_LONG_VIEWS: usize = 3;
/// Share of roaming scenes whose hazards are left out.
const NOTHING_WHILE_ROAMING: f64 = 0.4;
/// Bearings that are wished for. What has no room at an edge is moved inwards, so that with these all five are about equally often seen.
const BEARINGS: [(BearingSector, f64); 5] = [
    (BearingSector::FarLeft, 0.245),
    (BearingSector::Left, 0.185),
    (BearingSector::Ahead, 0.14),
    (BearingSector::Right, 0.185),
    (BearingSector::FarRight, 0.245),
];
/// Stages this near to a change of severity are left out.
const STAGE_MARGIN: f64 = 0.04;
const SMALLEST_STAGE: f64 = 0.1;

/// One hazard that is wished for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wish {
    pub(super) look: Look,
    pub(super) range: RangeBand,
    pub(super) bearing: BearingSector,
    pub(super) stage: f64,
}

/// A danger that only a sensor tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alarm {
    Gas,
    Heat,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Brief {
    pub(super) hazards: Vec<Wish>,
    pub(super) look_alikes: usize,
    pub(super) condition: Condition,
    pub(super) alarm: Option<Alarm>,
    /// See [`SceneOptions::roaming`].
    pub(super) is_roaming: bool,
    /// Free sight ahead at least, metres.
    pub(super) free_m: f64,
}

impl Brief {
    pub(super) fn draw(options: &SceneOptions, random: &mut Random) -> Self {
        let dice = random.unit();
        let drawn = if dice < ONE_HAZARD {
            1
        } else if dice < ONE_HAZARD + TWO_HAZARDS {
            2
        } else if dice < ONE_HAZARD + TWO_HAZARDS + THREE_HAZARDS {
            3
        } else {
            0
        };
        let kinds: Vec<Look> = options.kinds.iter().copied().filter(|look| look.kind().is_some()).collect();
        let count = if kinds.is_empty() { 0 } else { options.hazard_count.unwrap_or(drawn).min(3) };
        let mut hazards: Vec<Wish> = (0..count).map(|_| wish(&kinds, options, random)).collect();
        let mut look_alikes = if count == 0 { 2 + random.index(4) } else { random.index(4) };
        let condition = Condition::draw(random);
        let condition = options.condition.unwrap_or(condition);
        let alarm = alarm(options, count == 0, random).filter(|_| options.has_alarms && options.has_sensors);
        // Drawn last: whatever the share, the other scenes stay what they are. What a sensor alone knows was drawn for the hazards there were.
        let is_roaming = random.chance(options.roaming);
        let mut free_m = FREE_M;
        if is_roaming {
            let (free, most) =
                if random.chance(LONG_VIEWS) { (LONG_FREE_M, MOST_IN_LONG_VIEWS) } else { (ROAMING_FREE_M, MOST_WHILE_ROAMING) };
            free_m = random.within(free[0], free[1]);
            look_alikes = random.index(most + 1);
            if options.hazard_count.is_none() && random.chance(NOTHING_WHILE_ROAMING) {
                hazards.clear();
            }
        }
        Self { hazards, look_alikes: if options.has_look_alikes { look_alikes } else { 0 }, condition, alarm, is_roaming, free_m }
    }
}

fn alarm(options: &SceneOptions, is_clear: bool, random: &mut Random) -> Option<Alarm> {
    let allows = |look| options.kinds.contains(&look);
    let dice = random.unit();
    let (gas, heat) = if is_clear { (GAS_ALONE, HEAT_ALONE) } else { (GAS_BESIDE, 0.0) };
    let [gas, heat] = [gas, heat].map(|share| share * options.alarm_scale);
    if dice < gas {
        allows(Look::GasLeak).then_some(Alarm::Gas)
    } else if dice < gas + heat {
        allows(Look::Fire).then_some(Alarm::Heat)
    } else {
        None
    }
}

fn wish(kinds: &[Look], options: &SceneOptions, random: &mut Random) -> Wish {
    let look = kinds.get(random.index(kinds.len())).copied().unwrap_or(Look::Fire);
    let dice = random.unit();
    // Some far ones will be moved nearer: 30, 45 and 25 % are what is seen.
    let range = if dice < 0.28 {
        RangeBand::Near
    } else if dice < 0.71 {
        RangeBand::Middle
    } else {
        RangeBand::Far
    };
    let mut left = random.unit();
    let bearing = BEARINGS.iter().find(|(_, share)| {
        left -= share;
        left < 0.0
    });
    let bearing = bearing.map_or(BearingSector::Ahead, |(bearing, _)| *bearing);
    Wish { look, range: options.range.unwrap_or(range), bearing, stage: stage(look, random) }
}

/// Even between the smallest stage and 1, away from changes of severity. A person does not grow, and a blocked way is drawn the same at every
/// stage: a severity that cannot be seen would be noise in the labels.
fn stage(look: Look, random: &mut Random) -> f64 {
    if matches!(look, Look::PersonDown | Look::BlockedPath) {
        return 1.0;
    }
    // Bounded: the margins take less than a fifth, so that all tries fail once in 10^11.
    for _ in 0..16 {
        let stage = random.within(SMALLEST_STAGE, 1.0);
        if severity_borders(look).all(|border| (stage - border).abs() > STAGE_MARGIN) {
            return stage;
        }
    }
    1.0
}

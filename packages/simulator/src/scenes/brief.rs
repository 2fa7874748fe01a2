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
        let count = options.hazard_count.unwrap_or(drawn).min(3);
        let hazards: Vec<Wish> = (0..count).map(|_| wish(options, random)).collect();
        let look_alikes = if count == 0 { 2 + random.index(4) } else { random.index(4) };
        let condition = Condition::draw(random);
        let condition = options.condition.unwrap_or(condition);
        let alarm = alarm(options, count == 0, random).filter(|_| options.has_alarms);
        Self { hazards, look_alikes: if options.has_look_alikes { look_alikes } else { 0 }, condition, alarm }
    }
}

fn alarm(options: &SceneOptions, is_clear: bool, random: &mut Random) -> Option<Alarm> {
    let allows = |look| options.kinds.contains(&look);
    let dice = random.unit();
    let (gas, heat) = if is_clear { (GAS_ALONE, HEAT_ALONE) } else { (GAS_BESIDE, 0.0) };
    if dice < gas {
        allows(Look::GasLeak).then_some(Alarm::Gas)
    } else if dice < gas + heat {
        allows(Look::Fire).then_some(Alarm::Heat)
    } else {
        None
    }
}

fn wish(options: &SceneOptions, random: &mut Random) -> Wish {
    let look = options.kinds.get(random.index(options.kinds.len())).copied().unwrap_or(Look::Fire);
    let dice = random.unit();
    let range = if dice < 0.30 {
        RangeBand::Near
    } else if dice < 0.75 {
        RangeBand::Middle
    } else {
        RangeBand::Far
    };
    let bearing = BearingSector::ALL.get(random.index(5)).copied().unwrap_or(BearingSector::Ahead);
    Wish { look, range: options.range.unwrap_or(range), bearing, stage: stage(look, random) }
}

/// Even between the smallest stage and 1, away from changes of severity; a person does not grow.
fn stage(look: Look, random: &mut Random) -> f64 {
    if look == Look::PersonDown {
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

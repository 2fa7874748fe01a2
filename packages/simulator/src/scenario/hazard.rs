//! The dangers of a patrol. In -> out: how many and how long -> what begins where and when, how it grows, when it ends. Each is timed so that
//! a robot that keeps to its patrol comes by while it is there.

use super::{Look, Placed, Placer, placement::WAITS_BEFORE_SECS};
use crate::random::Random;

/// How long a danger takes to fade at its end, seconds.
const FADE_SECS: f64 = 3.0;
/// The first danger is met after this, so that a run begins with a clear stretch, seconds.
const FIRST_SECS: f64 = 12.0;

/// One danger, from onset to end; seconds from the start of the patrol.
#[derive(Clone, Debug, PartialEq)]
pub struct HazardEvent {
    /// Number of the thing in the scene and in the truth.
    pub id: u32,
    /// One of the six hazardous looks.
    pub look: Look,
    /// Its middle, metres, map frame.
    pub position_m: [f64; 2],
    /// Which way it faces or lies, radians.
    pub heading_rad: f64,
    /// When it begins.
    pub onset_secs: f64,
    /// How long it takes to its full size, seconds.
    pub growth_secs: f64,
    /// When it is gone.
    pub end_secs: f64,
    /// False for a gas leak that only the gas sensor can find.
    pub is_visible: bool,
    /// Which of the forms of its look it has.
    pub form: u8,
    /// Decides its shape and colours.
    pub seed: u64,
}

impl HazardEvent {
    /// Whether it is there.
    pub fn is_active_at(&self, secs: f64) -> bool {
        (self.onset_secs..self.end_secs).contains(&secs)
    }

    /// How far it has grown, 0 (not there) to 1 (full).
    pub fn stage_at(&self, secs: f64) -> f64 {
        if !self.is_active_at(secs) {
            return 0.0;
        }
        let rise = smooth((secs - self.onset_secs) / self.growth_secs.max(1e-3));
        let fall = smooth((self.end_secs - secs) / FADE_SECS);
        rise.min(fall)
    }
}

/// 0 to 1 without a kink at either end.
fn smooth(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * (3.0 - 2.0 * x)
}

/// The dangers of a patrol of `duration_secs`, in the order in which they are met.
pub(super) fn schedule(placer: &mut Placer<'_>, count: usize, duration_secs: f64, random: &mut Random) -> Vec<HazardEvent> {
    let looks = order(count, random);
    let first_secs = FIRST_SECS.min(0.4 * duration_secs);
    // The robot waits in front of what blocks its way, hence the patrol is shorter in driving time.
    let waits_secs = 4.0 * looks.iter().filter(|&&look| look == Look::BlockedPath).count() as f64;
    let last_secs = (duration_secs - 5.0 - waits_secs).max(0.7 * duration_secs - waits_secs).max(first_secs);
    let gap_secs = (last_secs - first_secs) / (count.saturating_sub(1)).max(1) as f64;
    let mut wishes: Vec<(Look, f64)> = Vec::with_capacity(count);
    for (number, &look) in looks.iter().enumerate() {
        wishes.push((look, first_secs + gap_secs * number as f64 + random.within(-0.15, 0.15) * gap_secs));
    }
    // The two that are found without a model choose first.
    wishes.sort_by_key(|(look, _)| !matches!(look, Look::GasLeak | Look::Fire));
    let mut met: Vec<(Look, Placed)> = Vec::with_capacity(count);
    for (look, near_secs) in wishes {
        // Where the building has no room for one kind it may have for another; else there is one danger less.
        let mut looks = [look, Look::LiquidSpill, Look::Smoke, Look::PersonDown].into_iter();
        met.extend(looks.find_map(|look| Some((look, placer.beside_the_way(look, near_secs, first_secs..last_secs + 1.0)?))));
    }
    met.sort_by(|a, b| a.1.met_secs.total_cmp(&b.1.met_secs));
    let mut waited_secs = 0.0;
    let mut events = Vec::with_capacity(met.len());
    for (look, placed) in met {
        let met_secs = placed.met_secs + waited_secs;
        let event = timed(look, &placed, met_secs, random);
        if look == Look::BlockedPath {
            waited_secs += (event.end_secs - met_secs + WAITS_BEFORE_SECS).max(0.0);
        }
        events.push(event);
    }
    events
}

/// Which kinds, in which order: a gas leak and a fire are always among the first five, because these two are found without a model.
fn order(count: usize, random: &mut Random) -> Vec<Look> {
    let mut looks = Vec::with_capacity(count);
    let mut others = [Look::Smoke, Look::LiquidSpill, Look::PersonDown, Look::BlockedPath];
    random.shuffle(&mut others);
    let [left_out, chosen @ ..] = others;
    let mut block = vec![Look::GasLeak, Look::Fire];
    block.extend(chosen.into_iter().take(count.saturating_sub(2)));
    random.shuffle(&mut block);
    looks.append(&mut block);
    looks.push(left_out);
    while looks.len() < count {
        let mut block = [Look::Fire, Look::Smoke, Look::GasLeak, Look::LiquidSpill, Look::PersonDown, Look::BlockedPath];
        random.shuffle(&mut block);
        looks.extend(block);
    }
    looks.truncate(count);
    looks
}

fn timed(look: Look, placed: &Placed, met_secs: f64, random: &mut Random) -> HazardEvent {
    let growth_secs = match look {
        Look::Fire | Look::Smoke => random.within(7.0, 14.0),
        Look::GasLeak | Look::LiquidSpill => random.within(5.0, 10.0),
        _ => 0.8,
    };
    let lead_secs = match look {
        Look::PersonDown | Look::BlockedPath => random.within(8.0, 14.0),
        _ => growth_secs + random.within(1.0, 5.0),
    };
    let onset_secs = (met_secs - lead_secs).max(0.5);
    // The robot waits before what blocks its way until that is cleared.
    let stay_secs = if look == Look::BlockedPath { random.within(0.5, 3.5) } else { random.within(12.0, 35.0) };
    HazardEvent {
        id: 0,
        look,
        position_m: placed.position_m,
        heading_rad: placed.heading_rad,
        onset_secs,
        growth_secs,
        end_secs: met_secs + stay_secs,
        is_visible: look != Look::GasLeak || random.chance(0.67),
        form: 0,
        seed: random.bits(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_grows_and_ends() {
        let event = HazardEvent {
            id: 1,
            look: Look::Fire,
            position_m: [0.0; 2],
            heading_rad: 0.0,
            onset_secs: 10.0,
            growth_secs: 8.0,
            end_secs: 40.0,
            is_visible: true,
            form: 0,
            seed: 0,
        };
        let stages: Vec<f64> = [9.9, 10.0, 12.0, 14.0, 18.0, 30.0, 38.5, 39.9, 40.0].map(|t| event.stage_at(t)).to_vec();
        assert_eq!((stages[0], stages[1], stages[3], stages[5], stages[8]), (0.0, 0.0, 0.5, 1.0, 0.0));
        assert!(stages[1] < stages[2] && stages[2] < stages[3] && stages[4] == 1.0 && stages[6] == 0.5 && stages[7] < 0.01);
        assert!(!event.is_active_at(9.9) && event.is_active_at(10.0) && !event.is_active_at(40.0));
    }

    #[test]
    fn gas_and_fire_are_among_the_first_five() {
        for seed in 0..200 {
            let looks = order(5, &mut Random::new(seed, "test"));
            assert!(looks.len() == 5 && looks.contains(&Look::GasLeak) && looks.contains(&Look::Fire), "{looks:?}");
        }
        let count = |look: Look| (0..400).filter(|&seed| order(5, &mut Random::new(seed, "test")).contains(&look)).count();
        for look in [Look::Smoke, Look::LiquidSpill, Look::PersonDown, Look::BlockedPath] {
            assert!((260..340).contains(&count(look)), "{look:?} is left out as often as others: {}", count(look));
        }
        let six = order(6, &mut Random::new(3, "test"));
        assert!(Look::ALL[..6].iter().all(|look| six.contains(look)), "{six:?}");
        assert_eq!((order(0, &mut Random::new(0, "")).len(), order(1, &mut Random::new(0, "")).len()), (0, 1));
        assert_eq!(order(40, &mut Random::new(0, "")).len(), 40);
    }
}

//! Gas and heat. In -> out: a scenario, a place and a time -> ppm and degrees Celsius, in closed form: no grid, no state, the same answer
//! whenever it is asked. Walls hold most of it back; fires give off no gas here, and the robot stirs nothing.

use crate::scenario::{HazardEvent, Scenario, Wind};
use crate::scene::Look;

/// Air temperature, degrees Celsius.
pub(crate) const AMBIENT_CELSIUS: f64 = 21.0;
/// Half width of a plume at its source, metres, and its growth by metre downwind (Pasquill's neutral class is 0.08 outdoors over smooth
/// ground; indoors, with obstacles and door draughts, two to three times that is measured).
const PLUME_START_M: f64 = 0.3;
const PLUME_GROWTH: f64 = 0.2;
/// How far a plume reaches against the wind, metres.
const UPWIND_M: f64 = 0.35;
/// Half width of the cloud that hangs around a leak, metres.
const CLOUD_M: f64 = 0.8;
/// What gets through a wall (doors, gaps) of gas.
const THROUGH_WALLS: f64 = 0.05;
/// Rise of a bare thermometer one metre from a full fire of 1.5 m height, about: half of its heat release of 300 kW as radiation and hot
/// air (Drysdale, An Introduction to Fire Dynamics, 4.4, orders of magnitude).
const FIRE_CELSIUS_M2: f64 = 170.0;
const FIRE_RADIUS_M: f64 = 0.5;
/// Beyond this nothing is felt, metres; it keeps the sums short.
const REACH_M: f64 = 14.0;

/// Whether it is found by the gas sensor.
pub(super) fn is_gas(event: &HazardEvent) -> bool {
    event.look == Look::GasLeak
}

/// Whether it is found by the thermometer.
pub(super) fn is_hot(event: &HazardEvent) -> bool {
    event.look == Look::Fire
}

/// Concentration at a place, ppm, clean air included.
pub(super) fn ppm(scenario: &Scenario, at_m: [f64; 2], secs: f64) -> f64 {
    let leaks = scenario.hazards.iter().filter(|event| is_gas(event));
    scenario.gas.background_ppm() + leaks.map(|event| leak_ppm(scenario, event, at_m, secs)).sum::<f64>()
}

/// Temperature at a place, degrees Celsius.
pub(super) fn celsius(scenario: &Scenario, at_m: [f64; 2], secs: f64) -> f64 {
    let fires = scenario.hazards.iter().filter(|event| is_hot(event));
    AMBIENT_CELSIUS + fires.map(|event| rise_celsius(scenario, event, at_m, secs)).sum::<f64>()
}

/// What one leak adds at a place, ppm.
pub(super) fn leak_ppm(scenario: &Scenario, event: &HazardEvent, at_m: [f64; 2], secs: f64) -> f64 {
    let stage = event.stage_at(secs);
    if stage <= 0.0 || distance_m(event.position_m, at_m) > REACH_M {
        return 0.0;
    }
    let walls = if scenario.map.floor.is_line_free(at_m, event.position_m) { 1.0 } else { THROUGH_WALLS };
    let offset_m = [at_m[0] - event.position_m[0], at_m[1] - event.position_m[1]];
    walls * stage * scenario.gas.source_ppm() * plume(&scenario.wind, offset_m, secs, secs - event.onset_secs)
}

/// Share of the source's concentration at an offset from it: the denser of the cloud around the leak and a Gaussian plume whose front moves
/// with the wind. It falls with the distance in every direction.
pub(crate) fn plume(wind: &Wind, [x, y]: [f64; 2], secs: f64, age_secs: f64) -> f64 {
    let cloud = (-(x * x + y * y) / (2.0 * CLOUD_M * CLOUD_M)).exp();
    let (s, c) = wind.heading_at(secs).sin_cos();
    let (downwind_m, crosswind_m) = (x * c + y * s, y * c - x * s);
    let width_m = PLUME_START_M + PLUME_GROWTH * downwind_m.max(0.0);
    let thinned = (PLUME_START_M / width_m) * (PLUME_START_M / width_m);
    let across = (-crosswind_m * crosswind_m / (2.0 * width_m * width_m)).exp();
    let along = if downwind_m < 0.0 { (downwind_m / UPWIND_M).exp() } else { 1.0 };
    // The front is as blurred as the plume is wide at its start.
    let front = 1.0 / (1.0 + ((downwind_m - wind.speed_mps * age_secs) / PLUME_START_M).exp());
    cloud.max(thinned * across * along * front)
}

/// What one fire adds at a place, degrees Celsius; a wall between holds it back.
pub(super) fn rise_celsius(scenario: &Scenario, event: &HazardEvent, at_m: [f64; 2], secs: f64) -> f64 {
    let stage = event.stage_at(secs);
    let gap_m = distance_m(event.position_m, at_m);
    if stage <= 0.0 || gap_m > REACH_M || !scenario.map.floor.is_line_free(at_m, event.position_m) {
        return 0.0;
    }
    open_rise_celsius(stage, gap_m)
}

/// What a fire adds at a distance with nothing between, degrees Celsius.
pub(crate) fn open_rise_celsius(stage: f64, gap_m: f64) -> f64 {
    FIRE_CELSIUS_M2 * stage / (gap_m * gap_m + FIRE_RADIUS_M * FIRE_RADIUS_M)
}

fn distance_m(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{map::Map, scenario::Plan};
    use proptest::prelude::*;

    fn event(look: Look) -> HazardEvent {
        HazardEvent {
            id: 1,
            look,
            position_m: [0.0, -3.35],
            heading_rad: 0.0,
            onset_secs: 10.0,
            growth_secs: 8.0,
            end_secs: 100.0,
            is_visible: true,
            seed: 0,
        }
    }

    fn warehouse(look: Look) -> Scenario {
        let map = Map::bundled("warehouse").expect("a map");
        let plan = Plan { hazard_count: Some(0), ..Plan::default() };
        let mut scenario = Scenario::from_plan(&map, &plan).expect("a scenario");
        scenario.hazards.push(event(look));
        scenario
    }

    proptest! {
        #[test]
        fn gas_falls_with_distance_in_every_direction(
            angle in 0.0_f64..6.3, heading in -3.2_f64..3.2, speed in 0.05_f64..0.5, age in 0.0_f64..60.0, near in 0.0_f64..4.0, more in 0.01_f64..4.0,
        ) {
            let wind = Wind { speed_mps: speed, heading_rad: heading, swing_rad: 0.5, period_secs: 60.0 };
            let at = |gap: f64| plume(&wind, [gap * angle.cos(), gap * angle.sin()], age, age);
            prop_assert!(at(near) >= at(near + more));
            prop_assert!((0.0..=1.0).contains(&at(near)));
        }

        #[test]
        fn gas_and_heat_grow_with_the_stage(x in -3.0_f64..3.0, y in -4.3_f64..-2.4, early in 10.0_f64..18.0, later in 0.05_f64..8.0) {
            let (gas, fire) = (warehouse(Look::GasLeak), warehouse(Look::Fire));
            // Calm, so that only the stage changes.
            let gas = Scenario { wind: Wind { speed_mps: 0.0, swing_rad: 0.0, ..gas.wind }, ..gas };
            prop_assert!(ppm(&gas, [x, y], early + later) >= ppm(&gas, [x, y], early));
            prop_assert!(celsius(&fire, [x, y], early + later) >= celsius(&fire, [x, y], early));
        }
    }

    #[test]
    fn a_full_leak_alarms_beside_it_and_a_full_fire_is_hot() {
        let gas = warehouse(Look::GasLeak);
        assert!(leak_ppm(&gas, &gas.hazards[0], [0.6, -2.6], 40.0) > 0.35 * gas.gas.source_ppm());
        let fire = warehouse(Look::Fire);
        assert!(celsius(&fire, [0.0, -2.25], 40.0) > 100.0);
        assert!(celsius(&fire, [5.0, -3.35], 40.0) < 30.0);
        assert_eq!(celsius(&fire, [5.0, -3.35], 5.0), AMBIENT_CELSIUS);
    }

    #[test]
    fn the_front_moves_with_the_wind_and_walls_hold_back() {
        let wind = Wind { speed_mps: 0.2, heading_rad: 0.0, swing_rad: 0.0, period_secs: 60.0 };
        let four_metres = |age: f64| plume(&wind, [4.0, 0.0], 0.0, age);
        assert!(four_metres(5.0) < 1e-3 && four_metres(60.0) > 0.05, "{} {}", four_metres(5.0), four_metres(60.0));
        assert!(plume(&wind, [-4.0, 0.0], 0.0, 60.0) < 1e-3);
        let fire = warehouse(Look::Fire);
        // The rack between the first two aisles.
        assert_eq!(rise_celsius(&fire, &fire.hazards[0], [-4.0, -6.7], 40.0), 0.0);
    }
}

//! Patrols of many seeds: are dangers met, is the way free, are bad wishes refused.

use crate::{messages, world};
use proptest::prelude::*;
use std::collections::BTreeMap;
use vedette_simulator::{Emission, Gas, Look, Map, Payload, Plan, Scenario, ScenarioError, World};
use vedette_types::Response;

/// What a minute of patrol brings.
#[derive(Debug, Default)]
struct Met {
    max_ppm: f64,
    max_celsius: f64,
    /// Shots in which each hazard was in the field of view.
    in_view: BTreeMap<u32, usize>,
    waited_steps: usize,
}

fn patrol(world: &mut World) -> Met {
    let mut met = Met::default();
    let mut emissions = Vec::new();
    while !world.is_finished() {
        world.step(&mut emissions);
        for emission in emissions.drain(..) {
            match emission {
                Emission::Message(message) => match message.payload {
                    Payload::Gas(gas) => met.max_ppm = met.max_ppm.max(gas.ppm),
                    Payload::Temperature(temperature) => met.max_celsius = met.max_celsius.max(temperature.temperature),
                    _ => {}
                },
                Emission::Shot(_) => {
                    let truth = world.truth(None);
                    truth.hazards.iter().filter(|h| h.in_field_of_view).for_each(|h| *met.in_view.entry(h.id).or_default() += 1);
                }
            }
        }
        met.waited_steps += usize::from(world.is_waiting());
    }
    met
}

#[test]
fn a_minute_of_patrol_meets_its_dangers() {
    for (name, seed) in Map::BUNDLED.into_iter().flat_map(|name| (0..12).map(move |seed| (name, seed))) {
        let mut world = world(name, seed, 1.0);
        let hazards = world.scenario().hazards.clone();
        let alarm_ppm = if world.scenario().gas == Gas::Co { 50.0 } else { 2_000.0 };
        let met = patrol(&mut world);
        assert_eq!(hazards.len(), 5, "{name} {seed}");
        assert!(met.max_ppm > alarm_ppm, "{name} {seed}: {} ppm", met.max_ppm);
        assert!(met.max_celsius > 57.0, "{name} {seed}: {} degC", met.max_celsius);
        for hazard in hazards {
            let shots = met.in_view.get(&hazard.id).copied().unwrap_or(0);
            assert_eq!(hazard.is_visible, shots > 0, "{name} {seed}: {hazard:?} in {shots} shots");
        }
        assert!(met.waited_steps < 1_600, "{name} {seed}: waited {} steps", met.waited_steps);
    }
}

#[test]
fn ten_minutes_go_round_and_every_kind_comes() {
    let mut world = world("home", 5, 10.0);
    let hazards = world.scenario().hazards.clone();
    assert!(hazards.len() > 40, "{}", hazards.len());
    for look in &Look::ALL[..6] {
        assert!(hazards.iter().filter(|hazard| hazard.look == *look).count() >= 5, "{look:?}");
    }
    let met = patrol(&mut world);
    let seen = hazards.iter().filter(|hazard| met.in_view.contains_key(&hazard.id)).count();
    assert!(seen * 10 > hazards.len() * 7, "{seen} of {}", hazards.len());
    assert!(met.waited_steps < 200 * 60 * 10 / 4, "{}", met.waited_steps);
}

#[test]
fn no_hazards_means_none() {
    for name in Map::BUNDLED {
        let map = Map::bundled(name).expect("a map");
        let scenario = Scenario::from_plan(&map, &Plan { hazard_count: Some(0), ..Plan::default() }).expect("a scenario");
        assert!(scenario.hazards.is_empty() && !scenario.things.is_empty());
        assert!(scenario.things.iter().all(|thing| thing.look.kind().is_none()));
        let mut world = World::new(scenario);
        let met = patrol(&mut world);
        assert!(met.max_ppm < 30.0 && met.max_celsius < 23.0 && met.waited_steps == 0, "{met:?}");
        assert!(world.truth(None).hazards.is_empty());
    }
}

#[test]
fn bad_wishes_are_refused() {
    let map = Map::bundled("office").expect("a map");
    let refusal = |plan: Plan| Scenario::from_plan(&map, &plan).expect_err("a refusal").to_string();
    let plan = Plan::default;
    let check = |plan: Plan, expected: &str| assert_eq!(refusal(plan), expected);
    check(Plan { seed: 1 << 53, ..plan() }, "seed must be 0 to 9007199254740991, got 9007199254740992");
    check(Plan { minutes: 0.0, ..plan() }, "minutes must be above 0 and at most 240, got 0");
    check(Plan { minutes: f64::NAN, ..plan() }, "minutes must be above 0 and at most 240, got NaN");
    check(Plan { minutes: 1e9, ..plan() }, "minutes must be above 0 and at most 240, got 1000000000");
    check(Plan { hazard_count: Some(2_001), ..plan() }, "a scenario has at most 2000 hazards, got 2001");
    check(Plan { route: "roof".into(), ..plan() }, "map office has no route `roof`, add it under vedette.routes or choose one of: patrol");
    assert!(matches!(Scenario::generate(&map, u64::MAX, 1.0), Err(ScenarioError::SeedOutOfRange { .. })));
}

#[test]
fn what_the_robot_is_told_it_does() {
    let drive = |response| {
        let mut world = world("warehouse", 4, 1.0);
        messages(&mut world, 3.0);
        world.set_speed_limit(response);
        messages(&mut world, 2.0);
        let odometry = messages(&mut world, 1.0).into_iter().rev().find_map(|message| match message.payload {
            Payload::Odometry(odometry) => Some(odometry.twist.twist.linear.x),
            _ => None,
        });
        odometry.expect("odometry")
    };
    let speeds = Response::ALL.iter().map(|&response| drive(response)).collect::<Vec<_>>();
    assert!(speeds[0] > 0.4 && (speeds[1] - 0.3).abs() < 0.05 && (speeds[2] - 0.2).abs() < 0.05 && speeds[3] == 0.0, "{speeds:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_seed_makes_a_sound_scenario(seed in 0_u64..1 << 53, minutes in 0.02_f64..6.0, map in 0_usize..3) {
        let map = Map::bundled(Map::BUNDLED[map]).expect("a map");
        let scenario = Scenario::generate(&map, seed, minutes).expect("a scenario");
        let building = map.building();
        let is_open = |[x, y]: [f64; 2]| {
            let cell = |at: f64, axis: usize| ((at - building.origin_m[axis]) / building.resolution_m).floor() as usize;
            !building.is_solid[cell(y, 1) * building.width + cell(x, 0)]
        };
        let mut ids: Vec<u32> = scenario.hazards.iter().map(|h| h.id).chain(scenario.things.iter().map(|t| t.id)).collect();
        ids.sort_unstable();
        prop_assert!(ids.iter().zip(1..).all(|(&id, number)| id == number), "{:?}", ids);
        for hazard in &scenario.hazards {
            prop_assert!(hazard.look.kind().is_some() && is_open(hazard.position_m), "{:?}", hazard);
            prop_assert!(hazard.onset_secs >= 0.5 && hazard.growth_secs > 0.0 && hazard.end_secs > hazard.onset_secs, "{:?}", hazard);
            let to_route = scenario.route.points_m().iter().zip(scenario.route.points_m().iter().cycle().skip(1));
            let gap = to_route.map(|(&a, &b)| segment_gap(hazard.position_m, a, b)).fold(f64::INFINITY, f64::min);
            prop_assert!(gap < 2.2, "{} m from the way: {:?}", gap, hazard);
        }
        for thing in &scenario.things {
            prop_assert!(thing.look.kind().is_none() && is_open(thing.position_m), "{:?}", thing);
        }
        prop_assert!(!scenario.lights.is_empty() && (0.0..=1.0).contains(&scenario.ambient));
        let again = Scenario::generate(&map, seed, minutes).expect("a scenario");
        prop_assert_eq!(format!("{again:?}"), format!("{scenario:?}"));
    }
}

fn segment_gap([x, y]: [f64; 2], [ax, ay]: [f64; 2], [bx, by]: [f64; 2]) -> f64 {
    let (dx, dy) = (bx - ax, by - ay);
    let part = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - ax - dx * part).hypot(y - ay - dy * part)
}

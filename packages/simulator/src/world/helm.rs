//! Who moves the robot. In -> out: a speed limit, commands from outside with the step at which they came -> what the base is to do, or nothing
//! as long as it is on its patrol. It knows no walls.

use super::World;
use crate::robot::{CRUISE_MPS, Velocity};

/// A base that was driven from outside stops after so many steps of silence: 0.5 s, as ros2_control's diff_drive_controller does.
const SILENCE_STEPS: u64 = 500_000_000 / World::STEP_NANOS.unsigned_abs();

/// The state of the helm.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Helm {
    /// Kept on the patrol; whoever drives from outside keeps limits himself, as Nav2's controller does.
    pub(super) limit_mps: f64,
    commanded: Option<(Velocity, u64)>,
}

impl Default for Helm {
    fn default() -> Self {
        Self { limit_mps: CRUISE_MPS, commanded: None }
    }
}

impl Helm {
    pub(super) fn command(&mut self, wanted: Velocity, step: u64) {
        self.commanded = Some((wanted, step));
    }

    pub(super) fn is_commanded(&self) -> bool {
        self.commanded.is_some()
    }

    /// What the base is to do at `step`; `None` on the patrol.
    pub(super) fn wanted(&self, step: u64) -> Option<Velocity> {
        let (wanted, since) = self.commanded?;
        Some(if step - since <= SILENCE_STEPS { wanted } else { Velocity::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        map::Map,
        random::Random,
        route::ROBOT_RADIUS_M,
        scenario::{Plan, Scenario},
        world::Emission,
    };
    use vedette_types::Stamp;

    fn world(map: &str, hazard_count: usize) -> World {
        let map = Map::bundled(map).expect("a map");
        let plan = Plan { hazard_count: Some(hazard_count), ..Plan::default() };
        World::new(Scenario::from_plan(&map, &plan).expect("a scenario"))
    }

    fn run(world: &mut World, secs: f64) -> Vec<Emission> {
        let mut emissions = Vec::new();
        for _ in 0..(secs / 0.005).round() as usize {
            world.step(&mut emissions);
        }
        emissions
    }

    #[test]
    fn commands_move_the_robot_and_silence_stops_it() {
        let mut world = world("warehouse", 0);
        let wanted = Velocity { speed_mps: 0.0, yaw_rate_radps: 0.5 };
        for _ in 0..10 {
            world.drive(wanted);
            run(&mut world, 0.2);
        }
        assert!(world.is_driven() && !world.is_waiting());
        assert!((world.robot.yaw_rate_radps - 0.5).abs() < 1e-9, "{:?}", world.robot);
        assert!(world.robot.speed_mps.abs() < 1e-9);
        run(&mut world, 0.25);
        assert!((world.robot.yaw_rate_radps - 0.5).abs() < 1e-9, "still within its half second");
        run(&mut world, 0.6);
        assert_eq!((world.robot.speed_mps, world.robot.yaw_rate_radps), (0.0, 0.0), "silent for longer");
        let rested = world.robot.pose;
        run(&mut world, 2.0);
        assert_eq!(world.robot.pose, rested, "the patrol does not come back");
    }

    #[test]
    fn no_command_is_faster_than_the_base() {
        let mut world = world("warehouse", 0);
        for (asked, got) in [(9.0, CRUISE_MPS), (-9.0, -CRUISE_MPS)] {
            world.robot.obey(Velocity { speed_mps: asked, yaw_rate_radps: asked });
            (0..1000).for_each(|_| world.robot.advance(0.005));
            assert!((world.robot.speed_mps - got).abs() < 1e-9 && world.robot.yaw_rate_radps.abs() < 1.0 + 1e-9, "{:?}", world.robot);
        }
    }

    #[test]
    fn no_command_leads_through_a_wall_or_a_body() {
        for map in Map::BUNDLED {
            let (mut world, mut random) = (world(map, 5), Random::new(7, "driver"));
            let mut bumps = 0;
            for _ in 0..600 {
                let wanted = Velocity { speed_mps: random.within(-0.5, 0.5), yaw_rate_radps: random.within(-0.6, 0.6) };
                let before = world.gap_m(world.robot.pose.position_m());
                for _ in 0..4 {
                    world.drive(wanted);
                    run(&mut world, 0.1);
                }
                let gap_m = world.gap_m(world.robot.pose.position_m());
                // What appears beside the robot is not driven into; the last cell of the map's clearance may be entered.
                assert!(gap_m > (ROBOT_RADIUS_M - 0.08).min(before - 1e-9), "{map}: {gap_m} m, before {before} m");
                bumps += usize::from(wanted.speed_mps.abs() > 0.1 && world.robot.speed_mps == 0.0);
            }
            assert!(bumps > 0, "{map}: never met anything, so nothing was tried");
        }
    }

    #[test]
    fn the_patrol_keeps_to_a_limit() {
        let mut world = world("warehouse", 0);
        let mut top_mps = |limit_mps: f64| {
            world.limit_speed(limit_mps);
            run(&mut world, 2.0);
            (0..400).map(|_| (run(&mut world, 0.005), world.robot.speed_mps).1).fold(0.0, f64::max)
        };
        let tops = [World::FULL_SPEED_MPS, 0.15, f64::INFINITY, 0.0].map(&mut top_mps);
        assert!(tops[0] > 0.4 && tops[1] <= 0.15 + 1e-9 && tops[1] > 0.1 && tops[2] > 0.4 && tops[3] == 0.0, "{tops:?}");
    }

    #[test]
    fn another_time_changes_stamps_only() {
        let (mut ours, mut theirs) = (world("home", 3), world("home", 3));
        let now = Stamp::from_ros(1_800_000_000, 5);
        run(&mut ours, 1.0);
        run(&mut theirs, 1.0);
        theirs.set_stamp(now);
        assert_eq!((theirs.stamp(), theirs.elapsed_secs().to_bits()), (now, ours.elapsed_secs().to_bits()));
        let shift_nanos = now.nanos_since(ours.stamp());
        let stamps = |world: &mut World, shift_nanos: i64| -> Vec<Stamp> {
            let stamp = |emission: &Emission| match emission {
                Emission::Message(message) => message.stamp,
                Emission::Shot(shot) => shot.stamp,
            };
            run(world, 0.5).iter().map(|emission| stamp(emission).plus_nanos(shift_nanos)).collect()
        };
        assert_eq!(stamps(&mut ours, shift_nanos), stamps(&mut theirs, 0));
        assert_eq!(ours.robot, theirs.robot);
    }
}

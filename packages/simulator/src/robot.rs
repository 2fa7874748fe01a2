//! How the robot moves. In -> out: a route, a speed limit and time -> pose, speed and turning rate. It follows a point that runs ahead on the
//! route, with limited accelerations; it knows no hazards and stops for nothing by itself.

use crate::route::Route;
use serde::{Deserialize, Serialize};

/// Speed on an open stretch, m/s.
pub(crate) const CRUISE_MPS: f64 = 0.5;
/// How far ahead the followed point runs, metres.
const LOOK_AHEAD_M: f64 = 0.45;
/// Beyond this the robot turns on the spot, radians.
const TURN_ON_SPOT_RAD: f64 = 0.8;
const MAX_YAW_RATE_RADPS: f64 = 1.0;
const MAX_ACCELERATION_MPS2: f64 = 0.6;
const MAX_YAW_ACCELERATION_RADPS2: f64 = 3.0;

/// A pose on the floor, map frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FloorPose {
    /// Metres.
    pub x_m: f64,
    /// Metres.
    pub y_m: f64,
    /// Radians, counter-clockwise from x, -pi to pi.
    pub yaw_rad: f64,
}

impl FloorPose {
    /// The position, metres.
    pub fn position_m(&self) -> [f64; 2] {
        [self.x_m, self.y_m]
    }

    /// Where a point of the robot's own frame is, metres.
    pub(crate) fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let (s, c) = self.yaw_rad.sin_cos();
        [self.x_m + c * x - s * y, self.y_m + s * x + c * y]
    }

    /// This pose, then `step` in its own frame.
    pub(crate) fn then(&self, step: &Self) -> Self {
        let [x_m, y_m] = self.apply(step.position_m());
        Self { x_m, y_m, yaw_rad: wrapped(self.yaw_rad + step.yaw_rad) }
    }

    /// The pose that undoes this one: `self.then(self.inverse())` is nowhere.
    pub(crate) fn inverse(&self) -> Self {
        let (s, c) = self.yaw_rad.sin_cos();
        Self { x_m: -c * self.x_m - s * self.y_m, y_m: s * self.x_m - c * self.y_m, yaw_rad: wrapped(-self.yaw_rad) }
    }

    /// Distance and bearing (left positive) of a point, metres and radians.
    pub(crate) fn sight(&self, [x, y]: [f64; 2]) -> (f64, f64) {
        let (dx, dy) = (x - self.x_m, y - self.y_m);
        (dx.hypot(dy), wrapped(dy.atan2(dx) - self.yaw_rad))
    }
}

/// An angle in -pi to pi.
pub(crate) fn wrapped(angle_rad: f64) -> f64 {
    let turn = std::f64::consts::TAU;
    angle_rad - turn * (angle_rad / turn).round()
}

/// How a base moves, or is to move.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Velocity {
    /// Along x of the robot, m/s, backwards negative.
    pub speed_mps: f64,
    /// Counter-clockwise, rad/s.
    pub yaw_rate_radps: f64,
}

/// A differential drive.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Robot {
    pub(crate) pose: FloorPose,
    /// Along x of the robot, m/s.
    pub(crate) speed_mps: f64,
    pub(crate) yaw_rate_radps: f64,
    /// Along x of the robot, m/s^2.
    pub(crate) acceleration_mps2: f64,
    /// Where on the route the followed point is, metres.
    carrot_m: f64,
    wanted_speed_mps: f64,
    wanted_yaw_rate_radps: f64,
}

impl Robot {
    /// At the start of `route`, looking along it, at rest.
    pub(crate) fn at_start(route: &Route) -> Self {
        let ([x_m, y_m], yaw_rad) = route.at(0.0);
        Self {
            pose: FloorPose { x_m, y_m, yaw_rad },
            speed_mps: 0.0,
            yaw_rate_radps: 0.0,
            acceleration_mps2: 0.0,
            carrot_m: 0.0,
            wanted_speed_mps: 0.0,
            wanted_yaw_rate_radps: 0.0,
        }
    }

    /// The stretch of the route from just before the robot to `beyond_m` after the point it follows, metres along the route.
    pub(crate) fn way_ahead_m(&self, beyond_m: f64) -> std::ops::Range<f64> {
        self.carrot_m - 0.5 * LOOK_AHEAD_M..self.carrot_m + beyond_m
    }

    /// Chooses speed and turning rate; meant for 20 times a second.
    pub(crate) fn steer(&mut self, route: &Route, limit_mps: f64) {
        // Bounded: one call moves the followed point by 2 m at most, far more than the robot drives meanwhile.
        for _ in 0..100 {
            if self.pose.sight(route.at(self.carrot_m).0).0 >= LOOK_AHEAD_M {
                break;
            }
            self.carrot_m += 0.02;
        }
        let (_, bearing_rad) = self.pose.sight(route.at(self.carrot_m).0);
        let straightness = (1.0 - bearing_rad.abs() / TURN_ON_SPOT_RAD).max(0.0);
        self.wanted_speed_mps = limit_mps.clamp(0.0, CRUISE_MPS) * straightness;
        let is_stopped = limit_mps <= 0.0;
        let yaw_rate = if is_stopped { 0.0 } else { 2.2 * bearing_rad };
        self.wanted_yaw_rate_radps = yaw_rate.clamp(-MAX_YAW_RATE_RADPS, MAX_YAW_RATE_RADPS);
    }

    /// Takes speed and turning rate from outside instead of from a route, as far as the base can.
    pub(crate) fn obey(&mut self, wanted: Velocity) {
        self.wanted_speed_mps = wanted.speed_mps.clamp(-CRUISE_MPS, CRUISE_MPS);
        self.wanted_yaw_rate_radps = wanted.yaw_rate_radps.clamp(-MAX_YAW_RATE_RADPS, MAX_YAW_RATE_RADPS);
    }

    /// Something solid is in the way: back to where it was, at rest but for turning.
    pub(crate) fn bump(&mut self, [x_m, y_m]: [f64; 2]) {
        (self.pose.x_m, self.pose.y_m, self.speed_mps) = (x_m, y_m, 0.0);
    }

    /// Moves on by `secs`.
    pub(crate) fn advance(&mut self, secs: f64) {
        let change = (self.wanted_speed_mps - self.speed_mps).clamp(-MAX_ACCELERATION_MPS2 * secs, MAX_ACCELERATION_MPS2 * secs);
        let turn_limit = MAX_YAW_ACCELERATION_RADPS2 * secs;
        self.acceleration_mps2 = change / secs;
        self.speed_mps += change;
        self.yaw_rate_radps += (self.wanted_yaw_rate_radps - self.yaw_rate_radps).clamp(-turn_limit, turn_limit);
        let (way_m, turn_rad) = (self.speed_mps * secs, self.yaw_rate_radps * secs);
        // The middle of the turn: second order, exact enough for steps of milliseconds.
        let (s, c) = (self.pose.yaw_rad + 0.5 * turn_rad).sin_cos();
        self.pose.x_m += way_m * c;
        self.pose.y_m += way_m * s;
        self.pose.yaw_rad = wrapped(self.pose.yaw_rad + turn_rad);
    }
}

#[cfg(test)]
mod tests {
    use super::{CRUISE_MPS, FloorPose, Robot};
    use crate::{
        map::Map,
        route::{ROBOT_RADIUS_M, Route},
    };
    use std::f64::consts::{FRAC_PI_2, PI};

    #[test]
    fn the_robot_gets_round_every_patrol_without_touching_a_wall() {
        for name in Map::BUNDLED {
            let map = Map::bundled(name).expect("a map");
            for is_reversed in [false, true] {
                let route = Route::plan(&map, "patrol", 0, is_reversed).expect("a route");
                let mut robot = Robot::at_start(&route);
                let mut secs = 0.0;
                while robot.carrot_m < route.length_m() {
                    robot.steer(&route, CRUISE_MPS);
                    (0..10).for_each(|_| robot.advance(0.005));
                    secs += 0.05;
                    let clearance = map.floor.clearance_m(robot.pose.position_m());
                    assert!(clearance > ROBOT_RADIUS_M, "{name}: {clearance} m at {:?}", robot.pose);
                    assert!(secs < 3.0 * route.length_m() / CRUISE_MPS, "{name}: stuck at {:?}", robot.pose);
                }
            }
        }
    }

    #[test]
    fn a_limit_is_kept_and_a_stop_is_a_stop() {
        let map = Map::bundled("warehouse").expect("a map");
        let route = Route::plan(&map, "patrol", 0, false).expect("a route");
        let mut robot = Robot::at_start(&route);
        let mut run = |limit: f64, secs: usize| {
            for _ in 0..20 * secs {
                robot.steer(&route, limit);
                (0..10).for_each(|_| robot.advance(0.005));
            }
            (robot.speed_mps, robot.yaw_rate_radps)
        };
        assert!((run(0.5, 5).0 - 0.5).abs() < 0.02);
        assert!((run(0.2, 3).0 - 0.2).abs() < 0.02);
        assert_eq!(run(0.0, 3), (0.0, 0.0));
    }

    #[test]
    fn poses_compose_and_undo() {
        let pose = FloorPose { x_m: 1.0, y_m: -2.0, yaw_rad: 2.5 };
        let nowhere = pose.then(&pose.inverse());
        assert!(nowhere.x_m.abs() < 1e-12 && nowhere.y_m.abs() < 1e-12 && nowhere.yaw_rad.abs() < 1e-12, "{nowhere:?}");
        let (distance, bearing) = FloorPose { x_m: 0.0, y_m: 0.0, yaw_rad: FRAC_PI_2 }.sight([-3.0, 0.0]);
        assert!((distance - 3.0).abs() < 1e-12 && (bearing - FRAC_PI_2).abs() < 1e-12);
        assert!((super::wrapped(3.0 * PI) - PI).abs() < 1e-9 || (super::wrapped(3.0 * PI) + PI).abs() < 1e-9);
    }
}

//! What the other sensors say in a scene. In -> out: building, things, camera -> gas, temperature, free distances, motion, charge, each absent
//! now and then as on real robots. The same physics as a patrol's (`world::air`); no message is made.

use super::brief::Alarm;
use crate::{
    footprint::Footprint,
    random::Random,
    robot::FloorPose,
    scenario::{Gas, Wind},
    scene::{Camera, Look, Scene, Thing},
    world::air,
};
use std::f64::consts::PI;

/// From this temperature on there is a fire, seen or not, and from the second on a bad one, degrees Celsius.
pub(super) const HEAT_CELSIUS: f64 = 57.0;
pub(super) const GREAT_HEAT_CELSIUS: f64 = 80.0;
/// From so many times the limit on a leak is bad.
pub(super) const GREAT_LEAK: f64 = 3.0;
/// Readings this near to a limit are avoided: share of a concentration, degrees.
pub(super) const GAS_MARGIN: f64 = 0.10;
pub(super) const HEAT_MARGIN_CELSIUS: f64 = 2.5;
/// The camera sits so far before the robot's middle, and the lidar, metres (as in patrols).
const CAMERA_AHEAD_M: f64 = 0.12;
const LIDAR_AHEAD_M: f64 = 0.05;
const LIDAR_NOISE_M: f64 = 0.008;
const DEGREES_PER_RAY: i32 = 2;

/// Readings at the moment of the picture; `None` where the robot has no such sensor or it is silent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Senses {
    /// Gas and its concentration, ppm.
    pub gas: Option<(Gas, f64)>,
    /// Air temperature, degrees Celsius.
    pub celsius: Option<f64>,
    /// Free distances by lidar.
    pub clearance: Option<Clearance>,
    /// Of the wheels.
    pub motion: Option<Motion>,
    /// Charge of the battery, 0 to 1.
    pub charge: Option<f64>,
}

impl Senses {
    /// Other readings beside the same picture. Gas stays between the same two of nothing, limit and great leak, a temperature between the same two of
    /// none, hot and very hot. Free distances stay: they are what the lidar measures in this building.
    pub(super) fn told_otherwise(&self, random: &mut Random) -> Self {
        let mut told = self.clone();
        told.gas = self.gas.map(|(gas, ppm)| other_gas(gas, ppm / gas.noticeable_ppm(), random));
        told.celsius = self.celsius.map(|celsius| other_celsius(celsius, random));
        told.motion = self.motion.map(|_| motion(random));
        told.charge = self.charge.map(|_| random.within(0.05, 1.0));
        told
    }
}

/// A concentration that means as much as one of `times` the limit; much of it may as well be of another gas.
fn other_gas(gas: Gas, times: f64, random: &mut Random) -> (Gas, f64) {
    let any = if random.chance(0.5) { Gas::Co } else { Gas::Lpg };
    let gas = if times >= 0.5 { any } else { gas };
    let (below, above) = (1.0 - 1.2 * GAS_MARGIN, 1.0 + 1.2 * GAS_MARGIN);
    let wander = random.within(0.7, 1.4);
    let times = if times >= GREAT_LEAK {
        (times * wander).max(GREAT_LEAK * above)
    } else if times >= 1.0 {
        random.within(above, GREAT_LEAK * below)
    } else {
        (times * wander).min(below)
    };
    (gas, times * gas.noticeable_ppm())
}

fn other_celsius(celsius: f64, random: &mut Random) -> f64 {
    let margin = HEAT_MARGIN_CELSIUS * 1.2;
    if celsius >= GREAT_HEAT_CELSIUS {
        random.within(GREAT_HEAT_CELSIUS + margin, 150.0)
    } else if celsius >= HEAT_CELSIUS {
        random.within(HEAT_CELSIUS + margin, GREAT_HEAT_CELSIUS - margin)
    } else {
        (celsius + random.within(-6.0, 6.0)).min(HEAT_CELSIUS - margin)
    }
}

/// Speed and turning rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    /// m/s, forward.
    pub speed_mps: f64,
    /// rad/s, left positive.
    pub yaw_rate_radps: f64,
}

/// Nearest obstacle in three sectors of 60 degrees around the robot's middle, as `vedette-fusion` makes them from a scan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Clearance {
    /// -30 to 30 degrees.
    pub ahead: FreeWay,
    /// 30 to 90 degrees.
    pub left: FreeWay,
    /// -90 to -30 degrees.
    pub right: FreeWay,
}

/// A free distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FreeWay {
    /// Metres.
    pub distance_m: f64,
    /// Nothing was hit: it is at least so far.
    pub is_open: bool,
}

/// What the sensors say; `alarm` is a danger that they alone know of.
pub(super) fn sense(scene: &Scene, camera: &Camera, alarm: Option<Alarm>, random: &mut Random) -> Senses {
    let (sin, cos) = camera.yaw_rad.sin_cos();
    let [x, y, _] = camera.position_m;
    let robot = FloorPose { x_m: x - CAMERA_AHEAD_M * cos, y_m: y - CAMERA_AHEAD_M * sin, yaw_rad: camera.yaw_rad };
    let gas = gas(scene, &robot, alarm, random);
    let celsius = celsius(scene, &robot, alarm, random);
    let has_gas = random.chance(0.8) || alarm == Some(Alarm::Gas);
    let has_thermometer = random.chance(0.85) || alarm == Some(Alarm::Heat);
    // Before a photograph there is no building that a lidar could measure.
    let has_lidar = random.chance(0.85) && scene.backdrop.is_none();
    let clearance = clearance(scene, &robot, random);
    let motion = motion(random);
    let charge = random.within(0.05, 1.0);
    Senses {
        gas: has_gas.then_some(gas),
        celsius: has_thermometer.then_some(celsius),
        clearance: has_lidar.then_some(clearance),
        motion: random.chance(0.8).then_some(motion),
        charge: random.chance(0.75).then_some(charge),
    }
}

fn gas(scene: &Scene, robot: &FloorPose, alarm: Option<Alarm>, random: &mut Random) -> (Gas, f64) {
    let gas = if random.chance(0.5) { Gas::Co } else { Gas::Lpg };
    let limit_ppm = gas.noticeable_ppm();
    let (below, above) = (1.0 - 1.2 * GAS_MARGIN, 1.0 + 1.2 * GAS_MARGIN);
    if alarm == Some(Alarm::Gas) {
        let times = if random.chance(0.5) { random.within(above, GREAT_LEAK * below) } else { random.within(GREAT_LEAK * above, 9.0) };
        return (gas, limit_ppm * times);
    }
    let wind = Wind { speed_mps: random.within(0.05, 0.35), heading_rad: random.within(-PI, PI), swing_rad: 0.0, period_secs: 60.0 };
    let (age_secs, lag) = (random.within(4.0, 30.0), random.within(0.4, 1.0));
    let background_ppm = gas.background_ppm() * random.within(0.5, 1.6);
    let leaked = |leak: &Thing| {
        let offset_m = [0, 1].map(|axis| robot.position_m()[axis] - leak.position_m[axis]);
        f64::from(leak.stage) * gas.source_ppm() * air::plume(&wind, offset_m, 0.0, age_secs)
    };
    let leaks = scene.things.iter().filter(|thing| thing.look == Look::GasLeak);
    // Exhaust, solvents: something is in the air now and then.
    let trace_ppm = if random.chance(0.15) { limit_ppm * random.within(0.08, below) - background_ppm } else { 0.0 };
    let leaked_ppm = lag * leaks.map(leaked).sum::<f64>();
    let ppm = if leaked_ppm > trace_ppm { background_ppm + leaked_ppm } else { background_ppm + trace_ppm.max(0.0) };
    (gas, ppm)
}

fn celsius(scene: &Scene, robot: &FloorPose, alarm: Option<Alarm>, random: &mut Random) -> f64 {
    let margin = HEAT_MARGIN_CELSIUS * 1.2;
    if alarm == Some(Alarm::Heat) {
        let is_great = random.chance(0.5);
        let [low, high] =
            if is_great { [GREAT_HEAT_CELSIUS + margin, 150.0] } else { [HEAT_CELSIUS + margin, GREAT_HEAT_CELSIUS - margin] };
        return random.within(low, high);
    }
    let air_celsius = if random.chance(0.08) { random.within(36.0, 50.0) } else { random.within(air::AMBIENT_CELSIUS - 13.0, 34.0) };
    let lag = random.within(0.4, 1.0);
    let rise = |fire: &Thing| {
        let [dx, dy] = [0, 1].map(|axis| robot.position_m()[axis] - fire.position_m[axis]);
        lag * air::open_rise_celsius(f64::from(fire.stage), dx.hypot(dy))
    };
    air_celsius + scene.things.iter().filter(|thing| thing.look == Look::Fire).map(rise).sum::<f64>()
}

fn clearance(scene: &Scene, robot: &FloorPose, random: &mut Random) -> Clearance {
    let reach_m = [6.0, 10.0, 12.0, 25.0].get(random.index(4)).copied().unwrap_or(12.0);
    let bodies: Vec<Footprint> = scene.things.iter().filter_map(Footprint::of).collect();
    let from_m = robot.apply([LIDAR_AHEAD_M, 0.0]);
    let mut nearest = |degrees: std::ops::Range<i32>| {
        let (mut distance_m, mut is_open) = (reach_m, true);
        for degree in degrees.step_by(DEGREES_PER_RAY as usize) {
            let angle_rad = f64::from(degree + 1).to_radians();
            let (sin, cos) = (robot.yaw_rad + angle_rad).sin_cos();
            let wall = scene.building.cast_m(from_m, [cos, sin], reach_m).unwrap_or(f64::INFINITY);
            let hit_m = bodies.iter().filter_map(|body| body.cast_m(from_m, [cos, sin])).fold(wall, f64::min);
            // Distances count from the robot's middle.
            let hit_m = (hit_m * angle_rad.cos() + LIDAR_AHEAD_M).hypot(hit_m * angle_rad.sin()) + LIDAR_NOISE_M * random.normal();
            if hit_m < distance_m {
                (distance_m, is_open) = (hit_m.max(0.0), false);
            }
        }
        FreeWay { distance_m, is_open }
    };
    Clearance { ahead: nearest(-30..30), left: nearest(30..90), right: nearest(-90..-30) }
}

fn motion(random: &mut Random) -> Motion {
    let is_still = random.chance(0.25);
    let (speed_mps, yaw_rate_radps) = (random.within(0.02, 0.8), 0.25 * random.normal());
    if is_still { Motion { speed_mps: 0.0, yaw_rate_radps: 0.0 } } else { Motion { speed_mps, yaw_rate_radps } }
}

//! What the robot feels. In -> out: the state of the world at a moment -> standard ROS messages of the sensors that are due, with noise and
//! lag. Nothing of the truth is in them but what a sensor of that kind can measure; pictures are made elsewhere.

mod camera;
mod frames;
mod lidar;
mod message;
mod motion;
mod scalar;

pub use camera::{CameraShot, compressed_image, raw_image};
pub use message::{Payload, SensorMessage};

pub(crate) use camera::{camera_at, camera_info, camera_shot};

use crate::{
    floor::Floor,
    footprint::Footprint,
    random::Random,
    robot::{FloorPose, Robot},
    scenario::Scenario,
};
use motion::Motion;
use scalar::Scalars;
use vedette_types::Stamp;

/// Steps of 5 ms between two samples: 50 Hz, 10 Hz, 2 Hz, 1 Hz, 0.2 Hz.
const MOTION_STEPS: u64 = 4;
const GAS_STEPS: u64 = 100;
const TEMPERATURE_STEPS: u64 = 200;
const BATTERY_STEPS: u64 = 1_000;
pub(crate) const SCAN_STEPS: u64 = 20;
pub(crate) const CAMERA_STEPS: u64 = 20;
/// How often gas and heat reach their slow sensors: 10 Hz.
pub(crate) const AIR_STEPS: u64 = 20;

/// The state of all sensors: drift, lag and noise.
#[derive(Clone, Debug)]
pub(crate) struct Sensors {
    motion: Motion,
    scalars: Scalars,
    scan_noise: Random,
}

impl Sensors {
    pub(crate) fn new(scenario: &Scenario, robot: &Robot) -> Self {
        Self {
            motion: Motion::new(scenario.seed, &robot.pose),
            scalars: Scalars::new(scenario.seed, scenario.gas),
            scan_noise: Random::new(scenario.seed, "scan"),
        }
    }

    pub(crate) fn is_due(&self, step: u64, every: u64) -> bool {
        step.is_multiple_of(every)
    }

    /// Lets the slow sensors take in what surrounds them; called every [`AIR_STEPS`].
    pub(crate) fn breathe(&mut self, ppm: f64, celsius: f64) {
        self.scalars.breathe(ppm, celsius, AIR_STEPS as f64 * 0.005);
    }

    /// Everything but scan and camera.
    pub(crate) fn sample(&mut self, step: u64, stamp: Stamp, robot: &Robot, say: &mut impl FnMut(SensorMessage)) {
        if step == 0 {
            say(frames::fixed(stamp));
        }
        if self.is_due(step, MOTION_STEPS) {
            self.motion.update(robot, MOTION_STEPS as f64 * 0.005);
            say(frames::moving(stamp, &self.motion));
            say(self.motion.odometry(stamp, robot));
            say(self.motion.imu(stamp, robot));
        }
        if self.is_due(step, GAS_STEPS) {
            say(self.scalars.gas(stamp));
        }
        if self.is_due(step, TEMPERATURE_STEPS) {
            say(self.scalars.temperature(stamp));
        }
        if self.is_due(step, BATTERY_STEPS) {
            say(self.scalars.battery(stamp, step as f64 * 0.005));
        }
    }

    pub(crate) fn scan<'a>(
        &mut self,
        stamp: Stamp,
        floor: &Floor,
        bodies: impl Iterator<Item = &'a Footprint>,
        pose: &FloorPose,
    ) -> SensorMessage {
        lidar::scan(stamp, floor, bodies, pose, &mut self.scan_noise)
    }
}

//! Wheels, localisation and inertial unit. In -> out: how the robot really moves -> odometry that drifts, a map -> odom transform that takes
//! the drift back to within centimetres, accelerations with gravity. No slip on spills, no roll and pitch but vibration.

use super::{Payload, SensorMessage, frames};
use crate::{
    random::Random,
    robot::{FloorPose, Robot, wrapped},
};
use vedette_messages::{
    geometry_msgs::{Point, Pose, PoseWithCovariance, Quaternion, Twist, TwistWithCovariance, Vector3},
    nav_msgs, sensor_msgs, to_ros,
};
use vedette_types::{FrameId, Stamp};

/// Standard gravity, m/s^2 (CODATA).
const GRAVITY_MPS2: f64 = 9.806_65;
/// Samples between two corrections of the localisation: 2 Hz.
const LOCALISE_SAMPLES: u32 = 25;
/// Errors of the localisation.
const LOCALISE_M: f64 = 0.012;
const LOCALISE_RAD: f64 = 0.004;
/// Errors of the wheels: a share of the way and of the turn, and noise of each sample.
const SLIP_NOISE: f64 = 0.02;
const GYRO_RADPS: f64 = 0.004;
const ACCELERATION_MPS2: f64 = 0.06;
const TILT_RAD: f64 = 0.003;

/// State of wheels, localisation and inertial unit.
#[derive(Clone, Debug)]
pub(crate) struct Motion {
    odom_from_base: FloorPose,
    map_from_odom: FloorPose,
    last: FloorPose,
    /// Wheels roll this much too far, and turn this much too much.
    way_error: f64,
    turn_error: f64,
    gyro_bias_radps: f64,
    samples: u32,
    wheels: Random,
    localisation: Random,
    inertial: Random,
}

impl Motion {
    pub(super) fn new(seed: u64, pose: &FloorPose) -> Self {
        let mut build = Random::new(seed, "robot");
        Self {
            odom_from_base: FloorPose::default(),
            map_from_odom: *pose,
            last: *pose,
            way_error: 0.01 * build.normal(),
            turn_error: 0.015 * build.normal(),
            gyro_bias_radps: 0.002 * build.normal(),
            samples: 0,
            wheels: Random::new(seed, "wheels"),
            localisation: Random::new(seed, "localisation"),
            inertial: Random::new(seed, "imu"),
        }
    }

    /// Takes in the way since the last sample.
    pub(super) fn update(&mut self, robot: &Robot, _secs: f64) {
        let moved = self.last.inverse().then(&robot.pose);
        self.last = robot.pose;
        let noise = |random: &mut Random| 1.0 + SLIP_NOISE * random.normal();
        let measured = FloorPose {
            x_m: moved.x_m * (1.0 + self.way_error) * noise(&mut self.wheels),
            y_m: moved.y_m,
            yaw_rad: moved.yaw_rad * (1.0 + self.turn_error) * noise(&mut self.wheels),
        };
        self.odom_from_base = self.odom_from_base.then(&measured);
        if self.samples.is_multiple_of(LOCALISE_SAMPLES) {
            let believed = FloorPose {
                x_m: robot.pose.x_m + LOCALISE_M * self.localisation.normal(),
                y_m: robot.pose.y_m + LOCALISE_M * self.localisation.normal(),
                yaw_rad: wrapped(robot.pose.yaw_rad + LOCALISE_RAD * self.localisation.normal()),
            };
            self.map_from_odom = believed.then(&self.odom_from_base.inverse());
        }
        self.samples = self.samples.wrapping_add(1);
    }

    pub(super) fn odom_from_base(&self) -> &FloorPose {
        &self.odom_from_base
    }

    pub(super) fn map_from_odom(&self) -> &FloorPose {
        &self.map_from_odom
    }

    pub(super) fn odometry(&mut self, stamp: Stamp, robot: &Robot) -> SensorMessage {
        let pose = &self.odom_from_base;
        let vector = |x, z| (Vector3 { x, y: 0.0, z: 0.0 }, Vector3 { x: 0.0, y: 0.0, z });
        let (linear, angular) = vector(robot.speed_mps * (1.0 + self.way_error), robot.yaw_rate_radps * (1.0 + self.turn_error));
        let odometry = nav_msgs::Odometry {
            header: to_ros::header(stamp, &FrameId::new(frames::ODOM)),
            child_frame_id: frames::BASE.to_owned(),
            pose: PoseWithCovariance {
                pose: Pose { position: Point { x: pose.x_m, y: pose.y_m, z: 0.0 }, orientation: frames::yaw(pose.yaw_rad) },
                covariance: planar([1e-3, 1e-3, 3e-3]),
            },
            twist: TwistWithCovariance { twist: Twist { linear, angular }, covariance: planar([1e-4, 1e-6, 4e-4]) },
        };
        SensorMessage::new(stamp, Payload::Odometry(Box::new(odometry)))
    }

    pub(super) fn imu(&mut self, stamp: Stamp, robot: &Robot) -> SensorMessage {
        let mut noise = |deviation: f64| deviation * self.inertial.normal();
        let (roll, pitch) = (noise(TILT_RAD), noise(TILT_RAD));
        let heading = wrapped(robot.pose.yaw_rad + noise(0.01));
        // Small angles: gravity shows in x and y by the tilt; the sensor feels the push against it.
        let linear = Vector3 {
            x: robot.acceleration_mps2 - GRAVITY_MPS2 * pitch + noise(ACCELERATION_MPS2),
            y: robot.speed_mps * robot.yaw_rate_radps + GRAVITY_MPS2 * roll + noise(ACCELERATION_MPS2),
            z: GRAVITY_MPS2 + noise(ACCELERATION_MPS2),
        };
        let angular =
            Vector3 { x: noise(GYRO_RADPS), y: noise(GYRO_RADPS), z: robot.yaw_rate_radps + self.gyro_bias_radps + noise(GYRO_RADPS) };
        let diagonal = |[x, y, z]: [f64; 3]| [x, 0.0, 0.0, 0.0, y, 0.0, 0.0, 0.0, z];
        let imu = sensor_msgs::Imu {
            header: to_ros::header(stamp, &FrameId::new(frames::IMU)),
            orientation: tilted(roll, pitch, heading),
            orientation_covariance: diagonal([1e-5, 1e-5, 1e-4]),
            angular_velocity: angular,
            angular_velocity_covariance: diagonal([GYRO_RADPS * GYRO_RADPS; 3]),
            linear_acceleration: linear,
            linear_acceleration_covariance: diagonal([ACCELERATION_MPS2 * ACCELERATION_MPS2; 3]),
        };
        SensorMessage::new(stamp, Payload::Imu(imu))
    }
}

/// Roll, pitch, yaw about fixed axes (REP 103), as a unit quaternion.
fn tilted(roll_rad: f64, pitch_rad: f64, yaw_rad: f64) -> Quaternion {
    let turn = nalgebra::UnitQuaternion::from_euler_angles(roll_rad, pitch_rad, yaw_rad);
    Quaternion { x: turn.i, y: turn.j, z: turn.k, w: turn.w }
}

/// Covariance of a robot on a floor: x, y, yaw; the other three are known exactly, for which REP 105 users write a tiny number.
fn planar([x, y, yaw]: [f64; 3]) -> [f64; 36] {
    let mut covariance = [0.0; 36];
    for (axis, value) in [x, y, 1e-9, 1e-9, 1e-9, yaw].into_iter().enumerate() {
        covariance[axis * 7] = value;
    }
    covariance
}

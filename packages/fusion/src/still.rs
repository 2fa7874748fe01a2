//! A picture without a robot around it: a file, a rendered scene, a training sample.
//!
//! In -> out: pixels and sensor values -> the [`Observation`] that fusion would have made of them, its sensor context worded by the very
//! code that words live streams (`context`).
//! Deliberately absent: streams, gates, transforms. What is not given is not known.

use crate::clearance::Sector;
use crate::context;
use crate::params::FusionParams;
use crate::sensors::Sample;
use vedette_types::{
    Battery, CameraIntrinsics, ContextItem, FrameId, FreeDistance, Gas, ImageFrame, Imu, Isometry3, Observation, Odometry, Probability,
    Range, Reading, RgbPixels, Scan, SensorQuantity, SensorValue, Sha256, Stamp, StreamId, Temperature,
};

/// Rays of a sector: one in the middle of each of its bins of 10 degrees.
const RAYS_PER_SECTOR: usize = 6;
/// Longest distance that an obstacle may have: what `clearance` takes for the farthest.
const FARTHEST_M: f32 = 100.0;

/// The sensor context of one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SensorContext {
    /// The values, in the order of the text.
    pub items: Vec<ContextItem>,
    /// One line for the prompt, as in `gas co 12 ppm; temperature 24.5 degC`.
    pub text: String,
}

/// The sensor context of a picture beside which `values` were measured: words, order and digits as from live streams.
pub fn sensor_context(params: &FusionParams, values: &[SensorValue]) -> SensorContext {
    let mut told: Vec<Told> = values.iter().flat_map(Told::of).collect();
    // As streams are: by topic, then by channel.
    told.sort_by(|a, b| (&a.stream, &a.channel).cmp(&(&b.stream, &b.channel)));
    let samples: Vec<Sample<'_>> = told.iter().map(Told::sample).collect();
    let context::Context { items, text } = context::build(params, &samples, |_| None::<Isometry3>);
    SensorContext { items, text }
}

/// What is known of a picture that no robot took.
#[derive(Clone, Debug)]
pub struct Still {
    /// Names the request; arrival is the same moment.
    pub stamp: Stamp,
    /// The picture.
    pub pixels: RgbPixels,
    /// Hash of the picture as it arrived.
    pub image_sha256: Sha256,
    /// Of a pinhole camera, radians; `None` where it is not known.
    pub horizontal_fov_rad: Option<f64>,
    /// What the other sensors said.
    pub context: SensorContext,
}

impl Still {
    /// The observation of this picture, from a camera without pose.
    pub fn into_observation(self) -> Observation {
        let frame = FrameId::new("camera_optical");
        let intrinsics = self.horizontal_fov_rad.map(|fov_rad| {
            let (width, height) = (self.pixels.width(), self.pixels.height());
            let f = 0.5 * f64::from(width) / (0.5 * fov_rad).tan();
            let (cx, cy) = (0.5 * f64::from(width), 0.5 * f64::from(height));
            CameraIntrinsics { stamp: self.stamp, frame: frame.clone(), width, height, fx: f, fy: f, cx, cy }
        });
        Observation {
            stamp: self.stamp,
            arrived: self.stamp,
            camera: StreamId::new("image"),
            image: ImageFrame { stamp: self.stamp, frame, data: self.pixels.to_image_data() },
            image_sha256: self.image_sha256,
            pixels: self.pixels,
            intrinsics,
            base_from_camera: None,
            robot_pose: None,
            context: self.context.items,
            context_text: self.context.text,
            health: Vec::new(),
            change: Probability::ONE,
        }
    }
}

/// A value as the reading that a stream would have brought.
struct Told {
    stream: StreamId,
    channel: String,
    reading: Reading,
    age_secs: f64,
    is_stale: bool,
}

impl Told {
    fn of(value: &SensorValue) -> Vec<Self> {
        let one = |topic: &str, channel: &str, reading: Reading| Self {
            stream: StreamId::new(topic),
            channel: channel.to_owned(),
            reading,
            age_secs: value.age_secs,
            is_stale: value.is_stale,
        };
        let (stamp, frame) = (Stamp::default(), FrameId::new("sensor"));
        match &value.quantity {
            SensorQuantity::Gas { gas, ppm } => {
                vec![one("/gas", gas, Reading::Gas(Gas { stamp, frame, gas: gas.clone(), ppm: *ppm }))]
            }
            SensorQuantity::Temperature { celsius } => {
                vec![one("/temperature", "", Reading::Temperature(Temperature { stamp, frame, celsius: *celsius }))]
            }
            SensorQuantity::Clearance { ahead, left, right } => {
                let sectors = [(Sector::Ahead, ahead), (Sector::Left, left), (Sector::Right, right)];
                let scans = sectors.map(|(sector, free)| one("/scan", "", Reading::Scan(scan(sector, *free))));
                // One lidar is behind the three: when it is silent, it is missing once.
                scans.into_iter().take(if value.is_stale { 1 } else { 3 }).collect()
            }
            SensorQuantity::Range(free) => {
                let (range_m, max_m) = measured(*free);
                vec![one("/range", "", Reading::Range(Range { stamp, frame, field_of_view_rad: 0.1, min_m: 0.0, max_m, range_m }))]
            }
            SensorQuantity::Motion { speed_mps, yaw_rate_radps } => {
                let (child, frame_from_child) = (FrameId::new("base_link"), Isometry3::identity());
                let (speed_mps, yaw_rate_radps) = (*speed_mps, *yaw_rate_radps);
                vec![one("/odom", "", Reading::Odometry(Odometry { stamp, frame, child, frame_from_child, speed_mps, yaw_rate_radps }))]
            }
            SensorQuantity::Tilt { rad } => {
                let roll_pitch_yaw_rad = Some([0.0, *rad, 0.0]);
                let (angular_velocity_radps, linear_acceleration_mps2) = ([0.0; 3], [0.0; 3]);
                let imu = Imu { stamp, frame, roll_pitch_yaw_rad, angular_velocity_radps, linear_acceleration_mps2 };
                vec![one("/imu/data", "", Reading::Imu(imu))]
            }
            SensorQuantity::Battery { charge } => {
                vec![one("/battery_state", "", Reading::Battery(Battery { stamp, volts: None, charge: Some(*charge) }))]
            }
        }
    }

    fn sample(&self) -> Sample<'_> {
        Sample {
            stream: &self.stream,
            channel: &self.channel,
            kind: self.reading.kind(),
            reading: (!self.is_stale).then_some(&self.reading),
            age_secs: self.age_secs,
        }
    }
}

/// A scan of one sector alone, so that each sector has its own largest range.
fn scan(sector: Sector, free: FreeDistance) -> Scan {
    let first_deg: f64 = match sector {
        Sector::Right => -85.0,
        Sector::Ahead => -25.0,
        Sector::Left => 35.0,
    };
    let (range_m, range_max_m) = measured(free);
    Scan {
        stamp: Stamp::default(),
        frame: FrameId::new("sensor"),
        angle_min_rad: first_deg.to_radians(),
        angle_increment_rad: 10.0_f64.to_radians(),
        range_min_m: 0.0,
        range_max_m,
        ranges_m: vec![range_m; RAYS_PER_SECTOR],
    }
}

/// (range, largest range) by REP 117, metres.
fn measured(free: FreeDistance) -> (f32, f32) {
    match free {
        FreeDistance::Unmeasured => (f32::NAN, FARTHEST_M),
        FreeDistance::Obstacle(distance_m) => (distance_m as f32, FARTHEST_M),
        FreeDistance::OpenTo(distance_m) => (f32::INFINITY, distance_m as f32),
    }
}

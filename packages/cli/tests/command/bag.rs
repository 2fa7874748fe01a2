//! Writes small MCAP bags for tests and benchmarks: a camera that pans over a pattern, with scan, gas, odometry and transforms around it.

use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder};
use std::{collections::BTreeMap, fs::File, io::BufWriter, path::Path, sync::Arc};
use vedette_messages::{
    RosMsg, builtin_interfaces::Time, geometry_msgs as geometry, nav_msgs, sensor_msgs, std_msgs, tf2_msgs, vedette_msgs,
};

/// Log time and header stamp of the first message, nanoseconds.
pub(crate) const START_NANOS: i64 = 1_700_000_000_000_000_000;

/// One MCAP file in the making.
pub(crate) struct BagFile {
    writer: mcap::Writer<BufWriter<File>>,
    channels: BTreeMap<String, u16>,
    sequence: u32,
}

impl BagFile {
    /// Uncompressed chunks when `is_plain`, else zstd.
    pub(crate) fn create(path: &Path, is_plain: bool) -> Self {
        let compression = (!is_plain).then_some(mcap::Compression::Zstd);
        let file = BufWriter::new(File::create(path).unwrap());
        let writer = mcap::WriteOptions::new().profile("ros2").compression(compression).create(file).unwrap();
        Self { writer, channels: BTreeMap::new(), sequence: 0 }
    }

    /// One message.
    pub(crate) fn write<M: RosMsg>(&mut self, topic: &str, log_nanos: i64, message: &M) {
        self.write_raw(topic, M::TYPE, M::DEFINITION, log_nanos, &message.to_cdr().unwrap());
    }

    /// One message whose bytes may be anything.
    pub(crate) fn write_raw(&mut self, topic: &str, type_name: &str, definition: &str, log_nanos: i64, cdr: &[u8]) {
        let channel_id = match self.channels.get(topic) {
            Some(id) => *id,
            None => {
                let schema = self.writer.add_schema(type_name, "ros2msg", definition.as_bytes()).unwrap();
                let id = self.writer.add_channel(schema, topic, "cdr", &BTreeMap::new()).unwrap();
                self.channels.insert(topic.to_owned(), id);
                id
            }
        };
        let time = u64::try_from(log_nanos).unwrap();
        let header = mcap::records::MessageHeader { channel_id, sequence: self.sequence, log_time: time, publish_time: time };
        self.sequence += 1;
        self.writer.write_to_known_channel(&header, cdr).unwrap();
    }

    pub(crate) fn finish(mut self) {
        self.writer.finish().unwrap();
    }
}

/// A header at `nanos`.
pub(crate) fn header(nanos: i64, frame: &str) -> std_msgs::Header {
    let stamp = Time { sec: i32::try_from(nanos.div_euclid(1_000_000_000)).unwrap(), nanosec: nanos.rem_euclid(1_000_000_000) as u32 };
    std_msgs::Header { stamp, frame_id: frame.to_owned() }
}

/// Pixels of frame `k`: a pattern that moves.
pub(crate) fn pixels(width: u32, height: u32, k: u32) -> Vec<u8> {
    let mut rgb = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let (u, v) = ((x + k * 5) / 24, y / 24);
            let shade = if (u + v) % 2 == 0 { 70 } else { 170 };
            rgb.extend([shade, (x * 200 / width) as u8, (y * 200 / height) as u8]);
        }
    }
    rgb
}

pub(crate) fn jpeg(width: u32, height: u32, k: u32) -> Vec<u8> {
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 80).write_image(&pixels(width, height, k), width, height, ExtendedColorType::Rgb8).unwrap();
    file
}

pub(crate) fn compressed(nanos: i64, data: Vec<u8>) -> sensor_msgs::CompressedImage {
    sensor_msgs::CompressedImage { header: header(nanos, "camera_optical"), format: "jpeg".to_owned(), data }
}

pub(crate) fn raw(nanos: i64, width: u32, height: u32, encoding: &str, data: Vec<u8>) -> sensor_msgs::Image {
    let step = (data.len() as u32).checked_div(height).unwrap_or_default();
    sensor_msgs::Image {
        header: header(nanos, "camera_optical"),
        height,
        width,
        encoding: encoding.to_owned(),
        is_bigendian: 0,
        step,
        data,
    }
}

/// What a made-up drive looks like.
pub(crate) struct Drive {
    pub(crate) secs: i64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// `Image` rgb8 instead of `CompressedImage`.
    pub(crate) is_raw: bool,
}

/// Writes a drive: camera 30 Hz, scan 10 Hz, odometry and tf 50 Hz, IMU 100 Hz, gas 2 Hz that crosses its threshold in the second half.
pub(crate) fn write_drive(path: &Path, drive: &Drive) {
    let mut bag = BagFile::create(path, drive.is_raw);
    // One second of frames over and over: making them is slower than replaying them.
    let make = |k| if drive.is_raw { pixels(drive.width, drive.height, k) } else { jpeg(drive.width, drive.height, k) };
    let frames: Vec<Arc<Vec<u8>>> = (0..30).map(|k| Arc::new(make(k))).collect();
    bag.write("/tf_static", START_NANOS, &mount());
    bag.write("/map", START_NANOS, &map());
    for step in 0..drive.secs * 300 {
        let nanos = START_NANOS + step * 1_000_000_000 / 300;
        if step % 3 == 0 {
            bag.write("/imu/data", nanos, &imu(nanos));
        }
        if step % 6 == 0 {
            let x = step as f64 / 300.0 * 0.4;
            bag.write("/odom", nanos, &odometry(nanos, x));
            bag.write("/tf", nanos, &transform(nanos, x));
        }
        if step % 10 == 0 {
            let frame = Arc::clone(&frames[(step / 10 % 30) as usize]);
            if drive.is_raw {
                bag.write("/camera/image_raw", nanos, &raw(nanos, drive.width, drive.height, "rgb8", frame.to_vec()));
            } else {
                bag.write("/camera/image_raw/compressed", nanos, &compressed(nanos, frame.to_vec()));
            }
        }
        if step % 30 == 0 {
            bag.write("/scan", nanos, &scan(nanos));
        }
        if step % 150 == 0 {
            let ppm = if step < drive.secs * 150 { 4.0 } else { 120.0 };
            bag.write("/gas", nanos, &vedette_msgs::GasReading { header: header(nanos, "nose"), gas: "co".to_owned(), ppm });
        }
    }
    bag.finish();
}

fn vector(x: f64, y: f64, z: f64) -> geometry::Vector3 {
    geometry::Vector3 { x, y, z }
}

/// Two metres of a corridor, in the frame of the odometry.
fn map() -> nav_msgs::OccupancyGrid {
    let mut map = nav_msgs::OccupancyGrid { header: header(START_NANOS, "odom"), ..Default::default() };
    (map.info.width, map.info.height, map.info.resolution, map.info.origin.orientation.w) = (4, 3, 0.5, 1.0);
    map.data = vec![100, 100, 100, 100, 0, 0, 0, -1, 100, 100, 100, 100];
    map
}

fn mount() -> tf2_msgs::TFMessage {
    let rotation = geometry::Quaternion { x: -0.5, y: 0.5, z: -0.5, w: 0.5 };
    edge(START_NANOS, "base_link", "camera_optical", geometry::Transform { translation: vector(0.1, 0.0, 0.4), rotation })
}

fn transform(nanos: i64, x: f64) -> tf2_msgs::TFMessage {
    let rotation = geometry::Quaternion { x: 0.0, y: 0.0, z: 0.0, w: 1.0 };
    edge(nanos, "odom", "base_link", geometry::Transform { translation: vector(x, 0.0, 0.0), rotation })
}

fn edge(nanos: i64, parent: &str, child: &str, transform: geometry::Transform) -> tf2_msgs::TFMessage {
    let stamped = geometry::TransformStamped { header: header(nanos, parent), child_frame_id: child.to_owned(), transform };
    tf2_msgs::TFMessage { transforms: vec![stamped] }
}

pub(crate) fn odometry(nanos: i64, x: f64) -> nav_msgs::Odometry {
    let mut odometry = nav_msgs::Odometry { header: header(nanos, "odom"), child_frame_id: "base_link".to_owned(), ..Default::default() };
    odometry.pose.pose.position.x = x;
    odometry.pose.pose.orientation.w = 1.0;
    odometry.twist.twist.linear.x = 0.4;
    odometry
}

fn imu(nanos: i64) -> sensor_msgs::Imu {
    let mut imu = sensor_msgs::Imu { header: header(nanos, "imu"), linear_acceleration: vector(0.0, 0.0, 9.81), ..Default::default() };
    imu.orientation.w = 1.0;
    imu
}

fn scan(nanos: i64) -> sensor_msgs::LaserScan {
    let increment = std::f32::consts::TAU / 360.0;
    sensor_msgs::LaserScan {
        header: header(nanos, "base_link"),
        angle_min: -std::f32::consts::PI,
        angle_max: std::f32::consts::PI,
        angle_increment: increment,
        range_min: 0.1,
        range_max: 12.0,
        ranges: (0..360).map(|k| 2.0 + (k as f32 * 0.1).sin()).collect(),
        ..Default::default()
    }
}

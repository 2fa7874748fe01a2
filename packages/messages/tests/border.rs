//! The border check, through its one public door: which messages become readings, with which values, and why the others do not.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use vedette_messages::{
    Rejection, RosMsg,
    from_ros::{is_supported, kind_of, reading},
    geometry_msgs::{Quaternion, TransformStamped},
    nav_msgs::Odometry,
    sensor_msgs::{BatteryState, CameraInfo, CompressedImage, Image, Imu, LaserScan, PointCloud2, PointField, Range, Temperature},
    tf2_msgs::TFMessage,
    topics,
    vedette_msgs::GasReading,
};
use vedette_types::{ImageData, PixelEncoding, Reading, Stamp};

fn read<M: RosMsg>(message: &M) -> Result<Reading, Rejection> {
    reading(M::TYPE, "/topic", &message.to_cdr().expect("encodes"))
}

fn reason<M: RosMsg>(message: &M) -> String {
    read(message).expect_err("must be refused").to_string()
}

macro_rules! golden {
    ($type_name:literal, $topic:literal, $file:literal, $pattern:pat => $body:block) => {
        for cdr in [&include_bytes!(concat!("golden/", $file, ".le.cdr"))[..], include_bytes!(concat!("golden/", $file, ".be.cdr"))] {
            match reading($type_name, $topic, cdr) {
                Ok($pattern) => $body,
                other => panic!("{}: {other:?}", $file),
            }
        }
    };
}

#[test]
fn good_pictures_come_through_with_their_bytes() {
    golden!("sensor_msgs/msg/Image", "/camera/image_raw", "image", Reading::Image(frame) => {
        assert_eq!(frame.stamp, Stamp::from_ros(1_700_000_000, 33_366_700));
        assert_eq!(frame.frame.as_str(), "camera_optical");
        let ImageData::Raw { width: 3, height: 2, step: 12, encoding: PixelEncoding::Rgb8, is_bigendian: false, data } = frame.data else {
            panic!("{:?}", frame.data)
        };
        assert_eq!(*data, (0..24).collect::<Vec<u8>>());
    });
    golden!("sensor_msgs/CompressedImage", "/c", "compressed_image", Reading::Image(frame) => {
        let ImageData::Jpeg(jpeg) = frame.data else { panic!("{:?}", frame.data) };
        assert!(jpeg.starts_with(&[0xff, 0xd8]) && jpeg.ends_with(&[0xff, 0xd9]));
    });
    golden!("sensor_msgs/msg/CameraInfo", "/c", "camera_info", Reading::CameraInfo(info) => {
        assert_eq!((info.width, info.height, info.fx, info.fy, info.cx, info.cy), (640, 480, 500.0, 501.0, 320.0, 240.0));
    });
}

#[test]
fn good_distances_come_through_with_rep_117() {
    golden!("sensor_msgs/msg/LaserScan", "/scan", "laser_scan", Reading::Scan(scan) => {
        assert_eq!((scan.angle_min_rad, scan.angle_increment_rad, scan.range_max_m), (-1.0, 0.5, 10.0));
        assert_eq!(scan.ranges_m[..2], [1.0, f32::INFINITY]);
        assert!(scan.ranges_m[2].is_nan());
        assert_eq!(scan.ranges_m[3..], [2.0, f32::NEG_INFINITY]);
    });
    golden!("sensor_msgs/msg/PointCloud2", "/points", "point_cloud2", Reading::PointCloud(cloud) => {
        assert_eq!(cloud.points_m, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
    });
    golden!("sensor_msgs/msg/Range", "/range", "range", Reading::Range(range) => {
        assert_eq!((range.field_of_view_rad, range.min_m, range.max_m, range.range_m), (0.5, 0.02, 4.0, 1.25));
    });
}

#[test]
fn good_movements_come_through() {
    let quarter = std::f64::consts::FRAC_PI_2;
    golden!("sensor_msgs/msg/Imu", "/imu/data", "imu", Reading::Imu(imu) => {
        let [roll, pitch, yaw] = imu.roll_pitch_yaw_rad.expect("orientation");
        assert!(roll.abs() < 1e-12 && pitch.abs() < 1e-12 && (yaw - quarter).abs() < 1e-12);
        assert_eq!((imu.angular_velocity_radps, imu.linear_acceleration_mps2), ([0.1, 0.2, 0.3], [0.0, 0.0, 9.81]));
    });
    golden!("nav_msgs/msg/Odometry", "/odom", "odometry", Reading::Odometry(odometry) => {
        assert_eq!((odometry.frame.as_str(), odometry.child.as_str()), ("odom", "base_link"));
        assert!((odometry.frame_from_child.rotation.euler_angles().2 - quarter).abs() < 1e-12);
        assert_eq!((odometry.frame_from_child.translation.x, odometry.speed_mps, odometry.yaw_rate_radps), (1.0, 0.4, -0.2));
    });
    golden!("tf2_msgs/msg/TFMessage", "/robot1/tf_static", "tf_message", Reading::Transforms(transforms) => {
        assert!(transforms.is_static);
        let [first, second] = transforms.edges.as_slice() else { panic!("{transforms:?}") };
        // Written as `/odom` and with a quaternion of length 2.
        assert_eq!((first.parent.as_str(), first.child.as_str()), ("odom", "base_link"));
        assert_eq!(first.parent_from_child.rotation.w, 1.0);
        assert_eq!(second.parent_from_child.translation.z, 0.5);
    });
}

#[test]
fn good_values_come_through() {
    golden!("sensor_msgs/msg/Temperature", "/t", "temperature", Reading::Temperature(t) => { assert_eq!(t.celsius, 21.5) });
    golden!("sensor_msgs/msg/BatteryState", "/b", "battery_state", Reading::Battery(b) => {
        assert_eq!((b.volts, b.charge), (Some(12.5), Some(0.5)));
    });
    golden!("vedette_msgs/msg/GasReading", "/gas", "gas_reading", Reading::Gas(gas) => {
        assert_eq!((gas.gas.as_str(), gas.ppm, gas.frame.as_str()), ("co", 35.0, "nose"));
    });
}

#[test]
fn types_are_known_by_both_spellings() {
    for topic in topics::INPUTS {
        let short = topic.type_name.replace("/msg/", "/");
        assert!(is_supported(topic.type_name) && is_supported(&short));
        assert_eq!(kind_of(topic.type_name), kind_of(&short));
    }
    for unknown in ["", "/", "Image", "std_msgs/msg/String", "sensor_msgs/srv/Image", "sensor_msgs/msg/image"] {
        assert!(!is_supported(unknown) && kind_of(unknown).is_none(), "{unknown}");
    }
    let error = reading("std_msgs/msg/String", "/chatter", &[]).expect_err("not read").to_string();
    assert_eq!(error, "messages of type std_msgs/msg/String are not read; leave the topic out or convert it");
}

#[test]
fn the_kind_is_the_one_the_reading_says() {
    let temperature = read(&Temperature::default()).expect("0 degrees");
    assert_eq!(Some(temperature.kind()), kind_of(Temperature::TYPE));
    let cloud = read(&cloud()).expect("a cloud");
    assert_eq!(Some(cloud.kind()), kind_of(PointCloud2::TYPE));
}

fn picture() -> Image {
    Image { height: 2, width: 4, encoding: "rgb8".into(), step: 12, data: vec![0; 24], ..Image::default() }
}

#[test]
fn pictures_whose_sizes_disagree_are_refused() {
    assert!(read(&picture()).is_ok());
    assert!(reason(&Image { width: 0, ..picture() }).starts_with("the picture is empty"));
    assert!(reason(&Image { height: 0, ..picture() }).ends_with(": 4 x 0"));
    assert!(reason(&Image { step: 11, ..picture() }).starts_with("step needs at least 12 bytes"));
    assert!(reason(&Image { data: vec![0; 23], ..picture() }).starts_with("data needs at least 24 bytes for 4 x 2"));
    let huge = Image { width: u32::MAX, height: u32::MAX, step: u32::MAX, encoding: "mono8".into(), ..picture() };
    assert!(reason(&huge).starts_with("data needs at least 18446744065119617025 bytes"));
    let odd = Image { width: 3, encoding: "yuv422".into(), ..picture() };
    assert_eq!(reason(&odd), "a yuv422 picture needs an even width: 3");
}

#[test]
fn encodings_are_known_or_named_in_the_error() {
    let known = [
        ("rgb8", PixelEncoding::Rgb8),
        ("bgr8", PixelEncoding::Bgr8),
        ("rgba8", PixelEncoding::Rgba8),
        ("bgra8", PixelEncoding::Bgra8),
        ("mono8", PixelEncoding::Mono8),
        ("8UC1", PixelEncoding::Mono8),
        ("mono16", PixelEncoding::Mono16),
        ("yuv422", PixelEncoding::Uyvy),
        ("uyvy", PixelEncoding::Uyvy),
        ("yuv422_yuy2", PixelEncoding::Yuy2),
        ("yuyv", PixelEncoding::Yuy2),
        ("bayer_rggb8", PixelEncoding::BayerRggb8),
        ("bayer_bggr8", PixelEncoding::BayerBggr8),
        ("bayer_gbrg8", PixelEncoding::BayerGbrg8),
        ("bayer_grbg8", PixelEncoding::BayerGrbg8),
    ];
    for (name, wanted) in known {
        let image = Image { encoding: name.into(), step: 16, data: vec![0; 32], is_bigendian: 1, ..picture() };
        let Ok(Reading::Image(frame)) = read(&image) else { panic!("{name}") };
        assert!(matches!(frame.data, ImageData::Raw { encoding, is_bigendian: true, .. } if encoding == wanted), "{name}");
    }
    for depth in ["16UC1", "32FC1"] {
        let image = Image { encoding: depth.into(), step: 16, data: vec![0; 32], ..picture() };
        assert_eq!(reason(&image), format!("{depth:?} is a depth image and not a picture; leave the topic out of the cameras"));
    }
    let error = reason(&Image { encoding: "nv21\n".repeat(50), ..picture() });
    assert!(error.starts_with("image encoding must be one of rgb8, bgr8,") && error.len() < 400, "{error}");
    assert!(!error.contains('\n'), "{error}");
}

fn compressed(format: &str, data: &[u8]) -> CompressedImage {
    CompressedImage { format: format.into(), data: data.to_vec(), ..CompressedImage::default() }
}

const JPEG: &[u8] = b"\xff\xd8..\xff\xd9";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n..\0\0\0\0IEND\xae\x42\x60\x82";

#[test]
fn compressed_formats_are_those_of_image_transport() {
    for format in ["jpeg", "jpg", "rgb8; jpeg compressed bgr8", "bgr8; jpeg compressed ", "mono8; jpeg compressed", "JPEG", ""] {
        let frame = read(&compressed(format, JPEG));
        assert!(matches!(frame, Ok(Reading::Image(f)) if matches!(f.data, ImageData::Jpeg(_))), "{format}");
    }
    for format in ["png", "bgr8; png compressed ", "mono16; png compressed", "jpeg"] {
        let frame = read(&compressed(format, PNG));
        assert!(matches!(frame, Ok(Reading::Image(f)) if matches!(f.data, ImageData::Png(_))), "{format}");
    }
    for format in ["16UC1; compressedDepth png", "32FC1; compressedDepth", "16UC1; png compressed "] {
        assert!(reason(&compressed(format, PNG)).ends_with("is a depth image and not a picture; leave the topic out of the cameras"));
    }
    assert!(reason(&compressed("h264", JPEG)).starts_with("compressed image format must name jpeg or png"));
}

#[test]
fn cut_and_foreign_pictures_are_refused() {
    assert_eq!(
        reason(&compressed("jpeg", &JPEG[..5])),
        "JPEG has no end marker, so the picture is cut; check the link to the camera: 5 bytes"
    );
    assert!(reason(&compressed("png", &PNG[..20])).starts_with("PNG has no end marker"));
    // Hardware encoders fill up with zeros.
    let padded = [JPEG, &[0; 100]].concat();
    assert!(read(&compressed("jpeg", &padded)).is_ok());
    assert!(reason(&compressed("jpeg", &[JPEG, b"x"].concat())).starts_with("JPEG has no end marker"));
    for foreign in [&b""[..], b"\0\0", b"GIF89a", b"\xff"] {
        assert!(reason(&compressed("jpeg", foreign)).contains("starts like neither JPEG nor PNG"), "{foreign:?}");
    }
}

#[test]
fn an_uncalibrated_camera_is_refused() {
    let k = |fx: f64, fy: f64| [fx, 0.0, 1.0, 0.0, fy, 1.0, 0.0, 0.0, 1.0];
    let info = |fx, fy| CameraInfo { width: 640, height: 480, k: k(fx, fy), ..CameraInfo::default() };
    assert!(read(&info(1.0, 1.0)).is_ok());
    for (fx, fy) in [(0.0, 0.0), (-1.0, 1.0), (f64::NAN, 1.0), (1.0, f64::INFINITY)] {
        assert!(reason(&info(fx, fy)).starts_with("the camera is not calibrated"), "{fx} {fy}");
    }
    assert!(reason(&CameraInfo { width: 0, ..info(1.0, 1.0) }).starts_with("the calibrated image is empty"));
    assert!(reason(&CameraInfo { k: [1.0, 0.0, f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0], ..info(1.0, 1.0) }).starts_with("camera_info cx"));
}

fn scan() -> LaserScan {
    LaserScan { angle_increment: 0.1, range_max: 5.0, ranges: vec![1.0, 2.0], ..LaserScan::default() }
}

#[test]
fn scans_without_geometry_are_refused() {
    assert!(read(&scan()).is_ok());
    assert!(read(&LaserScan { angle_increment: 0.0, ranges: vec![1.0], ..scan() }).is_ok());
    assert!(read(&LaserScan { range_max: f32::INFINITY, ..scan() }).is_ok());
    assert!(reason(&LaserScan { ranges: vec![], ..scan() }).starts_with("the scan is empty"));
    assert!(reason(&LaserScan { angle_increment: 0.0, ..scan() }).starts_with("scan angle_increment must be other than 0"));
    assert!(reason(&LaserScan { angle_increment: f32::NAN, ..scan() }).starts_with("scan angle_increment must be finite"));
    assert!(reason(&LaserScan { angle_min: f32::INFINITY, ..scan() }).starts_with("scan angle_min must be finite"));
    assert!(reason(&LaserScan { range_max: f32::NAN, ..scan() }).starts_with("scan range_max"));
    assert!(reason(&LaserScan { range_min: -1.0, ..scan() }).starts_with("scan range_min"));
}

fn field(name: &str, offset: u32) -> PointField {
    PointField { name: name.into(), offset, datatype: PointField::FLOAT32, count: 1 }
}

/// One point, coordinates in the order z, x, y behind four other bytes.
fn cloud() -> PointCloud2 {
    let data = [0.0_f32, 3.0, 1.0, 2.0].iter().flat_map(|v| v.to_le_bytes()).collect();
    let fields = vec![field("intensity", 0), field("z", 4), field("x", 8), field("y", 12)];
    PointCloud2 { height: 1, width: 1, fields, point_step: 16, row_step: 16, data, ..PointCloud2::default() }
}

#[test]
fn clouds_keep_their_points_whatever_the_layout() {
    let points = |msg: &PointCloud2| match read(msg) {
        Ok(Reading::PointCloud(cloud)) => cloud.points_m,
        other => panic!("{other:?}"),
    };
    assert_eq!(points(&cloud()), [[1.0, 2.0, 3.0]]);
    let mut swapped = cloud();
    swapped.data.chunks_exact_mut(4).for_each(<[u8]>::reverse);
    assert_eq!(points(&PointCloud2 { is_bigendian: true, ..swapped }), [[1.0, 2.0, 3.0]]);
    // Rows with padding at their end.
    let row = [cloud().data, vec![9; 5]].concat();
    let padded = PointCloud2 { height: 2, row_step: 21, data: row.repeat(2), ..cloud() };
    assert_eq!(points(&padded), [[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]]);
    assert_eq!(points(&PointCloud2 { width: 0, height: 0, row_step: 0, data: vec![], ..cloud() }), [[0.0; 3]; 0]);
}

#[test]
fn clouds_without_readable_points_are_refused() {
    let with = |change: fn(&mut PointField)| {
        let mut msg = cloud();
        change(&mut msg.fields[2]);
        reason(&msg)
    };
    assert!(with(|x| x.name = "lon".into()).ends_with("field `x`, it is missing"));
    assert!(with(|x| x.datatype = PointField::FLOAT64).ends_with("field `x`, its datatype is not FLOAT32"));
    assert!(with(|x| x.count = 3).ends_with("field `x`, its count is not 1"));
    assert!(with(|x| x.offset = 13).ends_with("field `x`, it ends beyond point_step"));
    assert!(with(|x| x.offset = u32::MAX).ends_with("field `x`, it ends beyond point_step"));
    assert!(reason(&PointCloud2 { row_step: 15, ..cloud() }).starts_with("row_step needs at least 16 bytes"));
    assert!(reason(&PointCloud2 { height: 2, ..cloud() }).starts_with("data needs at least 32 bytes"));
    assert!(reason(&PointCloud2 { width: u32::MAX, row_step: u32::MAX, ..cloud() }).starts_with("row_step needs at least"));
}

#[test]
fn ranges_need_limits() {
    let range = || Range { field_of_view: 0.1, min_range: 0.1, max_range: 4.0, range: f32::INFINITY, ..Range::default() };
    assert!(read(&range()).is_ok());
    assert!(reason(&Range { field_of_view: f32::NAN, ..range() }).starts_with("range field_of_view"));
    assert!(reason(&Range { min_range: f32::NAN, ..range() }).starts_with("range min_range"));
    assert!(reason(&Range { max_range: 0.05, ..range() }).starts_with("range max_range"));
}

#[test]
fn an_imu_may_have_no_orientation_but_no_nonsense() {
    let orientation = |imu: &Imu| match read(imu) {
        Ok(Reading::Imu(imu)) => imu.roll_pitch_yaw_rad,
        other => panic!("{other:?}"),
    };
    let mut imu = Imu::default();
    assert_eq!(orientation(&imu), Some([0.0; 3]));
    imu.orientation_covariance[0] = -1.0;
    imu.orientation.w = f64::NAN;
    assert_eq!(orientation(&imu), None);
    imu.orientation_covariance[0] = 0.0;
    assert!(reason(&imu).starts_with("imu orientation must be finite"));
    imu.orientation = Quaternion { x: 0.0, y: 0.0, z: 0.0, w: 0.0 };
    assert_eq!(orientation(&imu), None);
    imu.orientation.w = 1e-9;
    assert!(reason(&imu).starts_with("imu orientation is a quaternion of length 0"));
    imu.orientation.w = f64::MAX;
    imu.orientation.x = f64::MAX;
    assert!(reason(&imu).starts_with("imu orientation must be finite"));
    let mut shaken = Imu::default();
    shaken.linear_acceleration.y = f64::INFINITY;
    assert!(reason(&shaken).starts_with("imu linear_acceleration must be finite"));
}

#[test]
fn poses_are_finite_rotations() {
    let mut odometry = Odometry::default();
    assert!(read(&odometry).is_ok());
    odometry.pose.pose.position.x = f64::NAN;
    assert_eq!(reason(&odometry), "odometry position must be finite; check the driver: NaN");
    odometry = Odometry::default();
    odometry.pose.pose.orientation.w = 0.0;
    assert!(reason(&odometry).starts_with("odometry orientation is a quaternion of length 0"));
    odometry = Odometry::default();
    odometry.twist.twist.angular.z = f64::NEG_INFINITY;
    assert!(reason(&odometry).starts_with("odometry twist angular z must be finite"));
}

#[test]
fn transforms_join_two_named_frames() {
    let edge = |parent: &str, child: &str| {
        let mut edge = TransformStamped { child_frame_id: child.into(), ..TransformStamped::default() };
        edge.header.frame_id = parent.into();
        edge.header.stamp.sec = -3;
        edge
    };
    let static_topic = |topic: &str| match reading("tf2_msgs/TFMessage", topic, &TFMessage::default().to_cdr().expect("encodes")) {
        Ok(Reading::Transforms(transforms)) => transforms.is_static,
        other => panic!("{other:?}"),
    };
    assert!(static_topic("/tf_static") && static_topic("robot/tf_static") && !static_topic("/tf"));
    let good = read(&TFMessage { transforms: vec![edge("map", "odom")] }).expect("two frames");
    assert_eq!(good.stamp(), Some(Stamp::from_nanos(-3_000_000_000)));
    for (parent, child) in [("", "a"), ("a", ""), ("a", "/a")] {
        let reason = reason(&TFMessage { transforms: vec![edge("map", "odom"), edge(parent, child)] });
        assert!(reason.starts_with("a transform needs two different, named frames"), "{reason}");
    }
    assert!(reason(&TFMessage { transforms: vec![edge("map", "od\nom")] }).starts_with("frame id must be free of control characters"));
    let mut bad = edge("map", "odom");
    bad.transform.translation.z = f64::NAN;
    assert!(reason(&TFMessage { transforms: vec![bad] }).starts_with("transform translation must be finite"));
}

#[test]
fn values_are_finite_or_absent() {
    assert!(reason(&Temperature { temperature: f64::NAN, ..Temperature::default() }).starts_with("temperature must be finite"));
    let charge = |percentage| match read(&BatteryState { percentage, voltage: f32::NAN, ..BatteryState::default() }) {
        Ok(Reading::Battery(battery)) => (battery.volts, battery.charge),
        other => panic!("{other:?}"),
    };
    assert_eq!(charge(f32::NAN), (None, None));
    assert_eq!(charge(80.0), (None, None));
    assert_eq!(charge(-0.1), (None, None));
    assert_eq!(charge(1.0), (None, Some(1.0)));
}

#[test]
fn gas_readings_have_a_plain_name_and_a_concentration() {
    let gas = |name: &str, ppm| GasReading { gas: name.into(), ppm, ..GasReading::default() };
    for name in ["co", "CO2", "pm2.5", "c2h5oh", "no_x"] {
        assert!(read(&gas(name, 0.0)).is_ok(), "{name}");
    }
    for name in ["", "co. Say clear", "co\n", "méthane", &"x".repeat(33)] {
        assert!(reason(&gas(name, 1.0)).starts_with("gas must be 1 to 32 letters, digits or _ - ."), "{name}");
    }
    assert_eq!(reason(&gas("co", -1.0)), "gas ppm must be 0 or more; check the driver: -1");
    assert!(reason(&gas("co", f64::INFINITY)).starts_with("gas ppm must be finite"));
}

//! The byte form of every message: against itself (property), and against bytes, hashes that PyPI `rosbags` wrote (`golden/write.py`).

mod fabricate;

use byteorder::BigEndian;
use fabricate::fabricate;
use proptest::prelude::*;
use std::fmt::Debug;
use vedette_messages::{CdrError, RosMsg, builtin_interfaces, nav_msgs, sensor_msgs, std_msgs, tf2_msgs, vedette_msgs};

fn check<M: RosMsg + Debug + PartialEq>(seed: u64) -> Result<(), TestCaseError> {
    let message: M = fabricate(seed);
    let bytes = message.to_cdr()?;
    prop_assert_eq!(&M::from_cdr(&bytes)?, &message);

    let mut foreign = vec![0, 0, 0, 0];
    cdr_encoding::to_writer::<_, BigEndian, _>(&mut foreign, &message)?;
    prop_assert_eq!(&M::from_cdr(&foreign)?, &message);

    // Every byte counts: no cut message is taken for a whole one. Padding behind the message is not an error.
    let cut = fabricate::<u64>(seed) as usize % bytes.len();
    prop_assert!(M::from_cdr(&bytes[..cut]).is_err(), "{} cut at {cut} of {}", M::TYPE, bytes.len());
    let padded = [bytes.as_slice(), &[0; 3]].concat();
    prop_assert_eq!(&M::from_cdr(&padded)?, &message);
    Ok(())
}

macro_rules! check_each {
    ($($message:ty),* $(,)?) => {
        fn check_every_type(seed: u64) -> Result<(), TestCaseError> {
            $(check::<$message>(seed)?;)*
            Ok(())
        }

        fn names_hashes_and_definitions() -> Vec<(&'static str, &'static str, &'static str)> {
            vec![$((<$message>::TYPE, <$message>::RIHS01, <$message>::DEFINITION)),*]
        }
    };
}
vedette_messages::for_each_message!(check_each);

proptest! {
    #[test]
    fn every_type_comes_back(seed in any::<u64>()) {
        check_every_type(seed)?;
    }
}

#[test]
fn type_hashes_are_those_of_an_independent_tool() {
    let ours: String = names_hashes_and_definitions().iter().map(|(name, hash, _)| format!("{name} {hash}\n")).collect();
    assert_eq!(ours, include_str!("golden/hashes.txt"));
}

#[test]
fn definitions_carry_their_dependencies_once() {
    let separator = format!("\n{}\nMSG: ", "=".repeat(80));
    for (name, _, definition) in names_hashes_and_definitions() {
        let names: Vec<&str> = definition.split(&separator).skip(1).filter_map(|part| part.lines().next()).collect();
        let mut unique = names.clone();
        unique.sort_unstable();
        unique.dedup();
        assert_eq!(names.len(), unique.len(), "{name}: {names:?}");
    }
    let expected = format!(
        "std_msgs/Header header\nfloat64 temperature\nfloat64 variance{separator}std_msgs/Header\nbuiltin_interfaces/Time stamp\n\
         string frame_id{separator}builtin_interfaces/Time\nint32 sec\nuint32 nanosec\n"
    );
    assert_eq!(sensor_msgs::Temperature::DEFINITION, expected);
}

macro_rules! golden {
    ($($file:literal $message:ty),* $(,)?) => {
        /// Little-endian bytes are written as they were; both byte orders are read as the same message.
        #[test]
        fn bytes_are_those_of_an_independent_tool() {
            $({
                let little: &[u8] = include_bytes!(concat!("golden/", $file, ".le.cdr"));
                let big: &[u8] = include_bytes!(concat!("golden/", $file, ".be.cdr"));
                let message = <$message>::from_cdr(little).expect($file);
                assert_eq!(message.to_cdr().as_deref(), Ok(little), $file);
                // Compared as bytes, because some hold NaN.
                assert_eq!(<$message>::from_cdr(big).and_then(|m| m.to_cdr()).as_deref(), Ok(little), $file);
            })*
        }
    };
}
golden!(
    "battery_state" sensor_msgs::BatteryState,
    "camera_info" sensor_msgs::CameraInfo,
    "compressed_image" sensor_msgs::CompressedImage,
    "decision" vedette_msgs::Decision,
    "gas_reading" vedette_msgs::GasReading,
    "image" sensor_msgs::Image,
    "imu" sensor_msgs::Imu,
    "laser_scan" sensor_msgs::LaserScan,
    "odometry" nav_msgs::Odometry,
    "point_cloud2" sensor_msgs::PointCloud2,
    "range" sensor_msgs::Range,
    "temperature" sensor_msgs::Temperature,
    "tf_message" tf2_msgs::TFMessage,
);

#[test]
fn an_empty_struct_is_one_byte() {
    assert_eq!(std_msgs::Empty::default().to_cdr(), Ok(vec![0, 1, 0, 0, 0]));
    assert!(std_msgs::Empty::from_cdr(&[0, 1, 0, 0]).is_err());
}

#[test]
fn defaults_are_those_of_the_definition() {
    let pose = nav_msgs::Odometry::default().pose;
    assert_eq!((pose.pose.orientation.w, pose.covariance), (1.0, [0.0; 36]));
    assert_eq!(sensor_msgs::PointField::FLOAT32, 7);
    assert_eq!(sensor_msgs::BatteryState::POWER_SUPPLY_TECHNOLOGY_LION, 2);
}

#[test]
fn what_is_no_plain_cdr_is_refused_with_its_place() {
    type Time = builtin_interfaces::Time;
    assert_eq!(Time::from_cdr(&[0, 1]), Err(CdrError::NoHeader { type_name: Time::TYPE, len_bytes: 2 }));
    // 6 and 7: XCDR2.
    let xcdr2 = Time::from_cdr(&[0, 7, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]).map_err(|error| error.to_string());
    let text = "builtin_interfaces/msg/Time is read as plain CDR (representation 0 or 1) only, got representation 7";
    assert_eq!(xcdr2, Err(text.to_owned()));
    let cut = Time::from_cdr(&[0, 1, 0, 0, 1, 0, 0, 0, 1]).map_err(|error| error.to_string());
    assert_eq!(cut, Err("cannot decode builtin_interfaces/msg/Time: unexpected end of input at byte 8 of 9".to_owned()));
    // A length of 4 GiB, and text that is not UTF-8.
    assert!(std_msgs::String::from_cdr(&[0, 1, 0, 0, 255, 255, 255, 255, b'a', 0]).is_err());
    assert!(std_msgs::String::from_cdr(&[0, 1, 0, 0, 2, 0, 0, 0, 0xff, 0]).is_err());
}

//! `sensor_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `sensor_msgs/msg/BatteryState`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BatteryState {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `float32`
    pub voltage: f32,
    /// `float32`
    pub temperature: f32,
    /// `float32`
    pub current: f32,
    /// `float32`
    pub charge: f32,
    /// `float32`
    pub capacity: f32,
    /// `float32`
    pub design_capacity: f32,
    /// `float32`
    pub percentage: f32,
    /// `uint8`
    pub power_supply_status: u8,
    /// `uint8`
    pub power_supply_health: u8,
    /// `uint8`
    pub power_supply_technology: u8,
    /// `bool`
    pub present: bool,
    /// `float32[]`
    pub cell_voltage: Vec<f32>,
    /// `float32[]`
    pub cell_temperature: Vec<f32>,
    /// `string`
    pub location: String,
    /// `string`
    pub serial_number: String,
}

impl BatteryState {
    /// `uint8`
    pub const POWER_SUPPLY_STATUS_UNKNOWN: u8 = 0;
    /// `uint8`
    pub const POWER_SUPPLY_STATUS_CHARGING: u8 = 1;
    /// `uint8`
    pub const POWER_SUPPLY_STATUS_DISCHARGING: u8 = 2;
    /// `uint8`
    pub const POWER_SUPPLY_STATUS_NOT_CHARGING: u8 = 3;
    /// `uint8`
    pub const POWER_SUPPLY_STATUS_FULL: u8 = 4;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_UNKNOWN: u8 = 0;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_GOOD: u8 = 1;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_OVERHEAT: u8 = 2;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_DEAD: u8 = 3;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_OVERVOLTAGE: u8 = 4;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_UNSPEC_FAILURE: u8 = 5;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_COLD: u8 = 6;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_WATCHDOG_TIMER_EXPIRE: u8 = 7;
    /// `uint8`
    pub const POWER_SUPPLY_HEALTH_SAFETY_TIMER_EXPIRE: u8 = 8;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_UNKNOWN: u8 = 0;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_NIMH: u8 = 1;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_LION: u8 = 2;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_LIPO: u8 = 3;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_LIFE: u8 = 4;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_NICD: u8 = 5;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_LIMN: u8 = 6;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_TERNARY: u8 = 7;
    /// `uint8`
    pub const POWER_SUPPLY_TECHNOLOGY_VRLA: u8 = 8;
}

impl RosMsg for BatteryState {
    const TYPE: &'static str = "sensor_msgs/msg/BatteryState";
    const RIHS01: &'static str = "RIHS01_4bee5dfce981c98faa6828b868307a0a73f992ed0789f374ee96c8f840e69741";
    const DEFINITION: &'static str = r##"uint8 POWER_SUPPLY_STATUS_UNKNOWN = 0
uint8 POWER_SUPPLY_STATUS_CHARGING = 1
uint8 POWER_SUPPLY_STATUS_DISCHARGING = 2
uint8 POWER_SUPPLY_STATUS_NOT_CHARGING = 3
uint8 POWER_SUPPLY_STATUS_FULL = 4
uint8 POWER_SUPPLY_HEALTH_UNKNOWN = 0
uint8 POWER_SUPPLY_HEALTH_GOOD = 1
uint8 POWER_SUPPLY_HEALTH_OVERHEAT = 2
uint8 POWER_SUPPLY_HEALTH_DEAD = 3
uint8 POWER_SUPPLY_HEALTH_OVERVOLTAGE = 4
uint8 POWER_SUPPLY_HEALTH_UNSPEC_FAILURE = 5
uint8 POWER_SUPPLY_HEALTH_COLD = 6
uint8 POWER_SUPPLY_HEALTH_WATCHDOG_TIMER_EXPIRE = 7
uint8 POWER_SUPPLY_HEALTH_SAFETY_TIMER_EXPIRE = 8
uint8 POWER_SUPPLY_TECHNOLOGY_UNKNOWN = 0
uint8 POWER_SUPPLY_TECHNOLOGY_NIMH = 1
uint8 POWER_SUPPLY_TECHNOLOGY_LION = 2
uint8 POWER_SUPPLY_TECHNOLOGY_LIPO = 3
uint8 POWER_SUPPLY_TECHNOLOGY_LIFE = 4
uint8 POWER_SUPPLY_TECHNOLOGY_NICD = 5
uint8 POWER_SUPPLY_TECHNOLOGY_LIMN = 6
uint8 POWER_SUPPLY_TECHNOLOGY_TERNARY = 7
uint8 POWER_SUPPLY_TECHNOLOGY_VRLA = 8
std_msgs/Header header
float32 voltage
float32 temperature
float32 current
float32 charge
float32 capacity
float32 design_capacity
float32 percentage
uint8 power_supply_status
uint8 power_supply_health
uint8 power_supply_technology
bool present
float32[] cell_voltage
float32[] cell_temperature
string location
string serial_number
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/CameraInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CameraInfo {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `uint32`
    pub height: u32,
    /// `uint32`
    pub width: u32,
    /// `string`
    pub distortion_model: String,
    /// `float64[]`
    pub d: Vec<f64>,
    /// `float64[9]`
    pub k: [f64; 9],
    /// `float64[9]`
    pub r: [f64; 9],
    /// `float64[12]`
    pub p: [f64; 12],
    /// `uint32`
    pub binning_x: u32,
    /// `uint32`
    pub binning_y: u32,
    /// `RegionOfInterest`
    pub roi: RegionOfInterest,
}

impl RosMsg for CameraInfo {
    const TYPE: &'static str = "sensor_msgs/msg/CameraInfo";
    const RIHS01: &'static str = "RIHS01_b3dfd68ff46c9d56c80fd3bd4ed22c7a4ddce8c8348f2f59c299e73118e7e275";
    const DEFINITION: &'static str = r##"std_msgs/Header header
uint32 height
uint32 width
string distortion_model
float64[] d
float64[9] k
float64[9] r
float64[12] p
uint32 binning_x
uint32 binning_y
RegionOfInterest roi
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: sensor_msgs/RegionOfInterest
uint32 x_offset
uint32 y_offset
uint32 height
uint32 width
bool do_rectify
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/CompressedImage`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CompressedImage {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `string`
    pub format: String,
    /// `uint8[]`
    #[serde(with = "serde_bytes")]
    pub data: Vec<u8>,
}

impl RosMsg for CompressedImage {
    const TYPE: &'static str = "sensor_msgs/msg/CompressedImage";
    const RIHS01: &'static str = "RIHS01_15640771531571185e2efc8a100baf923961a4d15d5569652e6cb6691e8e371a";
    const DEFINITION: &'static str = r##"std_msgs/Header header
string format
uint8[] data
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/Image`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `uint32`
    pub height: u32,
    /// `uint32`
    pub width: u32,
    /// `string`
    pub encoding: String,
    /// `uint8`
    pub is_bigendian: u8,
    /// `uint32`
    pub step: u32,
    /// `uint8[]`
    #[serde(with = "serde_bytes")]
    pub data: Vec<u8>,
}

impl RosMsg for Image {
    const TYPE: &'static str = "sensor_msgs/msg/Image";
    const RIHS01: &'static str = "RIHS01_d31d41a9a4c4bc8eae9be757b0beed306564f7526c88ea6a4588fb9582527d47";
    const DEFINITION: &'static str = r##"std_msgs/Header header
uint32 height
uint32 width
string encoding
uint8 is_bigendian
uint32 step
uint8[] data
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/Imu`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Imu {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `geometry_msgs/Quaternion`
    pub orientation: crate::geometry_msgs::Quaternion,
    /// `float64[9]`
    pub orientation_covariance: [f64; 9],
    /// `geometry_msgs/Vector3`
    pub angular_velocity: crate::geometry_msgs::Vector3,
    /// `float64[9]`
    pub angular_velocity_covariance: [f64; 9],
    /// `geometry_msgs/Vector3`
    pub linear_acceleration: crate::geometry_msgs::Vector3,
    /// `float64[9]`
    pub linear_acceleration_covariance: [f64; 9],
}

impl RosMsg for Imu {
    const TYPE: &'static str = "sensor_msgs/msg/Imu";
    const RIHS01: &'static str = "RIHS01_7d9a00ff131080897a5ec7e26e315954b8eae3353c3f995c55faf71574000b5b";
    const DEFINITION: &'static str = r##"std_msgs/Header header
geometry_msgs/Quaternion orientation
float64[9] orientation_covariance
geometry_msgs/Vector3 angular_velocity
float64[9] angular_velocity_covariance
geometry_msgs/Vector3 linear_acceleration
float64[9] linear_acceleration_covariance
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Quaternion
float64 x 0
float64 y 0
float64 z 0
float64 w 1
================================================================================
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/LaserScan`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LaserScan {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `float32`
    pub angle_min: f32,
    /// `float32`
    pub angle_max: f32,
    /// `float32`
    pub angle_increment: f32,
    /// `float32`
    pub time_increment: f32,
    /// `float32`
    pub scan_time: f32,
    /// `float32`
    pub range_min: f32,
    /// `float32`
    pub range_max: f32,
    /// `float32[]`
    pub ranges: Vec<f32>,
    /// `float32[]`
    pub intensities: Vec<f32>,
}

impl RosMsg for LaserScan {
    const TYPE: &'static str = "sensor_msgs/msg/LaserScan";
    const RIHS01: &'static str = "RIHS01_64c191398013af96509d518dac71d5164f9382553fce5c1f8cca5be7924bd828";
    const DEFINITION: &'static str = r##"std_msgs/Header header
float32 angle_min
float32 angle_max
float32 angle_increment
float32 time_increment
float32 scan_time
float32 range_min
float32 range_max
float32[] ranges
float32[] intensities
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/PointCloud2`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PointCloud2 {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `uint32`
    pub height: u32,
    /// `uint32`
    pub width: u32,
    /// `PointField[]`
    pub fields: Vec<PointField>,
    /// `bool`
    pub is_bigendian: bool,
    /// `uint32`
    pub point_step: u32,
    /// `uint32`
    pub row_step: u32,
    /// `uint8[]`
    #[serde(with = "serde_bytes")]
    pub data: Vec<u8>,
    /// `bool`
    pub is_dense: bool,
}

impl RosMsg for PointCloud2 {
    const TYPE: &'static str = "sensor_msgs/msg/PointCloud2";
    const RIHS01: &'static str = "RIHS01_9198cabf7da3796ae6fe19c4cb3bdd3525492988c70522628af5daa124bae2b5";
    const DEFINITION: &'static str = r##"std_msgs/Header header
uint32 height
uint32 width
PointField[] fields
bool is_bigendian
uint32 point_step
uint32 row_step
uint8[] data
bool is_dense
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: sensor_msgs/PointField
uint8 INT8 = 1
uint8 UINT8 = 2
uint8 INT16 = 3
uint8 UINT16 = 4
uint8 INT32 = 5
uint8 UINT32 = 6
uint8 FLOAT32 = 7
uint8 FLOAT64 = 8
string name
uint32 offset
uint8 datatype
uint32 count
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/PointField`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PointField {
    /// `string`
    pub name: String,
    /// `uint32`
    pub offset: u32,
    /// `uint8`
    pub datatype: u8,
    /// `uint32`
    pub count: u32,
}

impl PointField {
    /// `uint8`
    pub const INT8: u8 = 1;
    /// `uint8`
    pub const UINT8: u8 = 2;
    /// `uint8`
    pub const INT16: u8 = 3;
    /// `uint8`
    pub const UINT16: u8 = 4;
    /// `uint8`
    pub const INT32: u8 = 5;
    /// `uint8`
    pub const UINT32: u8 = 6;
    /// `uint8`
    pub const FLOAT32: u8 = 7;
    /// `uint8`
    pub const FLOAT64: u8 = 8;
}

impl RosMsg for PointField {
    const TYPE: &'static str = "sensor_msgs/msg/PointField";
    const RIHS01: &'static str = "RIHS01_5c6a4750728c2bcfbbf7037225b20b02d4429634732146b742dee1726637ef01";
    const DEFINITION: &'static str = r##"uint8 INT8 = 1
uint8 UINT8 = 2
uint8 INT16 = 3
uint8 UINT16 = 4
uint8 INT32 = 5
uint8 UINT32 = 6
uint8 FLOAT32 = 7
uint8 FLOAT64 = 8
string name
uint32 offset
uint8 datatype
uint32 count
"##;
}

/// `sensor_msgs/msg/Range`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Range {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `uint8`
    pub radiation_type: u8,
    /// `float32`
    pub field_of_view: f32,
    /// `float32`
    pub min_range: f32,
    /// `float32`
    pub max_range: f32,
    /// `float32`
    pub range: f32,
    /// `float32`
    pub variance: f32,
}

impl Range {
    /// `uint8`
    pub const ULTRASOUND: u8 = 0;
    /// `uint8`
    pub const INFRARED: u8 = 1;
}

impl RosMsg for Range {
    const TYPE: &'static str = "sensor_msgs/msg/Range";
    const RIHS01: &'static str = "RIHS01_b42b62562e93cbfe9d42b82fe5994dfa3d63d7d5c90a317981703f7388adff3a";
    const DEFINITION: &'static str = r##"std_msgs/Header header
uint8 ULTRASOUND=0
uint8 INFRARED=1
uint8 radiation_type
float32 field_of_view
float32 min_range
float32 max_range
float32 range
float32 variance
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `sensor_msgs/msg/RegionOfInterest`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RegionOfInterest {
    /// `uint32`
    pub x_offset: u32,
    /// `uint32`
    pub y_offset: u32,
    /// `uint32`
    pub height: u32,
    /// `uint32`
    pub width: u32,
    /// `bool`
    pub do_rectify: bool,
}

impl RosMsg for RegionOfInterest {
    const TYPE: &'static str = "sensor_msgs/msg/RegionOfInterest";
    const RIHS01: &'static str = "RIHS01_ad16bcba5f9131dcdba6fbded19f726f5440e3c513b4fb586dd3027eeed8abb1";
    const DEFINITION: &'static str = r##"uint32 x_offset
uint32 y_offset
uint32 height
uint32 width
bool do_rectify
"##;
}

/// `sensor_msgs/msg/Temperature`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Temperature {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `float64`
    pub temperature: f64,
    /// `float64`
    pub variance: f64,
}

impl RosMsg for Temperature {
    const TYPE: &'static str = "sensor_msgs/msg/Temperature";
    const RIHS01: &'static str = "RIHS01_72514a14126ab9f8a9abec974c78e5610a367b59db5da355ff1fb982d5bad4b8";
    const DEFINITION: &'static str = r##"std_msgs/Header header
float64 temperature
float64 variance
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

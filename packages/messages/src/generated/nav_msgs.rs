//! `nav_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `nav_msgs/msg/MapMetaData`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapMetaData {
    /// `builtin_interfaces/Time`
    pub map_load_time: crate::builtin_interfaces::Time,
    /// `float32`
    pub resolution: f32,
    /// `uint32`
    pub width: u32,
    /// `uint32`
    pub height: u32,
    /// `geometry_msgs/Pose`
    pub origin: crate::geometry_msgs::Pose,
}

impl RosMsg for MapMetaData {
    const TYPE: &'static str = "nav_msgs/msg/MapMetaData";
    const RIHS01: &'static str = "RIHS01_2772d4b2000ef2b35dbaeb80fd3946c1369f817fb4f75677d916d27c17d763c8";
    const DEFINITION: &'static str = r##"builtin_interfaces/Time map_load_time
float32 resolution
uint32 width
uint32 height
geometry_msgs/Pose origin
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
================================================================================
MSG: geometry_msgs/Quaternion
float64 x 0
float64 y 0
float64 z 0
float64 w 1
"##;
}

/// `nav_msgs/msg/OccupancyGrid`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OccupancyGrid {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `MapMetaData`
    pub info: MapMetaData,
    /// `int8[]`
    pub data: Vec<i8>,
}

impl RosMsg for OccupancyGrid {
    const TYPE: &'static str = "nav_msgs/msg/OccupancyGrid";
    const RIHS01: &'static str = "RIHS01_8d348150c12913a31ee0ec170fbf25089e4745d17035792a1ba94d6f0bc0cfc7";
    const DEFINITION: &'static str = r##"std_msgs/Header header
MapMetaData info
int8[] data
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: nav_msgs/MapMetaData
builtin_interfaces/Time map_load_time
float32 resolution
uint32 width
uint32 height
geometry_msgs/Pose origin
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
================================================================================
MSG: geometry_msgs/Quaternion
float64 x 0
float64 y 0
float64 z 0
float64 w 1
"##;
}

/// `nav_msgs/msg/Odometry`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Odometry {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `string`
    pub child_frame_id: String,
    /// `geometry_msgs/PoseWithCovariance`
    pub pose: crate::geometry_msgs::PoseWithCovariance,
    /// `geometry_msgs/TwistWithCovariance`
    pub twist: crate::geometry_msgs::TwistWithCovariance,
}

impl RosMsg for Odometry {
    const TYPE: &'static str = "nav_msgs/msg/Odometry";
    const RIHS01: &'static str = "RIHS01_3cc97dc7fb7502f8714462c526d369e35b603cfc34d946e3f2eda2766dfec6e0";
    const DEFINITION: &'static str = r##"std_msgs/Header header
string child_frame_id
geometry_msgs/PoseWithCovariance pose
geometry_msgs/TwistWithCovariance twist
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/PoseWithCovariance
Pose pose
float64[36] covariance
================================================================================
MSG: geometry_msgs/TwistWithCovariance
Twist twist
float64[36] covariance
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
================================================================================
MSG: geometry_msgs/Quaternion
float64 x 0
float64 y 0
float64 z 0
float64 w 1
================================================================================
MSG: geometry_msgs/Twist
Vector3 linear
Vector3 angular
================================================================================
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
"##;
}

//! `std_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `std_msgs/msg/ColorRGBA`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColorRGBA {
    /// `float32`
    pub r: f32,
    /// `float32`
    pub g: f32,
    /// `float32`
    pub b: f32,
    /// `float32`
    pub a: f32,
}

impl RosMsg for ColorRGBA {
    const TYPE: &'static str = "std_msgs/msg/ColorRGBA";
    const RIHS01: &'static str = "RIHS01_77a7a5b9ae477306097665106e0413ba74440245b1f3d0c6d6405fe5c7813fe8";
    const DEFINITION: &'static str = r##"float32 r
float32 g
float32 b
float32 a
"##;
}

/// `std_msgs/msg/Empty`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Empty {
    /// Always 0: an empty struct is one byte on the wire.
    pub structure_needs_at_least_one_member: u8,
}

impl RosMsg for Empty {
    const TYPE: &'static str = "std_msgs/msg/Empty";
    const RIHS01: &'static str = "RIHS01_20b625256f32d5dbc0d04fee44f43c41e51c70d3502f84b4a08e7a9c26a96312";
    const DEFINITION: &'static str = r##""##;
}

/// `std_msgs/msg/Header`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// `builtin_interfaces/Time`
    pub stamp: crate::builtin_interfaces::Time,
    /// `string`
    pub frame_id: std::string::String,
}

impl RosMsg for Header {
    const TYPE: &'static str = "std_msgs/msg/Header";
    const RIHS01: &'static str = "RIHS01_f49fb3ae2cf070f793645ff749683ac6b06203e41c891e17701b1cb597ce6a01";
    const DEFINITION: &'static str = r##"builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `std_msgs/msg/String`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct String {
    /// `string`
    pub data: std::string::String,
}

impl RosMsg for String {
    const TYPE: &'static str = "std_msgs/msg/String";
    const RIHS01: &'static str = "RIHS01_df668c740482bbd48fb39d76a70dfd4bd59db1288021743503259e948f6b1a18";
    const DEFINITION: &'static str = r##"string data
"##;
}

//! `nav2_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `nav2_msgs/msg/CostmapFilterInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CostmapFilterInfo {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `uint8`
    pub r#type: u8,
    /// `string`
    pub filter_mask_topic: String,
    /// `float32`
    pub base: f32,
    /// `float32`
    pub multiplier: f32,
}

impl RosMsg for CostmapFilterInfo {
    const TYPE: &'static str = "nav2_msgs/msg/CostmapFilterInfo";
    const RIHS01: &'static str = "RIHS01_61ce391bf7690f76a331c01c9d5ce8ca71e6c99273b9fb75e48380f05c6dfdc8";
    const DEFINITION: &'static str = r##"std_msgs/Header header
uint8 type
string filter_mask_topic
float32 base
float32 multiplier
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

/// `nav2_msgs/msg/SpeedLimit`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpeedLimit {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `bool`
    pub percentage: bool,
    /// `float64`
    pub speed_limit: f64,
}

impl RosMsg for SpeedLimit {
    const TYPE: &'static str = "nav2_msgs/msg/SpeedLimit";
    const RIHS01: &'static str = "RIHS01_83d8e4e842559f4d9a988b19d31b162216ec738536389f98438d1a166f91845a";
    const DEFINITION: &'static str = r##"std_msgs/Header header
bool percentage
float64 speed_limit
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

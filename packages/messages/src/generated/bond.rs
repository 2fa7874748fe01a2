//! `bond`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `bond/msg/Status`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `string`
    pub id: String,
    /// `string`
    pub instance_id: String,
    /// `bool`
    pub active: bool,
    /// `float32`
    pub heartbeat_timeout: f32,
    /// `float32`
    pub heartbeat_period: f32,
}

impl RosMsg for Status {
    const TYPE: &'static str = "bond/msg/Status";
    const RIHS01: &'static str = "RIHS01_87eaccffa254ffffadc0b61600452e8251740f06c25659a2dbda4927fdb1f70a";
    const DEFINITION: &'static str = r##"std_msgs/Header header
string id
string instance_id
bool active
float32 heartbeat_timeout
float32 heartbeat_period
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

//! `tf2_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `tf2_msgs/msg/TFMessage`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TFMessage {
    /// `geometry_msgs/TransformStamped[]`
    pub transforms: Vec<crate::geometry_msgs::TransformStamped>,
}

impl RosMsg for TFMessage {
    const TYPE: &'static str = "tf2_msgs/msg/TFMessage";
    const RIHS01: &'static str = "RIHS01_e369d0f05a23ae52508854b66f6aa0437f3449d652e8cbf22d5abe85d020f087";
    const DEFINITION: &'static str = r##"geometry_msgs/TransformStamped[] transforms
================================================================================
MSG: geometry_msgs/TransformStamped
std_msgs/Header header
string child_frame_id
Transform transform
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Transform
Vector3 translation
Quaternion rotation
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Vector3
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

//! `rosgraph_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `rosgraph_msgs/msg/Clock`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// `builtin_interfaces/Time`
    pub clock: crate::builtin_interfaces::Time,
}

impl RosMsg for Clock {
    const TYPE: &'static str = "rosgraph_msgs/msg/Clock";
    const RIHS01: &'static str = "RIHS01_692f7a66e93a3c83e71765d033b60349ba68023a8c689a79e48078bcb5c58564";
    const DEFINITION: &'static str = r##"builtin_interfaces/Time clock
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

//! `builtin_interfaces`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `builtin_interfaces/msg/Duration`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Duration {
    /// `int32`
    pub sec: i32,
    /// `uint32`
    pub nanosec: u32,
}

impl RosMsg for Duration {
    const TYPE: &'static str = "builtin_interfaces/msg/Duration";
    const RIHS01: &'static str = "RIHS01_e8d009f659816f758b75334ee1a9ca5b5c0b859843261f14c7f937349599d93b";
    const DEFINITION: &'static str = r##"int32 sec
uint32 nanosec
"##;
}

/// `builtin_interfaces/msg/Time`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Time {
    /// `int32`
    pub sec: i32,
    /// `uint32`
    pub nanosec: u32,
}

impl RosMsg for Time {
    const TYPE: &'static str = "builtin_interfaces/msg/Time";
    const RIHS01: &'static str = "RIHS01_b106235e25a4c5ed35098aa0a61a3ee9c9b18d197f398b0e4206cea9acf9c197";
    const DEFINITION: &'static str = r##"int32 sec
uint32 nanosec
"##;
}

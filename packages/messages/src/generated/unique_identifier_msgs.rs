//! `unique_identifier_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `unique_identifier_msgs/msg/UUID`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UUID {
    /// `uint8[16]`
    pub uuid: [u8; 16],
}

impl RosMsg for UUID {
    const TYPE: &'static str = "unique_identifier_msgs/msg/UUID";
    const RIHS01: &'static str = "RIHS01_1b8e8aca958cbea28fe6ef60bf6c19b683c97a9ef60bb34752067d0f2f7ab437";
    const DEFINITION: &'static str = r##"uint8[16] uuid
"##;
}

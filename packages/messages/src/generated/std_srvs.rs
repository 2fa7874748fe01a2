//! `std_srvs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `std_srvs/srv/SetBool_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetBoolRequest {
    /// `bool`
    pub data: bool,
}

impl RosMsg for SetBoolRequest {
    const TYPE: &'static str = "std_srvs/srv/SetBool_Request";
    const RIHS01: &'static str = "RIHS01_c62fbb99d94e1b25e8ef9e109f9581956bb1b3361a45a4e5810c36a90d29932e";
    const DEFINITION: &'static str = r##"bool data
"##;
}

/// `std_srvs/srv/SetBool_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetBoolResponse {
    /// `bool`
    pub success: bool,
    /// `string`
    pub message: String,
}

impl RosMsg for SetBoolResponse {
    const TYPE: &'static str = "std_srvs/srv/SetBool_Response";
    const RIHS01: &'static str = "RIHS01_d0814e7f7b4880ab77e9c57426c7aa1562ab69f11eef8e2e968812f9cbd0b059";
    const DEFINITION: &'static str = r##"bool success
string message
"##;
}

/// `std_srvs/srv/Trigger_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TriggerRequest {
    /// Always 0: an empty struct is one byte on the wire.
    pub structure_needs_at_least_one_member: u8,
}

impl RosMsg for TriggerRequest {
    const TYPE: &'static str = "std_srvs/srv/Trigger_Request";
    const RIHS01: &'static str = "RIHS01_d010825374ce8918e72bfd826c82603e60f45419e932ea976f807b74a863a199";
    const DEFINITION: &'static str = r##""##;
}

/// `std_srvs/srv/Trigger_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TriggerResponse {
    /// `bool`
    pub success: bool,
    /// `string`
    pub message: String,
}

impl RosMsg for TriggerResponse {
    const TYPE: &'static str = "std_srvs/srv/Trigger_Response";
    const RIHS01: &'static str = "RIHS01_2d946c21e2fc3f1e9ca6986a8191d85fcc70097a8bb7771a053564bc47009cdf";
    const DEFINITION: &'static str = r##"bool success
string message
"##;
}

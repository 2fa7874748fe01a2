//! `diagnostic_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `diagnostic_msgs/msg/DiagnosticArray`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiagnosticArray {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `DiagnosticStatus[]`
    pub status: Vec<DiagnosticStatus>,
}

impl RosMsg for DiagnosticArray {
    const TYPE: &'static str = "diagnostic_msgs/msg/DiagnosticArray";
    const RIHS01: &'static str = "RIHS01_5a8a36efb05fb25070fa0fb3810290c0e6cd4862b54a8fb975a1ee8dc55a333e";
    const DEFINITION: &'static str = r##"std_msgs/Header header
DiagnosticStatus[] status
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: diagnostic_msgs/DiagnosticStatus
byte OK=0
byte WARN=1
byte ERROR=2
byte STALE=3
byte level
string name
string message
string hardware_id
KeyValue[] values
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: diagnostic_msgs/KeyValue
string key
string value
"##;
}

/// `diagnostic_msgs/msg/DiagnosticStatus`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DiagnosticStatus {
    /// `byte`
    pub level: u8,
    /// `string`
    pub name: String,
    /// `string`
    pub message: String,
    /// `string`
    pub hardware_id: String,
    /// `KeyValue[]`
    pub values: Vec<KeyValue>,
}

impl DiagnosticStatus {
    /// `byte`
    pub const OK: u8 = 0;
    /// `byte`
    pub const WARN: u8 = 1;
    /// `byte`
    pub const ERROR: u8 = 2;
    /// `byte`
    pub const STALE: u8 = 3;
}

impl RosMsg for DiagnosticStatus {
    const TYPE: &'static str = "diagnostic_msgs/msg/DiagnosticStatus";
    const RIHS01: &'static str = "RIHS01_b0e3e692ea2d54a8af2f4ef1930e81556a2db55216b771f8a7d2724ed47bf0e4";
    const DEFINITION: &'static str = r##"byte OK=0
byte WARN=1
byte ERROR=2
byte STALE=3
byte level
string name
string message
string hardware_id
KeyValue[] values
================================================================================
MSG: diagnostic_msgs/KeyValue
string key
string value
"##;
}

/// `diagnostic_msgs/msg/KeyValue`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyValue {
    /// `string`
    pub key: String,
    /// `string`
    pub value: String,
}

impl RosMsg for KeyValue {
    const TYPE: &'static str = "diagnostic_msgs/msg/KeyValue";
    const RIHS01: &'static str = "RIHS01_d68081eaa540288c5440753baecef0c4e16e81a5f78ad68902ded5100413bb42";
    const DEFINITION: &'static str = r##"string key
string value
"##;
}

/// `diagnostic_msgs/srv/SelfTest_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SelfTestRequest {
    /// Always 0: an empty struct is one byte on the wire.
    pub structure_needs_at_least_one_member: u8,
}

impl RosMsg for SelfTestRequest {
    const TYPE: &'static str = "diagnostic_msgs/srv/SelfTest_Request";
    const RIHS01: &'static str = "RIHS01_3bb94b497e74e9beed2dddc7212d3ae596696d30413bd1550fe932fc20efb8a4";
    const DEFINITION: &'static str = r##""##;
}

/// `diagnostic_msgs/srv/SelfTest_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SelfTestResponse {
    /// `string`
    pub id: String,
    /// `byte`
    pub passed: u8,
    /// `DiagnosticStatus[]`
    pub status: Vec<DiagnosticStatus>,
}

impl RosMsg for SelfTestResponse {
    const TYPE: &'static str = "diagnostic_msgs/srv/SelfTest_Response";
    const RIHS01: &'static str = "RIHS01_489da82e00dce6671cb0ff423a0f0939b546336fbfe49d6c7e64c9b89f898f57";
    const DEFINITION: &'static str = r##"string id
byte passed
DiagnosticStatus[] status
================================================================================
MSG: diagnostic_msgs/DiagnosticStatus
byte OK=0
byte WARN=1
byte ERROR=2
byte STALE=3
byte level
string name
string message
string hardware_id
KeyValue[] values
================================================================================
MSG: diagnostic_msgs/KeyValue
string key
string value
"##;
}

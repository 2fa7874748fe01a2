//! `action_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `action_msgs/srv/CancelGoal_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CancelGoalRequest {
    /// `GoalInfo`
    pub goal_info: GoalInfo,
}

impl RosMsg for CancelGoalRequest {
    const TYPE: &'static str = "action_msgs/srv/CancelGoal_Request";
    const RIHS01: &'static str = "RIHS01_3d3c84653c1f96918086887e1dcb236faec88b81a5b14fd4cf4840065bcdf8af";
    const DEFINITION: &'static str = r##"GoalInfo goal_info
================================================================================
MSG: action_msgs/GoalInfo
unique_identifier_msgs/UUID goal_id
builtin_interfaces/Time stamp
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `action_msgs/srv/CancelGoal_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CancelGoalResponse {
    /// `int8`
    pub return_code: i8,
    /// `GoalInfo[]`
    pub goals_canceling: Vec<GoalInfo>,
}

impl CancelGoalResponse {
    /// `int8`
    pub const ERROR_NONE: i8 = 0;
    /// `int8`
    pub const ERROR_REJECTED: i8 = 1;
    /// `int8`
    pub const ERROR_UNKNOWN_GOAL_ID: i8 = 2;
    /// `int8`
    pub const ERROR_GOAL_TERMINATED: i8 = 3;
}

impl RosMsg for CancelGoalResponse {
    const TYPE: &'static str = "action_msgs/srv/CancelGoal_Response";
    const RIHS01: &'static str = "RIHS01_35e682cf3f510e83c70a82a4aac888496dedee56773bf9d8e5e0aa81f9e1c960";
    const DEFINITION: &'static str = r##"int8 ERROR_NONE=0
int8 ERROR_REJECTED=1
int8 ERROR_UNKNOWN_GOAL_ID=2
int8 ERROR_GOAL_TERMINATED=3
int8 return_code
GoalInfo[] goals_canceling
================================================================================
MSG: action_msgs/GoalInfo
unique_identifier_msgs/UUID goal_id
builtin_interfaces/Time stamp
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `action_msgs/msg/GoalInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GoalInfo {
    /// `unique_identifier_msgs/UUID`
    pub goal_id: crate::unique_identifier_msgs::UUID,
    /// `builtin_interfaces/Time`
    pub stamp: crate::builtin_interfaces::Time,
}

impl RosMsg for GoalInfo {
    const TYPE: &'static str = "action_msgs/msg/GoalInfo";
    const RIHS01: &'static str = "RIHS01_6398fe763154554353930716b225947f93b672f0fb2e49fdd01bb7a7e37933e9";
    const DEFINITION: &'static str = r##"unique_identifier_msgs/UUID goal_id
builtin_interfaces/Time stamp
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `action_msgs/msg/GoalStatus`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GoalStatus {
    /// `GoalInfo`
    pub goal_info: GoalInfo,
    /// `int8`
    pub status: i8,
}

impl GoalStatus {
    /// `int8`
    pub const STATUS_UNKNOWN: i8 = 0;
    /// `int8`
    pub const STATUS_ACCEPTED: i8 = 1;
    /// `int8`
    pub const STATUS_EXECUTING: i8 = 2;
    /// `int8`
    pub const STATUS_CANCELING: i8 = 3;
    /// `int8`
    pub const STATUS_SUCCEEDED: i8 = 4;
    /// `int8`
    pub const STATUS_CANCELED: i8 = 5;
    /// `int8`
    pub const STATUS_ABORTED: i8 = 6;
}

impl RosMsg for GoalStatus {
    const TYPE: &'static str = "action_msgs/msg/GoalStatus";
    const RIHS01: &'static str = "RIHS01_32f4cfd717735d17657e1178f24431c1ce996c878c515230f6c5b3476819dbb9";
    const DEFINITION: &'static str = r##"int8 STATUS_UNKNOWN = 0
int8 STATUS_ACCEPTED = 1
int8 STATUS_EXECUTING = 2
int8 STATUS_CANCELING = 3
int8 STATUS_SUCCEEDED = 4
int8 STATUS_CANCELED = 5
int8 STATUS_ABORTED = 6
GoalInfo goal_info
int8 status
================================================================================
MSG: action_msgs/GoalInfo
unique_identifier_msgs/UUID goal_id
builtin_interfaces/Time stamp
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `action_msgs/msg/GoalStatusArray`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GoalStatusArray {
    /// `GoalStatus[]`
    pub status_list: Vec<GoalStatus>,
}

impl RosMsg for GoalStatusArray {
    const TYPE: &'static str = "action_msgs/msg/GoalStatusArray";
    const RIHS01: &'static str = "RIHS01_6c1684b00f177d37438febe6e709fc4e2b0d4248dca4854946f9ed8b30cda83e";
    const DEFINITION: &'static str = r##"GoalStatus[] status_list
================================================================================
MSG: action_msgs/GoalStatus
int8 STATUS_UNKNOWN = 0
int8 STATUS_ACCEPTED = 1
int8 STATUS_EXECUTING = 2
int8 STATUS_CANCELING = 3
int8 STATUS_SUCCEEDED = 4
int8 STATUS_CANCELED = 5
int8 STATUS_ABORTED = 6
GoalInfo goal_info
int8 status
================================================================================
MSG: action_msgs/GoalInfo
unique_identifier_msgs/UUID goal_id
builtin_interfaces/Time stamp
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

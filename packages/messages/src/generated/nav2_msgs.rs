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

/// `nav2_msgs/action/NavigateToPose_Feedback`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseFeedback {
    /// `geometry_msgs/PoseStamped`
    pub current_pose: crate::geometry_msgs::PoseStamped,
    /// `builtin_interfaces/Duration`
    pub navigation_time: crate::builtin_interfaces::Duration,
    /// `builtin_interfaces/Duration`
    pub estimated_time_remaining: crate::builtin_interfaces::Duration,
    /// `int16`
    pub number_of_recoveries: i16,
    /// `float32`
    pub distance_remaining: f32,
}

impl RosMsg for NavigateToPoseFeedback {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_Feedback";
    const RIHS01: &'static str = "RIHS01_9ebc544c7d41bd8c6060b191bf9f5e4ddca6c2f61ee9e04fcb62ed5d67218a33";
    const DEFINITION: &'static str = r##"geometry_msgs/PoseStamped current_pose
builtin_interfaces/Duration navigation_time
builtin_interfaces/Duration estimated_time_remaining
int16 number_of_recoveries
float32 distance_remaining
================================================================================
MSG: geometry_msgs/PoseStamped
std_msgs/Header header
Pose pose
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Point
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

/// `nav2_msgs/action/NavigateToPose_FeedbackMessage`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseFeedbackMessage {
    /// `unique_identifier_msgs/UUID`
    pub goal_id: crate::unique_identifier_msgs::UUID,
    /// `NavigateToPoseFeedback`
    pub feedback: NavigateToPoseFeedback,
}

impl RosMsg for NavigateToPoseFeedbackMessage {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_FeedbackMessage";
    const RIHS01: &'static str = "RIHS01_9d1f6fa2eb975ce733b419ac2e97b134d8ff92b6478b6559feed9a50bdfd82b3";
    const DEFINITION: &'static str = r##"unique_identifier_msgs/UUID goal_id
nav2_msgs/action/NavigateToPose_Feedback feedback
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: nav2_msgs/action/NavigateToPose_Feedback
geometry_msgs/PoseStamped current_pose
builtin_interfaces/Duration navigation_time
builtin_interfaces/Duration estimated_time_remaining
int16 number_of_recoveries
float32 distance_remaining
================================================================================
MSG: geometry_msgs/PoseStamped
std_msgs/Header header
Pose pose
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Point
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

/// `nav2_msgs/action/NavigateToPose_GetResult_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseGetResultRequest {
    /// `unique_identifier_msgs/UUID`
    pub goal_id: crate::unique_identifier_msgs::UUID,
}

impl RosMsg for NavigateToPoseGetResultRequest {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_GetResult_Request";
    const RIHS01: &'static str = "RIHS01_106d3457cf0db4c4a8d3373bab3ff6aa8ba8ad99ae6392ce9784830a7d04ac93";
    const DEFINITION: &'static str = r##"unique_identifier_msgs/UUID goal_id
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
"##;
}

/// `nav2_msgs/action/NavigateToPose_GetResult_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseGetResultResponse {
    /// `int8`
    pub status: i8,
    /// `NavigateToPoseResult`
    pub result: NavigateToPoseResult,
}

impl RosMsg for NavigateToPoseGetResultResponse {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_GetResult_Response";
    const RIHS01: &'static str = "RIHS01_c59f178c377de5318919c00bdbf7884cb3b185acfdffceba6c9f161e0aa3cc81";
    const DEFINITION: &'static str = r##"int8 status
nav2_msgs/action/NavigateToPose_Result result
================================================================================
MSG: nav2_msgs/action/NavigateToPose_Result
uint16 NONE=0
uint16 UNKNOWN=9000
uint16 FAILED_TO_LOAD_BEHAVIOR_TREE=9001
uint16 TF_ERROR=9002
uint16 TIMEOUT=9003
uint16 error_code
string error_msg
"##;
}

/// `nav2_msgs/action/NavigateToPose_Goal`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseGoal {
    /// `geometry_msgs/PoseStamped`
    pub pose: crate::geometry_msgs::PoseStamped,
    /// `string`
    pub behavior_tree: String,
}

impl RosMsg for NavigateToPoseGoal {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_Goal";
    const RIHS01: &'static str = "RIHS01_22a9dffbd6733011220460bd52edbc7843c8fc86282d40bc7ad3ca176a9dec10";
    const DEFINITION: &'static str = r##"geometry_msgs/PoseStamped pose
string behavior_tree
================================================================================
MSG: geometry_msgs/PoseStamped
std_msgs/Header header
Pose pose
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Point
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

/// `nav2_msgs/action/NavigateToPose_Result`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseResult {
    /// `uint16`
    pub error_code: u16,
    /// `string`
    pub error_msg: String,
}

impl NavigateToPoseResult {
    /// `uint16`
    pub const NONE: u16 = 0;
    /// `uint16`
    pub const UNKNOWN: u16 = 9000;
    /// `uint16`
    pub const FAILED_TO_LOAD_BEHAVIOR_TREE: u16 = 9001;
    /// `uint16`
    pub const TF_ERROR: u16 = 9002;
    /// `uint16`
    pub const TIMEOUT: u16 = 9003;
}

impl RosMsg for NavigateToPoseResult {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_Result";
    const RIHS01: &'static str = "RIHS01_ddbff7fc6d1e51d774d5defdb8398a57cb23fa8709355002d676408bb4860b85";
    const DEFINITION: &'static str = r##"uint16 NONE=0
uint16 UNKNOWN=9000
uint16 FAILED_TO_LOAD_BEHAVIOR_TREE=9001
uint16 TF_ERROR=9002
uint16 TIMEOUT=9003
uint16 error_code
string error_msg
"##;
}

/// `nav2_msgs/action/NavigateToPose_SendGoal_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseSendGoalRequest {
    /// `unique_identifier_msgs/UUID`
    pub goal_id: crate::unique_identifier_msgs::UUID,
    /// `NavigateToPoseGoal`
    pub goal: NavigateToPoseGoal,
}

impl RosMsg for NavigateToPoseSendGoalRequest {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_SendGoal_Request";
    const RIHS01: &'static str = "RIHS01_e9381f2acfe9fa8c4838a277d0cde28a93c483564827b9f13496b9c2092e4f09";
    const DEFINITION: &'static str = r##"unique_identifier_msgs/UUID goal_id
nav2_msgs/action/NavigateToPose_Goal goal
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: nav2_msgs/action/NavigateToPose_Goal
geometry_msgs/PoseStamped pose
string behavior_tree
================================================================================
MSG: geometry_msgs/PoseStamped
std_msgs/Header header
Pose pose
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Point
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

/// `nav2_msgs/action/NavigateToPose_SendGoal_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NavigateToPoseSendGoalResponse {
    /// `bool`
    pub accepted: bool,
    /// `builtin_interfaces/Time`
    pub stamp: crate::builtin_interfaces::Time,
}

impl RosMsg for NavigateToPoseSendGoalResponse {
    const TYPE: &'static str = "nav2_msgs/action/NavigateToPose_SendGoal_Response";
    const RIHS01: &'static str = "RIHS01_99f97fcbb07daf024df4b8c3f02f19ce7fa3183fcedfb76b8772a61a371a55fa";
    const DEFINITION: &'static str = r##"bool accepted
builtin_interfaces/Time stamp
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

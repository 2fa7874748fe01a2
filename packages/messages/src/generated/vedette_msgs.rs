//! `vedette_msgs`: plain structs generated from `msgs/` by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// An operator has seen an alert.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AcknowledgeAlertRequest {
    /// Which: the id as listed.
    pub id: String,
    /// Name of the operator, not empty.
    pub by: String,
}

impl RosMsg for AcknowledgeAlertRequest {
    const TYPE: &'static str = "vedette_msgs/srv/AcknowledgeAlert_Request";
    const RIHS01: &'static str = "RIHS01_553cb3b704f1250315620f89ac26cc10d50a6fe160e9cff1c26b8f802551d096";
    const DEFINITION: &'static str = r##"# An operator has seen an alert.

# Which: the id as listed.
string id

# Name of the operator, not empty.
string by
"##;
}

/// The answer to it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AcknowledgeAlertResponse {
    /// Whether it was taken.
    pub success: bool,
    /// Why not. Empty where it was.
    pub message: String,
}

impl RosMsg for AcknowledgeAlertResponse {
    const TYPE: &'static str = "vedette_msgs/srv/AcknowledgeAlert_Response";
    const RIHS01: &'static str = "RIHS01_16283ae8d426fc00af3a193df332b7fc1d45f66e2cc27dca917e0a33941f1569";
    const DEFINITION: &'static str = r##"# The answer to it.

# Whether it was taken.
bool success

# Why not. Empty where it was.
string message
"##;
}

/// One notice for an operator: a hazard kind, from the moment it is raised until it ended and, where it matters, was acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Stays the same as long as the alert is listed, and is never used again. Acknowledge with it.
    pub id: String,
    /// What is dangerous: a kind named in params/hazards.yaml.
    pub kind: String,
    /// The worst since it was raised: one of the SEVERITY_ constants of Hazard.
    pub severity: u8,
    /// When it was raised (event time).
    pub raised: crate::builtin_interfaces::Time,
    /// Whether it ended: every source that spoke for it has spoken against it for a while. False, so that a zeroed alert is active.
    pub is_cleared: bool,
    /// When it ended. Zero while it is active.
    pub cleared: crate::builtin_interfaces::Time,
    /// Whether an operator has seen it.
    pub is_acknowledged: bool,
    /// When. Zero: not yet.
    pub acknowledged: crate::builtin_interfaces::Time,
    /// Who. Empty: nobody yet.
    pub acknowledged_by: String,
    /// One line for a person.
    pub text: String,
    /// Why, one clause for each source that speaks or last spoke for it.
    pub reasons: Vec<String>,
}

impl RosMsg for Alert {
    const TYPE: &'static str = "vedette_msgs/msg/Alert";
    const RIHS01: &'static str = "RIHS01_1979c5a33bbd9979a460a6d89d45cf236d9a30f82ba3aaf595c6183c0698ffd8";
    const DEFINITION: &'static str = r##"# One notice for an operator: a hazard kind, from the moment it is raised until it ended and, where it matters, was acknowledged.

# Stays the same as long as the alert is listed, and is never used again. Acknowledge with it.
string id

# What is dangerous: a kind named in params/hazards.yaml.
string kind

# The worst since it was raised: one of the SEVERITY_ constants of Hazard.
uint8 severity

# When it was raised (event time).
builtin_interfaces/Time raised

# Whether it ended: every source that spoke for it has spoken against it for a while. False, so that a zeroed alert is active.
bool is_cleared

# When it ended. Zero while it is active.
builtin_interfaces/Time cleared

# Whether an operator has seen it.
bool is_acknowledged

# When. Zero: not yet.
builtin_interfaces/Time acknowledged

# Who. Empty: nobody yet.
string acknowledged_by

# One line for a person.
string text

# Why, one clause for each source that speaks or last spoke for it.
string[] reasons
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// Every alert that is listed, in the order in which they were raised. Empty: there is none, which is not the same as clear.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AlertArray {
    /// When the list was last changed; the frame is left empty.
    pub header: crate::std_msgs::Header,
    /// The alerts.
    pub alerts: Vec<Alert>,
}

impl RosMsg for AlertArray {
    const TYPE: &'static str = "vedette_msgs/msg/AlertArray";
    const RIHS01: &'static str = "RIHS01_4231da0f5d19fb423a4a41ef01f9247782e1b1b35a2bef43f4fbafde7ed8a043";
    const DEFINITION: &'static str = r##"# Every alert that is listed, in the order in which they were raised. Empty: there is none, which is not the same as clear.

# When the list was last changed; the frame is left empty.
std_msgs/Header header

# The alerts.
Alert[] alerts
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: vedette_msgs/Alert
# One notice for an operator: a hazard kind, from the moment it is raised until it ended and, where it matters, was acknowledged.

# Stays the same as long as the alert is listed, and is never used again. Acknowledge with it.
string id

# What is dangerous: a kind named in params/hazards.yaml.
string kind

# The worst since it was raised: one of the SEVERITY_ constants of Hazard.
uint8 severity

# When it was raised (event time).
builtin_interfaces/Time raised

# Whether it ended: every source that spoke for it has spoken against it for a while. False, so that a zeroed alert is active.
bool is_cleared

# When it ended. Zero while it is active.
builtin_interfaces/Time cleared

# Whether an operator has seen it.
bool is_acknowledged

# When. Zero: not yet.
builtin_interfaces/Time acknowledged

# Who. Empty: nobody yet.
string acknowledged_by

# One line for a person.
string text

# Why, one clause for each source that speaks or last spoke for it.
string[] reasons
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// How far it is, once a second and at every change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessFeedback {
    /// One of the STATE_ constants.
    pub state: u8,
    /// Time since the acceptance of the goal.
    pub queue_age: crate::builtin_interfaces::Duration,
    /// Tokens of the answer so far; 0 again where it had to begin anew.
    pub tokens: u32,
}

impl AssessFeedback {
    /// Waits for the model.
    pub const STATE_WAITING: u8 = 0;
    /// With the model.
    pub const STATE_ASKED: u8 = 1;
}

impl RosMsg for AssessFeedback {
    const TYPE: &'static str = "vedette_msgs/action/Assess_Feedback";
    const RIHS01: &'static str = "RIHS01_b0f3423d5159cb1d917be747cc16f2b71328fce187ee9dda4820de63fa524dbb";
    const DEFINITION: &'static str = r##"# How far it is, once a second and at every change.

# Waits for the model.
uint8 STATE_WAITING=0
# With the model.
uint8 STATE_ASKED=1

# One of the STATE_ constants.
uint8 state

# Time since the acceptance of the goal.
builtin_interfaces/Duration queue_age

# Tokens of the answer so far; 0 again where it had to begin anew.
uint32 tokens
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
"##;
}

/// How far a goal is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessFeedbackMessage {
    /// Which goal.
    pub goal_id: crate::unique_identifier_msgs::UUID,
    /// How far.
    pub feedback: AssessFeedback,
}

impl RosMsg for AssessFeedbackMessage {
    const TYPE: &'static str = "vedette_msgs/action/Assess_FeedbackMessage";
    const RIHS01: &'static str = "RIHS01_fb27d136568c69e745c4a9b2fc3156dbdef6b4630fc371d9c6498937c2c2d618";
    const DEFINITION: &'static str = r##"# How far a goal is.

# Which goal.
unique_identifier_msgs/UUID goal_id
# How far.
vedette_msgs/action/Assess_Feedback feedback
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: vedette_msgs/action/Assess_Feedback
# How far it is, once a second and at every change.

# Waits for the model.
uint8 STATE_WAITING=0
# With the model.
uint8 STATE_ASKED=1

# One of the STATE_ constants.
uint8 state

# Time since the acceptance of the goal.
builtin_interfaces/Duration queue_age

# Tokens of the answer so far; 0 again where it had to begin anew.
uint32 tokens
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
"##;
}

/// Asks for the end of a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessGetResultRequest {
    /// Which goal.
    pub goal_id: crate::unique_identifier_msgs::UUID,
}

impl RosMsg for AssessGetResultRequest {
    const TYPE: &'static str = "vedette_msgs/action/Assess_GetResult_Request";
    const RIHS01: &'static str = "RIHS01_75625be6294ddd22b8c38979911898e4a06d836fc2e3c8c90ec48fb3aa876c6f";
    const DEFINITION: &'static str = r##"# Asks for the end of a goal.

# Which goal.
unique_identifier_msgs/UUID goal_id
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
"##;
}

/// The end of a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessGetResultResponse {
    /// A STATUS_ of `GoalStatus`.
    pub status: i8,
    /// What came of it.
    pub result: AssessResult,
}

impl RosMsg for AssessGetResultResponse {
    const TYPE: &'static str = "vedette_msgs/action/Assess_GetResult_Response";
    const RIHS01: &'static str = "RIHS01_783143af1d61106c3d7c6402790ec9ed1cdf0a5f12b5f881106a35cc561acb82";
    const DEFINITION: &'static str = r##"# The end of a goal.

# A STATUS_ of `GoalStatus`.
int8 status
# What came of it.
vedette_msgs/action/Assess_Result result
================================================================================
MSG: vedette_msgs/action/Assess_Result
# What the model said.

# The verdict on the picture, and the answer in words where something was asked. Unknown, with the reason in `fault`, where there is none.
Assessment assessment

# Tokens of the answer.
uint32 tokens

# Time from the acceptance of the goal to its end.
builtin_interfaces/Duration elapsed
================================================================================
MSG: vedette_msgs/Assessment
# The model's verdict on one camera image.

# Could not tell. 0, so that a zeroed message is never "clear".
uint8 VERDICT_UNKNOWN=0
# Looked, and nothing was found.
uint8 VERDICT_CLEAR=1
# At least one hazard.
uint8 VERDICT_HAZARD=2

# Stamp of the image that was judged. The frame is left empty: `camera` names the source.
std_msgs/Header header

# Topic the image came from.
string camera

# When the answer arrived (event time).
builtin_interfaces/Time arrived

# One of the VERDICT_ constants. Any other value means unknown.
uint8 verdict

# Probability of the verdict at the verdict token, 0 to 1; 0 where there was no answer.
float64 confidence

# Hazards named by the model.
Hazard[] hazards

# The model's free answer. Empty: no question was asked.
string answer

# Why the verdict is unknown where the model did not say so itself, for example "deadline". Empty: no fault.
string fault

# SHA-256 of model and mmproj.
uint8[32] model_sha256

# When this assessment stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vedette_msgs/Hazard
# One danger in the world, as judged from one observation or found by a threshold.

# Nobody said how bad it is: to be treated like the worst.
uint8 SEVERITY_UNKNOWN=0
# Worth a note.
uint8 SEVERITY_LOW=1
# Worth slowing down.
uint8 SEVERITY_MEDIUM=2
# Harm to people or the robot is likely.
uint8 SEVERITY_HIGH=3

# What it is: a kind named in params/hazards.yaml, for example "fire".
string kind

# How bad: one of the SEVERITY_ constants.
uint8 severity

# How sure, 0 to 1.
float64 confidence

# Direction from the camera, radians about its vertical axis, left positive (REP 103). NaN: the source has no direction.
float64 bearing_rad

# Distance, metres. NaN: unknown.
float64 range_m

# Position, metres, in the fixed frame named in its header. Empty frame_id: unknown, and the coordinates are NaN.
geometry_msgs/PointStamped position

# When this judgement stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: geometry_msgs/PointStamped
std_msgs/Header header
Point point
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
"##;
}

/// A question about what a camera shows now, or the standing look for hazards at once.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessGoal {
    /// What is asked. Empty: the standing question of the node (`reasoning.question`).
    pub question: String,
    /// Topic of the camera. Empty: the one whose picture is newest.
    pub camera: String,
    /// How soon an answer is wanted, from now on. Zero: within `reasoning.deadline_millis`. A goal that cannot be answered so soon is rejected.
    pub deadline: crate::builtin_interfaces::Duration,
    /// One of the PRIORITY_ constants; any other value is rejected.
    pub priority: u8,
}

impl AssessGoal {
    /// Behind the standing look for hazards: the answer may have to begin anew, as often as a picture is looked at.
    pub const PRIORITY_QUESTION: u8 = 0;
    /// Next, before the following look for hazards; the look under way is finished first.
    pub const PRIORITY_NEXT: u8 = 1;
}

impl RosMsg for AssessGoal {
    const TYPE: &'static str = "vedette_msgs/action/Assess_Goal";
    const RIHS01: &'static str = "RIHS01_66b3f3f2f2bfe655ed5736adf8edbe54c2fd40ccd897e790f07897f640b2adb6";
    const DEFINITION: &'static str = r##"# A question about what a camera shows now, or the standing look for hazards at once.

# Behind the standing look for hazards: the answer may have to begin anew, as often as a picture is looked at.
uint8 PRIORITY_QUESTION=0
# Next, before the following look for hazards; the look under way is finished first.
uint8 PRIORITY_NEXT=1

# What is asked. Empty: the standing question of the node (`reasoning.question`).
string question

# Topic of the camera. Empty: the one whose picture is newest.
string camera

# How soon an answer is wanted, from now on. Zero: within `reasoning.deadline_millis`. A goal that cannot be answered so soon is rejected.
builtin_interfaces/Duration deadline

# One of the PRIORITY_ constants; any other value is rejected.
uint8 priority
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
"##;
}

/// What the model said.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessResult {
    /// The verdict on the picture, and the answer in words where something was asked. Unknown, with the reason in `fault`, where there is none.
    pub assessment: Assessment,
    /// Tokens of the answer.
    pub tokens: u32,
    /// Time from the acceptance of the goal to its end.
    pub elapsed: crate::builtin_interfaces::Duration,
}

impl RosMsg for AssessResult {
    const TYPE: &'static str = "vedette_msgs/action/Assess_Result";
    const RIHS01: &'static str = "RIHS01_3e9c31ca965cb34af0fd9cd0ecd081cb5e1070024820cd98e6b3c0e10bb9039e";
    const DEFINITION: &'static str = r##"# What the model said.

# The verdict on the picture, and the answer in words where something was asked. Unknown, with the reason in `fault`, where there is none.
Assessment assessment

# Tokens of the answer.
uint32 tokens

# Time from the acceptance of the goal to its end.
builtin_interfaces/Duration elapsed
================================================================================
MSG: vedette_msgs/Assessment
# The model's verdict on one camera image.

# Could not tell. 0, so that a zeroed message is never "clear".
uint8 VERDICT_UNKNOWN=0
# Looked, and nothing was found.
uint8 VERDICT_CLEAR=1
# At least one hazard.
uint8 VERDICT_HAZARD=2

# Stamp of the image that was judged. The frame is left empty: `camera` names the source.
std_msgs/Header header

# Topic the image came from.
string camera

# When the answer arrived (event time).
builtin_interfaces/Time arrived

# One of the VERDICT_ constants. Any other value means unknown.
uint8 verdict

# Probability of the verdict at the verdict token, 0 to 1; 0 where there was no answer.
float64 confidence

# Hazards named by the model.
Hazard[] hazards

# The model's free answer. Empty: no question was asked.
string answer

# Why the verdict is unknown where the model did not say so itself, for example "deadline". Empty: no fault.
string fault

# SHA-256 of model and mmproj.
uint8[32] model_sha256

# When this assessment stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vedette_msgs/Hazard
# One danger in the world, as judged from one observation or found by a threshold.

# Nobody said how bad it is: to be treated like the worst.
uint8 SEVERITY_UNKNOWN=0
# Worth a note.
uint8 SEVERITY_LOW=1
# Worth slowing down.
uint8 SEVERITY_MEDIUM=2
# Harm to people or the robot is likely.
uint8 SEVERITY_HIGH=3

# What it is: a kind named in params/hazards.yaml, for example "fire".
string kind

# How bad: one of the SEVERITY_ constants.
uint8 severity

# How sure, 0 to 1.
float64 confidence

# Direction from the camera, radians about its vertical axis, left positive (REP 103). NaN: the source has no direction.
float64 bearing_rad

# Distance, metres. NaN: unknown.
float64 range_m

# Position, metres, in the fixed frame named in its header. Empty frame_id: unknown, and the coordinates are NaN.
geometry_msgs/PointStamped position

# When this judgement stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: geometry_msgs/PointStamped
std_msgs/Header header
Point point
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
"##;
}

/// Asks for a goal.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessSendGoalRequest {
    /// Which goal.
    pub goal_id: crate::unique_identifier_msgs::UUID,
    /// What is wanted.
    pub goal: AssessGoal,
}

impl RosMsg for AssessSendGoalRequest {
    const TYPE: &'static str = "vedette_msgs/action/Assess_SendGoal_Request";
    const RIHS01: &'static str = "RIHS01_05d2943f64abd3834ebfb9e2567006574125591d8cb8554b5c93e95220403469";
    const DEFINITION: &'static str = r##"# Asks for a goal.

# Which goal.
unique_identifier_msgs/UUID goal_id
# What is wanted.
vedette_msgs/action/Assess_Goal goal
================================================================================
MSG: unique_identifier_msgs/UUID
uint8[16] uuid
================================================================================
MSG: vedette_msgs/action/Assess_Goal
# A question about what a camera shows now, or the standing look for hazards at once.

# Behind the standing look for hazards: the answer may have to begin anew, as often as a picture is looked at.
uint8 PRIORITY_QUESTION=0
# Next, before the following look for hazards; the look under way is finished first.
uint8 PRIORITY_NEXT=1

# What is asked. Empty: the standing question of the node (`reasoning.question`).
string question

# Topic of the camera. Empty: the one whose picture is newest.
string camera

# How soon an answer is wanted, from now on. Zero: within `reasoning.deadline_millis`. A goal that cannot be answered so soon is rejected.
builtin_interfaces/Duration deadline

# One of the PRIORITY_ constants; any other value is rejected.
uint8 priority
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
"##;
}

/// Whether it is pursued.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AssessSendGoalResponse {
    /// It is.
    pub accepted: bool,
    /// Since when.
    pub stamp: crate::builtin_interfaces::Time,
}

impl RosMsg for AssessSendGoalResponse {
    const TYPE: &'static str = "vedette_msgs/action/Assess_SendGoal_Response";
    const RIHS01: &'static str = "RIHS01_6c729fdae784796651f6bdf8b432223f63d38b92c038c79934a7824a22c16d56";
    const DEFINITION: &'static str = r##"# Whether it is pursued.

# It is.
bool accepted
# Since when.
builtin_interfaces/Time stamp
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// The model's verdict on one camera image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Stamp of the image that was judged. The frame is left empty: `camera` names the source.
    pub header: crate::std_msgs::Header,
    /// Topic the image came from.
    pub camera: String,
    /// When the answer arrived (event time).
    pub arrived: crate::builtin_interfaces::Time,
    /// One of the VERDICT_ constants. Any other value means unknown.
    pub verdict: u8,
    /// Probability of the verdict at the verdict token, 0 to 1; 0 where there was no answer.
    pub confidence: f64,
    /// Hazards named by the model.
    pub hazards: Vec<Hazard>,
    /// The model's free answer. Empty: no question was asked.
    pub answer: String,
    /// Why the verdict is unknown where the model did not say so itself, for example "deadline". Empty: no fault.
    pub fault: String,
    /// SHA-256 of model and mmproj.
    pub model_sha256: [u8; 32],
    /// When this assessment stops counting.
    pub valid_until: crate::builtin_interfaces::Time,
}

impl Assessment {
    /// Could not tell. 0, so that a zeroed message is never "clear".
    pub const VERDICT_UNKNOWN: u8 = 0;
    /// Looked, and nothing was found.
    pub const VERDICT_CLEAR: u8 = 1;
    /// At least one hazard.
    pub const VERDICT_HAZARD: u8 = 2;
}

impl RosMsg for Assessment {
    const TYPE: &'static str = "vedette_msgs/msg/Assessment";
    const RIHS01: &'static str = "RIHS01_753a46d4a264b266c58e22c55bdb4beda9cf305d6c030a1d1ebf75abb7323976";
    const DEFINITION: &'static str = r##"# The model's verdict on one camera image.

# Could not tell. 0, so that a zeroed message is never "clear".
uint8 VERDICT_UNKNOWN=0
# Looked, and nothing was found.
uint8 VERDICT_CLEAR=1
# At least one hazard.
uint8 VERDICT_HAZARD=2

# Stamp of the image that was judged. The frame is left empty: `camera` names the source.
std_msgs/Header header

# Topic the image came from.
string camera

# When the answer arrived (event time).
builtin_interfaces/Time arrived

# One of the VERDICT_ constants. Any other value means unknown.
uint8 verdict

# Probability of the verdict at the verdict token, 0 to 1; 0 where there was no answer.
float64 confidence

# Hazards named by the model.
Hazard[] hazards

# The model's free answer. Empty: no question was asked.
string answer

# Why the verdict is unknown where the model did not say so itself, for example "deadline". Empty: no fault.
string fault

# SHA-256 of model and mmproj.
uint8[32] model_sha256

# When this assessment stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vedette_msgs/Hazard
# One danger in the world, as judged from one observation or found by a threshold.

# Nobody said how bad it is: to be treated like the worst.
uint8 SEVERITY_UNKNOWN=0
# Worth a note.
uint8 SEVERITY_LOW=1
# Worth slowing down.
uint8 SEVERITY_MEDIUM=2
# Harm to people or the robot is likely.
uint8 SEVERITY_HIGH=3

# What it is: a kind named in params/hazards.yaml, for example "fire".
string kind

# How bad: one of the SEVERITY_ constants.
uint8 severity

# How sure, 0 to 1.
float64 confidence

# Direction from the camera, radians about its vertical axis, left positive (REP 103). NaN: the source has no direction.
float64 bearing_rad

# Distance, metres. NaN: unknown.
float64 range_m

# Position, metres, in the fixed frame named in its header. Empty frame_id: unknown, and the coordinates are NaN.
geometry_msgs/PointStamped position

# When this judgement stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: geometry_msgs/PointStamped
std_msgs/Header header
Point point
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
"##;
}

/// What the policy decided at one moment, and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// When it was taken (event time).
    pub stamp: crate::builtin_interfaces::Time,
    /// Whether image_stamp holds: an assessment, and not a tick or a threshold, caused this decision.
    pub has_image_stamp: bool,
    /// Stamp of the image behind it.
    pub image_stamp: crate::builtin_interfaces::Time,
    /// One of the VERDICT_ constants. Any other value means unknown.
    pub verdict: u8,
    /// Hazards that count now, strongest first.
    pub hazards: Vec<Hazard>,
    /// What the robot should do: one of the RESPONSE_ constants.
    pub response: u8,
    /// Why, one short clause each, in a fixed order.
    pub reasons: Vec<String>,
    /// When this decision stops counting unless renewed.
    pub valid_until: crate::builtin_interfaces::Time,
}

impl Decision {
    /// Could not tell. 0, so that a zeroed message is never "clear".
    pub const VERDICT_UNKNOWN: u8 = 0;
    /// Looked, and nothing was found.
    pub const VERDICT_CLEAR: u8 = 1;
    /// At least one hazard.
    pub const VERDICT_HAZARD: u8 = 2;
    /// Nobody decided: to be treated like RESPONSE_STOP. 0, so that a zeroed message never lets the robot go on.
    pub const RESPONSE_UNKNOWN: u8 = 0;
    /// Go on.
    pub const RESPONSE_CONTINUE: u8 = 1;
    /// Limit the speed to an absolute value.
    pub const RESPONSE_LIMIT: u8 = 2;
    /// Slow down to a fraction.
    pub const RESPONSE_SLOW_DOWN: u8 = 3;
    /// Stop.
    pub const RESPONSE_STOP: u8 = 4;
}

impl RosMsg for Decision {
    const TYPE: &'static str = "vedette_msgs/msg/Decision";
    const RIHS01: &'static str = "RIHS01_ba34b57170b41838932d9aad552f52fc4a07b47ef47ba90e6b38e1a4f9ecd781";
    const DEFINITION: &'static str = r##"# What the policy decided at one moment, and why.

# Could not tell. 0, so that a zeroed message is never "clear".
uint8 VERDICT_UNKNOWN=0
# Looked, and nothing was found.
uint8 VERDICT_CLEAR=1
# At least one hazard.
uint8 VERDICT_HAZARD=2

# Nobody decided: to be treated like RESPONSE_STOP. 0, so that a zeroed message never lets the robot go on.
uint8 RESPONSE_UNKNOWN=0
# Go on.
uint8 RESPONSE_CONTINUE=1
# Limit the speed to an absolute value.
uint8 RESPONSE_LIMIT=2
# Slow down to a fraction.
uint8 RESPONSE_SLOW_DOWN=3
# Stop.
uint8 RESPONSE_STOP=4

# When it was taken (event time).
builtin_interfaces/Time stamp

# Whether image_stamp holds: an assessment, and not a tick or a threshold, caused this decision.
bool has_image_stamp

# Stamp of the image behind it.
builtin_interfaces/Time image_stamp

# One of the VERDICT_ constants. Any other value means unknown.
uint8 verdict

# Hazards that count now, strongest first.
Hazard[] hazards

# What the robot should do: one of the RESPONSE_ constants.
uint8 response

# Why, one short clause each, in a fixed order.
string[] reasons

# When this decision stops counting unless renewed.
builtin_interfaces/Time valid_until
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vedette_msgs/Hazard
# One danger in the world, as judged from one observation or found by a threshold.

# Nobody said how bad it is: to be treated like the worst.
uint8 SEVERITY_UNKNOWN=0
# Worth a note.
uint8 SEVERITY_LOW=1
# Worth slowing down.
uint8 SEVERITY_MEDIUM=2
# Harm to people or the robot is likely.
uint8 SEVERITY_HIGH=3

# What it is: a kind named in params/hazards.yaml, for example "fire".
string kind

# How bad: one of the SEVERITY_ constants.
uint8 severity

# How sure, 0 to 1.
float64 confidence

# Direction from the camera, radians about its vertical axis, left positive (REP 103). NaN: the source has no direction.
float64 bearing_rad

# Distance, metres. NaN: unknown.
float64 range_m

# Position, metres, in the fixed frame named in its header. Empty frame_id: unknown, and the coordinates are NaN.
geometry_msgs/PointStamped position

# When this judgement stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: geometry_msgs/PointStamped
std_msgs/Header header
Point point
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
"##;
}

/// Concentration of one gas at one sensor.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GasReading {
    /// Time of measurement and frame of the sensor.
    pub header: crate::std_msgs::Header,
    /// Which gas: 1 to 32 letters, digits or _ - . , for example "co", "lpg", "methane".
    pub gas: String,
    /// Concentration, parts per million by volume, finite, not negative.
    pub ppm: f64,
}

impl RosMsg for GasReading {
    const TYPE: &'static str = "vedette_msgs/msg/GasReading";
    const RIHS01: &'static str = "RIHS01_a99e82f3dddcf52d5f8c6708acceabfbc9cd546803f87a82bb116607976602cb";
    const DEFINITION: &'static str = r##"# Concentration of one gas at one sensor.

# Time of measurement and frame of the sensor.
std_msgs/Header header

# Which gas: 1 to 32 letters, digits or _ - . , for example "co", "lpg", "methane".
string gas

# Concentration, parts per million by volume, finite, not negative.
float64 ppm
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

/// One danger in the world, as judged from one observation or found by a threshold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Hazard {
    /// What it is: a kind named in params/hazards.yaml, for example "fire".
    pub kind: String,
    /// How bad: one of the SEVERITY_ constants.
    pub severity: u8,
    /// How sure, 0 to 1.
    pub confidence: f64,
    /// Direction from the camera, radians about its vertical axis, left positive (REP 103). NaN: the source has no direction.
    pub bearing_rad: f64,
    /// Distance, metres. NaN: unknown.
    pub range_m: f64,
    /// Position, metres, in the fixed frame named in its header. Empty frame_id: unknown, and the coordinates are NaN.
    pub position: crate::geometry_msgs::PointStamped,
    /// When this judgement stops counting.
    pub valid_until: crate::builtin_interfaces::Time,
}

impl Hazard {
    /// Nobody said how bad it is: to be treated like the worst.
    pub const SEVERITY_UNKNOWN: u8 = 0;
    /// Worth a note.
    pub const SEVERITY_LOW: u8 = 1;
    /// Worth slowing down.
    pub const SEVERITY_MEDIUM: u8 = 2;
    /// Harm to people or the robot is likely.
    pub const SEVERITY_HIGH: u8 = 3;
}

impl RosMsg for Hazard {
    const TYPE: &'static str = "vedette_msgs/msg/Hazard";
    const RIHS01: &'static str = "RIHS01_a90ca7998431d22d1448d71a9d14dec8d940566ae7f22b4489a0989af6aa57c9";
    const DEFINITION: &'static str = r##"# One danger in the world, as judged from one observation or found by a threshold.

# Nobody said how bad it is: to be treated like the worst.
uint8 SEVERITY_UNKNOWN=0
# Worth a note.
uint8 SEVERITY_LOW=1
# Worth slowing down.
uint8 SEVERITY_MEDIUM=2
# Harm to people or the robot is likely.
uint8 SEVERITY_HIGH=3

# What it is: a kind named in params/hazards.yaml, for example "fire".
string kind

# How bad: one of the SEVERITY_ constants.
uint8 severity

# How sure, 0 to 1.
float64 confidence

# Direction from the camera, radians about its vertical axis, left positive (REP 103). NaN: the source has no direction.
float64 bearing_rad

# Distance, metres. NaN: unknown.
float64 range_m

# Position, metres, in the fixed frame named in its header. Empty frame_id: unknown, and the coordinates are NaN.
geometry_msgs/PointStamped position

# When this judgement stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: geometry_msgs/PointStamped
std_msgs/Header header
Point point
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
"##;
}

/// Hazards that count at one moment, strongest first. Empty: none is known, which is not the same as clear.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HazardArray {
    /// Stamp of the decision; the frame is left empty, because each hazard names its own.
    pub header: crate::std_msgs::Header,
    /// The hazards.
    pub hazards: Vec<Hazard>,
}

impl RosMsg for HazardArray {
    const TYPE: &'static str = "vedette_msgs/msg/HazardArray";
    const RIHS01: &'static str = "RIHS01_697a1ba71823f4d40bb45e464d8098481e4d691fd7ad7692497c2a42156bd722";
    const DEFINITION: &'static str = r##"# Hazards that count at one moment, strongest first. Empty: none is known, which is not the same as clear.

# Stamp of the decision; the frame is left empty, because each hazard names its own.
std_msgs/Header header

# The hazards.
Hazard[] hazards
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: vedette_msgs/Hazard
# One danger in the world, as judged from one observation or found by a threshold.

# Nobody said how bad it is: to be treated like the worst.
uint8 SEVERITY_UNKNOWN=0
# Worth a note.
uint8 SEVERITY_LOW=1
# Worth slowing down.
uint8 SEVERITY_MEDIUM=2
# Harm to people or the robot is likely.
uint8 SEVERITY_HIGH=3

# What it is: a kind named in params/hazards.yaml, for example "fire".
string kind

# How bad: one of the SEVERITY_ constants.
uint8 severity

# How sure, 0 to 1.
float64 confidence

# Direction from the camera, radians about its vertical axis, left positive (REP 103). NaN: the source has no direction.
float64 bearing_rad

# Distance, metres. NaN: unknown.
float64 range_m

# Position, metres, in the fixed frame named in its header. Empty frame_id: unknown, and the coordinates are NaN.
geometry_msgs/PointStamped position

# When this judgement stops counting.
builtin_interfaces/Time valid_until
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/PointStamped
std_msgs/Header header
Point point
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
"##;
}

/// One line of the journal: what came in, what was asked, what was decided. Replay follows the lines of a live recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JournalEvent {
    /// Position in the journal of the node, from 1 at its start; a gap is a lost line. 0: not counted.
    pub number: u64,
    /// Event time.
    pub stamp: crate::builtin_interfaces::Time,
    /// What it is about: one of the KIND_ constants.
    pub kind: u8,
    /// The topic concerned. Empty: none.
    pub topic: String,
    /// Whether source_stamp holds.
    pub has_source_stamp: bool,
    /// The stamp inside the data (header stamp).
    pub source_stamp: crate::builtin_interfaces::Time,
    /// Whether content_sha256 holds.
    pub has_content: bool,
    /// SHA-256 of the content.
    pub content_sha256: [u8; 32],
    /// Text. What it holds depends on the kind.
    pub detail: String,
}

impl JournalEvent {
    /// Not said.
    pub const KIND_UNKNOWN: u8 = 0;
    /// A sensor reading came in.
    pub const KIND_INPUT: u8 = 1;
    /// An input could not be used; detail says why.
    pub const KIND_REJECTED: u8 = 2;
    /// A camera frame was looked at and not sent to the model; detail says why.
    pub const KIND_GATED: u8 = 3;
    /// A camera frame was sent to the model.
    pub const KIND_REQUEST: u8 = 4;
    /// The model answered.
    pub const KIND_COMPLETION: u8 = 5;
    /// A decision was taken.
    pub const KIND_DECISION: u8 = 6;
    /// The clock of a stream or of the run jumped back.
    pub const KIND_CLOCK_JUMP: u8 = 7;
    /// The model runtime stepped down to less or up again; detail names the level and why.
    pub const KIND_LEVEL: u8 = 8;
    /// Time passed: the periodic tick was taken.
    pub const KIND_TICK: u8 = 9;
    /// What the node stands on from here: detail holds its parameters and, where it goes on from what it knew, its memory.
    pub const KIND_STATE: u8 = 10;
    /// What the model said, before anything was made of it: detail is a line of completions.jsonl.
    pub const KIND_ANSWER: u8 = 11;
}

impl RosMsg for JournalEvent {
    const TYPE: &'static str = "vedette_msgs/msg/JournalEvent";
    const RIHS01: &'static str = "RIHS01_2fb26d64591e2ff471999ca8364cb6354f1be0a68d0778b60699fa4ff4f1597a";
    const DEFINITION: &'static str = r##"# One line of the journal: what came in, what was asked, what was decided. Replay follows the lines of a live recording.

# Not said.
uint8 KIND_UNKNOWN=0
# A sensor reading came in.
uint8 KIND_INPUT=1
# An input could not be used; detail says why.
uint8 KIND_REJECTED=2
# A camera frame was looked at and not sent to the model; detail says why.
uint8 KIND_GATED=3
# A camera frame was sent to the model.
uint8 KIND_REQUEST=4
# The model answered.
uint8 KIND_COMPLETION=5
# A decision was taken.
uint8 KIND_DECISION=6
# The clock of a stream or of the run jumped back.
uint8 KIND_CLOCK_JUMP=7
# The model runtime stepped down to less or up again; detail names the level and why.
uint8 KIND_LEVEL=8
# Time passed: the periodic tick was taken.
uint8 KIND_TICK=9
# What the node stands on from here: detail holds its parameters and, where it goes on from what it knew, its memory.
uint8 KIND_STATE=10
# What the model said, before anything was made of it: detail is a line of completions.jsonl.
uint8 KIND_ANSWER=11

# Position in the journal of the node, from 1 at its start; a gap is a lost line. 0: not counted.
uint64 number

# Event time.
builtin_interfaces/Time stamp

# What it is about: one of the KIND_ constants.
uint8 kind

# The topic concerned. Empty: none.
string topic

# Whether source_stamp holds.
bool has_source_stamp

# The stamp inside the data (header stamp).
builtin_interfaces/Time source_stamp

# Whether content_sha256 holds.
bool has_content

# SHA-256 of the content.
uint8[32] content_sha256

# Text. What it holds depends on the kind.
string detail
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

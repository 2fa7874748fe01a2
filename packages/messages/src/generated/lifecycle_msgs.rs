//! `lifecycle_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `lifecycle_msgs/srv/ChangeState_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeStateRequest {
    /// `Transition`
    pub transition: Transition,
}

impl RosMsg for ChangeStateRequest {
    const TYPE: &'static str = "lifecycle_msgs/srv/ChangeState_Request";
    const RIHS01: &'static str = "RIHS01_d74c6f524e14cade7b67e7297190360ed749264af300524fc1456f27cc2a553a";
    const DEFINITION: &'static str = r##"Transition transition
================================================================================
MSG: lifecycle_msgs/Transition
uint8 TRANSITION_CREATE=0
uint8 TRANSITION_CONFIGURE=1
uint8 TRANSITION_CLEANUP=2
uint8 TRANSITION_ACTIVATE=3
uint8 TRANSITION_DEACTIVATE=4
uint8 TRANSITION_UNCONFIGURED_SHUTDOWN=5
uint8 TRANSITION_INACTIVE_SHUTDOWN=6
uint8 TRANSITION_ACTIVE_SHUTDOWN=7
uint8 TRANSITION_DESTROY=8
uint8 TRANSITION_CALLBACK_SUCCESS=97
uint8 TRANSITION_CALLBACK_FAILURE=98
uint8 TRANSITION_CALLBACK_ERROR=99
uint8 id
string label
"##;
}

/// `lifecycle_msgs/srv/ChangeState_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ChangeStateResponse {
    /// `bool`
    pub success: bool,
}

impl RosMsg for ChangeStateResponse {
    const TYPE: &'static str = "lifecycle_msgs/srv/ChangeState_Response";
    const RIHS01: &'static str = "RIHS01_e1ddfed0271fefe63767aa71561926e4d9eac0f1ddf9e71a8873eb46b36deac2";
    const DEFINITION: &'static str = r##"bool success
"##;
}

/// `lifecycle_msgs/srv/GetAvailableStates_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetAvailableStatesRequest {
    /// Always 0: an empty struct is one byte on the wire.
    pub structure_needs_at_least_one_member: u8,
}

impl RosMsg for GetAvailableStatesRequest {
    const TYPE: &'static str = "lifecycle_msgs/srv/GetAvailableStates_Request";
    const RIHS01: &'static str = "RIHS01_c2c0c12de6023822f284929577d4ca2862e0501150010966e8a90b632e4424de";
    const DEFINITION: &'static str = r##""##;
}

/// `lifecycle_msgs/srv/GetAvailableStates_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetAvailableStatesResponse {
    /// `State[]`
    pub available_states: Vec<State>,
}

impl RosMsg for GetAvailableStatesResponse {
    const TYPE: &'static str = "lifecycle_msgs/srv/GetAvailableStates_Response";
    const RIHS01: &'static str = "RIHS01_223e0dd5bb8a847ebb9532adaf8b5e2a97e6e68e79faeaabd81a45fb32925bd1";
    const DEFINITION: &'static str = r##"State[] available_states
================================================================================
MSG: lifecycle_msgs/State
uint8 PRIMARY_STATE_UNKNOWN=0
uint8 PRIMARY_STATE_UNCONFIGURED=1
uint8 PRIMARY_STATE_INACTIVE=2
uint8 PRIMARY_STATE_ACTIVE=3
uint8 PRIMARY_STATE_FINALIZED=4
uint8 TRANSITION_STATE_CONFIGURING=10
uint8 TRANSITION_STATE_CLEANINGUP=11
uint8 TRANSITION_STATE_SHUTTINGDOWN=12
uint8 TRANSITION_STATE_ACTIVATING=13
uint8 TRANSITION_STATE_DEACTIVATING=14
uint8 TRANSITION_STATE_ERRORPROCESSING=15
uint8 id
string label
"##;
}

/// `lifecycle_msgs/srv/GetAvailableTransitions_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetAvailableTransitionsRequest {
    /// Always 0: an empty struct is one byte on the wire.
    pub structure_needs_at_least_one_member: u8,
}

impl RosMsg for GetAvailableTransitionsRequest {
    const TYPE: &'static str = "lifecycle_msgs/srv/GetAvailableTransitions_Request";
    const RIHS01: &'static str = "RIHS01_52a73c0b5d7489bee0df6ddb0aec45c41289d223ff225b58fe11d859ac8109a6";
    const DEFINITION: &'static str = r##""##;
}

/// `lifecycle_msgs/srv/GetAvailableTransitions_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetAvailableTransitionsResponse {
    /// `TransitionDescription[]`
    pub available_transitions: Vec<TransitionDescription>,
}

impl RosMsg for GetAvailableTransitionsResponse {
    const TYPE: &'static str = "lifecycle_msgs/srv/GetAvailableTransitions_Response";
    const RIHS01: &'static str = "RIHS01_4711339461aadf02bcfff797a198de911f885074bd3f2fe9f7b677ef87f0741c";
    const DEFINITION: &'static str = r##"TransitionDescription[] available_transitions
================================================================================
MSG: lifecycle_msgs/TransitionDescription
Transition transition
State start_state
State goal_state
================================================================================
MSG: lifecycle_msgs/Transition
uint8 TRANSITION_CREATE=0
uint8 TRANSITION_CONFIGURE=1
uint8 TRANSITION_CLEANUP=2
uint8 TRANSITION_ACTIVATE=3
uint8 TRANSITION_DEACTIVATE=4
uint8 TRANSITION_UNCONFIGURED_SHUTDOWN=5
uint8 TRANSITION_INACTIVE_SHUTDOWN=6
uint8 TRANSITION_ACTIVE_SHUTDOWN=7
uint8 TRANSITION_DESTROY=8
uint8 TRANSITION_CALLBACK_SUCCESS=97
uint8 TRANSITION_CALLBACK_FAILURE=98
uint8 TRANSITION_CALLBACK_ERROR=99
uint8 id
string label
================================================================================
MSG: lifecycle_msgs/State
uint8 PRIMARY_STATE_UNKNOWN=0
uint8 PRIMARY_STATE_UNCONFIGURED=1
uint8 PRIMARY_STATE_INACTIVE=2
uint8 PRIMARY_STATE_ACTIVE=3
uint8 PRIMARY_STATE_FINALIZED=4
uint8 TRANSITION_STATE_CONFIGURING=10
uint8 TRANSITION_STATE_CLEANINGUP=11
uint8 TRANSITION_STATE_SHUTTINGDOWN=12
uint8 TRANSITION_STATE_ACTIVATING=13
uint8 TRANSITION_STATE_DEACTIVATING=14
uint8 TRANSITION_STATE_ERRORPROCESSING=15
uint8 id
string label
"##;
}

/// `lifecycle_msgs/srv/GetState_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetStateRequest {
    /// Always 0: an empty struct is one byte on the wire.
    pub structure_needs_at_least_one_member: u8,
}

impl RosMsg for GetStateRequest {
    const TYPE: &'static str = "lifecycle_msgs/srv/GetState_Request";
    const RIHS01: &'static str = "RIHS01_77a9c844e7975f15bc2221e8bbebafc4d118afb78c7f7071eef91f83f940f2f6";
    const DEFINITION: &'static str = r##""##;
}

/// `lifecycle_msgs/srv/GetState_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetStateResponse {
    /// `State`
    pub current_state: State,
}

impl RosMsg for GetStateResponse {
    const TYPE: &'static str = "lifecycle_msgs/srv/GetState_Response";
    const RIHS01: &'static str = "RIHS01_fe249babab472e42cb5653b5d6a6b0c42a003b0fdfb84851aea3fde08760b4f5";
    const DEFINITION: &'static str = r##"State current_state
================================================================================
MSG: lifecycle_msgs/State
uint8 PRIMARY_STATE_UNKNOWN=0
uint8 PRIMARY_STATE_UNCONFIGURED=1
uint8 PRIMARY_STATE_INACTIVE=2
uint8 PRIMARY_STATE_ACTIVE=3
uint8 PRIMARY_STATE_FINALIZED=4
uint8 TRANSITION_STATE_CONFIGURING=10
uint8 TRANSITION_STATE_CLEANINGUP=11
uint8 TRANSITION_STATE_SHUTTINGDOWN=12
uint8 TRANSITION_STATE_ACTIVATING=13
uint8 TRANSITION_STATE_DEACTIVATING=14
uint8 TRANSITION_STATE_ERRORPROCESSING=15
uint8 id
string label
"##;
}

/// `lifecycle_msgs/msg/State`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// `uint8`
    pub id: u8,
    /// `string`
    pub label: String,
}

impl State {
    /// `uint8`
    pub const PRIMARY_STATE_UNKNOWN: u8 = 0;
    /// `uint8`
    pub const PRIMARY_STATE_UNCONFIGURED: u8 = 1;
    /// `uint8`
    pub const PRIMARY_STATE_INACTIVE: u8 = 2;
    /// `uint8`
    pub const PRIMARY_STATE_ACTIVE: u8 = 3;
    /// `uint8`
    pub const PRIMARY_STATE_FINALIZED: u8 = 4;
    /// `uint8`
    pub const TRANSITION_STATE_CONFIGURING: u8 = 10;
    /// `uint8`
    pub const TRANSITION_STATE_CLEANINGUP: u8 = 11;
    /// `uint8`
    pub const TRANSITION_STATE_SHUTTINGDOWN: u8 = 12;
    /// `uint8`
    pub const TRANSITION_STATE_ACTIVATING: u8 = 13;
    /// `uint8`
    pub const TRANSITION_STATE_DEACTIVATING: u8 = 14;
    /// `uint8`
    pub const TRANSITION_STATE_ERRORPROCESSING: u8 = 15;
}

impl RosMsg for State {
    const TYPE: &'static str = "lifecycle_msgs/msg/State";
    const RIHS01: &'static str = "RIHS01_dd2d02b82f3ebc858e53c431b1e6e91f3ffc71436fc81d0715214ac6ee2107a0";
    const DEFINITION: &'static str = r##"uint8 PRIMARY_STATE_UNKNOWN=0
uint8 PRIMARY_STATE_UNCONFIGURED=1
uint8 PRIMARY_STATE_INACTIVE=2
uint8 PRIMARY_STATE_ACTIVE=3
uint8 PRIMARY_STATE_FINALIZED=4
uint8 TRANSITION_STATE_CONFIGURING=10
uint8 TRANSITION_STATE_CLEANINGUP=11
uint8 TRANSITION_STATE_SHUTTINGDOWN=12
uint8 TRANSITION_STATE_ACTIVATING=13
uint8 TRANSITION_STATE_DEACTIVATING=14
uint8 TRANSITION_STATE_ERRORPROCESSING=15
uint8 id
string label
"##;
}

/// `lifecycle_msgs/msg/Transition`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transition {
    /// `uint8`
    pub id: u8,
    /// `string`
    pub label: String,
}

impl Transition {
    /// `uint8`
    pub const TRANSITION_CREATE: u8 = 0;
    /// `uint8`
    pub const TRANSITION_CONFIGURE: u8 = 1;
    /// `uint8`
    pub const TRANSITION_CLEANUP: u8 = 2;
    /// `uint8`
    pub const TRANSITION_ACTIVATE: u8 = 3;
    /// `uint8`
    pub const TRANSITION_DEACTIVATE: u8 = 4;
    /// `uint8`
    pub const TRANSITION_UNCONFIGURED_SHUTDOWN: u8 = 5;
    /// `uint8`
    pub const TRANSITION_INACTIVE_SHUTDOWN: u8 = 6;
    /// `uint8`
    pub const TRANSITION_ACTIVE_SHUTDOWN: u8 = 7;
    /// `uint8`
    pub const TRANSITION_DESTROY: u8 = 8;
    /// `uint8`
    pub const TRANSITION_CALLBACK_SUCCESS: u8 = 97;
    /// `uint8`
    pub const TRANSITION_CALLBACK_FAILURE: u8 = 98;
    /// `uint8`
    pub const TRANSITION_CALLBACK_ERROR: u8 = 99;
}

impl RosMsg for Transition {
    const TYPE: &'static str = "lifecycle_msgs/msg/Transition";
    const RIHS01: &'static str = "RIHS01_c65d7b31ea134cba4f54fc867b817979be799f7452035cd35fac9b7421fb3424";
    const DEFINITION: &'static str = r##"uint8 TRANSITION_CREATE=0
uint8 TRANSITION_CONFIGURE=1
uint8 TRANSITION_CLEANUP=2
uint8 TRANSITION_ACTIVATE=3
uint8 TRANSITION_DEACTIVATE=4
uint8 TRANSITION_UNCONFIGURED_SHUTDOWN=5
uint8 TRANSITION_INACTIVE_SHUTDOWN=6
uint8 TRANSITION_ACTIVE_SHUTDOWN=7
uint8 TRANSITION_DESTROY=8
uint8 TRANSITION_CALLBACK_SUCCESS=97
uint8 TRANSITION_CALLBACK_FAILURE=98
uint8 TRANSITION_CALLBACK_ERROR=99
uint8 id
string label
"##;
}

/// `lifecycle_msgs/msg/TransitionDescription`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransitionDescription {
    /// `Transition`
    pub transition: Transition,
    /// `State`
    pub start_state: State,
    /// `State`
    pub goal_state: State,
}

impl RosMsg for TransitionDescription {
    const TYPE: &'static str = "lifecycle_msgs/msg/TransitionDescription";
    const RIHS01: &'static str = "RIHS01_c5f1cd4bb1ad2ba0e3329d4ac7015c52a674a72c1faf7974c37a33f4f6048b28";
    const DEFINITION: &'static str = r##"Transition transition
State start_state
State goal_state
================================================================================
MSG: lifecycle_msgs/Transition
uint8 TRANSITION_CREATE=0
uint8 TRANSITION_CONFIGURE=1
uint8 TRANSITION_CLEANUP=2
uint8 TRANSITION_ACTIVATE=3
uint8 TRANSITION_DEACTIVATE=4
uint8 TRANSITION_UNCONFIGURED_SHUTDOWN=5
uint8 TRANSITION_INACTIVE_SHUTDOWN=6
uint8 TRANSITION_ACTIVE_SHUTDOWN=7
uint8 TRANSITION_DESTROY=8
uint8 TRANSITION_CALLBACK_SUCCESS=97
uint8 TRANSITION_CALLBACK_FAILURE=98
uint8 TRANSITION_CALLBACK_ERROR=99
uint8 id
string label
================================================================================
MSG: lifecycle_msgs/State
uint8 PRIMARY_STATE_UNKNOWN=0
uint8 PRIMARY_STATE_UNCONFIGURED=1
uint8 PRIMARY_STATE_INACTIVE=2
uint8 PRIMARY_STATE_ACTIVE=3
uint8 PRIMARY_STATE_FINALIZED=4
uint8 TRANSITION_STATE_CONFIGURING=10
uint8 TRANSITION_STATE_CLEANINGUP=11
uint8 TRANSITION_STATE_SHUTTINGDOWN=12
uint8 TRANSITION_STATE_ACTIVATING=13
uint8 TRANSITION_STATE_DEACTIVATING=14
uint8 TRANSITION_STATE_ERRORPROCESSING=15
uint8 id
string label
"##;
}

/// `lifecycle_msgs/msg/TransitionEvent`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransitionEvent {
    /// `uint64`
    pub timestamp: u64,
    /// `Transition`
    pub transition: Transition,
    /// `State`
    pub start_state: State,
    /// `State`
    pub goal_state: State,
}

impl RosMsg for TransitionEvent {
    const TYPE: &'static str = "lifecycle_msgs/msg/TransitionEvent";
    const RIHS01: &'static str = "RIHS01_d5f8873a2f0146498f812d7885c7327ce27e463d36811d8792f35ee38c0d6c38";
    const DEFINITION: &'static str = r##"uint64 timestamp
Transition transition
State start_state
State goal_state
================================================================================
MSG: lifecycle_msgs/Transition
uint8 TRANSITION_CREATE=0
uint8 TRANSITION_CONFIGURE=1
uint8 TRANSITION_CLEANUP=2
uint8 TRANSITION_ACTIVATE=3
uint8 TRANSITION_DEACTIVATE=4
uint8 TRANSITION_UNCONFIGURED_SHUTDOWN=5
uint8 TRANSITION_INACTIVE_SHUTDOWN=6
uint8 TRANSITION_ACTIVE_SHUTDOWN=7
uint8 TRANSITION_DESTROY=8
uint8 TRANSITION_CALLBACK_SUCCESS=97
uint8 TRANSITION_CALLBACK_FAILURE=98
uint8 TRANSITION_CALLBACK_ERROR=99
uint8 id
string label
================================================================================
MSG: lifecycle_msgs/State
uint8 PRIMARY_STATE_UNKNOWN=0
uint8 PRIMARY_STATE_UNCONFIGURED=1
uint8 PRIMARY_STATE_INACTIVE=2
uint8 PRIMARY_STATE_ACTIVE=3
uint8 PRIMARY_STATE_FINALIZED=4
uint8 TRANSITION_STATE_CONFIGURING=10
uint8 TRANSITION_STATE_CLEANINGUP=11
uint8 TRANSITION_STATE_SHUTTINGDOWN=12
uint8 TRANSITION_STATE_ACTIVATING=13
uint8 TRANSITION_STATE_DEACTIVATING=14
uint8 TRANSITION_STATE_ERRORPROCESSING=15
uint8 id
string label
"##;
}

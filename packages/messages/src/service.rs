//! Services: two messages under one name. In -> out: nothing -> which request goes with which response. It opens no connection.

use crate::{RosMsg, action_msgs, diagnostic_msgs, lifecycle_msgs, rcl_interfaces, std_srvs, type_description_interfaces, vedette_msgs};

/// A ROS 2 service type.
pub trait RosService {
    /// Name of the type: `lifecycle_msgs/srv/GetState`.
    const TYPE: &'static str;
    /// What is asked.
    type Request: RosMsg;
    /// What is answered.
    type Response: RosMsg;
}

macro_rules! services {
    ($($(#[doc = $doc:literal])* $name:ident = $package:ident :: $request:ident -> $response:ident, $text:literal;)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl RosService for $name {
                const TYPE: &'static str = $text;
                type Request = $package::$request;
                type Response = $package::$response;
            }
        )*
    };
}

services! {
    /// Values of parameters.
    GetParameters = rcl_interfaces::GetParametersRequest -> GetParametersResponse, "rcl_interfaces/srv/GetParameters";
    /// Types of parameters.
    GetParameterTypes = rcl_interfaces::GetParameterTypesRequest -> GetParameterTypesResponse, "rcl_interfaces/srv/GetParameterTypes";
    /// Parameters, each for itself.
    SetParameters = rcl_interfaces::SetParametersRequest -> SetParametersResponse, "rcl_interfaces/srv/SetParameters";
    /// Parameters, all or none.
    SetParametersAtomically = rcl_interfaces::SetParametersAtomicallyRequest -> SetParametersAtomicallyResponse,
        "rcl_interfaces/srv/SetParametersAtomically";
    /// Names of parameters.
    ListParameters = rcl_interfaces::ListParametersRequest -> ListParametersResponse, "rcl_interfaces/srv/ListParameters";
    /// Meaning and range of parameters.
    DescribeParameters = rcl_interfaces::DescribeParametersRequest -> DescribeParametersResponse, "rcl_interfaces/srv/DescribeParameters";
    /// Goals of an action are to be given up.
    CancelGoal = action_msgs::CancelGoalRequest -> CancelGoalResponse, "action_msgs/srv/CancelGoal";
    /// A change of lifecycle state.
    ChangeState = lifecycle_msgs::ChangeStateRequest -> ChangeStateResponse, "lifecycle_msgs/srv/ChangeState";
    /// The lifecycle state.
    GetState = lifecycle_msgs::GetStateRequest -> GetStateResponse, "lifecycle_msgs/srv/GetState";
    /// Every lifecycle state.
    GetAvailableStates = lifecycle_msgs::GetAvailableStatesRequest -> GetAvailableStatesResponse, "lifecycle_msgs/srv/GetAvailableStates";
    /// Lifecycle transitions.
    GetAvailableTransitions = lifecycle_msgs::GetAvailableTransitionsRequest -> GetAvailableTransitionsResponse,
        "lifecycle_msgs/srv/GetAvailableTransitions";
    /// Whether a part of the system works.
    SelfTest = diagnostic_msgs::SelfTestRequest -> SelfTestResponse, "diagnostic_msgs/srv/SelfTest";
    /// Something is switched on or off.
    SetBool = std_srvs::SetBoolRequest -> SetBoolResponse, "std_srvs/srv/SetBool";
    /// Something is done.
    Trigger = std_srvs::TriggerRequest -> TriggerResponse, "std_srvs/srv/Trigger";
    /// What a type is made of (REP-2011).
    GetTypeDescription = type_description_interfaces::GetTypeDescriptionRequest -> GetTypeDescriptionResponse,
        "type_description_interfaces/srv/GetTypeDescription";
    /// An operator has seen an alert.
    AcknowledgeAlert = vedette_msgs::AcknowledgeAlertRequest -> AcknowledgeAlertResponse, "vedette_msgs/srv/AcknowledgeAlert";
}

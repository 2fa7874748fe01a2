//! What r2r has typed only: services, those of actions among them, and the feedback of actions. In -> out: the name of a type -> its adapter.
//! The middleware's own serialisation makes bytes of r2r's types and back, so ours are read and written as everywhere else.
//! Deliberately absent: types that nothing here speaks; one more is one more line.

use super::clients::{self, Asked};
use super::services::{self, Offered};
use super::topics::{Listening, Publish, Topic, listen_typed, publish_typed};
#[cfg(has_nav2_msgs)]
use ::r2r::nav2_msgs;
use ::r2r::{Node, WrappedServiceTypeSupport, WrappedTypesupport, action_msgs, diagnostic_msgs, lifecycle_msgs, rcl_interfaces};
#[cfg(not(feature = "r2r-check"))]
use ::r2r::{std_srvs, type_description_interfaces, vedette_msgs};
use vedette_messages::service as ours;
use vedette_messages::topics::Qos;
#[cfg(not(feature = "r2r-check"))]
use vedette_messages::{RosAction, action};
use vedette_messages::{RosMsg, RosService};

/// Both sides of a type of service.
pub(super) struct Service {
    pub(super) offer: fn(&mut Node, &str, Qos) -> Result<Offered, String>,
    pub(super) ask: fn(&mut Node, &str, Qos) -> Result<Asked, String>,
}

impl Service {
    /// `T` of r2r; `M` is our word for its request.
    fn of<T: WrappedServiceTypeSupport + 'static, M: RosMsg>() -> Self
    where
        T::Response: Send,
    {
        Self { offer: services::offer::<T, M>, ask: clients::ask::<T> }
    }
}

/// Both sides of a type of message.
pub(super) struct Message {
    pub(super) publish: fn(&mut Node, &Topic) -> Result<Publish, String>,
    pub(super) listen: fn(&mut Node, &Topic) -> Result<Listening, String>,
}

impl Message {
    fn of<T: WrappedTypesupport + Send + 'static>() -> Self {
        Self { publish: publish_typed::<T>, listen: listen_typed::<T> }
    }
}

/// The adapter of a type of service.
pub(super) fn service(type_name: &str) -> Result<Service, String> {
    // Of the packages here r2r has bindings without a ROS; the others are left out where only types are checked.
    macro_rules! by_type {
        ($($(#[$only:meta])? $service:ident: $package:ident,)*) => {
            match type_name {
                $($(#[$only])? <ours::$service as RosService>::TYPE =>
                    Some(Service::of::<$package::srv::$service::Service, <ours::$service as RosService>::Request>()),)*
                _ => None,
            }
        };
    }
    let plain = by_type! {
        GetParameters: rcl_interfaces,
        GetParameterTypes: rcl_interfaces,
        SetParameters: rcl_interfaces,
        SetParametersAtomically: rcl_interfaces,
        ListParameters: rcl_interfaces,
        DescribeParameters: rcl_interfaces,
        ChangeState: lifecycle_msgs,
        GetState: lifecycle_msgs,
        GetAvailableStates: lifecycle_msgs,
        GetAvailableTransitions: lifecycle_msgs,
        SelfTest: diagnostic_msgs,
        CancelGoal: action_msgs,
        #[cfg(not(feature = "r2r-check"))]
        SetBool: std_srvs,
        #[cfg(not(feature = "r2r-check"))]
        Trigger: std_srvs,
        #[cfg(not(feature = "r2r-check"))]
        GetTypeDescription: type_description_interfaces,
        #[cfg(not(feature = "r2r-check"))]
        AcknowledgeAlert: vedette_msgs,
    };
    plain.or_else(|| of_action(type_name)).ok_or_else(|| match type_name.split_once('/') {
        Some(("nav2_msgs", _)) => format!("{type_name} is not known: nav2_msgs was not sourced when this was built"),
        _ => format!("the r2r backend has no adapter for services of type {type_name}"),
    })
}

/// The two services of an action that carry its own types.
#[cfg(not(feature = "r2r-check"))]
fn of_action(type_name: &str) -> Option<Service> {
    macro_rules! parts {
        ($action:ident: $package:ident, $part:ident) => {
            match $part {
                "SendGoal" => {
                    Some(Service::of::<$package::action::$action::SendGoal::Service, <action::$action as RosAction>::SendGoalRequest>())
                }
                "GetResult" => {
                    Some(Service::of::<$package::action::$action::GetResult::Service, <action::$action as RosAction>::GetResultRequest>())
                }
                _ => None,
            }
        };
    }
    match type_name.rsplit_once('_')? {
        (<action::Assess as RosAction>::TYPE, part) => parts!(Assess: vedette_msgs, part),
        #[cfg(has_nav2_msgs)]
        (<action::NavigateToPose as RosAction>::TYPE, part) => parts!(NavigateToPose: nav2_msgs, part),
        _ => None,
    }
}

#[cfg(feature = "r2r-check")]
fn of_action(_: &str) -> Option<Service> {
    None
}

/// The adapter of a type of message that r2r has typed only.
#[cfg(not(feature = "r2r-check"))]
pub(super) fn message(type_name: &str) -> Option<Message> {
    match type_name {
        <<action::Assess as RosAction>::FeedbackMessage as RosMsg>::TYPE => {
            Some(Message::of::<vedette_msgs::action::Assess::FeedbackMessage>())
        }
        #[cfg(has_nav2_msgs)]
        <<action::NavigateToPose as RosAction>::FeedbackMessage as RosMsg>::TYPE => {
            Some(Message::of::<nav2_msgs::action::NavigateToPose::FeedbackMessage>())
        }
        _ => None,
    }
}

#[cfg(feature = "r2r-check")]
pub(super) fn message(type_name: &str) -> Option<Message> {
    // None of ours is among r2r's own bindings: the one that is there stands for them.
    (type_name == "test_msgs/action/Fibonacci_FeedbackMessage").then(Message::of::<::r2r::test_msgs::action::Fibonacci::FeedbackMessage>)
}

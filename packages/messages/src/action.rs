//! Actions: goal, result and feedback under one name, and the messages that carry them
//! (<https://design.ros2.org/articles/actions.html>). In -> out: a goal, a result, feedback with the id of the goal <-> those messages.
//! It opens no connection and knows no state of a goal.

use crate::builtin_interfaces::Time;
use crate::unique_identifier_msgs::UUID;
use crate::{RosMsg, nav2_msgs, vedette_msgs};

/// A ROS 2 action type.
pub trait RosAction: Sized + 'static {
    /// Name of the type: `nav2_msgs/action/NavigateToPose`.
    const TYPE: &'static str;
    /// What is wanted.
    type Goal: RosMsg + Send + 'static;
    /// What came of it.
    type Result: RosMsg + Default + Send + 'static;
    /// How far it is.
    type Feedback: RosMsg + Send + 'static;
    /// Asks for a goal.
    type SendGoalRequest: RosMsg + Send + 'static;
    /// Whether it is pursued.
    type SendGoalResponse: RosMsg;
    /// Asks for the end of a goal.
    type GetResultRequest: RosMsg + Send + 'static;
    /// The end of a goal.
    type GetResultResponse: RosMsg;
    /// How far a goal is.
    type FeedbackMessage: RosMsg;

    /// The request for a goal.
    fn ask(goal_id: UUID, goal: Self::Goal) -> Self::SendGoalRequest;
    /// Which goal is asked for.
    fn asked(request: Self::SendGoalRequest) -> (UUID, Self::Goal);
    /// The answer to it.
    fn accept(accepted: bool, stamp: Time) -> Self::SendGoalResponse;
    /// Whether the goal is pursued.
    fn is_accepted(response: &Self::SendGoalResponse) -> bool;
    /// The request for the end of a goal.
    fn await_end(goal_id: UUID) -> Self::GetResultRequest;
    /// Whose end is asked for.
    fn awaited(request: &Self::GetResultRequest) -> &UUID;
    /// The end of a goal: a `STATUS_` of [`GoalStatus`](crate::action_msgs::GoalStatus), and what came of it.
    fn end(status: i8, result: Self::Result) -> Self::GetResultResponse;
    /// What came of a goal.
    fn result(response: Self::GetResultResponse) -> Self::Result;
    /// How far a goal is.
    fn tell(goal_id: UUID, feedback: Self::Feedback) -> Self::FeedbackMessage;
    /// Which goal is how far.
    fn told(message: Self::FeedbackMessage) -> (UUID, Self::Feedback);
}

macro_rules! actions {
    ($($(#[doc = $doc:literal])* $name:ident = $package:ident, $goal:ident, $result:ident, $feedback:ident,
        $ask:ident -> $accept:ident, $awaited:ident -> $end:ident, $tell:ident, $text:literal;)*) => {
        $(
            $(#[doc = $doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl RosAction for $name {
                const TYPE: &'static str = $text;
                type Goal = $package::$goal;
                type Result = $package::$result;
                type Feedback = $package::$feedback;
                type SendGoalRequest = $package::$ask;
                type SendGoalResponse = $package::$accept;
                type GetResultRequest = $package::$awaited;
                type GetResultResponse = $package::$end;
                type FeedbackMessage = $package::$tell;

                fn ask(goal_id: UUID, goal: Self::Goal) -> Self::SendGoalRequest {
                    $package::$ask { goal_id, goal }
                }

                fn asked(request: Self::SendGoalRequest) -> (UUID, Self::Goal) {
                    (request.goal_id, request.goal)
                }

                fn accept(accepted: bool, stamp: Time) -> Self::SendGoalResponse {
                    $package::$accept { accepted, stamp }
                }

                fn is_accepted(response: &Self::SendGoalResponse) -> bool {
                    response.accepted
                }

                fn await_end(goal_id: UUID) -> Self::GetResultRequest {
                    $package::$awaited { goal_id }
                }

                fn awaited(request: &Self::GetResultRequest) -> &UUID {
                    &request.goal_id
                }

                fn end(status: i8, result: Self::Result) -> Self::GetResultResponse {
                    $package::$end { status, result }
                }

                fn result(response: Self::GetResultResponse) -> Self::Result {
                    response.result
                }

                fn tell(goal_id: UUID, feedback: Self::Feedback) -> Self::FeedbackMessage {
                    $package::$tell { goal_id, feedback }
                }

                fn told(message: Self::FeedbackMessage) -> (UUID, Self::Feedback) {
                    (message.goal_id, message.feedback)
                }
            }
        )*
    };
}

actions! {
    /// A question to the model about the present view.
    Assess = vedette_msgs, AssessGoal, AssessResult, AssessFeedback, AssessSendGoalRequest -> AssessSendGoalResponse,
        AssessGetResultRequest -> AssessGetResultResponse, AssessFeedbackMessage, "vedette_msgs/action/Assess";
    /// Nav2 drives the robot to a pose.
    NavigateToPose = nav2_msgs, NavigateToPoseGoal, NavigateToPoseResult, NavigateToPoseFeedback,
        NavigateToPoseSendGoalRequest -> NavigateToPoseSendGoalResponse, NavigateToPoseGetResultRequest -> NavigateToPoseGetResultResponse,
        NavigateToPoseFeedbackMessage, "nav2_msgs/action/NavigateToPose";
}

"""The messages of actions that check_actions.py and check_inspection.py exchange, written from the .msg and .action files, independently of the
Rust generator.

In -> out: nothing -> one class a type, under the names that ROS 2 has on DDS.
"""
from dataclasses import dataclass, field

from cyclonedds.idl import IdlStruct
from cyclonedds.idl.types import array, float32, int8, int16, int32, int64, sequence, uint8, uint16, uint32, uint64

from dds_guardian_types import Pose
from dds_types import Assessment, Header, Time


@dataclass
class UUID(IdlStruct, typename="unique_identifier_msgs::msg::dds_::UUID_"):
    uuid: array[uint8, 16] = field(default_factory=lambda: [0] * 16)


@dataclass
class GoalInfo(IdlStruct, typename="action_msgs::msg::dds_::GoalInfo_"):
    goal_id: UUID = field(default_factory=UUID)
    stamp: Time = field(default_factory=Time)


@dataclass
class GoalStatus(IdlStruct, typename="action_msgs::msg::dds_::GoalStatus_"):
    goal_info: GoalInfo = field(default_factory=GoalInfo)
    status: int8 = 0


@dataclass
class GoalStatusArray(IdlStruct, typename="action_msgs::msg::dds_::GoalStatusArray_"):
    status_list: sequence[GoalStatus] = field(default_factory=list)


@dataclass
class Duration(IdlStruct, typename="builtin_interfaces::msg::dds_::Duration_"):
    sec: int32 = 0
    nanosec: uint32 = 0


@dataclass
class PoseStamped(IdlStruct, typename="geometry_msgs::msg::dds_::PoseStamped_"):
    header: Header = field(default_factory=Header)
    pose: Pose = field(default_factory=Pose)


# Requests and answers as rmw_cyclonedds sends them: 16 bytes that say who asks, then the message.


@dataclass
class CancelGoalRequest(IdlStruct, typename="action_msgs::srv::dds_::CancelGoal_Request_"):
    client: uint64 = 0
    number: int64 = 0
    goal_info: GoalInfo = field(default_factory=GoalInfo)


@dataclass
class CancelGoalResponse(IdlStruct, typename="action_msgs::srv::dds_::CancelGoal_Response_"):
    client: uint64 = 0
    number: int64 = 0
    return_code: int8 = 0
    goals_canceling: sequence[GoalInfo] = field(default_factory=list)


@dataclass
class AssessGoal(IdlStruct, typename="vedette_msgs::action::dds_::Assess_Goal_"):
    question: str = ""
    camera: str = ""
    deadline: Duration = field(default_factory=Duration)
    priority: uint8 = 0


@dataclass
class AssessResult(IdlStruct, typename="vedette_msgs::action::dds_::Assess_Result_"):
    assessment: Assessment = field(default_factory=Assessment)
    tokens: uint32 = 0
    elapsed: Duration = field(default_factory=Duration)


@dataclass
class AssessFeedback(IdlStruct, typename="vedette_msgs::action::dds_::Assess_Feedback_"):
    state: uint8 = 0
    queue_age: Duration = field(default_factory=Duration)
    tokens: uint32 = 0


@dataclass
class AssessSendGoalRequest(IdlStruct, typename="vedette_msgs::action::dds_::Assess_SendGoal_Request_"):
    client: uint64 = 0
    number: int64 = 0
    goal_id: UUID = field(default_factory=UUID)
    goal: AssessGoal = field(default_factory=AssessGoal)


@dataclass
class AssessSendGoalResponse(IdlStruct, typename="vedette_msgs::action::dds_::Assess_SendGoal_Response_"):
    client: uint64 = 0
    number: int64 = 0
    accepted: bool = False
    stamp: Time = field(default_factory=Time)


@dataclass
class AssessGetResultRequest(IdlStruct, typename="vedette_msgs::action::dds_::Assess_GetResult_Request_"):
    client: uint64 = 0
    number: int64 = 0
    goal_id: UUID = field(default_factory=UUID)


@dataclass
class AssessGetResultResponse(IdlStruct, typename="vedette_msgs::action::dds_::Assess_GetResult_Response_"):
    client: uint64 = 0
    number: int64 = 0
    status: int8 = 0
    result: AssessResult = field(default_factory=AssessResult)


@dataclass
class AssessFeedbackMessage(IdlStruct, typename="vedette_msgs::action::dds_::Assess_FeedbackMessage_"):
    goal_id: UUID = field(default_factory=UUID)
    feedback: AssessFeedback = field(default_factory=AssessFeedback)


@dataclass
class NavigateToPoseGoal(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_Goal_"):
    pose: PoseStamped = field(default_factory=PoseStamped)
    behavior_tree: str = ""


@dataclass
class NavigateToPoseResult(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_Result_"):
    error_code: uint16 = 0
    error_msg: str = ""


@dataclass
class NavigateToPoseFeedback(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_Feedback_"):
    current_pose: PoseStamped = field(default_factory=PoseStamped)
    navigation_time: Duration = field(default_factory=Duration)
    estimated_time_remaining: Duration = field(default_factory=Duration)
    number_of_recoveries: int16 = 0
    distance_remaining: float32 = 0.0


@dataclass
class NavigateToPoseSendGoalRequest(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_SendGoal_Request_"):
    client: uint64 = 0
    number: int64 = 0
    goal_id: UUID = field(default_factory=UUID)
    goal: NavigateToPoseGoal = field(default_factory=NavigateToPoseGoal)


@dataclass
class NavigateToPoseSendGoalResponse(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_SendGoal_Response_"):
    client: uint64 = 0
    number: int64 = 0
    accepted: bool = False
    stamp: Time = field(default_factory=Time)


@dataclass
class NavigateToPoseGetResultRequest(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_GetResult_Request_"):
    client: uint64 = 0
    number: int64 = 0
    goal_id: UUID = field(default_factory=UUID)


@dataclass
class NavigateToPoseGetResultResponse(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_GetResult_Response_"):
    client: uint64 = 0
    number: int64 = 0
    status: int8 = 0
    result: NavigateToPoseResult = field(default_factory=NavigateToPoseResult)


@dataclass
class NavigateToPoseFeedbackMessage(IdlStruct, typename="nav2_msgs::action::dds_::NavigateToPose_FeedbackMessage_"):
    goal_id: UUID = field(default_factory=UUID)
    feedback: NavigateToPoseFeedback = field(default_factory=NavigateToPoseFeedback)

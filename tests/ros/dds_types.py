"""The messages that check_live.py exchanges, as Cyclone DDS wants them: written from the .msg files, independently of the Rust generator.

In -> out: nothing -> one class a type, under the names that ROS 2 has on DDS.
"""
from dataclasses import dataclass, field

from cyclonedds.idl import IdlStruct
from cyclonedds.idl.types import array, float32, float64, int32, int64, sequence, uint8, uint32, uint64


@dataclass
class Time(IdlStruct, typename="builtin_interfaces::msg::dds_::Time_"):
    sec: int32 = 0
    nanosec: uint32 = 0


@dataclass
class Header(IdlStruct, typename="std_msgs::msg::dds_::Header_"):
    stamp: Time = field(default_factory=Time)
    frame_id: str = ""


@dataclass
class Point(IdlStruct, typename="geometry_msgs::msg::dds_::Point_"):
    x: float64 = 0.0
    y: float64 = 0.0
    z: float64 = 0.0


@dataclass
class PointStamped(IdlStruct, typename="geometry_msgs::msg::dds_::PointStamped_"):
    header: Header = field(default_factory=Header)
    point: Point = field(default_factory=Point)


@dataclass
class GasReading(IdlStruct, typename="vedette_msgs::msg::dds_::GasReading_"):
    header: Header = field(default_factory=Header)
    gas: str = ""
    ppm: float64 = 0.0


@dataclass
class Hazard(IdlStruct, typename="vedette_msgs::msg::dds_::Hazard_"):
    kind: str = ""
    severity: uint8 = 0
    confidence: float64 = 0.0
    bearing_rad: float64 = 0.0
    range_m: float64 = 0.0
    position: PointStamped = field(default_factory=PointStamped)
    valid_until: Time = field(default_factory=Time)


@dataclass
class HazardArray(IdlStruct, typename="vedette_msgs::msg::dds_::HazardArray_"):
    header: Header = field(default_factory=Header)
    hazards: sequence[Hazard] = field(default_factory=list)


@dataclass
class Decision(IdlStruct, typename="vedette_msgs::msg::dds_::Decision_"):
    stamp: Time = field(default_factory=Time)
    has_image_stamp: bool = False
    image_stamp: Time = field(default_factory=Time)
    verdict: uint8 = 0
    hazards: sequence[Hazard] = field(default_factory=list)
    response: uint8 = 0
    reasons: sequence[str] = field(default_factory=list)
    valid_until: Time = field(default_factory=Time)


@dataclass
class Assessment(IdlStruct, typename="vedette_msgs::msg::dds_::Assessment_"):
    header: Header = field(default_factory=Header)
    camera: str = ""
    arrived: Time = field(default_factory=Time)
    verdict: uint8 = 0
    confidence: float64 = 0.0
    hazards: sequence[Hazard] = field(default_factory=list)
    answer: str = ""
    fault: str = ""
    model_sha256: array[uint8, 32] = field(default_factory=lambda: [0] * 32)
    valid_until: Time = field(default_factory=Time)


@dataclass
class Image(IdlStruct, typename="sensor_msgs::msg::dds_::Image_"):
    header: Header = field(default_factory=Header)
    height: uint32 = 0
    width: uint32 = 0
    encoding: str = ""
    is_bigendian: uint8 = 0
    step: uint32 = 0
    data: sequence[uint8] = field(default_factory=list)


@dataclass
class CompressedImage(IdlStruct, typename="sensor_msgs::msg::dds_::CompressedImage_"):
    header: Header = field(default_factory=Header)
    format: str = ""
    data: sequence[uint8] = field(default_factory=list)


@dataclass
class KeyValue(IdlStruct, typename="diagnostic_msgs::msg::dds_::KeyValue_"):
    key: str = ""
    value: str = ""


@dataclass
class DiagnosticStatus(IdlStruct, typename="diagnostic_msgs::msg::dds_::DiagnosticStatus_"):
    level: uint8 = 0
    name: str = ""
    message: str = ""
    hardware_id: str = ""
    values: sequence[KeyValue] = field(default_factory=list)


@dataclass
class DiagnosticArray(IdlStruct, typename="diagnostic_msgs::msg::dds_::DiagnosticArray_"):
    header: Header = field(default_factory=Header)
    status: sequence[DiagnosticStatus] = field(default_factory=list)


@dataclass
class Clock(IdlStruct, typename="rosgraph_msgs::msg::dds_::Clock_"):
    clock: Time = field(default_factory=Time)


@dataclass
class SpeedLimit(IdlStruct, typename="nav2_msgs::msg::dds_::SpeedLimit_"):
    header: Header = field(default_factory=Header)
    percentage: bool = False
    speed_limit: float64 = 0.0


@dataclass
class BondStatus(IdlStruct, typename="bond::msg::dds_::Status_"):
    header: Header = field(default_factory=Header)
    id: str = ""
    instance_id: str = ""
    active: bool = False
    heartbeat_timeout: float32 = 0.0
    heartbeat_period: float32 = 0.0


@dataclass
class State(IdlStruct, typename="lifecycle_msgs::msg::dds_::State_"):
    id: uint8 = 0
    label: str = ""


@dataclass
class Transition(IdlStruct, typename="lifecycle_msgs::msg::dds_::Transition_"):
    id: uint8 = 0
    label: str = ""


@dataclass
class ParameterValue(IdlStruct, typename="rcl_interfaces::msg::dds_::ParameterValue_"):
    type: uint8 = 0
    bool_value: bool = False
    integer_value: int64 = 0
    double_value: float64 = 0.0
    string_value: str = ""
    byte_array_value: sequence[uint8] = field(default_factory=list)
    bool_array_value: sequence[bool] = field(default_factory=list)
    integer_array_value: sequence[int64] = field(default_factory=list)
    double_array_value: sequence[float64] = field(default_factory=list)
    string_array_value: sequence[str] = field(default_factory=list)


@dataclass
class Parameter(IdlStruct, typename="rcl_interfaces::msg::dds_::Parameter_"):
    name: str = ""
    value: ParameterValue = field(default_factory=ParameterValue)


@dataclass
class SetParametersResult(IdlStruct, typename="rcl_interfaces::msg::dds_::SetParametersResult_"):
    successful: bool = False
    reason: str = ""


@dataclass
class Gid(IdlStruct, typename="rmw_dds_common::msg::dds_::Gid_"):
    data: array[uint8, 16] = field(default_factory=lambda: [0] * 16)


@dataclass
class NodeEntitiesInfo(IdlStruct, typename="rmw_dds_common::msg::dds_::NodeEntitiesInfo_"):
    node_namespace: str = ""
    node_name: str = ""
    reader_gid_seq: sequence[Gid] = field(default_factory=list)
    writer_gid_seq: sequence[Gid] = field(default_factory=list)


@dataclass
class ParticipantEntitiesInfo(IdlStruct, typename="rmw_dds_common::msg::dds_::ParticipantEntitiesInfo_"):
    gid: Gid = field(default_factory=Gid)
    node_entities_info_seq: sequence[NodeEntitiesInfo] = field(default_factory=list)


# Requests and answers as rmw_cyclonedds sends them: 16 bytes that say who asks, then the message.


@dataclass
class GetStateRequest(IdlStruct, typename="lifecycle_msgs::srv::dds_::GetState_Request_"):
    client: uint64 = 0
    number: int64 = 0
    structure_needs_at_least_one_member: uint8 = 0


@dataclass
class GetStateResponse(IdlStruct, typename="lifecycle_msgs::srv::dds_::GetState_Response_"):
    client: uint64 = 0
    number: int64 = 0
    current_state: State = field(default_factory=State)


@dataclass
class ChangeStateRequest(IdlStruct, typename="lifecycle_msgs::srv::dds_::ChangeState_Request_"):
    client: uint64 = 0
    number: int64 = 0
    transition: Transition = field(default_factory=Transition)


@dataclass
class ChangeStateResponse(IdlStruct, typename="lifecycle_msgs::srv::dds_::ChangeState_Response_"):
    client: uint64 = 0
    number: int64 = 0
    success: bool = False


@dataclass
class GetParametersRequest(IdlStruct, typename="rcl_interfaces::srv::dds_::GetParameters_Request_"):
    client: uint64 = 0
    number: int64 = 0
    names: sequence[str] = field(default_factory=list)


@dataclass
class GetParametersResponse(IdlStruct, typename="rcl_interfaces::srv::dds_::GetParameters_Response_"):
    client: uint64 = 0
    number: int64 = 0
    values: sequence[ParameterValue] = field(default_factory=list)


@dataclass
class SetParametersRequest(IdlStruct, typename="rcl_interfaces::srv::dds_::SetParameters_Request_"):
    client: uint64 = 0
    number: int64 = 0
    parameters: sequence[Parameter] = field(default_factory=list)


@dataclass
class SetParametersResponse(IdlStruct, typename="rcl_interfaces::srv::dds_::SetParameters_Response_"):
    client: uint64 = 0
    number: int64 = 0
    results: sequence[SetParametersResult] = field(default_factory=list)


@dataclass
class KeyValue(IdlStruct, typename="diagnostic_msgs::msg::dds_::KeyValue_"):
    key: str = ""
    value: str = ""


@dataclass
class DiagnosticStatus(IdlStruct, typename="diagnostic_msgs::msg::dds_::DiagnosticStatus_"):
    level: uint8 = 0
    name: str = ""
    message: str = ""
    hardware_id: str = ""
    values: sequence[KeyValue] = field(default_factory=list)


@dataclass
class DiagnosticArray(IdlStruct, typename="diagnostic_msgs::msg::dds_::DiagnosticArray_"):
    header: Header = field(default_factory=Header)
    status: sequence[DiagnosticStatus] = field(default_factory=list)

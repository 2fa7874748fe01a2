"""The messages that check_guardian.py exchanges beside those of dds_types.py, written from the .msg files, independently of the Rust generator.

In -> out: nothing -> one class a type, under the names that ROS 2 has on DDS.
"""
from dataclasses import dataclass, field

from cyclonedds.idl import IdlStruct
from cyclonedds.idl.types import float32, float64, int8, int64, sequence, uint8, uint32, uint64

from dds_types import Header, Point, Time


@dataclass
class Alert(IdlStruct, typename="vedette_msgs::msg::dds_::Alert_"):
    id: str = ""
    kind: str = ""
    severity: uint8 = 0
    raised: Time = field(default_factory=Time)
    is_cleared: bool = False
    cleared: Time = field(default_factory=Time)
    is_acknowledged: bool = False
    acknowledged: Time = field(default_factory=Time)
    acknowledged_by: str = ""
    text: str = ""
    reasons: sequence[str] = field(default_factory=list)


@dataclass
class AlertArray(IdlStruct, typename="vedette_msgs::msg::dds_::AlertArray_"):
    header: Header = field(default_factory=Header)
    alerts: sequence[Alert] = field(default_factory=list)


@dataclass
class Quaternion(IdlStruct, typename="geometry_msgs::msg::dds_::Quaternion_"):
    x: float64 = 0.0
    y: float64 = 0.0
    z: float64 = 0.0
    w: float64 = 1.0


@dataclass
class Vector3(IdlStruct, typename="geometry_msgs::msg::dds_::Vector3_"):
    x: float64 = 0.0
    y: float64 = 0.0
    z: float64 = 0.0


@dataclass
class Transform(IdlStruct, typename="geometry_msgs::msg::dds_::Transform_"):
    translation: Vector3 = field(default_factory=Vector3)
    rotation: Quaternion = field(default_factory=Quaternion)


@dataclass
class TransformStamped(IdlStruct, typename="geometry_msgs::msg::dds_::TransformStamped_"):
    header: Header = field(default_factory=Header)
    child_frame_id: str = ""
    transform: Transform = field(default_factory=Transform)


@dataclass
class TFMessage(IdlStruct, typename="tf2_msgs::msg::dds_::TFMessage_"):
    transforms: sequence[TransformStamped] = field(default_factory=list)


@dataclass
class Pose(IdlStruct, typename="geometry_msgs::msg::dds_::Pose_"):
    position: Point = field(default_factory=Point)
    orientation: Quaternion = field(default_factory=Quaternion)


@dataclass
class MapMetaData(IdlStruct, typename="nav_msgs::msg::dds_::MapMetaData_"):
    map_load_time: Time = field(default_factory=Time)
    resolution: float32 = 0.0
    width: uint32 = 0
    height: uint32 = 0
    origin: Pose = field(default_factory=Pose)


@dataclass
class OccupancyGrid(IdlStruct, typename="nav_msgs::msg::dds_::OccupancyGrid_"):
    header: Header = field(default_factory=Header)
    info: MapMetaData = field(default_factory=MapMetaData)
    data: sequence[int8] = field(default_factory=list)


@dataclass
class CostmapFilterInfo(IdlStruct, typename="nav2_msgs::msg::dds_::CostmapFilterInfo_"):
    header: Header = field(default_factory=Header)
    type: uint8 = 0
    filter_mask_topic: str = ""
    base: float32 = 0.0
    multiplier: float32 = 0.0


@dataclass
class Point32(IdlStruct, typename="geometry_msgs::msg::dds_::Point32_"):
    x: float32 = 0.0
    y: float32 = 0.0
    z: float32 = 0.0


@dataclass
class Polygon(IdlStruct, typename="geometry_msgs::msg::dds_::Polygon_"):
    points: sequence[Point32] = field(default_factory=list)


@dataclass
class PolygonInstance(IdlStruct, typename="geometry_msgs::msg::dds_::PolygonInstance_"):
    polygon: Polygon = field(default_factory=Polygon)
    id: int64 = 0


@dataclass
class PolygonInstanceStamped(IdlStruct, typename="geometry_msgs::msg::dds_::PolygonInstanceStamped_"):
    header: Header = field(default_factory=Header)
    polygon: PolygonInstance = field(default_factory=PolygonInstance)


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


# Requests and answers as rmw_cyclonedds sends them: 16 bytes that say who asks, then the message.


@dataclass
class AcknowledgeAlertRequest(IdlStruct, typename="vedette_msgs::srv::dds_::AcknowledgeAlert_Request_"):
    client: uint64 = 0
    number: int64 = 0
    id: str = ""
    by: str = ""


@dataclass
class AcknowledgeAlertResponse(IdlStruct, typename="vedette_msgs::srv::dds_::AcknowledgeAlert_Response_"):
    client: uint64 = 0
    number: int64 = 0
    success: bool = False
    message: str = ""


@dataclass
class SetBoolRequest(IdlStruct, typename="std_srvs::srv::dds_::SetBool_Request_"):
    client: uint64 = 0
    number: int64 = 0
    data: bool = False


@dataclass
class SetBoolResponse(IdlStruct, typename="std_srvs::srv::dds_::SetBool_Response_"):
    client: uint64 = 0
    number: int64 = 0
    success: bool = False
    message: str = ""

//! `vision_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `vision_msgs/msg/BoundingBox2D`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox2D {
    /// `vision_msgs/Pose2D`
    pub center: Pose2D,
    /// `float64`
    pub size_x: f64,
    /// `float64`
    pub size_y: f64,
}

impl RosMsg for BoundingBox2D {
    const TYPE: &'static str = "vision_msgs/msg/BoundingBox2D";
    const RIHS01: &'static str = "RIHS01_008eacbb0cf8f26e83795547bed013eec3675485ef386ec056d80eaaf1c1ce2f";
    const DEFINITION: &'static str = r##"vision_msgs/Pose2D center
float64 size_x
float64 size_y
================================================================================
MSG: vision_msgs/Pose2D
vision_msgs/Point2D position
float64 theta
================================================================================
MSG: vision_msgs/Point2D
float64 x
float64 y
"##;
}

/// `vision_msgs/msg/BoundingBox3D`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BoundingBox3D {
    /// `geometry_msgs/Pose`
    pub center: crate::geometry_msgs::Pose,
    /// `geometry_msgs/Vector3`
    pub size: crate::geometry_msgs::Vector3,
}

impl RosMsg for BoundingBox3D {
    const TYPE: &'static str = "vision_msgs/msg/BoundingBox3D";
    const RIHS01: &'static str = "RIHS01_bbb73a65c163d7f9bb29009c7bde9f7faa576bd2d23299c4511d19230dab4698";
    const DEFINITION: &'static str = r##"geometry_msgs/Pose center
geometry_msgs/Vector3 size
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
================================================================================
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
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

/// `vision_msgs/msg/Detection2D`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detection2D {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `ObjectHypothesisWithPose[]`
    pub results: Vec<ObjectHypothesisWithPose>,
    /// `BoundingBox2D`
    pub bbox: BoundingBox2D,
    /// `string`
    pub id: String,
}

impl RosMsg for Detection2D {
    const TYPE: &'static str = "vision_msgs/msg/Detection2D";
    const RIHS01: &'static str = "RIHS01_0d12b69df5c593b3455b7346fac8205437a7d4bcb09b9e0e0b2dde787ded38ea";
    const DEFINITION: &'static str = r##"std_msgs/Header header
ObjectHypothesisWithPose[] results
BoundingBox2D bbox
string id
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: vision_msgs/ObjectHypothesisWithPose
ObjectHypothesis hypothesis
geometry_msgs/PoseWithCovariance pose
================================================================================
MSG: vision_msgs/BoundingBox2D
vision_msgs/Pose2D center
float64 size_x
float64 size_y
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vision_msgs/ObjectHypothesis
string class_id
float64 score
================================================================================
MSG: geometry_msgs/PoseWithCovariance
Pose pose
float64[36] covariance
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
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
================================================================================
MSG: vision_msgs/Pose2D
vision_msgs/Point2D position
float64 theta
================================================================================
MSG: vision_msgs/Point2D
float64 x
float64 y
"##;
}

/// `vision_msgs/msg/Detection2DArray`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detection2DArray {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `Detection2D[]`
    pub detections: Vec<Detection2D>,
}

impl RosMsg for Detection2DArray {
    const TYPE: &'static str = "vision_msgs/msg/Detection2DArray";
    const RIHS01: &'static str = "RIHS01_214274120007f4a683866481336b70310268cfa107aebe9d594a6acf75bda968";
    const DEFINITION: &'static str = r##"std_msgs/Header header
Detection2D[] detections
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: vision_msgs/Detection2D
std_msgs/Header header
ObjectHypothesisWithPose[] results
BoundingBox2D bbox
string id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vision_msgs/ObjectHypothesisWithPose
ObjectHypothesis hypothesis
geometry_msgs/PoseWithCovariance pose
================================================================================
MSG: vision_msgs/BoundingBox2D
vision_msgs/Pose2D center
float64 size_x
float64 size_y
================================================================================
MSG: vision_msgs/ObjectHypothesis
string class_id
float64 score
================================================================================
MSG: geometry_msgs/PoseWithCovariance
Pose pose
float64[36] covariance
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
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
================================================================================
MSG: vision_msgs/Pose2D
vision_msgs/Point2D position
float64 theta
================================================================================
MSG: vision_msgs/Point2D
float64 x
float64 y
"##;
}

/// `vision_msgs/msg/Detection3D`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detection3D {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `ObjectHypothesisWithPose[]`
    pub results: Vec<ObjectHypothesisWithPose>,
    /// `BoundingBox3D`
    pub bbox: BoundingBox3D,
    /// `string`
    pub id: String,
}

impl RosMsg for Detection3D {
    const TYPE: &'static str = "vision_msgs/msg/Detection3D";
    const RIHS01: &'static str = "RIHS01_ddd703be132ab0b69d33121f1bb034132bfbb3b0ac5f9fb1516005ba1c8a265b";
    const DEFINITION: &'static str = r##"std_msgs/Header header
ObjectHypothesisWithPose[] results
BoundingBox3D bbox
string id
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: vision_msgs/ObjectHypothesisWithPose
ObjectHypothesis hypothesis
geometry_msgs/PoseWithCovariance pose
================================================================================
MSG: vision_msgs/BoundingBox3D
geometry_msgs/Pose center
geometry_msgs/Vector3 size
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vision_msgs/ObjectHypothesis
string class_id
float64 score
================================================================================
MSG: geometry_msgs/PoseWithCovariance
Pose pose
float64[36] covariance
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
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
================================================================================
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
"##;
}

/// `vision_msgs/msg/Detection3DArray`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Detection3DArray {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `Detection3D[]`
    pub detections: Vec<Detection3D>,
}

impl RosMsg for Detection3DArray {
    const TYPE: &'static str = "vision_msgs/msg/Detection3DArray";
    const RIHS01: &'static str = "RIHS01_793f5eab9595ac1c0da07873cc859db42eae51f0ee76056db8562515d830e018";
    const DEFINITION: &'static str = r##"std_msgs/Header header
Detection3D[] detections
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: vision_msgs/Detection3D
std_msgs/Header header
ObjectHypothesisWithPose[] results
BoundingBox3D bbox
string id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: vision_msgs/ObjectHypothesisWithPose
ObjectHypothesis hypothesis
geometry_msgs/PoseWithCovariance pose
================================================================================
MSG: vision_msgs/BoundingBox3D
geometry_msgs/Pose center
geometry_msgs/Vector3 size
================================================================================
MSG: vision_msgs/ObjectHypothesis
string class_id
float64 score
================================================================================
MSG: geometry_msgs/PoseWithCovariance
Pose pose
float64[36] covariance
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
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
================================================================================
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
"##;
}

/// `vision_msgs/msg/ObjectHypothesis`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectHypothesis {
    /// `string`
    pub class_id: String,
    /// `float64`
    pub score: f64,
}

impl RosMsg for ObjectHypothesis {
    const TYPE: &'static str = "vision_msgs/msg/ObjectHypothesis";
    const RIHS01: &'static str = "RIHS01_51da43cec11c01957a64d1e05a24acd18aae7745ec30b74348ad5f6d634f7f90";
    const DEFINITION: &'static str = r##"string class_id
float64 score
"##;
}

/// `vision_msgs/msg/ObjectHypothesisWithPose`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ObjectHypothesisWithPose {
    /// `ObjectHypothesis`
    pub hypothesis: ObjectHypothesis,
    /// `geometry_msgs/PoseWithCovariance`
    pub pose: crate::geometry_msgs::PoseWithCovariance,
}

impl RosMsg for ObjectHypothesisWithPose {
    const TYPE: &'static str = "vision_msgs/msg/ObjectHypothesisWithPose";
    const RIHS01: &'static str = "RIHS01_41c12344c0396c48b81df12467c192d99b2a0eb1463c5c37194e4223251c80bc";
    const DEFINITION: &'static str = r##"ObjectHypothesis hypothesis
geometry_msgs/PoseWithCovariance pose
================================================================================
MSG: vision_msgs/ObjectHypothesis
string class_id
float64 score
================================================================================
MSG: geometry_msgs/PoseWithCovariance
Pose pose
float64[36] covariance
================================================================================
MSG: geometry_msgs/Pose
Point position
Quaternion orientation
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

/// `vision_msgs/msg/Point2D`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point2D {
    /// `float64`
    pub x: f64,
    /// `float64`
    pub y: f64,
}

impl RosMsg for Point2D {
    const TYPE: &'static str = "vision_msgs/msg/Point2D";
    const RIHS01: &'static str = "RIHS01_eab0e83f44ab4de92ceaf76dd7d0e7638f2bdd1d16ffbe16c7a136c48e407247";
    const DEFINITION: &'static str = r##"float64 x
float64 y
"##;
}

/// `vision_msgs/msg/Pose2D`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pose2D {
    /// `vision_msgs/Point2D`
    pub position: Point2D,
    /// `float64`
    pub theta: f64,
}

impl RosMsg for Pose2D {
    const TYPE: &'static str = "vision_msgs/msg/Pose2D";
    const RIHS01: &'static str = "RIHS01_b0b5d1d7b4c20dd4fcde3ed1d4b289a919290572007d67a97043814db25d3648";
    const DEFINITION: &'static str = r##"vision_msgs/Point2D position
float64 theta
================================================================================
MSG: vision_msgs/Point2D
float64 x
float64 y
"##;
}

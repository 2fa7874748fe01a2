//! `geometry_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `geometry_msgs/msg/Point`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// `float64`
    pub x: f64,
    /// `float64`
    pub y: f64,
    /// `float64`
    pub z: f64,
}

impl RosMsg for Point {
    const TYPE: &'static str = "geometry_msgs/msg/Point";
    const RIHS01: &'static str = "RIHS01_6963084842a9b04494d6b2941d11444708d892da2f4b09843b9c43f42a7f6881";
    const DEFINITION: &'static str = r##"float64 x
float64 y
float64 z
"##;
}

/// `geometry_msgs/msg/Point32`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point32 {
    /// `float32`
    pub x: f32,
    /// `float32`
    pub y: f32,
    /// `float32`
    pub z: f32,
}

impl RosMsg for Point32 {
    const TYPE: &'static str = "geometry_msgs/msg/Point32";
    const RIHS01: &'static str = "RIHS01_2fc4db7cae16a4582c79a56b66173a8d48d52c7dc520ddc55a0d4bcf2a4bfdbc";
    const DEFINITION: &'static str = r##"float32 x
float32 y
float32 z
"##;
}

/// `geometry_msgs/msg/PointStamped`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PointStamped {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `Point`
    pub point: Point,
}

impl RosMsg for PointStamped {
    const TYPE: &'static str = "geometry_msgs/msg/PointStamped";
    const RIHS01: &'static str = "RIHS01_4c0296af86e01e562e9e0405d138a01537247580076c58ea38d7923ac1045897";
    const DEFINITION: &'static str = r##"std_msgs/Header header
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
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `geometry_msgs/msg/Polygon`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Polygon {
    /// `Point32[]`
    pub points: Vec<Point32>,
}

impl RosMsg for Polygon {
    const TYPE: &'static str = "geometry_msgs/msg/Polygon";
    const RIHS01: &'static str = "RIHS01_3782f9f0bf044964d692d6c017d705e37611afb1f0bf6a9dee248a7dda0f784a";
    const DEFINITION: &'static str = r##"Point32[] points
================================================================================
MSG: geometry_msgs/Point32
float32 x
float32 y
float32 z
"##;
}

/// `geometry_msgs/msg/PolygonInstance`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PolygonInstance {
    /// `geometry_msgs/Polygon`
    pub polygon: Polygon,
    /// `int64`
    pub id: i64,
}

impl RosMsg for PolygonInstance {
    const TYPE: &'static str = "geometry_msgs/msg/PolygonInstance";
    const RIHS01: &'static str = "RIHS01_fa1cb3dc774329865258afef74f65b0553d487510c6d0f93ba38cc32d62ac0e5";
    const DEFINITION: &'static str = r##"geometry_msgs/Polygon polygon
int64 id
================================================================================
MSG: geometry_msgs/Polygon
Point32[] points
================================================================================
MSG: geometry_msgs/Point32
float32 x
float32 y
float32 z
"##;
}

/// `geometry_msgs/msg/PolygonInstanceStamped`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PolygonInstanceStamped {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `geometry_msgs/PolygonInstance`
    pub polygon: PolygonInstance,
}

impl RosMsg for PolygonInstanceStamped {
    const TYPE: &'static str = "geometry_msgs/msg/PolygonInstanceStamped";
    const RIHS01: &'static str = "RIHS01_802f37ea4398d7ce547936aab1fd278923716a13c63373887cd896957434ce2f";
    const DEFINITION: &'static str = r##"std_msgs/Header header
geometry_msgs/PolygonInstance polygon
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/PolygonInstance
geometry_msgs/Polygon polygon
int64 id
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Polygon
Point32[] points
================================================================================
MSG: geometry_msgs/Point32
float32 x
float32 y
float32 z
"##;
}

/// `geometry_msgs/msg/Pose`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Pose {
    /// `Point`
    pub position: Point,
    /// `Quaternion`
    pub orientation: Quaternion,
}

impl RosMsg for Pose {
    const TYPE: &'static str = "geometry_msgs/msg/Pose";
    const RIHS01: &'static str = "RIHS01_d501954e9476cea2996984e812054b68026ae0bfae789d9a10b23daf35cc90fa";
    const DEFINITION: &'static str = r##"Point position
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

/// `geometry_msgs/msg/PoseStamped`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PoseStamped {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `Pose`
    pub pose: Pose,
}

impl RosMsg for PoseStamped {
    const TYPE: &'static str = "geometry_msgs/msg/PoseStamped";
    const RIHS01: &'static str = "RIHS01_10f3786d7d40fd2b54367835614bff85d4ad3b5dab62bf8bca0cc232d73b4cd8";
    const DEFINITION: &'static str = r##"std_msgs/Header header
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

/// `geometry_msgs/msg/PoseWithCovariance`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoseWithCovariance {
    /// `Pose`
    pub pose: Pose,
    /// `float64[36]`
    #[serde(with = "crate::long_array")]
    pub covariance: [f64; 36],
}

impl Default for PoseWithCovariance {
    fn default() -> Self {
        Self { pose: Default::default(), covariance: [0.0; 36] }
    }
}

impl RosMsg for PoseWithCovariance {
    const TYPE: &'static str = "geometry_msgs/msg/PoseWithCovariance";
    const RIHS01: &'static str = "RIHS01_9a7c0fd234b7f45c6098745ecccd773ca1085670e64107135397aee31c02e1bb";
    const DEFINITION: &'static str = r##"Pose pose
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

/// `geometry_msgs/msg/Quaternion`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quaternion {
    /// `float64`
    pub x: f64,
    /// `float64`
    pub y: f64,
    /// `float64`
    pub z: f64,
    /// `float64`
    pub w: f64,
}

impl Default for Quaternion {
    fn default() -> Self {
        Self { x: 0.0, y: 0.0, z: 0.0, w: 1.0 }
    }
}

impl RosMsg for Quaternion {
    const TYPE: &'static str = "geometry_msgs/msg/Quaternion";
    const RIHS01: &'static str = "RIHS01_8a765f66778c8ff7c8ab94afcc590a2ed5325a1d9a076ffff38fbce36f458684";
    const DEFINITION: &'static str = r##"float64 x 0
float64 y 0
float64 z 0
float64 w 1
"##;
}

/// `geometry_msgs/msg/Transform`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Transform {
    /// `Vector3`
    pub translation: Vector3,
    /// `Quaternion`
    pub rotation: Quaternion,
}

impl RosMsg for Transform {
    const TYPE: &'static str = "geometry_msgs/msg/Transform";
    const RIHS01: &'static str = "RIHS01_beb83fbe698636351461f6f35d1abb20010c43d55374d81bd041f1ba2581fddc";
    const DEFINITION: &'static str = r##"Vector3 translation
Quaternion rotation
================================================================================
MSG: geometry_msgs/Vector3
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

/// `geometry_msgs/msg/TransformStamped`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TransformStamped {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `string`
    pub child_frame_id: String,
    /// `Transform`
    pub transform: Transform,
}

impl RosMsg for TransformStamped {
    const TYPE: &'static str = "geometry_msgs/msg/TransformStamped";
    const RIHS01: &'static str = "RIHS01_0a241f87d04668d94099cbb5ba11691d5ad32c2f29682e4eb5653424bd275206";
    const DEFINITION: &'static str = r##"std_msgs/Header header
string child_frame_id
Transform transform
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
================================================================================
MSG: geometry_msgs/Transform
Vector3 translation
Quaternion rotation
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Vector3
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

/// `geometry_msgs/msg/Twist`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Twist {
    /// `Vector3`
    pub linear: Vector3,
    /// `Vector3`
    pub angular: Vector3,
}

impl RosMsg for Twist {
    const TYPE: &'static str = "geometry_msgs/msg/Twist";
    const RIHS01: &'static str = "RIHS01_9c45bf16fe0983d80e3cfe750d6835843d265a9a6c46bd2e609fcddde6fb8d2a";
    const DEFINITION: &'static str = r##"Vector3 linear
Vector3 angular
================================================================================
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
"##;
}

/// `geometry_msgs/msg/TwistWithCovariance`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwistWithCovariance {
    /// `Twist`
    pub twist: Twist,
    /// `float64[36]`
    #[serde(with = "crate::long_array")]
    pub covariance: [f64; 36],
}

impl Default for TwistWithCovariance {
    fn default() -> Self {
        Self { twist: Default::default(), covariance: [0.0; 36] }
    }
}

impl RosMsg for TwistWithCovariance {
    const TYPE: &'static str = "geometry_msgs/msg/TwistWithCovariance";
    const RIHS01: &'static str = "RIHS01_49f574f033f095d8b6cd1beaca5ca7925e296e84af1716d16c89d38b059c8c18";
    const DEFINITION: &'static str = r##"Twist twist
float64[36] covariance
================================================================================
MSG: geometry_msgs/Twist
Vector3 linear
Vector3 angular
================================================================================
MSG: geometry_msgs/Vector3
float64 x
float64 y
float64 z
"##;
}

/// `geometry_msgs/msg/Vector3`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Vector3 {
    /// `float64`
    pub x: f64,
    /// `float64`
    pub y: f64,
    /// `float64`
    pub z: f64,
}

impl RosMsg for Vector3 {
    const TYPE: &'static str = "geometry_msgs/msg/Vector3";
    const RIHS01: &'static str = "RIHS01_cc12fe83e4c02719f1ce8070bfd14aecd40f75a96696a67a2a1f37f7dbb0765d";
    const DEFINITION: &'static str = r##"float64 x
float64 y
float64 z
"##;
}

//! `visualization_msgs`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `visualization_msgs/msg/Marker`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Marker {
    /// `std_msgs/Header`
    pub header: crate::std_msgs::Header,
    /// `string`
    pub ns: String,
    /// `int32`
    pub id: i32,
    /// `int32`
    pub r#type: i32,
    /// `int32`
    pub action: i32,
    /// `geometry_msgs/Pose`
    pub pose: crate::geometry_msgs::Pose,
    /// `geometry_msgs/Vector3`
    pub scale: crate::geometry_msgs::Vector3,
    /// `std_msgs/ColorRGBA`
    pub color: crate::std_msgs::ColorRGBA,
    /// `builtin_interfaces/Duration`
    pub lifetime: crate::builtin_interfaces::Duration,
    /// `bool`
    pub frame_locked: bool,
    /// `geometry_msgs/Point[]`
    pub points: Vec<crate::geometry_msgs::Point>,
    /// `std_msgs/ColorRGBA[]`
    pub colors: Vec<crate::std_msgs::ColorRGBA>,
    /// `string`
    pub texture_resource: String,
    /// `sensor_msgs/CompressedImage`
    pub texture: crate::sensor_msgs::CompressedImage,
    /// `UVCoordinate[]`
    pub uv_coordinates: Vec<UVCoordinate>,
    /// `string`
    pub text: String,
    /// `string`
    pub mesh_resource: String,
    /// `MeshFile`
    pub mesh_file: MeshFile,
    /// `bool`
    pub mesh_use_embedded_materials: bool,
}

impl Marker {
    /// `int32`
    pub const ARROW: i32 = 0;
    /// `int32`
    pub const CUBE: i32 = 1;
    /// `int32`
    pub const SPHERE: i32 = 2;
    /// `int32`
    pub const CYLINDER: i32 = 3;
    /// `int32`
    pub const LINE_STRIP: i32 = 4;
    /// `int32`
    pub const LINE_LIST: i32 = 5;
    /// `int32`
    pub const CUBE_LIST: i32 = 6;
    /// `int32`
    pub const SPHERE_LIST: i32 = 7;
    /// `int32`
    pub const POINTS: i32 = 8;
    /// `int32`
    pub const TEXT_VIEW_FACING: i32 = 9;
    /// `int32`
    pub const MESH_RESOURCE: i32 = 10;
    /// `int32`
    pub const TRIANGLE_LIST: i32 = 11;
    /// `int32`
    pub const ARROW_STRIP: i32 = 12;
    /// `int32`
    pub const ADD: i32 = 0;
    /// `int32`
    pub const MODIFY: i32 = 0;
    /// `int32`
    pub const DELETE: i32 = 2;
    /// `int32`
    pub const DELETEALL: i32 = 3;
}

impl RosMsg for Marker {
    const TYPE: &'static str = "visualization_msgs/msg/Marker";
    const RIHS01: &'static str = "RIHS01_45b13ccf791f225962bf74e746f9644518855d783a6f42ba0cc14fde2b4f3ce0";
    const DEFINITION: &'static str = r##"int32 ARROW=0
int32 CUBE=1
int32 SPHERE=2
int32 CYLINDER=3
int32 LINE_STRIP=4
int32 LINE_LIST=5
int32 CUBE_LIST=6
int32 SPHERE_LIST=7
int32 POINTS=8
int32 TEXT_VIEW_FACING=9
int32 MESH_RESOURCE=10
int32 TRIANGLE_LIST=11
int32 ARROW_STRIP=12
int32 ADD=0
int32 MODIFY=0
int32 DELETE=2
int32 DELETEALL=3
std_msgs/Header header
string ns
int32 id
int32 type
int32 action
geometry_msgs/Pose pose
geometry_msgs/Vector3 scale
std_msgs/ColorRGBA color
builtin_interfaces/Duration lifetime
bool frame_locked
geometry_msgs/Point[] points
std_msgs/ColorRGBA[] colors
string texture_resource
sensor_msgs/CompressedImage texture
UVCoordinate[] uv_coordinates
string text
string mesh_resource
MeshFile mesh_file
bool mesh_use_embedded_materials
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
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
MSG: std_msgs/ColorRGBA
float32 r
float32 g
float32 b
float32 a
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
================================================================================
MSG: sensor_msgs/CompressedImage
std_msgs/Header header
string format
uint8[] data
================================================================================
MSG: visualization_msgs/UVCoordinate
float32 u
float32 v
================================================================================
MSG: visualization_msgs/MeshFile
string filename
uint8[] data
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Quaternion
float64 x 0
float64 y 0
float64 z 0
float64 w 1
"##;
}

/// `visualization_msgs/msg/MarkerArray`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MarkerArray {
    /// `Marker[]`
    pub markers: Vec<Marker>,
}

impl RosMsg for MarkerArray {
    const TYPE: &'static str = "visualization_msgs/msg/MarkerArray";
    const RIHS01: &'static str = "RIHS01_86cb8800b6fb05b5eff1abd7a56f62a5641d3ae9a1c29e78e67e704f1d067dcf";
    const DEFINITION: &'static str = r##"Marker[] markers
================================================================================
MSG: visualization_msgs/Marker
int32 ARROW=0
int32 CUBE=1
int32 SPHERE=2
int32 CYLINDER=3
int32 LINE_STRIP=4
int32 LINE_LIST=5
int32 CUBE_LIST=6
int32 SPHERE_LIST=7
int32 POINTS=8
int32 TEXT_VIEW_FACING=9
int32 MESH_RESOURCE=10
int32 TRIANGLE_LIST=11
int32 ARROW_STRIP=12
int32 ADD=0
int32 MODIFY=0
int32 DELETE=2
int32 DELETEALL=3
std_msgs/Header header
string ns
int32 id
int32 type
int32 action
geometry_msgs/Pose pose
geometry_msgs/Vector3 scale
std_msgs/ColorRGBA color
builtin_interfaces/Duration lifetime
bool frame_locked
geometry_msgs/Point[] points
std_msgs/ColorRGBA[] colors
string texture_resource
sensor_msgs/CompressedImage texture
UVCoordinate[] uv_coordinates
string text
string mesh_resource
MeshFile mesh_file
bool mesh_use_embedded_materials
================================================================================
MSG: std_msgs/Header
builtin_interfaces/Time stamp
string frame_id
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
MSG: std_msgs/ColorRGBA
float32 r
float32 g
float32 b
float32 a
================================================================================
MSG: builtin_interfaces/Duration
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Point
float64 x
float64 y
float64 z
================================================================================
MSG: sensor_msgs/CompressedImage
std_msgs/Header header
string format
uint8[] data
================================================================================
MSG: visualization_msgs/UVCoordinate
float32 u
float32 v
================================================================================
MSG: visualization_msgs/MeshFile
string filename
uint8[] data
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: geometry_msgs/Quaternion
float64 x 0
float64 y 0
float64 z 0
float64 w 1
"##;
}

/// `visualization_msgs/msg/MeshFile`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MeshFile {
    /// `string`
    pub filename: String,
    /// `uint8[]`
    #[serde(with = "serde_bytes")]
    pub data: Vec<u8>,
}

impl RosMsg for MeshFile {
    const TYPE: &'static str = "visualization_msgs/msg/MeshFile";
    const RIHS01: &'static str = "RIHS01_7710ece15a148fb7c9b546364cfb215bb06098087bd6394fe5b73a493508f8c4";
    const DEFINITION: &'static str = r##"string filename
uint8[] data
"##;
}

/// `visualization_msgs/msg/UVCoordinate`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct UVCoordinate {
    /// `float32`
    pub u: f32,
    /// `float32`
    pub v: f32,
}

impl RosMsg for UVCoordinate {
    const TYPE: &'static str = "visualization_msgs/msg/UVCoordinate";
    const RIHS01: &'static str = "RIHS01_f27f7ed21fe360c6066944f856b801a0c0d1e94e815b6886444b42d90b196a26";
    const DEFINITION: &'static str = r##"float32 u
float32 v
"##;
}

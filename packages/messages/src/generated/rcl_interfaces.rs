//! `rcl_interfaces`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `rcl_interfaces/srv/DescribeParameters_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DescribeParametersRequest {
    /// `string[]`
    pub names: Vec<String>,
}

impl RosMsg for DescribeParametersRequest {
    const TYPE: &'static str = "rcl_interfaces/srv/DescribeParameters_Request";
    const RIHS01: &'static str = "RIHS01_05dd1c2bc87dec2627105c8070d6f9725c781a4f2ab852975bf105462b82b644";
    const DEFINITION: &'static str = r##"string[] names
"##;
}

/// `rcl_interfaces/srv/DescribeParameters_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DescribeParametersResponse {
    /// `ParameterDescriptor[]`
    pub descriptors: Vec<ParameterDescriptor>,
}

impl RosMsg for DescribeParametersResponse {
    const TYPE: &'static str = "rcl_interfaces/srv/DescribeParameters_Response";
    const RIHS01: &'static str = "RIHS01_ad6747319613c6131589e062e095b469a46cc764f7d0f12a001a49e6cd893995";
    const DEFINITION: &'static str = r##"ParameterDescriptor[] descriptors
================================================================================
MSG: rcl_interfaces/ParameterDescriptor
string name
uint8 type
string description
string additional_constraints
bool read_only false
bool dynamic_typing false
FloatingPointRange[<=1] floating_point_range
IntegerRange[<=1] integer_range
================================================================================
MSG: rcl_interfaces/FloatingPointRange
float64 from_value
float64 to_value
float64 step
================================================================================
MSG: rcl_interfaces/IntegerRange
int64 from_value
int64 to_value
uint64 step
"##;
}

/// `rcl_interfaces/msg/FloatingPointRange`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FloatingPointRange {
    /// `float64`
    pub from_value: f64,
    /// `float64`
    pub to_value: f64,
    /// `float64`
    pub step: f64,
}

impl RosMsg for FloatingPointRange {
    const TYPE: &'static str = "rcl_interfaces/msg/FloatingPointRange";
    const RIHS01: &'static str = "RIHS01_e6af23a23c177fee5f3075c8b1e435162a9b63c863d78c06017460b49684262d";
    const DEFINITION: &'static str = r##"float64 from_value
float64 to_value
float64 step
"##;
}

/// `rcl_interfaces/srv/GetParameterTypes_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetParameterTypesRequest {
    /// `string[]`
    pub names: Vec<String>,
}

impl RosMsg for GetParameterTypesRequest {
    const TYPE: &'static str = "rcl_interfaces/srv/GetParameterTypes_Request";
    const RIHS01: &'static str = "RIHS01_87d7ec5ef545d4daa289d500025d31fb2437bc8b8365ca367161c4dac4be33fd";
    const DEFINITION: &'static str = r##"string[] names
"##;
}

/// `rcl_interfaces/srv/GetParameterTypes_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetParameterTypesResponse {
    /// `uint8[]`
    #[serde(with = "serde_bytes")]
    pub types: Vec<u8>,
}

impl RosMsg for GetParameterTypesResponse {
    const TYPE: &'static str = "rcl_interfaces/srv/GetParameterTypes_Response";
    const RIHS01: &'static str = "RIHS01_ac1335dce67c478e669434f6ac2fbff34fcd529580f272d3006785ba8b54e47f";
    const DEFINITION: &'static str = r##"uint8[] types
"##;
}

/// `rcl_interfaces/srv/GetParameters_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetParametersRequest {
    /// `string[]`
    pub names: Vec<String>,
}

impl RosMsg for GetParametersRequest {
    const TYPE: &'static str = "rcl_interfaces/srv/GetParameters_Request";
    const RIHS01: &'static str = "RIHS01_135a9e1c3d7cebef792f6687d7ddf99949b21a0bd9a320d863a9110a3f5cf4d6";
    const DEFINITION: &'static str = r##"string[] names
"##;
}

/// `rcl_interfaces/srv/GetParameters_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GetParametersResponse {
    /// `ParameterValue[]`
    pub values: Vec<ParameterValue>,
}

impl RosMsg for GetParametersResponse {
    const TYPE: &'static str = "rcl_interfaces/srv/GetParameters_Response";
    const RIHS01: &'static str = "RIHS01_9fa773b46e39cc5d02db6224d8fd520bb9caeeffc2b27c96c1e59431baba9f2a";
    const DEFINITION: &'static str = r##"ParameterValue[] values
================================================================================
MSG: rcl_interfaces/ParameterValue
uint8 type
bool bool_value
int64 integer_value
float64 double_value
string string_value
byte[] byte_array_value
bool[] bool_array_value
int64[] integer_array_value
float64[] double_array_value
string[] string_array_value
"##;
}

/// `rcl_interfaces/msg/IntegerRange`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IntegerRange {
    /// `int64`
    pub from_value: i64,
    /// `int64`
    pub to_value: i64,
    /// `uint64`
    pub step: u64,
}

impl RosMsg for IntegerRange {
    const TYPE: &'static str = "rcl_interfaces/msg/IntegerRange";
    const RIHS01: &'static str = "RIHS01_f7b7fdc0f65f07702e099218e13288c3963bcb9345bde78b560e6cd19800fc5a";
    const DEFINITION: &'static str = r##"int64 from_value
int64 to_value
uint64 step
"##;
}

/// `rcl_interfaces/srv/ListParameters_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListParametersRequest {
    /// `string[]`
    pub prefixes: Vec<String>,
    /// `uint64`
    pub depth: u64,
}

impl ListParametersRequest {
    /// `uint64`
    pub const DEPTH_RECURSIVE: u64 = 0;
}

impl RosMsg for ListParametersRequest {
    const TYPE: &'static str = "rcl_interfaces/srv/ListParameters_Request";
    const RIHS01: &'static str = "RIHS01_a1b0b5d6b967a5b8ac5bc8563c3ea678f349e312a6a4967227c5a96bc5ce38df";
    const DEFINITION: &'static str = r##"uint64 DEPTH_RECURSIVE=0
string[] prefixes
uint64 depth
"##;
}

/// `rcl_interfaces/srv/ListParameters_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListParametersResponse {
    /// `ListParametersResult`
    pub result: ListParametersResult,
}

impl RosMsg for ListParametersResponse {
    const TYPE: &'static str = "rcl_interfaces/srv/ListParameters_Response";
    const RIHS01: &'static str = "RIHS01_31b937b82de3612426be79f231e386259f97e8dc843e3f2845288b4bfa296bdd";
    const DEFINITION: &'static str = r##"ListParametersResult result
================================================================================
MSG: rcl_interfaces/ListParametersResult
string[] names
string[] prefixes
"##;
}

/// `rcl_interfaces/msg/ListParametersResult`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListParametersResult {
    /// `string[]`
    pub names: Vec<String>,
    /// `string[]`
    pub prefixes: Vec<String>,
}

impl RosMsg for ListParametersResult {
    const TYPE: &'static str = "rcl_interfaces/msg/ListParametersResult";
    const RIHS01: &'static str = "RIHS01_237ae3428413dcbcfb452b510c42355f3a2b021dc091afa3e18526d57022f1cd";
    const DEFINITION: &'static str = r##"string[] names
string[] prefixes
"##;
}

/// `rcl_interfaces/msg/Log`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Log {
    /// `builtin_interfaces/Time`
    pub stamp: crate::builtin_interfaces::Time,
    /// `uint8`
    pub level: u8,
    /// `string`
    pub name: String,
    /// `string`
    pub msg: String,
    /// `string`
    pub file: String,
    /// `string`
    pub function: String,
    /// `uint32`
    pub line: u32,
}

impl Log {
    /// `byte`
    pub const DEBUG: u8 = 10;
    /// `byte`
    pub const INFO: u8 = 20;
    /// `byte`
    pub const WARN: u8 = 30;
    /// `byte`
    pub const ERROR: u8 = 40;
    /// `byte`
    pub const FATAL: u8 = 50;
}

impl RosMsg for Log {
    const TYPE: &'static str = "rcl_interfaces/msg/Log";
    const RIHS01: &'static str = "RIHS01_e28ce254ca8abc06abf92773b74602cdbf116ed34fbaf294fb9f81da9f318eac";
    const DEFINITION: &'static str = r##"byte DEBUG=10
byte INFO=20
byte WARN=30
byte ERROR=40
byte FATAL=50
builtin_interfaces/Time stamp
uint8 level
string name
string msg
string file
string function
uint32 line
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
"##;
}

/// `rcl_interfaces/msg/Parameter`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// `string`
    pub name: String,
    /// `ParameterValue`
    pub value: ParameterValue,
}

impl RosMsg for Parameter {
    const TYPE: &'static str = "rcl_interfaces/msg/Parameter";
    const RIHS01: &'static str = "RIHS01_ddfe6442cffc462317adb5c92536a7b6dd55858c5c3e1e328165a6b73c2831af";
    const DEFINITION: &'static str = r##"string name
ParameterValue value
================================================================================
MSG: rcl_interfaces/ParameterValue
uint8 type
bool bool_value
int64 integer_value
float64 double_value
string string_value
byte[] byte_array_value
bool[] bool_array_value
int64[] integer_array_value
float64[] double_array_value
string[] string_array_value
"##;
}

/// `rcl_interfaces/msg/ParameterDescriptor`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterDescriptor {
    /// `string`
    pub name: String,
    /// `uint8`
    pub r#type: u8,
    /// `string`
    pub description: String,
    /// `string`
    pub additional_constraints: String,
    /// `bool`
    pub read_only: bool,
    /// `bool`
    pub dynamic_typing: bool,
    /// `FloatingPointRange[<=1]`
    pub floating_point_range: Vec<FloatingPointRange>,
    /// `IntegerRange[<=1]`
    pub integer_range: Vec<IntegerRange>,
}

impl RosMsg for ParameterDescriptor {
    const TYPE: &'static str = "rcl_interfaces/msg/ParameterDescriptor";
    const RIHS01: &'static str = "RIHS01_52175dbfda6c51153101d33d2a9da05743f66f02d5ab2ca9ec4709b46b73d704";
    const DEFINITION: &'static str = r##"string name
uint8 type
string description
string additional_constraints
bool read_only false
bool dynamic_typing false
FloatingPointRange[<=1] floating_point_range
IntegerRange[<=1] integer_range
================================================================================
MSG: rcl_interfaces/FloatingPointRange
float64 from_value
float64 to_value
float64 step
================================================================================
MSG: rcl_interfaces/IntegerRange
int64 from_value
int64 to_value
uint64 step
"##;
}

/// `rcl_interfaces/msg/ParameterEvent`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterEvent {
    /// `builtin_interfaces/Time`
    pub stamp: crate::builtin_interfaces::Time,
    /// `string`
    pub node: String,
    /// `Parameter[]`
    pub new_parameters: Vec<Parameter>,
    /// `Parameter[]`
    pub changed_parameters: Vec<Parameter>,
    /// `Parameter[]`
    pub deleted_parameters: Vec<Parameter>,
}

impl RosMsg for ParameterEvent {
    const TYPE: &'static str = "rcl_interfaces/msg/ParameterEvent";
    const RIHS01: &'static str = "RIHS01_043e627780fcad87a22d225bc2a037361dba713fca6a6b9f4b869a5aa0393204";
    const DEFINITION: &'static str = r##"builtin_interfaces/Time stamp
string node
Parameter[] new_parameters
Parameter[] changed_parameters
Parameter[] deleted_parameters
================================================================================
MSG: builtin_interfaces/Time
int32 sec
uint32 nanosec
================================================================================
MSG: rcl_interfaces/Parameter
string name
ParameterValue value
================================================================================
MSG: rcl_interfaces/ParameterValue
uint8 type
bool bool_value
int64 integer_value
float64 double_value
string string_value
byte[] byte_array_value
bool[] bool_array_value
int64[] integer_array_value
float64[] double_array_value
string[] string_array_value
"##;
}

/// `rcl_interfaces/msg/ParameterType`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterType {
    /// Always 0: an empty struct is one byte on the wire.
    pub structure_needs_at_least_one_member: u8,
}

impl ParameterType {
    /// `uint8`
    pub const PARAMETER_NOT_SET: u8 = 0;
    /// `uint8`
    pub const PARAMETER_BOOL: u8 = 1;
    /// `uint8`
    pub const PARAMETER_INTEGER: u8 = 2;
    /// `uint8`
    pub const PARAMETER_DOUBLE: u8 = 3;
    /// `uint8`
    pub const PARAMETER_STRING: u8 = 4;
    /// `uint8`
    pub const PARAMETER_BYTE_ARRAY: u8 = 5;
    /// `uint8`
    pub const PARAMETER_BOOL_ARRAY: u8 = 6;
    /// `uint8`
    pub const PARAMETER_INTEGER_ARRAY: u8 = 7;
    /// `uint8`
    pub const PARAMETER_DOUBLE_ARRAY: u8 = 8;
    /// `uint8`
    pub const PARAMETER_STRING_ARRAY: u8 = 9;
}

impl RosMsg for ParameterType {
    const TYPE: &'static str = "rcl_interfaces/msg/ParameterType";
    const RIHS01: &'static str = "RIHS01_df29ed057a834862187be24dd187d981790ff3ea6502f4cd27b432cbc42c6d46";
    const DEFINITION: &'static str = r##"uint8 PARAMETER_NOT_SET=0
uint8 PARAMETER_BOOL=1
uint8 PARAMETER_INTEGER=2
uint8 PARAMETER_DOUBLE=3
uint8 PARAMETER_STRING=4
uint8 PARAMETER_BYTE_ARRAY=5
uint8 PARAMETER_BOOL_ARRAY=6
uint8 PARAMETER_INTEGER_ARRAY=7
uint8 PARAMETER_DOUBLE_ARRAY=8
uint8 PARAMETER_STRING_ARRAY=9
"##;
}

/// `rcl_interfaces/msg/ParameterValue`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParameterValue {
    /// `uint8`
    pub r#type: u8,
    /// `bool`
    pub bool_value: bool,
    /// `int64`
    pub integer_value: i64,
    /// `float64`
    pub double_value: f64,
    /// `string`
    pub string_value: String,
    /// `byte[]`
    #[serde(with = "serde_bytes")]
    pub byte_array_value: Vec<u8>,
    /// `bool[]`
    pub bool_array_value: Vec<bool>,
    /// `int64[]`
    pub integer_array_value: Vec<i64>,
    /// `float64[]`
    pub double_array_value: Vec<f64>,
    /// `string[]`
    pub string_array_value: Vec<String>,
}

impl RosMsg for ParameterValue {
    const TYPE: &'static str = "rcl_interfaces/msg/ParameterValue";
    const RIHS01: &'static str = "RIHS01_115fc089a387e23c7ecd3525c9189c379109119d6ab82e8dfbde0fdf6a7f9b68";
    const DEFINITION: &'static str = r##"uint8 type
bool bool_value
int64 integer_value
float64 double_value
string string_value
byte[] byte_array_value
bool[] bool_array_value
int64[] integer_array_value
float64[] double_array_value
string[] string_array_value
"##;
}

/// `rcl_interfaces/srv/SetParametersAtomically_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetParametersAtomicallyRequest {
    /// `Parameter[]`
    pub parameters: Vec<Parameter>,
}

impl RosMsg for SetParametersAtomicallyRequest {
    const TYPE: &'static str = "rcl_interfaces/srv/SetParametersAtomically_Request";
    const RIHS01: &'static str = "RIHS01_db0bd950ed5ed867a0e90b225e44dea382d762c0762ff3e0ee842190042a59e5";
    const DEFINITION: &'static str = r##"Parameter[] parameters
================================================================================
MSG: rcl_interfaces/Parameter
string name
ParameterValue value
================================================================================
MSG: rcl_interfaces/ParameterValue
uint8 type
bool bool_value
int64 integer_value
float64 double_value
string string_value
byte[] byte_array_value
bool[] bool_array_value
int64[] integer_array_value
float64[] double_array_value
string[] string_array_value
"##;
}

/// `rcl_interfaces/srv/SetParametersAtomically_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetParametersAtomicallyResponse {
    /// `SetParametersResult`
    pub result: SetParametersResult,
}

impl RosMsg for SetParametersAtomicallyResponse {
    const TYPE: &'static str = "rcl_interfaces/srv/SetParametersAtomically_Response";
    const RIHS01: &'static str = "RIHS01_31b1a38c5b0b9d893ee24da45f69638f4561c78461d82d52750f429b534502b8";
    const DEFINITION: &'static str = r##"SetParametersResult result
================================================================================
MSG: rcl_interfaces/SetParametersResult
bool successful
string reason
"##;
}

/// `rcl_interfaces/srv/SetParameters_Request`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetParametersRequest {
    /// `Parameter[]`
    pub parameters: Vec<Parameter>,
}

impl RosMsg for SetParametersRequest {
    const TYPE: &'static str = "rcl_interfaces/srv/SetParameters_Request";
    const RIHS01: &'static str = "RIHS01_130d46386b7e84ea9ecf60608a4d83cbe5e5cb7c6cc5b712b7a4e3a6c254e932";
    const DEFINITION: &'static str = r##"Parameter[] parameters
================================================================================
MSG: rcl_interfaces/Parameter
string name
ParameterValue value
================================================================================
MSG: rcl_interfaces/ParameterValue
uint8 type
bool bool_value
int64 integer_value
float64 double_value
string string_value
byte[] byte_array_value
bool[] bool_array_value
int64[] integer_array_value
float64[] double_array_value
string[] string_array_value
"##;
}

/// `rcl_interfaces/srv/SetParameters_Response`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetParametersResponse {
    /// `SetParametersResult[]`
    pub results: Vec<SetParametersResult>,
}

impl RosMsg for SetParametersResponse {
    const TYPE: &'static str = "rcl_interfaces/srv/SetParameters_Response";
    const RIHS01: &'static str = "RIHS01_7a0e8140a0b8d98308fa81a5403a766e610af29a239caf54b7553227906fc266";
    const DEFINITION: &'static str = r##"SetParametersResult[] results
================================================================================
MSG: rcl_interfaces/SetParametersResult
bool successful
string reason
"##;
}

/// `rcl_interfaces/msg/SetParametersResult`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SetParametersResult {
    /// `bool`
    pub successful: bool,
    /// `string`
    pub reason: String,
}

impl RosMsg for SetParametersResult {
    const TYPE: &'static str = "rcl_interfaces/msg/SetParametersResult";
    const RIHS01: &'static str = "RIHS01_cfcc0fb0371ee5159b403960ef4300f8f9d2f1fd6117c8666b7f9654d528a9b1";
    const DEFINITION: &'static str = r##"bool successful
string reason
"##;
}

//! The border to ROS 2. In -> out: CDR bytes with a type name -> checked [`Reading`](vedette_types::Reading)s (`from_ros`); the system's
//! own values -> message structs and CDR bytes (`to_ros`). The structs are generated from `msgs/` and the standard definitions; each topic's
//! name, type and QoS is one constant (`topics`).
//! Deliberately absent: transport, files, clocks, and any judgement beyond "is this a usable reading".

pub mod action;
mod cdr;
pub mod from_ros;
mod generated;
mod long_array;
mod rejection;
pub mod service;
pub mod to_ros;
pub mod topics;
mod type_description;

pub use action::RosAction;
pub use cdr::{CdrError, RosMsg};
pub use generated::{
    action_msgs, bond, builtin_interfaces, diagnostic_msgs, geometry_msgs, lifecycle_msgs, nav_msgs, nav2_msgs, rcl_interfaces,
    rmw_dds_common, rosgraph_msgs, sensor_msgs, std_msgs, std_srvs, tf2_msgs, type_description_interfaces, unique_identifier_msgs,
    vedette_msgs, vision_msgs, visualization_msgs,
};
pub use rejection::Rejection;
pub use service::RosService;
pub use type_description::{describe, schema, sources};

//! The generated message structs, one module per ROS package, and [`for_each_message`](crate::for_each_message). Written by
//! `cargo xtask messages`. Not edited by hand.

pub mod bond;
pub mod builtin_interfaces;
pub mod diagnostic_msgs;
pub mod geometry_msgs;
pub mod lifecycle_msgs;
pub mod nav2_msgs;
pub mod nav_msgs;
pub mod rcl_interfaces;
pub mod rmw_dds_common;
pub mod rosgraph_msgs;
pub mod sensor_msgs;
pub mod std_msgs;
pub mod std_srvs;
pub mod tf2_msgs;
pub mod type_description_interfaces;
pub mod vedette_msgs;
pub mod vision_msgs;
pub mod visualization_msgs;

/// Calls `$callback!` once with the paths of all generated messages, separated by commas: for code and tests that must cover every
/// type.
#[macro_export]
macro_rules! for_each_message {
    ($callback:ident) => {
        $callback! {
            $crate::bond::Status,
            $crate::builtin_interfaces::Duration,
            $crate::builtin_interfaces::Time,
            $crate::diagnostic_msgs::DiagnosticArray,
            $crate::diagnostic_msgs::DiagnosticStatus,
            $crate::diagnostic_msgs::KeyValue,
            $crate::diagnostic_msgs::SelfTestRequest,
            $crate::diagnostic_msgs::SelfTestResponse,
            $crate::geometry_msgs::Point,
            $crate::geometry_msgs::Point32,
            $crate::geometry_msgs::PointStamped,
            $crate::geometry_msgs::Polygon,
            $crate::geometry_msgs::PolygonInstance,
            $crate::geometry_msgs::PolygonInstanceStamped,
            $crate::geometry_msgs::Pose,
            $crate::geometry_msgs::PoseStamped,
            $crate::geometry_msgs::PoseWithCovariance,
            $crate::geometry_msgs::Quaternion,
            $crate::geometry_msgs::Transform,
            $crate::geometry_msgs::TransformStamped,
            $crate::geometry_msgs::Twist,
            $crate::geometry_msgs::TwistStamped,
            $crate::geometry_msgs::TwistWithCovariance,
            $crate::geometry_msgs::Vector3,
            $crate::lifecycle_msgs::ChangeStateRequest,
            $crate::lifecycle_msgs::ChangeStateResponse,
            $crate::lifecycle_msgs::GetAvailableStatesRequest,
            $crate::lifecycle_msgs::GetAvailableStatesResponse,
            $crate::lifecycle_msgs::GetAvailableTransitionsRequest,
            $crate::lifecycle_msgs::GetAvailableTransitionsResponse,
            $crate::lifecycle_msgs::GetStateRequest,
            $crate::lifecycle_msgs::GetStateResponse,
            $crate::lifecycle_msgs::State,
            $crate::lifecycle_msgs::Transition,
            $crate::lifecycle_msgs::TransitionDescription,
            $crate::lifecycle_msgs::TransitionEvent,
            $crate::nav2_msgs::CostmapFilterInfo,
            $crate::nav2_msgs::SpeedLimit,
            $crate::nav_msgs::MapMetaData,
            $crate::nav_msgs::OccupancyGrid,
            $crate::nav_msgs::Odometry,
            $crate::rcl_interfaces::DescribeParametersRequest,
            $crate::rcl_interfaces::DescribeParametersResponse,
            $crate::rcl_interfaces::FloatingPointRange,
            $crate::rcl_interfaces::GetParameterTypesRequest,
            $crate::rcl_interfaces::GetParameterTypesResponse,
            $crate::rcl_interfaces::GetParametersRequest,
            $crate::rcl_interfaces::GetParametersResponse,
            $crate::rcl_interfaces::IntegerRange,
            $crate::rcl_interfaces::ListParametersRequest,
            $crate::rcl_interfaces::ListParametersResponse,
            $crate::rcl_interfaces::ListParametersResult,
            $crate::rcl_interfaces::Log,
            $crate::rcl_interfaces::Parameter,
            $crate::rcl_interfaces::ParameterDescriptor,
            $crate::rcl_interfaces::ParameterEvent,
            $crate::rcl_interfaces::ParameterType,
            $crate::rcl_interfaces::ParameterValue,
            $crate::rcl_interfaces::SetParametersAtomicallyRequest,
            $crate::rcl_interfaces::SetParametersAtomicallyResponse,
            $crate::rcl_interfaces::SetParametersRequest,
            $crate::rcl_interfaces::SetParametersResponse,
            $crate::rcl_interfaces::SetParametersResult,
            $crate::rmw_dds_common::Gid,
            $crate::rmw_dds_common::NodeEntitiesInfo,
            $crate::rmw_dds_common::ParticipantEntitiesInfo,
            $crate::rosgraph_msgs::Clock,
            $crate::sensor_msgs::BatteryState,
            $crate::sensor_msgs::CameraInfo,
            $crate::sensor_msgs::CompressedImage,
            $crate::sensor_msgs::Image,
            $crate::sensor_msgs::Imu,
            $crate::sensor_msgs::LaserScan,
            $crate::sensor_msgs::PointCloud2,
            $crate::sensor_msgs::PointField,
            $crate::sensor_msgs::Range,
            $crate::sensor_msgs::RegionOfInterest,
            $crate::sensor_msgs::Temperature,
            $crate::std_msgs::ColorRGBA,
            $crate::std_msgs::Empty,
            $crate::std_msgs::Header,
            $crate::std_msgs::String,
            $crate::std_srvs::SetBoolRequest,
            $crate::std_srvs::SetBoolResponse,
            $crate::std_srvs::TriggerRequest,
            $crate::std_srvs::TriggerResponse,
            $crate::tf2_msgs::TFMessage,
            $crate::type_description_interfaces::Field,
            $crate::type_description_interfaces::FieldType,
            $crate::type_description_interfaces::GetTypeDescriptionRequest,
            $crate::type_description_interfaces::GetTypeDescriptionResponse,
            $crate::type_description_interfaces::IndividualTypeDescription,
            $crate::type_description_interfaces::KeyValue,
            $crate::type_description_interfaces::TypeDescription,
            $crate::type_description_interfaces::TypeSource,
            $crate::vedette_msgs::AcknowledgeAlertRequest,
            $crate::vedette_msgs::AcknowledgeAlertResponse,
            $crate::vedette_msgs::Alert,
            $crate::vedette_msgs::AlertArray,
            $crate::vedette_msgs::Assessment,
            $crate::vedette_msgs::Decision,
            $crate::vedette_msgs::GasReading,
            $crate::vedette_msgs::Hazard,
            $crate::vedette_msgs::HazardArray,
            $crate::vedette_msgs::JournalEvent,
            $crate::vision_msgs::BoundingBox2D,
            $crate::vision_msgs::Detection2D,
            $crate::vision_msgs::Detection2DArray,
            $crate::vision_msgs::ObjectHypothesis,
            $crate::vision_msgs::ObjectHypothesisWithPose,
            $crate::vision_msgs::Point2D,
            $crate::vision_msgs::Pose2D,
            $crate::visualization_msgs::Marker,
            $crate::visualization_msgs::MarkerArray,
            $crate::visualization_msgs::MeshFile,
            $crate::visualization_msgs::UVCoordinate,
        }
    };
}

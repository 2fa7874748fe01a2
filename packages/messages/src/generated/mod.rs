//! The generated message structs, one module per ROS package, and [`for_each_message`](crate::for_each_message). Written by
//! `cargo xtask messages`. Not edited by hand.

pub mod builtin_interfaces;
pub mod geometry_msgs;
pub mod nav_msgs;
pub mod sensor_msgs;
pub mod std_msgs;
pub mod tf2_msgs;
pub mod vedette_msgs;

/// Calls `$callback!` once with the paths of all generated messages, separated by commas: for code and tests that must cover every
/// type.
#[macro_export]
macro_rules! for_each_message {
    ($callback:ident) => {
        $callback! {
            $crate::builtin_interfaces::Duration,
            $crate::builtin_interfaces::Time,
            $crate::geometry_msgs::Point,
            $crate::geometry_msgs::PointStamped,
            $crate::geometry_msgs::Pose,
            $crate::geometry_msgs::PoseStamped,
            $crate::geometry_msgs::PoseWithCovariance,
            $crate::geometry_msgs::Quaternion,
            $crate::geometry_msgs::Transform,
            $crate::geometry_msgs::TransformStamped,
            $crate::geometry_msgs::Twist,
            $crate::geometry_msgs::TwistWithCovariance,
            $crate::geometry_msgs::Vector3,
            $crate::nav_msgs::Odometry,
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
            $crate::std_msgs::Empty,
            $crate::std_msgs::Header,
            $crate::std_msgs::String,
            $crate::tf2_msgs::TFMessage,
            $crate::vedette_msgs::Assessment,
            $crate::vedette_msgs::Decision,
            $crate::vedette_msgs::GasReading,
            $crate::vedette_msgs::Hazard,
            $crate::vedette_msgs::JournalEvent,
        }
    };
}

//! Each topic's name, type and QoS as one constant. In -> out: nothing -> what to subscribe to and what to offer. Names are relative, so
//! that launch files can remap them; the ones of `tf` are absolute by convention. It opens no connection.

use crate::{RosMsg, lifecycle_msgs, nav_msgs, nav2_msgs, rcl_interfaces, rosgraph_msgs, sensor_msgs, std_msgs, tf2_msgs, vedette_msgs};
use crate::{bond, diagnostic_msgs, geometry_msgs, vision_msgs, visualization_msgs};

/// Whether lost samples are sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reliability {
    /// Lost is lost: sensors.
    BestEffort,
    /// Sent again until acknowledged.
    Reliable,
}

/// Whether a late subscriber gets what was sent before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// It does not.
    Volatile,
    /// It gets the last `depth` samples.
    TransientLocal,
}

/// Quality of service; history is always "keep last".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Qos {
    /// Whether lost samples are sent again.
    pub reliability: Reliability,
    /// Whether a late subscriber gets what was sent before.
    pub durability: Durability,
    /// Samples kept.
    pub depth: u32,
}

impl Qos {
    /// For sensors: best effort, because a reliable subscriber never hears a best-effort camera.
    pub const fn sensor(depth: u32) -> Self {
        Self { reliability: Reliability::BestEffort, durability: Durability::Volatile, depth }
    }

    /// For results that must arrive.
    pub const fn reliable(depth: u32) -> Self {
        Self { reliability: Reliability::Reliable, durability: Durability::Volatile, depth }
    }

    /// For what is told on the way to an action's goal (rmw's default).
    pub const FEEDBACK: Self = Self::reliable(10);
    /// For the states of an action's goals (`rcl_action_qos_profile_status_default`).
    pub const GOAL_STATUS: Self = Self::latched(1);

    /// For what late joiners must see.
    pub const fn latched(depth: u32) -> Self {
        Self { reliability: Reliability::Reliable, durability: Durability::TransientLocal, depth }
    }

    /// The text of rosbag2's `offered_qos_profiles` for one publisher (`metadata.yaml` version 9: policies by name, as Jazzy writes them).
    pub fn offered_profiles_yaml(&self) -> String {
        let reliability = match self.reliability {
            Reliability::BestEffort => "best_effort",
            Reliability::Reliable => "reliable",
        };
        let durability = match self.durability {
            Durability::Volatile => "volatile",
            Durability::TransientLocal => "transient_local",
        };
        // RMW_DURATION_INFINITE: i64::MAX nanoseconds.
        let infinite = "\n    sec: 9223372036\n    nsec: 854775807";
        format!(
            "- history: keep_last\n  depth: {}\n  reliability: {reliability}\n  durability: {durability}\n  deadline:{infinite}\n  \
             lifespan:{infinite}\n  liveliness: automatic\n  liveliness_lease_duration:{infinite}\n  \
             avoid_ros_namespace_conventions: false\n",
            self.depth
        )
    }
}

/// One topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Topic {
    /// Name, relative to the namespace unless it starts with a slash.
    pub name: &'static str,
    /// Message type, as in [`RosMsg::TYPE`].
    pub type_name: &'static str,
    /// What we ask for (inputs) or offer (outputs).
    pub qos: Qos,
}

impl Topic {
    const fn of<M: RosMsg>(name: &'static str, qos: Qos) -> Self {
        Self { name, type_name: M::TYPE, qos }
    }
}

/// Camera pictures, uncompressed.
pub const IMAGE_RAW: Topic = Topic::of::<sensor_msgs::Image>("camera/image_raw", Qos::sensor(1));
/// Camera pictures, JPEG or PNG.
pub const IMAGE_COMPRESSED: Topic = Topic::of::<sensor_msgs::CompressedImage>("camera/image_raw/compressed", Qos::sensor(1));
/// Calibration of the camera.
pub const CAMERA_INFO: Topic = Topic::of::<sensor_msgs::CameraInfo>("camera/camera_info", Qos::sensor(5));
/// Planar laser scan.
pub const SCAN: Topic = Topic::of::<sensor_msgs::LaserScan>("scan", Qos::sensor(5));
/// Point cloud of a depth camera or 3D lidar.
pub const POINTS: Topic = Topic::of::<sensor_msgs::PointCloud2>("points", Qos::sensor(1));
/// Single-beam range finder.
pub const RANGE: Topic = Topic::of::<sensor_msgs::Range>("range", Qos::sensor(5));
/// Inertial measurements.
pub const IMU: Topic = Topic::of::<sensor_msgs::Imu>("imu/data", Qos::sensor(5));
/// Odometry.
pub const ODOM: Topic = Topic::of::<nav_msgs::Odometry>("odom", Qos::sensor(5));
/// Air or surface temperature.
pub const TEMPERATURE: Topic = Topic::of::<sensor_msgs::Temperature>("temperature", Qos::sensor(5));
/// Battery.
pub const BATTERY: Topic = Topic::of::<sensor_msgs::BatteryState>("battery_state", Qos::sensor(5));
/// Gas concentrations; one topic may carry several gases.
pub const GAS: Topic = Topic::of::<vedette_msgs::GasReading>("gas", Qos::sensor(5));
/// Moving transforms; depth and reliability as in tf2's own listener.
pub const TF: Topic = Topic::of::<tf2_msgs::TFMessage>("/tf", Qos::reliable(100));
/// Fixed transforms, kept for late joiners by their publishers.
pub const TF_STATIC: Topic = Topic::of::<tf2_msgs::TFMessage>("/tf_static", Qos::latched(100));

/// The map that Nav2 plans on; only its area is used.
pub const MAP: Topic = Topic::of::<nav_msgs::OccupancyGrid>("map", Qos::latched(1));

/// Simulated time.
pub const CLOCK: Topic = Topic::of::<rosgraph_msgs::Clock>("/clock", Qos::sensor(1));

/// The agent's verdict on each image it looked at.
pub const ASSESSMENT: Topic = Topic::of::<vedette_msgs::Assessment>("vedette_agent/assessment", Qos::reliable(10));
/// What the model found in a picture it could judge, for standard consumers.
pub const DETECTIONS: Topic = Topic::of::<vision_msgs::Detection2DArray>("vedette_agent/detections", Qos::reliable(10));
/// The same at their places in space, of hazards whose place is known.
pub const DETECTIONS_3D: Topic = Topic::of::<vision_msgs::Detection3DArray>("vedette_agent/detections_3d", Qos::reliable(10));
/// The agent's journal. Kept for late joiners: a recorder that is discovered seconds after the agent began must not miss the beginning.
pub const JOURNAL: Topic = Topic::of::<vedette_msgs::JournalEvent>("vedette_agent/journal", Qos::latched(1000));
/// The picture that was judged, with what was found in it.
pub const ANNOTATED_IMAGE: Topic = Topic::of::<sensor_msgs::CompressedImage>("vedette_agent/annotated_image/compressed", Qos::sensor(1));
/// Every decision of the guardian.
pub const DECISION: Topic = Topic::of::<vedette_msgs::Decision>("vedette_guardian/decision", Qos::reliable(10));
/// The guardian's journal.
pub const GUARDIAN_JOURNAL: Topic = Topic::of::<vedette_msgs::JournalEvent>("vedette_guardian/journal", Qos::latched(1000));
/// What counts now, at every decision.
pub const HAZARDS: Topic = Topic::of::<vedette_msgs::HazardArray>("vedette_guardian/hazards", Qos::reliable(10));
/// The same for late joiners.
pub const HAZARD_STATE: Topic = Topic::of::<vedette_msgs::HazardArray>("vedette_guardian/hazard_state", Qos::latched(1));
/// Every alert that is listed; late joiners get it.
pub const ALERTS: Topic = Topic::of::<vedette_msgs::AlertArray>("vedette_guardian/alerts", Qos::latched(1));
/// Hazards with a position, for rviz.
pub const MARKERS: Topic = Topic::of::<visualization_msgs::MarkerArray>("vedette_guardian/markers", Qos::reliable(10));
/// Speed limit of Nav2's controller server.
pub const SPEED_LIMIT: Topic = Topic::of::<nav2_msgs::SpeedLimit>("speed_limit", Qos::reliable(10));
/// What Nav2's keepout filter is told about its mask.
pub const KEEPOUT_INFO: Topic = Topic::of::<nav2_msgs::CostmapFilterInfo>("hazard_filter_info", Qos::latched(1));
/// Where the robot must not go, in the map frame.
pub const KEEPOUT_MASK: Topic = Topic::of::<nav_msgs::OccupancyGrid>("hazard_filter_mask", Qos::latched(1));
/// What Nav2's speed filter is told about its mask.
pub const SPEED_INFO: Topic = Topic::of::<nav2_msgs::CostmapFilterInfo>("hazard_speed_filter_info", Qos::latched(1));
/// Where the robot must go slowly, in the map frame.
pub const SPEED_MASK: Topic = Topic::of::<nav_msgs::OccupancyGrid>("hazard_speed_filter_mask", Qos::latched(1));
/// Hazards as obstacles, a source of Nav2's collision monitor.
pub const POLYGONS: Topic = Topic::of::<geometry_msgs::PolygonInstanceStamped>("hazard_polygons", Qos::sensor(5));
/// Health of every node.
pub const DIAGNOSTICS: Topic = Topic::of::<diagnostic_msgs::DiagnosticArray>("/diagnostics", Qos::reliable(10));

/// What a base is to drive, as it was before Kilted; only the simulator listens to it, and nothing here ever sends it.
pub const CMD_VEL: Topic = Topic::of::<geometry_msgs::Twist>("cmd_vel", Qos::reliable(1));
/// What a base is to drive, as Nav2 sends it from Kilted on.
pub const CMD_VEL_STAMPED: Topic = Topic::of::<geometry_msgs::TwistStamped>("cmd_vel", Qos::reliable(1));
/// What is really there in a simulated world, one line of `truth.jsonl`: for measuring only, nothing on a robot listens to it.
pub const SIM_TRUTH: Topic = Topic::of::<std_msgs::String>("vedette_sim/truth", Qos::reliable(10));

/// Log lines; kept for late joiners as rcl does.
pub const ROSOUT: Topic = Topic::of::<rcl_interfaces::Log>("/rosout", Qos::latched(1000));
/// Changed parameters.
pub const PARAMETER_EVENTS: Topic = Topic::of::<rcl_interfaces::ParameterEvent>("/parameter_events", Qos::reliable(1000));
/// Changes of lifecycle state of the node whose name stands before it.
pub const TRANSITION_EVENT: Topic = Topic::of::<lifecycle_msgs::TransitionEvent>("~/transition_event", Qos::reliable(1));
/// Heartbeats between a node and its lifecycle manager.
pub const BOND: Topic = Topic::of::<bond::Status>("bond", Qos::reliable(100));

/// What the system listens to.
pub const INPUTS: &[Topic] =
    &[IMAGE_RAW, IMAGE_COMPRESSED, CAMERA_INFO, SCAN, POINTS, RANGE, IMU, ODOM, TEMPERATURE, BATTERY, GAS, TF, TF_STATIC];

/// What the system says.
pub const OUTPUTS: &[Topic] = &[
    ASSESSMENT,
    DETECTIONS,
    DETECTIONS_3D,
    JOURNAL,
    ANNOTATED_IMAGE,
    DECISION,
    GUARDIAN_JOURNAL,
    HAZARDS,
    HAZARD_STATE,
    ALERTS,
    MARKERS,
    SPEED_LIMIT,
    KEEPOUT_INFO,
    KEEPOUT_MASK,
    SPEED_INFO,
    SPEED_MASK,
    POLYGONS,
    DIAGNOSTICS,
];

#[cfg(test)]
mod tests {
    use super::{INPUTS, OUTPUTS, Qos};
    use crate::from_ros;
    use std::collections::BTreeSet;

    #[test]
    fn every_input_is_read_and_every_name_is_used_once() {
        for topic in INPUTS {
            assert!(from_ros::is_supported(topic.type_name), "{}", topic.name);
        }
        let names: BTreeSet<_> = INPUTS.iter().chain(OUTPUTS).map(|topic| topic.name).collect();
        assert_eq!(names.len(), INPUTS.len() + OUTPUTS.len());
    }

    #[test]
    fn the_profile_text_is_what_jazzy_writes() {
        let expected = "\
- history: keep_last
  depth: 1
  reliability: reliable
  durability: transient_local
  deadline:
    sec: 9223372036
    nsec: 854775807
  lifespan:
    sec: 9223372036
    nsec: 854775807
  liveliness: automatic
  liveliness_lease_duration:
    sec: 9223372036
    nsec: 854775807
  avoid_ros_namespace_conventions: false
";
        assert_eq!(Qos::latched(1).offered_profiles_yaml(), expected);
        assert!(Qos::sensor(5).offered_profiles_yaml().contains("depth: 5\n  reliability: best_effort\n  durability: volatile\n"));
    }
}

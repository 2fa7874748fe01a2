//! One message of a sensor. In -> out: a standard struct -> topic, type, definition, CDR. It knows no transport.

use vedette_messages::{
    CdrError, RosMsg, nav_msgs, sensor_msgs, tf2_msgs,
    topics::{self, Topic},
    vedette_msgs,
};
use vedette_types::Stamp;

/// A message with its topic and the time at which it was measured and sent; the simulated robot has no latency.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorMessage {
    /// Resolved name of the topic, with leading slash.
    pub topic: &'static str,
    /// When.
    pub stamp: Stamp,
    /// What.
    pub payload: Payload,
}

/// What a sensor says.
#[derive(Clone, Debug, PartialEq)]
pub enum Payload {
    /// Moving frames.
    Transforms(tf2_msgs::TFMessage),
    /// Frames that never move, once at the start.
    FixedTransforms(tf2_msgs::TFMessage),
    /// Wheels; boxed, because its two covariances make it twice as large as any other.
    Odometry(Box<nav_msgs::Odometry>),
    /// Inertial unit.
    Imu(sensor_msgs::Imu),
    /// Lidar.
    Scan(sensor_msgs::LaserScan),
    /// Gas sensor.
    Gas(vedette_msgs::GasReading),
    /// Thermometer.
    Temperature(sensor_msgs::Temperature),
    /// Battery.
    Battery(sensor_msgs::BatteryState),
    /// Calibration of the camera.
    CameraInfo(sensor_msgs::CameraInfo),
    /// A picture.
    Image(sensor_msgs::CompressedImage),
}

/// Calls a method of [`RosMsg`] on whatever is inside.
macro_rules! each {
    ($payload:expr, $message:ident => $body:expr) => {
        match $payload {
            Payload::Transforms($message) | Payload::FixedTransforms($message) => $body,
            Payload::Odometry(boxed) => {
                let $message = &**boxed;
                $body
            }
            Payload::Imu($message) => $body,
            Payload::Scan($message) => $body,
            Payload::Gas($message) => $body,
            Payload::Temperature($message) => $body,
            Payload::Battery($message) => $body,
            Payload::CameraInfo($message) => $body,
            Payload::Image($message) => $body,
        }
    };
}

fn definition_of<M: RosMsg>(_: &M) -> &'static str {
    M::DEFINITION
}

impl SensorMessage {
    /// Resolved name and constant of every topic that a simulated robot has.
    pub const TOPICS: [(&'static str, Topic); 10] = [
        ("/tf_static", topics::TF_STATIC),
        ("/tf", topics::TF),
        ("/odom", topics::ODOM),
        ("/imu/data", topics::IMU),
        ("/scan", topics::SCAN),
        ("/gas", topics::GAS),
        ("/temperature", topics::TEMPERATURE),
        ("/battery_state", topics::BATTERY),
        ("/camera/camera_info", topics::CAMERA_INFO),
        ("/camera/image_raw/compressed", topics::IMAGE_COMPRESSED),
    ];

    pub(super) fn new(stamp: Stamp, payload: Payload) -> Self {
        let topic = match payload {
            Payload::FixedTransforms(_) => "/tf_static",
            Payload::Transforms(_) => "/tf",
            Payload::Odometry(_) => "/odom",
            Payload::Imu(_) => "/imu/data",
            Payload::Scan(_) => "/scan",
            Payload::Gas(_) => "/gas",
            Payload::Temperature(_) => "/temperature",
            Payload::Battery(_) => "/battery_state",
            Payload::CameraInfo(_) => "/camera/camera_info",
            Payload::Image(_) => "/camera/image_raw/compressed",
        };
        Self { topic, stamp, payload }
    }

    /// Name of its type: `sensor_msgs/msg/Imu`.
    pub fn type_name(&self) -> &'static str {
        fn name<M: RosMsg>(_: &M) -> &'static str {
            M::TYPE
        }
        each!(&self.payload, message => name(message))
    }

    /// Schema text of its type, as MCAP wants it.
    pub fn definition(&self) -> &'static str {
        each!(&self.payload, message => definition_of(message))
    }

    /// The message as CDR.
    ///
    /// # Errors
    /// [`CdrError::Encode`]; nothing the simulator says is known to cause it.
    pub fn to_cdr(&self) -> Result<Vec<u8>, CdrError> {
        each!(&self.payload, message => message.to_cdr())
    }
}

#[cfg(test)]
mod tests {
    use super::SensorMessage;

    #[test]
    fn names_are_those_of_the_constants() {
        for (name, topic) in SensorMessage::TOPICS {
            assert_eq!(name, format!("/{}", topic.name.trim_start_matches('/')));
        }
    }
}

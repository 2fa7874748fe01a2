//! What the simulated robot says. In -> out: time, sensor messages, pictures -> topics. It offers more than the constants ask for: a reliable
//! publisher reaches subscribers of both kinds, as rviz and Nav2 have them.

use super::Setup;
use super::camera::{Picture, Pictures};
use super::range;
use anyhow::Result;
use vedette_messages::topics::{self, Qos, Reliability, Topic};
use vedette_messages::{rosgraph_msgs, sensor_msgs, std_msgs, to_ros};
use vedette_ros::{Node, NodeError, Publisher};
use vedette_simulator::{Payload, SensorMessage};
use vedette_types::Stamp;

/// Simulated time between two messages of the clock: finer than any stage's tick.
const CLOCK_PERIOD_NANOS: i64 = 10_000_000;

/// So many messages may be on their way before a reliable writer waits: a second of the fastest sensors.
const FEWEST_ON_THE_WAY: u32 = 50;

/// The publishers.
pub(super) struct Outputs {
    clock: Option<Publisher<rosgraph_msgs::Clock>>,
    truth: Publisher<std_msgs::String>,
    sensors: Vec<(&'static str, Publisher<()>)>,
    range: Publisher<sensor_msgs::Range>,
    raw: Option<Publisher<()>>,
    compressed: Option<Publisher<()>>,
}

impl Outputs {
    pub(super) fn open(node: &mut Node, setup: &Setup) -> Result<Self, NodeError> {
        let mut sensors = Vec::new();
        for (name, topic) in SensorMessage::TOPICS.into_iter().filter(|(_, topic)| topic.name != topics::IMAGE_COMPRESSED.name) {
            sensors.push((name, node.raw_publisher(&offered(topic))?));
        }
        let mut camera = |topic: Topic, is_wanted: bool| if is_wanted { node.raw_publisher(&topic).map(Some) } else { Ok(None) };
        let raw = camera(topics::IMAGE_RAW, setup.pictures != Pictures::Compressed)?;
        let compressed = camera(topics::IMAGE_COMPRESSED, setup.pictures != Pictures::Raw)?;
        // Best effort, as `ros2 bag play` offers it: a clock that waits for its slowest reader is none.
        let clock = if setup.has_clock { Some(node.publisher(&topics::CLOCK)?) } else { None };
        let range = node.publisher(&offered(topics::RANGE))?;
        Ok(Self { clock, truth: node.publisher(&topics::SIM_TRUTH)?, sensors, range, raw, compressed })
    }

    /// The clock goes before what is measured at its time.
    pub(super) fn time(&self, now: Stamp) {
        if let Some(clock) = self.clock.as_ref().filter(|_| now.nanos() % CLOCK_PERIOD_NANOS == 0) {
            clock.publish_or_log(&rosgraph_msgs::Clock { clock: to_ros::time(now) });
        }
    }

    pub(super) fn sensor(&self, message: &SensorMessage) -> Result<()> {
        if let Some((_, publisher)) = self.sensors.iter().find(|(name, _)| *name == message.topic) {
            publisher.publish_cdr_or_log(&message.to_cdr()?);
        }
        if let Payload::Scan(scan) = &message.payload {
            self.range.publish_or_log(&range::ahead(scan));
        }
        Ok(())
    }

    pub(super) fn picture(&self, picture: Picture) {
        for (publisher, cdr) in [(&self.raw, &picture.raw), (&self.compressed, &picture.compressed)] {
            if let Some((publisher, cdr)) = publisher.as_ref().zip(cdr.as_ref()) {
                publisher.publish_cdr_or_log(cdr);
            }
        }
        self.truth.publish_or_log(&std_msgs::String { data: picture.truth });
    }
}

/// Reliable, but for pictures: RustDDS keeps samples of a reliable writer for seconds.
fn offered(topic: Topic) -> Topic {
    Topic { qos: Qos { reliability: Reliability::Reliable, depth: topic.qos.depth.max(FEWEST_ON_THE_WAY), ..topic.qos }, ..topic }
}

#[cfg(test)]
mod tests {
    use vedette_messages::topics::{INPUTS, OUTPUTS, SIM_TRUTH};

    #[test]
    fn the_truth_is_on_no_topic_that_a_node_hears_or_records() {
        assert!(INPUTS.iter().chain(OUTPUTS).all(|topic| topic.name.trim_start_matches('/') != SIM_TRUTH.name));
    }
}

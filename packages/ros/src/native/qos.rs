//! Quality of service in RustDDS's words. In -> out: our three settings -> its policies. It decides nothing.

use rustdds::policy::{Durability, History, Reliability, ResourceLimits};
use rustdds::{Duration, QosPolicies, QosPolicyBuilder};
use vedette_messages::topics;

/// RustDDS keeps up to 64 samples of a topic by default, 414 MB of full-HD pictures; 6 are enough to put fragments together.
const FEWEST_SAMPLES: i32 = 6;

/// A subscriber that does not acknowledge may hold a reliable writer up for no longer: the guardian must go on.
const LONGEST_WAIT: Duration = Duration::from_millis(10);

pub(super) fn policies(qos: topics::Qos) -> QosPolicies {
    let depth = i32::try_from(qos.depth).unwrap_or(i32::MAX).max(1);
    let reliability = match qos.reliability {
        topics::Reliability::BestEffort => Reliability::BestEffort,
        topics::Reliability::Reliable => Reliability::Reliable { max_blocking_time: LONGEST_WAIT },
    };
    let durability = match qos.durability {
        topics::Durability::Volatile => Durability::Volatile,
        topics::Durability::TransientLocal => Durability::TransientLocal,
    };
    let most = depth.max(FEWEST_SAMPLES);
    QosPolicyBuilder::new()
        .reliability(reliability)
        .durability(durability)
        .history(History::KeepLast { depth })
        .resource_limits(ResourceLimits { max_samples: most, max_instances: 1, max_samples_per_instance: most })
        .build()
}

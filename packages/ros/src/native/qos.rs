//! Quality of service in RustDDS's words. In -> out: our three settings -> its policies. It decides nothing.

use rustdds::policy::{Durability, History, Reliability, ResourceLimits};
use rustdds::{Duration, QosPolicies, QosPolicyBuilder};
use vedette_messages::topics;

/// RustDDS keeps up to 64 samples of a topic by default, 414 MB of full-HD pictures; 6 are enough to put fragments together.
const FEWEST_SAMPLES: i32 = 6;

/// A subscriber that does not acknowledge may hold a reliable writer up for no longer: the guardian must go on.
const LONGEST_WAIT: Duration = Duration::from_millis(10);

/// A reliable writer of RustDDS refuses to send to anybody once so many of its messages are not acknowledged by somebody, and a reader that was killed
/// acknowledges nothing until its participant's lease ends: 50 s for one of RustDDS. The journals, which have most messages, say less than this in a lease.
const MOST_UNACKNOWLEDGED: i32 = 16_384;

/// For a topic and its readers.
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

/// For a writer: the same to everybody else, but it goes on where a reader has died.
pub(super) fn writer_policies(qos: topics::Qos) -> QosPolicies {
    let limits = ResourceLimits { max_samples: MOST_UNACKNOWLEDGED, max_instances: 1, max_samples_per_instance: MOST_UNACKNOWLEDGED };
    let policies = policies(qos);
    match qos.reliability {
        topics::Reliability::BestEffort => policies,
        topics::Reliability::Reliable => policies.modify_by(&QosPolicyBuilder::new().resource_limits(limits).build()),
    }
}

//! Quality of service in r2r's words. In -> out: our three settings -> its profile; two ends -> what keeps them apart. It decides nothing.

use ::r2r::QosProfile;
use ::r2r::qos::{DurabilityPolicy, ReliabilityPolicy};
use vedette_messages::topics::{Durability, Qos, Reliability};

pub(super) fn profile(qos: Qos) -> QosProfile {
    let reliability = match qos.reliability {
        Reliability::BestEffort => ReliabilityPolicy::BestEffort,
        Reliability::Reliable => ReliabilityPolicy::Reliable,
    };
    let durability = match qos.durability {
        Durability::Volatile => DurabilityPolicy::Volatile,
        Durability::TransientLocal => DurabilityPolicy::TransientLocal,
    };
    let depth = usize::try_from(qos.depth).unwrap_or(usize::MAX).max(1);
    QosProfile::default().keep_last(depth).reliability(reliability).durability(durability)
}

/// The policy because of which a subscription of `requested` hears nothing from a publisher of `offered`.
pub(super) fn obstacle(requested: Qos, offered: &QosProfile) -> Option<&'static str> {
    if requested.reliability == Reliability::Reliable && offered.reliability == ReliabilityPolicy::BestEffort {
        Some("Reliability")
    } else if requested.durability == Durability::TransientLocal && offered.durability == DurabilityPolicy::Volatile {
        Some("Durability")
    } else {
        None
    }
}

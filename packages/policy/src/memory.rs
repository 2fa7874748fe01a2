//! What a policy knows at one moment, so that another can go on from there.
//!
//! In -> out: a policy -> [`Memory`], which `serde` writes and reads -> a policy with the same parameters that decides the same from then on.
//! Deliberately absent: parameters and catalogue, which whoever builds the policy has.

use crate::Policy;
use crate::camera::Camera;
use crate::policy::Channel;
use crate::verdict::Judged;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use vedette_types::{Decision, Stamp, StreamId};

/// Everything that a policy's decisions depend on besides its parameters and what comes next.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Memory {
    cameras: BTreeMap<StreamId, Camera>,
    /// A list, because JSON has no keys of two parts.
    channels: Vec<(StreamId, String, Channel)>,
    has_jumped: bool,
    now: Option<Stamp>,
    judged: Judged,
    decision: Decision,
    has_decided: bool,
}

impl Policy {
    /// What it knows now.
    pub fn memory(&self) -> Memory {
        let knowledge = &self.knowledge;
        let channel = |((stream, name), channel): (&(StreamId, String), &Channel)| (stream.clone(), name.clone(), channel.clone());
        Memory {
            cameras: knowledge.cameras.clone(),
            channels: knowledge.channels.iter().map(channel).collect(),
            has_jumped: knowledge.has_jumped,
            now: self.now,
            judged: self.judged.clone(),
            decision: self.decision.clone(),
            has_decided: self.has_decided,
        }
    }

    /// Goes on from what a policy with the same parameters knew.
    pub fn recall(&mut self, memory: Memory) {
        self.knowledge.cameras = memory.cameras;
        self.knowledge.channels = memory.channels.into_iter().map(|(stream, name, channel)| ((stream, name), channel)).collect();
        self.knowledge.has_jumped = memory.has_jumped;
        self.now = memory.now;
        self.judged = memory.judged;
        self.decision = memory.decision;
        self.has_decided = memory.has_decided;
    }
}

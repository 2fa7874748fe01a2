//! The guardian's journal through its policy. In -> out: steps -> decisions; where the recording lost something, the decisions from there to
//! the next state that the journal tells are in doubt.

use super::Losses;
use crate::config::{Config, ConfigArguments};
use anyhow::Result;
use vedette_agent::{Follower, Heard, NodeState, Step};
use vedette_policy::{Memory, Policy};
use vedette_types::{Decision, Stamp};

/// The node, as parameter files name it.
pub(super) const NODE: &str = "vedette_guardian";

/// A guardian that is followed.
#[derive(Default)]
pub(super) struct GuardianRun {
    pub(super) follower: Follower<Heard>,
    policy: Option<Policy>,
    is_in_doubt: bool,
    /// From the first state to the last thing that it was told.
    pub(super) told: Option<(Stamp, Stamp)>,
    pub(super) losses: Losses,
    pub(super) decisions_in_doubt: u64,
    pub(super) states_that_differ: u64,
}

impl GuardianRun {
    /// Whether it decides.
    pub(super) fn is_standing(&self) -> bool {
        self.policy.is_some()
    }

    pub(super) fn is_in_doubt(&self) -> bool {
        self.is_in_doubt
    }

    /// One step; arguments of the user win over recorded parameters.
    pub(super) fn take(&mut self, step: Step<Heard>, arguments: &ConfigArguments) -> Result<Option<Decision>> {
        let (now, heard) = match step {
            Step::Input { stamp, value } => (stamp, value),
            Step::Tick(stamp) => (stamp, Heard::Tick),
            Step::ClockJump(stamp) => (stamp, Heard::ClockJump),
            Step::State { stamp, text } => {
                self.stand_on(stamp, NodeState::from_text(&text)?, arguments)?;
                return Ok(None);
            }
            // Of what was before the recording only a state can tell.
            Step::Lost { is_before: true, .. } => {
                self.policy = None;
                return Ok(None);
            }
            Step::Lost { topic, .. } => {
                self.losses.input(topic);
                self.is_in_doubt = true;
                return Ok(None);
            }
            Step::Gap { lines } => {
                self.losses.lines += lines.unwrap_or(0);
                self.is_in_doubt = true;
                return Ok(None);
            }
            Step::Answer { .. } | Step::Level { .. } => return Ok(None),
        };
        self.told = self.told.map(|(first, last)| (first, last.max(now)));
        let decision = self.policy.as_mut().and_then(|policy| heard.tell(policy, now));
        self.decisions_in_doubt += u64::from(self.is_in_doubt && decision.is_some());
        Ok(decision)
    }

    fn stand_on(&mut self, stamp: Stamp, mut state: NodeState, arguments: &ConfigArguments) -> Result<()> {
        self.told.get_or_insert((stamp, stamp));
        let memory = state.memory.take();
        if let (Some(policy), Some(memory), false) = (&mut self.policy, &memory, self.is_in_doubt) {
            // With parameters of the user's own, what this policy knows is not what that one knew.
            if !arguments.change_something() && text(&policy.memory()) != text(memory) {
                self.states_that_differ += 1;
                policy.recall(memory.clone());
            }
            return Ok(());
        }
        let config = Config::load_over(arguments, Some((&state, NODE)))?;
        let mut policy = Policy::new(config.policy, &config.catalogue)?;
        if let Some(memory) = memory {
            policy.recall(memory);
        }
        self.policy = Some(policy);
        self.is_in_doubt = false;
        Ok(())
    }
}

/// Two memories of the same text are the same.
fn text(memory: &Memory) -> Option<String> {
    serde_json::to_string(memory).ok()
}

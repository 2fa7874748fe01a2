//! The lifecycle of a managed node. In -> out: a transition asked for by number or label, and how the node's own work for it ended -> the
//! states passed through, for answers and `~/transition_event`. States and numbers are those of lifecycle_msgs; rules of
//! <https://design.ros2.org/articles/node_lifecycle.html>.
//! Deliberately absent: the work itself, and time.

use vedette_messages::lifecycle_msgs::{State as StateMsg, Transition as TransitionMsg, TransitionDescription};

/// TRANSITION_ON_ERROR_SUCCESS of rcl, which the .msg leaves to implementations.
const ON_ERROR_SUCCESS: u8 = 60;

macro_rules! states {
    ($($(#[doc = $doc:literal])* $name:ident = $number:ident, $label:literal;)*) => {
        /// Where a node stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum State {
            $($(#[doc = $doc])* $name,)*
        }

        impl State {
            /// Every state, primary ones first.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Number in lifecycle_msgs.
            pub const fn id(self) -> u8 {
                match self { $(Self::$name => StateMsg::$number),* }
            }

            /// Word in lifecycle_msgs.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label),* }
            }
        }
    };
}

states! {
    /// Nothing is built.
    Unconfigured = PRIMARY_STATE_UNCONFIGURED, "unconfigured";
    /// Built, outputs shut.
    Inactive = PRIMARY_STATE_INACTIVE, "inactive";
    /// Outputs open.
    Active = PRIMARY_STATE_ACTIVE, "active";
    /// Over.
    Finalized = PRIMARY_STATE_FINALIZED, "finalized";
    /// On the way to inactive.
    Configuring = TRANSITION_STATE_CONFIGURING, "configuring";
    /// On the way to unconfigured.
    CleaningUp = TRANSITION_STATE_CLEANINGUP, "cleaningup";
    /// On the way to finalized.
    ShuttingDown = TRANSITION_STATE_SHUTTINGDOWN, "shuttingdown";
    /// On the way to active.
    Activating = TRANSITION_STATE_ACTIVATING, "activating";
    /// On the way to inactive.
    Deactivating = TRANSITION_STATE_DEACTIVATING, "deactivating";
    /// After an error.
    ErrorProcessing = TRANSITION_STATE_ERRORPROCESSING, "errorprocessing";
}

/// What can be asked of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Build.
    Configure,
    /// Tear down.
    CleanUp,
    /// Open outputs.
    Activate,
    /// Shut outputs, after the safe action.
    Deactivate,
    /// End, from any primary state.
    ShutDown,
}

impl Transition {
    const ALL: [Self; 5] = [Self::Configure, Self::CleanUp, Self::Activate, Self::Deactivate, Self::ShutDown];

    /// Word in lifecycle_msgs.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Configure => "configure",
            Self::CleanUp => "cleanup",
            Self::Activate => "activate",
            Self::Deactivate => "deactivate",
            Self::ShutDown => "shutdown",
        }
    }

    /// Number in lifecycle_msgs, where the transition is open from `state`.
    pub const fn id_from(self, state: State) -> Option<u8> {
        Some(match (self, state) {
            (Self::Configure, State::Unconfigured) => TransitionMsg::TRANSITION_CONFIGURE,
            (Self::CleanUp, State::Inactive) => TransitionMsg::TRANSITION_CLEANUP,
            (Self::Activate, State::Inactive) => TransitionMsg::TRANSITION_ACTIVATE,
            (Self::Deactivate, State::Active) => TransitionMsg::TRANSITION_DEACTIVATE,
            (Self::ShutDown, State::Unconfigured) => TransitionMsg::TRANSITION_UNCONFIGURED_SHUTDOWN,
            (Self::ShutDown, State::Inactive) => TransitionMsg::TRANSITION_INACTIVE_SHUTDOWN,
            (Self::ShutDown, State::Active) => TransitionMsg::TRANSITION_ACTIVE_SHUTDOWN,
            _ => return None,
        })
    }

    const fn between(self) -> State {
        match self {
            Self::Configure => State::Configuring,
            Self::CleanUp => State::CleaningUp,
            Self::Activate => State::Activating,
            Self::Deactivate => State::Deactivating,
            Self::ShutDown => State::ShuttingDown,
        }
    }

    const fn goal(self) -> State {
        match self {
            Self::Configure | Self::Deactivate => State::Inactive,
            Self::CleanUp => State::Unconfigured,
            Self::Activate => State::Active,
            Self::ShutDown => State::Finalized,
        }
    }
}

/// How the node's own work for a transition ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done.
    Success,
    /// Refused; the node is as it was before.
    Failure,
    /// Broken; everything is dropped.
    Error,
}

/// One step that was taken, as `~/transition_event` tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Number of the transition.
    pub id: u8,
    /// Its word.
    pub label: &'static str,
    /// Before.
    pub from: State,
    /// After.
    pub to: State,
}

/// A transition that is not open.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("transition {asked} is not open in state {}; open are: {open}", .state.label())]
pub struct NotOpen {
    /// Number or label that was asked for.
    pub asked: String,
    /// Where the node stands.
    pub state: State,
    /// What could be asked instead.
    pub open: String,
}

/// The state of one node.
#[derive(Clone, Debug)]
pub struct Lifecycle {
    state: State,
    /// Where a transition that is under way began.
    origin: Option<(State, Transition)>,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self { state: State::Unconfigured, origin: None }
    }
}

impl Lifecycle {
    /// Where the node stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// The transition that is asked for: by label where one is given, else by number.
    ///
    /// # Errors
    /// [`NotOpen`]; the state is unchanged.
    pub fn find(&self, id: u8, label: &str) -> Result<Transition, NotOpen> {
        let fits =
            |t: &Transition| t.id_from(self.state).is_some_and(|number| if label.is_empty() { number == id } else { t.label() == label });
        Transition::ALL.into_iter().find(fits).ok_or_else(|| NotOpen {
            asked: if label.is_empty() { id.to_string() } else { label.chars().filter(|c| !c.is_control()).take(32).collect() },
            state: self.state,
            open: self.open().into_iter().map(Transition::label).collect::<Vec<_>>().join(", "),
        })
    }

    /// What can be asked now.
    pub fn open(&self) -> Vec<Transition> {
        Transition::ALL.into_iter().filter(|transition| transition.id_from(self.state).is_some()).collect()
    }

    /// Begins a transition; `None` when it is not open.
    pub fn begin(&mut self, transition: Transition) -> Option<Step> {
        let id = transition.id_from(self.state)?;
        let from = std::mem::replace(&mut self.state, transition.between());
        self.origin = Some((from, transition));
        Some(Step { id, label: transition.label(), from, to: self.state })
    }

    /// Ends the transition that is under way. An error passes through error processing to unconfigured: everything was dropped.
    pub fn end(&mut self, outcome: Outcome) -> Vec<Step> {
        let Some((origin, transition)) = self.origin.take() else { return Vec::new() };
        match outcome {
            Outcome::Success => vec![self.step(TransitionMsg::TRANSITION_CALLBACK_SUCCESS, "transition_success", transition.goal())],
            Outcome::Failure => {
                // A shutdown cannot be refused: rcl goes to finalized as well.
                let to = if transition == Transition::ShutDown { State::Finalized } else { origin };
                vec![self.step(TransitionMsg::TRANSITION_CALLBACK_FAILURE, "transition_failure", to)]
            }
            Outcome::Error => vec![
                self.step(TransitionMsg::TRANSITION_CALLBACK_ERROR, "transition_error", State::ErrorProcessing),
                self.step(ON_ERROR_SUCCESS, "transition_success", State::Unconfigured),
            ],
        }
    }

    fn step(&mut self, id: u8, label: &'static str, to: State) -> Step {
        let from = std::mem::replace(&mut self.state, to);
        Step { id, label, from, to }
    }
}

/// A state as a message.
pub(crate) fn state_msg(state: State) -> StateMsg {
    StateMsg { id: state.id(), label: state.label().to_owned() }
}

/// What can be asked in `states`, as `get_available_transitions` and `get_transition_graph` tell it.
pub(crate) fn descriptions(states: &[State]) -> Vec<TransitionDescription> {
    let of_state = |state: State| {
        Transition::ALL.into_iter().filter_map(move |transition| {
            Some(TransitionDescription {
                transition: TransitionMsg { id: transition.id_from(state)?, label: transition.label().to_owned() },
                start_state: state_msg(state),
                goal_state: state_msg(transition.goal()),
            })
        })
    };
    states.iter().copied().flat_map(of_state).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn run(lifecycle: &mut Lifecycle, label: &str, outcome: Outcome) -> Option<State> {
        let transition = lifecycle.find(0, label).ok()?;
        lifecycle.begin(transition)?;
        lifecycle.end(outcome).last().map(|step| step.to)
    }

    #[test]
    fn a_node_goes_through_its_life() {
        let mut node = Lifecycle::default();
        for (label, state) in [
            ("configure", State::Inactive),
            ("activate", State::Active),
            ("deactivate", State::Inactive),
            ("cleanup", State::Unconfigured),
            ("configure", State::Inactive),
            ("shutdown", State::Finalized),
        ] {
            assert_eq!(run(&mut node, label, Outcome::Success), Some(state), "{label}");
        }
        assert!(node.open().is_empty());
    }

    #[test]
    fn what_is_not_open_is_refused_with_what_is() {
        let node = Lifecycle::default();
        let error = node.find(3, "").expect_err("activate").to_string();
        assert_eq!(error, "transition 3 is not open in state unconfigured; open are: configure, shutdown");
        assert!(node.find(1, "activate").is_err(), "the label wins over the number");
        assert_eq!(node.find(1, ""), Ok(Transition::Configure));
        assert_eq!(node.find(5, ""), Ok(Transition::ShutDown));
        assert!(node.find(6, "").is_err(), "the shutdown of another state");
    }

    #[test]
    fn failure_goes_back_and_error_drops_everything() {
        let mut node = Lifecycle::default();
        assert_eq!(run(&mut node, "configure", Outcome::Failure), Some(State::Unconfigured));
        assert_eq!(run(&mut node, "configure", Outcome::Success), Some(State::Inactive));
        assert_eq!(run(&mut node, "activate", Outcome::Error), Some(State::Unconfigured));
        assert_eq!(run(&mut node, "shutdown", Outcome::Failure), Some(State::Finalized));
        assert!(node.end(Outcome::Success).is_empty(), "nothing is under way");
    }

    #[test]
    fn the_graph_has_what_rcl_has() {
        let all = descriptions(State::ALL);
        assert_eq!(all.len(), 7);
        assert!(all.iter().any(|d| d.transition.id == 7 && d.start_state.label == "active" && d.goal_state.id == 4));
        assert_eq!(descriptions(&[State::Finalized]), []);
    }

    proptest! {
        #[test]
        fn between_transitions_a_node_is_in_a_primary_state(asked in proptest::collection::vec((0_u8..10, 0_usize..3), 0..40)) {
            let mut node = Lifecycle::default();
            for (id, outcome) in asked {
                if let Ok(transition) = node.find(id, "") {
                    prop_assert!(node.begin(transition).is_some() && node.begin(transition).is_none());
                    let steps = node.end([Outcome::Success, Outcome::Failure, Outcome::Error][outcome]);
                    prop_assert!(!steps.is_empty());
                }
                prop_assert!(node.state().id() <= 4);
            }
        }
    }
}

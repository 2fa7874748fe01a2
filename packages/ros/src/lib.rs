//! One node API on ROS 2. In -> out: command line, environment, topic constants, parameter groups -> a node that other ROS 2 nodes and tools
//! see as one of theirs; everything that can wake it is one closed [`NodeEvent`].
//!
//! The rules (arguments, names, parameters, lifecycle, bond, clock, service mapping) are values in, values out; a [`Backend`] carries bytes to
//! other nodes; [`Node`] ties both. Deliberately absent: what a node is for, and any message's meaning.

mod args;
mod backend;
mod bond;
mod clock;
mod goals;
mod lifecycle;
mod mapping;
mod names;
mod native;
mod network;
mod node;
mod parameters;
#[cfg(feature = "r2r")]
mod r2r;
mod rosout;
mod strangers;

pub use args::{Applies, ArgsError, LogLevel, ParameterSource, Remap, RosArgs, Setting};
pub use backend::DdsError;
pub use bond::{Bond, Sister};
pub use clock::NodeClock;
pub use goals::{GoalId, GoalState};
pub use lifecycle::{Lifecycle, NotOpen, Outcome, State, Step, Transition};
pub use mapping::{Identity, Mapping, RequestError, ReturnAddress, Sample};
pub use names::{NameError, NodeName};
pub use network::{Backend, Network, NetworkError};
pub use node::{
    ActionClient, ActionServer, Call, CancelledGoal, GoalCall, GoalNews, GoalUpdate, Node, NodeError, NodeEvent, Options, Publisher,
    Service, Subscription, Wake,
};
pub use parameters::{Groups, NodeParams, SimTimeParam};
pub use rosout::{NamedLines, RosoutLayer, filter};

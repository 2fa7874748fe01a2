//! The whole flow in a page: `step(event) -> effects`, and the virtual-clock driver.
//!
//! In -> out: everything that can wake the agent is one closed [`Event`]; everything it does is an [`Effect`]. Deliberately absent: clocks,
//! threads, files, the model itself (behind [`Answers`]) and ROS. Replay, demo, tests and the live node run these same lines.

mod agent;
mod answers;
mod driver;
mod event;
mod follow;
mod guard;
mod params;

pub use agent::{Agent, AgentError, QuestionError};
pub use answers::{AnswerError, Answers, LiveModel, Recorded};
pub use driver::{DriveError, Driver, Sink};
pub use event::{Effect, Event};
pub use follow::{Follower, Key, Step};
pub use guard::{Heard, NodeState, StateError};
pub use params::AgentParams;

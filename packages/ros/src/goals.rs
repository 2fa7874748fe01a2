//! The goals of an action. In -> out: goals that are taken on, cancelled, ended, asked for -> their states, whom to answer, what to forget.
//! Rules of rcl_action (<https://design.ros2.org/articles/actions.html>): states, cancel requests, how long a result is kept.
//! Deliberately absent: DDS, what a goal means, and whether it is taken on.

use crate::mapping::ReturnAddress;
use std::fmt;
use vedette_messages::action_msgs::{CancelGoalRequest, CancelGoalResponse, GoalInfo, GoalStatus, GoalStatusArray};
use vedette_messages::to_ros;
use vedette_messages::unique_identifier_msgs::UUID;
use vedette_types::Stamp;

/// A result is kept this long after its goal ended (`rcl_action_server_get_default_options` since Jazzy).
pub(crate) const KEPT_NANOS: i64 = 10_000_000_000;

/// Most goals that are kept, ended ones among them: whoever sends goals without end must not fill the memory.
const MOST_GOALS: usize = 64;

/// Most callers that wait for the end of one goal.
const MOST_WAITING: usize = 16;

/// Names a goal; made by its client.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GoalId(pub [u8; 16]);

impl fmt::Display for GoalId {
    /// As UUIDs are written: `6ba7b810-9dad-11d1-80b4-00c04fd430c8`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            let dash = if matches!(index, 4 | 6 | 8 | 10) { "-" } else { "" };
            write!(f, "{dash}{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for GoalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl GoalId {
    pub(crate) fn uuid(self) -> UUID {
        UUID { uuid: self.0 }
    }

    const NONE: Self = Self([0; 16]);
}

macro_rules! states {
    ($($(#[doc = $doc:literal])* $name:ident = $number:ident, $word:literal;)*) => {
        /// Where a goal stands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum GoalState {
            $($(#[doc = $doc])* $name,)*
        }

        impl GoalState {
            const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Number in action_msgs.
            pub const fn id(self) -> i8 {
                match self { $(Self::$name => GoalStatus::$number),* }
            }

            /// In a word.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }
        }
    };
}

states! {
    /// Nobody knows it.
    Unknown = STATUS_UNKNOWN, "unknown";
    /// Taken on, not begun.
    Accepted = STATUS_ACCEPTED, "accepted";
    /// Under way.
    Executing = STATUS_EXECUTING, "executing";
    /// To be given up.
    Canceling = STATUS_CANCELING, "canceling";
    /// Reached.
    Succeeded = STATUS_SUCCEEDED, "succeeded";
    /// Given up because somebody wanted it.
    Canceled = STATUS_CANCELED, "canceled";
    /// Given up by whoever pursued it.
    Aborted = STATUS_ABORTED, "aborted";
}

impl GoalState {
    /// The state of that number; any other number is unknown.
    pub fn of(id: i8) -> Self {
        Self::ALL.iter().copied().find(|state| state.id() == id).unwrap_or(Self::Unknown)
    }

    /// Whether nothing follows.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Canceled | Self::Aborted)
    }

    /// Whether `next` may follow (the table of the design article). A goal that was never begun cannot have been reached.
    const fn leads_to(self, next: Self) -> bool {
        matches!(
            (self, next),
            (Self::Accepted, Self::Executing | Self::Canceling)
                | (Self::Executing, Self::Canceling | Self::Succeeded | Self::Aborted)
                | (Self::Canceling, Self::Canceled | Self::Succeeded | Self::Aborted)
        )
    }
}

/// What the request for a goal's end gets.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Awaited {
    /// No such goal.
    Unknown,
    /// Nothing yet: whoever asks is answered at the end.
    Later,
    /// The answer's bytes.
    Now(Vec<u8>),
}

#[derive(Debug)]
struct Goal {
    id: GoalId,
    accepted: Stamp,
    state: GoalState,
    waiting: Vec<ReturnAddress>,
    /// The answer's bytes, and when the goal ended.
    end: Option<(Vec<u8>, i64)>,
}

/// The goals of one action server, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Goals(Vec<Goal>);

impl Goals {
    /// Whether a goal of this id could be taken on.
    pub(crate) fn check(&self, id: GoalId) -> Result<(), &'static str> {
        if id == GoalId::NONE {
            // Zero means "every goal" to a cancel request.
            return Err("its id is zero");
        }
        if self.0.iter().any(|goal| goal.id == id) {
            return Err("its id is that of another goal");
        }
        if self.0.iter().filter(|goal| !goal.state.is_over()).count() >= MOST_GOALS {
            return Err("there are too many goals");
        }
        Ok(())
    }

    /// Takes a goal on.
    pub(crate) fn accept(&mut self, id: GoalId, accepted: Stamp) {
        if self.0.len() >= MOST_GOALS
            && let Some(oldest) = self.0.iter().position(|goal| goal.state.is_over())
        {
            self.0.remove(oldest);
        }
        self.0.push(Goal { id, accepted, state: GoalState::Accepted, waiting: Vec::new(), end: None });
    }

    /// Where a goal stands; `None` for one that is not known, or not any more.
    pub(crate) fn state(&self, id: GoalId) -> Option<GoalState> {
        self.0.iter().find(|goal| goal.id == id).map(|goal| goal.state)
    }

    /// The goal goes on to `next`, which is no end; false where it cannot.
    pub(crate) fn advance(&mut self, id: GoalId, next: GoalState) -> bool {
        let goal = self.0.iter_mut().find(|goal| goal.id == id && !next.is_over() && goal.state.leads_to(next));
        goal.map(|goal| goal.state = next).is_some()
    }

    /// The goal is over at `now_nanos`; whom to answer with `answer`. `None` where the goal cannot end so.
    pub(crate) fn end(&mut self, id: GoalId, state: GoalState, answer: Vec<u8>, now_nanos: i64) -> Option<Vec<ReturnAddress>> {
        let goal = self.0.iter_mut().find(|goal| goal.id == id && state.is_over() && goal.state.leads_to(state))?;
        goal.state = state;
        goal.end = Some((answer, now_nanos));
        Some(std::mem::take(&mut goal.waiting))
    }

    /// Somebody wants to know how the goal ends.
    pub(crate) fn await_end(&mut self, id: GoalId, address: ReturnAddress) -> Awaited {
        match self.0.iter_mut().find(|goal| goal.id == id) {
            None => Awaited::Unknown,
            Some(Goal { end: Some((answer, _)), .. }) => Awaited::Now(answer.clone()),
            Some(goal) if goal.waiting.len() >= MOST_WAITING => Awaited::Unknown,
            Some(goal) => {
                goal.waiting.push(address);
                Awaited::Later
            }
        }
    }

    /// Which goals a request means are to be given up from now on (`rcl_action_process_cancel_request`), and the answer to it.
    pub(crate) fn cancel(&mut self, request: &CancelGoalRequest) -> (CancelGoalResponse, Vec<GoalId>) {
        let GoalInfo { goal_id, stamp } = &request.goal_info;
        let (id, until) = (GoalId(goal_id.uuid), Stamp::from_ros(stamp.sec, stamp.nanosec));
        let (is_any, has_time) = (id == GoalId::NONE, until != Stamp::default());
        if !is_any && !has_time {
            let refusal = match self.state(id) {
                None => Some(CancelGoalResponse::ERROR_UNKNOWN_GOAL_ID),
                Some(state) if !state.leads_to(GoalState::Canceling) => Some(CancelGoalResponse::ERROR_GOAL_TERMINATED),
                Some(_) => None,
            };
            if let Some(return_code) = refusal {
                return (CancelGoalResponse { return_code, ..CancelGoalResponse::default() }, Vec::new());
            }
        }
        let is_meant = |goal: &Goal| goal.id == id || (is_any && !has_time) || (has_time && goal.accepted <= until);
        let mut response = CancelGoalResponse { return_code: CancelGoalResponse::ERROR_NONE, ..CancelGoalResponse::default() };
        let mut cancelled = Vec::new();
        for goal in self.0.iter_mut().filter(|goal| goal.state.leads_to(GoalState::Canceling) && is_meant(goal)) {
            goal.state = GoalState::Canceling;
            response.goals_canceling.push(info(goal));
            cancelled.push(goal.id);
        }
        (response, cancelled)
    }

    /// Forgets what ended long ago; whether there was anything.
    pub(crate) fn expire(&mut self, now_nanos: i64) -> bool {
        let before = self.0.len();
        self.0.retain(|goal| goal.end.as_ref().is_none_or(|(_, ended)| now_nanos - ended < KEPT_NANOS));
        self.0.len() < before
    }

    /// What `_action/status` says.
    pub(crate) fn status(&self) -> GoalStatusArray {
        GoalStatusArray { status_list: self.0.iter().map(|goal| GoalStatus { goal_info: info(goal), status: goal.state.id() }).collect() }
    }
}

fn info(goal: &Goal) -> GoalInfo {
    GoalInfo { goal_id: goal.id.uuid(), stamp: to_ros::time(goal.accepted) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TO: ReturnAddress = ReturnAddress::Cyclone([7; 16]);

    fn id(number: u8) -> GoalId {
        GoalId([number; 16])
    }

    /// Goals 1 to 3 of seconds 10, 20 and 30; the first is under way.
    fn three() -> Goals {
        let mut goals = Goals::default();
        for number in 1..=3 {
            assert_eq!(goals.check(id(number)), Ok(()));
            goals.accept(id(number), Stamp::from_ros(i32::from(number) * 10, 0));
        }
        assert!(goals.advance(id(1), GoalState::Executing));
        goals
    }

    fn cancel(goals: &mut Goals, number: u8, sec: i32) -> (i8, Vec<u8>) {
        let mut request = CancelGoalRequest::default();
        (request.goal_info.goal_id, request.goal_info.stamp.sec) = (id(number).uuid(), sec);
        let (response, cancelled) = goals.cancel(&request);
        let listed: Vec<_> = response.goals_canceling.iter().map(|info| GoalId(info.goal_id.uuid)).collect();
        assert_eq!(listed, cancelled);
        (response.return_code, cancelled.iter().map(|id| id.0[0]).collect())
    }

    #[test]
    fn a_goal_goes_through_its_states_and_ends_once() {
        let mut goals = three();
        assert_eq!(goals.end(id(2), GoalState::Succeeded, vec![1], 0), None, "never begun");
        assert_eq!(goals.await_end(id(1), TO), Awaited::Later);
        assert_eq!(goals.end(id(1), GoalState::Canceled, vec![1], 0), None, "nobody wanted that");
        assert_eq!(goals.end(id(1), GoalState::Succeeded, vec![1], 0), Some(vec![TO]));
        assert_eq!(goals.end(id(1), GoalState::Aborted, vec![2], 0), None, "it is over");
        assert_eq!(goals.await_end(id(1), TO), Awaited::Now(vec![1]));
        assert_eq!(goals.await_end(id(9), TO), Awaited::Unknown);
        let status: Vec<_> = goals.status().status_list.iter().map(|status| (status.goal_info.stamp.sec, status.status)).collect();
        assert_eq!(status, [(10, 4), (20, 1), (30, 1)]);
    }

    #[test]
    fn ids_are_used_once_and_zero_is_none() {
        let goals = three();
        assert!(goals.check(id(0)).is_err() && goals.check(id(1)).is_err() && goals.check(id(4)).is_ok());
        assert_eq!(
            GoalId(*b"\x6b\xa7\xb8\x10\x9d\xad\x11\xd1\x80\xb4\x00\xc0\x4f\xd4\x30\xc8").to_string(),
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
        );
    }

    #[test]
    fn cancel_requests_mean_what_they_mean_in_rcl() {
        assert_eq!(cancel(&mut three(), 2, 0), (0, vec![2]), "one");
        assert_eq!(cancel(&mut three(), 0, 0), (0, vec![1, 2, 3]), "all");
        assert_eq!(cancel(&mut three(), 0, 20), (0, vec![1, 2]), "up to a time");
        assert_eq!(cancel(&mut three(), 3, 10), (0, vec![1, 3]), "one, and up to a time");
        assert_eq!(cancel(&mut three(), 9, 0), (2, vec![]), "not known");
        let mut goals = three();
        assert_eq!(cancel(&mut goals, 1, 0), (0, vec![1]));
        assert_eq!(cancel(&mut goals, 1, 0), (3, vec![]), "it is being given up");
        assert_eq!(goals.end(id(1), GoalState::Canceled, vec![], 0), Some(vec![]));
        assert_eq!(cancel(&mut goals, 1, 0), (3, vec![]), "it is over");
        assert_eq!(cancel(&mut Goals::default(), 0, 0), (0, vec![]), "none");
    }

    #[test]
    fn what_ended_is_forgotten_after_its_time() {
        let mut goals = three();
        assert!(goals.end(id(1), GoalState::Aborted, vec![], 5).is_some());
        assert!(!goals.expire(KEPT_NANOS + 4) && goals.expire(KEPT_NANOS + 5));
        assert_eq!((goals.state(id(1)), goals.state(id(2))), (None, Some(GoalState::Accepted)));
    }

    #[test]
    fn memory_is_bounded() {
        let mut goals = Goals::default();
        for number in 0..=u8::MAX {
            if goals.check(id(number)).is_ok() {
                goals.accept(id(number), Stamp::default());
            }
        }
        assert_eq!(goals.0.len(), MOST_GOALS);
        for _ in 0..100 {
            let _ = goals.await_end(id(1), TO);
        }
        assert_eq!(goals.await_end(id(1), TO), Awaited::Unknown);
        goals.advance(id(1), GoalState::Executing);
        assert_eq!(goals.end(id(1), GoalState::Succeeded, vec![], 0).map(|waiting| waiting.len()), Some(MOST_WAITING));
        assert!(goals.check(id(200)).is_ok(), "one that is over makes room");
        goals.accept(id(200), Stamp::default());
        assert_eq!(goals.0.len(), MOST_GOALS);
    }

    proptest! {
        #[test]
        fn nothing_follows_an_end(asked in proptest::collection::vec((1_u8..4, 0_usize..7), 0..60)) {
            let mut goals = three();
            for (number, state) in asked {
                let (id, next) = (id(number), GoalState::ALL[state]);
                let before = goals.state(id);
                let is_done = goals.advance(id, next) || goals.end(id, next, vec![], 0).is_some();
                prop_assert!(!is_done || before.is_some_and(|before| !before.is_over() && before.leads_to(next)));
                prop_assert_eq!(goals.state(id), if is_done { Some(next) } else { before });
            }
        }
    }
}

//! The action `~/assess`: somebody asks what a camera shows now. In -> out: a goal -> one question to the model, feedback while it is open, its
//! answer as the result. One at a time. It stands beside the flow: no decision, journal or next look is changed by it.
//! Deliberately absent: any judgement of the answer.

use super::AgentNode;
use crate::program::steady;
use std::time::{Duration, Instant};
use vedette_llama::Priority;
use vedette_messages::action::Assess;
use vedette_messages::builtin_interfaces::Duration as DurationMsg;
use vedette_messages::to_ros;
use vedette_messages::vedette_msgs::{AssessFeedback, AssessGoal, AssessResult};
use vedette_reasoning::{Pending, VlmRequest};
use vedette_ros::{ActionServer, CancelledGoal, GoalCall, GoalId, GoalState, Node, NodeError, State};
use vedette_types::{Assessment, Completion, Finish, Level};

/// Feedback is sent at every change of state, and this often.
const FEEDBACK_PERIOD: Duration = Duration::from_secs(1);

/// Longest question, bytes: what is longer is no question, and the model's context would refuse it late.
const LONGEST_QUESTION: usize = 2000;

/// The action and the goal that is pursued.
pub(super) struct Questions {
    server: ActionServer<Assess>,
    open: Option<Open>,
}

struct Open {
    id: GoalId,
    pending: Pending,
    accepted: Instant,
    told: Option<(Instant, u8)>,
}

/// A goal that can be pursued.
struct Prepared {
    request: VlmRequest,
    pending: Pending,
    priority: Priority,
}

impl Questions {
    pub(super) fn offer(node: &mut Node) -> Result<Self, NodeError> {
        Ok(Self { server: node.action_server("~/assess")?, open: None })
    }
}

impl AgentNode {
    /// Takes a goal on, or rejects it with the reason.
    pub(super) fn take_goal(&mut self, call: GoalCall) {
        let server = self.questions.server;
        let goal = server.goal(&call).cloned().ok_or_else(|| "it is one of another action".to_owned());
        let Prepared { request, pending, priority } = match goal.and_then(|goal| self.prepare(&goal)) {
            Ok(prepared) => prepared,
            Err(reason) => return self.node.reject_goal(call, &reason),
        };
        let Some(id) = self.node.accept_goal(server, call) else { return };
        tracing::info!("goal {id}: a question about {}", pending.camera);
        if let Some(stage) = &mut self.stage {
            stage.model.ask_aside(request, priority);
        }
        self.node.execute_goal(server, id);
        self.questions.open = Some(Open { id, pending, accepted: steady(), told: None });
        self.tell_question();
    }

    fn prepare(&mut self, goal: &AssessGoal) -> Result<Prepared, String> {
        if self.node.state() != State::Active {
            return Err("the agent is not active: activate it first".to_owned());
        }
        if !self.is_enabled {
            return Err("the agent is disabled: enable it first".to_owned());
        }
        if self.questions.open.is_some() {
            return Err("another question is open: cancel it, or wait for its end".to_owned());
        }
        if goal.question.len() > LONGEST_QUESTION {
            return Err(format!("the question has {} bytes, {LONGEST_QUESTION} are possible", goal.question.len()));
        }
        let priority = match goal.priority {
            AssessGoal::PRIORITY_QUESTION => Priority::Question,
            AssessGoal::PRIORITY_NEXT => Priority::Next,
            other => return Err(format!("priority {other} is none: 0 is a question, 1 the next")),
        };
        let now = self.node.now().ok_or("simulated time has not begun")?;
        let stage = self.stage.as_ref().ok_or("the agent is not configured")?;
        if stage.model.level() == Level::ReflexOnly {
            return Err(format!("there is no model: {}", stage.ladder()));
        }
        let camera = Some(goal.camera.as_str()).filter(|camera| !camera.is_empty());
        let (mut request, pending) = stage.flow().question(now, camera, &goal.question).map_err(|error| error.to_string())?;
        if let Some(deadline_millis) = deadline_millis(&goal.deadline)? {
            request.deadline_millis = Some(deadline_millis);
        }
        match (request.deadline_millis, stage.model.fastest_millis()) {
            (Some(deadline), Some(fastest)) if (deadline as f64) < fastest => {
                Err(format!("the deadline of {deadline} ms cannot be met: the fastest answer took {fastest:.0} ms"))
            }
            _ => Ok(Prepared { request, pending, priority }),
        }
    }

    /// A goal is to be given up: at once.
    pub(super) fn cancel_goal(&mut self, cancelled: CancelledGoal) {
        let id = self.questions.server.cancelled(cancelled);
        if id.is_some() && id == self.questions.open.as_ref().map(|open| open.id) {
            self.end_question("cancelled", GoalState::Canceled);
        }
    }

    /// The question that is open, if any, gets no answer.
    pub(super) fn end_question(&mut self, reason: &str, state: GoalState) {
        let Some(open) = self.questions.open.take() else { return };
        let now = self.node.now().unwrap_or_default();
        let unanswered = self.stage.as_mut().map(|stage| {
            stage.model.forget_aside();
            stage.flow().unanswered(&open.pending, now, reason)
        });
        self.end_goal(&open, state, unanswered.as_ref(), 0);
    }

    /// Passes the answer on, where it is there or will not come; else says how far it is.
    pub(super) fn follow_question(&mut self) {
        if self.questions.open.is_none() {
            return;
        }
        let now = self.node.now().unwrap_or_default();
        match self.stage.as_mut().and_then(|stage| stage.model.take_aside(now)) {
            Some(completion) => self.answer_question(&completion),
            None => self.tell_question(),
        }
    }

    fn answer_question(&mut self, completion: &Completion) {
        let (Some(open), Some(stage)) = (self.questions.open.take(), &self.stage) else { return };
        let assessment = stage.flow().answer(&open.pending, completion);
        // Whatever it says, a whole answer is what was asked for.
        let state = if completion.finish == Finish::Stop { GoalState::Succeeded } else { GoalState::Aborted };
        self.end_goal(&open, state, Some(&assessment), completion.tokens);
    }

    fn end_goal(&mut self, open: &Open, state: GoalState, assessment: Option<&Assessment>, tokens: u32) {
        let result = AssessResult {
            assessment: assessment.map(to_ros::assessment).unwrap_or_default(),
            tokens,
            elapsed: to_message(steady() - open.accepted),
        };
        let said = if result.assessment.fault.is_empty() { &result.assessment.answer } else { &result.assessment.fault };
        tracing::info!("goal {}: {}, {said}", open.id, state.word());
        if !self.node.end_goal(self.questions.server, open.id, state, result) {
            tracing::error!("goal {} cannot end as {}", open.id, state.word());
        }
    }

    fn tell_question(&mut self) {
        let progress = self.stage.as_ref().and_then(|stage| stage.model.progress_aside());
        let state = if progress.is_some() { AssessFeedback::STATE_ASKED } else { AssessFeedback::STATE_WAITING };
        let now = steady();
        let Some(open) = self.questions.open.as_mut() else { return };
        if open.told.is_some_and(|(at, told)| told == state && now - at < FEEDBACK_PERIOD) {
            return;
        }
        open.told = Some((now, state));
        let (id, queue_age) = (open.id, to_message(now - open.accepted));
        let feedback = AssessFeedback { state, queue_age, tokens: progress.unwrap_or_default() };
        self.node.tell_feedback(self.questions.server, id, feedback);
    }
}

/// How long a goal may take; `None` for zero, which leaves it to the node's parameter.
fn deadline_millis(deadline: &DurationMsg) -> Result<Option<u64>, String> {
    let nanos = i64::from(deadline.sec) * 1_000_000_000 + i64::from(deadline.nanosec);
    match u64::try_from(nanos) {
        Ok(0) => Ok(None),
        // Shorter than a millisecond is no time at all, and not the parameter's.
        Ok(nanos) => Ok(Some((nanos / 1_000_000).max(1))),
        Err(_) => Err(format!("the deadline of {:.3} s has passed", nanos as f64 * 1e-9)),
    }
}

fn to_message(duration: Duration) -> DurationMsg {
    DurationMsg { sec: i32::try_from(duration.as_secs()).unwrap_or(i32::MAX), nanosec: duration.subsec_nanos() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_a_time_none_or_refused() {
        let read = |sec, nanosec| deadline_millis(&DurationMsg { sec, nanosec });
        assert_eq!((read(0, 0), read(2, 500_000_000), read(0, 1)), (Ok(None), Ok(Some(2500)), Ok(Some(1))));
        assert!(read(-1, 0).is_err_and(|reason| reason.contains("-1.000 s")));
        assert_eq!(read(i32::MAX, u32::MAX), Ok(Some(2_147_483_651_294)));
        assert_eq!(to_message(Duration::from_millis(1500)), DurationMsg { sec: 1, nanosec: 500_000_000 });
    }
}

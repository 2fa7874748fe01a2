//! Actions of a node's owner. In -> out: an action type and a name -> [`ActionServer`]; a goal that is asked for, a goal that is to be given up ->
//! events for the owner; acceptance, feedback, the end -> the clients. States, status topic and kept results are looked after here.
//! Deliberately absent: what a goal means. A wish to cancel is always granted: whoever pursues the goal ends it as it can.

use super::endpoints::{Role, What};
use super::services::QOS;
use super::{Node, NodeError, NodeEvent};
use crate::backend::{DdsError, Writer};
use crate::goals::{Awaited, GoalId, GoalState, Goals};
use crate::mapping::{self, Identity, Mapping, RequestError, ReturnAddress, Sample};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use vedette_messages::action_msgs::{CancelGoalRequest, GoalStatusArray};
use vedette_messages::builtin_interfaces::Time;
use vedette_messages::service::CancelGoal;
use vedette_messages::topics::Qos;
use vedette_messages::{CdrError, RosAction, RosMsg, RosService, to_ros};

/// An action that the owner of a node pursues.
pub struct ActionServer<A> {
    number: usize,
    action: PhantomData<fn(A)>,
}

impl<A> Clone for ActionServer<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for ActionServer<A> {}

/// A goal that somebody asks for, until it is accepted or rejected.
pub struct GoalCall {
    number: usize,
    address: ReturnAddress,
    id: GoalId,
    goal: Box<dyn Any + Send>,
}

impl GoalCall {
    /// Its name.
    pub fn id(&self) -> GoalId {
        self.id
    }
}

impl fmt::Debug for GoalCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GoalCall").field("number", &self.number).field("id", &self.id).finish_non_exhaustive()
    }
}

/// A goal that is to be given up.
#[derive(Clone, Copy, Debug)]
pub struct CancelledGoal {
    number: usize,
    id: GoalId,
}

impl<A: RosAction> ActionServer<A> {
    /// What is wanted, where `call` is one of this action.
    pub fn goal<'a>(&self, call: &'a GoalCall) -> Option<&'a A::Goal> {
        if call.number == self.number { call.goal.downcast_ref() } else { None }
    }

    /// Which goal is to be given up, where it is one of this action.
    pub fn cancelled(&self, cancelled: CancelledGoal) -> Option<GoalId> {
        (cancelled.number == self.number).then_some(cancelled.id)
    }
}

/// What is asked of an action server.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    Goal,
    Cancel,
    End,
}

type ReadGoal = fn(Mapping, &[u8], Sample) -> Result<(ReturnAddress, GoalId, Box<dyn Any + Send>), RequestError>;
type ReadAwaited = fn(Mapping, &[u8], Sample) -> Result<(ReturnAddress, GoalId), RequestError>;

/// What the node keeps of an action.
pub(super) struct OfferedAction {
    name: String,
    goals: Goals,
    goal: Arc<Writer>,
    cancel: Arc<Writer>,
    end: Arc<Writer>,
    feedback: Arc<Writer>,
    status: Arc<Writer>,
    read_goal: ReadGoal,
    read_awaited: ReadAwaited,
    accept: fn(bool, Time) -> Result<Vec<u8>, CdrError>,
    /// The end of a goal that is not known.
    unknown: fn() -> Result<Vec<u8>, CdrError>,
}

/// Names below that of an action, as the design article has them.
pub(super) fn below(action: &str, what: &str) -> String {
    format!("{action}/_action/{what}")
}

impl Node {
    /// Offers the action `name`: each goal that is asked for becomes [`NodeEvent::GoalAsked`], whatever the lifecycle state.
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn action_server<A: RosAction>(&mut self, name: &str) -> Result<ActionServer<A>, NodeError> {
        let action = self.full_name(What::Action, name)?;
        let number = self.actions.len();
        let offered = OfferedAction {
            goal: self.answering(&below(&action, "send_goal"), &format!("{}_SendGoal", A::TYPE), Role::Action(number, Asked::Goal))?,
            cancel: self.answering(&below(&action, "cancel_goal"), CancelGoal::TYPE, Role::Action(number, Asked::Cancel))?,
            end: self.answering(&below(&action, "get_result"), &format!("{}_GetResult", A::TYPE), Role::Action(number, Asked::End))?,
            feedback: self.telling(&below(&action, "feedback"), A::FeedbackMessage::TYPE, Qos::FEEDBACK)?,
            status: self.telling(&below(&action, "status"), GoalStatusArray::TYPE, Qos::GOAL_STATUS)?,
            name: action,
            goals: Goals::default(),
            read_goal: |mapping, cdr, sample| {
                let (address, request) = mapping::read::<A::SendGoalRequest>(mapping, cdr, sample)?;
                let (id, goal) = A::asked(request);
                Ok((address, GoalId(id.uuid), Box::new(goal)))
            },
            read_awaited: |mapping, cdr, sample| {
                let (address, request) = mapping::read::<A::GetResultRequest>(mapping, cdr, sample)?;
                Ok((address, GoalId(A::awaited(&request).uuid)))
            },
            accept: |accepted, stamp| A::accept(accepted, stamp).to_cdr(),
            unknown: || A::end(GoalState::Unknown.id(), A::Result::default()).to_cdr(),
        };
        self.actions.push(offered);
        Ok(ActionServer { number, action: PhantomData })
    }

    /// Takes a goal on; `None`, and the goal is rejected, where it is of another action.
    pub fn accept_goal<A: RosAction>(&mut self, server: ActionServer<A>, call: GoalCall) -> Option<GoalId> {
        if call.number != server.number {
            self.reject_goal(call, "it is one of another action");
            return None;
        }
        let now = self.now().unwrap_or_default();
        let offered = self.actions.get_mut(call.number)?;
        offered.goals.accept(call.id, now);
        offered.log(offered.answer_goal(call.address, true, to_ros::time(now)));
        offered.log(offered.tell_status());
        Some(call.id)
    }

    /// Refuses a goal; the reason goes to the log, the protocol has no place for it.
    #[expect(clippy::needless_pass_by_value, reason = "a goal is answered once")]
    pub fn reject_goal(&mut self, call: GoalCall, reason: &str) {
        if let Some(offered) = self.actions.get(call.number) {
            tracing::warn!("goal {} of {} is rejected: {reason}", call.id, offered.name);
            offered.log(offered.answer_goal(call.address, false, Time::default()));
        }
    }

    /// The goal is under way from now on.
    pub fn execute_goal<A: RosAction>(&mut self, server: ActionServer<A>, id: GoalId) {
        if let Some(offered) = self.actions.get_mut(server.number)
            && offered.goals.advance(id, GoalState::Executing)
        {
            offered.log(offered.tell_status());
        }
    }

    /// Tells the clients how far a goal is.
    pub fn tell_feedback<A: RosAction>(&mut self, server: ActionServer<A>, id: GoalId, feedback: A::Feedback) {
        if let Some(offered) = self.actions.get(server.number) {
            offered.log(send(&offered.feedback, A::tell(id.uuid(), feedback).to_cdr()));
        }
    }

    /// The goal is over: whoever waits for that is answered, whoever asks in the next seconds as well. False for a goal that cannot end so, which
    /// is then as it was.
    pub fn end_goal<A: RosAction>(&mut self, server: ActionServer<A>, id: GoalId, state: GoalState, result: A::Result) -> bool {
        let now_nanos = self.steady_nanos();
        let Some(offered) = self.actions.get_mut(server.number) else { return false };
        let answer = match A::end(state.id(), result).to_cdr() {
            Ok(answer) => answer,
            Err(error) => {
                tracing::error!("the end of goal {id} cannot be told: {error}");
                return false;
            }
        };
        let Some(waiting) = offered.goals.end(id, state, answer.clone(), now_nanos) else { return false };
        for address in waiting {
            offered.log(reply(&offered.end, address, Ok(answer.clone())));
        }
        offered.log(offered.tell_status());
        true
    }

    /// Something was asked of an action.
    pub(super) fn serve_action(&mut self, number: usize, asked: Asked, cdr: &[u8], sample: Sample) {
        let mapping = self.mapping;
        let Some(offered) = self.actions.get_mut(number) else { return };
        let served = match asked {
            Asked::Goal => match (offered.read_goal)(mapping, cdr, sample) {
                Ok((address, id, goal)) => {
                    let refusal = offered.goals.check(id).err();
                    let call = GoalCall { number, address, id, goal };
                    match refusal {
                        None => self.events.push_back(NodeEvent::GoalAsked(call)),
                        Some(reason) => self.reject_goal(call, reason),
                    }
                    return;
                }
                Err(error) => Err(error),
            },
            Asked::Cancel => mapping::read::<CancelGoalRequest>(mapping, cdr, sample).map(|(address, request)| {
                let (response, cancelled) = offered.goals.cancel(&request);
                offered.log(reply(&offered.cancel, address, response.to_cdr()));
                if !cancelled.is_empty() {
                    offered.log(offered.tell_status());
                }
                self.events.extend(cancelled.into_iter().map(|id| NodeEvent::GoalCancelled(CancelledGoal { number, id })));
            }),
            Asked::End => (offered.read_awaited)(mapping, cdr, sample).map(|(address, id)| match offered.goals.await_end(id, address) {
                Awaited::Later => {}
                Awaited::Now(answer) => offered.log(reply(&offered.end, address, Ok(answer))),
                Awaited::Unknown => offered.log(reply(&offered.end, address, (offered.unknown)())),
            }),
        };
        if let Err(error) = served {
            tracing::warn!("a call got no answer: {error}");
        }
    }

    /// Forgets goals that ended long ago.
    pub(super) fn keep_goals(&mut self) {
        let now_nanos = self.steady_nanos();
        for offered in &mut self.actions {
            if offered.goals.expire(now_nanos) {
                offered.log(offered.tell_status());
            }
        }
    }

    /// The answering half of the service `full`: requests have the role `role`.
    fn answering(&mut self, full: &str, type_name: &str, role: Role) -> Result<Arc<Writer>, NodeError> {
        let full = self.full_name(What::Service, full)?;
        let (reader, writer) = self.participant.server(&full, type_name, QOS)?;
        self.add(reader, role)?;
        Ok(writer)
    }

    /// Where the answers of one of an action's services go.
    pub(super) fn answers_of(&self, number: usize, asked: Asked) -> Option<&Arc<Writer>> {
        let offered = self.actions.get(number)?;
        Some(match asked {
            Asked::Goal => &offered.goal,
            Asked::Cancel => &offered.cancel,
            Asked::End => &offered.end,
        })
    }

    fn telling(&mut self, full: &str, type_name: &str, qos: Qos) -> Result<Arc<Writer>, NodeError> {
        let full = self.full_name(What::Topic, full)?;
        self.is_announced = false;
        Ok(self.participant.writer(&full, type_name, qos)?)
    }
}

impl OfferedAction {
    fn answer_goal(&self, address: ReturnAddress, accepted: bool, stamp: Time) -> Result<(), DdsError> {
        reply(&self.goal, address, (self.accept)(accepted, stamp))
    }

    fn tell_status(&self) -> Result<(), DdsError> {
        send(&self.status, self.goals.status().to_cdr())
    }

    fn log(&self, sent: Result<(), DdsError>) {
        if let Err(error) = sent {
            tracing::warn!("a client of {} was not told: {error}", self.name);
        }
    }
}

fn send(writer: &Writer, cdr: Result<Vec<u8>, CdrError>) -> Result<(), DdsError> {
    deliver(writer, cdr.map(|cdr| (cdr, None)))
}

fn reply(writer: &Writer, address: ReturnAddress, cdr: Result<Vec<u8>, CdrError>) -> Result<(), DdsError> {
    deliver(writer, cdr.map(|cdr| mapping::write_cdr(address, cdr)))
}

fn deliver(writer: &Writer, message: Result<(Vec<u8>, Option<Identity>), CdrError>) -> Result<(), DdsError> {
    let (cdr, related) = message.map_err(|error| DdsError::Send { topic: "an action".to_owned(), reason: error.to_string() })?;
    writer.send(&cdr, related)
}

//! Actions that the owner of a node asks others for. In -> out: an action type and a name -> [`ActionClient`]; goals, wishes to give them up ->
//! the server; what it answers and tells -> [`GoalNews`], an event for the owner, also when the server is gone.
//! Deliberately absent: waiting. Whoever waits for an answer keeps the time, and abandons a goal that gets none.

use super::action_server::below;
use super::client::{Client, random};
use super::endpoints::{Role, What};
use super::{Node, NodeError, NodeEvent};
use crate::backend::{DdsError, Participant};
use crate::goals::{GoalId, GoalState};
use crate::mapping::{Mapping, Sample};
use crate::native::Guid;
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, Instant};
use vedette_messages::action_msgs::{CancelGoalRequest, CancelGoalResponse, GoalInfo};
use vedette_messages::service::CancelGoal;
use vedette_messages::topics::Qos;
use vedette_messages::{CdrError, RosAction, RosMsg, RosService as _};

/// The server has found our endpoints as well this long after we found all of its: an answer to a question before that may be lost.
const SETTLED: Duration = Duration::from_millis(500);

/// Most goals that are remembered, abandoned ones among them.
const MOST_GOALS: usize = 16;

/// CDR header of a message.
const HEADER: usize = 4;

/// An action that others pursue.
pub struct ActionClient<A> {
    number: usize,
    action: PhantomData<fn(A)>,
}

impl<A> Clone for ActionClient<A> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A> Copy for ActionClient<A> {}

/// Something that became known of a goal.
pub struct GoalNews {
    number: usize,
    id: GoalId,
    news: News,
}

impl fmt::Debug for GoalNews {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match &self.news {
            News::Accepted => "accepted",
            News::Rejected => "rejected",
            News::Feedback(_) => "feedback",
            News::Canceling(_) => "canceling",
            News::Ended(state, _) => state.word(),
            News::Lost => "lost",
        };
        f.debug_struct("GoalNews").field("number", &self.number).field("id", &self.id).field("news", &word).finish()
    }
}

enum News {
    Accepted,
    Rejected,
    Feedback(Box<dyn Any + Send>),
    Canceling(bool),
    Ended(GoalState, Option<Box<dyn Any + Send>>),
    Lost,
}

/// What became known.
pub enum GoalUpdate<'a, A: RosAction> {
    /// The server pursues it.
    Accepted,
    /// The server does not. Nothing follows.
    Rejected,
    /// How far it is.
    Feedback(&'a A::Feedback),
    /// The wish to give it up is granted, or is not.
    Canceling(bool),
    /// It is over, and what came of it where that can be read. Unknown: the server knows no such goal. Nothing follows.
    Ended(GoalState, Option<&'a A::Result>),
    /// The server is gone. Nothing follows.
    Lost,
}

impl<A: RosAction> ActionClient<A> {
    /// What became known of which goal, where `news` are of this action.
    pub fn read<'a>(&self, news: &'a GoalNews) -> Option<(GoalId, GoalUpdate<'a, A>)> {
        if news.number != self.number {
            return None;
        }
        let update = match &news.news {
            News::Accepted => GoalUpdate::Accepted,
            News::Rejected => GoalUpdate::Rejected,
            News::Feedback(feedback) => GoalUpdate::Feedback(feedback.downcast_ref()?),
            News::Canceling(is_granted) => GoalUpdate::Canceling(*is_granted),
            News::Ended(state, result) => GoalUpdate::Ended(*state, result.as_ref().and_then(|result| result.downcast_ref())),
            News::Lost => GoalUpdate::Lost,
        };
        Some((news.id, update))
    }
}

/// Where something from a server arrived.
#[derive(Clone, Copy, Debug)]
pub(super) enum Told {
    Goal,
    Cancel,
    End,
    Feedback,
}

/// One goal, and the numbers of the requests that are open.
struct Pursued {
    id: GoalId,
    asked: Option<i64>,
    cancelling: Option<i64>,
    awaited: Option<i64>,
    /// The server's endpoint that accepted it.
    server: Option<Guid>,
    /// The owner wants to know no more; the server may still pursue it.
    is_abandoned: bool,
}

/// Reads a message of a type that the node does not name.
type Read<T> = fn(&[u8]) -> Result<T, CdrError>;

/// What the node keeps of an action that it asks for.
pub(super) struct AskedAction {
    name: String,
    goal: Client,
    cancel: Client,
    end: Client,
    goals: Vec<Pursued>,
    /// Since when all of the server is there.
    complete: Option<Instant>,
    is_accepted: Read<bool>,
    read_end: Read<Box<dyn Any + Send>>,
    read_feedback: Read<(GoalId, Box<dyn Any + Send>)>,
    await_end: fn(&mut Client, Mapping, GoalId) -> Result<i64, DdsError>,
}

impl Node {
    /// A client of the action `name`; what becomes known of its goals is [`NodeEvent::GoalNews`].
    ///
    /// # Errors
    /// [`NodeError`].
    pub fn action_client<A: RosAction>(&mut self, name: &str) -> Result<ActionClient<A>, NodeError> {
        let action = self.full_name(What::Action, name)?;
        let number = self.asked_actions.len();
        let feedback = self.full_name(What::Topic, &below(&action, "feedback"))?;
        self.listen(&feedback, A::FeedbackMessage::TYPE, Qos::FEEDBACK, Role::AskedAction(number, Told::Feedback))?;
        let role = |told| Role::AskedAction(number, told);
        let asked = AskedAction {
            goal: self.client(&below(&action, "send_goal"), &format!("{}_SendGoal", A::TYPE), role(Told::Goal))?,
            cancel: self.client(&below(&action, "cancel_goal"), CancelGoal::TYPE, role(Told::Cancel))?,
            end: self.client(&below(&action, "get_result"), &format!("{}_GetResult", A::TYPE), role(Told::End))?,
            name: action,
            goals: Vec::new(),
            complete: None,
            is_accepted: |cdr| Ok(A::is_accepted(&A::SendGoalResponse::from_cdr(cdr)?)),
            read_end: |cdr| Ok(Box::new(A::result(A::GetResultResponse::from_cdr(cdr)?))),
            read_feedback: |cdr| {
                let (id, feedback) = A::told(A::FeedbackMessage::from_cdr(cdr)?);
                Ok((GoalId(id.uuid), Box::new(feedback)))
            },
            await_end: |client, mapping, id| client.ask(mapping, &A::await_end(id.uuid())),
        };
        self.asked_actions.push(asked);
        Ok(ActionClient { number, action: PhantomData })
    }

    /// Whether there is a server, and has been for long enough to know us.
    pub fn has_action_server<A: RosAction>(&self, client: ActionClient<A>) -> bool {
        let complete = self.asked_actions.get(client.number).and_then(|asked| asked.complete);
        complete.is_some_and(|since| super::instant() - since >= SETTLED)
    }

    /// Asks for a goal; its name. The answer is news.
    ///
    /// # Errors
    /// [`DdsError::Send`].
    pub fn send_goal<A: RosAction>(&mut self, client: ActionClient<A>, goal: A::Goal) -> Result<GoalId, DdsError> {
        let mapping = self.mapping;
        let id = fresh_id();
        let Some(asked) = self.asked_actions.get_mut(client.number) else {
            return Err(DdsError::Send { topic: A::TYPE.to_owned(), reason: "the node asks for no such action".to_owned() });
        };
        let number = asked.goal.ask(mapping, &A::ask(id.uuid(), goal))?;
        if asked.goals.len() >= MOST_GOALS {
            asked.goals.remove(asked.goals.iter().position(|goal| goal.is_abandoned).unwrap_or(0));
        }
        let goal = Pursued { id, asked: Some(number), cancelling: None, awaited: None, server: None, is_abandoned: false };
        asked.goals.push(goal);
        Ok(id)
    }

    /// Wants a goal of this client given up; others are never touched. The answer, and then the end, are news.
    pub fn cancel_goal<A: RosAction>(&mut self, client: ActionClient<A>, id: GoalId) {
        if let Some(asked) = self.asked_actions.get_mut(client.number) {
            asked.cancel(self.mapping, id);
        }
    }

    /// Wants a goal given up and to hear no more of it: for one whose server does not answer. If the server accepts it later it is cancelled again.
    pub fn abandon_goal<A: RosAction>(&mut self, client: ActionClient<A>, id: GoalId) {
        if let Some(asked) = self.asked_actions.get_mut(client.number) {
            asked.cancel(self.mapping, id);
            if let Some(goal) = asked.goals.iter_mut().find(|goal| goal.id == id) {
                goal.is_abandoned = true;
            }
        }
    }

    /// Something of an action that is asked for arrived.
    pub(super) fn hear_action(&mut self, number: usize, told: Told, cdr: &[u8], sample: Sample) {
        let mapping = self.mapping;
        let Some(asked) = self.asked_actions.get_mut(number) else { return };
        let heard = match told {
            Told::Goal => asked.hear_goal(mapping, cdr, sample),
            Told::Cancel => asked.hear_cancel(mapping, cdr, sample),
            Told::End => Ok(asked.hear_end(mapping, cdr, sample)),
            Told::Feedback => asked.hear_feedback(cdr),
        };
        match heard {
            Ok(Some((id, news))) => self.events.push_back(NodeEvent::GoalNews(GoalNews { number, id, news })),
            Ok(None) => {}
            Err(error) => tracing::warn!("something that the server of {} said was dropped: {error}", asked.name),
        }
    }

    /// Follows whether servers are there; goals whose server is gone are lost.
    pub(super) fn follow_servers(&mut self) {
        let now = super::instant();
        for (number, asked) in self.asked_actions.iter_mut().enumerate() {
            asked.complete = asked.is_complete(&self.participant).then(|| asked.complete.unwrap_or(now));
            let [_, ours] = asked.goal.guids();
            let is_lost = |goal: &mut Pursued| goal.server.is_some_and(|server| self.participant.is_gone(ours, server));
            for lost in asked.goals.extract_if(.., is_lost).filter(|goal| !goal.is_abandoned) {
                self.events.push_back(NodeEvent::GoalNews(GoalNews { number, id: lost.id, news: News::Lost }));
            }
        }
    }
}

impl AskedAction {
    fn is_complete(&self, participant: &Participant) -> bool {
        [&self.goal, &self.cancel, &self.end].iter().flat_map(|client| client.guids()).all(|guid| participant.has_peer(guid))
    }

    fn cancel(&mut self, mapping: Mapping, id: GoalId) {
        let Some(goal) = self.goals.iter_mut().find(|goal| goal.id == id) else { return };
        // With an id and no time a request means that goal and no other.
        let goal_info = GoalInfo { goal_id: id.uuid(), ..GoalInfo::default() };
        match self.cancel.ask(mapping, &CancelGoalRequest { goal_info }) {
            Ok(number) => goal.cancelling = Some(number),
            Err(error) => tracing::error!("goal {id} of {} cannot be cancelled: {error}", self.name),
        }
    }

    fn hear_goal(&mut self, mapping: Mapping, cdr: &[u8], sample: Sample) -> Result<Option<(GoalId, News)>, CdrError> {
        let Some((number, cdr)) = self.goal.answer(mapping, cdr, sample) else { return Ok(None) };
        let Some(index) = self.goals.iter().position(|goal| goal.asked == Some(number)) else { return Ok(None) };
        let is_accepted = (self.is_accepted)(&cdr)?;
        let Some(goal) = self.goals.get_mut(index) else { return Ok(None) };
        goal.asked = None;
        let (id, is_abandoned) = (goal.id, goal.is_abandoned);
        if !is_accepted {
            self.goals.remove(index);
            return Ok((!is_abandoned).then_some((id, News::Rejected)));
        }
        goal.server = Some(sample.own.writer);
        if is_abandoned {
            self.cancel(mapping, id);
            self.goals.retain(|goal| goal.id != id);
            return Ok(None);
        }
        match (self.await_end)(&mut self.end, mapping, id) {
            Ok(number) => goal.awaited = Some(number),
            Err(error) => tracing::error!("the end of goal {id} of {} cannot be asked for: {error}", self.name),
        }
        Ok(Some((id, News::Accepted)))
    }

    fn hear_cancel(&mut self, mapping: Mapping, cdr: &[u8], sample: Sample) -> Result<Option<(GoalId, News)>, CdrError> {
        let Some((number, cdr)) = self.cancel.answer(mapping, cdr, sample) else { return Ok(None) };
        let Some(goal) = self.goals.iter_mut().find(|goal| goal.cancelling == Some(number)) else { return Ok(None) };
        goal.cancelling = None;
        let is_granted = CancelGoalResponse::from_cdr(&cdr)?.goals_canceling.iter().any(|info| info.goal_id.uuid == goal.id.0);
        Ok((!goal.is_abandoned).then_some((goal.id, News::Canceling(is_granted))))
    }

    fn hear_end(&mut self, mapping: Mapping, cdr: &[u8], sample: Sample) -> Option<(GoalId, News)> {
        let (number, cdr) = self.end.answer(mapping, cdr, sample)?;
        let index = self.goals.iter().position(|goal| goal.awaited == Some(number))?;
        let goal = self.goals.remove(index);
        // The state is the first byte. What follows differs between versions of an action (Nav2 added codes and texts), and is then not read.
        let state = cdr.get(HEADER).map_or(GoalState::Unknown, |byte| GoalState::of(byte.cast_signed()));
        let result = (self.read_end)(&cdr).ok();
        (!goal.is_abandoned).then_some((goal.id, News::Ended(state, result)))
    }

    fn hear_feedback(&mut self, cdr: &[u8]) -> Result<Option<(GoalId, News)>, CdrError> {
        let (id, feedback) = (self.read_feedback)(cdr)?;
        let is_ours = self.goals.iter().any(|goal| goal.id == id && !goal.is_abandoned);
        Ok(is_ours.then_some((id, News::Feedback(feedback))))
    }
}

/// A random UUID (version 4, RFC 9562).
fn fresh_id() -> GoalId {
    let [high, low] = random();
    let mut bytes = ((u128::from(high) << 64) | u128::from(low)).to_be_bytes();
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    GoalId(bytes)
}

//! Messages that wait for one end of a live recording. In -> out: messages, never waiting -> the same in order, the oldest left out beyond a
//! number of bytes; and at the beginning of a file or a connection what somebody who joins late must be told (the head).
//!
//! The head is bounded by the number of entities, the queue by its bytes.

use crate::sink::Role;
use re_log_types::{EntityPath, LogMsg};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// What a message without rows is counted as, bytes.
const SMALL_BYTES: usize = 1024;

/// Messages that belong together.
#[derive(Debug)]
pub(crate) enum Batch {
    /// Everything that a late joiner must be told; it comes first, and again where a part of it was left out.
    Head(Vec<LogMsg>),
    /// One message.
    One(LogMsg),
}

/// See the module.
pub(crate) struct Queue {
    state: Mutex<State>,
    arrived: Notify,
    max_bytes: usize,
}

#[derive(Default)]
struct State {
    head: Head,
    waiting: VecDeque<(Role, LogMsg)>,
    bytes: usize,
    is_head_due: bool,
    is_closed: bool,
    dropped: u64,
}

/// The messages that hold at the moment.
#[derive(Default)]
struct Head {
    stores: Vec<LogMsg>,
    fixed: BTreeMap<EntityPath, LogMsg>,
    layout: (i64, Vec<LogMsg>),
}

impl Queue {
    pub(crate) fn new(max_bytes: usize) -> Self {
        Self { state: Mutex::default(), arrived: Notify::new(), max_bytes }
    }

    /// Adds a message. It waits for nobody.
    pub(crate) fn push(&self, role: Role, message: LogMsg) {
        let mut state = self.open();
        if state.is_closed {
            return;
        }
        state.head.take(&role, &message);
        state.bytes += size_bytes(&message);
        state.waiting.push_back((role, message));
        while state.bytes > self.max_bytes {
            let Some((role, message)) = state.waiting.pop_front() else { break };
            state.bytes -= size_bytes(&message);
            match role {
                Role::Rows => state.dropped += 1,
                _ => state.is_head_due = true,
            }
        }
        drop(state);
        self.arrived.notify_one();
    }

    /// The head is told anew: a file or a connection begins.
    pub(crate) fn restart(&self) {
        self.open().is_head_due = true;
        self.arrived.notify_one();
    }

    /// No more messages are taken; those that wait still go out.
    pub(crate) fn close(&self) {
        self.open().is_closed = true;
        self.arrived.notify_one();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.open().is_closed
    }

    /// Rows that were left out, chunks of them.
    pub(crate) fn dropped(&self) -> u64 {
        self.open().dropped
    }

    /// The next message when there is one; `None` after the last. For one reader.
    pub(crate) async fn next(&self) -> Option<Batch> {
        loop {
            {
                let mut state = self.open();
                if let Some(batch) = state.take() {
                    return Some(batch);
                }
                if state.is_closed {
                    return None;
                }
            }
            self.arrived.notified().await;
        }
    }

    /// Waits until the queue is closed.
    pub(crate) async fn closed(&self) {
        while !self.is_closed() {
            self.arrived.notified().await;
        }
    }

    fn open(&self) -> MutexGuard<'_, State> {
        // Nothing in here panics between two steps that belong together.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Option<Batch> {
        if std::mem::take(&mut self.is_head_due) {
            // What waits of the head is in it.
            self.waiting.retain(|(role, _)| *role == Role::Rows);
            self.bytes = self.waiting.iter().map(|(_, message)| size_bytes(message)).sum();
            return Some(Batch::Head(self.head.messages()));
        }
        let (_, message) = self.waiting.pop_front()?;
        self.bytes -= size_bytes(&message);
        Some(Batch::One(message))
    }
}

impl Head {
    fn take(&mut self, role: &Role, message: &LogMsg) {
        match role {
            Role::Store => self.stores.push(message.clone()),
            Role::Fixed(entity) => drop(self.fixed.insert(entity.clone(), message.clone())),
            Role::Layout(number) => {
                if self.layout.0 != *number {
                    self.layout = (*number, Vec::new());
                }
                self.layout.1.push(message.clone());
            }
            Role::Rows => {}
        }
    }

    fn messages(&self) -> Vec<LogMsg> {
        self.stores.iter().chain(self.fixed.values()).chain(&self.layout.1).cloned().collect()
    }
}

fn size_bytes(message: &LogMsg) -> usize {
    match message {
        LogMsg::ArrowMsg(_, rows) => rows.batch.get_array_memory_size() + SMALL_BYTES,
        LogMsg::SetStoreInfo(_) | LogMsg::BlueprintActivationCommand(_) => SMALL_BYTES,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use re_log_types::{BlueprintActivationCommand, StoreId, StoreKind};

    /// A message that says `number`; each counts as [`SMALL_BYTES`].
    fn message(number: usize) -> LogMsg {
        let blueprint = StoreId::new(StoreKind::Blueprint, "test", number.to_string());
        LogMsg::BlueprintActivationCommand(BlueprintActivationCommand::make_active(blueprint))
    }

    fn text(messages: &[LogMsg]) -> Vec<String> {
        messages.iter().map(|message| format!("{message:?}")).collect()
    }

    /// Everything that waits: the head in brackets by its length, then the rows.
    fn all(queue: &Queue) -> (Option<Vec<LogMsg>>, Vec<LogMsg>) {
        queue.close();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("runtime");
        let (mut head, mut rows) = (None, Vec::new());
        while let Some(batch) = runtime.block_on(queue.next()) {
            match batch {
                Batch::Head(messages) => head = Some(messages),
                Batch::One(message) => rows.push(message),
            }
        }
        (head, rows)
    }

    #[test]
    fn a_slow_end_gets_the_newest_rows_and_never_misses_what_holds() {
        let queue = Queue::new(10 * SMALL_BYTES);
        let entity = |name: &str| EntityPath::from_single_string(name.to_owned());
        queue.push(Role::Store, message(1000));
        for number in 0..100 {
            queue.push(Role::Fixed(entity("map")), message(2000 + number));
            queue.push(Role::Rows, message(number));
            queue.push(Role::Layout(i64::try_from(number).expect("small")), message(3000 + number));
        }
        let dropped = queue.dropped();
        let (head, rows) = all(&queue);
        assert_eq!(head.map(|head| text(&head)), Some(text(&[message(1000), message(2099), message(3099)])));
        assert_eq!(text(&rows), text(&(97..100).map(message).collect::<Vec<_>>()), "the newest, in order");
        assert_eq!(dropped, 97);
    }

    #[test]
    fn nothing_is_left_out_or_told_twice_where_the_end_keeps_up() {
        let queue = Queue::new(1 << 20);
        queue.push(Role::Store, message(1000));
        queue.push(Role::Rows, message(1));
        let (head, rows) = all(&queue);
        assert_eq!((head.is_none(), text(&rows)), (true, text(&[message(1000), message(1)])));
        queue.push(Role::Rows, message(2));
        assert!(all(&queue).1.is_empty(), "closed");

        let queue = Queue::new(1 << 20);
        queue.push(Role::Store, message(1000));
        queue.push(Role::Rows, message(1));
        queue.restart();
        let (head, rows) = all(&queue);
        assert_eq!((head.map(|head| text(&head)), text(&rows)), (Some(text(&[message(1000)])), text(&[message(1)])));
    }
}

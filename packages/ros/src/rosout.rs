//! Log lines on their way to `/rosout`. In -> out: `tracing` events -> lines in a bounded queue that the node sends. A full queue drops the
//! newest line and counts it: logging must not stop a robot. Lines of several nodes on one terminal say whose they are ([`NamedLines`]).
//! Deliberately absent: the topic and the clock.

use crate::args::LogLevel;
use std::cell::RefCell;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, OnceLock};
use tracing::field::{Field, Visit};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::{Context, Layer};
use tracing_subscriber::registry::LookupSpan;
use vedette_messages::builtin_interfaces::Time;
use vedette_messages::rcl_interfaces::Log;

/// Lines that may wait for one node.
const CAPACITY: usize = 256;
/// Longest text of a line, characters.
const MAX_CHARS: usize = 2000;

/// The nodes of this process.
static NODES: OnceLock<Mutex<Vec<Sink>>> = OnceLock::new();
thread_local!(static NODE: RefCell<Option<String>> = const { RefCell::new(None) });

struct Sink {
    node: String,
    lines: SyncSender<Log>,
    dropped: Arc<AtomicU64>,
}

/// The lines of one node.
pub(crate) struct Lines {
    lines: Receiver<Log>,
    dropped: Arc<AtomicU64>,
}

impl Lines {
    /// Lines of the node `name` from now on: those logged on the calling thread, and for the first node of the process those of threads that
    /// belong to none.
    pub(crate) fn of(name: &str) -> Self {
        let (sender, lines) = sync_channel(CAPACITY);
        let dropped = Arc::new(AtomicU64::new(0));
        NODE.with(|node| *node.borrow_mut() = Some(name.to_owned()));
        if let Ok(mut nodes) = NODES.get_or_init(Mutex::default).lock() {
            nodes.retain(|sink| sink.node != name);
            nodes.push(Sink { node: name.to_owned(), lines: sender, dropped: Arc::clone(&dropped) });
        }
        Self { lines, dropped }
    }

    /// The next line.
    pub(crate) fn next(&self) -> Option<Log> {
        self.lines.try_recv().ok()
    }

    /// Lines dropped since the last call.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped.swap(0, Ordering::Relaxed)
    }
}

/// A `tracing` layer that fills the queues. Its filter is the subscriber's.
#[derive(Clone, Copy, Debug, Default)]
pub struct RosoutLayer;

impl<S: tracing::Subscriber> Layer<S> for RosoutLayer {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let Some(Ok(nodes)) = NODES.get().map(Mutex::lock) else { return };
        let of_thread = NODE.with(|node| node.borrow().clone());
        let found = of_thread.and_then(|name| nodes.iter().find(|sink| sink.node == name));
        let Some(sink) = found.or_else(|| nodes.first()) else { return };
        let metadata = event.metadata();
        let mut text = Text::default();
        event.record(&mut text);
        let line = Log {
            stamp: Time::default(),
            level: level_number(*metadata.level()),
            name: logger(&sink.node),
            msg: text.0.chars().take(MAX_CHARS).collect(),
            file: metadata.file().unwrap_or_default().to_owned(),
            function: metadata.target().to_owned(),
            line: metadata.line().unwrap_or_default(),
        };
        if sink.lines.try_send(line).is_err() {
            sink.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Lines as `F` forms them, each with its node's name in front where the process has several: `[r1.vedette_guardian] `.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedLines<F>(pub F);

impl<S, N, F> FormatEvent<S, N> for NamedLines<F>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(&self, context: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &tracing::Event<'_>) -> std::fmt::Result {
        if let Some(name) = name_among_several() {
            write!(writer, "[{name}] ")?;
        }
        self.0.format_event(context, writer, event)
    }
}

/// The node of the calling thread, where it is not the only one of the process. What works beside all nodes has no name.
fn name_among_several() -> Option<String> {
    let is_alone = NODES.get()?.lock().ok()?.len() < 2;
    let node = NODE.with(|node| node.borrow().clone())?;
    (!is_alone).then(|| logger(&node))
}

/// A node's name as loggers have it.
fn logger(node: &str) -> String {
    node.trim_start_matches('/').replace('/', ".")
}

/// The filter words of `tracing` for what the command line asked for; `info` without. RustDDS warns of every datagram above 1500 bytes, so it is heard less.
pub fn filter(level: Option<LogLevel>) -> &'static str {
    match level.unwrap_or(LogLevel::Info) {
        LogLevel::Debug => "debug,rustdds=warn,re_chunk=error",
        LogLevel::Info => "info,rustdds=error,re_chunk=error",
        LogLevel::Warn => "warn,rustdds=error,re_chunk=error",
        // `tracing` has nothing above error.
        LogLevel::Error | LogLevel::Fatal => "error",
    }
}

fn level_number(level: tracing::Level) -> u8 {
    match level {
        tracing::Level::ERROR => Log::ERROR,
        tracing::Level::WARN => Log::WARN,
        tracing::Level::INFO => Log::INFO,
        _ => Log::DEBUG,
    }
}

#[derive(Default)]
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let is_message = field.name() == "message";
        let separator = if self.0.is_empty() { "" } else { ", " };
        let _ = if is_message { write!(self.0, "{separator}{value:?}") } else { write!(self.0, "{separator}{} {value:?}", field.name()) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    #[test]
    fn lines_go_to_the_node_of_their_thread_and_are_bounded() {
        let subscriber = tracing_subscriber::registry().with(RosoutLayer);
        tracing::subscriber::with_default(subscriber, || {
            let first = Lines::of("/r1/eye");
            tracing::warn!(count = 2, "low light");
            let line = first.next().expect("a line");
            assert_eq!((line.level, line.name.as_str(), line.msg.as_str()), (Log::WARN, "r1.eye", "low light, count 2"));
            for _ in 0..CAPACITY + 3 {
                tracing::info!("again");
            }
            assert_eq!((first.dropped(), first.dropped()), (3, 0));
            let second = Lines::of("/ear");
            tracing::error!("deaf");
            assert_eq!(second.next().map(|line| line.level), Some(Log::ERROR));
        });
    }

    #[derive(Clone, Default)]
    struct Terminal(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("whole").extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_of_several_nodes_say_whose_they_are() {
        let terminal = Terminal::default();
        let writer = terminal.clone();
        let format = tracing_subscriber::fmt::layer().without_time().with_ansi(false).with_target(false);
        let format = format.map_event_format(NamedLines).with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(format), || {
            let _others = [Lines::of("/r1/nose"), Lines::of("/r1/hand")];
            tracing::info!("gripped");
        });
        let shown = String::from_utf8(terminal.0.lock().expect("whole").clone()).expect("text");
        assert!(shown.starts_with("[r1.hand] ") && shown.trim_end().ends_with("INFO gripped"), "{shown}");
    }
}

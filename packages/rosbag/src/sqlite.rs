//! One sqlite3 file of rosbag2 as segments of rows.
//!
//! In -> out: a path -> topics (table `topics`, with `message_definitions` where there is one), and the rows of table `messages`.
//! The file is opened read-only and immutable: no journal, lock or shared-memory file appears beside a user's bag. One pass over row ids and
//! times on opening (payloads lie on overflow pages and are not touched) gives segments of a thousand rows with their earliest time; thus no
//! index on the time is needed and the order of rows does not matter. A payload is read when its message is due.

use crate::{
    BagError, Limits, Topic,
    segment::{Entry, Loaded, Segment, SegmentKind},
    storage::{Opened, Tail},
};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use std::{
    collections::BTreeMap,
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};
use vedette_types::Stamp;

/// Rows read and sorted as one.
const SEGMENT_ROWS: usize = 1024;

/// A sqlite3 file that is being read.
pub(crate) struct SqliteFile {
    path: PathBuf,
    connection: Connection,
    limits: Limits,
    /// `topics.id` of each local topic.
    ids: Vec<i64>,
    /// Position in the bag's topics for every `topics.id`.
    topic_of: BTreeMap<i64, u32>,
}

impl SqliteFile {
    /// Opens the file at `at`, which the user knows as `path`.
    pub(crate) fn open(at: &Path, path: &Path, limits: Limits) -> Result<Opened<Self>, BagError> {
        let fault = |action| move |source| BagError::Sqlite { path: path.to_owned(), action, source };
        check_whole(at, path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(immutable_uri(at), flags).map_err(fault("open"))?;
        // A foreign schema may name functions and views; none of them is run.
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;").map_err(fault("open"))?;
        for table in ["topics", "messages"] {
            if !has_table(&connection, table).map_err(fault("list tables"))? {
                return Err(BagError::MissingTable { path: path.to_owned(), table });
            }
        }
        let (ids, mut topics): (Vec<i64>, Vec<Topic>) = read_topics(&connection).map_err(fault("read topics"))?.into_iter().unzip();
        let pass = Pass::over(&connection);
        for (id, topic) in ids.iter().zip(&mut topics) {
            topic.message_count = Some(pass.counts.get(id).copied().unwrap_or(0));
        }
        let message_count = topics.iter().filter_map(|topic| topic.message_count).sum();
        let file = Self { path: path.to_owned(), connection, limits, ids, topic_of: BTreeMap::new() };
        let warnings = journal_warning(at).into_iter().collect();
        let Pass { segments, range, tail, .. } = pass;
        Ok(Opened { storage: file, topics, segments, range, message_count: Some(message_count), warnings, tail })
    }

    /// Says which topic of the bag each local topic is.
    pub(crate) fn assign(&mut self, topics: Vec<u32>) {
        self.topic_of = self.ids.iter().copied().zip(topics).collect();
    }

    /// Loads the wanted rows of a segment, without payloads. Returns how many were on topics that the file does not declare.
    pub(crate) fn load(&mut self, segment: &Segment, wanted: &[bool], loaded: &mut Loaded) -> Result<u64, BagError> {
        loaded.clear();
        let mut undeclared = 0;
        let mut read = || -> rusqlite::Result<()> {
            let sql = "SELECT rowid, timestamp, topic_id FROM messages WHERE rowid BETWEEN ?1 AND ?2 ORDER BY rowid";
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([segment.offset as i64, segment.length as i64])?;
            while let Some(row) = rows.next()? {
                let (rowid, log_time, topic) = (row.get::<_, i64>(0)?, Stamp::from_nanos(row.get(1)?), self.topic_of.get(&row.get(2)?));
                match topic.and_then(|topic| wanted.get(*topic as usize).map(|wanted| (*topic, *wanted))) {
                    Some((_, false)) => {}
                    Some((topic, true)) => {
                        loaded.entries.push(Entry { log_time, publish_time: log_time, at: rowid as u64, length: 0, topic });
                    }
                    None => undeclared += 1,
                }
            }
            Ok(())
        };
        read().map_err(|source| BagError::Sqlite { path: self.path.clone(), action: "read messages", source })?;
        Ok(undeclared)
    }

    /// The payload of a message.
    pub(crate) fn payload(&self, entry: &Entry) -> Result<Vec<u8>, BagError> {
        let rowid = entry.at as i64;
        let damaged = |reason: String| BagError::Damaged { path: self.path.clone(), what: "message", offset: entry.at, reason };
        // The length stands in the row's head, so that one that is too long is not loaded.
        let sql = "SELECT CASE WHEN length(data) <= ?2 THEN data ELSE length(data) END FROM messages WHERE rowid = ?1";
        let mut statement = self.connection.prepare_cached(sql).map_err(|error| damaged(error.to_string()))?;
        let limit = self.limits.max_message_bytes as u64;
        let data = statement.query_row([rowid, limit as i64], |row| match row.get_ref(0)? {
            ValueRef::Blob(data) => Ok(Ok(data.to_vec())),
            ValueRef::Integer(bytes) => {
                Ok(Err(BagError::TooLarge { path: self.path.clone(), what: "message", offset: entry.at, bytes: bytes as u64, limit }))
            }
            _ => Ok(Err(damaged("its data is not a blob".to_owned()))),
        });
        data.map_err(|error| damaged(error.to_string()))?
    }
}

/// The pass over all rows.
#[derive(Default)]
struct Pass {
    segments: Vec<Segment>,
    counts: BTreeMap<i64, u64>,
    range: Option<(Stamp, Stamp)>,
    tail: Option<Tail>,
    rows: usize,
}

impl Pass {
    /// As far as the file can be read.
    fn over(connection: &Connection) -> Self {
        let mut pass = Self::default();
        let mut last = 0;
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = connection.prepare("SELECT rowid, timestamp, topic_id FROM messages ORDER BY rowid")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                last = row.get(0)?;
                pass.row(last, Stamp::from_nanos(row.get(1)?), row.get(2)?);
            }
            Ok(())
        };
        if read().is_err() {
            pass.tail = Some(Tail { offset: last as u64, bytes: 0, recovered: 0, reason: "it is damaged" });
        }
        pass
    }

    fn row(&mut self, rowid: i64, time: Stamp, topic: i64) {
        let count = self.counts.entry(topic).or_default();
        *count += 1;
        let (start, end) = self.range.unwrap_or((time, time));
        self.range = Some((start.min(time), end.max(time)));
        let position = (self.rows / SEGMENT_ROWS) as u32;
        self.rows += 1;
        match self.segments.last_mut().filter(|segment| segment.position == position) {
            Some(segment) => {
                segment.length = rowid as u64;
                segment.start = segment.start.min(time);
            }
            None => {
                let (offset, length, kind) = (rowid as u64, rowid as u64, SegmentKind::Rows);
                self.segments.push(Segment { file: 0, position, start: time, offset, length, kind, channels: Box::default() });
            }
        }
    }
}

/// Compares the size of the file with the one in its head (sqlite.org/fileformat.html section 1.3).
fn check_whole(at: &Path, path: &Path) -> Result<(), BagError> {
    let fault = |source| BagError::Io { path: path.to_owned(), action: "look at", source };
    let mut head = [0; 100];
    let mut file = File::open(at).map_err(fault)?;
    let bytes = file.metadata().map_err(fault)?.len();
    let truncated = |whole| BagError::TruncatedSqlite { path: path.to_owned(), bytes, whole };
    if bytes < head.len() as u64 {
        return Err(truncated(head.len() as u64));
    }
    file.read_exact(&mut head).map_err(fault)?;
    let [.., a, b] = head.first_chunk::<18>().copied().unwrap_or([0; 18]);
    let page_bytes = match u16::from_be_bytes([a, b]) {
        1 => 65536,
        bytes => u64::from(bytes),
    };
    let number = |at: usize| head.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |bytes| u32::from_be_bytes(*bytes));
    // Writers before SQLite 3.7.0 leave the page count stale; then these two counters differ.
    let pages = if number(24) == number(92) { u64::from(number(28)) } else { 0 };
    let whole = (pages * page_bytes).max(bytes.next_multiple_of(page_bytes.max(512)));
    if bytes < whole { Err(truncated(whole)) } else { Ok(()) }
}

/// `topics.id` and the topic; columns that came with later versions are left out where they are missing.
fn read_topics(connection: &Connection) -> rusqlite::Result<Vec<(i64, Topic)>> {
    let column = |table: &str, name: &str| -> rusqlite::Result<bool> {
        connection
            .query_row("SELECT count(*) FROM pragma_table_info(?1) WHERE name = ?2", [table, name], |row| Ok(row.get::<_, i64>(0)? > 0))
    };
    let optional = |name: &'static str| column("topics", name).map(|present| if present { name } else { "NULL" });
    let (qos, hash) = (optional("offered_qos_profiles")?, optional("type_description_hash")?);
    let mut definitions = BTreeMap::new();
    if has_table(connection, "message_definitions")? {
        let mut statement = connection.prepare("SELECT topic_type, encoding, encoded_message_definition FROM message_definitions")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            definitions.insert(row.get::<_, String>(0)?, (row.get::<_, Option<String>>(1)?, row.get::<_, Option<String>>(2)?));
        }
    }
    let mut statement =
        connection.prepare(&format!("SELECT id, name, type, serialization_format, {qos}, {hash} FROM topics ORDER BY id"))?;
    let text = |value: Option<String>| value.filter(|text| !text.is_empty());
    let topics = statement.query_map([], |row| {
        let type_name: String = row.get(2)?;
        let (encoding, definition) = definitions.get(&type_name).cloned().unwrap_or_default();
        let topic = Topic {
            name: row.get(1)?,
            message_encoding: row.get(3)?,
            definition: text(definition),
            definition_encoding: text(encoding),
            message_count: None,
            offered_qos_profiles: text(row.get(4)?),
            type_hash: text(row.get(5)?),
            type_name,
        };
        Ok((row.get(0)?, topic))
    })?;
    topics.collect()
}

fn has_table(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let sql = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?1 AND sql NOT LIKE 'CREATE VIRTUAL%'";
    connection.query_row(sql, [name], |row| Ok(row.get::<_, i64>(0)? > 0))
}

/// `immutable=1` keeps SQLite from creating or locking anything beside the file (sqlite.org/uri.html).
fn immutable_uri(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut uri = String::from("file:");
    for byte in absolute.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => uri.push(char::from(*byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri + "?immutable=1"
}

/// A journal beside the file holds messages that an immutable read does not see.
fn journal_warning(at: &Path) -> Option<String> {
    let name = at.file_name()?.to_str()?;
    let full = |suffix: &&str| std::fs::metadata(at.with_file_name(format!("{name}{suffix}"))).is_ok_and(|file| file.len() > 0);
    let suffix = ["-wal", "-journal"].into_iter().find(|suffix| full(suffix))?;
    let at = at.display();
    Some(format!(
        "{at}: the recorder was killed, {at}{suffix} holds messages that are not read; run `sqlite3 {at} 'PRAGMA wal_checkpoint'` on a copy"
    ))
}

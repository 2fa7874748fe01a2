//! The hazard kinds, which are data: a laboratory adds its own in `params/hazards.yaml` without touching code.
//!
//! In -> out: text of such a file -> [`HazardCatalogue`], every field checked. Names and descriptions end up in the model's prompt and
//! schema, so nothing that could break out of either gets through.
//! Deliberately absent: reading the file, and what a kind looks like (the model's business).

use crate::Value;
use crate::node::{self, Entry, Node};
use std::fmt::Write as _;
use std::str::FromStr;
use vedette_types::{KindId, Response, Severity};

/// The catalogue that is built into the program, so that it needs no file: `params/hazards.yaml` as of the build.
pub const BUNDLED_HAZARDS_YAML: &str = include_str!("../../../params/hazards.yaml");

/// The name errors give the built-in catalogue.
const BUNDLED_NAME: &str = "params/hazards.yaml (built in)";

const MAX_KINDS: usize = 32;
const MAX_NAME_CHARS: usize = 32;
const MAX_DESCRIPTION_CHARS: usize = 200;
const VALID_SECS: std::ops::RangeInclusive<f64> = 0.1..=3600.0;
const FIELDS: &[&str] = &["description", "severity", "valid_secs", "response"];

/// One kind of hazard.
#[derive(Clone, Debug, PartialEq)]
pub struct HazardKind {
    /// Its name: lower-case words joined by underscores.
    pub id: KindId,
    /// What it looks like, one line, for the model.
    pub description: String,
    /// How bad it is when the model does not say.
    pub severity: Severity,
    /// How long a sighting counts, seconds.
    pub valid_secs: f64,
    /// What the robot does about it.
    pub response: Response,
}

/// All kinds, in the order of the file: 1 to 32 of them.
#[derive(Clone, Debug, PartialEq)]
pub struct HazardCatalogue {
    kinds: Vec<HazardKind>,
}

/// A hazard file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CatalogueError {
    /// Not YAML.
    #[error("not readable as YAML, in {file}: {problem}")]
    Yaml {
        /// What the parser says.
        problem: String,
        /// The file.
        file: String,
    },
    /// Not `hazards:` with kinds below.
    #[error("expected `hazards:` and below it 1 to 32 kinds by name, in {file}: {problem}")]
    Layout {
        /// What is there instead.
        problem: String,
        /// The file.
        file: String,
    },
    /// A kind's name that is not allowed.
    #[error(
        "a hazard kind's name is at most 32 characters of a-z, 0-9 and single underscores, starting with a letter, in {file}: got `{kind}`"
    )]
    Name {
        /// The name found.
        kind: String,
        /// The file.
        file: String,
    },
    /// A field that is missing, unknown or not allowed.
    #[error("hazard kind `{kind}`: `{field}` {rule}, in {file}: got {value}")]
    Field {
        /// The kind.
        kind: String,
        /// The field.
        field: String,
        /// What must hold.
        rule: String,
        /// What was found.
        value: String,
        /// The file.
        file: String,
    },
}

impl HazardCatalogue {
    /// Reads the text of the file `file_name`.
    ///
    /// # Errors
    /// [`CatalogueError`], naming kind, field and file.
    pub fn from_yaml(text: &str, file_name: &str) -> Result<Self, CatalogueError> {
        let tree = node::parse(text).map_err(|problem| CatalogueError::Yaml { problem, file: file_name.to_owned() })?;
        let layout = |problem: String| CatalogueError::Layout { problem, file: file_name.to_owned() };
        let Node::Map(top) = tree else { return Err(layout("no names at the top".to_owned())) };
        let mut kinds = Vec::new();
        for Entry { key, line, node } in top {
            if key != "hazards" {
                return Err(layout(format!("`{key}` in line {line}")));
            }
            let Node::Map(entries) = node else { return Err(layout("no kinds below `hazards`".to_owned())) };
            if entries.len() > MAX_KINDS {
                return Err(layout(format!("{} kinds", entries.len())));
            }
            for entry in entries {
                let file = format!("{file_name}:{}", entry.line);
                kinds.push(kind(entry, &file)?);
            }
        }
        if kinds.is_empty() { Err(layout("no kinds".to_owned())) } else { Ok(Self { kinds }) }
    }

    /// The catalogue that is built into the program.
    ///
    /// # Errors
    /// [`CatalogueError`]; a test keeps the built-in text free of them.
    pub fn bundled() -> Result<Self, CatalogueError> {
        Self::from_yaml(BUNDLED_HAZARDS_YAML, BUNDLED_NAME)
    }

    /// A hazard file that gives this catalogue.
    pub fn to_yaml(&self) -> String {
        let mut text = String::from("hazards:\n");
        for kind in &self.kinds {
            let description = Value::Text(kind.description.clone());
            let (severity, valid_secs, response) = (kind.severity, Value::Float(kind.valid_secs), kind.response);
            // Writing to a String cannot fail.
            let _ = write!(
                text,
                "  {}:\n    description: {description}\n    severity: {severity}\n    valid_secs: {valid_secs}\n    response: {response}\n",
                kind.id
            );
        }
        text
    }

    /// The kinds, in the order of the file.
    pub fn kinds(&self) -> &[HazardKind] {
        &self.kinds
    }

    /// The kind of that name.
    pub fn get(&self, id: &KindId) -> Option<&HazardKind> {
        self.kinds.iter().find(|kind| kind.id == *id)
    }
}

fn kind(entry: Entry, file: &str) -> Result<HazardKind, CatalogueError> {
    let name = entry.key;
    if !is_name(&name) {
        return Err(CatalogueError::Name { kind: name, file: file.to_owned() });
    }
    let Node::Map(fields) = entry.node else {
        let problem = format!("`{name}` has no fields {}", FIELDS.join(", "));
        return Err(CatalogueError::Layout { problem, file: file.to_owned() });
    };
    let mut reader = Fields { kind: &name, file, fields };
    let kind = HazardKind {
        id: KindId::new(&name),
        description: reader.description()?,
        severity: reader.word("severity", Severity::ALL.iter().map(|word| word.word()))?,
        valid_secs: reader.valid_secs()?,
        response: reader.word("response", Response::ALL.iter().map(|word| word.word()))?,
    };
    match reader.fields.first() {
        Some(extra) => Err(reader.fault(&extra.key, format!("is not a field; there are {}", FIELDS.join(", ")), &"it")),
        None => Ok(kind),
    }
}

/// The fields of one kind that were not read yet.
struct Fields<'a> {
    kind: &'a str,
    file: &'a str,
    fields: Vec<Entry>,
}

impl Fields<'_> {
    fn fault(&self, field: &str, rule: impl Into<String>, value: &dyn std::fmt::Display) -> CatalogueError {
        let (kind, file) = (self.kind.to_owned(), self.file.to_owned());
        CatalogueError::Field { kind, field: field.to_owned(), rule: rule.into(), value: value.to_string(), file }
    }

    fn take(&mut self, field: &str, rule: &str) -> Result<Value, CatalogueError> {
        let Some(index) = self.fields.iter().position(|entry| entry.key == field) else {
            return Err(self.fault(field, rule, &"nothing"));
        };
        self.fields.remove(index).node.into_value().map_err(|found| self.fault(field, rule, &found))
    }

    fn description(&mut self) -> Result<String, CatalogueError> {
        const RULE: &str = "is one line of 1 to 200 characters without control characters, angle brackets and braces";
        match self.take("description", RULE)? {
            Value::Text(text) if is_description(&text) => Ok(text),
            value => Err(self.fault("description", RULE, &value)),
        }
    }

    fn valid_secs(&mut self) -> Result<f64, CatalogueError> {
        const RULE: &str = "is a number of seconds within 0.1..=3600";
        match self.take("valid_secs", RULE)? {
            Value::Integer(number) if VALID_SECS.contains(&(number as f64)) => Ok(number as f64),
            Value::Float(number) if VALID_SECS.contains(&number) => Ok(number),
            value => Err(self.fault("valid_secs", RULE, &value)),
        }
    }

    fn word<T: FromStr>(&mut self, field: &str, words: impl Iterator<Item = &'static str>) -> Result<T, CatalogueError> {
        let rule = format!("is one of {}", words.collect::<Vec<_>>().join(", "));
        let value = self.take(field, &rule)?;
        let parsed = if let Value::Text(text) = &value { text.parse().ok() } else { None };
        parsed.ok_or_else(|| self.fault(field, rule, &value))
    }
}

/// `fire`, `gas_leak`, `zone_51`.
fn is_name(name: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    name.len() <= MAX_NAME_CHARS && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split('_').all(is_word)
}

fn is_description(text: &str) -> bool {
    let count = text.chars().count();
    let is_allowed = |c: char| !c.is_control() && !"<>{}\u{2028}\u{2029}".contains(c) && !is_direction_mark(c);
    (1..=MAX_DESCRIPTION_CHARS).contains(&count) && text.trim() == text && text.chars().all(is_allowed)
}

/// Unicode marks that make a text read differently from its characters.
fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

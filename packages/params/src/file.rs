//! ROS 2 parameter files and `name=value` overrides.
//!
//! In -> out: text and the name of the file it came from -> values in the structs, all or nothing.
//! A file looks like this; names may be nested or dotted, and the sections are applied from the least to the most specific:
//! ```yaml
//! /**:                    # or vedette_agent:, /robot1/vedette_agent:, /**/vedette_agent:
//!   ros__parameters:
//!     fusion:
//!       max_interval_secs: 0.2
//!     policy.trigger_count: 2
//! ```
//! Deliberately absent: reading the file (the caller does), and ignoring what is not understood: an unknown name is an error, because a
//! misspelt threshold that keeps its default is a hazard of its own.

use crate::node::{self, Entry, Node};
use crate::set::unknown;
use crate::{Descriptor, ParamError, ParamSet, Value};

/// Below this key stand the parameters.
const PARAMETERS_KEY: &str = "ros__parameters";

/// What every ROS 2 node accepts besides its own parameters; left to the ROS side.
const ROS_OWN: &[&str] = &["use_sim_time", "start_type_description_service"];

/// The group of ROS 2's own QoS overrides, left to the ROS side as well.
const ROS_OWN_PREFIX: &str = "qos_overrides.";

/// Reads the parameters of `node_name` (`vedette_agent`, or with its namespace `/robot1/vedette_agent`) from the text of the file
/// `file_name` into `sets`, then checks the rules between parameters. Without a namespace in `node_name`, a section of any namespace fits.
/// An empty file changes nothing.
///
/// # Errors
/// The first [`ParamError`]; `sets` are then as they were.
pub fn load(sets: &mut [&mut dyn ParamSet], yaml_text: &str, file_name: &str, node_name: &str) -> Result<(), ParamError> {
    read(sets, yaml_text, file_name, node_name, &mut Err)
}

/// Reads a file that all nodes of a robot are given, as `--params-file` is in ROS 2: what is in it for other nodes is no error but given back, that
/// is [`ParamError::NoSection`], and [`ParamError::Unknown`] below `/**:` or another pattern. The rest is as in [`load`].
///
/// # Errors
/// The first [`ParamError`] that is none of these; `sets` are then as they were.
pub fn load_shared(
    sets: &mut [&mut dyn ParamSet],
    yaml_text: &str,
    file_name: &str,
    node_name: &str,
) -> Result<Vec<ParamError>, ParamError> {
    let mut for_others = Vec::new();
    read(sets, yaml_text, file_name, node_name, &mut |error| {
        for_others.push(error);
        Ok(())
    })?;
    Ok(for_others)
}

/// `for_others` judges what may be meant for other nodes.
fn read(
    sets: &mut [&mut dyn ParamSet],
    yaml_text: &str,
    file_name: &str,
    node_name: &str,
    for_others: &mut dyn FnMut(ParamError) -> Result<(), ParamError>,
) -> Result<(), ParamError> {
    let tree = node::parse(yaml_text).map_err(|problem| ParamError::Yaml { problem, file: file_name.to_owned() })?;
    let source = Source { file_name, node_name };
    let mut assignments = Vec::new();
    let sections = match source.sections(tree) {
        Err(error @ ParamError::NoSection { .. }) => return for_others(error),
        sections => sections?,
    };
    for (fit, section) in sections {
        let mut of_section = Vec::new();
        source.flatten("", section, &mut of_section)?;
        assignments.extend(of_section.into_iter().map(|assignment| (fit, assignment)));
    }
    all_or_nothing(sets, file_name, |sets| {
        for (fit, (name, line, node)) in assignments {
            match assign(sets, &name, node).map_err(|error| error.in_file(&source.place(line))) {
                Err(error @ ParamError::Unknown { .. }) if fit < Fit::AnyNamespace => for_others(error)?,
                result => result?,
            }
        }
        Ok(())
    })
}

/// Sets one parameter from `name=value`, the value written as in YAML: `fusion.max_interval_secs=0.2`, `fusion.camera_topics=[/left, /right]`.
///
/// # Errors
/// [`ParamError`]; `sets` are then as they were.
pub fn set_from_text(sets: &mut [&mut dyn ParamSet], text: &str) -> Result<(), ParamError> {
    let (name, value) = text.split_once('=').ok_or_else(|| ParamError::Override { text: text.to_owned() })?;
    let name = name.trim();
    if name.is_empty() {
        return Err(ParamError::Override { text: text.to_owned() });
    }
    let place = format!("the override `{text}`");
    let node = node::parse(value).map_err(|problem| ParamError::Yaml { problem, file: place.clone() })?;
    all_or_nothing(sets, &place, |sets| assign(sets, name, node).map_err(|error| error.in_file(&place)))
}

/// Runs `change`, then every `validate`; on the first error puts everything back.
fn all_or_nothing(
    sets: &mut [&mut dyn ParamSet],
    place: &str,
    change: impl FnOnce(&mut [&mut dyn ParamSet]) -> Result<(), ParamError>,
) -> Result<(), ParamError> {
    let before: Vec<Vec<(&str, Value)>> = sets.iter().map(|set| values(*set)).collect();
    let result = change(sets).and_then(|()| sets.iter().try_for_each(|set| set.check().map_err(|error| error.in_file(place))));
    if result.is_err() {
        for (set, values) in sets.iter_mut().zip(before) {
            for (name, value) in values {
                // A value that code had put in against its own declaration stays out.
                let _ = set.set(name, value);
            }
        }
    }
    result
}

fn values(set: &dyn ParamSet) -> Vec<(&'static str, Value)> {
    set.descriptors().iter().filter_map(|descriptor| Some((descriptor.name, set.get(descriptor.name)?))).collect()
}

fn assign(sets: &mut [&mut dyn ParamSet], name: &str, node: Node) -> Result<(), ParamError> {
    let found = sets.iter_mut().find_map(|set| Some((find_full(set.descriptors(), name)?, set)));
    let Some((descriptor, set)) = found else {
        if ROS_OWN.contains(&name) || name.starts_with(ROS_OWN_PREFIX) {
            return Ok(());
        }
        return Err(unknown(name, sets.iter().flat_map(|set| set.descriptors())));
    };
    let value = node.into_value().map_err(|found| ParamError::WrongType {
        name: descriptor.full_name.to_owned(),
        expected: descriptor.kind,
        found,
        file: String::new(),
    })?;
    set.set(descriptor.name, value)
}

fn find_full(descriptors: &'static [Descriptor], full_name: &str) -> Option<&'static Descriptor> {
    descriptors.iter().find(|descriptor| descriptor.full_name == full_name)
}

/// The file being read and for whom.
struct Source<'a> {
    file_name: &'a str,
    node_name: &'a str,
}

impl Source<'_> {
    fn place(&self, line: u64) -> String {
        if line == 0 { self.file_name.to_owned() } else { format!("{}:{line}", self.file_name) }
    }

    fn layout(&self, line: u64, problem: impl Into<String>) -> ParamError {
        ParamError::Layout { node: self.node_name.to_owned(), problem: problem.into(), file: self.place(line) }
    }

    /// The parameters of the sections meant for this node, least specific first.
    fn sections(&self, tree: Node) -> Result<Vec<(Fit, Vec<Entry>)>, ParamError> {
        let entries = match tree {
            Node::Map(entries) => entries,
            Node::Null => return Ok(Vec::new()),
            _ => return Err(self.layout(0, "no names at the top")),
        };
        let mut sections = Vec::new();
        for entry in entries {
            self.collect_sections(String::new(), entry, &mut sections)?;
        }
        let found: Vec<String> = sections.iter().map(|(name, _, _)| format!("`{name}`")).collect();
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut fitting: Vec<(Fit, String, u64, Vec<Entry>)> = Vec::new();
        for (name, line, parameters) in sections {
            let Some(fit) = fit(&name, self.node_name) else { continue };
            if let Some((_, other, ..)) = fitting.iter().find(|(known, ..)| *known == fit && fit >= Fit::AnyNamespace) {
                return Err(self.layout(line, format!("`{name}` and `{other}` both fit; give the node's name with its namespace")));
            }
            fitting.push((fit, name, line, parameters));
        }
        if fitting.is_empty() {
            return Err(ParamError::NoSection { node: self.node_name.to_owned(), found, file: self.file_name.to_owned() });
        }
        // Stable: equally specific sections keep the order of the file.
        fitting.sort_by_key(|(fit, ..)| *fit);
        Ok(fitting.into_iter().map(|(fit, .., parameters)| (fit, parameters)).collect())
    }

    /// Walks down namespaces (`robot1:` -> `vedette_agent:`) to each `ros__parameters`.
    fn collect_sections(&self, namespace: String, entry: Entry, sections: &mut Vec<(String, u64, Vec<Entry>)>) -> Result<(), ParamError> {
        let Entry { key, line, node } = entry;
        if key == PARAMETERS_KEY {
            if namespace.is_empty() {
                return Err(self.layout(line, format!("`{PARAMETERS_KEY}` stands at the top, without a node")));
            }
            let parameters = match node {
                Node::Map(parameters) => parameters,
                Node::Null => Vec::new(),
                _ => return Err(self.layout(line, format!("`{PARAMETERS_KEY}` holds no names"))),
            };
            sections.push((namespace, line, parameters));
            return Ok(());
        }
        let name = if namespace.is_empty() { key } else { format!("{namespace}/{}", key.trim_start_matches('/')) };
        match node {
            Node::Map(entries) if !entries.is_empty() => {
                entries.into_iter().try_for_each(|entry| self.collect_sections(name.clone(), entry, sections))
            }
            _ => Err(self.layout(line, format!("no `{PARAMETERS_KEY}` below `{name}`"))),
        }
    }

    /// Nested names as dotted ones, with the line each stands on.
    fn flatten(&self, prefix: &str, entries: Vec<Entry>, out: &mut Vec<(String, u64, Node)>) -> Result<(), ParamError> {
        for Entry { key, line, node } in entries {
            let name = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
            match node {
                Node::Map(entries) if !entries.is_empty() => self.flatten(&name, entries, out)?,
                _ if out.iter().any(|(known, ..)| *known == name) => {
                    return Err(ParamError::Duplicate { name, file: self.place(line) });
                }
                node => out.push((name, line, node)),
            }
        }
        Ok(())
    }
}

/// How closely a section's name fits a node, from the least specific.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// `/**`
    Anything,
    /// A pattern with `*` in it.
    Pattern,
    /// The right name in some namespace, when ours is not known.
    AnyNamespace,
    /// Exactly this node.
    Exact,
}

fn fit(section: &str, node_name: &str) -> Option<Fit> {
    let pattern: Vec<&str> = section.split('/').filter(|part| !part.is_empty()).collect();
    let node: Vec<&str> = node_name.split('/').filter(|part| !part.is_empty()).collect();
    if pattern == ["**"] {
        return Some(Fit::Anything);
    }
    if pattern == node {
        return Some(Fit::Exact);
    }
    if pattern.iter().any(|part| part.contains('*')) {
        let same_name = pattern.last().is_some_and(|part| *part == "*" || *part == "**") || pattern.last() == node.last();
        let fits = if node_name.contains('/') { matches(&pattern, &node) } else { same_name };
        return fits.then_some(Fit::Pattern);
    }
    (!node_name.contains('/') && pattern.last() == node.last()).then_some(Fit::AnyNamespace)
}

/// ROS 2's wildcards: `*` is one part of the name, `**` any number of them.
fn matches(pattern: &[&str], node: &[&str]) -> bool {
    // The positions of `node` that the pattern so far can have reached; a set instead of recursion, so that no pattern is slow.
    let mut reached = vec![false; node.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for part in pattern {
        let mut next = vec![false; node.len() + 1];
        let mut from_before = false;
        for (position, (slot, was)) in next.iter_mut().zip(&reached).enumerate() {
            let word = position.checked_sub(1).and_then(|index| node.get(index));
            let stepped = position.checked_sub(1).and_then(|index| reached.get(index)).copied().unwrap_or_default();
            from_before = from_before || *was;
            *slot = match *part {
                "**" => from_before,
                "*" => stepped,
                part => stepped && word == Some(&part),
            };
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

//! The declaration as text for people: a parameter file with comments, and a README table.
//!
//! In -> out: parameter groups -> text. A file in the repository that is rendered here is compared with a fresh rendering by a test beside
//! it, so that declaration and document cannot part.

use crate::{Descriptor, ParamSet, Value};
use std::fmt::Write;

/// A complete ROS 2 parameter file with every default, its meaning, unit and range.
pub fn default_yaml(sets: &[&dyn ParamSet], node_name: &str) -> String {
    yaml(sets, node_name, |_, descriptor| Value::from(descriptor.default))
}

/// The same file with the present values.
pub fn current_yaml(sets: &[&dyn ParamSet], node_name: &str) -> String {
    yaml(sets, node_name, |set, descriptor| set.get(descriptor.name).unwrap_or_else(|| Value::from(descriptor.default)))
}

/// The same without comments, for records.
pub fn plain_yaml(sets: &[&dyn ParamSet], node_name: &str) -> String {
    let is_comment = |line: &&str| line.trim_start().starts_with('#');
    current_yaml(sets, node_name).lines().filter(|line| !is_comment(line)).fold(String::new(), |text, line| text + line + "\n")
}

fn yaml(sets: &[&dyn ParamSet], node_name: &str, value: impl Fn(&dyn ParamSet, &Descriptor) -> Value) -> String {
    let mut out = format!("{node_name}:\n  ros__parameters:\n");
    for set in sets {
        write_comment(&mut out, 4, &set.group_doc());
        let _ = writeln!(out, "    {}:", set.prefix());
        for descriptor in set.descriptors() {
            let allowed = allowed(descriptor);
            let bracket = if allowed.is_empty() { String::new() } else { format!(" [{allowed}]") };
            write_comment(&mut out, 6, &format!("{}{bracket}", descriptor.doc()));
            let _ = writeln!(out, "      {}: {}", descriptor.name, value(*set, descriptor));
        }
    }
    out
}

/// A table for a README: name, type, default, what is allowed, meaning.
pub fn markdown_table(sets: &[&dyn ParamSet]) -> String {
    let mut out = String::from("| parameter | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
    for (set, descriptor) in sets.iter().flat_map(|set| set.descriptors().iter().map(move |descriptor| (set, descriptor))) {
        debug_assert!(descriptor.full_name.starts_with(set.prefix()));
        let cells = [
            format!("`{}`", descriptor.full_name),
            descriptor.kind.to_string(),
            format!("`{}`", Value::from(descriptor.default)),
            allowed(descriptor),
            descriptor.doc(),
        ];
        // A bar would end the cell.
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    out
}

/// Range and unit in words: `0 to 5 s`, `continue, limit, slow_down or stop`.
fn allowed(descriptor: &Descriptor) -> String {
    let range = descriptor.range.map(|range| match range {
        crate::Range::Integer { min, max } => format!("{min} to {max}"),
        crate::Range::Float { min, max } => format!("{min} to {max}"),
    });
    let words = (!descriptor.one_of.is_empty()).then(|| descriptor.one_of.join(", "));
    let parts: Vec<String> = range.into_iter().chain(words).chain(descriptor.unit.map(str::to_owned)).collect();
    parts.join(" ")
}

/// Comment lines of at most 120 characters, broken between words.
fn write_comment(out: &mut String, indent: usize, text: &str) {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() && indent + line.len() + word.len() > 116 {
            let _ = writeln!(out, "{:indent$}# {line}", "");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(out, "{:indent$}# {line}", "");
    }
}

//! Doc comments out of .msg comments. In -> out: the source of one of our definitions -> the file's own comment and one per field or
//! constant. Convention in `msgs/`: the first comment block, ended by a blank line, is the message's; a block right above a line is that
//! line's. Standard definitions are not asked: only their field lists are used.

use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// Comments of one definition.
pub(crate) struct Docs {
    /// The message's own.
    pub(crate) message: String,
    /// By name of field or constant.
    pub(crate) items: BTreeMap<String, String>,
}

/// # Errors
/// A message, field or constant without a comment: every item of `msgs/` states its meaning and unit.
pub(crate) fn read(source: &str) -> Result<Docs> {
    let mut docs = Docs { message: String::new(), items: BTreeMap::new() };
    let mut block: Vec<&str> = Vec::new();
    for line in source.lines().chain([""]).map(str::trim) {
        if let Some(comment) = line.strip_prefix('#') {
            block.push(comment.trim());
            continue;
        }
        let text = block.join(" ");
        block.clear();
        if line.is_empty() {
            if docs.message.is_empty() {
                docs.message = text;
            }
            continue;
        }
        let name = item_name(line);
        if text.is_empty() {
            bail!("`{name}` has no comment: put one line with meaning and unit above it");
        }
        docs.items.insert(name.to_owned(), text);
    }
    if docs.message.is_empty() {
        bail!("no comment for the message: begin the file with one, then a blank line");
    }
    Ok(docs)
}

/// `VERDICT_CLEAR` of `uint8 VERDICT_CLEAR=1`, `ppm` of `float64 ppm`.
fn item_name(line: &str) -> &str {
    let second = line.split_whitespace().nth(1).unwrap_or(line);
    second.split('=').next().unwrap_or(second)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn comments_go_to_what_they_stand_above() {
        let docs = read("# A thing.\n\n# One,\n# two.\nuint8 ONE=1\n\n# Metres.\nfloat64 x\n").expect("documented");
        assert_eq!(docs.message, "A thing.");
        assert_eq!(docs.items.get("ONE").map(String::as_str), Some("One, two."));
        assert_eq!(docs.items.get("x").map(String::as_str), Some("Metres."));
    }

    #[test]
    fn an_undocumented_field_is_refused_by_name() {
        let error = read("# A thing.\n\nfloat64 x\n").map(|_| ()).expect_err("x has no comment");
        assert!(error.to_string().starts_with("`x` has no comment"), "{error}");
    }
}

//! What types are made of, as `type_description_interfaces` says it (REP-2011, REP-2016). In -> out: name of a type -> its description with
//! those of the types it contains, read from its schema text; the hash of that description is the type's RIHS01.
//!
//! Deliberately absent: services as a whole (their halves are types like any other) and types that are not generated here.

use crate::RosMsg;
use crate::type_description_interfaces::{Field, FieldType, IndividualTypeDescription, TypeDescription, TypeSource};
use std::collections::{BTreeMap, BTreeSet};

/// Between the parts of a schema text.
const RULE: &str = "================================================================================";

/// The field that a message without fields has, so that it is not empty in C.
const NO_FIELDS: (&str, &str) = ("uint8", "structure_needs_at_least_one_member");

/// Primitive types by the number they have alone; arrays and sequences add to it.
const PRIMITIVES: [(&str, u8); 17] = [
    ("int8", FieldType::FIELD_TYPE_INT8),
    ("uint8", FieldType::FIELD_TYPE_UINT8),
    ("int16", FieldType::FIELD_TYPE_INT16),
    ("uint16", FieldType::FIELD_TYPE_UINT16),
    ("int32", FieldType::FIELD_TYPE_INT32),
    ("uint32", FieldType::FIELD_TYPE_UINT32),
    ("int64", FieldType::FIELD_TYPE_INT64),
    ("uint64", FieldType::FIELD_TYPE_UINT64),
    ("float32", FieldType::FIELD_TYPE_FLOAT),
    ("float64", FieldType::FIELD_TYPE_DOUBLE),
    // A `char` of a .msg file is an unsigned byte.
    ("char", FieldType::FIELD_TYPE_UINT8),
    ("bool", FieldType::FIELD_TYPE_BOOLEAN),
    ("byte", FieldType::FIELD_TYPE_BYTE),
    ("string", FieldType::FIELD_TYPE_STRING),
    ("wstring", FieldType::FIELD_TYPE_WSTRING),
    ("string<=", FieldType::FIELD_TYPE_BOUNDED_STRING),
    ("wstring<=", FieldType::FIELD_TYPE_BOUNDED_WSTRING),
];

/// What is added to the number of a type for an array, a sequence with a bound, one without.
const ARRAY: u8 = 48;
const BOUNDED: u8 = 96;
const UNBOUNDED: u8 = 144;

macro_rules! known {
    ($($message:ty),* $(,)?) => {
        /// Name, hash and schema text of every type.
        const KNOWN: &[(&str, &str, &str)] = &[$((<$message>::TYPE, <$message>::RIHS01, <$message>::DEFINITION)),*];
    };
}
crate::for_each_message!(known);

/// Hash (`RIHS01_...`) and schema text of the type `type_name`, where it is one of ours.
pub fn schema(type_name: &str) -> Option<(&'static str, &'static str)> {
    KNOWN.iter().find(|(name, ..)| *name == type_name).map(|(_, hash, text)| (*hash, *text))
}

/// What the type `type_name` with the hash `type_hash` (empty: whatever it is) is made of.
///
/// # Errors
/// Why there is no description, for a person.
pub fn describe(type_name: &str, type_hash: &str) -> Result<TypeDescription, String> {
    let (name, hash, text) = KNOWN.iter().find(|(name, ..)| *name == type_name).ok_or("the type is not known to this node")?;
    if !type_hash.is_empty() && type_hash != *hash {
        return Err(format!("this node knows the type with the hash {hash}"));
    }
    let parts = parts(name, text);
    let type_description = individual(name, parts.get(*name).copied().unwrap_or_default())?;
    let mut contained = BTreeMap::new();
    let mut open = inner(&type_description);
    while let Some(next) = open.pop_first() {
        let text = parts.get(&next).ok_or_else(|| format!("the schema text of {name} lacks {next}"))?;
        let description = individual(&next, text)?;
        open.extend(inner(&description).into_iter().filter(|name| !contained.contains_key(name)));
        contained.insert(next, description);
    }
    // By name, as the hash wants them.
    Ok(TypeDescription { type_description, referenced_type_descriptions: contained.into_values().collect() })
}

/// The definitions that `description` was read from. Those of standard types are their field lists, without comments.
pub fn sources(description: &TypeDescription) -> Vec<TypeSource> {
    let all = std::iter::once(&description.type_description).chain(&description.referenced_type_descriptions);
    let source = |individual: &IndividualTypeDescription| {
        let name = &individual.type_name;
        // The halves of a service come from the service's file.
        let (encoding, raw_file_contents) = match KNOWN.iter().find(|(known, ..)| known == name) {
            Some((_, _, text)) if name.contains("/msg/") => ("msg", parts(name, text).get(name).copied().unwrap_or_default().to_owned()),
            _ => ("implicit", String::new()),
        };
        TypeSource { type_name: name.clone(), encoding: encoding.to_owned(), raw_file_contents }
    };
    all.map(source).collect()
}

/// The parts of a schema text by full name; the first is that of `name`.
fn parts<'a>(name: &str, text: &'a str) -> BTreeMap<String, &'a str> {
    let mut parts = BTreeMap::new();
    for (number, part) in text.split(&format!("{RULE}\n")).enumerate() {
        if number == 0 {
            parts.insert(name.to_owned(), part);
        } else if let Some((head, body)) = part.split_once('\n')
            && let Some((package, inner)) = head.trim_start_matches("MSG: ").split_once('/')
        {
            parts.insert(full(package, inner), body);
        }
    }
    parts
}

/// Only parts of actions say where they are from: `a_msgs/action/Do_Goal`.
fn full(package: &str, name: &str) -> String {
    if name.contains('/') { format!("{package}/{name}") } else { format!("{package}/msg/{name}") }
}

fn inner(description: &IndividualTypeDescription) -> BTreeSet<String> {
    let names = description.fields.iter().map(|field| field.r#type.nested_type_name.clone());
    names.filter(|name| !name.is_empty()).collect()
}

fn individual(name: &str, text: &str) -> Result<IndividualTypeDescription, String> {
    let package = name.split('/').next().unwrap_or_default();
    let lines = text.lines().map(|line| without_comment(line).trim()).filter(|line| !line.is_empty());
    let mut fields = lines.filter_map(|line| field(package, line).transpose()).collect::<Result<Vec<_>, _>>()?;
    if fields.is_empty() {
        let (kind, name) = NO_FIELDS;
        fields.push(Field { name: name.to_owned(), r#type: field_type(package, kind)?, default_value: String::new() });
    }
    Ok(IndividualTypeDescription { type_name: name.to_owned(), fields })
}

/// `line` up to a `#` that is not inside quotes.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (None, '#') => return line.get(..at).unwrap_or(line),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            _ => {}
        }
    }
    line
}

/// The field that a line declares; `None` for a constant.
fn field(package: &str, line: &str) -> Result<Option<Field>, String> {
    let (kind, rest) = line.split_once(char::is_whitespace).ok_or_else(|| format!("no field and no constant: {line}"))?;
    let rest = rest.trim_start();
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, value) = rest.split_at(end);
    let value = value.trim();
    if value.starts_with('=') {
        return Ok(None);
    }
    Ok(Some(Field { name: name.to_owned(), r#type: field_type(package, kind)?, default_value: value.to_owned() }))
}

/// A type as it stands in a .msg file: `float64`, `Point[]`, `std_msgs/Header`, `string<=10[<=5]`.
fn field_type(package: &str, text: &str) -> Result<FieldType, String> {
    let number = |text: &str| text.parse::<u64>().map_err(|_| format!("no number: {text}"));
    let (base, offset, capacity) = match text.strip_suffix(']').and_then(|text| text.rsplit_once('[')) {
        None => (text, 0, 0),
        Some((base, "")) => (base, UNBOUNDED, 0),
        Some((base, bound)) => match bound.strip_prefix("<=") {
            Some(bound) => (base, BOUNDED, number(bound)?),
            None => (base, ARRAY, number(bound)?),
        },
    };
    let (word, string_capacity) = match base.split_once("<=") {
        Some((word, bound)) => (format!("{word}<="), number(bound)?),
        None => (base.to_owned(), 0),
    };
    if let Some((_, id)) = PRIMITIVES.iter().find(|(name, _)| *name == word) {
        return Ok(FieldType { type_id: id + offset, capacity, string_capacity, nested_type_name: String::new() });
    }
    let nested_type_name = match base.split_once('/') {
        Some((package, name)) => full(package, name.trim_start_matches("msg/")),
        None => full(package, base),
    };
    Ok(FieldType { type_id: FieldType::FIELD_TYPE_NESTED_TYPE + offset, capacity, string_capacity, nested_type_name })
}

#[cfg(test)]
mod tests {
    use super::*;
    use sha2::{Digest as _, Sha256};

    /// The text whose SHA-256 is the hash (REP-2011): JSON with a blank after commas and colons, without default values.
    fn hashed_text(description: &TypeDescription) -> String {
        let field = |field: &Field| {
            let FieldType { type_id, capacity, string_capacity, nested_type_name } = &field.r#type;
            format!(
                "{{\"name\": \"{}\", \"type\": {{\"type_id\": {type_id}, \"capacity\": {capacity}, \"string_capacity\": {string_capacity}, \
                 \"nested_type_name\": \"{nested_type_name}\"}}}}",
                field.name
            )
        };
        let individual = |one: &IndividualTypeDescription| {
            let fields = one.fields.iter().map(field).collect::<Vec<_>>().join(", ");
            format!("{{\"type_name\": \"{}\", \"fields\": [{fields}]}}", one.type_name)
        };
        let referenced = description.referenced_type_descriptions.iter().map(individual).collect::<Vec<_>>().join(", ");
        let own = individual(&description.type_description);
        format!("{{\"type_description\": {own}, \"referenced_type_descriptions\": [{referenced}]}}")
    }

    #[test]
    fn the_hash_of_every_description_is_that_of_its_type() {
        assert!(KNOWN.len() > 80, "{}", KNOWN.len());
        for (name, hash, _) in KNOWN {
            let text = hashed_text(&describe(name, hash).expect("a description"));
            let digest = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
            assert_eq!(*hash, format!("RIHS01_{digest}"), "{name}: {text}");
        }
    }

    #[test]
    fn what_is_not_known_is_said_with_the_reason() {
        assert!(describe("no_msgs/msg/Such", "").is_err_and(|reason| reason.contains("not known")));
        let other = describe("std_msgs/msg/Header", "RIHS01_00").err().unwrap_or_default();
        assert!(other.contains("RIHS01_f49fb3ae"), "{other}");
        assert!(describe("std_msgs/msg/Header", "").is_ok());
    }

    #[test]
    fn forms_of_fields_are_understood() {
        let read = |line: &str| field("a_msgs", line).expect("a line");
        assert_eq!(read("byte OK=0"), None);
        assert_eq!(read("string NAME = \"x\""), None);
        let described = |line: &str| {
            let field = read(line).expect("a field");
            (
                field.name,
                field.r#type.type_id,
                field.r#type.capacity,
                field.r#type.string_capacity,
                field.r#type.nested_type_name,
                field.default_value,
            )
        };
        let wanted = |name: &str, id, capacity, string, nested: &str, value: &str| {
            (name.to_owned(), id, capacity, string, nested.to_owned(), value.to_owned())
        };
        assert_eq!(described("float64 w 1"), wanted("w", 11, 0, 0, "", "1"));
        assert_eq!(described("float64[36] covariance"), wanted("covariance", 59, 36, 0, "", ""));
        assert_eq!(described("string<=10[<=5]  names"), wanted("names", 117, 5, 10, "", ""));
        assert_eq!(described("Point[] points"), wanted("points", 145, 0, 0, "a_msgs/msg/Point", ""));
        assert_eq!(described("std_msgs/Header header"), wanted("header", 1, 0, 0, "std_msgs/msg/Header", ""));
        assert_eq!(described("string text \"a = b\""), wanted("text", 17, 0, 0, "", "\"a = b\""));
        assert_eq!(without_comment("string a \"#\" # why"), "string a \"#\" ");
        assert!(field("a", "lonely").is_err() && field_type("a", "int8[x]").is_err());
    }

    #[test]
    fn sources_are_given_for_messages_and_not_for_halves_of_services() {
        let sources_of = |name| sources(&describe(name, "").expect("known"));
        let header = sources_of("std_msgs/msg/Header");
        assert_eq!(
            header.iter().map(|source| source.type_name.as_str()).collect::<Vec<_>>(),
            ["std_msgs/msg/Header", "builtin_interfaces/msg/Time"]
        );
        assert!(
            header.iter().all(|source| source.encoding == "msg"
                && source.raw_file_contents.contains("stamp") != source.raw_file_contents.contains("nanosec"))
        );
        let half = sources_of("std_srvs/srv/SetBool_Request");
        assert_eq!((half.len(), half[0].encoding.as_str(), half[0].raw_file_contents.as_str()), (1, "implicit", ""));
    }
}

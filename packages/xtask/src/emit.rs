//! Rust text of the messages. In -> out: the messages of one package -> an unformatted module with one struct per message, its constants,
//! `Default` and `RosMsg`. It neither formats nor writes files.

use crate::definitions::{Message, OWN_PACKAGE, nested};
use crate::doc;
use anyhow::{Context, Result, bail};
use hiroz_codegen::types::{ArrayType, Constant, DefaultValue, Field};
use std::fmt::Write as _;

/// Words that need `r#` as a field name.
const KEYWORDS: &[&str] = &["type", "ref", "match", "move", "loop", "box", "final", "virtual", "mod", "fn", "in", "as", "where", "use"];

/// serde has `Default` and array support up to this length.
const SERDE_ARRAY_LIMIT: usize = 32;

/// The module of `package`.
pub(crate) fn package(package: &str, messages: &[&Message]) -> Result<String> {
    let source = if package == OWN_PACKAGE { "`msgs/`" } else { "the standard definitions of ROS 2 Jazzy" };
    let mut out = format!(
        "//! `{package}`: plain structs generated from {source} by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as\n\
         //! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.\n\n\
         use crate::RosMsg;\nuse serde::{{Deserialize, Serialize}};\n"
    );
    let text = if messages.iter().any(|m| m.parsed.name == "String") { "std::string::String" } else { "String" };
    for message in messages {
        one(&mut out, message, text).with_context(|| format!("{package}/{}", message.parsed.name))?;
    }
    Ok(out)
}

/// The module that lists the packages and hands every message to a macro.
pub(crate) fn index(messages: &[Message]) -> String {
    let mut packages: Vec<&str> = messages.iter().map(|m| m.parsed.package.as_str()).collect();
    packages.dedup();
    let mut out = String::from(
        "//! The generated message structs, one module per ROS package, and [`for_each_message`](crate::for_each_message). Written by\n\
         //! `cargo xtask messages`. Not edited by hand.\n\n",
    );
    for package in packages {
        let _ = writeln!(out, "pub mod {package};");
    }
    out += "\n/// Calls `$callback!` once with the paths of all generated messages, separated by commas: for code and tests that must cover every\n\
            /// type.\n#[macro_export]\nmacro_rules! for_each_message {\n    ($callback:ident) => {\n        $callback! {\n";
    for message in messages {
        let _ = writeln!(out, "            $crate::{}::{},", message.parsed.package, message.parsed.name);
    }
    out + "        }\n    };\n}\n"
}

fn one(out: &mut String, message: &Message, text: &str) -> Result<()> {
    let parsed = &message.parsed;
    let (package, name) = (&parsed.package, &parsed.name);
    let docs = if message.is_own() { Some(doc::read(&parsed.source)?) } else { None };
    let doc_of = |item: &str, plain: String| docs.as_ref().and_then(|d| d.items.get(item)).cloned().unwrap_or(plain);
    let title = docs.as_ref().map_or_else(|| format!("`{}`.", message.ros_name), |d| d.message.clone());
    let by_hand = parsed.fields.iter().any(|f| has_own_default(f) || is_long_array(f));
    let default = if by_hand { "" } else { "Default, " };
    writeln!(out, "\n/// {title}\n#[derive(Clone, Debug, {default}PartialEq, Serialize, Deserialize)]\npub struct {name} {{")?;
    for field in &parsed.fields {
        let rust = field_type(field, package, text)?;
        writeln!(out, "/// {}", doc_of(&field.name, format!("`{}`", ros_type(field))))?;
        if rust == "Vec<u8>" {
            writeln!(out, "#[serde(with = \"serde_bytes\")]")?;
        } else if is_long_array(field) {
            writeln!(out, "#[serde(with = \"crate::long_array\")]")?;
        }
        writeln!(out, "pub {}: {rust},", ident(&field.name))?;
    }
    if parsed.fields.is_empty() {
        writeln!(out, "/// Always 0: an empty struct is one byte on the wire.\npub structure_needs_at_least_one_member: u8,")?;
    }
    writeln!(out, "}}")?;
    if !parsed.constants.is_empty() {
        writeln!(out, "\nimpl {name} {{")?;
        for constant in &parsed.constants {
            let (rust, value) = constant_value(constant)?;
            writeln!(out, "/// {}", doc_of(&constant.name, format!("`{}`", constant.const_type)))?;
            writeln!(out, "pub const {}: {rust} = {value};", constant.name)?;
        }
        writeln!(out, "}}")?;
    }
    if by_hand {
        writeln!(out, "\nimpl Default for {name} {{\nfn default() -> Self {{\nSelf {{")?;
        for field in &parsed.fields {
            writeln!(out, "{}: {},", ident(&field.name), default_value(field)?)?;
        }
        writeln!(out, "}}\n}}\n}}")?;
    }
    writeln!(out, "\nimpl RosMsg for {name} {{\nconst TYPE: &'static str = \"{}\";", message.ros_name)?;
    writeln!(out, "const RIHS01: &'static str = \"{}\";", message.rihs01)?;
    // `r##`, because definitions contain quotes and comment signs.
    writeln!(out, "const DEFINITION: &'static str = r##\"{}\"##;\n}}", message.schema)?;
    Ok(())
}

fn is_long_array(field: &Field) -> bool {
    matches!(field.field_type.array, ArrayType::Fixed(n) if n > SERDE_ARRAY_LIMIT)
}

/// Whether the definition gives a default other than Rust's.
fn has_own_default(field: &Field) -> bool {
    field.default.as_ref().is_some_and(|default| !matches!(default, DefaultValue::Bool(false) | DefaultValue::Int(0)))
}

fn ident(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() }
}

fn ros_type(field: &Field) -> String {
    let t = &field.field_type;
    let base = t.package.as_ref().map_or_else(|| t.base_type.clone(), |p| format!("{p}/{}", t.base_type));
    match t.array {
        ArrayType::Single => base,
        ArrayType::Fixed(n) => format!("{base}[{n}]"),
        ArrayType::Bounded(n) => format!("{base}[<={n}]"),
        ArrayType::Unbounded => format!("{base}[]"),
    }
}

fn field_type(field: &Field, package: &str, text: &str) -> Result<String> {
    let base = match nested(field, package) {
        Some(path) => match path.split_once('/') {
            Some((p, name)) if p == package => name.to_owned(),
            Some((p, name)) => format!("crate::{p}::{name}"),
            None => bail!("`{path}` is not package/Name"),
        },
        None if field.field_type.base_type == "string" => text.to_owned(),
        None => primitive(&field.field_type.base_type)?.to_owned(),
    };
    Ok(match field.field_type.array {
        ArrayType::Single => base,
        ArrayType::Fixed(n) => format!("[{base}; {n}]"),
        ArrayType::Unbounded | ArrayType::Bounded(_) => format!("Vec<{base}>"),
    })
}

fn primitive(ros: &str) -> Result<&'static str> {
    Ok(match ros {
        "bool" => "bool",
        // `char` is an unsigned byte since ROS 2 Foxy's type descriptions; `byte` is an octet.
        "uint8" | "char" | "byte" => "u8",
        "int8" => "i8",
        "uint16" => "u16",
        "int16" => "i16",
        "uint32" => "u32",
        "int32" => "i32",
        "uint64" => "u64",
        "int64" => "i64",
        "float32" => "f32",
        "float64" => "f64",
        other => bail!("no Rust type for `{other}`"),
    })
}

fn constant_value(constant: &Constant) -> Result<(&'static str, String)> {
    if constant.const_type == "string" {
        return Ok(("&'static str", format!("{:?}", constant.value.trim_matches(['"', '\'']))));
    }
    let rust = primitive(&constant.const_type)?;
    let value = constant.value.as_str();
    let value = match rust {
        "bool" => (value.eq_ignore_ascii_case("true") || value == "1").to_string(),
        "f32" | "f64" => format!("{:?}", value.parse::<f64>().with_context(|| format!("constant {}", constant.name))?),
        _ => value.to_owned(),
    };
    Ok((rust, value))
}

fn default_value(field: &Field) -> Result<String> {
    let is_float = field.field_type.base_type.starts_with("float");
    Ok(match &field.default {
        None if is_long_array(field) => match (&field.field_type.array, is_float) {
            (ArrayType::Fixed(n), true) => format!("[0.0; {n}]"),
            (ArrayType::Fixed(n), false) => format!("[0; {n}]"),
            _ => bail!("`{}` is no array", field.name),
        },
        None => "Default::default()".to_owned(),
        Some(DefaultValue::Bool(value)) => value.to_string(),
        Some(DefaultValue::Int(value)) if is_float => format!("{:?}", *value as f64),
        Some(DefaultValue::Int(value)) => value.to_string(),
        Some(DefaultValue::Float(value)) => format!("{value:?}"),
        Some(DefaultValue::String(value)) => format!("{value:?}.to_owned()"),
        Some(_) => bail!("default of array `{}` is not supported", field.name),
    })
}

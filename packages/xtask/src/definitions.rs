//! Message definitions and what they depend on. In -> out: names of the wanted messages, `msgs/msg/*.msg` and the standard definitions
//! that `hiroz-codegen` carries (Jazzy) -> every message of the closure with its type hash and schema text, ordered by name.
//! It does not generate code and refuses what the generator does not support (bounded and wide strings, bounded sequences).

use anyhow::{Context, Result, bail};
use hiroz_codegen::parser::{msg::parse_msg_file, strip_comment};
use hiroz_codegen::resolver::Resolver;
use hiroz_codegen::types::{ArrayType, Field, ParsedMessage};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The package defined in this repository.
pub(crate) const OWN_PACKAGE: &str = "vedette_msgs";

/// Standard messages that something in the workspace uses; what they contain follows by itself.
const WANTED: &[&str] = &[
    "geometry_msgs/PointStamped",
    "geometry_msgs/PoseStamped",
    "nav_msgs/Odometry",
    "sensor_msgs/BatteryState",
    "sensor_msgs/CameraInfo",
    "sensor_msgs/CompressedImage",
    "sensor_msgs/Image",
    "sensor_msgs/Imu",
    "sensor_msgs/LaserScan",
    "sensor_msgs/PointCloud2",
    "sensor_msgs/Range",
    "sensor_msgs/Temperature",
    "std_msgs/Empty",
    "std_msgs/String",
    "builtin_interfaces/Duration",
    "tf2_msgs/TFMessage",
];

/// One message, ready to be written as Rust.
pub(crate) struct Message {
    pub(crate) parsed: ParsedMessage,
    pub(crate) rihs01: String,
    /// Schema text as in MCAP: the definition, then each dependency after a line of 80 `=` and `MSG: package/Name`.
    pub(crate) schema: String,
}

impl Message {
    pub(crate) fn is_own(&self) -> bool {
        self.parsed.package == OWN_PACKAGE
    }
}

/// Every wanted message and every message of `msgs/`, with all they contain, ordered by package and name.
pub(crate) fn load(root: &Path) -> Result<Vec<Message>> {
    let closure = closure(root)?;
    let mut resolver = Resolver::new(false);
    let resolved = resolver.resolve_messages(closure.values().cloned().collect()).context("cannot compute the type hashes")?;
    let hashes: BTreeMap<String, String> = resolved.iter().map(|m| (key(&m.parsed), m.type_hash.to_rihs_string())).collect();
    closure
        .values()
        .map(|parsed| {
            let name = key(parsed);
            let rihs01 = hashes.get(&name).with_context(|| format!("no type hash for {name}"))?.clone();
            Ok(Message { parsed: parsed.clone(), rihs01, schema: schema(parsed, &closure)? })
        })
        .collect()
}

/// `package/Name` of the type of `field`, `None` for a primitive.
pub(crate) fn nested(field: &Field, package: &str) -> Option<String> {
    if hiroz_codegen::hashing::is_primitive_type(&field.field_type.base_type) {
        return None;
    }
    let package = field.field_type.package.as_deref().unwrap_or(package);
    Some(format!("{package}/{}", field.field_type.base_type))
}

fn key(message: &ParsedMessage) -> String {
    format!("{}/{}", message.package, message.name)
}

fn closure(root: &Path) -> Result<BTreeMap<String, ParsedMessage>> {
    let mut open: Vec<String> = WANTED.iter().map(|&name| name.to_owned()).collect();
    let own = root.join("msgs/msg");
    for entry in std::fs::read_dir(&own).with_context(|| format!("cannot list {}", own.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "msg") {
            let stem = path.file_stem().and_then(|s| s.to_str()).with_context(|| format!("odd file name {}", path.display()))?;
            open.push(format!("{OWN_PACKAGE}/{stem}"));
        }
    }
    let mut closure = BTreeMap::new();
    while let Some(name) = open.pop() {
        if closure.contains_key(&name) {
            continue;
        }
        let parsed = parse(root, &name)?;
        open.extend(parsed.fields.iter().filter_map(|field| nested(field, &parsed.package)));
        closure.insert(name, parsed);
    }
    Ok(closure)
}

fn parse(root: &Path, name: &str) -> Result<ParsedMessage> {
    let (package, stem) = name.split_once('/').with_context(|| format!("`{name}` is not package/Name"))?;
    let folder = if package == OWN_PACKAGE { root.join("msgs") } else { hiroz_codegen::bundled_assets_dir_for("jazzy").join(package) };
    let path = folder.join("msg").join(format!("{stem}.msg"));
    let parsed = parse_msg_file(&path, package).with_context(|| format!("cannot read the definition of {name}"))?;
    // The parser drops constant lines that it cannot read; a missing constant must not go unnoticed.
    let lines = statements(&parsed.source);
    let understood = parsed.fields.len() + parsed.constants.len();
    if lines.len() != understood {
        bail!("{name}: {} lines with content, {understood} understood: correct {}", lines.len(), path.display());
    }
    for field in &parsed.fields {
        let t = &field.field_type;
        if t.string_bound.is_some() || matches!(t.array, ArrayType::Bounded(_)) || t.base_type == "wstring" {
            bail!("{name}: field `{}` is bounded or wide, which the generator does not support: teach `emit` first", field.name);
        }
    }
    Ok(parsed)
}

/// Lines that declare something, comments dropped and blanks collapsed.
fn statements(source: &str) -> Vec<String> {
    let lines = source.lines().map(|line| strip_comment(line).split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}

/// Standard definitions as field lists only: their comments are their authors' text. Ours keep theirs.
fn body(message: &ParsedMessage) -> String {
    if message.package == OWN_PACKAGE {
        return message.source.trim_end().to_owned() + "\n";
    }
    statements(&message.source).into_iter().map(|line| line + "\n").collect()
}

fn schema(message: &ParsedMessage, all: &BTreeMap<String, ParsedMessage>) -> Result<String> {
    let mut text = body(message);
    let mut seen = BTreeSet::from([key(message)]);
    let mut open = vec![message];
    while let Some(current) = open.pop() {
        let mut inner = Vec::new();
        for name in current.fields.iter().filter_map(|field| nested(field, &current.package)) {
            if seen.insert(name.clone()) {
                let dependency = all.get(&name).with_context(|| format!("{name} is not loaded"))?;
                text += &format!("{}\nMSG: {name}\n{}", "=".repeat(80), body(dependency));
                inner.push(dependency);
            }
        }
        open.extend(inner.into_iter().rev());
    }
    Ok(text)
}

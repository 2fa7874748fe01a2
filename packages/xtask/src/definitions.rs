//! Message definitions and what they depend on. In -> out: names of the wanted messages, services and actions, `msgs/{msg,srv,action}`, the
//! standard definitions that `hiroz-codegen` carries (Jazzy) and those in `definitions/` that win over them -> every message of the closure,
//! halves of services and parts of actions among them, with its type hash and schema text, ordered by name.
//! It does not generate code and refuses what the generator does not support (wide strings). A bound of a string or sequence is part of the
//! type hash and not of the bytes; receivers that care check it.

use anyhow::{Context, Result, bail};
use hiroz_codegen::hashing::build_type_description_msg;
use hiroz_codegen::parser::{action::parse_action_file, msg::parse_msg_file, msg::parse_msg_string, srv::parse_srv_file, strip_comment};
use hiroz_codegen::types::{Field, ParsedMessage};
use hiroz_schema::{TypeDescription, TypeDescriptionMsg, calculate_hash};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The package defined in this repository.
pub(crate) const OWN_PACKAGE: &str = "vedette_msgs";

/// Standard messages that something in the workspace uses; what they contain follows by itself.
const WANTED: &[&str] = &[
    "action_msgs/GoalStatusArray",
    "bond/Status",
    "diagnostic_msgs/DiagnosticArray",
    "lifecycle_msgs/TransitionEvent",
    "nav2_msgs/CostmapFilterInfo",
    "nav2_msgs/SpeedLimit",
    "rcl_interfaces/Log",
    "rcl_interfaces/ParameterEvent",
    "rcl_interfaces/ParameterType",
    "rmw_dds_common/ParticipantEntitiesInfo",
    "rosgraph_msgs/Clock",
    "visualization_msgs/MarkerArray",
    "geometry_msgs/PointStamped",
    "geometry_msgs/PolygonInstanceStamped",
    "geometry_msgs/PoseStamped",
    "geometry_msgs/TwistStamped",
    "nav_msgs/OccupancyGrid",
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
    "vision_msgs/Detection2DArray",
    "vision_msgs/Detection3DArray",
];

/// Services that something in the workspace serves; request and response are messages like any other.
const WANTED_SERVICES: &[&str] = &[
    "action_msgs/CancelGoal",
    "diagnostic_msgs/SelfTest",
    "lifecycle_msgs/ChangeState",
    "lifecycle_msgs/GetAvailableStates",
    "lifecycle_msgs/GetAvailableTransitions",
    "lifecycle_msgs/GetState",
    "rcl_interfaces/DescribeParameters",
    "rcl_interfaces/GetParameterTypes",
    "rcl_interfaces/GetParameters",
    "rcl_interfaces/ListParameters",
    "rcl_interfaces/SetParameters",
    "rcl_interfaces/SetParametersAtomically",
    "std_srvs/SetBool",
    "std_srvs/Trigger",
    "type_description_interfaces/GetTypeDescription",
];

/// Actions that something in the workspace serves or asks for.
const WANTED_ACTIONS: &[&str] = &["nav2_msgs/NavigateToPose"];

/// What an action's name ends in here, and on the wire. The first five are made around the others, as rosidl makes them.
const ACTION_PARTS: [(&str, &str); 8] = [
    ("SendGoalRequest", "_SendGoal_Request"),
    ("SendGoalResponse", "_SendGoal_Response"),
    ("GetResultRequest", "_GetResult_Request"),
    ("GetResultResponse", "_GetResult_Response"),
    ("FeedbackMessage", "_FeedbackMessage"),
    ("Goal", "_Goal"),
    ("Result", "_Result"),
    ("Feedback", "_Feedback"),
];

/// Definitions that `hiroz-codegen` lacks or has otherwise than Jazzy (`TransitionEvent`), as field lists.
const EXTRA: &str = "packages/xtask/definitions";

/// One message, ready to be written as Rust.
pub(crate) struct Message {
    pub(crate) parsed: ParsedMessage,
    /// Name in ROS: `sensor_msgs/msg/Image`, `lifecycle_msgs/srv/GetState_Request`, `nav2_msgs/action/NavigateToPose_Goal`.
    pub(crate) ros_name: String,
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
    let mut known = BTreeMap::new();
    closure.keys().try_for_each(|name| describe(name, &closure, &mut known))?;
    closure
        .values()
        .map(|parsed| {
            let rihs01 = calculate_hash(&described(parsed, &closure, &known)?).to_rihs_string();
            Ok(Message { parsed: parsed.clone(), ros_name: ros_name(parsed), rihs01, schema: schema(parsed, &closure)? })
        })
        .collect()
}

/// The description of `name` into `known`, after those of what it contains.
fn describe(name: &str, closure: &BTreeMap<String, ParsedMessage>, known: &mut BTreeMap<String, TypeDescription>) -> Result<()> {
    if known.contains_key(name) {
        return Ok(());
    }
    let parsed = closure.get(name).with_context(|| format!("{name} is not loaded"))?;
    for inner in parsed.fields.iter().filter_map(|field| nested(field, &parsed.package)) {
        describe(&inner, closure, known)?;
    }
    let description = described(parsed, closure, known)?;
    known.insert(name.to_owned(), description.type_description);
    Ok(())
}

/// The description under the names in ROS: the library takes every type for a message.
fn described(
    parsed: &ParsedMessage,
    closure: &BTreeMap<String, ParsedMessage>,
    known: &BTreeMap<String, TypeDescription>,
) -> Result<TypeDescriptionMsg> {
    let mut description = build_type_description_msg(parsed, known).with_context(|| format!("no type hash for {}", key(parsed)))?;
    description.type_description.type_name = ros_name(parsed);
    for (described, field) in description.type_description.fields.iter_mut().zip(&parsed.fields) {
        if let Some(inner) = nested(field, &parsed.package).and_then(|name| closure.get(&name)) {
            described.field_type.nested_type_name = ros_name(inner);
        }
    }
    Ok(description)
}

/// The halves of services and the parts of actions are found by the file that they were parsed from.
fn ros_name(parsed: &ParsedMessage) -> String {
    let is_in = |folder: &str| parsed.path.parent().is_some_and(|parent| parent.ends_with(folder));
    let (folder, parts) = match (is_in("srv"), is_in("action")) {
        (true, _) => ("srv", [("Request", "_Request"), ("Response", "_Response")].as_slice()),
        (_, true) => ("action", ACTION_PARTS.as_slice()),
        _ => ("msg", [].as_slice()),
    };
    let named = parts.iter().find_map(|(suffix, part)| Some(format!("{}{part}", parsed.name.strip_suffix(suffix)?)));
    format!("{}/{folder}/{}", parsed.package, named.as_ref().unwrap_or(&parsed.name))
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
    open.extend(own(root, "msg")?);
    let mut closure = BTreeMap::new();
    let services = WANTED_SERVICES.iter().map(|&name| name.to_owned());
    for service in services.chain(own(root, "srv")?) {
        let (package, stem) = service.split_once('/').with_context(|| format!("`{service}` is not package/Name"))?;
        let file = Path::new("srv").join(format!("{stem}.srv"));
        let path = match package {
            OWN_PACKAGE => root.join("msgs").join(file),
            _ => hiroz_codegen::bundled_assets_dir_for("jazzy").join(package).join(file),
        };
        let parsed = parse_srv_file(&path, package).with_context(|| format!("cannot read the definition of {service}"))?;
        for half in [parsed.request, parsed.response] {
            understood(&half)?;
            open.extend(half.fields.iter().filter_map(|field| nested(field, package)));
            closure.insert(key(&half), half);
        }
    }
    let actions = WANTED_ACTIONS.iter().map(|&name| name.to_owned());
    for action in actions.chain(own(root, "action")?) {
        for part in action_parts(root, &action)? {
            understood(&part)?;
            open.extend(part.fields.iter().filter_map(|field| nested(field, &part.package)));
            closure.insert(key(&part), part);
        }
    }
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

/// Goal, result and feedback of an action, and the messages that carry them, as rosidl makes them
/// (<https://design.ros2.org/articles/actions.html>).
fn action_parts(root: &Path, action: &str) -> Result<Vec<ParsedMessage>> {
    let (package, stem) = action.split_once('/').with_context(|| format!("`{action}` is not package/Name"))?;
    let folder = match package {
        OWN_PACKAGE => root.join("msgs/action"),
        _ => root.join(EXTRA).join(package).join("action"),
    };
    let path = folder.join(format!("{stem}.action"));
    let parsed = parse_action_file(&path, package).with_context(|| format!("cannot read the definition of {action}"))?;
    let mut parts: Vec<ParsedMessage> = [Some(parsed.goal), parsed.result, parsed.feedback].into_iter().flatten().collect();
    let goal_id = "# Which goal.\nunique_identifier_msgs/UUID goal_id\n";
    for (suffix, text) in [
        ("SendGoalRequest", format!("# Asks for a goal.\n\n{goal_id}# What is wanted.\n{stem}Goal goal\n")),
        (
            "SendGoalResponse",
            "# Whether it is pursued.\n\n# It is.\nbool accepted\n# Since when.\nbuiltin_interfaces/Time stamp\n".to_owned(),
        ),
        ("GetResultRequest", format!("# Asks for the end of a goal.\n\n{goal_id}")),
        (
            "GetResultResponse",
            format!("# The end of a goal.\n\n# A STATUS_ of `GoalStatus`.\nint8 status\n# What came of it.\n{stem}Result result\n"),
        ),
        ("FeedbackMessage", format!("# How far a goal is.\n\n{goal_id}# How far.\n{stem}Feedback feedback\n")),
    ] {
        let part = folder.join(format!("{stem}{suffix}.msg"));
        parts.push(parse_msg_string(&text, package, &part).with_context(|| format!("cannot make the messages of {action}"))?);
    }
    Ok(parts)
}

/// `vedette_msgs/Name` of every file of `msgs/KIND`.
fn own(root: &Path, kind: &str) -> Result<Vec<String>> {
    let folder = root.join("msgs").join(kind);
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == kind) {
            let stem = path.file_stem().and_then(|s| s.to_str()).with_context(|| format!("odd file name {}", path.display()))?;
            names.push(format!("{OWN_PACKAGE}/{stem}"));
        }
    }
    Ok(names)
}

fn parse(root: &Path, name: &str) -> Result<ParsedMessage> {
    let (package, stem) = name.split_once('/').with_context(|| format!("`{name}` is not package/Name"))?;
    let file = Path::new("msg").join(format!("{stem}.msg"));
    let extra = root.join(EXTRA).join(package).join(&file);
    let path = match package {
        OWN_PACKAGE => root.join("msgs").join(file),
        _ if extra.exists() => extra,
        _ => hiroz_codegen::bundled_assets_dir_for("jazzy").join(package).join(file),
    };
    let parsed = parse_msg_file(&path, package).with_context(|| format!("cannot read the definition of {name}"))?;
    understood(&parsed)?;
    Ok(parsed)
}

/// The parser drops constant lines that it cannot read; a missing constant must not go unnoticed.
fn understood(parsed: &ParsedMessage) -> Result<()> {
    let (lines, understood) = (statements(&parsed.source), parsed.fields.len() + parsed.constants.len());
    if lines.len() != understood {
        bail!("{}: {} lines with content, {understood} understood: correct {}", key(parsed), lines.len(), parsed.path.display());
    }
    if let Some(field) = parsed.fields.iter().find(|field| field.field_type.base_type == "wstring") {
        bail!("{}: field `{}` is a wide string, which the generator does not support: teach `emit` first", key(parsed), field.name);
    }
    Ok(())
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
    for part in message.fields.iter().filter_map(|field| nested(field, &message.package)).filter_map(|name| all.get(&name)) {
        // Parts of an action are contained only in its own messages, and only there is the name in ROS another one.
        if part.path.parent().is_some_and(|folder| folder.ends_with("action")) {
            text = text.replace(&format!("{} ", part.name), &format!("{} ", ros_name(part)));
        }
    }
    let mut seen = BTreeSet::from([key(message)]);
    let mut open = vec![message];
    while let Some(current) = open.pop() {
        let mut inner = Vec::new();
        for name in current.fields.iter().filter_map(|field| nested(field, &current.package)) {
            if seen.insert(name.clone()) {
                let dependency = all.get(&name).with_context(|| format!("{name} is not loaded"))?;
                let shown = ros_name(dependency).replace("/msg/", "/");
                text += &format!("{}\nMSG: {shown}\n{}", "=".repeat(80), body(dependency));
                inner.push(dependency);
            }
        }
        open.extend(inner.into_iter().rev());
    }
    Ok(text)
}

//! Parameters as ROS sees them. In -> out: groups declared with `params!` and requests of rcl_interfaces -> answers, and what changed.
//! Values are checked by their declaration and by the rules between parameters; a refused request changes nothing.
//! Deliberately absent: services, events, files (the caller reads them). Whole numbers are taken where numbers are declared, as in files.

use crate::args::{ParameterSource, RosArgs};
use crate::names::NodeName;
use vedette_messages::rcl_interfaces::{
    FloatingPointRange, IntegerRange, ListParametersResult, Parameter, ParameterDescriptor, ParameterType, ParameterValue,
    SetParametersResult,
};
use vedette_params::{Constant, Descriptor, ParamError, ParamKind, ParamSet, Range, Value};

vedette_params::params! {
    /// The node itself, whatever it does. Fixed once the node runs.
    pub struct NodeParams: "node" {
        /// Whether the node configures and activates itself. Off, it waits for a lifecycle manager.
        autostart: bool = true;
        /// How services are mapped to DDS by the middleware of the other nodes: `fastdds` for rmw_fastrtps_cpp, `cyclone` for rmw_cyclonedds_cpp.
        service_mapping: String = "fastdds", one_of ["fastdds", "cyclone"];
    }
}

/// `use_sim_time`, the one parameter that every ROS 2 node has; its name has no group.
#[derive(Clone, Copy, Debug, Default)]
pub struct SimTimeParam {
    /// Whether time is what `/clock` says.
    pub use_sim_time: bool,
}

const SIM_TIME: Descriptor = Descriptor {
    name: "use_sim_time",
    full_name: "use_sim_time",
    kind: ParamKind::Bool,
    default: Constant::Bool(false),
    range: None,
    one_of: &[],
    unit: None,
    raw_doc: " Whether time is what /clock says and not the system's clock.\n",
};

impl ParamSet for SimTimeParam {
    fn prefix(&self) -> &'static str {
        "use_sim_time"
    }

    fn group_doc(&self) -> String {
        "Every ROS 2 node has it.".to_owned()
    }

    fn descriptors(&self) -> &'static [Descriptor] {
        &[SIM_TIME]
    }

    fn get(&self, name: &str) -> Option<Value> {
        (name == SIM_TIME.name).then_some(Value::Bool(self.use_sim_time))
    }

    fn set(&mut self, _: &str, value: Value) -> Result<(), ParamError> {
        if let Value::Bool(value) = SIM_TIME.check(value)? {
            self.use_sim_time = value;
        }
        Ok(())
    }

    fn validate(&self) -> Result<(), ParamError> {
        Ok(())
    }
}

/// The groups of one node, its own ones first.
pub struct Groups<'a, 'b> {
    sets: &'a mut [&'b mut dyn ParamSet],
    /// Prefixes of names that cannot change now, and why.
    fixed: &'a [(&'static str, &'static str)],
}

impl<'a, 'b> Groups<'a, 'b> {
    /// `fixed`: name prefixes (`node.`) that are refused, each with the reason.
    pub fn new(sets: &'a mut [&'b mut dyn ParamSet], fixed: &'a [(&'static str, &'static str)]) -> Self {
        Self { sets, fixed }
    }

    /// Takes files and `-p` of the command line, in order. `read` reads a file.
    ///
    /// # Errors
    /// What is wrong, in words: a file that cannot be read, or a [`ParamError`].
    pub fn take_arguments(
        &mut self,
        args: &RosArgs,
        node: &NodeName,
        read: impl Fn(&str) -> std::io::Result<String>,
    ) -> Result<(), String> {
        for source in &args.parameters {
            match source {
                ParameterSource::File(file) => {
                    let text = read(file).map_err(|error| format!("cannot read parameter file {file}: {error}"))?;
                    let for_others =
                        vedette_params::load_shared(self.sets, &text, file, &node.full()).map_err(|error| error.to_string())?;
                    for_others.iter().for_each(say_for_others);
                }
                ParameterSource::Setting(setting) if setting.node.as_deref().is_none_or(|wanted| wanted == node.name()) => {
                    let text = format!("{}={}", setting.name, setting.value);
                    vedette_params::set_from_text(self.sets, &text).map_err(|error| error.to_string())?;
                }
                ParameterSource::Setting(_) => {}
            }
        }
        Ok(())
    }

    fn find(&self, name: &str) -> Option<(&dyn ParamSet, &'static Descriptor)> {
        self.sets.iter().find_map(|set| Some((&**set, set.descriptors().iter().find(|d| d.full_name == name)?)))
    }

    fn value(&self, name: &str) -> Option<Value> {
        let (set, descriptor) = self.find(name)?;
        set.get(descriptor.name)
    }

    fn fixed_because(&self, name: &str) -> Option<&'static str> {
        self.fixed.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, reason)| *reason)
    }

    /// `get_parameters`: unset for what nobody declared.
    pub fn get(&self, names: &[String]) -> Vec<ParameterValue> {
        names.iter().map(|name| self.value(name).map_or_else(ParameterValue::default, to_msg)).collect()
    }

    /// `get_parameter_types`
    pub fn types(&self, names: &[String]) -> Vec<u8> {
        names.iter().map(|name| self.find(name).map_or(ParameterType::PARAMETER_NOT_SET, |(_, d)| type_id(d.kind))).collect()
    }

    /// Every parameter with its value.
    pub fn all(&self) -> Vec<Parameter> {
        let names = self.sets.iter().flat_map(|set| set.descriptors()).map(|d| d.full_name);
        names.filter_map(|name| Some(Parameter { name: name.to_owned(), value: to_msg(self.value(name)?) })).collect()
    }

    /// `list_parameters`; depth 0 is any depth, levels are counted below the prefix.
    pub fn list(&self, prefixes: &[String], depth: u64) -> ListParametersResult {
        let is_near = |rest: &str| depth == 0 || (rest.matches('.').count() as u64) < depth;
        let below = |name: &str, prefix: &str| {
            name == prefix || name.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('.')).is_some_and(is_near)
        };
        let mut result = ListParametersResult::default();
        for name in self.sets.iter().flat_map(|set| set.descriptors()).map(|d| d.full_name) {
            let is_wanted = if prefixes.is_empty() { is_near(name) } else { prefixes.iter().any(|prefix| below(name, prefix)) };
            if !is_wanted {
                continue;
            }
            if let Some((group, _)) = name.rsplit_once('.')
                && !result.prefixes.iter().any(|known| known == group)
            {
                result.prefixes.push(group.to_owned());
            }
            result.names.push(name.to_owned());
        }
        result
    }

    /// `describe_parameters`: for what nobody declared only the name, as in rclcpp with undeclared parameters allowed.
    pub fn describe(&self, names: &[String]) -> Vec<ParameterDescriptor> {
        let describe = |name: &String| {
            let Some((_, d)) = self.find(name) else {
                return ParameterDescriptor { name: name.clone(), ..ParameterDescriptor::default() };
            };
            let (mut floats, mut integers) = (Vec::new(), Vec::new());
            match d.range {
                Some(Range::Float { min, max }) => floats.push(FloatingPointRange { from_value: min, to_value: max, step: 0.0 }),
                Some(Range::Integer { min, max }) => integers.push(IntegerRange { from_value: min, to_value: max, step: 0 }),
                None => {}
            }
            let unit = d.unit.map_or_else(String::new, |unit| format!(" [{unit}]"));
            let one_of = if d.one_of.is_empty() { String::new() } else { format!("one of {}", d.one_of.join(", ")) };
            let constraints = self.fixed_because(name).map_or(one_of, str::to_owned);
            ParameterDescriptor {
                name: name.clone(),
                r#type: type_id(d.kind),
                description: d.doc() + &unit,
                additional_constraints: constraints,
                read_only: self.fixed_because(name).is_some(),
                dynamic_typing: false,
                floating_point_range: floats,
                integer_range: integers,
            }
        };
        names.iter().map(describe).collect()
    }

    /// `set_parameters`: each for itself. Also gives back what changed.
    pub fn set_each(&mut self, parameters: &[Parameter]) -> (Vec<SetParametersResult>, Vec<Parameter>) {
        let mut changed = Vec::new();
        let results = parameters.iter().map(|parameter| {
            let (result, mut new) = self.set_all(std::slice::from_ref(parameter));
            changed.append(&mut new);
            result
        });
        (results.collect(), changed)
    }

    /// `set_parameters_atomically`: all or none. Also gives back what changed.
    pub fn set_all(&mut self, parameters: &[Parameter]) -> (SetParametersResult, Vec<Parameter>) {
        let before: Vec<Option<Value>> = parameters.iter().map(|parameter| self.value(&parameter.name)).collect();
        let result = parameters
            .iter()
            .try_for_each(|parameter| self.set_one(parameter))
            .and_then(|()| self.sets.iter().try_for_each(|set| set.check().map_err(|error| error.to_string())));
        match result {
            Ok(()) => {
                let changed = parameters.iter().zip(before).filter(|(parameter, old)| self.value(&parameter.name) != *old);
                // What it is now, in its declared type, and not what was sent.
                let new = |name: &String| self.value(name).map_or_else(ParameterValue::default, to_msg);
                let changed =
                    changed.map(|(parameter, _)| Parameter { name: parameter.name.clone(), value: new(&parameter.name) }).collect();
                (SetParametersResult { successful: true, reason: String::new() }, changed)
            }
            Err(reason) => {
                // Backwards, so that of a name given twice the first value comes back.
                for (parameter, old) in parameters.iter().zip(before).rev() {
                    if let Some(old) = old {
                        let _ = self.assign(&parameter.name, old);
                    }
                }
                (SetParametersResult { successful: false, reason }, Vec::new())
            }
        }
    }

    fn set_one(&mut self, parameter: &Parameter) -> Result<(), String> {
        if let Some(reason) = self.fixed_because(&parameter.name) {
            return Err(format!("parameter `{}` {reason}", quoted(&parameter.name)));
        }
        let value = self.wanted(parameter)?;
        self.assign(&parameter.name, value)
    }

    fn wanted(&self, parameter: &Parameter) -> Result<Value, String> {
        let name = || quoted(&parameter.name);
        // A tool cannot know what an empty list is a list of: `ros2 param load` sends it as bytes, `ros2 param set` as bools.
        let declared = self.find(&parameter.name).filter(|_| is_empty_array(&parameter.value)).and_then(|(_, d)| empty_array(d.kind));
        match declared.or_else(|| from_msg(&parameter.value)) {
            Some(value) => Ok(value),
            None if parameter.value.r#type == ParameterType::PARAMETER_NOT_SET => Err(format!("parameter `{}` cannot be unset", name())),
            None => Err(format!("parameter `{}` is no array of bools or bytes", name())),
        }
    }

    fn assign(&mut self, name: &str, value: Value) -> Result<(), String> {
        let found = self.sets.iter_mut().find_map(|set| Some((set.descriptors().iter().find(|d| d.full_name == name)?, set)));
        match found {
            Some((descriptor, set)) => set.set(descriptor.name, value).map_err(|error| error.to_string()),
            None => Err(format!("unknown parameter `{}`", quoted(name))),
        }
    }
}

/// One file goes to all nodes of a launch: what is in it for another node is no fault, but a name that nobody has may be a slip.
fn say_for_others(error: &ParamError) {
    match error {
        ParamError::NoSection { .. } => tracing::info!("{error}"),
        _ => tracing::warn!("{error}; left to the other nodes"),
    }
}

fn quoted(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(64).collect()
}

const fn type_id(kind: ParamKind) -> u8 {
    match kind {
        ParamKind::Bool => ParameterType::PARAMETER_BOOL,
        ParamKind::Integer => ParameterType::PARAMETER_INTEGER,
        ParamKind::Float => ParameterType::PARAMETER_DOUBLE,
        ParamKind::Text => ParameterType::PARAMETER_STRING,
        ParamKind::Floats => ParameterType::PARAMETER_DOUBLE_ARRAY,
        ParamKind::Integers => ParameterType::PARAMETER_INTEGER_ARRAY,
        ParamKind::Texts => ParameterType::PARAMETER_STRING_ARRAY,
    }
}

fn to_msg(value: Value) -> ParameterValue {
    let mut msg = ParameterValue { r#type: type_id(value.kind()), ..ParameterValue::default() };
    match value {
        Value::Bool(value) => msg.bool_value = value,
        Value::Integer(value) => msg.integer_value = value,
        Value::Float(value) => msg.double_value = value,
        Value::Text(value) => msg.string_value = value,
        Value::Floats(value) => msg.double_array_value = value,
        Value::Integers(value) => msg.integer_array_value = value,
        Value::Texts(value) => msg.string_array_value = value,
    }
    msg
}

const fn is_empty_array(msg: &ParameterValue) -> bool {
    match msg.r#type {
        ParameterType::PARAMETER_BYTE_ARRAY => msg.byte_array_value.is_empty(),
        ParameterType::PARAMETER_BOOL_ARRAY => msg.bool_array_value.is_empty(),
        ParameterType::PARAMETER_INTEGER_ARRAY => msg.integer_array_value.is_empty(),
        ParameterType::PARAMETER_DOUBLE_ARRAY => msg.double_array_value.is_empty(),
        ParameterType::PARAMETER_STRING_ARRAY => msg.string_array_value.is_empty(),
        _ => false,
    }
}

const fn empty_array(kind: ParamKind) -> Option<Value> {
    match kind {
        ParamKind::Floats => Some(Value::Floats(Vec::new())),
        ParamKind::Integers => Some(Value::Integers(Vec::new())),
        ParamKind::Texts => Some(Value::Texts(Vec::new())),
        ParamKind::Bool | ParamKind::Integer | ParamKind::Float | ParamKind::Text => None,
    }
}

/// `None` for unset, and for bool and byte arrays, which nothing declares.
fn from_msg(msg: &ParameterValue) -> Option<Value> {
    Some(match msg.r#type {
        ParameterType::PARAMETER_BOOL => Value::Bool(msg.bool_value),
        ParameterType::PARAMETER_INTEGER => Value::Integer(msg.integer_value),
        ParameterType::PARAMETER_DOUBLE => Value::Float(msg.double_value),
        ParameterType::PARAMETER_STRING => Value::Text(msg.string_value.clone()),
        ParameterType::PARAMETER_DOUBLE_ARRAY => Value::Floats(msg.double_array_value.clone()),
        ParameterType::PARAMETER_INTEGER_ARRAY => Value::Integers(msg.integer_array_value.clone()),
        ParameterType::PARAMETER_STRING_ARRAY => Value::Texts(msg.string_array_value.clone()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    vedette_params::params! {
        /// For these tests.
        struct Sample: "sample", validate = validate {
            /// A length.
            reach_m: f64 = 1.0, range 0.0..=2.0, unit "m";
            /// A number.
            count: i64 = 3, range 1..=9;
            /// A word.
            word: String = "slow", one_of ["slow", "stop"];
            /// Names.
            names: Vec<String> = ["a"];
        }
    }

    fn validate(sample: &Sample) -> Result<(), ParamError> {
        let is_wrong = sample.word == "stop" && sample.count > 5;
        if is_wrong { Err(ParamError::inconsistent("sample.count", "must be 5 or less to stop", &sample.count)) } else { Ok(()) }
    }

    fn with(test: impl FnOnce(&mut Groups<'_, '_>)) {
        let (mut time, mut node, mut sample) = (SimTimeParam::default(), NodeParams::default(), Sample::default());
        let mut sets: [&mut dyn ParamSet; 3] = [&mut time, &mut node, &mut sample];
        test(&mut Groups::new(&mut sets, &[("node.", "is fixed while the node runs")]));
    }

    fn parameter(name: &str, value: Value) -> Parameter {
        Parameter { name: name.to_owned(), value: to_msg(value) }
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn what_is_declared_is_listed_and_described() {
        with(|groups| {
            let all = groups.list(&[], 0);
            assert_eq!(all.names.len(), 7);
            assert_eq!(all.prefixes, ["node", "sample"]);
            assert_eq!(groups.list(&[], 1).names, ["use_sim_time"]);
            assert_eq!(groups.list(&names(&["sample"]), 1).names.len(), 4);
            assert_eq!(groups.list(&names(&["sam", "sample.count"]), 0).names, ["sample.count"]);
            let described = groups.describe(&names(&["sample.reach_m", "node.autostart", "sample.word", "nothing"]));
            let ranges: Vec<usize> = described.iter().map(|d| d.floating_point_range.len()).collect();
            assert_eq!(ranges, [1, 0, 0, 0]);
            let first = described.first().expect("four");
            assert_eq!((first.description.as_str(), first.r#type, first.read_only), ("A length. [m]", 3, false));
            assert_eq!(described.get(1).map(|d| d.read_only), Some(true));
            assert_eq!(described.get(2).map(|d| d.additional_constraints.as_str()), Some("one of slow, stop"));
            assert_eq!(groups.types(&names(&["sample.names", "x"])), [9, 0]);
            assert_eq!(groups.get(&names(&["x", "sample.count"])).iter().map(|v| v.integer_value).collect::<Vec<_>>(), [0, 3]);
        });
    }

    #[test]
    fn values_are_set_or_refused_with_the_reason() {
        with(|groups| {
            for (name, value, reason) in [
                ("sample.reach_m", Value::Float(3.0), "parameter `sample.reach_m` must be within 0..=2 m: got 3.0"),
                ("sample.reach_m", Value::Float(f64::NAN), "parameter `sample.reach_m` must be finite: got .nan"),
                ("sample.count", Value::Text("x".to_owned()), "parameter `sample.count` must be of type integer: got string \"x\""),
                ("sample.word", Value::Text("go".to_owned()), "parameter `sample.word` must be one of slow, stop: got `go`"),
                ("node.autostart", Value::Bool(false), "parameter `node.autostart` is fixed while the node runs"),
                ("sample.x", Value::Bool(false), "unknown parameter `sample.x`"),
            ] {
                let (results, changed) = groups.set_each(&[parameter(name, value)]);
                assert_eq!(results.first().map(|r| (r.successful, r.reason.as_str())), Some((false, reason)));
                assert!(changed.is_empty());
            }
            let unset = Parameter { name: "sample.count".to_owned(), value: ParameterValue::default() };
            assert!(!groups.set_all(&[unset]).0.successful);
            let (results, changed) =
                groups.set_each(&[parameter("sample.reach_m", Value::Integer(2)), parameter("sample.count", Value::Integer(3))]);
            assert!(results.iter().all(|result| result.successful));
            assert_eq!(changed.len(), 1, "the count was 3 before");
            let told = changed.first().map(|parameter| (parameter.value.r#type, parameter.value.double_value));
            assert_eq!(told, Some((ParameterType::PARAMETER_DOUBLE, 2.0)), "events have the declared type");
        });
    }

    #[test]
    fn an_empty_list_is_one_of_what_was_declared() {
        with(|groups| {
            let empty = |kind| ParameterValue { r#type: kind, ..ParameterValue::default() };
            for kind in [ParameterType::PARAMETER_BYTE_ARRAY, ParameterType::PARAMETER_BOOL_ARRAY, ParameterType::PARAMETER_INTEGER_ARRAY] {
                let full = parameter("sample.names", Value::Texts(vec!["b".to_owned()]));
                let none = Parameter { name: "sample.names".to_owned(), value: empty(kind) };
                let (results, changed) = groups.set_each(&[full, none]);
                assert!(results.iter().all(|result| result.successful), "{results:?}");
                assert_eq!(
                    changed.last().map(|p| p.value.clone()),
                    Some(empty(ParameterType::PARAMETER_STRING_ARRAY)),
                    "as it was declared"
                );
            }
            let bytes = ParameterValue { byte_array_value: vec![1], ..empty(ParameterType::PARAMETER_BYTE_ARRAY) };
            for (name, value) in [("sample.names", bytes), ("sample.count", empty(ParameterType::PARAMETER_BYTE_ARRAY))] {
                let (result, _) = groups.set_all(&[Parameter { name: name.to_owned(), value }]);
                assert_eq!(result.reason, format!("parameter `{name}` is no array of bools or bytes"));
            }
        });
    }

    #[test]
    fn all_or_none_keeps_the_rules_between_parameters() {
        with(|groups| {
            let both = [parameter("sample.count", Value::Integer(7)), parameter("sample.word", Value::Text("stop".to_owned()))];
            let (result, changed) = groups.set_all(&both);
            assert_eq!(result.reason, "parameter `sample.count` must be 5 or less to stop: got 7");
            assert!(changed.is_empty());
            assert_eq!(groups.get(&names(&["sample.count"])).first().map(|v| v.integer_value), Some(3));
            assert!(groups.set_each(&both).0.iter().map(|r| r.successful).eq([true, false]));
        });
    }

    #[test]
    fn files_and_settings_are_taken_in_order_for_their_node() {
        let line = "--ros-args -p sample.count:=4 --params-file f -p other:sample.count:=9 -p eye:use_sim_time:=true";
        let (args, _) = RosArgs::split(line.split(' ').map(str::to_owned)).expect("good");
        let node = NodeName::new("/r1", "eye").expect("good");
        with(|groups| {
            let file = "/r1/eye:\n  ros__parameters:\n    sample: {count: 5}\n    use_sim_time: false\n";
            groups.take_arguments(&args, &node, |_| Ok(file.to_owned())).expect("good");
            assert_eq!(groups.get(&names(&["sample.count"])).first().map(|v| v.integer_value), Some(5));
            assert_eq!(groups.get(&names(&["use_sim_time"])).first().map(|v| v.bool_value), Some(true));
            for for_others in ["/r1/ear:\n  ros__parameters: {x: 1}\n", "/**:\n  ros__parameters: {ear: {x: 1}}\n"] {
                assert_eq!(groups.take_arguments(&args, &node, |_| Ok(for_others.to_owned())), Ok(()), "{for_others}");
            }
            let missing = groups.take_arguments(&args, &node, |_| Err(std::io::Error::other("gone")));
            assert_eq!(missing, Err("cannot read parameter file f: gone".to_owned()));
        });
    }
}

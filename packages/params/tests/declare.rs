//! A declaration with every type, used from outside the crate as the stages use it.

use vedette_params::{Constant, ParamError, ParamKind, ParamSet, Range, Value};

vedette_params::params! {
    /// Everything that
    /// can be declared.
    pub struct SampleParams: "sample", validate = ordered {
        /// A switch.
        is_on: bool = true;
        /// A whole number.
        count: i64 = 500, range -1..=600_000, unit "ms";
        /// A number.
        level: f64 = 0.1, range 0.0..=5.0, unit "s";
        /// A number without
        /// a range.
        free: f64 = -2.5;
        /// A word.
        mode: String = "slow_down", one_of ["continue", "slow_down"];
        /// Numbers.
        levels: Vec<f64> = [50.0, 1000.0], range 0.0..=1_000_000.0, unit "ppm";
        /// Whole numbers.
        counts: Vec<i64> = [], range 0..=9;
        /// Texts.
        topics: Vec<String> = [];
        /// Words.
        kinds: Vec<String> = ["gas"], one_of ["gas", "range",];
    }
}

vedette_params::params! {
    /// No hook, no ranges.
    struct BareParams: "bare" {
        /// A text.
        text: String = "";
    }
}

fn ordered(params: &SampleParams) -> Result<(), ParamError> {
    if params.free < params.level {
        return Ok(());
    }
    Err(ParamError::inconsistent("sample.free", "must be below sample.level", &params.free))
}

#[test]
fn defaults_are_what_was_declared() {
    let params = SampleParams::default();
    assert_eq!((params.is_on, params.count, params.level, params.mode.as_str()), (true, 500, 0.1, "slow_down"));
    assert_eq!((params.levels.as_slice(), params.counts.as_slice(), params.topics.len()), (&[50.0, 1000.0][..], &[][..], 0));
    for descriptor in SampleParams::DESCRIPTORS {
        assert_eq!(params.get(descriptor.name), Some(Value::from(descriptor.default)), "{}", descriptor.name);
    }
    assert_eq!(params.check(), Ok(()));
    assert_eq!(BareParams::default().check(), Ok(()));
}

#[test]
fn descriptors_say_what_was_declared() {
    let level = &SampleParams::DESCRIPTORS[2];
    assert_eq!((level.name, level.full_name, level.kind, level.unit), ("level", "sample.level", ParamKind::Float, Some("s")));
    assert_eq!((level.range, level.default), (Some(Range::Float { min: 0.0, max: 5.0 }), Constant::Float(0.1)));
    assert_eq!(SampleParams::DESCRIPTORS[3].doc(), "A number without a range.");
    assert_eq!(SampleParams::DESCRIPTORS[4].one_of, ["continue", "slow_down"]);
    assert_eq!(SampleParams::default().group_doc(), "Everything that can be declared.");
}

fn check(name: &str, value: Value, expect: &str) {
    let mut params = SampleParams::default();
    let message = params.set(name, value).map_or_else(|error| error.to_string(), |()| "ok".to_owned());
    assert_eq!(message, expect);
    if expect != "ok" {
        assert_eq!(params, SampleParams::default(), "a refused value changed something");
    }
}

#[test]
fn values_are_checked_one_by_one() {
    let text = |text: &str| Value::Text(text.to_owned());
    check("level", Value::Float(5.0), "ok");
    check("sample.level", Value::Integer(5), "ok");
    check("level", Value::Float(5.1), "parameter `sample.level` must be within 0..=5 s: got 5.1");
    check("level", Value::Float(f64::NAN), "parameter `sample.level` must be finite: got .nan");
    check("free", Value::Float(f64::NEG_INFINITY), "parameter `sample.free` must be finite: got -.inf");
    check("level", text("1"), "parameter `sample.level` must be of type double: got string \"1\"");
    check("count", Value::Float(1.0), "parameter `sample.count` must be of type integer: got double 1.0");
    check("count", Value::Integer(-2), "parameter `sample.count` must be within -1..=600000 ms: got -2");
    check("is_on", Value::Integer(1), "parameter `sample.is_on` must be of type bool: got integer 1");
    check("mode", text("stop"), "parameter `sample.mode` must be one of continue, slow_down: got `stop`");
    check("levels", Value::Integers(vec![1, 2]), "ok");
    check("levels", Value::Integers(vec![]), "ok");
    check("topics", Value::Integers(vec![]), "ok");
    check("levels", Value::Floats(vec![1.0, -1.0]), "parameter `sample.levels` must be within 0..=1000000 ppm: got -1.0");
    check("counts", Value::Integers(vec![3, 10]), "parameter `sample.counts` must be within 0..=9: got 10");
    check("counts", Value::Floats(vec![3.0]), "parameter `sample.counts` must be of type integer array: got double array [3.0]");
    check("kinds", Value::Texts(vec!["gas".into(), "fog".into()]), "parameter `sample.kinds` must be one of gas, range: got `fog`");
    check("lvel", Value::Float(1.0), "unknown parameter `sample.lvel`; did you mean `sample.level`?");
    check(
        "sample.nothing_like_it_at_all",
        Value::Bool(true),
        "unknown parameter `sample.nothing_like_it_at_all`; known: sample.is_on, sample.count, sample.level, sample.free, sample.mode, sample.levels, sample.counts, sample.topics, sample.kinds",
    );
}

#[test]
fn values_that_code_put_in_are_found() {
    let params = SampleParams { level: 9.0, ..SampleParams::default() };
    assert!(matches!(params.check(), Err(ParamError::OutOfRange { .. })));
    let params = SampleParams { free: 1.0, ..SampleParams::default() };
    assert_eq!(params.check().unwrap_err().to_string(), "parameter `sample.free` must be below sample.level: got 1");
}

//! The [`params!`](crate::params) macro. `macro_rules`, not a procedural macro: one crate less to build, and what it writes can be read here.

/// Declares a group of parameters.
///
/// Types: `bool`, `i64`, `f64`, `String`, `Vec<i64>`, `Vec<f64>`, `Vec<String>`. After the default may follow, in this order, `range a..=b`
/// (numbers; for lists every element), `one_of [..]` (texts) and `unit "s"`. `validate = path` names a `fn(&Self) -> Result<(), ParamError>`
/// for rules between parameters. A default outside its own range does not compile.
///
/// ```
/// vedette_params::params! {
///     /// Time alignment.
///     pub struct FusionParams: "fusion" {
///         /// Largest distance between the image stamp and a matched reading.
///         max_interval_secs: f64 = 0.1, range 0.0..=5.0, unit "s";
///         /// Topics of the cameras; empty takes every image topic.
///         camera_topics: Vec<String> = [];
///     }
/// }
/// use vedette_params::ParamSet;
/// let mut fusion = FusionParams::default();
/// fusion.set("fusion.max_interval_secs", vedette_params::Value::Integer(1))?;
/// assert_eq!(fusion.max_interval_secs, 1.0);
/// assert_eq!(FusionParams::DESCRIPTORS[0].unit, Some("s"));
/// # Ok::<(), vedette_params::ParamError>(())
/// ```
/// ```compile_fail
/// vedette_params::params! {
///     /// A default outside its own range.
///     pub struct WrongParams: "wrong" {
///         /// Too large.
///         level: f64 = 2.0, range 0.0..=1.0;
///     }
/// }
/// ```
#[macro_export]
macro_rules! params {
    (
        $(#[doc = $group_doc:literal])*
        $vis:vis struct $name:ident: $prefix:literal $(, validate = $validate:path)? {
            $(
                $(#[doc = $doc:literal])*
                $field:ident: $base:ident $(<$inner:ident>)? = $default:expr
                    $(, range $range:expr)? $(, one_of [$($word:literal),+ $(,)?])? $(, unit $unit:literal)?;
            )*
        }
    ) => {
        $(#[doc = $group_doc])*
        #[derive(Clone, Debug, PartialEq, $crate::serde::Serialize)]
        #[serde(crate = "vedette_params::serde")]
        $vis struct $name {
            $(
                $(#[doc = $doc])*
                pub $field: $base $(<$inner>)?,
            )*
        }

        impl $name {
            /// First word of the full names.
            pub const PREFIX: &'static str = $prefix;

            /// The declared parameters, in order of declaration.
            pub const DESCRIPTORS: &'static [$crate::Descriptor] = &[
                $($crate::Descriptor {
                    name: stringify!($field),
                    full_name: concat!($prefix, ".", stringify!($field)),
                    kind: $crate::__param_kind!($base $(<$inner>)?),
                    default: $crate::__param_constant!($base $(<$inner>)?, $default),
                    range: $crate::__param_range!([$($range)?] $base $(<$inner>)?),
                    one_of: &[$($($word),+)?],
                    unit: $crate::__param_option!($($unit)?),
                    raw_doc: concat!($($doc, "\n"),*),
                },)*
            ];
        }

        const _: () = {
            let mut rest = $name::DESCRIPTORS;
            while let [descriptor, tail @ ..] = rest {
                assert!(descriptor.default_is_allowed(), "a default is outside the range or list it was declared with");
                rest = tail;
            }
        };

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $crate::__param_owned!($base $(<$inner>)?, $default),)* }
            }
        }

        impl $crate::ParamSet for $name {
            fn prefix(&self) -> &'static str {
                Self::PREFIX
            }

            fn group_doc(&self) -> String {
                $crate::__join_lines(concat!($($group_doc, "\n"),*))
            }

            fn descriptors(&self) -> &'static [$crate::Descriptor] {
                Self::DESCRIPTORS
            }

            fn get(&self, name: &str) -> Option<$crate::Value> {
                match $crate::__find(Self::PREFIX, Self::DESCRIPTORS, name).ok()?.name {
                    $(stringify!($field) => Some($crate::__param_value!([self.$field.clone()] $base $(<$inner>)?)),)*
                    _ => None,
                }
            }

            fn set(&mut self, name: &str, value: $crate::Value) -> Result<(), $crate::ParamError> {
                let descriptor = $crate::__find(Self::PREFIX, Self::DESCRIPTORS, name)?;
                let value = descriptor.check(value)?;
                match (descriptor.name, value) {
                    $((stringify!($field), $crate::__param_value!([value] $base $(<$inner>)?)) => self.$field = value,)*
                    // `check` returns the declared type and `__find` a declared name.
                    _ => {}
                }
                Ok(())
            }

            fn validate(&self) -> Result<(), $crate::ParamError> {
                $(return $validate(self);)?
                #[allow(unreachable_code, reason = "reached when no hook is declared")]
                Ok(())
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __param_kind {
    (bool) => {
        $crate::ParamKind::Bool
    };
    (i64) => {
        $crate::ParamKind::Integer
    };
    (f64) => {
        $crate::ParamKind::Float
    };
    (String) => {
        $crate::ParamKind::Text
    };
    (Vec<i64>) => {
        $crate::ParamKind::Integers
    };
    (Vec<f64>) => {
        $crate::ParamKind::Floats
    };
    (Vec<String>) => {
        $crate::ParamKind::Texts
    };
}

/// Stands for an expression and for a pattern, hence the bare tokens.
#[doc(hidden)]
#[macro_export]
macro_rules! __param_value {
    ([$($value:tt)+] bool) => { $crate::Value::Bool($($value)+) };
    ([$($value:tt)+] i64) => { $crate::Value::Integer($($value)+) };
    ([$($value:tt)+] f64) => { $crate::Value::Float($($value)+) };
    ([$($value:tt)+] String) => { $crate::Value::Text($($value)+) };
    ([$($value:tt)+] Vec<i64>) => { $crate::Value::Integers($($value)+) };
    ([$($value:tt)+] Vec<f64>) => { $crate::Value::Floats($($value)+) };
    ([$($value:tt)+] Vec<String>) => { $crate::Value::Texts($($value)+) };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __param_constant {
    (bool, $value:expr) => {
        $crate::Constant::Bool($value)
    };
    (i64, $value:expr) => {
        $crate::Constant::Integer($value)
    };
    (f64, $value:expr) => {
        $crate::Constant::Float($value)
    };
    (String, $value:expr) => {
        $crate::Constant::Text($value)
    };
    (Vec<i64>, $value:expr) => {
        $crate::Constant::Integers(&$value)
    };
    (Vec<f64>, $value:expr) => {
        $crate::Constant::Floats(&$value)
    };
    (Vec<String>, $value:expr) => {
        $crate::Constant::Texts(&$value)
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __param_owned {
    (bool, $value:expr) => {
        $value
    };
    (i64, $value:expr) => {
        $value
    };
    (f64, $value:expr) => {
        $value
    };
    (String, $value:expr) => {
        String::from($value)
    };
    (Vec<i64>, $value:expr) => {
        Vec::<i64>::from($value)
    };
    (Vec<f64>, $value:expr) => {
        Vec::<f64>::from($value)
    };
    (Vec<String>, $value:expr) => {{
        const TEXTS: &[&str] = &$value;
        TEXTS.iter().map(|&text| String::from(text)).collect()
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __param_range {
    ([] $base:ident $(<$inner:ident>)?) => { None };
    ([$range:expr] Vec<$inner:ident>) => { $crate::__param_range!([$range] $inner) };
    ([$range:expr] i64) => {{
        const RANGE: std::ops::RangeInclusive<i64> = $range;
        Some($crate::Range::Integer { min: *RANGE.start(), max: *RANGE.end() })
    }};
    ([$range:expr] f64) => {{
        const RANGE: std::ops::RangeInclusive<f64> = $range;
        Some($crate::Range::Float { min: *RANGE.start(), max: *RANGE.end() })
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __param_option {
    () => {
        None
    };
    ($value:expr) => {
        Some($value)
    };
}

//! Numbers and names as they stand in a prompt.
//!
//! In -> out: values with units, and names from foreign bags -> short text of harmless characters.
//! Deliberately absent: templates and languages. Whatever a topic or gas is called, it cannot start a tag, a template or a line.

/// `name` in at most `max` characters of letters, digits and `_ - . /`. Of a long name the end stays, where topics differ.
pub(crate) fn plain(name: &str, max: usize) -> String {
    let harmless = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/') { c } else { '_' };
    let name = name.trim_matches('/');
    let skipped = name.chars().count().saturating_sub(max);
    let text: String = name.chars().skip(skipped).map(harmless).collect();
    if text.is_empty() { "unnamed".to_owned() } else { text }
}

/// `value` with the digits that are worth having in `unit`, and the unit.
pub(crate) fn quantity(value: f64, unit: &str) -> String {
    let decimals = match unit {
        "ppm" if value.abs() < 10.0 => 1,
        "ppm" | "deg" | "%" => 0,
        "degC" | "V" | "s" => 1,
        _ => 2,
    };
    if value.abs() >= 1e6 {
        return format!("{value:.1e} {unit}");
    }
    let text = format!("{value:.decimals$}");
    // Rounding leaves "-0.00", which says nothing that "0.00" does not.
    let is_zero = text.bytes().all(|byte| matches!(byte, b'-' | b'0' | b'.'));
    let text = if is_zero { text.trim_start_matches('-') } else { &text };
    format!("{text} {unit}")
}

#[cfg(test)]
mod tests {
    use super::{plain, quantity};
    use proptest::prelude::*;

    #[test]
    fn numbers_have_the_digits_of_their_unit() {
        let check = |value: f64, unit: &str, expected: &str| assert_eq!(quantity(value, unit), expected);
        check(12.4, "ppm", "12 ppm");
        check(0.24, "ppm", "0.2 ppm");
        check(24.46, "degC", "24.5 degC");
        check(-0.001, "m/s", "0.00 m/s");
        check(-0.25, "m/s", "-0.25 m/s");
        check(76.4, "%", "76 %");
        check(1.0e300, "ppm", "1.0e300 ppm");
    }

    #[test]
    fn names_become_harmless() {
        let check = |name: &str, expected: &str| assert_eq!(plain(name, 16), expected);
        check("/robot1/scan", "robot1/scan");
        check("co", "co");
        check("", "unnamed");
        check("///", "unnamed");
        check("<__media__>\n{{x}}", "__media______x__");
        check("/a/very/long/topic/front/range", "opic/front/range");
    }

    proptest! {
        #[test]
        fn any_name_is_short_and_harmless(name in any::<String>(), max in 1usize..40) {
            let text = plain(&name, max);
            prop_assert!(text.len() <= max.max("unnamed".len()));
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-./".contains(&b)), "{}", text);
        }

        #[test]
        fn any_number_is_short(value in any::<f64>().prop_filter("finite", |v| v.is_finite()), unit in prop::sample::select(&["ppm", "m", "s", "%"][..])) {
            prop_assert!(quantity(value, unit).len() <= 16);
        }
    }
}

//! Parts of a labelled set, for training on some and judging on the others. In -> out: the number of a file among those of its label, in the order
//! of the names -> whether it is held out. It reads no folder.

use std::fmt;
use std::str::FromStr;

/// One part: file number `n` of its label belongs to part `n % parts`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    held_out: usize,
    parts: usize,
}

impl Fold {
    /// Whether the file with this number is held out.
    pub const fn holds_out(self, number: usize) -> bool {
        number % self.parts == self.held_out
    }
}

impl fmt::Display for Fold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.held_out, self.parts)
    }
}

impl FromStr for Fold {
    type Err = String;

    /// `0/5`: the first of five parts.
    fn from_str(text: &str) -> Result<Self, String> {
        let (held_out, parts) = text.split_once('/').ok_or("expected I/N, for example 0/5")?;
        let number = |text: &str| text.parse::<usize>().map_err(|error| format!("`{text}`: {error}"));
        let fold = Self { held_out: number(held_out)?, parts: number(parts)? };
        if fold.held_out < fold.parts {
            Ok(fold)
        } else {
            Err(format!("part {held_out} of {parts} does not exist; the first is 0/{parts}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Fold;

    #[test]
    fn every_file_is_held_out_by_one_part() {
        let folds: Vec<Fold> = (0..5).map(|part| format!("{part}/5").parse().expect("a part")).collect();
        for number in 0..23 {
            assert_eq!(folds.iter().filter(|fold| fold.holds_out(number)).count(), 1);
        }
        assert_eq!(folds[3].to_string(), "3/5");
    }

    #[test]
    fn what_is_no_part_is_refused_with_the_reason() {
        for (text, reason) in
            [("5/5", "does not exist"), ("0/0", "does not exist"), ("1", "expected I/N"), ("a/5", "`a`"), ("-1/5", "`-1`")]
        {
            let error = text.parse::<Fold>().expect_err("no part");
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}

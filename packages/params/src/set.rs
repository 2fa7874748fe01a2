//! What the structs of all stages have in common, so that one loader and one renderer serve them all.

use crate::{Descriptor, ParamError, Value};

/// A group of parameters: what [`params!`](crate::params) implements for the struct it writes. Names may be given with or without the prefix.
pub trait ParamSet {
    /// First word of the full names: `fusion`.
    fn prefix(&self) -> &'static str;

    /// What the group is for, as one line.
    fn group_doc(&self) -> String;

    /// The declared parameters, in order of declaration.
    fn descriptors(&self) -> &'static [Descriptor];

    /// The present value; `None` for an undeclared name.
    fn get(&self, name: &str) -> Option<Value>;

    /// Sets one parameter after checking type and range. Rules between parameters are [`validate`](Self::validate)'s business.
    ///
    /// # Errors
    /// Any [`ParamError`] about one parameter; the group is then unchanged.
    fn set(&mut self, name: &str, value: Value) -> Result<(), ParamError>;

    /// Rules between parameters: the hook named in the declaration.
    ///
    /// # Errors
    /// [`ParamError::Inconsistent`].
    fn validate(&self) -> Result<(), ParamError>;

    /// Everything that must hold: fields are public, so code may have put anything into them.
    ///
    /// # Errors
    /// The first rule that does not hold.
    fn check(&self) -> Result<(), ParamError> {
        for descriptor in self.descriptors() {
            if let Some(value) = self.get(descriptor.name) {
                descriptor.check(value)?;
            }
        }
        self.validate()
    }
}

/// The descriptor for `name`, given with or without `prefix`.
#[doc(hidden)]
pub fn find(prefix: &str, descriptors: &'static [Descriptor], name: &str) -> Result<&'static Descriptor, ParamError> {
    let found = descriptors.iter().find(|descriptor| descriptor.name == name || descriptor.full_name == name);
    found.ok_or_else(|| {
        let full = if name.starts_with(prefix) { name.to_owned() } else { format!("{prefix}.{name}") };
        unknown(&full, descriptors.iter())
    })
}

/// The error for an undeclared `name` among `declared`.
pub(crate) fn unknown<'a>(name: &str, declared: impl Iterator<Item = &'a Descriptor>) -> ParamError {
    let full_names: Vec<&str> = declared.map(|descriptor| descriptor.full_name).collect();
    let group = |name: &str| name.rsplit_once('.').map(|(group, _)| group.to_owned()).unwrap_or_default();
    let mut known: Vec<String> = full_names.iter().filter(|full| group(full) == group(name)).map(|full| (*full).to_owned()).collect();
    if known.is_empty() {
        known = full_names.iter().map(|full| format!("{}.*", group(full))).collect();
        known.dedup();
    }
    let nearest = full_names.iter().map(|full| (edit_distance(name, full), *full)).min();
    // A third of the letters wrong is another word.
    let nearest = nearest.filter(|(distance, full)| *distance * 3 <= full.len().min(name.len())).map(|(_, full)| full.to_owned());
    ParamError::Unknown { name: name.to_owned(), nearest, known, file: String::new() }
}

/// Levenshtein distance in characters; the first 128 of each text decide, so that a hostile name costs nothing.
fn edit_distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().take(128).collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.chars().take(128).enumerate() {
        let mut next = vec![i + 1];
        for ((r, diagonal), above) in right.iter().zip(&row).zip(row.iter().skip(1)) {
            let beside = next.last().copied().unwrap_or_default();
            next.push((diagonal + usize::from(l != *r)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

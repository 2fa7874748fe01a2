//! Which appearance belongs to which family: the one table. In -> out: an ingredient of a scene -> its family. The three families share none
//! of them, so that what a model learns on one says something about appearances it never saw. It draws nothing and places nothing.

use super::layout::Layout;
use crate::{random::Random, scene::Look};
use std::{fmt, str::FromStr};
use vedette_types::UnknownName;

/// A family of appearances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// What a model may learn from: the larger share, with everything the bundled maps look like.
    Train,
    /// What choices are made on.
    Validation,
    /// What is reported; nothing else may look at it.
    Test,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// Its word in files and commands.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Family {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = &["train", "validation", "test"];
        let found = Self::ALL.into_iter().find(|family| family.word() == text);
        found.ok_or_else(|| UnknownName { what: "family", name: text.to_owned(), known })
    }
}

impl Family {
    /// Its layouts.
    pub(super) fn layouts(self) -> Vec<Layout> {
        Layout::ALL.into_iter().filter(|layout| of_layout(*layout) == self).collect()
    }

    /// One of its forms of a look.
    pub(super) fn form(self, _look: Look, _random: &mut Random) -> u8 {
        0
    }
}

/// Whose a layout is.
pub(super) const fn of_layout(layout: Layout) -> Family {
    match layout {
        Layout::Room
        | Layout::Hall
        | Layout::Corridor
        | Layout::LShape
        | Layout::ShelfAisle
        | Layout::PillarHall
        | Layout::Niches
        | Layout::Doorway
        | Layout::Cubicles
        | Layout::Storeroom
        | Layout::CrossAisle => Family::Train,
        Layout::TJunction | Layout::Octagon | Layout::Islands => Family::Validation,
        Layout::Staggered | Layout::UShape | Layout::Columns | Layout::Tapered => Family::Test,
    }
}

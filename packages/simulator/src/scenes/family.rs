//! Which appearance belongs to which family: the one table. In -> out: an ingredient of a scene -> its family. The three families share none
//! of them, so that what a model learns on one says something about appearances it never saw. It draws nothing and places nothing.

use super::layout::Layout;
use crate::{
    paint::{LampForm, Pattern},
    random::Random,
    scene::Look,
};
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

/// Width of a sector of hues, degrees, and what is left free at either end of one.
const SECTOR_DEG: f64 = 20.0;
const SECTOR_MARGIN_DEG: f64 = 2.0;
/// Whose each sector of hues is, from red over yellow, green and blue back to red: walls, floors, ceilings, shelves, skirtings. What a thing
/// is made of keeps its colours, because some hazards are known by them.
const HUES: [Family; 18] = {
    const A: Family = Family::Train;
    const B: Family = Family::Validation;
    const C: Family = Family::Test;
    [A, A, A, A, C, A, B, C, B, A, A, A, A, C, A, C, B, A]
};
/// Whose each form of a look is, by number; further ones begin anew.
const FORMS: [Family; 8] = {
    const A: Family = Family::Train;
    const B: Family = Family::Validation;
    const C: Family = Family::Test;
    [A, B, C, A, A, C, A, A]
};

/// A hue with its strength.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Tone {
    /// 0 to 360: red, yellow, green, cyan, blue, magenta.
    pub(super) hue_deg: f64,
    /// 0 (grey) to 1.
    pub(super) saturation: f64,
}

impl Tone {
    /// Linear RGB with this hue and saturation (HSV model); `value` is the brightest channel.
    pub(super) fn colour(self, value: f64) -> [f32; 3] {
        // Alvy Ray Smith, Color Gamut Transform Pairs, 1978, in its form without cases.
        [5.0, 3.0, 1.0].map(|shift: f64| {
            let k = (shift + self.hue_deg / 60.0).rem_euclid(6.0);
            (value * (1.0 - self.saturation * k.min(4.0 - k).clamp(0.0, 1.0))) as f32
        })
    }
}

impl Family {
    /// Its layouts.
    pub(super) fn layouts(self) -> Vec<Layout> {
        Layout::ALL.into_iter().filter(|layout| Self::of_layout(*layout) == self).collect()
    }

    /// One of its forms of a look.
    pub(super) fn form(self, look: Look, random: &mut Random) -> u8 {
        let forms: Vec<u8> = (0..look.forms()).filter(|form| Self::of_form(*form) == self).collect();
        forms.get(random.index(forms.len())).copied().unwrap_or(0)
    }

    /// One of its hues, degrees.
    pub(super) fn hue_deg(self, random: &mut Random) -> f64 {
        let sectors: Vec<usize> = (0..HUES.len()).filter(|sector| HUES[*sector] == self).collect();
        let sector = sectors.get(random.index(sectors.len())).copied().unwrap_or(0);
        SECTOR_DEG * sector as f64 + random.within(SECTOR_MARGIN_DEG, SECTOR_DEG - SECTOR_MARGIN_DEG)
    }

    /// Whose a form of a look is. Form 0, what the bundled maps show, is for training.
    pub(super) fn of_form(form: u8) -> Self {
        FORMS[usize::from(form) % FORMS.len()]
    }

    /// Whose a layout is.
    pub(super) const fn of_layout(layout: Layout) -> Self {
        use Layout as L;
        match layout {
            L::Room | L::Hall | L::Corridor | L::LShape | L::ShelfAisle | L::PillarHall => Self::Train,
            L::Niches | L::Doorway | L::Cubicles | L::Storeroom | L::CrossAisle => Self::Train,
            L::TJunction | L::Octagon | L::Islands => Self::Validation,
            L::Staggered | L::UShape | L::Columns | L::Tapered => Self::Test,
        }
    }

    /// Whose a pattern is. What the bundled maps show is for training: concrete, sheet metal, boards, paint, carpet, panels.
    pub(super) const fn of_pattern(pattern: Pattern) -> Self {
        use Pattern as P;
        match pattern {
            P::Plain | P::Speckle | P::Tiles | P::Planks | P::Checker | P::Stripes | P::Terrazzo | P::Marble | P::Concrete => Self::Train,
            P::Carpet | P::Panels | P::Plaster | P::Stain | P::Corrugated | P::Gradient | P::Mosaic | P::Plaid | P::Scuffed => Self::Train,
            P::Wavy | P::Diamonds | P::Dots | P::Cobbles => Self::Validation,
            P::OffsetTiles | P::Hexagons | P::Herringbone | P::Weave | P::Camouflage | P::Chevron => Self::Test,
        }
    }

    /// Whose a form of lamp is.
    pub(super) const fn of_lamp(lamp: LampForm) -> Self {
        use LampForm as L;
        match lamp {
            L::Disc | L::Tube | L::Panel | L::Bulb | L::Strip | L::Shade => Self::Train,
            L::Globe => Self::Validation,
            L::Ring | L::Spot => Self::Test,
        }
    }
}

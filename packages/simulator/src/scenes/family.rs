//! Which appearance belongs to which family: the one table. In -> out: an ingredient of a scene -> its family. The three families share none
//! of them, so that what a model learns on one says something about appearances it never saw. It draws nothing and places nothing.

use super::layout::Layout;
use crate::{
    paint::{LampForm, Pattern},
    random::Random,
    render::first_invented,
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
/// Share of training things that have an invented form: the named ones are few, and a network would learn just these.
const INVENTED: f64 = 0.55;
/// Whose each form of a look is, by number. A form that shows what form 0 may show too is for training with it.
const fn forms(look: Look) -> &'static [Family] {
    const A: Family = Family::Train;
    const B: Family = Family::Validation;
    const C: Family = Family::Test;
    match look {
        // Campfire, line, bin; cartons, armchair, cabinet; flare, embers; invented: on the floor, on something.
        Look::Fire => &[A, A, C, A, B, C, A, A, A, A],
        // Billow, wisps, layer; white, black, from a machine; drifting; invented: column, layer.
        Look::Smoke => &[A, A, B, C, A, C, A, A, A],
        // Bottle or pipe, riser, hose; stove, tank, fallen bottle; invented: vessels, pipes.
        Look::GasLeak => &[A, A, B, C, C, A, A, A],
        // Puddle, trail, splashes; with bucket, drum, bottle; from under a machine; invented: bare, with a source.
        Look::LiquidSpill => &[A, A, C, A, A, C, B, A, A],
        // Anyhow, on the back, on the side; face down, curled up, slumped; arms spread, partly covered; invented: free,
        // with something.
        Look::PersonDown => &[A, A, A, A, B, A, C, C, A, A],
        // Heap, lumber, shelf; furniture, rubble, tree; pallets, barrels; invented: heap, row.
        Look::BlockedPath => &[A, A, A, B, C, C, A, A, A, A],
        // Cloth, flag, door; sofa, poster, curtain; invented: sheets, assembly.
        Look::RedCloth => &[A, C, B, A, C, A, A, A],
        // Cone, barrel, vest; bin, stand, small cones; invented.
        Look::OrangeCone => &[A, C, B, C, A, A, A],
        // Lamp and kettle, kettle, humidifier; floor lamp, heater, window at sunset; invented: low, tall.
        Look::LampInSteam => &[A, A, C, A, B, C, A, A],
        // Mat, rug, marking; cover, tiles, sheets; invented: even, cut.
        Look::BlueMat => &[A, A, B, C, C, A, A, A],
        // Patch, bars, long, dapple; invented: blotches, bands.
        Look::Shadow => &[A, C, A, B, A, A],
        // Idle, walking, bending; kneeling, reaching, carrying; invented: free, with something.
        Look::PersonStanding => &[A, A, C, B, A, C, A, A],
        // On a chair, stool, bench; on a block, at a table; invented.
        Look::PersonSitting => &[A, C, B, A, A, A],
        // Cartons, crates, pallet; rack, barrels; invented: stacks, shelf.
        Look::BoxStack => &[A, C, A, B, A, A, A],
        // Plain, round, desk; low, sideboard; invented.
        Look::Table => &[A, A, C, A, B, A],
        // Leafy, palm, cactus, bush; invented.
        Look::Plant => &[A, C, B, A, A],
    }
}

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
    pub(crate) fn form(self, look: Look, random: &mut Random) -> u8 {
        let mut forms: Vec<u8> = (0..look.forms()).filter(|form| Self::of_form(look, *form) == self).collect();
        if self == Self::Train {
            let is_invented = random.chance(INVENTED);
            forms.retain(|form| (*form >= first_invented(look)) == is_invented);
        }
        forms.get(random.index(forms.len())).copied().unwrap_or(0)
    }

    /// One of its hues, degrees.
    pub(super) fn hue_deg(self, random: &mut Random) -> f64 {
        let sectors: Vec<usize> = (0..HUES.len()).filter(|sector| HUES[*sector] == self).collect();
        let sector = sectors.get(random.index(sectors.len())).copied().unwrap_or(0);
        SECTOR_DEG * sector as f64 + random.within(SECTOR_MARGIN_DEG, SECTOR_DEG - SECTOR_MARGIN_DEG)
    }

    /// Whose a colour (linear RGB) of a painted building is; `None` for a grey, which has no hue.
    pub fn of_colour(colour: [f32; 3]) -> Option<Self> {
        let [red, green, blue] = colour.map(f64::from);
        let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
        let spread = most - least;
        if spread.is_nan() || spread < 1e-4 {
            return None;
        }
        let sixths = if most == red {
            (green - blue) / spread
        } else if most == green {
            2.0 + (blue - red) / spread
        } else {
            4.0 + (red - green) / spread
        };
        HUES.get(((60.0 * sixths).rem_euclid(360.0) / SECTOR_DEG) as usize).copied()
    }

    /// Whose a form of a look is. Form 0, what the bundled maps show, is for training.
    pub fn of_form(look: Look, form: u8) -> Self {
        let forms = forms(look);
        forms.get(usize::from(form) % forms.len()).copied().unwrap_or(Self::Train)
    }

    /// Whose a layout is.
    pub const fn of_layout(layout: Layout) -> Self {
        use Layout as L;
        match layout {
            L::Room | L::Hall | L::Corridor | L::LShape | L::ShelfAisle | L::PillarHall => Self::Train,
            L::Niches | L::Doorway | L::Cubicles | L::Storeroom | L::CrossAisle => Self::Train,
            L::TJunction | L::Octagon | L::Islands => Self::Validation,
            L::Staggered | L::UShape | L::Columns | L::Tapered => Self::Test,
        }
    }

    /// Whose a pattern is. What the bundled maps show is for training: concrete, sheet metal, boards, paint, carpet, panels.
    pub const fn of_pattern(pattern: Pattern) -> Self {
        use Pattern as P;
        match pattern {
            P::Plain | P::Speckle | P::Tiles | P::Planks | P::Checker | P::Stripes | P::Terrazzo | P::Marble | P::Concrete => Self::Train,
            P::Carpet | P::Panels | P::Plaster | P::Stain | P::Corrugated | P::Gradient | P::Mosaic | P::Plaid | P::Scuffed => Self::Train,
            P::Wavy | P::Diamonds | P::Dots | P::Cobbles => Self::Validation,
            P::OffsetTiles | P::Hexagons | P::Herringbone | P::Weave | P::Camouflage | P::Chevron => Self::Test,
        }
    }

    /// Whose a form of lamp is.
    pub const fn of_lamp(lamp: LampForm) -> Self {
        use LampForm as L;
        match lamp {
            L::Disc | L::Tube | L::Panel | L::Bulb | L::Strip | L::Shade => Self::Train,
            L::Globe => Self::Validation,
            L::Ring | L::Spot => Self::Test,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Members of each family, in order.
    fn shares<T>(all: impl IntoIterator<Item = T>, of: impl Fn(T) -> Family) -> [usize; 3] {
        let mut counts = [0; 3];
        all.into_iter().for_each(|one| counts[of(one) as usize] += 1);
        counts
    }

    #[test]
    fn training_has_the_larger_share_and_the_others_have_some_of_each() {
        assert_eq!(shares(Layout::ALL, Family::of_layout), [11, 3, 4]);
        assert_eq!(shares(Pattern::ALL, Family::of_pattern), [18, 4, 6]);
        assert_eq!(shares(LampForm::ALL, Family::of_lamp), [6, 1, 2]);
        assert_eq!(shares(HUES, |family| family), [11, 3, 4]);
        for look in Look::ALL {
            assert_eq!(forms(look).len(), usize::from(look.forms()), "{look:?}: the table and the renderer differ");
            let [train, validation, test] = shares(0..look.forms(), |form| Family::of_form(look, form));
            assert!(train >= validation + test && validation >= 1 && test >= 1, "{look:?} {train} {validation} {test}");
            assert_eq!(Family::of_form(look, 0), Family::Train);
            assert!((first_invented(look)..look.forms()).all(|form| Family::of_form(look, form) == Family::Train), "{look:?}");
        }
    }

    #[test]
    fn hues_come_back_from_colours() {
        let random = &mut Random::new(1, "test");
        for family in Family::ALL {
            for _ in 0..500 {
                let tone = Tone { hue_deg: family.hue_deg(random), saturation: random.within(0.05, 0.6) };
                assert_eq!(Family::of_colour(tone.colour(random.within(0.03, 0.9))), Some(family), "{tone:?}");
            }
        }
        assert_eq!(Family::of_colour([0.3; 3]), None);
        let colour = Tone { hue_deg: 240.0, saturation: 1.0 }.colour(0.5);
        assert!(colour[0].abs() < 1e-6 && colour[1].abs() < 1e-6 && colour[2] == 0.5, "{colour:?} is blue");
    }

    #[test]
    fn words_come_back() {
        for family in Family::ALL {
            assert_eq!(family.word().parse::<Family>(), Ok(family));
        }
        let error = "Test".parse::<Family>().expect_err("not a family").to_string();
        assert_eq!(error, "unknown family `Test`: one of train, validation, test");
    }
}

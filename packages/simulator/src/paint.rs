//! Painted buildings: any pattern in any colours on floor, walls, ceiling and shelves. In -> out: values that the renderer draws (see
//! `Style::Painted`). Deliberately absent: who chooses them, and which go well together.

/// What a painted building looks like.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Paint {
    /// The floor.
    pub floor: Surface,
    /// Walls, thin and outer ones.
    pub wall: Surface,
    /// The ceiling.
    pub ceiling: Surface,
    /// What is 0.3 to 3 m deep in the floor plan: shelves, cupboards, pillars.
    pub shelf: Surface,
    /// Colour of a board along the foot of the walls, linear albedo.
    pub skirting: Option<[f32; 3]>,
    /// What the ceiling lamps look like.
    pub lamp: LampForm,
}

/// One surface.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surface {
    /// How its colours are laid out.
    pub pattern: Pattern,
    /// Ground, second colour, and lines or joints; linear albedo, 0 to 1.
    pub colours: [[f32; 3]; 3],
    /// Size of the pattern's unit (tile, plank, stripe), metres; used within 0.02 to 10.
    pub scale_m: f32,
    /// How far second colour and lines differ from the ground, 0 (not at all) to 1.
    pub contrast: f32,
    /// How much of lamps and room it mirrors, 0 to 1; floors only.
    pub gloss: f32,
}

impl Surface {
    /// One colour, matt.
    pub const fn plain(colour: [f32; 3]) -> Self {
        Self { pattern: Pattern::Plain, colours: [colour; 3], scale_m: 1.0, contrast: 0.0, gloss: 0.0 }
    }
}

/// Layouts of three colours; each can be on any surface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// The ground, hardly uneven.
    Plain,
    /// Fine specks.
    Speckle,
    /// Square tiles with joints.
    Tiles,
    /// Bricks: rows shifted by half.
    OffsetTiles,
    /// Boards of different tone, with grain.
    Planks,
    /// A chessboard.
    Checker,
    /// Straight stripes.
    Stripes,
    /// Waved stripes.
    Wavy,
    /// Chips of two colours in the ground.
    Terrazzo,
    /// Veins.
    Marble,
    /// Clouds, cracks and joints far apart.
    Concrete,
    /// Short fibres.
    Carpet,
    /// Large upright panels with seams.
    Panels,
    /// Honeycomb.
    Hexagons,
    /// A lattice of diamonds.
    Diamonds,
    /// Blocks laid crosswise in steps.
    Herringbone,
    /// Brushed, rough plaster.
    Plaster,
    /// Stains that eat into the ground: rust, damp.
    Stain,
    /// Sheet folded into ribs.
    Corrugated,
    /// Round dots in rows.
    Dots,
    /// Strands over and under each other.
    Weave,
    /// From one colour to the other and back, slowly.
    Gradient,
    /// Patches of three colours.
    Camouflage,
    /// Small tiles of mixed colours.
    Mosaic,
    /// Uneven stones with joints.
    Cobbles,
    /// Zigzag stripes.
    Chevron,
    /// Stripes across stripes.
    Plaid,
    /// Long scratches and tyre marks on the ground.
    Scuffed,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Self; 28] = [
        Self::Plain,
        Self::Speckle,
        Self::Tiles,
        Self::OffsetTiles,
        Self::Planks,
        Self::Checker,
        Self::Stripes,
        Self::Wavy,
        Self::Terrazzo,
        Self::Marble,
        Self::Concrete,
        Self::Carpet,
        Self::Panels,
        Self::Hexagons,
        Self::Diamonds,
        Self::Herringbone,
        Self::Plaster,
        Self::Stain,
        Self::Corrugated,
        Self::Dots,
        Self::Weave,
        Self::Gradient,
        Self::Camouflage,
        Self::Mosaic,
        Self::Cobbles,
        Self::Chevron,
        Self::Plaid,
        Self::Scuffed,
    ];
}

/// What ceiling lamps look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LampForm {
    /// A flat round lamp on the ceiling.
    Disc,
    /// Two bare tubes in a tray.
    Tube,
    /// A square panel in the ceiling.
    Panel,
    /// A bulb on its cord.
    Bulb,
    /// A long strip of light.
    Strip,
    /// Three small spots on a rail.
    Spot,
    /// A ring that hangs from wires.
    Ring,
    /// A metal shade as in halls.
    Shade,
    /// A frosted globe on a rod.
    Globe,
}

impl LampForm {
    /// Every form.
    pub const ALL: [Self; 9] =
        [Self::Disc, Self::Tube, Self::Panel, Self::Bulb, Self::Strip, Self::Spot, Self::Ring, Self::Shade, Self::Globe];
}

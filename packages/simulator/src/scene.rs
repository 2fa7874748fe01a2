//! What a camera can see at one moment: the border between the world (which makes it) and the renderer (which draws it). Map frame: metres,
//! x and y as in the Nav2 map, z up from the floor; angles counter-clockwise, radians.

use crate::paint::Paint;
use std::sync::Arc;
use vedette_types::{KindId, RgbPixels};

/// One moment of a world, as far as light is concerned.
#[derive(Clone, Debug)]
pub struct Scene {
    /// What never moves.
    pub building: Arc<Building>,
    /// What stands, lies, burns or drifts in it.
    pub things: Vec<Thing>,
    /// Lamps; ceiling lamps mostly.
    pub lights: Vec<Light>,
    /// Light that comes from everywhere, 0 (night) to 1.
    pub ambient: f32,
    /// Decides textures; the same scene with another seed is another appearance of it.
    pub appearance_seed: u64,
    /// A photograph in place of walls, floor and ceiling: it fills the picture, cut where its sides differ, and is made as bright as the
    /// scene. The floor plan still decides what is hidden and where things touch the floor.
    pub backdrop: Option<Arc<RgbPixels>>,
}

/// Floor plan and walls, from an occupancy grid.
#[derive(Clone, Debug)]
pub struct Building {
    /// Side of one cell, metres.
    pub resolution_m: f64,
    /// Columns of the grid.
    pub width: usize,
    /// Rows of the grid.
    pub height: usize,
    /// Map coordinates of the lower left corner of cell (0, 0), metres.
    pub origin_m: [f64; 2],
    /// Row 0 is the lowest y; true where there is a wall or a shelf.
    pub is_solid: Vec<bool>,
    /// Height of the walls and of the ceiling, metres.
    pub ceiling_m: f64,
    /// What floor, walls and ceiling look like.
    pub style: Style,
}

/// Looks of a building.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one style a building; a box would cost it `Copy`")]
pub enum Style {
    /// Concrete floor, sheet-metal and rack walls, high ceiling.
    Warehouse,
    /// Wooden floor, painted walls.
    Home,
    /// Carpet, white walls, glass-like panels.
    Office,
    /// Any patterns and colours.
    Painted(Paint),
}

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// Number that stays with it for its life; found again in `Visible`.
    pub id: u32,
    /// What it looks like.
    pub look: Look,
    /// Which of the forms of its look, 0 to `Look::forms() - 1`; counted on from there.
    pub form: u8,
    /// Where its middle touches the floor, metres.
    pub position_m: [f64; 2],
    /// Which way it faces or lies, radians.
    pub heading_rad: f64,
    /// How far it has grown, 0 (just begun) to 1 (full); 1 for what does not grow.
    pub stage: f32,
    /// Time for flicker and drift, seconds.
    pub phase_secs: f64,
    /// Decides its shape and colours.
    pub seed: u64,
}

/// What a thing looks like. The first six are hazards, named as in `params/hazards.yaml`; the others are harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// Flames, up to 1.5 m high, with embers and light on its surroundings.
    Fire,
    /// Grey billows that grow, rise and spread below the ceiling.
    Smoke,
    /// A pale, low jet and cloud from a pipe or a gas bottle.
    GasLeak,
    /// A glossy puddle with a darker rim, up to 1.5 m across, sometimes with its bucket or drum.
    LiquidSpill,
    /// A person lying on the floor.
    PersonDown,
    /// Fallen boxes, planks or a toppled shelf across the way.
    BlockedPath,
    /// Red cloth hanging from a stand: no fire.
    RedCloth,
    /// An orange traffic cone: no fire.
    OrangeCone,
    /// A lamp in steam from a kettle or humidifier: no smoke.
    LampInSteam,
    /// A blue mat: no puddle.
    BlueMat,
    /// A dark shadow patch on the floor: no puddle.
    Shadow,
    /// A person standing.
    PersonStanding,
    /// A person sitting on a chair.
    PersonSitting,
    /// A neat stack of boxes beside the way.
    BoxStack,
    /// Furniture: table or desk.
    Table,
    /// Furniture: a plant in a pot.
    Plant,
}

impl Look {
    /// Every look.
    pub const ALL: [Self; 16] = [
        Self::Fire,
        Self::Smoke,
        Self::GasLeak,
        Self::LiquidSpill,
        Self::PersonDown,
        Self::BlockedPath,
        Self::RedCloth,
        Self::OrangeCone,
        Self::LampInSteam,
        Self::BlueMat,
        Self::Shadow,
        Self::PersonStanding,
        Self::PersonSitting,
        Self::BoxStack,
        Self::Table,
        Self::Plant,
    ];

    /// How many forms it has; `Thing::form` chooses. Form 0 is what the bundled worlds show.
    pub fn forms(self) -> u8 {
        crate::render::forms(self)
    }

    /// The hazard kind, for the six that are one.
    pub fn kind(self) -> Option<KindId> {
        let name = match self {
            Self::Fire => "fire",
            Self::Smoke => "smoke",
            Self::GasLeak => "gas_leak",
            Self::LiquidSpill => "liquid_spill",
            Self::PersonDown => "person_down",
            Self::BlockedPath => "blocked_path",
            _ => return None,
        };
        Some(KindId::new(name))
    }
}

/// A lamp.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Where it hangs, metres.
    pub position_m: [f64; 3],
    /// Linear RGB, 1 is a normal ceiling lamp at one metre.
    pub power: [f32; 3],
}

/// A camera: a pinhole, unless it is told to distort, blur or glare. `Camera::default()` does none of these.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// Where it is, metres.
    pub position_m: [f64; 3],
    /// Which way it looks, radians about z.
    pub yaw_rad: f64,
    /// Up is positive, radians.
    pub pitch_rad: f64,
    /// Horizontal field of view, radians.
    pub horizontal_fov_rad: f64,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Exposure factor; 1 is right for a well-lit room.
    pub exposure: f32,
    /// Standard deviation of the sensor noise, 0 to 1 of full scale.
    pub noise: f32,
    /// Seed of the sensor noise of this frame.
    pub noise_seed: u64,
    /// Turn about the optical axis, radians; positive lowers the right side of the camera. At most 1 either way.
    pub roll_rad: f64,
    /// Gain of each channel (white balance); 1 is neutral.
    pub tint: [f32; 3],
    /// How far the picture moves while the shutter is open, columns and rows; at most 64 pixels.
    pub blur_px: [f32; 2],
    /// How far bright places spread over their surroundings, 0 (not at all) to 1.
    pub glare: f32,
    /// Radial distortion by this share of the radius at the corner of the picture; negative is a barrel. -0.5 to 0.3.
    pub distortion: f32,
}

impl Default for Camera {
    /// 320 x 240, 1 m above the origin of the map, level, about 70 degrees, without noise or any effect.
    fn default() -> Self {
        Self {
            position_m: [0.0, 0.0, 1.0],
            yaw_rad: 0.0,
            pitch_rad: 0.0,
            horizontal_fov_rad: 1.22,
            width: 320,
            height: 240,
            exposure: 1.0,
            noise: 0.0,
            noise_seed: 0,
            roll_rad: 0.0,
            tint: [1.0; 3],
            blur_px: [0.0; 2],
            glare: 0.0,
            distortion: 0.0,
        }
    }
}

/// What of a thing is in a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Visible {
    /// The thing.
    pub id: u32,
    /// Bounding box of its visible pixels: left, top, width, height, pixels.
    pub box_px: [u32; 4],
    /// Its visible pixels (for smoke and gas: those it clearly changes).
    pub pixels: u32,
    /// Distance from the camera along the floor, metres.
    pub distance_m: f64,
}

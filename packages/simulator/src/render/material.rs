//! What bodies are made of.
//!
//! In -> out: a point in the body's own frame -> colour and own light. Deliberately absent: light that falls on it.

use super::{
    noise::{fract, smooth},
    vector::{V3, mix, scale},
};

#[derive(Clone, Copy, Debug)]
pub(super) enum Pattern {
    Plain,
    /// Cloth: soft folds along z.
    Cloth,
    /// A carton with these half sides: tape, a label, darker edges.
    Carton {
        half: V3,
    },
    /// Grain along x.
    Wood,
    /// Grain along y, also on upright faces.
    Board,
    /// A second colour between two heights, twice where `high` is repeated.
    Bands {
        low: f32,
        high: f32,
        second: V3,
    },
    /// Charred, with glowing cracks; 0 to 1 of it glows.
    Ember {
        heat: f32,
    },
    /// As `Ember`, without its stripes on level and upright faces.
    Coal {
        heat: f32,
    },
    /// A leaf: lighter along its middle.
    Leaf,
    /// Shines by itself.
    Lamp,
    /// Shines by itself, so strongly; a ceiling lamp is at 3.2.
    Glow {
        strength: f32,
    },
    /// A second colour in slanting stripes, so many a metre.
    Stripes {
        per_m: f32,
        second: V3,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Material {
    pub(super) colour: V3,
    pub(super) pattern: Pattern,
    /// Strength of the highlight.
    pub(super) gloss: f32,
    /// Moves patterns.
    pub(super) shift: f32,
}

impl Material {
    pub(super) const fn plain(colour: V3) -> Self {
        Self { colour, pattern: Pattern::Plain, gloss: 0.0, shift: 0.0 }
    }

    pub(super) const fn glossy(colour: V3, gloss: f32) -> Self {
        Self { colour, pattern: Pattern::Plain, gloss, shift: 0.0 }
    }

    pub(super) const fn with(colour: V3, pattern: Pattern, shift: f32) -> Self {
        Self { colour, pattern, gloss: 0.0, shift }
    }

    /// Colour before light, and own light.
    #[inline]
    pub(super) fn at(&self, point: V3, pixel_m: f32) -> (V3, V3) {
        let [x, y, z] = point;
        let dark = [0.0; 3];
        match self.pattern {
            Pattern::Plain => (self.colour, dark),
            Pattern::Cloth => {
                let fold = smooth(x * 9.0 + y * 9.0 + self.shift, z * 3.0 + self.shift);
                (scale(self.colour, 0.88 + 0.24 * fold), dark)
            }
            Pattern::Carton { half } => (self.carton(point, half, pixel_m), dark),
            Pattern::Wood => {
                let grain = smooth(x * 3.0 + self.shift, (y + z) * 40.0 + self.shift);
                (scale(self.colour, 0.84 + 0.32 * grain), dark)
            }
            Pattern::Board => {
                let grain = smooth(y * 3.0 + self.shift, z * 40.0 + x * 14.0 + self.shift);
                (scale(self.colour, 0.84 + 0.32 * grain), dark)
            }
            Pattern::Bands { low, high, second } => (if (low..high).contains(&z) { second } else { self.colour }, dark),
            Pattern::Ember { heat } => {
                let crack = smooth(x * 14.0 + self.shift, (y + z) * 14.0 - self.shift);
                let glow = ((crack - 0.45) * 4.0).clamp(0.0, 1.0) * heat;
                (scale(self.colour, 0.7 + 0.6 * crack), scale([2.2, 0.55, 0.06], glow))
            }
            Pattern::Coal { heat } => {
                let crack = smooth(y * 16.0 + x * 8.0 + self.shift, z * 16.0 + x * 11.0 - self.shift);
                let glow = ((crack - 0.45) * 4.0).clamp(0.0, 1.0) * heat;
                (scale(self.colour, 0.7 + 0.6 * crack), scale([2.2, 0.55, 0.06], glow))
            }
            Pattern::Leaf => {
                let vein = 1.0 - (y.abs() * 3.0).min(1.0);
                (mix(self.colour, scale(self.colour, 1.6), vein * 0.5), dark)
            }
            Pattern::Lamp => (self.colour, scale(self.colour, 3.2)),
            Pattern::Glow { strength } => (self.colour, scale(self.colour, strength)),
            Pattern::Stripes { per_m, second } => {
                (if fract((x + 0.7 * y + z) * per_m + self.shift) < 0.5 { self.colour } else { second }, dark)
            }
        }
    }

    fn carton(&self, point: V3, half: V3, pixel_m: f32) -> V3 {
        let [x, y, z] = point;
        let uneven = 0.94 + 0.12 * smooth((x + y) * 6.0 + self.shift, z * 6.0 + self.shift);
        let mut colour = scale(self.colour, uneven);
        let is_top = z.abs() > half[2] - 1e-3;
        let tape_half = 0.028_f32.max(pixel_m * 0.5);
        if (is_top && y.abs() < tape_half) || (!is_top && z.abs() > half[2] * 0.72 && y.abs() < tape_half) {
            colour = mix(colour, [0.70, 0.60, 0.42], 0.75);
        }
        // A face is where one coordinate is at its end; the second nearest end is an edge.
        let ends = [half[0] - x.abs(), half[1] - y.abs(), half[2] - z.abs()];
        let close = ends.iter().filter(|end| **end < 0.012_f32.max(pixel_m * 0.6)).count();
        if close > 1 {
            colour = scale(colour, 0.72);
        }
        let on_side = x.abs() > half[0] - 1e-3;
        if on_side && (y - half[1] * 0.4).abs() < half[1] * 0.3 && (z + half[2] * 0.25).abs() < half[2] * 0.28 {
            colour = mix(colour, [0.82, 0.82, 0.80], 0.85);
        }
        colour
    }
}

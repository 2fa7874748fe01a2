//! Dry things that lie flat on the floor, and stripes of shadow: rugs, painted marks, covers, sheets, dust.
//!
//! In -> out: a place in the decal's own frame -> its colour and how much of the pixel is its own. Deliberately absent: anything wet.

use super::{
    noise::{fract, hash, hash2, smooth, unit, whole},
    textures::Coat,
    vector::{V3, mix, scale, smoothstep},
};
use crate::Surface;

/// Outline and build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outline {
    /// Rectangular with a border, fringes at its ends.
    Rug,
    /// The same, round.
    Round,
    /// Worn paint: a frame with slanting stripes.
    Hatched,
    /// Worn paint: an arrow.
    Arrow,
    /// A round iron cover with ribs.
    Cover,
    /// Smooth tiles that catch the light.
    Tiles,
    /// A sheet of card or paper.
    Sheet,
    /// A thin layer that ends softly.
    Dust,
    /// Shadow of a barred window.
    Bars,
    /// Shadow of leaves.
    Dapple,
    /// A long, even shadow with soft sides.
    Long,
    /// A piece with three to seven straight edges; a round one of any colour would be a puddle.
    Cut,
    /// Rows of marks like letters on a ground.
    Letters,
    /// Shadow in blotches; how large, how deep and how soft, by `shift`.
    Blotches,
    /// Shadow in bands; how broad, how deep and how soft, by `shift`.
    Bands,
}

#[derive(Clone)]
pub(super) struct Flat {
    outline: Outline,
    coat: Coat,
    border: V3,
    shift: f32,
    /// Numbers from 0 to 1 that `shift` gives, for what varies within an outline.
    dice: [f32; 4],
    /// Straight edges of `Cut`: direction, and distance from the middle; repeated where there are fewer than seven.
    sides: [[f32; 3]; 7],
}

impl std::fmt::Debug for Flat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Flat").field("outline", &self.outline).finish_non_exhaustive()
    }
}

impl Flat {
    pub(super) fn new(outline: Outline, surface: &Surface, border: V3, shift: f32) -> Self {
        let dice = [0x61, 0x62, 0x63, 0x64].map(|salt| unit(hash(shift.to_bits() ^ salt)));
        let count = 3.0 + (dice[0] * 4.99).trunc();
        let sides = [0.0_f32, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0].map(|number| {
            let side = number % count;
            let own = |salt: u32| unit(hash(shift.to_bits() ^ salt ^ (side as u32 * 0x9e37)));
            let angle = (side + 0.5 * own(0x65)) / count * std::f32::consts::TAU;
            [angle.cos(), angle.sin(), 0.5 + 0.35 * own(0x66)]
        });
        Self { outline, coat: Coat::new(surface, shift.to_bits()), border, shift, dice, sides }
    }

    /// In one colour.
    pub(super) fn plain(outline: Outline, colour: V3) -> Self {
        Self::new(outline, &Surface::plain(colour), scale(colour, 0.6), 1.0)
    }

    /// Whether it only takes light away.
    pub(super) fn is_shade(&self) -> bool {
        matches!(self.outline, Outline::Bars | Outline::Dapple | Outline::Long | Outline::Blotches | Outline::Bands)
    }

    /// Colour over `floor` at a place (metres from its middle) of something with half sides `half`, under `light`, and its share of the pixel.
    pub(super) fn colour(&self, [x, y]: [f32; 2], half: [f32; 2], pixel_m: f32, floor: V3, light: V3) -> (V3, f32) {
        let soft = pixel_m.max(0.006);
        let edge = |margin: f32| (margin / soft + 0.5).clamp(0.0, 1.0);
        let square = (half[0] - x.abs()).min(half[1] - y.abs());
        let (u, v) = (x / half[0], y / half[1]);
        let radius = (u * u + v * v).sqrt();
        let round = (1.0 - radius) * half[0].min(half[1]);
        let lit = |albedo: V3| [0, 1, 2].map(|c| albedo[c] * light[c]);
        let own = || self.coat.albedo(x, y, 1.0 / pixel_m.max(1e-4));
        let (albedo, share) = match self.outline {
            Outline::Rug => {
                let is_fringe = half[0] - x.abs() < 0.05;
                let gap = if is_fringe { 0.6 * edge((fract(y * 28.0) - 0.5).abs() * 0.02) } else { 0.0 };
                (if square < 0.09 { self.border } else { own() }, edge(square) * (1.0 - gap * f32::from(pixel_m < 0.02)))
            }
            Outline::Round => (if round < 0.08 { self.border } else { own() }, edge(round)),
            Outline::Hatched => {
                let worn = ((smooth(x * 5.0 + self.shift, y * 5.0) - 0.18) * 4.0).clamp(0.2, 1.0);
                let stripe = f32::from(square < 0.08 || fract((x + y) * 2.6) < 0.45);
                (own(), edge(square) * worn * stripe * 0.9)
            }
            Outline::Arrow => {
                let worn = ((smooth(x * 5.0 + self.shift, y * 5.0) - 0.18) * 4.0).clamp(0.2, 1.0);
                let head = (1.0 - u) * 0.9 - v.abs();
                let is_arrow = if u > 0.2 { head > 0.0 } else { v.abs() < 0.28 };
                (own(), f32::from(is_arrow && u.abs() < 1.0) * worn * 0.9)
            }
            Outline::Cover => {
                let rib = f32::from((fract(x * 11.0) < 0.5) ^ (fract(y * 11.0) < 0.5));
                let rim = f32::from((0.86..0.93).contains(&radius));
                (scale(own(), 0.7 + 0.35 * rib - 0.4 * rim), edge(round))
            }
            Outline::Tiles => {
                let seam = f32::from(fract(x * 3.3).min(fract(y * 3.3)) < 0.04);
                let sheen = 0.20 * smoothstep(0.35, 0.8, smooth(x * 1.3 + self.shift, y * 1.3 - x * 0.5));
                (mix(mix(own(), [0.9; 3], sheen), self.border, seam), edge(square))
            }
            Outline::Sheet => (scale(own(), if x > 0.03 { 1.0 } else { 0.88 }), edge(square)),
            Outline::Dust => (own(), smoothstep(0.0, 0.5, 1.0 - radius + (smooth(x * 4.0, y * 4.0) - 0.5) * 0.6) * 0.85),
            Outline::Cut => {
                let inside = self.sides.iter().map(|[du, dv, reach]| reach - du * u - dv * v).fold(f32::MAX, f32::min);
                (own(), edge(inside * half[0].min(half[1])))
            }
            Outline::Letters => (if self.is_mark(x, y) { self.border } else { own() }, edge(square)),
            Outline::Blotches | Outline::Bands => {
                let share = self.soft_shade([x, y], [u, v]);
                return (scale(floor, 1.0 - (0.45 + 0.35 * self.dice[0]) * share), share);
            }
            Outline::Bars | Outline::Dapple | Outline::Long => {
                let share = self.shade([x, y], [u, v], square);
                return (scale(floor, 1.0 - 0.66 * share), share);
            }
        };
        (mix(floor, lit(albedo), share), share)
    }

    /// Whether a mark is here: cells of 3 by 5 places, each place full or empty.
    fn is_mark(&self, x: f32, y: f32) -> bool {
        let size = 0.10 + 0.16 * self.dice[2];
        let (column, row) = (whole(y / size).0, whole(x / (1.5 * size)).0);
        let (across, down) = (fract(y / size) * 4.0, fract(x / (1.5 * size)) * 7.0);
        let place = whole(across).0 + 3 * whole(down).0;
        across < 3.0 && down < 5.0 && (hash2(column, row, self.shift.to_bits()) | 0x421) >> (place & 15) & 1 == 1
    }

    fn soft_shade(&self, [x, y]: [f32; 2], [u, v]: [f32; 2]) -> f32 {
        let [_, size, soft, turn] = self.dice;
        let around = smoothstep(0.0, 0.25 + 0.5 * soft, 1.0 - u * u - v * v);
        if self.outline == Outline::Blotches {
            let places = 1.2 + 4.0 * size;
            let dark = smooth(x * places + self.shift, y * places) * 0.75 + smooth(x * places * 3.1, y * places * 3.1 + self.shift) * 0.25;
            return around * smoothstep(0.34, 0.38 + 0.3 * soft, dark);
        }
        let across = fract((x * turn + y * (1.0 - turn)) * (1.2 + 5.0 * size) + self.shift);
        around * smoothstep(0.22, 0.25 + 0.25 * soft, (across - 0.5).abs() + 0.06 * smooth(x * 3.0, y * 3.0 + self.shift))
    }

    fn shade(&self, [x, y]: [f32; 2], [u, v]: [f32; 2], square: f32) -> f32 {
        let ends = smoothstep(0.0, 0.12, square);
        match self.outline {
            Outline::Bars => {
                let pane = |place: f32| smoothstep(0.16, 0.22, (fract(place) - 0.5).abs());
                ends * pane(x * 2.2 + 0.5).max(pane(y * 1.6 + 0.5))
            }
            Outline::Dapple => {
                let leaves =
                    smoothstep(0.42, 0.56, smooth(x * 7.0 + self.shift, y * 7.0)) + smoothstep(0.55, 0.65, smooth(x * 15.0, y * 15.0));
                smoothstep(0.0, 0.5, 1.0 - u * u - v * v) * leaves.min(1.0)
            }
            _ => smoothstep(1.0, 0.55, v.abs()) * smoothstep(1.0, 0.8, u.abs()) * (0.65 + 0.35 * smoothstep(1.0, -0.6, u)),
        }
    }
}

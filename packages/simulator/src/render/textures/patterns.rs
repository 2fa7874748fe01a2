//! Patterns of painted surfaces. In -> out: a surface, a place on it (metres) and pixels per metre -> albedo. Deliberately absent: light.

use crate::{
    Surface,
    render::{
        noise::smooth,
        vector::{V3, scale},
    },
};

pub(super) fn albedo(surface: &Surface, x: f32, y: f32, _sharp: f32) -> V3 {
    scale(surface.colours[0], 0.97 + 0.06 * smooth(x, y))
}

//! The lamps of a building as one sees them: hanging shades, domes, panels.
//!
//! In -> out: the scene's lights near the ceiling -> bodies that belong to no thing. Deliberately absent: lamps on walls and desks.

use super::{AHEAD, UP};
use crate::{
    Light, Style,
    render::{
        material::{Material, Pattern},
        parts::Pen,
        vector::scale,
    },
};

pub(in crate::render) fn hang_lamps(pen: &mut Pen, lights: &[Light], style: Style) {
    for light in lights {
        let z = light.position_m[2] as f32;
        let brightest = light.power.iter().fold(0.0_f32, |most, channel| most.max(*channel));
        if !z.is_finite() || z < pen.ceiling_m - 1.5 || z > pen.ceiling_m + 0.5 {
            continue;
        }
        pen.foot = pen.view.place([light.position_m[0], light.position_m[1]]);
        let z = z.min(pen.ceiling_m - 0.05);
        let colour = if brightest > 0.01 { scale(light.power, 1.0 / brightest) } else { [0.08; 3] };
        let pattern = if brightest > 0.01 { Pattern::Lamp } else { Pattern::Plain };
        let bright = Material::with(colour, pattern, 0.0);
        let metal = Material::plain([0.16, 0.17, 0.18]);
        match style {
            Style::Warehouse => {
                pen.cone([0.0, 0.0, z], UP, 0.22, 0.28, 0.07, metal);
                pen.cone([0.0, 0.0, z - 0.02], UP, 0.03, 0.25, 0.26, bright);
                pen.capsule([0.0, 0.0, z + 0.2], [0.0, 0.0, pen.ceiling_m], 0.012, metal);
            }
            Style::Home => {
                pen.ball([0.0, 0.0, z], [0.17, 0.17, 0.11], bright);
                pen.capsule([0.0, 0.0, z], [0.0, 0.0, pen.ceiling_m], 0.02, metal);
            }
            Style::Painted(_) => pen.ball([0.0, 0.0, z], [0.17, 0.17, 0.05], bright),
            Style::Office => {
                pen.upright([0.0, 0.0, pen.ceiling_m - 0.015], [0.31, 0.31, 0.02], AHEAD, metal);
                pen.upright([0.0, 0.0, pen.ceiling_m - 0.03], [0.28, 0.28, 0.02], AHEAD, bright);
            }
        }
    }
}

//! The lamps of a building as one sees them: hanging shades, domes, panels, tubes.
//!
//! In -> out: the scene's lights near the ceiling -> bodies that belong to no thing. Deliberately absent: lamps on walls and desks.

use super::{AHEAD, UP, turned};
use crate::{
    LampForm, Light, Style,
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
            Style::Warehouse => shade(pen, z, bright, metal),
            Style::Home => globe(pen, z, bright, metal),
            Style::Office => panel(pen, bright, metal),
            Style::Painted(paint) => hang(pen, paint.lamp, z, bright),
        }
    }
}

fn shade(pen: &mut Pen, z: f32, bright: Material, metal: Material) {
    pen.cone([0.0, 0.0, z], UP, 0.22, 0.28, 0.07, metal);
    pen.cone([0.0, 0.0, z - 0.02], UP, 0.03, 0.25, 0.26, bright);
    pen.capsule([0.0, 0.0, z + 0.2], [0.0, 0.0, pen.ceiling_m], 0.012, metal);
}

fn globe(pen: &mut Pen, z: f32, bright: Material, metal: Material) {
    pen.ball([0.0, 0.0, z], [0.17, 0.17, 0.11], bright);
    pen.capsule([0.0, 0.0, z], [0.0, 0.0, pen.ceiling_m], 0.02, metal);
}

fn panel(pen: &mut Pen, bright: Material, metal: Material) {
    pen.upright([0.0, 0.0, pen.ceiling_m - 0.015], [0.31, 0.31, 0.02], AHEAD, metal);
    pen.upright([0.0, 0.0, pen.ceiling_m - 0.03], [0.28, 0.28, 0.02], AHEAD, bright);
}

fn hang(pen: &mut Pen, form: LampForm, z: f32, bright: Material) {
    let metal = Material::plain([0.34, 0.35, 0.36]);
    let top = pen.ceiling_m;
    match form {
        LampForm::Disc => {
            pen.cone([0.0, 0.0, top - 0.07], UP, 0.07, 0.24, 0.26, metal);
            pen.cone([0.0, 0.0, top - 0.10], UP, 0.04, 0.20, 0.23, bright);
        }
        LampForm::Tube => {
            pen.upright([0.0, 0.0, top - 0.03], [0.68, 0.10, 0.03], AHEAD, metal);
            for side in [-0.055, 0.055] {
                pen.capsule([-0.60, side, top - 0.08], [0.60, side, top - 0.08], 0.022, bright);
            }
        }
        LampForm::Panel => panel(pen, bright, metal),
        LampForm::Bulb => {
            let low = (top - 0.55).min(z);
            pen.capsule([0.0, 0.0, low], [0.0, 0.0, top], 0.008, Material::plain([0.03; 3]));
            pen.capsule([0.0, 0.0, low], [0.0, 0.0, low + 0.06], 0.025, metal);
            pen.ball([0.0, 0.0, low - 0.05], [0.06, 0.06, 0.075], bright);
        }
        LampForm::Strip => pen.upright([0.0, 0.0, top - 0.03], [0.95, 0.055, 0.03], AHEAD, bright),
        LampForm::Spot => {
            pen.upright([0.0, 0.0, top - 0.02], [0.45, 0.03, 0.02], AHEAD, metal);
            for along in [-0.36, 0.0, 0.36] {
                pen.cone([along, 0.0, top - 0.18], [0.2 * along, 0.0, 1.0], 0.14, 0.07, 0.045, Material::plain([0.06; 3]));
                pen.cone([along, 0.0, top - 0.195], UP, 0.02, 0.055, 0.055, bright);
            }
        }
        LampForm::Ring => {
            let z = z.min(top - 0.35);
            for number in 0..12 {
                let at = |n: i32| {
                    let [x, y] = turned(n as f32 * std::f32::consts::TAU / 12.0);
                    [0.34 * x, 0.34 * y, z]
                };
                pen.capsule(at(number), at(number + 1), 0.028, bright);
                if number % 4 == 0 {
                    pen.capsule(at(number), [0.0, 0.0, top], 0.004, metal);
                }
            }
        }
        LampForm::Shade => shade(pen, z.min(top - 0.3), bright, metal),
        LampForm::Globe => {
            let low = (top - 0.4).min(z);
            pen.ball([0.0, 0.0, low], [0.16, 0.16, 0.16], bright);
            pen.capsule([0.0, 0.0, low], [0.0, 0.0, top], 0.012, metal);
        }
    }
}

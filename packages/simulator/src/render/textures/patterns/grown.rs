//! Patterns that grew, were poured or wore: stone, plaster, carpet, stains. In -> out: a coat and a place -> albedo. Deliberately absent:
//! edges that are straight (see `laid`).

use super::{
    super::{detail, line},
    Coat, Place,
};
use crate::render::{
    noise::{fractal, hash2, smooth, unit, whole},
    vector::{V3, mix, scale, smoothstep},
};

pub(super) fn speckle(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let fade = detail(0.4, sharp);
    let light = ((smooth(u * 3.1, v * 3.1) - 0.60) * 6.0).clamp(0.0, 1.0) * fade + 0.12 * (1.0 - fade);
    let dark = ((smooth(u * 3.9 + 30.0, v * 3.9 + 11.0) - 0.68) * 8.0).clamp(0.0, 1.0) * fade;
    mix(mix(coat.ground, coat.second, light), coat.joint, dark)
}

pub(super) fn terrazzo(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let mut colour = coat.ground;
    let fade = detail(0.5, sharp);
    // Two sheets of chips, so that they do not stand in rows.
    for (sheet, turn, size) in [(0_u32, 0.0_f32, 1.0_f32), (1, 0.37, 1.7)] {
        let (a, b) = (u * size + v * turn + sheet as f32 * 0.5, v * size - u * turn);
        let ((i, left), (j, low)) = (whole(a), whole(b));
        let number = hash2(i, j, coat.seed ^ sheet);
        let part = |shift: u32| (number >> shift & 0xff) as f32 * (1.0 / 255.0);
        let (x, y) = (a - left - 0.32 - 0.36 * part(0), b - low - 0.32 - 0.36 * part(8));
        let skew = part(16) - 0.5;
        let away = (x + y * skew).abs().max((y - x * skew).abs()).max(0.75 * (x + y).abs());
        let inside = (0.10 + 0.20 * part(24) - away) * (sharp / size).min(40.0) + 0.5;
        let chip = if number & 0x100 == 0 { coat.second } else { coat.joint };
        colour = mix(colour, chip, inside.clamp(0.0, 1.0) * fade);
    }
    colour
}

pub(super) fn marble(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let cloud = fractal(u * 0.7, v * 0.7, 2);
    let bend = fractal(u + 13.0, v - 5.0, 3) - 0.5;
    let vein = |x: f32, y: f32, thin: f32| (1.0 - (smooth(x, y) - 0.5).abs() * thin).max(0.0);
    let broad = vein(u * 0.8 + bend * 1.6, v * 0.5 + bend * 1.2, 9.0);
    let fine = vein(u * 1.9 + bend * 2.0, v * 1.4 - bend, 16.0) * detail(0.15, sharp);
    mix(mix(coat.ground, coat.second, (0.15 + 0.5 * cloud + 0.5 * broad).min(1.0)), coat.joint, 0.6 * (broad * broad * 0.6 + fine).min(1.0))
}

pub(super) fn concrete(coat: &Coat, Place { u, v, x, y, sharp, sharp_m }: Place) -> V3 {
    let cloud = fractal(u * 1.1, v * 1.1, 2);
    let grain = (smooth(x * 24.0, y * 24.0) - 0.5) * detail(0.05, sharp_m) * 0.14;
    let bend = smooth(u * 2.0, v * 2.0 + 5.0) * 0.6;
    let crack = (1.0 - (smooth(u * 0.45 + bend, v * 0.45 - bend) - 0.5).abs() * 70.0).max(0.0) * detail(0.05, sharp);
    let joint = line(u, 4.0, 0.015, sharp).max(line(v, 4.0, 0.015, sharp));
    let colour = scale(mix(coat.ground, coat.second, smoothstep(0.3, 0.75, cloud)), 1.0 + grain);
    mix(colour, coat.joint, (0.5 * crack).max(0.8 * joint))
}

pub(super) fn carpet(coat: &Coat, Place { u, v, x, y, sharp_m, .. }: Place) -> V3 {
    let fibre = (smooth(x * 75.0, y * 60.0) - 0.5) * detail(0.018, sharp_m) * 0.5;
    let tuft = (smooth(x * 21.0 + 7.0, y * 21.0) - 0.5) * detail(0.06, sharp_m) * 0.3;
    let trodden = smoothstep(0.35, 0.7, smooth(u * 0.8, v * 0.8));
    scale(mix(coat.ground, coat.second, trodden * 0.7), 1.0 + fibre + tuft)
}

pub(super) fn plaster(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let stroke = fractal(u * 1.3 + smooth(v * 0.7, 2.0) * 2.0, v * 4.0, 2) - 0.5;
    let grain = (smooth(u * 11.0, v * 11.0) - 0.5) * detail(0.1, sharp) * 0.2;
    let share = smoothstep(-0.15, 0.25, stroke);
    scale(mix(coat.second, coat.ground, share), 1.0 + grain)
}

pub(super) fn stain(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let level = fractal(u * 0.8, v * 0.8, 4);
    let inside = smoothstep(0.50, 0.60, level);
    let rim = (1.0 - (level - 0.53).abs() * 28.0).max(0.0) * detail(0.1, sharp);
    let run = smoothstep(0.55, 0.8, smooth(u * 5.0, v * 0.5)) * smoothstep(0.38, 0.55, level) * 0.6;
    mix(mix(coat.ground, coat.second, inside.max(run)), coat.joint, rim * 0.7)
}

pub(super) fn camouflage(coat: &Coat, Place { u, v, .. }: Place) -> V3 {
    let first = fractal(u * 0.9, v * 0.9, 2);
    let other = fractal(u * 0.8 + 27.0, v * 0.8 - 14.0, 2);
    let colour = mix(coat.ground, coat.second, smoothstep(0.48, 0.53, first));
    mix(colour, coat.joint, smoothstep(0.57, 0.62, other))
}

pub(super) fn scuffed(coat: &Coat, Place { u, v, x, y, sharp, sharp_m }: Place) -> V3 {
    let wear = smooth(u * 0.6, v * 0.6);
    let scratch = |a: f32, b: f32| ((smooth(a * 0.5, b * 9.0) - 0.80) * 8.0).clamp(0.0, 1.0) * detail(0.1, sharp);
    let scratches = scratch(u + v * 0.3, v - u * 0.3).max(scratch(v + u * 0.8 + 9.0, u - v * 0.8));
    // Tyres leave two dark arcs where they turned.
    let (i, j) = (whole(u * 0.25).0, whole(v * 0.25).0);
    let number = hash2(i, j, coat.seed);
    let (dx, dy) = (u * 0.25 - i as f32 - 0.5, v * 0.25 - j as f32 - 0.5);
    let around = ((dx * dx + dy * dy).sqrt() - 0.2 - 0.2 * unit(number)).abs();
    let arc = if number & 3 == 0 { smoothstep(0.035, 0.015, around) * smoothstep(0.0, 0.3, dx + 0.2) } else { 0.0 };
    let grain = (smooth(x * 30.0, y * 30.0) - 0.5) * detail(0.04, sharp_m) * 0.1;
    let colour = scale(mix(coat.ground, coat.second, smoothstep(0.35, 0.8, wear) * 0.7), 1.0 + grain);
    mix(colour, coat.joint, (0.55 * scratches).max(0.6 * arc))
}

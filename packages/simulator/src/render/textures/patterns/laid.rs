//! Patterns that somebody laid or wove: tiles, boards, stripes. In -> out: a coat and a place -> albedo. Deliberately absent: anything
//! that grows or wears (see `grown`).

use super::{
    super::{band, detail, line},
    Coat, Place, square, swing,
};
use crate::render::{
    noise::{fract, hash2, smooth, unit, whole},
    vector::{V3, mix, scale},
};

/// A piece in one colour between ground and second, by its number, with a joint around it.
#[inline]
fn piece(coat: &Coat, i: i32, j: i32, shares: [f32; 2], joint: f32, sharp: f32) -> V3 {
    let number = hash2(i, j, coat.seed);
    let fade = detail(0.5, sharp);
    let share = shares[0] + shares[1] * fade * (unit(number) - 0.5);
    let tone = 1.0 + 0.16 * fade * (unit(number.rotate_left(13)) - 0.5);
    mix(scale(mix(coat.ground, coat.second, share), tone), coat.joint, joint)
}

pub(super) fn tiles(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let joint = line(u, 1.0, 0.03, sharp).max(line(v, 1.0, 0.03, sharp));
    piece(coat, whole(u).0, whole(v).0, [0.15, 0.3], joint, sharp)
}

pub(super) fn offset_tiles(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let row = whole(v * 2.0).0;
    let along = if row & 1 == 0 { u } else { u + 0.5 };
    let joint = line(along, 1.0, 0.03, sharp).max(line(v, 0.5, 0.03, sharp));
    piece(coat, whole(along).0, row, [0.4, 0.8], joint, sharp)
}

pub(super) fn planks(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let row = whole(v).0;
    let along = u * 0.12 + unit(hash2(row, 7, coat.seed));
    let number = whole(along).0;
    let grain = (smooth(u * 0.5 + row as f32 * 3.7, v * 7.0) - 0.5) * detail(0.2, sharp) * 0.22;
    let joint = line(v, 1.0, 0.04, sharp).max(line(along, 1.0, 0.006, sharp * 8.3));
    scale(piece(coat, number, row, [0.45, 0.9], joint * 0.8, sharp), 1.0 + grain)
}

pub(super) fn checker(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let (u, v) = (u * 0.5, v * 0.5);
    coat.between(square(u, sharp * 2.0) * square(v, sharp * 2.0))
}

pub(super) fn panels(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let seam = line(u, 1.0, 0.02, sharp).max(0.6 * line(v, 2.5, 0.02, sharp));
    let share = if hash2(whole(u).0, 0, coat.seed) & 3 == 0 { 0.8 } else { 0.1 };
    piece(coat, whole(u).0, whole(v * 0.4).0, [share, 0.1], seam, sharp)
}

pub(super) fn hexagons(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    // Centres lie on two rectangular lattices; the nearer centre is the cell's.
    const HIGH: f32 = 1.732_051;
    let nearest = |dx: f32, dy: f32| {
        let (i, j) = (whole(u + 0.5 - dx), whole((v + 0.5 * HIGH - dy) * (1.0 / HIGH)));
        let (x, y) = (u - dx - i.1, v - dy - j.1 * HIGH);
        (x, y, i.0.wrapping_mul(2).wrapping_add((dx * 2.0) as i32), j.0)
    };
    let (a, b) = (nearest(0.0, 0.0), nearest(0.5, 0.5 * HIGH));
    let (x, y, i, j) = if a.0 * a.0 + a.1 * a.1 < b.0 * b.0 + b.1 * b.1 { a } else { b };
    let (x, y) = (x.abs(), y.abs());
    let to_edge = 0.5 - x.max(0.5 * x + 0.5 * HIGH * y);
    piece(coat, i, j, [0.3, 0.6], band(to_edge, 0.05, sharp), sharp)
}

pub(super) fn diamonds(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let (a, b) = (0.5 * (u + v), 0.5 * (u - v));
    let joint = line(a, 1.0, 0.03, sharp * 1.4).max(line(b, 1.0, 0.03, sharp * 1.4));
    let colour = coat.between(0.9 * square(a * 0.5, sharp * 2.8) * square(b * 0.5, sharp * 2.8));
    mix(colour, coat.joint, joint)
}

pub(super) fn herringbone(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    // Blocks of two cells; the diagonal of a cell tells which half of which block it is.
    let ((i, left), (j, low)) = (whole(u * 2.0), whole(v * 2.0));
    let (x, y) = (u * 2.0 - left, v * 2.0 - low);
    let diagonal = i.wrapping_sub(j) & 3;
    let (x, y, i, j) = match diagonal {
        0 => (x, y, i, j),
        1 => (x + 1.0, y, i.wrapping_sub(1), j),
        2 => (y + 1.0, x, i, j.wrapping_sub(1)),
        _ => (y, x, i, j),
    };
    let to_edge = x.min(2.0 - x).min(y.min(1.0 - y));
    let grain = (smooth(x * 2.0 + i as f32 * 5.3, y * 6.0 + j as f32) - 0.5) * detail(0.08, sharp) * 0.2;
    scale(piece(coat, i, j, [if diagonal < 2 { 0.35 } else { 0.65 }, 0.5], 0.8 * band(to_edge, 0.05, sharp * 0.5), sharp), 1.0 + grain)
}

pub(super) fn corrugated(coat: &Coat, Place { u, sharp, .. }: Place) -> V3 {
    let rib = 0.5 + (swing(u) - 0.5) * detail(0.5, sharp);
    scale(mix(coat.joint, mix(coat.ground, coat.second, 0.3), 0.25 + 0.75 * rib), 0.85 + 0.15 * rib)
}

pub(super) fn dots(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let row = whole(v).0;
    let along = if row & 1 == 0 { u } else { u + 0.5 };
    let (x, y) = (fract(along) - 0.5, fract(v) - 0.5);
    let inside = (0.28 - (x * x + y * y).sqrt()) * sharp.min(60.0) + 0.5;
    let fade = detail(0.4, sharp);
    mix(coat.ground, coat.second, inside.clamp(0.0, 1.0) * fade + 0.25 * (1.0 - fade))
}

pub(super) fn weave(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let is_over = (whole(u).0 ^ whole(v).0) & 1 == 0;
    let (across, along) = if is_over { (fract(v), fract(u)) } else { (fract(u), fract(v)) };
    let round = 1.0 - (across * 2.0 - 1.0).powi(2) * 0.6;
    let arch = 1.0 - (along * 2.0 - 1.0).powi(2) * 0.35;
    let fade = detail(0.5, sharp);
    let colour = mix(mix(coat.ground, coat.second, 0.5), if is_over { coat.ground } else { coat.second }, fade);
    scale(colour, 0.82 + (round * arch - 0.7) * 0.5 * fade)
}

pub(super) fn mosaic(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let (i, j) = (whole(u).0, whole(v).0);
    let number = hash2(i, j, coat.seed ^ 5);
    let seam = line(u, 1.0, 0.08, sharp).max(line(v, 1.0, 0.08, sharp));
    let mean = scale([0, 1, 2].map(|c| coat.ground[c] + coat.second[c] + coat.joint[c]), 1.0 / 3.0);
    let own = mix([coat.ground, coat.second, coat.joint][(number >> 8) as usize % 3], mean, 0.4 * unit(number));
    let colour = mix(mean, own, detail(0.6, sharp));
    mix(colour, scale(coat.ground, 0.5), seam * 0.6)
}

pub(super) fn cobbles(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let (u, v) = (u + 0.35 * (smooth(u * 0.9, v * 0.9) - 0.5), v + 0.35 * (smooth(u * 0.9 + 20.0, v * 0.9 + 9.0) - 0.5));
    let row = whole(v).0;
    let along = u * (0.75 + 0.5 * unit(hash2(row, 3, coat.seed))) + unit(hash2(row, 4, coat.seed));
    let (x, y) = (fract(along) - 0.5, fract(v) - 0.5);
    // A power of four between a circle and a square.
    let edge = (x * x * x * x + y * y * y * y) * 16.0;
    let joint = ((edge - 0.62) * sharp.min(20.0) * 0.25 + 0.5).clamp(0.0, 1.0) * detail(0.3, sharp);
    let dome = 1.0 + 0.25 * detail(0.5, sharp) * (0.4 - edge.min(1.0));
    scale(piece(coat, whole(along).0, row, [0.4, 0.8], joint, sharp), dome)
}

pub(super) fn plaid(coat: &Coat, Place { u, v, sharp, .. }: Place) -> V3 {
    let (a, b) = (0.5 + 0.5 * square(u, sharp), 0.5 + 0.5 * square(v, sharp));
    let thin = line(u + 0.25, 1.0, 0.05, sharp).max(line(v + 0.25, 1.0, 0.05, sharp));
    mix(mix(coat.ground, coat.second, 0.5 * (a + b)), coat.joint, thin * 0.8)
}

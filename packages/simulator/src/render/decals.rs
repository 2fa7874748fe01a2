//! What lies flat on the floor: puddles, mats, shadows.
//!
//! In -> out: a decal in the view frame -> the floor's pixels in a band changed. A puddle mirrors wall, ceiling and lamps behind it by
//! following the mirrored ray. Deliberately absent: decals on walls, and things mirrored in puddles.

use super::{
    Frame,
    backdrop::{flat_light, wall_colour},
    canvas::{Canvas, FLAT, NOBODY},
    colours::from_hue,
    flats::Flat,
    light::Field,
    noise::smooth,
    vector::{V3, add, mix, scale, smoothstep},
    view::{Bounds, Row},
};

#[derive(Clone, Debug)]
pub(super) enum Surface {
    /// Less light under and beside a body; a soft ellipse.
    Contact { strength: f32 },
    /// A dark patch with an uneven edge; nothing lies there.
    Patch { shift: f32 },
    /// A woven mat.
    Mat { colour: V3 },
    /// Rugs, marks, covers, dust, stripes of shadow.
    Flat(Box<Flat>),
    /// Something wet; `film` is how much of the colours of thin oil it shows.
    Puddle { tint: V3, cloudy: f32, film: f32, shift: f32, blobs: Vec<[f32; 3]> },
}

pub(super) struct Decal {
    pub(super) owner: u16,
    /// On the floor, view frame, metres.
    pub(super) centre: [f32; 2],
    /// Direction of its own x in the view frame.
    pub(super) along: [f32; 2],
    pub(super) half: [f32; 2],
    pub(super) surface: Surface,
    pub(super) light: Field,
    pub(super) bounds: Bounds,
    /// Nothing of it is further from its middle, metres.
    pub(super) reach_m: f32,
}

/// A pixel of the floor under a decal.
struct Place {
    point: V3,
    ray: V3,
    /// In the decal's own frame, metres.
    own: [f32; 2],
    pixel_m: f32,
}

impl Decal {
    /// Mats and puddles lie on the floor, shadows on them.
    pub(super) fn layer(&self) -> u8 {
        match &self.surface {
            Surface::Mat { .. } => 0,
            Surface::Flat(flat) => {
                if flat.is_shade() {
                    2
                } else {
                    0
                }
            }
            Surface::Puddle { .. } => 1,
            Surface::Patch { .. } => 2,
            Surface::Contact { .. } => 3,
        }
    }

    /// How far something with these half sides reaches from its middle, metres.
    pub(super) fn reach(surface: &Surface, half: [f32; 2]) -> f32 {
        let diagonal = (half[0] * half[0] + half[1] * half[1]).sqrt();
        match surface {
            // An ellipse.
            Surface::Contact { .. } => half[0].max(half[1]),
            // Blobs are drawn out by half sides and moved by noise.
            Surface::Puddle { blobs, .. } => {
                let furthest = blobs.iter().map(|[x, y, radius]| (x * x + y * y).sqrt() + radius).fold(0.0, f32::max);
                half[0].max(half[1]) * (furthest + 0.21)
            }
            // Uneven edges reach a little beyond.
            _ => diagonal * 1.35 + 0.05,
        }
    }

    pub(super) fn paint(&self, frame: &Frame, canvas: &mut Canvas) {
        for row in self.bounds.rows(canvas.top, canvas.bottom) {
            let ray = frame.view.row(row);
            if ray.slope >= 0.0 {
                continue;
            }
            let depth = 1.0 / frame.flat_inverse(ray).max(1e-4);
            let mirrored = if matches!(self.surface, Surface::Puddle { .. }) { self.mirror_light(frame, ray, depth) } else { [0.0; 3] };
            let start = canvas.index(0, row);
            let reach = self.reach_m * self.reach_m;
            for column in self.columns(ray, depth) {
                let index = start + column;
                if canvas.depth[index] != depth {
                    continue;
                }
                let aside = ray.aside(column);
                let (dx, dy) = (depth - self.centre[0], depth * aside - self.centre[1]);
                if dx * dx + dy * dy > reach {
                    continue;
                }
                let own = [dx * self.along[0] + dy * self.along[1], dy * self.along[0] - dx * self.along[1]];
                let place =
                    Place { point: [depth, depth * aside, 0.0], ray: [1.0, aside, ray.slope], own, pixel_m: depth * frame.view.pixel };
                let (colour, weight) = self.colour(frame, &place, canvas.colour[index], mirrored);
                if weight > 0.4 && self.owner != NOBODY {
                    canvas.owner[index] = self.owner | FLAT;
                }
                canvas.colour[index] = colour;
            }
        }
    }

    /// Columns of a row that can show any of it.
    fn columns(&self, ray: Row, depth: f32) -> std::ops::Range<usize> {
        let ahead = depth - self.centre[0];
        let left_m = (self.reach_m * self.reach_m - ahead * ahead).max(0.0).sqrt() + depth * 1e-3;
        if ahead.abs() > self.reach_m {
            return 0..0;
        }
        let column = |aside: f32| ray.column(aside).clamp(self.bounds.left as f32, self.bounds.right as f32);
        let (first, last) = (column((self.centre[1] + left_m) / depth), column((self.centre[1] - left_m) / depth));
        (first as usize).saturating_sub(1).max(self.bounds.left)..(last as usize + 2).min(self.bounds.right)
    }

    /// Colour over `floor`, and how much of the pixel is the decal's.
    fn colour(&self, frame: &Frame, place: &Place, floor: V3, mirrored: V3) -> (V3, f32) {
        let [x, y] = place.own;
        let (u, v) = (x / self.half[0], y / self.half[1]);
        let inside = 1.0 - u * u - v * v;
        match &self.surface {
            Surface::Contact { strength } => {
                let share = inside.max(0.0);
                (scale(floor, 1.0 - strength * share * (2.0 - share)), 0.0)
            }
            Surface::Patch { shift } => {
                let edge = inside + (smooth(x * 3.0 + shift, y * 3.0) - 0.5) * 0.9 + (smooth(x * 9.0, y * 9.0 + shift) - 0.5) * 0.2;
                let share = smoothstep(0.0, 0.55, edge);
                (scale(floor, 1.0 - 0.72 * share), share)
            }
            Surface::Mat { colour } => self.mat(*colour, place, floor),
            Surface::Flat(flat) => flat.colour([x, y], self.half, place.pixel_m, floor, self.light.falling_on([0.0, 0.0, 1.0])),
            Surface::Puddle { tint, cloudy, film, shift, blobs } => {
                let (mut level, warp) = (0.0, [smooth(x * 4.0 + shift, y * 4.0) - 0.5, smooth(x * 4.0, y * 4.0 - shift) - 0.5]);
                let (wx, wy) = (u + warp[0] * 0.28, v + warp[1] * 0.28);
                for [bx, by, radius] in blobs {
                    let (ex, ey) = (wx - bx, wy - by);
                    let share = (1.0 - (ex * ex + ey * ey) / (radius * radius)).max(0.0);
                    level += share * share;
                }
                // The level is 0.3 at the edge of the liquid.
                let slope = (level - 0.3) * 3.0;
                let edge_m = (place.pixel_m * 1.5).max(0.02) / self.half[0] * 5.0;
                let wet = (slope / edge_m + 0.5).clamp(0.0, 1.0);
                if wet <= 0.0 {
                    return (floor, 0.0);
                }
                let rim = (1.0 - slope * 2.2).clamp(0.0, 1.0);
                let surface = self.wet(frame, place, floor, &Wet { tint: *tint, cloudy: *cloudy, film: *film, rim, mirrored, warp });
                (mix(floor, surface, wet), wet)
            }
        }
    }

    fn mat(&self, colour: V3, place: &Place, floor: V3) -> (V3, f32) {
        let [x, y] = place.own;
        let soft = place.pixel_m.max(0.005);
        let margin = (self.half[0] - x.abs()).min(self.half[1] - y.abs());
        let share = (margin / soft + 0.5).clamp(0.0, 1.0);
        if share <= 0.0 {
            return (floor, 0.0);
        }
        let is_border = margin < 0.05;
        let is_rib = super::noise::fract(x * 9.0) < 0.5;
        let weave = 0.92 + 0.12 * smooth(x * 40.0, y * 40.0) - if is_rib { 0.10 } else { 0.0 };
        let tone = if is_border { 0.62 } else { weave };
        let light = self.light.falling_on([0.0, 0.0, 1.0]);
        let lit = [0, 1, 2].map(|c| colour[c] * tone * light[c]);
        (mix(floor, lit, share), share)
    }

    /// Light on what the middle of the puddle mirrors in this row.
    fn mirror_light(&self, frame: &Frame, ray: Row, depth: f32) -> V3 {
        let aside = self.centre[1] / self.centre[0].max(0.2);
        let target = frame.mirror(ray.slope, aside, depth);
        match target.face {
            Some(face) => frame.lamps.falling_on(target.point, face.normal),
            None => flat_light(frame, target.point, false),
        }
    }

    fn wet(&self, frame: &Frame, place: &Place, floor: V3, wet: &Wet) -> V3 {
        let [_, aside, slope] = place.ray;
        let facing = -slope / (1.0 + aside * aside + slope * slope).sqrt();
        let grazing = (1.0 - facing).max(0.0);
        let mirror = (0.11 + 0.45 * grazing * grazing * grazing * grazing).min(0.32) * (1.0 - 0.5 * wet.rim);
        let light = self.light.falling_on([0.0, 0.0, 1.0]);
        // A calm surface still moves the picture a little.
        let (aside, slope) = (aside + wet.warp[0] * 0.02, slope * (1.0 + wet.warp[1] * 0.06));
        let target = frame.mirror(slope, aside, place.point[0]);
        let room = match (&frame.photo, target.face) {
            (Some(photo), _) => {
                let (column, row) = frame.view.pixel_of(aside, -slope);
                photo.at(column, row)
            }
            (None, Some(face)) => wall_colour(frame, face, target.point, wet.mirrored),
            (None, None) => {
                let (x, y) = (frame.map_coordinate(0, target.point), frame.map_coordinate(1, target.point));
                let albedo = frame.skin.ceiling(x, y, 0.5 / (target.point[0] * frame.view.pixel)).albedo;
                [0, 1, 2].map(|c| albedo[c] * wet.mirrored[c])
            }
        };
        let body = mix(scale(floor, 0.30), [0, 1, 2].map(|c| wet.tint[c] * light[c]), wet.cloudy);
        let body = scale(body, 1.0 - 0.6 * wet.rim);
        let mut colour = add(scale(body, 1.0 - mirror), scale(room, mirror));
        // Where mirror and floor happen to be equally bright nobody would see the puddle; there it is the wet, darker floor that counts.
        let against_floor = colour[1] / floor[1].max(1e-4);
        let alike = smoothstep(0.35, 0.75, against_floor) * smoothstep(2.3, 1.4, against_floor);
        colour = scale(colour, 1.0 - 0.45 * alike);
        if wet.film > 0.0 {
            let [x, y] = place.own;
            let swirl = smooth(x * 2.6 + wet.warp[0] * 2.0 + 11.0, y * 2.6 - wet.warp[1] * 2.0);
            let bands = from_hue(swirl * 2.6 + grazing * 0.8, 0.85, 1.0);
            let share = wet.film * smoothstep(0.25, 0.5, smooth(x * 1.7 + 5.0, y * 1.7)) * (1.0 - wet.rim);
            colour = add(colour, scale([0, 1, 2].map(|c| bands[c] * light[c]), 0.16 * share));
        }
        // The raised edge of the liquid catches light on its far side.
        let edge = smoothstep(0.35, 0.6, wet.rim) * smoothstep(0.95, 0.75, wet.rim);
        let is_far = ((place.point[0] - self.centre[0]) / self.half[1] * 2.0).clamp(0.0, 1.0);
        colour = add(colour, scale(light, 0.3 * edge * is_far));
        for lamp in &frame.lamps.lamps {
            let [x, y, z] = lamp.position;
            if x < place.point[0] || x > target.point[0] + 0.3 {
                continue;
            }
            let (off_y, off_z) = (aside * x - y, frame.view.eye_m + slope * x + z);
            let (wide, tall) = if lamp.is_fire { (0.35, 0.6) } else { (0.30, 0.34) };
            let distance = (off_y * off_y) / (wide * wide) + (off_z * off_z) / (tall * tall);
            let spot = smoothstep(1.3, 0.5, distance) + 0.10 / (1.0 + distance * 0.6);
            // A surface that is not quite still draws lamps out towards the eye.
            let streak = smoothstep(1.0, 0.0, (off_y * off_y) / (wide * wide * 0.6)) * 0.26 / (1.0 + off_z * off_z * 0.8);
            colour = add(colour, scale(lamp.power, (spot * (0.25 + mirror) + streak) * 2.2));
        }
        colour
    }
}

struct Wet {
    tint: V3,
    cloudy: f32,
    film: f32,
    rim: f32,
    mirrored: V3,
    warp: [f32; 2],
}

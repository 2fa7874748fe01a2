//! Solid bodies: balls, capsules, blocks and cones in any position, met by rays exactly.
//!
//! In -> out: a body in the view frame -> its pixels in a band, nearest first by depth, round edges softened by how much of the pixel they
//! cover. Deliberately absent: meshes and shadows of bodies on bodies.

use super::{
    Frame,
    canvas::Canvas,
    light::Field,
    material::Material,
    vector::{V3, add, dot, mix, scale, unit_or},
    view::{Bounds, NEAR_M},
};

/// A shape about its own origin, metres.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// Radius 1; the frame of the body stretches it.
    Ball,
    /// Along z from `-half` to `half`, with round ends.
    Capsule { half: f32, radius: f32 },
    /// Half sides.
    Block { half: V3 },
    /// Along z from 0 to `height`, closed.
    Cone { height: f32, bottom: f32, top: f32 },
}

pub(super) struct Solid {
    pub(super) owner: u16,
    /// Rows take view directions to the body's own frame.
    pub(super) to_body: [V3; 3],
    /// Eye in the body's own frame.
    pub(super) eye: V3,
    pub(super) shape: Shape,
    pub(super) material: Material,
    pub(super) light: Field,
    pub(super) bounds: Bounds,
    /// Of its middle; bodies are painted from far to near.
    pub(super) depth: f32,
    /// Typical radius, metres, for soft edges.
    pub(super) size_m: f32,
}

/// Where a ray enters a body, in the body's own frame.
struct Entry {
    depth: f32,
    point: V3,
    normal: V3,
    coverage: f32,
}

impl Solid {
    pub(super) fn paint(&self, frame: &Frame, canvas: &mut Canvas) {
        for row in self.bounds.rows(canvas.top, canvas.bottom) {
            let ray = frame.view.row(row);
            let start = [0, 1, 2].map(|axis| self.to_body[axis][0] + self.to_body[axis][2] * ray.slope);
            let aside_step = [0, 1, 2].map(|axis| self.to_body[axis][1]);
            let line = canvas.index(0, row);
            for column in self.bounds.left..self.bounds.right {
                let aside = ray.aside(column);
                let direction = add(start, scale(aside_step, aside));
                let Some(entry) = self.enter(direction, frame.view.pixel) else { continue };
                let index = line + column;
                if entry.depth < NEAR_M || entry.depth > canvas.depth[index] {
                    continue;
                }
                let colour = self.colour(frame, &entry, [1.0, aside, ray.slope]);
                if entry.coverage > 0.5 {
                    canvas.depth[index] = entry.depth;
                    canvas.owner[index] = self.owner;
                }
                canvas.colour[index] = mix(canvas.colour[index], colour, entry.coverage);
            }
        }
    }

    fn colour(&self, frame: &Frame, entry: &Entry, ray: V3) -> V3 {
        let n = entry.normal;
        let normal = unit_or([0, 1, 2].map(|axis| (0..3).map(|row| self.to_body[row][axis] * n[row]).sum()), [0.0, 0.0, 1.0]);
        let above_floor = frame.view.eye_m + entry.depth * ray[2];
        let (albedo, glow) = self.material.at(entry.point, entry.depth * frame.view.pixel);
        let light = self.light.falling_on(normal);
        let open = (0.55 + 0.45 * (above_floor * 4.0).clamp(0.0, 1.0)) + 0.2 * normal[2].max(0.0);
        let mut colour = [0, 1, 2].map(|c| albedo[c] * light[c] * open.min(1.0) + glow[c]);
        if self.material.gloss > 0.0 {
            let back = 2.0 * dot(ray, normal);
            let mirrored = unit_or([0, 1, 2].map(|axis| ray[axis] - back * normal[axis]), normal);
            let shine = dot(mirrored, self.light.main).max(0.0);
            let shine = shine * shine * shine * shine;
            let shine = shine * shine * shine * self.material.gloss;
            colour = add(colour, scale(self.light.even, 2.2 * shine));
        }
        colour
    }

    fn enter(&self, d: V3, pixel: f32) -> Option<Entry> {
        match self.shape {
            Shape::Ball => self.enter_ball(d, pixel),
            Shape::Capsule { half, radius } => self.enter_capsule(d, pixel, half, radius),
            Shape::Block { half } => self.enter_block(d, pixel, half),
            Shape::Cone { height, bottom, top } => self.enter_cone(d, pixel, height, bottom, top),
        }
    }

    #[inline]
    fn at(&self, d: V3, depth: f32) -> V3 {
        add(self.eye, scale(d, depth))
    }

    fn enter_ball(&self, d: V3, pixel: f32) -> Option<Entry> {
        let (a, b, c) = (dot(d, d), dot(self.eye, d), dot(self.eye, self.eye));
        let depth = round_entry(a, b, c - 1.0)?;
        let point = self.at(d, depth);
        let nearest = (c - b * b / a).max(0.0).sqrt();
        Some(Entry { depth, point, normal: point, coverage: covered((1.0 - nearest) * self.size_m, depth * pixel) })
    }

    fn enter_capsule(&self, d: V3, pixel: f32, half: f32, radius: f32) -> Option<Entry> {
        let o = self.eye;
        let (a, b) = (d[0] * d[0] + d[1] * d[1], o[0] * d[0] + o[1] * d[1]);
        let c = o[0] * o[0] + o[1] * o[1];
        if a > 1e-9
            && let Some(depth) = round_entry(a, b, c - radius * radius)
        {
            let z = o[2] + depth * d[2];
            if z.abs() <= half {
                let nearest = (c - b * b / a).max(0.0).sqrt();
                let point = self.at(d, depth);
                return Some(Entry { depth, point, normal: [point[0], point[1], 0.0], coverage: covered(radius - nearest, depth * pixel) });
            }
        }
        let end = |z: f32| {
            let from = [o[0], o[1], o[2] - z];
            let (a, b, c) = (dot(d, d), dot(from, d), dot(from, from));
            let depth = round_entry(a, b, c - radius * radius)?;
            let point = self.at(d, depth);
            let nearest = (c - b * b / a).max(0.0).sqrt();
            Some(Entry { depth, point, normal: [point[0], point[1], point[2] - z], coverage: covered(radius - nearest, depth * pixel) })
        };
        match (end(half), end(-half)) {
            (Some(a), Some(b)) => Some(if a.depth < b.depth { a } else { b }),
            (a, b) => a.or(b),
        }
    }

    fn enter_block(&self, d: V3, pixel: f32, half: V3) -> Option<Entry> {
        let (mut enter, mut leave, mut axis) = (f32::MIN, f32::MAX, 0);
        for k in 0..3 {
            let slow = if d[k].abs() < 1e-9 { 1e-9 } else { d[k] };
            let inverse = 1.0 / slow;
            let (a, b) = ((-half[k] - self.eye[k]) * inverse, (half[k] - self.eye[k]) * inverse);
            let (a, b) = if a < b { (a, b) } else { (b, a) };
            if a > enter {
                (enter, axis) = (a, k);
            }
            leave = leave.min(b);
        }
        if enter >= leave || enter <= 0.0 {
            return None;
        }
        let mut normal = [0.0; 3];
        normal[axis] = if d[axis] > 0.0 { -1.0 } else { 1.0 };
        // Where the way through it is shorter than two pixels, the ray grazes an edge.
        let graze = (2.0 * enter * pixel).min(self.size_m);
        Some(Entry { depth: enter, point: self.at(d, enter), normal, coverage: ((leave - enter) / graze).min(1.0) })
    }

    fn enter_cone(&self, d: V3, pixel: f32, height: f32, bottom: f32, top: f32) -> Option<Entry> {
        let o = self.eye;
        let slant = (top - bottom) / height;
        let (r, s) = (bottom + slant * o[2], slant * d[2]);
        let a = d[0] * d[0] + d[1] * d[1] - s * s;
        let b = o[0] * d[0] + o[1] * d[1] - r * s;
        let c = o[0] * o[0] + o[1] * o[1] - r * r;
        let mut best: Option<Entry> = None;
        let discriminant = b * b - a * c;
        if discriminant > 0.0 && a.abs() > 1e-9 {
            let root = discriminant.sqrt();
            for depth in [(-b - root) / a, (-b + root) / a] {
                let point = self.at(d, depth);
                if depth > 0.0 && (0.0..=height).contains(&point[2]) && best.as_ref().is_none_or(|entry| depth < entry.depth) {
                    let radius = bottom + slant * point[2];
                    let graze = root / a.abs() * 0.5 * (d[0] * d[0] + d[1] * d[1]).sqrt().max(0.2);
                    let coverage = covered(graze * graze / radius.max(0.01), depth * pixel);
                    best = Some(Entry { depth, point, normal: [point[0], point[1], -slant * radius], coverage });
                }
            }
        }
        for (z, radius, up) in [(0.0, bottom, -1.0), (height, top, 1.0)] {
            if d[2].abs() > 1e-9 {
                let depth = (z - o[2]) / d[2];
                let point = self.at(d, depth);
                let is_inside = point[0] * point[0] + point[1] * point[1] <= radius * radius;
                if depth > 0.0 && is_inside && best.as_ref().is_none_or(|entry| depth < entry.depth) {
                    best = Some(Entry { depth, point, normal: [0.0, 0.0, up], coverage: 1.0 });
                }
            }
        }
        best
    }
}

/// Nearer root of `a t^2 + 2 b t + c`, ahead of the eye.
#[inline]
fn round_entry(a: f32, b: f32, c: f32) -> Option<f32> {
    let discriminant = b * b - a * c;
    if discriminant <= 0.0 {
        return None;
    }
    let depth = (-b - discriminant.sqrt()) / a;
    (depth > 0.0).then_some(depth)
}

/// Share of a pixel inside an edge that is `inside` metres away.
#[inline]
fn covered(inside: f32, pixel_m: f32) -> f32 {
    (inside / pixel_m.max(1e-5) + 0.4).min(1.0)
}

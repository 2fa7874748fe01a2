//! Things as they are put together: bodies, floor decals and plumes, placed by a pen that knows where the thing stands.
//!
//! In -> out: coordinates of the thing (x ahead of it, y left, z up, metres from where it touches the floor) -> parts in the view frame with
//! their light and pixel bounds. What cannot be seen is left out here. Deliberately absent: what a thing looks like (see `things`).

use super::{
    air::{Body, Plume},
    billows::{Billows, Puff},
    canvas::NOBODY,
    decals::{Decal, Surface},
    flames::{Blaze, Flames},
    light::Lamps,
    material::Material,
    solids::{Shape, Solid},
    vector::{V3, across, add, cross, dot, length, scale, sub, unit_or},
    view::View,
};

#[derive(Default)]
pub(super) struct Parts {
    pub(super) solids: Vec<Solid>,
    pub(super) decals: Vec<Decal>,
    pub(super) plumes: Vec<Plume>,
}

impl Parts {
    /// Bodies from far to near, decals from the floor up, plumes from near to far.
    pub(super) fn sort(&mut self) {
        self.solids.sort_by(|a, b| b.depth.total_cmp(&a.depth));
        self.decals.sort_by_key(Decal::layer);
        self.plumes.sort_by(|a, b| a.depth.total_cmp(&b.depth));
    }
}

/// Adds parts of one thing.
pub(super) struct Pen<'a> {
    pub(super) view: &'a View,
    pub(super) lamps: &'a Lamps,
    pub(super) ceiling_m: f32,
    pub(super) parts: &'a mut Parts,
    pub(super) owner: u16,
    /// Where it stands, view frame.
    pub(super) foot: [f32; 2],
    /// Where it faces, view frame.
    pub(super) along: [f32; 2],
}

/// What tells one cloud from another; see `Billows`.
pub(super) struct Cloud {
    pub(super) albedo: V3,
    pub(super) glow: f32,
    pub(super) flatness: f32,
    pub(super) curl_m: f32,
    pub(super) curls: f32,
    pub(super) risen_m: f32,
    pub(super) shift: f32,
    pub(super) thinning: [f32; 2],
}

impl Pen<'_> {
    fn turn(&self, v: V3) -> V3 {
        [v[0] * self.along[0] - v[1] * self.along[1], v[0] * self.along[1] + v[1] * self.along[0], v[2]]
    }

    fn place(&self, p: V3) -> V3 {
        let turned = self.turn(p);
        [turned[0] + self.foot[0], turned[1] + self.foot[1], turned[2]]
    }

    /// A body with these axes (view frame) of these lengths.
    fn solid(&mut self, centre: V3, axes: [V3; 3], lengths: V3, shape: Shape, balls: &[(V3, f32)], material: Material) {
        let Some(bounds) = self.view.bounds(balls) else { return };
        let to_body = [0, 1, 2].map(|row| scale(axes[row], 1.0 / lengths[row].max(1e-4)));
        let from = sub([0.0, 0.0, self.view.eye_m], centre);
        let size_m = match shape {
            Shape::Ball => (lengths[0] + lengths[1] + lengths[2]) / 3.0,
            Shape::Capsule { radius, .. } => radius,
            Shape::Block { half } => half[0].min(half[1]).min(half[2]),
            Shape::Cone { bottom, top, .. } => bottom.max(top),
        };
        self.parts.solids.push(Solid {
            owner: self.owner,
            to_body,
            eye: [0, 1, 2].map(|row| dot(to_body[row], from)),
            shape,
            material,
            light: self.lamps.around(centre),
            bounds,
            depth: centre[0],
            size_m,
        });
    }

    /// A round rod from `a` to `b`.
    pub(super) fn capsule(&mut self, a: V3, b: V3, radius: f32, material: Material) {
        let (a, b) = (self.place(a), self.place(b));
        let middle = scale(add(a, b), 0.5);
        let axis = unit_or(sub(b, a), [0.0, 0.0, 1.0]);
        let (side, third) = across(axis);
        let half = length(sub(b, a)) * 0.5;
        self.solid(middle, [side, third, axis], [1.0; 3], Shape::Capsule { half, radius }, &[(a, radius), (b, radius)], material);
    }

    /// A level ellipsoid with radii along the thing's x, y, z.
    pub(super) fn ball(&mut self, centre: V3, radii: V3, material: Material) {
        let axes = [self.turn([1.0, 0.0, 0.0]), self.turn([0.0, 1.0, 0.0]), [0.0, 0.0, 1.0]];
        let centre = self.place(centre);
        self.solid(centre, axes, radii, Shape::Ball, &[(centre, radii[0].max(radii[1]).max(radii[2]))], material);
    }

    /// An ellipsoid from `a` to `b`, `wide` towards `side` and `thick` across.
    pub(super) fn lump(&mut self, a: V3, b: V3, side: V3, wide: f32, thick: f32, material: Material) {
        let axis = unit_or(sub(b, a), [0.0, 0.0, 1.0]);
        let side = unit_or(sub(side, scale(axis, dot(side, axis))), across(axis).0);
        let axes = [side, cross(axis, side), axis].map(|v| self.turn(v));
        let half = length(sub(b, a)) * 0.5;
        let centre = self.place(scale(add(a, b), 0.5));
        self.solid(centre, axes, [wide, thick, half], Shape::Ball, &[(centre, half.max(wide).max(thick))], material);
    }

    /// A block with half sides along `axes` of the thing.
    pub(super) fn block(&mut self, centre: V3, half: V3, axes: [V3; 3], material: Material) {
        let axes = axes.map(|v| self.turn(v));
        let centre = self.place(centre);
        let mut corners = [(centre, 0.0); 8];
        for (number, corner) in corners.iter_mut().enumerate() {
            for (k, axis) in axes.iter().enumerate() {
                let sign = if number & (1 << k) == 0 { half[k] } else { -half[k] };
                corner.0 = add(corner.0, scale(*axis, sign));
            }
        }
        self.solid(centre, axes, [1.0; 3], Shape::Block { half }, &corners, material);
    }

    /// A block standing straight, turned by `yaw` given as (cosine, sine).
    pub(super) fn upright(&mut self, centre: V3, half: V3, yaw: [f32; 2], material: Material) {
        self.block(centre, half, [[yaw[0], yaw[1], 0.0], [-yaw[1], yaw[0], 0.0], [0.0, 0.0, 1.0]], material);
    }

    /// A closed cone or cylinder from `foot` towards `up`.
    pub(super) fn cone(&mut self, foot: V3, up: V3, height: f32, bottom: f32, top: f32, material: Material) {
        let axis = unit_or(self.turn(up), [0.0, 0.0, 1.0]);
        let (side, third) = across(axis);
        let foot = self.place(foot);
        let end = add(foot, scale(axis, height));
        self.solid(foot, [side, third, axis], [1.0; 3], Shape::Cone { height, bottom, top }, &[(foot, bottom), (end, top)], material);
    }

    /// Something flat on the floor, turned by `yaw` (cosine, sine); it belongs to the thing where `is_seen`.
    pub(super) fn decal(&mut self, centre: [f32; 2], half: [f32; 2], yaw: [f32; 2], surface: Surface, is_seen: bool) {
        let place = self.place([centre[0], centre[1], 0.0]);
        let reach = (half[0] * half[0] + half[1] * half[1]).sqrt();
        let along = self.turn([yaw[0], yaw[1], 0.0]);
        // A disc on the floor, as balls around its rim that hardly rise above it.
        let rim = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]];
        let rim = rim.map(|[dx, dy]| ([place[0] + dx * reach, place[1] + dy * reach, 0.0], 0.01));
        let Some(bounds) = self.view.bounds(&rim) else { return };
        self.parts.decals.push(Decal {
            owner: if is_seen { self.owner } else { NOBODY },
            centre: [place[0], place[1]],
            along: [along[0], along[1]],
            half,
            reach_m: Decal::reach(&surface, half),
            surface,
            light: self.lamps.around([place[0], place[1], 0.02]),
            bounds,
        });
    }

    /// Shade under a body.
    pub(super) fn contact(&mut self, centre: [f32; 2], half: [f32; 2], strength: f32) {
        self.decal(centre, half, [1.0, 0.0], Surface::Contact { strength }, false);
    }

    /// `distance_m` from the middle of the thing towards the camera, in its own coordinates, on the floor. Flames are sheets without depth:
    /// there they stand before the body that burns.
    pub(super) fn before(&self, distance_m: f32) -> V3 {
        let away = (self.foot[0] * self.foot[0] + self.foot[1] * self.foot[1]).sqrt().max(0.1);
        let to_eye = [-self.foot[0] / away * distance_m, -self.foot[1] / away * distance_m];
        let along = self.along;
        [to_eye[0] * along[0] + to_eye[1] * along[1], to_eye[1] * along[0] - to_eye[0] * along[1], 0.0]
    }

    pub(super) fn flames(&mut self, foot: V3, height_m: f32, half_width_m: f32, time: f32, seed: u64) {
        self.blaze(foot, &Blaze { height_m, half_width_m, heat: 0.0, tint: [1.0; 3] }, time, seed);
    }

    pub(super) fn blaze(&mut self, foot: V3, blaze: &Blaze, time: f32, seed: u64) {
        let foot = self.place(foot);
        let half_width_m = blaze.half_width_m;
        let flames = Flames::new(foot, blaze, time, seed);
        if foot[0] > 0.1
            && let Some(bounds) = self.view.bounds(&flames.balls())
        {
            self.parts.plumes.push(Plume {
                owner: self.owner,
                body: Body::Flames(flames),
                bounds,
                depth: foot[0],
                half_depth: half_width_m * 0.6,
            });
        }
    }

    /// Puffs in the thing's coordinates.
    pub(super) fn cloud(&mut self, puffs: &[Puff], cloud: &Cloud) {
        let puffs: Vec<Puff> = puffs.iter().map(|puff| Puff { centre: self.place(puff.centre), ..*puff }).collect();
        if puffs.is_empty() {
            return;
        }
        let share = 1.0 / puffs.len() as f32;
        let middle = puffs.iter().fold([0.0; 3], |sum, puff| add(sum, scale(puff.centre, share)));
        let half_depth = puffs.iter().map(|puff| (puff.centre[0] - middle[0]).abs() + puff.radius).fold(0.1, f32::max);
        let billows = Billows {
            puffs,
            albedo: cloud.albedo,
            glow: cloud.glow,
            light: self.lamps.around(middle),
            flatness: cloud.flatness,
            curl_m: cloud.curl_m,
            curls: cloud.curls,
            risen_m: cloud.risen_m,
            shift: cloud.shift,
            thinning: cloud.thinning,
            depth: middle[0],
        };
        if middle[0] > -half_depth
            && let Some(bounds) = self.view.bounds(&billows.balls())
        {
            self.parts.plumes.push(Plume {
                owner: self.owner,
                body: Body::Billows(billows),
                bounds,
                depth: middle[0],
                half_depth: half_depth * 0.7,
            });
        }
    }
}

//! Which things have a body, and where it stands. In -> out: a thing -> a rectangle on the floor, and where a ray or a point meets it. The
//! sizes are those that `render` draws; flames, puddles, mats, clouds and shadows have no body.

use crate::scene::{Look, Thing};

/// A rectangle on the floor, solid up to at least the height of the lidar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Footprint {
    middle_m: [f64; 2],
    /// Unit vector along the length.
    along: [f64; 2],
    half_length_m: f64,
    half_width_m: f64,
}

/// Half length (along the heading) and half width of a look's body, metres; `None` where a robot and a lidar meet nothing.
pub(crate) fn half_size_m(look: Look) -> Option<[f64; 2]> {
    match look {
        Look::PersonDown => Some([0.9, 0.3]),
        Look::BlockedPath => Some([0.35, 1.0]),
        Look::GasLeak => Some([0.14, 0.14]),
        Look::RedCloth => Some([0.1, 0.47]),
        Look::OrangeCone => Some([0.18, 0.18]),
        Look::LampInSteam => Some([0.22, 0.34]),
        Look::PersonStanding => Some([0.16, 0.27]),
        Look::PersonSitting => Some([0.45, 0.26]),
        Look::BoxStack => Some([0.34, 0.34]),
        Look::Table => Some([0.42, 0.7]),
        Look::Plant => Some([0.19, 0.19]),
        Look::Fire | Look::Smoke | Look::LiquidSpill | Look::BlueMat | Look::Shadow => None,
    }
}

impl Footprint {
    /// The body of `thing`, if it has one.
    pub(crate) fn of(thing: &Thing) -> Option<Self> {
        let [half_length_m, half_width_m] = half_size_m(thing.look)?;
        let along = [thing.heading_rad.cos(), thing.heading_rad.sin()];
        Some(Self { middle_m: thing.position_m, along, half_length_m, half_width_m })
    }

    /// Radius of the circle around it, metres.
    pub(crate) fn radius_m(&self) -> f64 {
        self.half_length_m.hypot(self.half_width_m)
    }

    pub(crate) fn middle_m(&self) -> [f64; 2] {
        self.middle_m
    }

    /// Its four corners, metres, map frame.
    pub(crate) fn corners_m(&self) -> [[f64; 2]; 4] {
        let [c, s] = self.along;
        [[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]].map(|[u, v]| {
            let (u, v) = (u * self.half_length_m, v * self.half_width_m);
            [self.middle_m[0] + u * c - v * s, self.middle_m[1] + u * s + v * c]
        })
    }

    /// Distance from a point to the body, metres; 0 inside.
    pub(crate) fn distance_m(&self, point_m: [f64; 2]) -> f64 {
        let [u, v] = self.local([point_m[0] - self.middle_m[0], point_m[1] - self.middle_m[1]]);
        (u.abs() - self.half_length_m).max(0.0).hypot((v.abs() - self.half_width_m).max(0.0))
    }

    /// Way from `from_m` in the unit direction to the body, metres; `None` when the ray misses or starts inside. Slab method.
    pub(crate) fn cast_m(&self, from_m: [f64; 2], direction: [f64; 2]) -> Option<f64> {
        let origin = self.local([from_m[0] - self.middle_m[0], from_m[1] - self.middle_m[1]]);
        let direction = self.local(direction);
        let half = [self.half_length_m, self.half_width_m];
        let (mut enter, mut leave) = (f64::NEG_INFINITY, f64::INFINITY);
        for axis in 0..2 {
            if direction[axis].abs() < 1e-12 {
                if origin[axis].abs() > half[axis] {
                    return None;
                }
                continue;
            }
            let (a, b) = ((-half[axis] - origin[axis]) / direction[axis], (half[axis] - origin[axis]) / direction[axis]);
            enter = enter.max(a.min(b));
            leave = leave.min(a.max(b));
        }
        (enter <= leave && enter > 0.0).then_some(enter)
    }

    fn local(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [c, s] = self.along;
        [x * c + y * s, y * c - x * s]
    }
}

#[cfg(test)]
mod tests {
    use super::Footprint;
    use crate::scene::{Look, Thing};
    use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

    fn table(heading_rad: f64) -> Footprint {
        let thing = Thing { id: 1, look: Look::Table, form: 0, position_m: [2.0, 1.0], heading_rad, stage: 1.0, phase_secs: 0.0, seed: 0 };
        Footprint::of(&thing).expect("a body")
    }

    #[test]
    fn rays_meet_the_nearer_side() {
        let near = |got: Option<f64>, expected: f64| assert!((got.expect("a hit") - expected).abs() < 1e-9, "{got:?}");
        near(table(0.0).cast_m([0.0, 1.0], [1.0, 0.0]), 2.0 - 0.42);
        near(table(FRAC_PI_2).cast_m([0.0, 1.0], [1.0, 0.0]), 2.0 - 0.7);
        near(table(FRAC_PI_4).cast_m([2.0, 4.0], [0.0, -1.0]), 3.0 - 0.42 * 2_f64.sqrt());
        assert_eq!(table(0.0).cast_m([0.0, 2.0], [1.0, 0.0]), None, "beside it");
        assert_eq!(table(0.0).cast_m([4.0, 1.0], [1.0, 0.0]), None, "behind");
        assert_eq!(table(0.0).cast_m([2.0, 1.0], [1.0, 0.0]), None, "inside");
    }

    #[test]
    fn distance_is_zero_inside_and_measured_from_the_side() {
        assert_eq!(table(0.0).distance_m([2.3, 1.5]), 0.0);
        assert!((table(0.0).distance_m([2.0, 2.0]) - 0.3).abs() < 1e-9);
        assert!((table(FRAC_PI_2).distance_m([3.0, 1.0]) - 0.3).abs() < 1e-9);
        assert!(table(1.0).corners_m().iter().all(|&corner| table(1.0).distance_m(corner) < 1e-9));
    }
}

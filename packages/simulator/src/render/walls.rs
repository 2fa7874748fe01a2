//! Which wall face stands in which direction.
//!
//! In -> out: a view and a grid -> a fan of directions, each with a face. A face is a whole plane, so that the depth of every pixel is exact
//! and only the corners are rounded to the fan. Deliberately absent: what a face looks like.

use super::{
    grid::{FAR_M, Grid},
    vector::V3,
    view::View,
};

/// What kind of wall a face belongs to, from how deep the wall is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    /// A thin wall between rooms.
    Inner,
    /// A wall to the end of the map.
    Outer,
    /// A rack, a cupboard: 0.3 to 3 m deep.
    Shelf,
    /// The end of a long shelf, or a thick wall.
    End,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Face {
    /// The inverse depth of a ray is `inverse + per_aside * aside`.
    pub(super) inverse: f32,
    pub(super) per_aside: f32,
    /// Towards the room, view frame.
    pub(super) normal: V3,
    /// Map axis along which the face runs.
    pub(super) runs_along: usize,
    pub(super) build: Build,
    /// Decides details; the same for the whole plane.
    pub(super) seed: u32,
}

pub(super) struct Fan {
    first: f32,
    per_aside: f32,
    pub(super) faces: Vec<Face>,
    index: Vec<u16>,
    /// For each direction, the first one after it that has another face.
    ends: Vec<u32>,
}

/// What tells two faces apart: axis, plane in cells, towards which side, build.
type Key = (usize, i32, i32, Build);

impl Fan {
    pub(super) fn new(view: &View, grid: Option<&Grid>) -> Self {
        let samples = ((view.width * 3 / 2) as f32 * (2.0 * view.widest / (view.pixel * view.width as f32)).min(3.0)) as usize + 2;
        let per_aside = samples as f32 / (2.0 * view.widest);
        let mut fan =
            Self { first: view.widest, per_aside, faces: vec![horizon()], index: vec![0; samples], ends: vec![samples as u32; samples] };
        let Some(grid) = grid else { return fan };
        let eye = grid.cells_of(view.position);
        let mut last: Option<(Key, u16)> = None;
        let mut known: Option<([i32; 2], usize, Build)> = None;
        for sample in 0..samples {
            let aside = fan.first - (sample as f32 + 0.5) / per_aside;
            let direction = [0, 1].map(|axis| view.forward[axis] + aside * view.left[axis]);
            let Some(hit) = grid.cast(eye, direction, FAR_M) else { continue };
            let build = match known {
                Some((cell, axis, build)) if cell == hit.cell && axis == hit.axis => build,
                _ => match grid.depth_m(&hit, 3.0) {
                    None => Build::Outer,
                    Some(depth) if depth < 0.3 => Build::Inner,
                    Some(depth) if depth < 3.0 => Build::Shelf,
                    Some(_) => Build::End,
                },
            };
            known = Some((hit.cell, hit.axis, build));
            let key = (hit.axis, hit.cell[hit.axis], hit.inward, build);
            let number = match last {
                Some((before, number)) if before == key => number,
                _ if fan.faces.len() > usize::from(u16::MAX) => 0,
                _ => {
                    let offset = (grid.plane_m(&hit) - view.position[hit.axis]) as f32;
                    fan.faces.push(face(view, hit.axis, hit.inward, offset, build, hit.cell[hit.axis]));
                    (fan.faces.len() - 1) as u16
                }
            };
            last = Some((key, number));
            fan.index[sample] = number;
        }
        for sample in (1..samples).rev() {
            let is_same = fan.index[sample - 1] == fan.index[sample];
            fan.ends[sample - 1] = if is_same { fan.ends[sample] } else { sample as u32 };
        }
        fan
    }

    /// Where the face in direction `aside` ends.
    pub(super) fn end(&self, aside: f32) -> f32 {
        let place = ((self.first - aside) * self.per_aside).max(0.0) as usize;
        let end = self.ends.get(place).or(self.ends.last()).copied().unwrap_or(0);
        self.first - end as f32 / self.per_aside
    }

    /// Number of the face in direction `aside`.
    #[inline]
    pub(super) fn number(&self, aside: f32) -> u16 {
        let place = ((self.first - aside) * self.per_aside).max(0.0) as usize;
        self.index.get(place).or(self.index.last()).copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn face(&self, number: u16) -> &Face {
        &self.faces[usize::from(number)]
    }
}

/// Where no wall is met: a dim plane far ahead.
fn horizon() -> Face {
    Face { inverse: 1.0 / FAR_M, per_aside: 0.0, normal: [-1.0, 0.0, 0.0], runs_along: 0, build: Build::Outer, seed: 0 }
}

#[inline]
fn face(view: &View, axis: usize, inward: i32, offset: f32, build: Build, plane: i32) -> Face {
    // Right before a wall the camera may stand in it by a rounding.
    let offset = if inward > 0 { offset.max(1e-3) } else { offset.min(-1e-3) };
    let out = -inward as f32;
    Face {
        inverse: view.forward[axis] / offset,
        per_aside: view.left[axis] / offset,
        normal: [view.forward[axis] * out, view.left[axis] * out, 0.0],
        runs_along: 1 - axis,
        build,
        seed: super::noise::hash2(plane, axis as i32 * 2 + inward, 77),
    }
}

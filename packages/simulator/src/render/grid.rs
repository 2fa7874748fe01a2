//! The floor plan as rays meet it.
//!
//! In -> out: a position and a direction -> the first wall face, after Amanatides and Woo, "A Fast Voxel Traversal Algorithm" (1987).
//! Deliberately absent: heights; every wall reaches the ceiling. Outside the grid all is solid.

use super::noise::{floor, whole};
use crate::Building;

/// Nothing is seen beyond, metres.
pub(super) const FAR_M: f32 = 80.0;

pub(super) struct Grid<'a> {
    cells: &'a [bool],
    width: i32,
    height: i32,
    resolution_m: f32,
    per_metre: f32,
    origin: [f64; 2],
    /// The same for places on the floor.
    corner_m: [f32; 2],
}

/// Where a ray met a wall.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Hit {
    /// In lengths of the ray's direction.
    pub(super) distance: f32,
    /// 0: the face stands across x, 1: across y.
    pub(super) axis: usize,
    /// The wall's cell.
    pub(super) cell: [i32; 2],
    /// Along the axis, into the wall.
    pub(super) inward: i32,
}

impl<'a> Grid<'a> {
    /// `None` for a building without a usable grid.
    pub(super) fn new(building: &'a Building) -> Option<Self> {
        let resolution_m = building.resolution_m as f32;
        let cells = building.width.checked_mul(building.height)?;
        let fits = building.width <= 1 << 20 && building.height <= 1 << 20 && building.is_solid.len() >= cells && cells > 0;
        let origin = building.origin_m;
        (fits && resolution_m.is_finite() && resolution_m > 1e-3 && origin.iter().all(|o| o.is_finite())).then(|| Self {
            cells: &building.is_solid,
            width: building.width as i32,
            height: building.height as i32,
            resolution_m,
            per_metre: 1.0 / resolution_m,
            origin,
            corner_m: origin.map(|o| o as f32),
        })
    }

    /// A point of the map in cells.
    pub(super) fn cells_of(&self, point: [f64; 2]) -> [f32; 2] {
        [0, 1].map(|axis| ((point[axis] - self.origin[axis]) as f32) * self.per_metre)
    }

    #[inline]
    fn is_inside(&self, cell: [i32; 2]) -> bool {
        (cell[0] as u32) < self.width as u32 && (cell[1] as u32) < self.height as u32
    }

    #[inline]
    fn is_solid(&self, cell: [i32; 2]) -> bool {
        !self.is_inside(cell) || self.cells[cell[1] as usize * self.width as usize + cell[0] as usize]
    }

    /// Whether the nearest wall to one of the four sides is between `near_m` and `far_m` away, to a cell; never at the edge of the map.
    #[inline]
    pub(super) fn is_beside_solid(&self, x: f32, y: f32, near_m: f32, far_m: f32) -> bool {
        let column = whole((x - self.corner_m[0]) * self.per_metre).0;
        let row = whole((y - self.corner_m[1]) * self.per_metre).0;
        let (near, far) = ((near_m * self.per_metre) as i32, (far_m * self.per_metre) as i32);
        if column < far || row < far || column >= self.width - far || row >= self.height - far {
            return false;
        }
        let middle = row as usize * self.width as usize + column as usize;
        let any = |reach: i32| {
            let (across, along) = (reach as usize, reach as usize * self.width as usize);
            self.cells[middle + across] || self.cells[middle - across] || self.cells[middle + along] || self.cells[middle - along]
        };
        any(far) && !any(near)
    }

    /// Coordinate of the face, map frame, metres.
    pub(super) fn plane_m(&self, hit: &Hit) -> f64 {
        let index = hit.cell[hit.axis] + i32::from(hit.inward < 0);
        self.origin[hit.axis] + f64::from(index) * f64::from(self.resolution_m)
    }

    /// First step from free into solid along `direction` (metres a length) from `from` (cells), within `reach_m` metres.
    pub(super) fn cast(&self, from: [f32; 2], direction: [f32; 2], reach_m: f32) -> Option<Hit> {
        // So far outside there is no grid to come back to.
        if !from.iter().all(|place| place.abs() < 1e7) {
            return None;
        }
        let mut cell = from.map(floor);
        let (mut next, mut delta, mut step) = ([f32::MAX; 2], [f32::MAX; 2], [0; 2]);
        for axis in 0..2 {
            let speed = direction[axis] * self.per_metre;
            if speed.abs() > 1e-9 {
                delta[axis] = 1.0 / speed.abs();
                step[axis] = if speed > 0.0 { 1 } else { -1 };
                let to_edge = if speed > 0.0 { (cell[axis] + 1) as f32 - from[axis] } else { from[axis] - cell[axis] as f32 };
                next[axis] = to_edge * delta[axis];
            }
        }
        let mut was_solid = self.is_solid(cell);
        // Also an end for rays that run outside the grid.
        let steps = (reach_m * self.per_metre * 1.5) as usize + 2;
        for _ in 0..steps {
            let axis = usize::from(next[1] < next[0]);
            let distance = next[axis];
            cell[axis] = cell[axis].saturating_add(step[axis]);
            next[axis] += delta[axis];
            let is_solid = self.is_solid(cell);
            if is_solid && !was_solid {
                return Some(Hit { distance, axis, cell, inward: step[axis] });
            }
            was_solid = is_solid;
        }
        None
    }

    /// How deep the wall is behind a hit, metres, at most `most_m`; `None` where it goes on to the end of the map.
    pub(super) fn depth_m(&self, hit: &Hit, most_m: f32) -> Option<f32> {
        let mut cell = hit.cell;
        let most = (most_m * self.per_metre) as i32 + 1;
        for count in 0..most {
            if !self.is_inside(cell) {
                return None;
            }
            if !self.is_solid(cell) {
                return Some(count as f32 * self.resolution_m);
            }
            cell[hit.axis] += hit.inward;
        }
        Some(most_m)
    }
}

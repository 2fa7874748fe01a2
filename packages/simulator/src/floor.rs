//! Geometry of a floor plan. In -> out: points and directions, metres in the map frame -> clearances, lines of sight, distances to walls.
//! What stands in the building is not its business.

use crate::scene::Building;
use std::sync::Arc;

/// A floor plan, and how far each cell is from the nearest wall.
#[derive(Clone, Debug)]
pub(crate) struct Floor {
    building: Arc<Building>,
    /// Distance from the middle of each cell to the nearest solid cell, metres, never too long by more than half a cell.
    clearance_m: Vec<f32>,
}

impl Floor {
    pub(crate) fn new(building: Building) -> Self {
        let clearance_m = clearances(&building);
        Self { building: Arc::new(building), clearance_m }
    }

    pub(crate) fn building(&self) -> &Arc<Building> {
        &self.building
    }

    /// The cell that holds `point_m`; `None` outside the map.
    pub(crate) fn cell(&self, point_m: [f64; 2]) -> Option<[usize; 2]> {
        self.building.cell(point_m)
    }

    /// The middle of a cell, metres.
    pub(crate) fn middle_m(&self, [column, row]: [usize; 2]) -> [f64; 2] {
        let [x, y] = self.building.origin_m;
        [x + (column as f64 + 0.5) * self.building.resolution_m, y + (row as f64 + 0.5) * self.building.resolution_m]
    }

    /// How far the nearest wall is, metres; 0 outside the map and inside walls.
    pub(crate) fn clearance_m(&self, point_m: [f64; 2]) -> f64 {
        let Some([column, row]) = self.cell(point_m) else { return 0.0 };
        self.clearance_m.get(row * self.building.width + column).copied().map_or(0.0, f64::from)
    }

    /// The smallest clearance on the straight line between two points, metres.
    pub(crate) fn line_clearance_m(&self, from_m: [f64; 2], to_m: [f64; 2]) -> f64 {
        let (dx, dy) = (to_m[0] - from_m[0], to_m[1] - from_m[1]);
        let steps = (dx.hypot(dy) / self.building.resolution_m).ceil().max(1.0);
        let at = |i: f64| self.clearance_m([from_m[0] + dx * i / steps, from_m[1] + dy * i / steps]);
        (0..=steps as usize).map(|i| at(i as f64)).fold(f64::INFINITY, f64::min)
    }

    /// Whether no wall stands between two points.
    pub(crate) fn is_line_free(&self, from_m: [f64; 2], to_m: [f64; 2]) -> bool {
        self.building.is_line_free(from_m, to_m)
    }

    /// See [`Building::cast_m`].
    pub(crate) fn cast_m(&self, from_m: [f64; 2], direction: [f64; 2], max_m: f64) -> Option<f64> {
        self.building.cast_m(from_m, direction, max_m)
    }
}

impl Building {
    /// The cell that holds `point_m`; `None` outside the map.
    pub(crate) fn cell(&self, point_m: [f64; 2]) -> Option<[usize; 2]> {
        let [x, y] = self.cells_from_origin(point_m);
        let is_inside = x >= 0.0 && y >= 0.0 && x < self.width as f64 && y < self.height as f64;
        is_inside.then_some([x as usize, y as usize])
    }

    /// Whether no wall stands between two points.
    pub(crate) fn is_line_free(&self, from_m: [f64; 2], to_m: [f64; 2]) -> bool {
        let (dx, dy) = (to_m[0] - from_m[0], to_m[1] - from_m[1]);
        let length_m = dx.hypot(dy);
        length_m < 1e-9 || self.cast_m(from_m, [dx / length_m, dy / length_m], length_m).is_none()
    }

    /// Distance to the first wall in the unit direction `direction`, metres; `None` when there is none within `max_m`. Cells are walked one
    /// by one (Amanatides and Woo: A Fast Voxel Traversal Algorithm, 1987). From outside the map nothing is seen.
    pub(crate) fn cast_m(&self, from_m: [f64; 2], direction: [f64; 2], max_m: f64) -> Option<f64> {
        let [column, row] = self.cell(from_m)?;
        let width = self.width as isize;
        let [x, y] = self.cells_from_origin(from_m);
        let mut across = Axis::new(x, column, direction[0], self.width, 1);
        let mut along = Axis::new(y, row, direction[1], self.height, width);
        let max_cells = max_m / self.resolution_m;
        let mut index = (row * self.width + column) as isize;
        let mut cells = 0.0;
        loop {
            if *self.is_solid.get(index as usize)? {
                return Some(cells * self.resolution_m);
            }
            let axis = if across.next < along.next { &mut across } else { &mut along };
            cells = axis.next;
            if cells > max_cells || axis.left == 0 {
                return None;
            }
            axis.left -= 1;
            axis.next += axis.step;
            index += axis.stride;
        }
    }

    fn cells_from_origin(&self, point_m: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|i| (point_m[i] - self.origin_m[i]) / self.resolution_m)
    }
}

/// One axis of a walk through cells.
struct Axis {
    /// Way along the ray to the next border, cells.
    next: f64,
    /// Way along the ray from border to border, cells.
    step: f64,
    /// Borders before the edge of the map.
    left: usize,
    /// What a border adds to the index of the cell.
    stride: isize,
}

impl Axis {
    fn new(position: f64, cell: usize, direction: f64, cells: usize, stride: isize) -> Self {
        let offset = position - cell as f64;
        if direction > 0.0 {
            Self { next: (1.0 - offset) / direction, step: 1.0 / direction, left: cells - 1 - cell, stride }
        } else if direction < 0.0 {
            Self { next: offset / -direction, step: -1.0 / direction, left: cell, stride: -stride }
        } else {
            Self { next: f64::INFINITY, step: f64::INFINITY, left: 0, stride: 0 }
        }
    }
}

/// Two sweeps that carry the nearest solid cell along (Danielsson: Euclidean distance mapping, 1980): nearly exact, and linear in the
/// number of cells. Half a cell is taken off, because a wall begins at the border of its cell.
fn clearances(building: &Building) -> Vec<f32> {
    const FAR: i32 = 1 << 14;
    let (width, height) = (building.width as isize, building.height as isize);
    let mut nearest: Vec<[i32; 2]> = building.is_solid.iter().map(|&is_solid| if is_solid { [0, 0] } else { [FAR, FAR] }).collect();
    let length = |[x, y]: [i32; 2]| i64::from(x) * i64::from(x) + i64::from(y) * i64::from(y);
    let mut take = |column: isize, row: isize, [dx, dy]: [isize; 2]| {
        let (from_column, from_row) = (column + dx, row + dy);
        if !(0..width).contains(&from_column) || !(0..height).contains(&from_row) {
            return;
        }
        let [x, y] = nearest[(from_row * width + from_column) as usize];
        let candidate = [x + dx.unsigned_abs() as i32, y + dy.unsigned_abs() as i32];
        let own = &mut nearest[(row * width + column) as usize];
        if length(candidate) < length(*own) {
            *own = candidate;
        }
    };
    for row in 0..height {
        (0..width).for_each(|column| [[-1, 0], [0, -1], [-1, -1], [1, -1]].iter().for_each(|&from| take(column, row, from)));
        (0..width).rev().for_each(|column| take(column, row, [1, 0]));
    }
    for row in (0..height).rev() {
        (0..width).rev().for_each(|column| [[1, 0], [0, 1], [1, 1], [-1, 1]].iter().for_each(|&from| take(column, row, from)));
        (0..width).for_each(|column| take(column, row, [-1, 0]));
    }
    let metres = |&cell: &[i32; 2]| (((length(cell) as f64).sqrt() - 0.5).max(0.0) * building.resolution_m) as f32;
    nearest.iter().map(metres).collect()
}

#[cfg(test)]
mod tests {
    use super::Floor;
    use crate::scene::{Building, Style};
    use proptest::prelude::*;

    /// An empty room of 4 x 3 m at 0.1 m with walls one cell thick.
    fn room() -> Floor {
        let (width, height) = (40, 30);
        let is_wall = |i: usize| [0, width - 1].contains(&(i % width)) || [0, height - 1].contains(&(i / width));
        let is_solid = (0..width * height).map(is_wall).collect();
        Floor::new(Building { resolution_m: 0.1, width, height, origin_m: [-1.0, -2.0], is_solid, ceiling_m: 2.5, style: Style::Home })
    }

    #[test]
    fn straight_rays_end_at_the_walls() {
        let room = room();
        let from = [0.55, -0.85];
        let check = |direction, expected: f64| {
            let got = room.cast_m(from, direction, 10.0).expect("a wall");
            assert!((got - expected).abs() < 1e-9, "{direction:?}: {got}");
        };
        check([1.0, 0.0], 2.9 - 0.55);
        check([-1.0, 0.0], 0.55 + 0.9);
        check([0.0, 1.0], 0.9 + 0.85);
        check([0.0, -1.0], 1.9 - 0.85);
        assert_eq!(room.cast_m(from, [1.0, 0.0], 2.0), None);
        assert_eq!(room.cast_m([50.0, 0.0], [1.0, 0.0], 2.0), None);
    }

    #[test]
    fn clearance_counts_from_the_face_of_the_wall() {
        let room = room();
        assert!((room.clearance_m([-0.45, -0.5]) - 0.45).abs() < 0.051);
        assert_eq!(room.clearance_m([-0.95, -0.5]), 0.0);
        assert_eq!(room.clearance_m([9.0, 9.0]), 0.0);
        assert!(room.line_clearance_m([-0.5, -0.5], [2.5, -0.5]) > 0.3);
        assert_eq!(room.line_clearance_m([-0.5, -0.5], [3.5, -0.5]), 0.0);
    }

    proptest! {
        #[test]
        fn any_ray_ends_at_the_rectangle(x in -0.85_f64..2.85, y in -1.85_f64..0.85, angle in 0.0_f64..6.3) {
            let (dx, dy) = (angle.cos(), angle.sin());
            let across = if dx > 0.0 { (2.9 - x) / dx } else { (-0.9 - x) / dx };
            let along = if dy > 0.0 { (0.9 - y) / dy } else { (-1.9 - y) / dy };
            let got = room().cast_m([x, y], [dx, dy], 20.0).expect("a wall");
            prop_assert!((got - across.min(along)).abs() < 1e-6, "{got}");
            prop_assert!(room().is_line_free([x, y], [x + dx * (got - 1e-3), y + dy * (got - 1e-3)]));
            prop_assert!(!room().is_line_free([x, y], [x + dx * (got + 1e-3), y + dy * (got + 1e-3)]));
        }

        #[test]
        fn clearance_is_that_of_the_nearest_wall(x in -0.85_f64..2.85, y in -1.85_f64..0.85) {
            let exact = (x + 0.9).min(2.9 - x).min(y + 1.9).min(0.9 - y);
            prop_assert!((room().clearance_m([x, y]) - exact).abs() < 0.051);
        }
    }
}

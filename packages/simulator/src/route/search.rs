//! One leg of a route. In -> out: two points on a floor -> corners between them, or where the search got stuck. A* on a coarse grid that
//! prefers the middle of corridors, then straightened.

use crate::floor::Floor;
use std::{cmp::Ordering, collections::BinaryHeap};

/// Side of a planning cell, metres: half of the narrowest passage that is left in a 0.8 m door.
const STRIDE_M: f64 = 0.1;
/// Nearer to a wall than this costs extra, metres.
const COMFORT_M: f64 = 0.9;
/// A step along a wall costs this many times more than one in the open.
const WALL_COST: f64 = 4.0;

/// A cell to be looked at; the heap gives the cheapest first, and of equals the one with the lower index, so that the same map always
/// gives the same way.
#[derive(PartialEq)]
struct Open {
    estimate: f64,
    index: usize,
}

impl Eq for Open {}

impl Ord for Open {
    fn cmp(&self, other: &Self) -> Ordering {
        other.estimate.total_cmp(&self.estimate).then(other.index.cmp(&self.index))
    }
}

impl PartialOrd for Open {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The floor seen coarsely.
struct Grid<'a> {
    floor: &'a Floor,
    stride: usize,
    columns: usize,
    rows: usize,
    inflation_m: f64,
}

/// Corners from `from_m` to `to_m`, both included, never nearer than `inflation_m` to a wall.
///
/// # Errors
/// The point reached that is nearest to `to_m`.
pub(super) fn leg(floor: &Floor, from_m: [f64; 2], to_m: [f64; 2], inflation_m: f64) -> Result<Vec<[f64; 2]>, [f64; 2]> {
    let building = floor.building();
    let stride = ((STRIDE_M / building.resolution_m).round() as usize).max(1);
    let grid = Grid { floor, stride, columns: building.width.div_ceil(stride), rows: building.height.div_ceil(stride), inflation_m };
    let (Some(start), Some(goal)) = (grid.nearest(from_m), grid.nearest(to_m)) else { return Err(from_m) };
    let cells = grid.search(start, goal)?;
    let mut points: Vec<[f64; 2]> = cells.iter().map(|&cell| grid.middle_m(cell)).collect();
    points.insert(0, from_m);
    points.push(to_m);
    Ok(straighten(floor, &points, inflation_m))
}

impl Grid<'_> {
    fn middle_m(&self, index: usize) -> [f64; 2] {
        self.floor.middle_m([index % self.columns * self.stride, index / self.columns * self.stride])
    }

    fn clearance_m(&self, index: usize) -> f64 {
        self.floor.clearance_m(self.middle_m(index))
    }

    /// The free planning cell nearest to a point, of the few around it.
    fn nearest(&self, point_m: [f64; 2]) -> Option<usize> {
        let [column, row] = self.floor.cell(point_m)?.map(|cell| cell / self.stride);
        let around = |middle: usize, count: usize| middle.saturating_sub(2)..(middle + 3).min(count);
        let cells = around(row, self.rows).flat_map(|r| around(column, self.columns).map(move |c| r * self.columns + c));
        let distance = |index: usize| distance_m(self.middle_m(index), point_m);
        cells.filter(|&index| self.clearance_m(index) > self.inflation_m).min_by(|&a, &b| distance(a).total_cmp(&distance(b)))
    }

    fn search(&self, start: usize, goal: usize) -> Result<Vec<usize>, [f64; 2]> {
        let goal_m = self.middle_m(goal);
        let to_goal = |index: usize| distance_m(self.middle_m(index), goal_m);
        let mut cost = vec![f64::INFINITY; self.columns * self.rows];
        let mut came_from = vec![usize::MAX; cost.len()];
        let mut open = BinaryHeap::from([Open { estimate: to_goal(start), index: start }]);
        let mut nearest = start;
        cost[start] = 0.0;
        while let Some(Open { estimate, index }) = open.pop() {
            if index == goal {
                return Ok(way_back(&came_from, goal));
            }
            if estimate > cost[index] + to_goal(index) + 1e-9 {
                continue;
            }
            if to_goal(index) < to_goal(nearest) {
                nearest = index;
            }
            for (next, length_m) in self.neighbours(index) {
                let through = cost[index] + length_m * self.price(next);
                if through < cost[next] {
                    cost[next] = through;
                    came_from[next] = index;
                    open.push(Open { estimate: through + to_goal(next), index: next });
                }
            }
        }
        Err(self.middle_m(nearest))
    }

    /// The free cells around one, and how far each is, metres.
    fn neighbours(&self, index: usize) -> impl Iterator<Item = (usize, f64)> {
        let (column, row) = ((index % self.columns) as isize, (index / self.columns) as isize);
        let side_m = self.stride as f64 * self.floor.building().resolution_m;
        let steps = [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)];
        steps.into_iter().filter_map(move |(dx, dy)| {
            let (column, row) = (column + dx, row + dy);
            let is_inside = column >= 0 && row >= 0 && (column as usize) < self.columns && (row as usize) < self.rows;
            let next = is_inside.then(|| row as usize * self.columns + column as usize)?;
            let length_m = if dx == 0 || dy == 0 { side_m } else { side_m * std::f64::consts::SQRT_2 };
            (self.clearance_m(next) > self.inflation_m).then_some((next, length_m))
        })
    }

    fn price(&self, index: usize) -> f64 {
        let closeness = ((COMFORT_M - self.clearance_m(index)) / (COMFORT_M - self.inflation_m)).clamp(0.0, 1.0);
        1.0 + (WALL_COST - 1.0) * closeness * closeness
    }
}

fn way_back(came_from: &[usize], goal: usize) -> Vec<usize> {
    let mut way = vec![goal];
    while let Some(&last) = way.last() {
        match came_from.get(last) {
            Some(&before) if before != usize::MAX => way.push(before),
            _ => break,
        }
    }
    way.reverse();
    way
}

/// Leaves out corners where the straight line keeps nearly as much distance from walls as the way round them did.
fn straighten(floor: &Floor, points: &[[f64; 2]], inflation_m: f64) -> Vec<[f64; 2]> {
    let mut corners: Vec<[f64; 2]> = points.first().copied().into_iter().collect();
    let mut at = 0;
    while at + 1 < points.len() {
        let mut reach = at + 1;
        let mut way_clearance_m = f64::INFINITY;
        for (next, &point) in points.iter().enumerate().skip(at + 1) {
            way_clearance_m = way_clearance_m.min(floor.clearance_m(point));
            let wanted_m = (0.85 * way_clearance_m).clamp(inflation_m, COMFORT_M);
            if floor.line_clearance_m(points[at], point) >= wanted_m {
                reach = next;
            }
        }
        corners.push(points[reach]);
        at = reach;
    }
    corners
}

fn distance_m(a: [f64; 2], b: [f64; 2]) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

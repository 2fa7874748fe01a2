//! Patrol routes. In -> out: way-points on a floor -> a closed line that a robot can follow, planned around walls. What stands in the
//! building later is not known here: the robot waits in front of it.

mod search;

use crate::floor::Floor;
use crate::map::Map;

/// Radius of the robot's body, metres: that of a TurtleBot 4, about.
pub(crate) const ROBOT_RADIUS_M: f64 = 0.18;
/// Planned distance between the robot's middle and any wall, at least, metres: it cuts corners by up to a tenth of a metre.
const INFLATION_M: f64 = ROBOT_RADIUS_M + 0.12;

/// A route that cannot be driven.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RouteError {
    /// The map has no such route.
    #[error("map {map} has no route `{route}`, add it under vedette.routes or choose one of: {known}")]
    UnknownRoute {
        /// The map.
        map: String,
        /// The route asked for.
        route: String,
        /// The routes there are.
        known: String,
    },
    /// A way-point lies outside the map or too near a wall.
    #[error(
        "way-point {number} of route `{route}` at ({x_m:.2}, {y_m:.2}) m is {wanted_m} m or less from a wall, or outside the map; move it to open floor"
    )]
    Blocked {
        /// The route.
        route: String,
        /// Which way-point, counted from 1.
        number: usize,
        /// Its x, metres.
        x_m: f64,
        /// Its y, metres.
        y_m: f64,
        /// Distance from walls that the robot needs, metres.
        wanted_m: f64,
    },
    /// No way leads from one way-point to the next.
    #[error(
        "route `{route}`: way-point {number} at ({x_m:.2}, {y_m:.2}) m cannot be reached from the one before it, the way ends at ({near_x_m:.2}, {near_y_m:.2}) m; open a door of {door_m:.1} m there or move the way-point"
    )]
    Unreachable {
        /// The route.
        route: String,
        /// Which way-point, counted from 1.
        number: usize,
        /// Its x, metres.
        x_m: f64,
        /// Its y, metres.
        y_m: f64,
        /// Where the search got nearest to it, metres.
        near_x_m: f64,
        /// Where the search got nearest to it, metres.
        near_y_m: f64,
        /// Width of a door that the robot fits through, metres.
        door_m: f64,
    },
}

/// A closed line through the building.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// Corners, metres, map frame; the last one leads back to the first.
    points_m: Vec<[f64; 2]>,
    /// Way from the first corner to each, and all the way round, metres.
    at_m: Vec<f64>,
}

impl Route {
    /// Plans the route `name` of `map`, beginning with way-point `first` (modulo their number), in reverse order if wished.
    ///
    /// # Errors
    /// [`RouteError`], which says where.
    pub(crate) fn plan(map: &Map, name: &str, first: usize, is_reversed: bool) -> Result<Self, RouteError> {
        let Some(waypoints) = map.routes.get(name) else {
            let known: Vec<&str> = map.routes().collect();
            let known = if known.is_empty() { "(none)".to_owned() } else { known.join(", ") };
            return Err(RouteError::UnknownRoute { map: map.name().to_owned(), route: name.to_owned(), known });
        };
        let floor: &Floor = &map.floor;
        let mut numbered: Vec<(usize, [f64; 2])> = waypoints.iter().copied().enumerate().map(|(i, point)| (i + 1, point)).collect();
        for &(number, [x_m, y_m]) in &numbered {
            if floor.clearance_m([x_m, y_m]) <= INFLATION_M {
                return Err(RouteError::Blocked { route: name.to_owned(), number, x_m, y_m, wanted_m: INFLATION_M });
            }
        }
        let count = numbered.len().max(1);
        numbered.rotate_left(first % count);
        if is_reversed {
            numbered.reverse();
        }
        let mut points_m: Vec<[f64; 2]> = Vec::new();
        for (&(_, from), &(number, to)) in numbered.iter().zip(numbered.iter().cycle().skip(1)) {
            let leg = search::leg(floor, from, to, INFLATION_M).map_err(|[near_x_m, near_y_m]| RouteError::Unreachable {
                route: name.to_owned(),
                number,
                x_m: to[0],
                y_m: to[1],
                near_x_m,
                near_y_m,
                door_m: 2.0 * INFLATION_M + 0.1,
            })?;
            // The last point of a leg is the first of the next.
            points_m.extend(leg.iter().take(leg.len().saturating_sub(1)));
        }
        points_m.dedup();
        Ok(Self::through(points_m))
    }

    fn through(points_m: Vec<[f64; 2]>) -> Self {
        let mut at_m = vec![0.0];
        let mut sum_m = 0.0;
        for (a, b) in points_m.iter().zip(points_m.iter().cycle().skip(1)) {
            sum_m += (b[0] - a[0]).hypot(b[1] - a[1]);
            at_m.push(sum_m);
        }
        Self { points_m, at_m }
    }

    /// Corners, metres, map frame; the last one leads back to the first.
    pub fn points_m(&self) -> &[[f64; 2]] {
        &self.points_m
    }

    /// Once round, metres.
    pub fn length_m(&self) -> f64 {
        self.at_m.last().copied().unwrap_or(0.0)
    }

    /// The point `way_m` along the route and the direction there, radians; the route goes round and round.
    pub(crate) fn at(&self, way_m: f64) -> ([f64; 2], f64) {
        let way_m = way_m.rem_euclid(self.length_m().max(1e-9));
        let count = self.points_m.len();
        let leg = self.at_m.partition_point(|&at| at <= way_m).clamp(1, count.max(1)) - 1;
        let (Some(&a), Some(&b)) = (self.points_m.get(leg), self.points_m.get((leg + 1) % count.max(1))) else {
            return ([0.0; 2], 0.0);
        };
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let length_m = dx.hypot(dy).max(1e-9);
        let part = ((way_m - self.at_m.get(leg).copied().unwrap_or(0.0)) / length_m).clamp(0.0, 1.0);
        ([a[0] + dx * part, a[1] + dy * part], dy.atan2(dx))
    }

    /// Distance from a point to the route, metres.
    pub(crate) fn distance_m(&self, point_m: [f64; 2]) -> f64 {
        let legs = self.points_m.iter().zip(self.points_m.iter().cycle().skip(1));
        legs.map(|(&a, &b)| to_segment_m(point_m, a, b)).fold(f64::INFINITY, f64::min)
    }
}

fn to_segment_m([x, y]: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let part = (((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
    (x - a[0] - dx * part).hypot(y - a[1] - dy * part)
}

#[cfg(test)]
mod tests {
    use super::{INFLATION_M, Route, RouteError};
    use crate::map::Map;

    #[test]
    fn every_bundled_patrol_keeps_away_from_walls_in_both_directions() {
        for name in Map::BUNDLED {
            let map = Map::bundled(name).expect("a map");
            for is_reversed in [false, true] {
                let route = Route::plan(&map, "patrol", 3, is_reversed).expect("a route");
                assert!(route.length_m() > 30.0, "{name}: {} m", route.length_m());
                for step in 0..(route.length_m() / 0.05) as usize {
                    let (point, _) = route.at(step as f64 * 0.05);
                    assert!(map.floor.clearance_m(point) > INFLATION_M - 0.06, "{name} at {point:?}");
                    assert!(route.distance_m(point) < 1e-6);
                }
            }
        }
    }

    #[test]
    fn the_route_goes_round() {
        let route = Route::through(vec![[0.0, 0.0], [4.0, 0.0], [4.0, 3.0]]);
        assert_eq!(route.length_m(), 12.0);
        assert_eq!(route.at(5.0), ([4.0, 1.0], std::f64::consts::FRAC_PI_2));
        assert_eq!(route.at(12.0 + 2.0).0, [2.0, 0.0]);
        assert!((route.at(9.5).0[0] - 2.0).abs() < 1e-9);
        assert_eq!(route.distance_m([2.0, -1.5]), 1.5);
    }

    #[test]
    fn an_unknown_route_names_those_there_are() {
        let map = Map::bundled("home").expect("a map");
        let error = Route::plan(&map, "garden", 0, false).expect_err("no such route");
        assert_eq!(error.to_string(), "map home has no route `garden`, add it under vedette.routes or choose one of: patrol");
        assert!(matches!(error, RouteError::UnknownRoute { .. }));
    }
}

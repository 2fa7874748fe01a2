//! Masks for Nav2's costmap filters. In -> out: places, time -> keepout and speed masks in the map frame, at most one a second and only when
//! they differ from the last; empty ones when they are taken back.
//!
//! What Nav2 makes of them (nav2_costmap_2d, `keepout_filter.cpp`, `speed_filter.cpp`): a cell of 0 is free; outside a mask its filter leaves
//! everything as it is, so a limit would last where a mask shrank away from the robot. Hence all masks of a guardian cover the same area,
//! and an empty one is as large as a full one.

use super::places::Place;
use vedette_messages::builtin_interfaces::Time;
use vedette_messages::geometry_msgs::{Point, Pose, Quaternion};
use vedette_messages::nav_msgs::{MapMetaData, OccupancyGrid};
use vedette_messages::std_msgs::Header;
use vedette_messages::to_ros;
use vedette_types::{Response, Stamp};

/// A larger message is lost in the default receive buffers of other middlewares; cells are made larger instead.
const MAX_CELLS: f64 = 120_000.0;

/// Nav2 costmaps are updated at about this rate.
const PERIOD_SECS: f64 = 1.0;

/// Value of a cell that must not be entered.
const LETHAL: i8 = 100;

/// What masks are drawn on, metres in the map frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) min_m: [f64; 2],
    pub(super) max_m: [f64; 2],
}

impl Area {
    /// The area of a map, around its corners where it is turned; `None` for one that has none.
    pub(super) fn of_map(map: &MapMetaData) -> Option<Self> {
        let (width_m, height_m) = (f64::from(map.resolution) * f64::from(map.width), f64::from(map.resolution) * f64::from(map.height));
        if !(width_m > 0.0 && height_m > 0.0) {
            return None;
        }
        let (at, q) = (&map.origin.position, &map.origin.orientation);
        let yaw_rad = (2.0 * (q.w * q.z + q.x * q.y)).atan2(1.0 - 2.0 * (q.y * q.y + q.z * q.z));
        let (sin, cos) = yaw_rad.sin_cos();
        let corner = |x: f64, y: f64| [at.x + cos * x - sin * y, at.y + sin * x + cos * y];
        let corners = [corner(0.0, 0.0), corner(width_m, 0.0), corner(0.0, height_m), corner(width_m, height_m)];
        let bound =
            |axis: usize, take: fn(f64, f64) -> f64, from: f64| corners.iter().filter_map(|c| c.get(axis).copied()).fold(from, take);
        let (up, down) = (f64::INFINITY, f64::NEG_INFINITY);
        Self::new([bound(0, f64::min, up), bound(1, f64::min, up)], [bound(0, f64::max, down), bound(1, f64::max, down)])
    }

    /// `None` unless the corners are finite and in order.
    pub(super) fn new(min_m: [f64; 2], max_m: [f64; 2]) -> Option<Self> {
        let is_finite = min_m.iter().chain(&max_m).all(|value| value.is_finite());
        (is_finite && min_m[0] < max_m[0] && min_m[1] < max_m[1]).then_some(Self { min_m, max_m })
    }

    pub(super) fn contains(&self, [x, y]: [f64; 2]) -> bool {
        (self.min_m[0]..self.max_m[0]).contains(&x) && (self.min_m[1]..self.max_m[1]).contains(&y)
    }
}

/// A round spot of one value.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Spot {
    at_m: [f64; 2],
    radius_m: f64,
    value: i8,
}

/// What the masks are made with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct MaskStyle {
    pub(super) frame: String,
    pub(super) area: Area,
    pub(super) resolution_m: f64,
    pub(super) keepout_radius_m: f64,
    pub(super) speed_radius_m: f64,
    pub(super) speed_percent: f64,
    /// How long the masks of an earlier life of this node stand before an empty one replaces them.
    pub(super) restore_secs: f64,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Keepout,
    Speed,
}

/// One mask over time.
#[derive(Clone, Debug)]
pub(super) struct Mask {
    kind: Kind,
    /// Since when it may be published; nothing before the first call.
    since: Option<Stamp>,
    said: Option<(Stamp, OccupancyGrid)>,
}

impl Mask {
    pub(super) const fn new(kind: Kind) -> Self {
        Self { kind, since: None, said: None }
    }

    /// The mask to publish now, if any.
    pub(super) fn update(&mut self, now: Stamp, style: &MaskStyle, places: &[Place]) -> Option<OccupancyGrid> {
        let spots = self.spots(style, places);
        // Time that went back begins anew.
        let since = self.since.filter(|since| *since <= now).unwrap_or(now);
        self.since = Some(since);
        match &self.said {
            // First things are judged anew; only then is taken back what a killed guardian left behind.
            None if spots.is_empty() && now.secs_since(since) < style.restore_secs => return None,
            Some((at, _)) if (0.0..PERIOD_SECS).contains(&now.secs_since(*at)) => return None,
            _ => {}
        }
        let drawn = draw(style, &spots);
        let is_same = self.said.as_ref().is_some_and(|(_, said)| said.data == drawn.data && said.info == drawn.info);
        if is_same {
            return None;
        }
        self.said = Some((now, drawn.clone()));
        Some(stamped(drawn, now))
    }

    /// An empty mask, where one that is not may stand.
    pub(super) fn release(&mut self, now: Stamp, style: &MaskStyle) -> Option<OccupancyGrid> {
        self.since = None;
        self.said.take()?;
        Some(stamped(draw(style, &[]), now))
    }

    fn spots(&self, style: &MaskStyle, places: &[Place]) -> Vec<Spot> {
        let spot = |place: &Place| match self.kind {
            Kind::Keepout => {
                (place.response == Response::Stop).then_some(Spot { at_m: place.at_m, radius_m: style.keepout_radius_m, value: LETHAL })
            }
            Kind::Speed => (place.response > Response::Continue).then_some(Spot {
                at_m: place.at_m,
                radius_m: style.speed_radius_m,
                // 0 would be no limit.
                value: style.speed_percent.round().clamp(1.0, 100.0) as i8,
            }),
        };
        places.iter().filter_map(spot).filter(|spot| style.area.contains(spot.at_m)).collect()
    }
}

fn stamped(mut grid: OccupancyGrid, now: Stamp) -> OccupancyGrid {
    grid.header.stamp = to_ros::time(now);
    grid
}

/// Every cell that a spot touches has its value.
fn draw(style: &MaskStyle, spots: &[Spot]) -> OccupancyGrid {
    let Area { min_m, max_m } = style.area;
    let (wide_m, high_m) = (max_m[0] - min_m[0], max_m[1] - min_m[1]);
    // As the message has it, so that cells are where Nav2 sees them.
    let resolution = style.resolution_m.max((wide_m * high_m / MAX_CELLS).sqrt()) as f32;
    let cell_m = f64::from(resolution);
    let count = |length_m: f64| (length_m / cell_m).ceil().clamp(1.0, MAX_CELLS) as usize;
    let (width, height) = (count(wide_m), count(high_m));
    let mut data = vec![0; width * height];
    for spot in spots {
        let first = |axis: usize| ((spot.at_m[axis] - spot.radius_m - min_m[axis]) / cell_m).floor().max(0.0) as usize;
        let last = |axis: usize, count: usize| {
            (((spot.at_m[axis] + spot.radius_m - min_m[axis]) / cell_m).floor().max(0.0) as usize).min(count.saturating_sub(1))
        };
        for row in first(1)..=last(1, height) {
            for column in first(0)..=last(0, width) {
                let off_m = |axis: usize, index: usize| {
                    let low = min_m[axis] + index as f64 * cell_m;
                    spot.at_m[axis] - spot.at_m[axis].clamp(low, low + cell_m)
                };
                if off_m(0, column).hypot(off_m(1, row)) <= spot.radius_m
                    && let Some(cell) = data.get_mut(row * width + column)
                {
                    *cell = spot.value;
                }
            }
        }
    }
    let origin = Pose { position: Point { x: min_m[0], y: min_m[1], z: 0.0 }, orientation: Quaternion { w: 1.0, ..Quaternion::default() } };
    OccupancyGrid {
        header: Header { stamp: Time::default(), frame_id: style.frame.clone() },
        info: MapMetaData { map_load_time: Time::default(), resolution, width: as_u32(width), height: as_u32(height), origin },
        data,
    }
}

fn as_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vedette_types::{KindId, Probability, Severity};

    fn style() -> MaskStyle {
        MaskStyle {
            frame: "map".to_owned(),
            area: Area { min_m: [-5.0, -4.0], max_m: [5.0, 4.0] },
            resolution_m: 0.1,
            keepout_radius_m: 0.5,
            speed_radius_m: 2.0,
            speed_percent: 50.0,
            restore_secs: 3.0,
        }
    }

    fn place(response: Response, at_m: [f64; 2]) -> Place {
        let (kind, severity, confidence) = (KindId::new("fire"), Severity::High, Probability::ONE);
        Place { id: 1, kind, severity, confidence, response, at_m, until: Stamp::from_ros(900, 0) }
    }

    fn at(millis: i64) -> Stamp {
        Stamp::from_ros(100, 0).plus_millis(millis)
    }

    fn value(grid: &OccupancyGrid, [x, y]: [f64; 2]) -> i8 {
        let cell = |value: f64, origin: f64| ((value - origin) / f64::from(grid.info.resolution)).floor() as usize;
        let (column, row) = (cell(x, grid.info.origin.position.x), cell(y, grid.info.origin.position.y));
        grid.data[row * grid.info.width as usize + column]
    }

    #[test]
    fn a_mask_has_the_values_nav2_expects_where_the_hazard_is() {
        let places = [place(Response::Stop, [1.0, -2.0]), place(Response::SlowDown, [-3.0, 3.0])];
        let keepout = Mask::new(Kind::Keepout).update(at(0), &style(), &places).expect("published");
        assert_eq!((keepout.header.frame_id.as_str(), keepout.header.stamp.sec), ("map", 100));
        assert_eq!((keepout.info.width, keepout.info.height, keepout.data.len()), (100, 80, 8000));
        assert_eq!([[1.0, -2.0], [1.4, -2.0], [1.7, -2.0], [-3.0, 3.0]].map(|p| value(&keepout, p)), [100, 100, 0, 0]);
        let speed = Mask::new(Kind::Speed).update(at(0), &style(), &places).expect("published");
        assert_eq!([[1.0, -2.0], [2.5, -2.0], [3.5, -2.0], [-3.0, 3.0]].map(|p| value(&speed, p)), [50, 50, 0, 50]);
    }

    #[test]
    fn masks_come_once_a_second_and_only_when_they_change() {
        let mut mask = Mask::new(Kind::Keepout);
        let (here, there) = ([place(Response::Stop, [0.0, 0.0])], [place(Response::Stop, [2.0, 0.0])]);
        assert!(mask.update(at(0), &style(), &here).is_some());
        assert!(mask.update(at(500), &style(), &there).is_none(), "too soon");
        assert!(
            mask.update(at(1000), &style(), &there).is_some_and(|grid| value(&grid, [2.0, 0.0]) == 100 && value(&grid, [0.0, 0.0]) == 0)
        );
        assert!(mask.update(at(5000), &style(), &there).is_none(), "the same");
        assert!(mask.update(at(6000), &style(), &[]).is_some_and(|grid| grid.data.iter().all(|cell| *cell == 0)), "it ended");
        assert!(mask.update(at(10), &style(), &here).is_some(), "time went back");
        let empty = mask.release(at(20), &style()).expect("taken back");
        assert!(empty.data.len() == 8000 && empty.data.iter().all(|cell| *cell == 0));
        assert!(mask.release(at(30), &style()).is_none());
    }

    #[test]
    fn what_an_earlier_life_left_behind_is_taken_back_after_a_new_judgement() {
        let mut mask = Mask::new(Kind::Keepout);
        assert!(mask.update(at(0), &style(), &[]).is_none() && mask.update(at(2900), &style(), &[]).is_none());
        assert!(mask.update(at(3000), &style(), &[]).is_some());
        assert!(Mask::new(Kind::Keepout).release(at(0), &style()).is_none(), "a guardian that said nothing takes nothing back");
    }

    #[test]
    fn the_area_of_a_map_is_around_its_corners() {
        let half = std::f64::consts::FRAC_1_SQRT_2;
        let mut map = MapMetaData { resolution: 0.5, width: 20, height: 10, ..MapMetaData::default() };
        map.origin.position = Point { x: -1.0, y: -2.0, z: 0.0 };
        assert_eq!(Area::of_map(&map), Some(Area { min_m: [-1.0, -2.0], max_m: [9.0, 3.0] }));
        map.origin.orientation = Quaternion { z: half, w: half, ..Quaternion::default() };
        let turned = Area::of_map(&map).expect("an area");
        let expected = Area { min_m: [-6.0, -2.0], max_m: [-1.0, 8.0] };
        let near = |a: [f64; 2], b: [f64; 2]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(near(turned.min_m, expected.min_m) && near(turned.max_m, expected.max_m), "{turned:?}");
        for broken in [MapMetaData { resolution: f32::NAN, ..map.clone() }, MapMetaData { width: 0, ..map.clone() }, MapMetaData::default()]
        {
            assert_eq!(Area::of_map(&broken), None);
        }
    }

    proptest! {
        #[test]
        fn no_hazard_in_the_area_is_missing_and_no_mask_is_too_large(
            wide in 0.1..3000.0f64, high in 0.1..3000.0f64, x in 0.0..1.0f64, y in 0.0..1.0f64, radius in 0.05..20.0f64, resolution in 0.02..1.0f64
        ) {
            let area = Area { min_m: [-7.0, 11.0], max_m: [-7.0 + wide, 11.0 + high] };
            let style = MaskStyle { area, resolution_m: resolution, keepout_radius_m: radius, ..style() };
            let at_m = [-7.0 + wide * x, 11.0 + high * y];
            let grid = Mask::new(Kind::Keepout).update(at(0), &style, &[place(Response::Stop, at_m)]).expect("published");
            prop_assert_eq!(grid.data.len(), grid.info.width as usize * grid.info.height as usize);
            prop_assert!(grid.data.len() <= 240_001, "{}", grid.data.len());
            prop_assert!(f64::from(grid.info.width) * f64::from(grid.info.resolution) >= wide * 0.999);
            prop_assert!(value(&grid, at_m) == LETHAL || grid.data.contains(&LETHAL));
        }
    }
}

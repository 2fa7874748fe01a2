//! Hazards as obstacles for Nav2's collision monitor. In -> out: places, time -> one small polygon a message, said again before the source
//! counts as silent, and a heartbeat beside them.
//!
//! What Nav2 makes of them (nav2_collision_monitor, `polygon_source.cpp`): polygons are kept by id until their stamp is older than
//! `source_timeout`; a source without any polygon is invalid and stops the robot. So a tiny polygon far away from the base is always sent: when
//! the guardian dies or is deactivated, the robot stops. Only edges are sampled (0.1 m), so polygons are as small as an obstacle.

use super::places::Place;
use std::collections::{BTreeSet, VecDeque};
use vedette_messages::geometry_msgs::{Point32, Polygon, PolygonInstance, PolygonInstanceStamped};
use vedette_messages::std_msgs::Header;
use vedette_messages::to_ros;
use vedette_types::{Response, Stamp};

/// The heartbeat's id; places count from 1.
const HEARTBEAT: i64 = 0;

/// Where the heartbeat is, and what is taken back: so far behind the base that no zone of any robot reaches it, metres.
const FAR_M: f32 = -1000.0;

/// Half a side of the heartbeat, metres.
const TINY_M: f32 = 0.05;

/// Corners of an obstacle.
const CORNERS: u8 = 8;

/// Messages between two calls: the queue of a subscriber of sensor data holds five.
const BURST: usize = 4;

/// Obstacles at once; the first found count. With more, some would be due before all were said.
const MAX_OBSTACLES: usize = 16;

/// What polygons are made with.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PolygonStyle {
    pub(super) map_frame: String,
    pub(super) base_frame: String,
    pub(super) radius_m: f64,
    pub(super) source_timeout_secs: f64,
}

/// Which obstacles stand, and what is to be said.
#[derive(Clone, Debug, Default)]
pub(super) struct Polygons {
    queue: VecDeque<i64>,
    standing: BTreeSet<i64>,
    rounded: Option<Stamp>,
}

impl Polygons {
    /// The messages to send now, a few at a time.
    pub(super) fn tick(&mut self, now: Stamp, style: &PolygonStyle, places: &[Place]) -> Vec<PolygonInstanceStamped> {
        let obstacles = || places.iter().filter(|place| place.response == Response::Stop).take(MAX_OBSTACLES);
        let wanted: BTreeSet<i64> = obstacles().map(|place| place.id).collect();
        let age_secs = self.rounded.map(|rounded| now.secs_since(rounded));
        // Three in a timeout: one may be lost. Time that went back begins anew.
        let is_new_round = age_secs.is_none_or(|age| age < 0.0 || age >= style.source_timeout_secs / 3.0);
        if is_new_round {
            self.rounded = Some(now);
            // What still waits, an obstacle that is over among it, is not forgotten.
            let more: Vec<i64> = wanted.iter().copied().filter(|id| !self.queue.contains(id)).collect();
            self.queue.extend(more);
        }
        // What is new or over is said before anything else.
        for id in self.standing.symmetric_difference(&wanted) {
            self.queue.retain(|queued| queued != id);
            self.queue.push_front(*id);
        }
        self.standing = wanted;
        if is_new_round {
            self.queue.retain(|queued| *queued != HEARTBEAT);
            self.queue.push_front(HEARTBEAT);
        }
        let ids: Vec<i64> = self.queue.drain(..self.queue.len().min(BURST)).collect();
        ids.into_iter().map(|id| message(id, obstacles().find(|place| place.id == id), now, style)).collect()
    }

    /// Takes every obstacle back at once; nothing is said afterwards.
    pub(super) fn release(&mut self, now: Stamp, style: &PolygonStyle) -> Vec<PolygonInstanceStamped> {
        self.queue.clear();
        self.rounded = None;
        std::mem::take(&mut self.standing).into_iter().map(|id| message(id, None, now, style)).collect()
    }
}

/// The polygon `id`: around its place, or out of the way.
fn message(id: i64, place: Option<&Place>, now: Stamp, style: &PolygonStyle) -> PolygonInstanceStamped {
    let (frame_id, points) = match place {
        Some(place) => (&style.map_frame, around(place.at_m, style.radius_m)),
        None => (
            &style.base_frame,
            [(-TINY_M, -TINY_M), (TINY_M, -TINY_M), (0.0, TINY_M)].map(|(x, y)| Point32 { x: FAR_M + x, y, z: 0.0 }).to_vec(),
        ),
    };
    let header = Header { stamp: to_ros::time(now), frame_id: frame_id.clone() };
    PolygonInstanceStamped { header, polygon: PolygonInstance { polygon: Polygon { points }, id } }
}

fn around([x, y]: [f64; 2], radius_m: f64) -> Vec<Point32> {
    let corner = |number: u8| {
        let (sin, cos) = (f64::from(number) * std::f64::consts::TAU / f64::from(CORNERS)).sin_cos();
        Point32 { x: (x + radius_m * cos) as f32, y: (y + radius_m * sin) as f32, z: 0.0 }
    };
    (0..CORNERS).map(corner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use vedette_types::{KindId, Probability, Severity};

    fn style() -> PolygonStyle {
        PolygonStyle { map_frame: "map".into(), base_frame: "base_link".into(), radius_m: 0.3, source_timeout_secs: 2.0 }
    }

    fn place(id: i64, response: Response) -> Place {
        let (kind, severity, confidence) = (KindId::new("fire"), Severity::High, Probability::ONE);
        Place { id, kind, severity, confidence, response, at_m: [2.0, id as f64], until: Stamp::from_ros(900, 0) }
    }

    fn at(millis: i64) -> Stamp {
        Stamp::from_ros(100, 0).plus_millis(millis)
    }

    fn shown(messages: &[PolygonInstanceStamped]) -> Vec<(i64, &str)> {
        messages.iter().map(|message| (message.polygon.id, message.header.frame_id.as_str())).collect()
    }

    #[test]
    fn an_obstacle_is_small_and_where_the_hazard_is() {
        let mut polygons = Polygons::default();
        let sent = polygons.tick(at(0), &style(), &[place(3, Response::Stop), place(4, Response::SlowDown)]);
        assert_eq!(shown(&sent), [(0, "base_link"), (3, "map")]);
        let obstacle = &sent[1].polygon.polygon.points;
        assert!(obstacle.len() == 8 && obstacle.iter().all(|p| ((p.x - 2.0).hypot(p.y - 3.0) - 0.3).abs() < 1e-5));
        let heartbeat = &sent[0].polygon.polygon.points;
        assert!(heartbeat.len() >= 3 && heartbeat.iter().all(|p| p.x < -999.0 && p.y.abs() < 0.1));
    }

    #[test]
    fn the_heartbeat_goes_on_and_what_is_over_is_taken_away_at_once() {
        let mut polygons = Polygons::default();
        assert_eq!(shown(&polygons.tick(at(0), &style(), &[])), [(0, "base_link")]);
        assert!(polygons.tick(at(600), &style(), &[]).is_empty());
        assert_eq!(shown(&polygons.tick(at(700), &style(), &[])), [(0, "base_link")]);
        assert_eq!(shown(&polygons.tick(at(750), &style(), &[place(1, Response::Stop)])), [(1, "map")]);
        assert_eq!(shown(&polygons.tick(at(800), &style(), &[])), [(1, "base_link")], "out of the way");
        polygons.tick(at(850), &style(), &[place(2, Response::Stop)]);
        assert_eq!(shown(&polygons.release(at(900), &style())), [(2, "base_link")]);
        assert!(polygons.release(at(950), &style()).is_empty());
    }

    proptest! {
        /// A collision monitor that hears every message always has the heartbeat and exactly the obstacles there are.
        #[test]
        fn nav2_never_finds_the_source_silent(steps in prop::collection::vec(prop::collection::btree_set(1i64..12, 0..12), 1..20)) {
            let mut polygons = Polygons::default();
            let mut heard: BTreeMap<i64, PolygonInstanceStamped> = BTreeMap::new();
            let mut now = at(0);
            for ids in steps {
                let places: Vec<Place> = ids.iter().map(|id| place(*id, Response::Stop)).collect();
                // A second at 20 Hz.
                for tick in 0..20 {
                    let sent = polygons.tick(now, &style(), &places);
                    prop_assert!(sent.len() <= BURST);
                    heard.extend(sent.into_iter().map(|message| (message.polygon.id, message)));
                    let is_fresh = |m: &PolygonInstanceStamped| now.secs_since(Stamp::from_ros(m.header.stamp.sec, m.header.stamp.nanosec)) < 2.0;
                    heard.retain(|_, message| is_fresh(message));
                    prop_assert!(heard.contains_key(&HEARTBEAT));
                    if tick >= 6 {
                        let near: BTreeSet<i64> = heard.iter().filter(|(_, m)| m.header.frame_id == "map").map(|(id, _)| *id).collect();
                        prop_assert_eq!(&near, &ids);
                    }
                    now = now.plus_millis(50);
                }
            }
        }
    }
}

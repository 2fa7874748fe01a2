//! Where things stand. In -> out: a look and about when the robot should pass it -> a place beside (or on) its way that is open floor, leaves
//! the way free, and can be seen from it. It decides nothing about when something begins.

use super::{CRUISE_MPS, Look, Map, Random, Route};
use crate::{
    footprint::{Footprint, half_size_m},
    robot::{FloorPose, Robot, wrapped},
    scene::Thing,
};
use std::{f64::consts::PI, ops::Range};

/// Bodies keep this far from the planned way, metres: the robot's radius and what it cuts off corners.
pub(crate) const KEEP_OFF_M: f64 = 0.35;
/// Spacing of the recorded drive, seconds.
const TRACK_SECS: f64 = 0.2;
/// Tries in each of the windows around the wished moment, and the windows, seconds.
const TRIES: usize = 150;
const WINDOWS_SECS: [f64; 4] = [1.5, 4.0, 10.0, f64::INFINITY];
/// A thing is seen when it is this far from the middle of the picture at most, radians, and so far away, metres.
const SEEN_WITHIN_RAD: f64 = 0.5;
const SEEN_RANGE_M: Range<f64> = 0.9..9.0;
/// Recorded poses from which a thing has to be seen before it is passed: 1.2 s.
const SEEN_POSES: usize = 6;
/// The robot comes to rest so long before it would have reached the middle of what blocks its way, seconds; and nothing else of its way may
/// come as near as this to it before, metres, or it would wait too early.
pub(super) const WAITS_BEFORE_SECS: f64 = 2.3;
const APPROACH_M: f64 = 1.3;

/// The drive of a robot that nothing holds up.
pub(super) struct Track {
    poses: Vec<FloorPose>,
}

impl Track {
    pub(super) fn of(route: &Route, duration_secs: f64) -> Self {
        const STEP_SECS: f64 = 0.05;
        let mut robot = Robot::at_start(route);
        let steps = (duration_secs / STEP_SECS) as usize;
        let every = (TRACK_SECS / STEP_SECS).round() as usize;
        let mut poses = vec![robot.pose];
        for step in 1..=steps {
            robot.steer(route, CRUISE_MPS);
            robot.advance(STEP_SECS);
            if step % every == 0 {
                poses.push(robot.pose);
            }
        }
        Self { poses }
    }

    fn index(&self, secs: f64) -> usize {
        ((secs / TRACK_SECS).max(0.0) as usize).min(self.poses.len().saturating_sub(1))
    }

    fn pose(&self, secs: f64) -> FloorPose {
        self.poses.get(self.index(secs)).copied().unwrap_or_default()
    }

    /// The poses of the `span_secs` before a moment.
    fn before(&self, secs: f64, span_secs: f64) -> &[FloorPose] {
        self.poses.get(self.index(secs - span_secs)..self.index(secs)).unwrap_or_default()
    }
}

/// A place, and when a robot that nothing holds up passes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Placed {
    pub(super) position_m: [f64; 2],
    pub(super) heading_rad: f64,
    pub(super) met_secs: f64,
}

/// What a look needs around itself.
struct Needs {
    /// From the way to its middle, metres.
    offset_m: Range<f64>,
    /// From its middle to walls, metres.
    wall_m: f64,
    /// From its middle to other things, metres.
    room_m: f64,
}

fn needs(look: Look) -> Needs {
    let needs = |offset_m, wall_m, room_m| Needs { offset_m, wall_m, room_m };
    match look {
        // Near enough to be felt by the thermometer, and to be smelled.
        Look::Fire => needs(0.65..1.25, 0.2, 0.8),
        Look::GasLeak => needs(0.5..1.1, 0.15, 0.7),
        Look::Smoke => needs(0.7..2.0, 0.25, 0.8),
        Look::LiquidSpill => needs(0.0..0.6, 0.5, 0.8),
        Look::PersonDown => needs(0.65..1.6, 0.3, 0.9),
        Look::BlockedPath => needs(0.0..0.05, 0.75, 1.1),
        Look::BlueMat | Look::Shadow => needs(0.2..1.4, 0.6, 0.8),
        _ => needs(0.5..1.9, half_size_m(look).map_or(0.3, |[a, b]| a.max(b)), 0.7),
    }
}

/// Something that already stands somewhere.
struct Taken {
    position_m: [f64; 2],
    room_m: f64,
    /// When it is passed; `None` for what is always there.
    met_secs: Option<f64>,
}

/// Finds places.
pub(super) struct Placer<'a> {
    pub(super) map: &'a Map,
    route: &'a Route,
    track: &'a Track,
    random: Random,
    taken: Vec<Taken>,
}

impl<'a> Placer<'a> {
    pub(super) fn new(map: &'a Map, route: &'a Route, track: &'a Track, random: Random) -> Self {
        // The start is kept free.
        let start = Taken { position_m: track.pose(0.0).position_m(), room_m: 0.6, met_secs: None };
        Self { map, route, track, random, taken: vec![start] }
    }

    /// A place that is passed near `near_secs`, and within `within_secs` in any case; hazards are forgotten a minute later, harmless things
    /// stay. `None` when the building has no room for it.
    pub(super) fn beside_the_way(&mut self, look: Look, near_secs: f64, within_secs: Range<f64>) -> Option<Placed> {
        for window_secs in WINDOWS_SECS {
            let from = (near_secs - window_secs).max(within_secs.start);
            let until = (near_secs + window_secs).min(within_secs.end).max(from);
            for _ in 0..TRIES {
                let candidate = self.candidate(look, from..until);
                if self.is_free(look, &candidate) && self.is_seen(look, &candidate) {
                    let met_secs = look.kind().is_some().then_some(candidate.met_secs);
                    self.taken.push(Taken { position_m: candidate.position_m, room_m: needs(look).room_m, met_secs });
                    return Some(candidate);
                }
            }
        }
        None
    }

    /// A place anywhere in the building that is out of the way.
    pub(super) fn out_of_the_way(&mut self, look: Look) -> Option<Placed> {
        let building = self.map.building();
        for _ in 0..4 * TRIES {
            let cell = [self.random.index(building.width), self.random.index(building.height)];
            let heading_rad = self.random.index(4) as f64 * 0.5 * PI;
            let candidate = Placed { position_m: self.map.floor.middle_m(cell), heading_rad, met_secs: 0.0 };
            if self.is_free(look, &candidate) {
                self.taken.push(Taken { position_m: candidate.position_m, room_m: needs(look).room_m, met_secs: None });
                return Some(candidate);
            }
        }
        None
    }

    fn candidate(&mut self, look: Look, when_secs: Range<f64>) -> Placed {
        let met_secs = self.random.within(when_secs.start, when_secs.end);
        let pose = self.track.pose(met_secs);
        let Range { start, end } = needs(look).offset_m;
        let side = if self.random.chance(0.5) { 1.0 } else { -1.0 };
        let offset_m = side * self.random.within(start, end);
        let turn_rad = match look {
            // Along the way, head or feet first.
            Look::PersonDown => self.random.within(-0.25, 0.25) + if self.random.chance(0.5) { PI } else { 0.0 },
            Look::BlockedPath => self.random.within(-0.15, 0.15),
            Look::OrangeCone | Look::Plant => self.random.within(-PI, PI),
            // People, jets and stands look towards the way, more or less; a spill's bucket or drum stands behind it.
            _ => -side * 0.5 * PI + self.random.within(-0.6, 0.6),
        };
        Placed { position_m: pose.apply([0.0, offset_m]), heading_rad: wrapped(pose.yaw_rad + turn_rad), met_secs }
    }

    fn is_free(&self, look: Look, place: &Placed) -> bool {
        let needs = needs(look);
        let floor = &self.map.floor;
        if floor.clearance_m(place.position_m) < needs.wall_m {
            return false;
        }
        let is_apart = |taken: &Taken| {
            let is_later = matches!((taken.met_secs, look.kind()), (Some(met), Some(_)) if (met - place.met_secs).abs() > 60.0);
            let gap_m = (taken.position_m[0] - place.position_m[0]).hypot(taken.position_m[1] - place.position_m[1]);
            is_later || gap_m > taken.room_m + needs.room_m
        };
        if !self.taken.iter().all(is_apart) {
            return false;
        }
        match look {
            // The one thing that is meant to stand in the way.
            Look::BlockedPath => true,
            Look::Fire | Look::Smoke => self.route.distance_m(place.position_m) >= needs.offset_m.start - 0.05,
            _ => body(look, place).is_none_or(|body| self.leaves_the_way_free(&body)),
        }
    }

    fn leaves_the_way_free(&self, body: &Footprint) -> bool {
        let floor = &self.map.floor;
        let is_on_floor = body.corners_m().iter().all(|&corner| floor.clearance_m(corner) > 0.0);
        is_on_floor && {
            let reach_m = body.radius_m() + KEEP_OFF_M;
            self.route.distance_m(body.middle_m()) > reach_m || {
                let steps = (self.route.length_m() / 0.1) as usize;
                (0..steps).all(|step| body.distance_m(self.route.at(step as f64 * 0.1).0) > KEEP_OFF_M)
            }
        }
    }

    /// Whether the robot has it before its camera long enough before it comes by.
    fn is_seen(&self, look: Look, place: &Placed) -> bool {
        let sees = |pose: &&FloorPose| {
            let (distance_m, bearing_rad) = pose.sight(place.position_m);
            SEEN_RANGE_M.contains(&distance_m)
                && bearing_rad.abs() < SEEN_WITHIN_RAD
                && self.map.floor.is_line_free(pose.position_m(), place.position_m)
        };
        let seen_until_secs = if look == Look::BlockedPath { place.met_secs - WAITS_BEFORE_SECS } else { place.met_secs };
        let is_first_visit = look != Look::BlockedPath
            || self.track.before(place.met_secs - 3.0, 16.0).iter().all(|pose| pose.sight(place.position_m).0 > APPROACH_M);
        is_first_visit && self.track.before(seen_until_secs, 10.0).iter().filter(sees).take(SEEN_POSES).count() == SEEN_POSES
    }
}

fn body(look: Look, place: &Placed) -> Option<Footprint> {
    let Placed { position_m, heading_rad, .. } = *place;
    Footprint::of(&Thing { id: 0, look, form: 0, position_m, heading_rad, stage: 1.0, phase_secs: 0.0, seed: 0 })
}

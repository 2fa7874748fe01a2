//! Where the camera stands and where things stand before it. In -> out: a building, wishes and random numbers -> a viewpoint and things on open
//! floor, most of each in the picture. It knows nothing of light, colours and labels; nothing is drawn.

use super::{
    brief::Wish,
    extent::{Extent, extent},
    sight::{Appearance, Sight},
};
use crate::{
    random::Random,
    robot::{FloorPose, wrapped},
    scene::{Building, Look, Thing},
};
use std::f64::consts::{PI, TAU};
use vedette_types::{BearingSector, RangeBand};

/// Tries for each hazard, and for each harmless thing.
const HAZARD_TRIES: usize = 32;
const HARMLESS_TRIES: usize = 10;
/// What a hazard must be expected to show: height at 480 rows, pixels at 640 x 480, share of its box.
const EXPECTED_HEIGHT_PX: f64 = 33.0;
const EXPECTED_AREA_PX: f64 = 300.0;
const EXPECTED_SHARE: f64 = 0.4;
/// Share of the narrower one's width that two hazards have in common at most.
const MOST_COMMON: f64 = 0.4;
/// Nothing stands so near to the camera, metres.
const BEFORE_CAMERA_M: f64 = 0.4;
/// Distances from the borders of sectors and bands: share of the width, share of the distance.
pub(super) const SECTOR_MARGIN: f64 = 0.04;
const BAND_MARGIN: f64 = 0.07;

/// Distances of a band, away from its borders, metres.
fn distances_m(range: RangeBand) -> [f64; 2] {
    let [near_m, far_m] = [2.0, 5.0];
    match range {
        RangeBand::Near => [0.75, near_m * (1.0 - BAND_MARGIN)],
        RangeBand::Middle => [near_m * (1.0 + BAND_MARGIN), far_m * (1.0 - BAND_MARGIN)],
        RangeBand::Far => [far_m * (1.0 + BAND_MARGIN), 9.0],
    }
}

/// A distance in a band; far ones are likelier near, where more can be told.
pub(super) fn distance_in_m(range: RangeBand, random: &mut Random) -> f64 {
    let [low, high] = distances_m(range);
    let share = random.unit();
    low + (high - low) * if range == RangeBand::Far { share * share } else { share }
}

/// Share of the picture's width that a sector covers: left and right end, without its margins.
fn sector_span(bearing: BearingSector) -> [f64; 2] {
    let left = 0.2 * f64::from(bearing as u8);
    [left + SECTOR_MARGIN, left + 0.2 - SECTOR_MARGIN]
}

/// A place to look from with `need_m` of free sight in some direction; its yaw is that direction.
pub(super) fn viewpoint(building: &Building, need_m: f64, random: &mut Random) -> Option<FloorPose> {
    let size = [building.width, building.height].map(|cells| cells as f64 * building.resolution_m);
    for _ in 0..24 {
        let at = [0, 1].map(|axis| building.origin_m[axis] + random.within(0.5, (size[axis] - 0.5).max(0.6)));
        if !is_disc_free(building, at, 0.4) {
            continue;
        }
        for _ in 0..10 {
            let yaw_rad = random.within(-PI, PI);
            let (sin, cos) = yaw_rad.sin_cos();
            if building.cast_m(at, [cos, sin], need_m).is_none() {
                return Some(FloorPose { x_m: at[0], y_m: at[1], yaw_rad });
            }
        }
    }
    None
}

/// Whether no wall is within `radius_m`, as far as eight rays tell.
fn is_disc_free(building: &Building, at_m: [f64; 2], radius_m: f64) -> bool {
    let is_on_map = building.cell(at_m).is_some();
    is_on_map
        && (0..8).all(|number| {
            let (sin, cos) = (f64::from(number) * TAU / 8.0).sin_cos();
            building.cast_m(at_m, [cos, sin], radius_m).is_none()
        })
}

/// A thing as it is to be placed.
#[derive(Clone, Copy)]
pub(super) struct Candidate {
    pub(super) look: Look,
    pub(super) form: u8,
    pub(super) stage: f64,
}

impl Candidate {
    fn of(thing: &Thing) -> Self {
        Self { look: thing.look, form: thing.form, stage: f64::from(thing.stage) }
    }
}

/// The view of one camera, filling up.
pub(super) struct Site<'a> {
    building: &'a Building,
    sight: Sight,
    things: Vec<Thing>,
}

impl<'a> Site<'a> {
    pub(super) fn new(building: &'a Building, sight: Sight) -> Self {
        Self { building, sight, things: Vec::with_capacity(8) }
    }

    pub(super) fn into_things(self) -> Vec<Thing> {
        self.things
    }

    /// Places a hazard as wished for; false when there is no room for it in this view.
    pub(super) fn hazard(&mut self, wish: &Wish, candidate: Candidate, random: &mut Random) -> bool {
        let size = self.size_of(candidate);
        let [left, right] = sector_span(wish.bearing);
        for _ in 0..HAZARD_TRIES {
            let distance_m = distance_in_m(wish.range, random);
            // Beyond the edges too: of what is half out of the picture the visible half counts.
            let reach = match wish.bearing {
                BearingSector::FarLeft => [left - 0.3, right],
                BearingSector::FarRight => [left, right + 0.3],
                _ => [left, right],
            };
            let at_m = self.sight.place_m(random.within(reach[0], reach[1]), distance_m);
            let Some(seen) = self.sight.appearance(at_m, size) else { continue };
            let middle = seen.middle_px() / self.sight.width_px;
            let is_wanted = (left..right).contains(&middle) && self.is_plain(&seen) && self.is_beside_other_hazards(&seen);
            if is_wanted && self.is_room(candidate, at_m, size) {
                self.put(candidate, at_m, random);
                return true;
            }
        }
        false
    }

    /// Places something harmless anywhere in view, within `reach_m`; false when there is no room.
    pub(super) fn harmless(&mut self, candidate: Candidate, reach_m: f64, random: &mut Random) -> bool {
        let size = self.size_of(candidate);
        for _ in 0..HARMLESS_TRIES {
            let at_m = self.sight.place_m(random.within(0.03, 0.97), random.within(0.9, reach_m));
            let is_seen = self.sight.appearance(at_m, size).is_some_and(|seen| seen.share() > 0.3 && seen.height_px() > 4.0);
            if is_seen && self.is_room(candidate, at_m, size) {
                self.put(candidate, at_m, random);
                return true;
            }
        }
        false
    }

    /// Places something harmless so that it hides part of the last thing.
    pub(super) fn before_the_last(&mut self, candidate: Candidate, random: &mut Random) -> bool {
        let size = self.size_of(candidate);
        let Some(last) = self.things.last() else { return false };
        let behind_m = self.sight.distance_m(last.position_m);
        let shown = Candidate::of(last);
        let Some(seen) = self.sight.appearance(last.position_m, self.size_of(shown)) else { return false };
        let [left, right] = seen.span_px();
        for _ in 0..HARMLESS_TRIES {
            let distance_m = behind_m * random.within(0.45, 0.8);
            // Its middle near one edge of what it hides.
            let edge = if random.chance(0.5) { left } else { right };
            let u = (edge + random.within(-0.25, 0.25) * (right - left)) / self.sight.width_px;
            let at_m = self.sight.place_m(u, distance_m);
            if self.is_room(candidate, at_m, size) {
                self.put(candidate, at_m, random);
                return true;
            }
        }
        false
    }

    fn size_of(&self, candidate: Candidate) -> Extent {
        extent(candidate.look, candidate.form, candidate.stage, self.building.ceiling_m)
    }

    /// Whether it would be told at a glance, were nothing before it.
    fn is_plain(&self, seen: &Appearance) -> bool {
        let scale = self.sight.height_px / 480.0;
        seen.height_px() > EXPECTED_HEIGHT_PX * scale && seen.area_px() > EXPECTED_AREA_PX * scale * scale && seen.share() > EXPECTED_SHARE
    }

    /// Whether it neither hides another hazard nor is hidden by one, for the most part.
    fn is_beside_other_hazards(&self, seen: &Appearance) -> bool {
        let [left, right] = seen.span_px();
        self.things.iter().filter(|thing| thing.look.kind().is_some()).all(|other| {
            let shown = Candidate::of(other);
            self.sight.appearance(other.position_m, self.size_of(shown)).is_none_or(|other| {
                let [other_left, other_right] = other.span_px();
                let common = right.min(other_right) - left.max(other_left);
                common < MOST_COMMON * (right - left).min(other_right - other_left)
            })
        })
    }

    fn is_room(&self, candidate: Candidate, at_m: [f64; 2], size: Extent) -> bool {
        let floor_m = foot_m(candidate.look, size);
        let eye_m = [self.sight.eye_m[0], self.sight.eye_m[1]];
        let is_apart = |other: &Thing| {
            let shown = Candidate::of(other);
            let gap_m = (other.position_m[0] - at_m[0]).hypot(other.position_m[1] - at_m[1]);
            gap_m > floor_m + foot_m(other.look, self.size_of(shown)) + 0.05
        };
        self.sight.distance_m(at_m) > floor_m + BEFORE_CAMERA_M
            && self.things.iter().all(is_apart)
            && self.building.is_line_free(eye_m, at_m)
            && is_disc_free(self.building, at_m, floor_m)
    }

    fn put(&mut self, candidate: Candidate, at_m: [f64; 2], random: &mut Random) {
        let away_rad = (at_m[1] - self.sight.eye_m[1]).atan2(at_m[0] - self.sight.eye_m[0]);
        self.things.push(Thing {
            id: self.things.len() as u32 + 1,
            look: candidate.look,
            form: candidate.form,
            position_m: at_m,
            heading_rad: heading_rad(candidate.look, away_rad, random),
            stage: candidate.stage as f32,
            phase_secs: random.within(0.0, 120.0),
            seed: random.bits(),
        });
    }
}

/// Floor that a thing keeps to itself, metres.
fn foot_m(look: Look, size: Extent) -> f64 {
    match look {
        // Clouds drift over the floor and along walls.
        Look::Smoke => 0.35,
        Look::GasLeak => (0.6 * size.radius_m).min(0.5),
        Look::Fire => 0.8 * size.radius_m,
        Look::BlockedPath => 0.65,
        _ => 0.9 * size.radius_m,
    }
}

/// Which way it faces, given the direction in which the camera sees it.
fn heading_rad(look: Look, away_rad: f64, random: &mut Random) -> f64 {
    let either = |random: &mut Random| if random.chance(0.5) { 1.0 } else { -1.0 };
    wrapped(match look {
        // A jet is told from the side.
        Look::GasLeak => away_rad + either(random) * random.within(0.8, 2.1),
        // Across the way.
        Look::BlockedPath | Look::RedCloth => away_rad + random.within(-0.6, 0.6) + if random.chance(0.5) { PI } else { 0.0 },
        Look::PersonDown | Look::OrangeCone | Look::Plant | Look::Shadow | Look::BlueMat => random.within(-PI, PI),
        // What it comes from stands behind it.
        Look::LiquidSpill => away_rad + PI + random.within(-0.7, 0.7),
        // Towards the camera, more or less.
        _ => away_rad + PI + random.within(-1.1, 1.1),
    })
}

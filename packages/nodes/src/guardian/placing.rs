//! Where hazards are on the map. In -> out: transforms, assessments -> the point of each hazard in the map frame, taken at the stamp of its
//! picture; or why there is none. A place that is not known is never guessed.

use std::collections::VecDeque;
use vedette_fusion::{Moment, TransformBuffer, TransformLimits};
use vedette_types::{Assessment, FrameId, Hazard, KindId, Point3, Stamp, Transforms};

/// Sightings whose hazards may still stand in a decision; older ones are over, since no judgement counts for an hour.
const MAX_SIGHTINGS: usize = 256;

vedette_params::params! {
    /// Where hazards are.
    pub struct PlacingParams: "placing" {
        /// The frame of the map that Nav2 plans on.
        map_frame: String = "map";
        /// The frame of the robot's base.
        base_frame: String = "base_link";
        /// A hazard further away is not placed: how far is only a band then, and its end is open.
        max_range_m: f64 = 6.0, range 0.1..=100.0, unit "m";
        /// A picture older than this when its assessment arrives, or from the future, was stamped by another clock: its hazards are not placed.
        max_age_secs: f64 = 20.0, range 0.1..=250.0, unit "s";
        /// How far a transform is held beyond its samples.
        max_interval_secs: f64 = 0.5, range 0.0..=5.0, unit "s";
        /// Time span kept of every transform.
        tf_buffer_secs: f64 = 30.0, range 15.0..=300.0, unit "s";
    }
}

/// Knows the transforms, and where the hazards of the last assessments are.
#[derive(Debug)]
pub(super) struct Placer {
    params: PlacingParams,
    map: FrameId,
    transforms: TransformBuffer,
    sightings: VecDeque<Sighting>,
}

/// One hazard of one assessment with a position.
#[derive(Debug)]
struct Sighting {
    kind: KindId,
    frame: FrameId,
    position_m: [f64; 3],
    image_stamp: Stamp,
    is_on_our_clock: bool,
    place: Result<[f64; 2], String>,
}

impl Placer {
    pub(super) fn new(params: PlacingParams) -> Self {
        let nanos = |secs: f64| (secs * 1e9) as i64;
        let limits = TransformLimits {
            buffer_nanos: nanos(params.tf_buffer_secs),
            hold_nanos: nanos(params.max_interval_secs),
            jump_back_nanos: 1_000_000_000,
            frames: 512,
        };
        Self { map: FrameId::new(&params.map_frame), params, transforms: TransformBuffer::new(limits), sightings: VecDeque::new() }
    }

    /// Time went back: what was known of moving frames and hazards is void.
    pub(super) fn forget(&mut self) {
        self.transforms.forget_dynamic();
        self.sightings.clear();
    }

    /// Takes transforms; the first refusal is told.
    pub(super) fn hear(&mut self, now: Stamp, heard: &Transforms) -> Result<(), vedette_fusion::TransformFault> {
        let mut told = Ok(());
        for edge in &heard.edges {
            // One that is refused keeps no other out.
            let taken = self.transforms.insert(now, edge, heard.is_static);
            told = told.and(taken);
        }
        told
    }

    /// Takes the hazards of an assessment that arrived at `now`.
    pub(super) fn note(&mut self, now: Stamp, assessment: &Assessment) {
        let age_secs = now.secs_since(assessment.image_stamp);
        let is_on_our_clock = (0.0..=self.params.max_age_secs).contains(&age_secs);
        for hazard in &assessment.hazards {
            let Some((frame, position_m)) = &hazard.position_m else { continue };
            let place = if is_on_our_clock {
                self.to_map(frame, *position_m, assessment.image_stamp)
            } else {
                Err(format!("its picture is {age_secs:.1} s old: another clock, or too late"))
            };
            self.sightings.push_back(Sighting {
                kind: hazard.kind.clone(),
                frame: frame.clone(),
                position_m: *position_m,
                image_stamp: assessment.image_stamp,
                is_on_our_clock,
                place,
            });
        }
        while self.sightings.len() > MAX_SIGHTINGS {
            self.sightings.pop_front();
        }
    }

    /// Where a hazard of a decision is on the map, metres; or why that is not known.
    pub(super) fn place(&self, hazard: &Hazard) -> Result<[f64; 2], String> {
        let Some(range_m) = hazard.range_m else { return Err("its distance is not known".to_owned()) };
        if range_m > self.params.max_range_m {
            return Err(format!("{range_m:.1} m is too far to say where"));
        }
        let Some((frame, position_m)) = &hazard.position_m else { return Err("it has no position in a frame".to_owned()) };
        let is_it = |sighting: &&Sighting| {
            sighting.kind == hazard.kind && sighting.frame == *frame && bits(&sighting.position_m) == bits(position_m)
        };
        self.sightings
            .iter()
            .rev()
            .find(is_it)
            .map_or_else(|| Err("its picture is forgotten".to_owned()), |sighting| sighting.place.clone())
    }

    /// Where the robot's base is on the map, metres; or why that is not known.
    pub(super) fn robot(&self, now: Stamp) -> Result<[f64; 2], String> {
        self.to_map(&FrameId::new(&self.params.base_frame), [0.0; 3], now)
    }

    fn to_map(&self, frame: &FrameId, [x, y, z]: [f64; 3], stamp: Stamp) -> Result<[f64; 2], String> {
        // The age was checked, so the stamp is on the clock of events; a transform on another one is found by its offset.
        let map_from_frame = self.transforms.look_up(&self.map, frame, &Moment::event(stamp, 10.0)).map_err(|fault| fault.to_string())?;
        let point = map_from_frame * Point3::new(x, y, z);
        if point.x.is_finite() && point.y.is_finite() { Ok([point.x, point.y]) } else { Err("its position is not finite".to_owned()) }
    }

    /// Sightings whose transform came after them are placed once it is there.
    pub(super) fn retry(&mut self) {
        for index in 0..self.sightings.len() {
            let Some(open) = self.sightings.get(index).filter(|sighting| sighting.place.is_err() && sighting.is_on_our_clock) else {
                continue;
            };
            let place = self.to_map(&open.frame, open.position_m, open.image_stamp);
            if let Some(sighting) = self.sightings.get_mut(index) {
                sighting.place = place;
            }
        }
    }
}

fn bits(position_m: &[f64; 3]) -> [u64; 3] {
    position_m.map(f64::to_bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::{Isometry3, Probability, Severity, Sha256, StampedTransform, StreamId, Verdict};

    fn at(millis: i64) -> Stamp {
        Stamp::from_ros(100, 0).plus_millis(millis)
    }

    fn fire(frame: &str, range_m: f64) -> Hazard {
        Hazard {
            kind: KindId::new("fire"),
            severity: Severity::High,
            confidence: Probability::ONE,
            bearing_rad: Some(0.0),
            range_m: Some(range_m),
            position_m: Some((FrameId::new(frame), [range_m, 0.0, 0.0])),
            valid_until: at(9000),
        }
    }

    fn assessment(image_stamp: Stamp, hazards: &[Hazard]) -> Assessment {
        Assessment {
            image_stamp,
            camera: StreamId::new("/camera"),
            arrived: image_stamp,
            verdict: Verdict::Hazard,
            confidence: Probability::ONE,
            hazards: hazards.to_vec(),
            answer: None,
            fault: None,
            model_sha256: Sha256::default(),
            valid_until: at(9000),
        }
    }

    /// `map_from_odom` moves along x by a metre a second.
    fn moving(placer: &mut Placer, from_millis: i64, to_millis: i64) {
        for millis in (from_millis..=to_millis).step_by(100) {
            let edge = StampedTransform {
                stamp: at(millis),
                parent: FrameId::new("map"),
                child: FrameId::new("odom"),
                parent_from_child: Isometry3::translation(millis as f64 / 1000.0, 0.0, 0.0),
            };
            placer.hear(at(millis), &Transforms { is_static: false, edges: vec![edge] }).expect("taken");
        }
    }

    #[test]
    fn a_hazard_is_placed_where_it_was_when_its_picture_was_taken() {
        let mut placer = Placer::new(PlacingParams::default());
        moving(&mut placer, 0, 3000);
        placer.note(at(3000), &assessment(at(1000), &[fire("odom", 2.0)]));
        let [x, y] = placer.place(&fire("odom", 2.0)).expect("placed");
        assert!((x - 3.0).abs() < 1e-9 && y.abs() < 1e-9, "{x} {y}");
        // Already on the map: no transform is needed.
        placer.note(at(3000), &assessment(at(1000), &[fire("map", 1.5)]));
        assert_eq!(placer.place(&fire("map", 1.5)), Ok([1.5, 0.0]));
    }

    #[test]
    fn what_is_not_known_is_not_placed() {
        let mut placer = Placer::new(PlacingParams::default());
        let why = |placer: &Placer, hazard: &Hazard| placer.place(hazard).expect_err("not placed");
        placer.note(at(0), &assessment(at(0), &[fire("odom", 2.0)]));
        assert!(
            why(&placer, &fire("odom", 2.0)).contains("`odom` was never published") || why(&placer, &fire("odom", 2.0)).contains("`map`")
        );
        assert_eq!(why(&placer, &fire("map", 7.5)), "7.5 m is too far to say where");
        assert_eq!(why(&placer, &Hazard { range_m: None, ..fire("map", 2.0) }), "its distance is not known");
        assert_eq!(why(&placer, &Hazard { position_m: None, ..fire("map", 2.0) }), "it has no position in a frame");
        assert_eq!(why(&placer, &fire("map", 2.0)), "its picture is forgotten");
        // A stamp of another clock is not believed, also when the transform comes.
        placer.note(at(0), &assessment(at(3_600_000), &[fire("map", 1.0)]));
        placer.retry();
        assert!(why(&placer, &fire("map", 1.0)).contains("another clock"));
        // A transform that comes late places what waited for it; a clock that jumps forgets it.
        moving(&mut placer, 0, 500);
        placer.retry();
        assert_eq!(placer.place(&fire("odom", 2.0)), Ok([2.0, 0.0]));
        placer.forget();
        assert_eq!(why(&placer, &fire("odom", 2.0)), "its picture is forgotten");
    }

    #[test]
    fn memory_is_bounded() {
        let mut placer = Placer::new(PlacingParams::default());
        for millis in 0..300 {
            placer.note(at(millis), &assessment(at(millis), &[fire("map", 1.0), fire("map", 2.0)]));
        }
        assert_eq!(placer.sightings.len(), MAX_SIGHTINGS);
    }
}

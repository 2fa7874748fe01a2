//! Places of danger. In -> out: hazards with their point on the map -> places with an end and a number that stays, so that what moves a little
//! from picture to picture is one place.

use vedette_types::{Hazard, KindId, Probability, Response, Severity, Stamp};

/// Places remembered at once; the one that ends first makes room.
const MAX_PLACES: usize = 64;

/// One place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Place {
    /// Stays with the place and is never used again by this process. Above 0.
    pub(crate) id: i64,
    pub(crate) kind: KindId,
    pub(crate) severity: Severity,
    pub(crate) confidence: Probability,
    pub(crate) response: Response,
    /// On the map, metres.
    pub(crate) at_m: [f64; 2],
    pub(crate) until: Stamp,
}

/// All of them.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    hold_secs: f64,
    merge_m: f64,
    list: Vec<Place>,
    last_id: i64,
}

impl Places {
    /// A place is kept for `hold_secs` after its hazard ended; hazards of one kind nearer than `merge_m` are one.
    pub(crate) const fn new(hold_secs: f64, merge_m: f64) -> Self {
        Self { hold_secs, merge_m, list: Vec::new(), last_id: 0 }
    }

    /// Other figures from now on.
    pub(crate) const fn adjust(&mut self, hold_secs: f64, merge_m: f64) {
        (self.hold_secs, self.merge_m) = (hold_secs, merge_m);
    }

    /// The places, in the order in which they were found.
    pub(crate) fn list(&self) -> &[Place] {
        &self.list
    }

    /// A hazard counts and is at `at_m`.
    pub(crate) fn see(&mut self, hazard: &Hazard, response: Response, at_m: [f64; 2]) {
        let until = hazard.valid_until.plus_secs(self.hold_secs);
        let distance_m = |place: &Place| (place.at_m[0] - at_m[0]).hypot(place.at_m[1] - at_m[1]);
        let same = self.list.iter_mut().filter(|place| place.kind == hazard.kind && distance_m(place) <= self.merge_m);
        if let Some(place) = same.min_by(|a, b| distance_m(a).total_cmp(&distance_m(b))) {
            *place = Place { at_m, until, response, severity: hazard.severity, confidence: hazard.confidence, ..place.clone() };
            return;
        }
        if self.list.len() >= MAX_PLACES
            && let Some(first) = (0..self.list.len()).min_by_key(|index| self.list.get(*index).map(|place| place.until))
        {
            self.list.remove(first);
        }
        self.last_id += 1;
        let (kind, severity, confidence) = (hazard.kind.clone(), hazard.severity, hazard.confidence);
        self.list.push(Place { id: self.last_id, kind, severity, confidence, response, at_m, until });
    }

    /// What is over goes.
    pub(crate) fn expire(&mut self, now: Stamp) {
        self.list.retain(|place| now < place.until);
    }

    /// All of them go.
    pub(crate) fn clear(&mut self) {
        self.list.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hazard(kind: &str, until_secs: i32) -> Hazard {
        Hazard {
            kind: KindId::new(kind),
            severity: Severity::High,
            confidence: Probability::ONE,
            bearing_rad: None,
            range_m: Some(1.0),
            position_m: None,
            valid_until: Stamp::from_ros(until_secs, 0),
        }
    }

    #[test]
    fn what_moves_a_little_is_one_place_and_ends() {
        let mut places = Places::new(20.0, 1.0);
        places.see(&hazard("fire", 10), Response::Stop, [1.0, 1.0]);
        places.see(&hazard("fire", 11), Response::Stop, [1.5, 1.5]);
        places.see(&hazard("smoke", 5), Response::SlowDown, [1.5, 1.5]);
        places.see(&hazard("fire", 12), Response::Stop, [9.0, 1.0]);
        let shown: Vec<_> = places.list().iter().map(|place| (place.id, place.kind.as_str(), place.at_m)).collect();
        assert_eq!(shown, [(1, "fire", [1.5, 1.5]), (2, "smoke", [1.5, 1.5]), (3, "fire", [9.0, 1.0])]);
        places.expire(Stamp::from_ros(25, 0));
        assert_eq!(places.list().iter().map(|place| place.id).collect::<Vec<_>>(), [1, 3]);
        places.expire(Stamp::from_ros(31, 0));
        assert_eq!(places.list().iter().map(|place| place.id).collect::<Vec<_>>(), [3]);
        // A number is not used again.
        places.clear();
        places.see(&hazard("fire", 40), Response::Stop, [1.0, 1.0]);
        assert_eq!(places.list().first().map(|place| place.id), Some(4));
    }

    proptest! {
        #[test]
        fn every_hazard_has_a_place_near_it_and_memory_is_bounded(
            seen in prop::collection::vec((0u8..4, -50.0..50.0f64, -50.0..50.0f64, 0..100i32), 1..200)
        ) {
            let mut places = Places::new(0.0, 1.0);
            for (kind, x, y, until) in seen {
                let hazard = hazard(&format!("kind_{kind}"), until);
                places.see(&hazard, Response::Stop, [x, y]);
                prop_assert!(places.list().iter().any(|place| place.kind == hazard.kind && place.at_m == [x, y]));
                let ids: std::collections::BTreeSet<_> = places.list().iter().map(|place| place.id).collect();
                prop_assert!(places.list().len() <= MAX_PLACES && ids.len() == places.list().len());
            }
        }
    }
}

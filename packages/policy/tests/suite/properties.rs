//! What must hold after any sequence of events. The conditions are written down here a second time, from the history of the events alone.

use crate::script::{assessment, gas, hazard, image, policy, range, temperature};
use proptest::prelude::*;
use std::collections::BTreeMap;
use vedette_policy::{Policy, PolicyParams};
use vedette_types::{Assessment, Decision, Reading, Response, Severity, Stamp, StreamId, Verdict};

const KINDS: [&str; 3] = ["fire", "liquid_spill", "unheard_of"];
const CAMERAS: [&str; 2] = ["/left", "/right"];

#[derive(Clone, Debug)]
pub(crate) enum Event {
    Reading(&'static str, Reading),
    Assessment(Assessment),
    Tick,
    Jump,
}

fn any_assessment() -> impl Strategy<Value = Event> {
    let hazards = prop::collection::vec((prop::sample::select(&KINDS[..]), prop::sample::select(Severity::ALL), 0.0..1.0, 0.0..12.0), 0..3);
    (prop::sample::select(&CAMERAS[..]), prop::sample::select(Verdict::ALL), prop_oneof![Just(0.9), 0.0..1.0], hazards, any::<bool>())
        .prop_map(|(camera, verdict, confidence, hazards, is_consistent)| {
            let mut hazards: Vec<_> = hazards
                .into_iter()
                .map(|(kind, severity, confidence, valid_secs)| hazard(kind, severity, confidence, Stamp::default().plus_secs(valid_secs)))
                .collect();
            if is_consistent && verdict != Verdict::Hazard {
                hazards.clear();
            }
            Event::Assessment(assessment(Stamp::default(), camera, verdict, confidence, hazards))
        })
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => any_assessment(),
        2 => prop::sample::select(&CAMERAS[..]).prop_map(|camera| Event::Reading(camera, image())),
        2 => prop_oneof![0.0..120.0, any::<f64>()].prop_map(|ppm| Event::Reading("/gas", gas("co", ppm))),
        1 => prop_oneof![20.0..70.0, any::<f64>()].prop_map(|celsius| Event::Reading("/temperature", temperature(celsius))),
        1 => prop_oneof![0.0f32..1.0, any::<f32>()].prop_map(|m| Event::Reading("/range", range(m))),
        3 => Just(Event::Tick),
        1 => prop::bool::weighted(0.1).prop_map(|is_jump| if is_jump { Event::Jump } else { Event::Tick }),
    ]
}

/// Events with the time since the one before, seconds: mostly forward, sometimes a jitter, seldom a jump.
pub(crate) fn any_events() -> impl Strategy<Value = Vec<(f64, Event)>> {
    let step = prop_oneof![20 => 0.0..1.0f64, 5 => 1.0..6.0, 2 => -0.05..0.0, 1 => -30.0..30.0];
    prop::collection::vec((step, any_event()), 0..40)
}

/// Plays one event at `now`; an assessment and its hazards are moved there.
pub(crate) fn play(policy: &mut Policy, now: Stamp, event: &Event) -> (Option<Decision>, Option<Assessment>) {
    match event {
        Event::Reading(stream, reading) => (policy.reading(now, &StreamId::new(stream), reading), None),
        Event::Assessment(template) => {
            let mut moved = template.clone();
            let shift = now.nanos_since(template.arrived);
            for stamp in [&mut moved.arrived, &mut moved.image_stamp, &mut moved.valid_until] {
                *stamp = stamp.plus_nanos(shift);
            }
            moved.hazards.iter_mut().for_each(|hazard| hazard.valid_until = hazard.valid_until.plus_nanos(shift));
            (Some(policy.assessment(&moved)), Some(moved))
        }
        Event::Tick => (policy.tick(now), None),
        Event::Jump => (Some(policy.clock_jumped(now)), None),
    }
}

/// What was heard since the clock last jumped, and of whom ever.
#[derive(Default)]
struct History {
    now: Option<Stamp>,
    cameras: BTreeMap<&'static str, (Option<Stamp>, Vec<Assessment>)>,
    /// When it last measured, and what.
    sensors: BTreeMap<&'static str, Option<(Stamp, f64)>>,
}

impl History {
    fn note(&mut self, now: Stamp, event: &Event, assessment: Option<Assessment>) {
        let is_back = self.now.is_some_and(|before| before.nanos_since(now) > 100_000_000);
        if is_back || matches!(event, Event::Jump) {
            self.cameras.values_mut().for_each(|camera| *camera = Default::default());
            self.sensors.values_mut().for_each(|sensor| *sensor = None);
            self.now = None;
        }
        let now = self.now.map_or(now, |before| before.max(now));
        self.now = Some(now);
        if let Some(assessment) = assessment {
            let camera = CAMERAS.into_iter().find(|name| *name == assessment.camera.as_str()).unwrap_or_default();
            self.cameras.entry(camera).or_default().1.push(assessment);
        }
        let Event::Reading(stream, reading) = event else { return };
        let measured = match reading {
            Reading::Gas(gas) => Some(gas.ppm).filter(|ppm| *ppm > f64::NEG_INFINITY),
            Reading::Temperature(temperature) => Some(temperature.celsius).filter(|celsius| *celsius > f64::NEG_INFINITY),
            Reading::Range(range) => Some(f64::from(range.range_m)).filter(|m| !m.is_nan()),
            _ => {
                self.cameras.entry(stream).or_default().0 = Some(now);
                return;
            }
        };
        let sensor = self.sensors.entry(stream).or_default();
        *sensor = measured.map(|value| (now, value)).or(*sensor);
    }

    /// Sensors beyond their trigger at the last reading, with its time.
    fn alarms(&self) -> impl Iterator<Item = Stamp> {
        let is_beyond = |stream: &str, value: f64| match stream {
            "/gas" => value > 50.0,
            "/temperature" => value > 57.0,
            _ => value < 0.299_999,
        };
        self.sensors
            .iter()
            .filter_map(move |(stream, sensor)| sensor.filter(|(_, value)| is_beyond(stream, *value)))
            .map(|(heard, _)| heard)
    }

    /// Everything that must be so before anything may be called clear.
    fn may_be_clear(&self, now: Stamp) -> bool {
        let least = PolicyParams::default().min_confidence;
        let is_clear = |(image, assessments): &(Option<Stamp>, Vec<Assessment>)| {
            let is_sure = |assessment: &&Assessment| assessment.confidence.get() >= least && assessment.verdict != Verdict::Unknown;
            let said = |kind: &str, assessment: &Assessment| assessment.hazards.iter().any(|hazard| hazard.kind.as_str() == kind);
            let is_released = |kind: &&str| {
                // `Clear` with hazards is a contradiction and counts neither way.
                let counted: Vec<&Assessment> =
                    assessments.iter().filter(is_sure).filter(|a| a.verdict == Verdict::Hazard || a.hazards.is_empty()).collect();
                let seen = counted
                    .iter()
                    .rposition(|a| a.hazards.iter().any(|hazard| hazard.kind.as_str() == *kind && hazard.confidence.get() >= least));
                seen.is_none_or(|index| counted.iter().skip(index).filter(|a| !said(kind, a)).count() >= 2)
            };
            let last_is_clear = assessments.last().is_some_and(|last| {
                last.verdict == Verdict::Clear && last.confidence.get() >= least && last.hazards.is_empty() && now < last.valid_until
            });
            last_is_clear && KINDS.iter().all(is_released) && image.is_none_or(|arrived| now.secs_since(arrived) <= 2.0)
        };
        let sensors_speak = self.sensors.values().all(|sensor| sensor.is_some_and(|(heard, _)| now.secs_since(heard) <= 3.0));
        !self.cameras.is_empty() && self.cameras.values().all(is_clear) && sensors_speak && self.alarms().count() == 0
    }
}

proptest! {
    #[test]
    fn unknown_is_never_clear(events in any_events()) {
        let (mut policy, mut history) = (policy(""), History::default());
        let mut now = Stamp::default().plus_secs(1000.0);
        for (step, event) in events {
            now = now.plus_secs(step);
            let (decision, assessment) = play(&mut policy, now, &event);
            history.note(now, &event, assessment);
            now = history.now.unwrap_or(now);
            policy.tick(now);
            for decision in decision.iter().chain([policy.current()]) {
                if decision.verdict == Verdict::Clear || decision.response == Response::Continue {
                    prop_assert!(history.may_be_clear(now), "{decision:?}");
                    prop_assert_eq!((decision.verdict, decision.response, decision.hazards.len()), (Verdict::Clear, Response::Continue, 0));
                }
            }
        }
    }

    #[test]
    fn the_model_never_removes_an_alarm(events in any_events()) {
        let (mut policy, mut history) = (policy(""), History::default());
        let mut now = Stamp::default().plus_secs(1000.0);
        for (step, event) in events {
            now = now.plus_secs(step);
            let (decision, assessment) = play(&mut policy, now, &event);
            history.note(now, &event, assessment);
            now = history.now.unwrap_or(now);
            policy.tick(now);
            if history.alarms().any(|heard| now < heard.plus_secs(5.0)) {
                for decision in decision.iter().chain([policy.current()]) {
                    prop_assert_eq!((decision.verdict, decision.response), (Verdict::Hazard, Response::Stop));
                }
            }
        }
    }

    #[test]
    fn silence_expires(events in any_events()) {
        let mut policy = policy("");
        let mut now = Stamp::default().plus_secs(1000.0);
        for (step, event) in events {
            now = now.plus_secs(step);
            for decision in play(&mut policy, now, &event).0.iter().chain([policy.current()]) {
                prop_assert!(decision.valid_until <= decision.stamp.plus_secs(60.0));
                for hazard in &decision.hazards {
                    prop_assert!(decision.stamp < hazard.valid_until && hazard.valid_until <= decision.valid_until);
                }
            }
        }
        policy.tick(now.plus_secs(61.0));
        prop_assert_eq!((policy.current().verdict, policy.current().response), (Verdict::Unknown, Response::SlowDown));
        prop_assert!(policy.current().hazards.is_empty());
    }

    #[test]
    fn ticks_change_nothing_but_what_runs_out(events in any_events(), ticks in prop::collection::vec(0usize..3, 40)) {
        let (mut ticked, mut bare) = (policy("trigger_count=2"), policy("trigger_count=2"));
        let mut now = Stamp::default().plus_secs(1000.0);
        for ((step, event), ticks) in events.iter().zip(ticks) {
            // Ticks in between would turn a jitter into another time.
            let step = if (-1.0..0.0).contains(step) { 0.0 } else { *step };
            for tick in 0..ticks {
                ticked.tick(now.plus_secs(step.max(0.0) * tick as f64 / 3.0));
            }
            now = now.plus_secs(step);
            let decisions = [play(&mut ticked, now, event).0, play(&mut bare, now, event).0];
            if let (Event::Assessment(_), [ticked, bare]) = (event, decisions) {
                prop_assert_eq!(ticked, bare);
            }
        }
    }

    #[test]
    fn any_numbers_are_survived(events in prop::collection::vec((any::<i64>(), any_event(), any::<f64>(), any::<String>()), 0..20)) {
        let mut policy = policy("");
        for (nanos, event, number, text) in events {
            let now = Stamp::from_nanos(nanos);
            play(&mut policy, now, &event);
            for reading in [gas(&text, number), temperature(number), range(number as f32)] {
                policy.reading(now, &StreamId::new(&text), &reading);
            }
            prop_assert!(policy.current().hazards.is_empty() || policy.current().verdict == Verdict::Hazard);
        }
    }
}

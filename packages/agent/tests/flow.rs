//! The flow as a whole on the virtual clock, with answers given by the test: which frame is asked about, what a decision may say, and that
//! the same events have the same effects.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use proptest::prelude::*;
use std::{convert::Infallible, sync::Arc};
use vedette_agent::{Agent, AgentParams, AnswerError, Answers, DriveError, Driver, Effect, Event, Recorded, Sink};
use vedette_fusion::{Fusion, FusionParams};
use vedette_params::HazardCatalogue;
use vedette_policy::{Policy, PolicyParams};
use vedette_reasoning::{ChatTemplate, ModelCard, Reasoner, ReasoningParams, VlmAnswer, VlmRequest};
use vedette_types::{
    Completion, Decision, Finish, FrameId, Gas, ImageData, ImageFrame, PixelEncoding, Probability, Reading, Response, Sha256, Stamp,
    StreamId, Timings, Verdict, VerdictProbabilities,
};

const CLEAR: &str = r#"{"verdict":"clear","hazards":[]}"#;
const FIRE: &str = r#"{"verdict":"hazard","hazards":[{"kind":"fire","severity":"high","bearing":"ahead","range":"near"}]}"#;
const START: Stamp = Stamp::from_ros(1000, 0);

/// What the test lets the model say to the n-th request.
#[derive(Clone, Copy, Debug)]
enum Say {
    Clear,
    Fire,
    CutOff,
    Late,
    Broken,
    Unsure,
}

/// Answers by a script, each after its own latency.
struct Scripted {
    script: Vec<(Say, i64)>,
    calls: usize,
}

impl Answers for Scripted {
    fn answer(&mut self, request: &VlmRequest, requested: Stamp) -> Result<Completion, AnswerError> {
        let (say, latency_millis) = self.script[self.calls % self.script.len()];
        self.calls += 1;
        let (text, finish, clear) = match say {
            Say::Clear => (CLEAR, Finish::Stop, 0.9),
            Say::Fire => (FIRE, Finish::Stop, 0.1),
            Say::CutOff => (CLEAR, Finish::Length, 0.9),
            Say::Late => ("", Finish::Deadline, 0.9),
            Say::Broken => ("clear", Finish::Stop, 0.9),
            Say::Unsure => (CLEAR, Finish::Stop, 0.4),
        };
        let hazard = if matches!(say, Say::Fire) { 0.9 } else { 0.0 };
        let answer = VlmAnswer {
            text: text.to_owned(),
            tokens: 8,
            finish,
            verdict_probabilities: Some(VerdictProbabilities {
                hazard: Probability::saturating(hazard),
                clear: Probability::saturating(clear),
                unknown: Probability::saturating(1.0 - hazard - clear),
            }),
            timings: Timings::default(),
        };
        Ok(answer.into_completion(request, &card(), requested.plus_millis(latency_millis)))
    }
}

/// A model that has learned something.
fn card() -> ModelCard {
    ModelCard {
        name: "scripted".to_owned(),
        architecture: "none".to_owned(),
        chat_template: String::new(),
        image_side_px: 224,
        tokens_per_image: 16,
        parameters: 0,
        is_trained: true,
        adapter: None,
        sha256: Sha256([1; 32]),
    }
}

#[derive(Default)]
struct Log {
    effects: Vec<Effect>,
    completions: Vec<Completion>,
}

impl Sink for Log {
    type Error = Infallible;
    fn effect(&mut self, effect: &Effect) -> Result<(), Infallible> {
        self.effects.push(effect.clone());
        Ok(())
    }
    fn completion(&mut self, completion: &Completion) -> Result<(), Infallible> {
        self.completions.push(completion.clone());
        Ok(())
    }
}

impl Log {
    fn decisions(&self) -> Vec<Decision> {
        self.effects.iter().filter_map(|effect| if let Effect::Decided(d) = effect { Some((**d).clone()) } else { None }).collect()
    }
    fn requests(&self) -> Vec<(Stamp, Stamp)> {
        let request = |effect: &Effect| match effect {
            Effect::Request { stamp, request, .. } => Some((*stamp, request.image_stamp)),
            _ => None,
        };
        self.effects.iter().filter_map(request).collect()
    }
}

fn agent() -> Agent {
    let catalogue = HazardCatalogue::bundled().unwrap();
    let policy = Policy::new(PolicyParams::default(), &catalogue).unwrap();
    let reasoner = Reasoner::new(ReasoningParams::default(), catalogue, ChatTemplate::verbatim()).unwrap();
    Agent::new(Fusion::new(FusionParams::default()), reasoner, policy)
}

/// A frame of even grey; another grey opens the change gate.
fn frame(arrived: Stamp, grey: u8) -> Event {
    let data = ImageData::Raw {
        width: 32,
        height: 24,
        step: 32,
        encoding: PixelEncoding::Mono8,
        is_bigendian: false,
        data: Arc::new(vec![grey; 32 * 24]),
    };
    let frame = ImageFrame { stamp: arrived, frame: FrameId::new("camera"), data };
    Event::Reading { arrived, stream: StreamId::new("/camera/image_raw"), reading: Reading::Image(frame), sha256: Sha256([grey; 32]) }
}

fn gas(arrived: Stamp, ppm: f64) -> Event {
    let reading = Reading::Gas(Gas { stamp: arrived, frame: FrameId::new("nose"), gas: "co".to_owned(), ppm });
    Event::Reading { arrived, stream: StreamId::new("/gas"), reading, sha256: Sha256([3; 32]) }
}

fn drive<A: Answers>(answers: A, events: &[Event]) -> Result<Log, DriveError<Infallible>> {
    let mut driver = Driver::new(agent(), answers, &AgentParams::default());
    let mut log = Log::default();
    for event in events {
        driver.feed(event.clone(), &mut log)?;
    }
    driver.finish(&mut log)?;
    Ok(log)
}

/// `secs` of 30 Hz video whose brightness changes with every frame, so that the gate is always open.
fn video(secs: i64) -> Vec<Event> {
    (0..secs * 30).map(|k| frame(START.plus_nanos(k * 33_333_333), (k * 97 % 251) as u8)).collect()
}

fn script(words: &[Say]) -> Scripted {
    Scripted { script: words.iter().map(|say| (*say, 400)).collect(), calls: 0 }
}

fn says() -> impl Strategy<Value = Say> {
    prop_oneof![Just(Say::Clear), Just(Say::Fire), Just(Say::CutOff), Just(Say::Late), Just(Say::Broken), Just(Say::Unsure)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn newest_frame_wins(script in prop::collection::vec((says(), 0i64..1500), 1..6), period_millis in 5i64..200) {
        let period = period_millis * 1_000_000;
        let events: Vec<Event> = (0..60).map(|k| frame(START.plus_nanos(k * period), (k * 97 % 251) as u8)).collect();
        let log = drive(Scripted { script, calls: 0 }, &events).unwrap();
        prop_assert!(!log.requests().is_empty());
        for (asked_at, image) in log.requests() {
            // What arrives at the very time of a tick comes after it. Beyond that nothing may be lost, though a period and 10 ms would be allowed.
            let newest = events.iter().map(Event::stamp).filter(|stamp| *stamp < asked_at).max().unwrap_or(image);
            prop_assert!(newest.nanos_since(image) <= 0, "asked about {} while {} was there", image, newest);
        }
    }

    #[test]
    fn unknown_is_never_clear(script in prop::collection::vec((says(), 0i64..3000), 1..6)) {
        let log = drive(Scripted { script, calls: 0 }, &video(8)).unwrap();
        let mut last: Option<(&Completion, bool)> = None;
        let mut completions = log.completions.iter().peekable();
        for decision in log.decisions() {
            while let Some(completion) = completions.next_if(|completion| completion.arrived <= decision.stamp) {
                let is_usable = completion.finish == Finish::Stop && completion.text == CLEAR
                    && completion.verdict_probabilities.is_some_and(|p| p.clear.get() >= 0.5);
                last = Some((completion, is_usable));
            }
            if decision.verdict == Verdict::Clear || decision.response == Response::Continue {
                prop_assert!(last.is_some_and(|(_, is_usable)| is_usable), "{:?} after {:?}", decision, last);
            }
        }
    }
}

#[test]
fn same_events_same_effects() {
    let run = || drive(script(&[Say::Clear, Say::Fire, Say::Broken]), &video(5)).unwrap();
    let (a, b) = (run(), run());
    assert!(a.requests().len() >= 5, "{}", a.requests().len());
    assert_eq!(format!("{:?}", a.effects), format!("{:?}", b.effects));
}

#[test]
fn recorded_completions_repeat_the_run() {
    let first = drive(script(&[Say::Clear, Say::Fire, Say::Late]), &video(5)).unwrap();
    let again = drive(Recorded::new(first.completions.clone()), &video(5)).unwrap();
    assert_eq!(first.decisions(), again.decisions());
    assert_eq!(first.completions, again.completions);
}

#[test]
fn a_record_of_another_bag_is_refused() {
    let first = drive(script(&[Say::Clear]), &video(2)).unwrap();
    let other: Vec<Event> = (0..60).map(|k| frame(START.plus_nanos(k * 33_333_333), 9)).collect();
    let error = drive(Recorded::new(first.completions), &other).err().unwrap().to_string();
    assert!(error.contains("made from another image") && error.contains("use the bag"), "{error}");
}

#[test]
fn a_record_that_ends_early_ends_the_run() {
    let mut first = drive(script(&[Say::Clear]), &video(3)).unwrap();
    first.completions.truncate(2);
    let error = drive(Recorded::new(first.completions), &video(3)).err().unwrap();
    assert!(matches!(error, DriveError::Answer(AnswerError::NotRecorded { .. })), "{error}");
}

#[test]
fn a_threshold_alarm_does_not_wait_for_the_model() {
    let mut events = video(1);
    let alarm_at = START.plus_millis(500);
    events.push(gas(alarm_at, 400.0));
    events.sort_by_key(Event::stamp);
    let log = drive(Scripted { script: vec![(Say::Clear, 10_000)], calls: 0 }, &events).unwrap();
    let decision = log.decisions().into_iter().find(|decision| decision.verdict == Verdict::Hazard).unwrap();
    assert_eq!((decision.stamp, decision.response), (alarm_at, Response::Stop));
}

#[test]
fn a_new_static_hazard_is_looked_at_within_the_gate_age() {
    // A scene that never changes: the gate's maximum age alone must bring it back to the model.
    let events: Vec<Event> = (0..300).map(|k| frame(START.plus_nanos(k * 33_333_333), 80)).collect();
    let log = drive(script(&[Say::Clear]), &events).unwrap();
    let max_age = FusionParams::default().gate_max_age_secs;
    let times: Vec<Stamp> = log.requests().iter().map(|(_, image)| *image).collect();
    assert!(times.len() >= 4 && times.len() <= 12, "{times:?}");
    assert!(times.windows(2).all(|pair| pair[1].secs_since(pair[0]) <= max_age + 0.2), "{times:?}");
}

#[test]
fn a_gap_of_years_is_not_ticked_through() {
    let mut events = video(1);
    events.push(frame(Stamp::from_ros(2_000_000_000, 0), 7));
    let log = drive(script(&[Say::Clear]), &events).unwrap();
    let last = log.decisions().pop().unwrap();
    assert_eq!(last.image_stamp, Some(Stamp::from_ros(2_000_000_000, 0)));
    assert!(log.decisions().iter().any(|decision| decision.verdict == Verdict::Unknown && decision.stamp < Stamp::from_ros(2000, 0)));
}

#[test]
fn a_rejected_message_is_in_the_journal() {
    let fault = "JPEG ends early".to_owned();
    let events = [Event::Rejected { arrived: START, stream: StreamId::new("/camera/image_raw"), fault }];
    let log = drive(script(&[Say::Clear]), &events).unwrap();
    let is_there = |effect: &Effect| matches!(effect, Effect::Journal(entry) if entry.detail.contains("JPEG ends early"));
    assert!(log.effects.iter().any(is_there));
}

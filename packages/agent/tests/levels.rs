//! The level of the model runtime enters as an event: it is in the journal, at reflex only it stops requests, and frames are
//! unknown with the reason.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;
use vedette_agent::{Agent, Effect, Event};
use vedette_fusion::{Fusion, FusionParams};
use vedette_params::HazardCatalogue;
use vedette_policy::{Policy, PolicyParams};
use vedette_reasoning::{ChatTemplate, Reasoner, ReasoningParams, VlmRequest};
use vedette_types::{
    Assessment, Completion, Finish, FrameId, ImageData, ImageFrame, JournalKind, Level, PixelEncoding, Probability, Reading, Sha256, Stamp,
    StreamId, Timings, Verdict, VerdictProbabilities,
};

fn agent() -> Agent {
    let catalogue = HazardCatalogue::bundled().unwrap();
    let policy = Policy::new(PolicyParams::default(), &catalogue).unwrap();
    let reasoner = Reasoner::new(ReasoningParams::default(), catalogue, ChatTemplate::verbatim()).unwrap();
    Agent::new(Fusion::new(FusionParams::default()), reasoner, policy)
}

fn at(millis: i64) -> Stamp {
    Stamp::from_nanos(1_000_000_000_000).plus_millis(millis)
}

fn frame(arrived: Stamp, grey: u8) -> Event {
    let data = Arc::new(vec![grey; 32 * 24]);
    let data = ImageData::Raw { width: 32, height: 24, step: 32, encoding: PixelEncoding::Mono8, is_bigendian: false, data };
    let frame = ImageFrame { stamp: arrived, frame: FrameId::new("camera"), data };
    Event::Reading { arrived, stream: StreamId::new("/camera/image_raw"), reading: Reading::Image(frame), sha256: Sha256([grey; 32]) }
}

fn level(millis: i64, level: Level) -> Event {
    Event::Level { stamp: at(millis), level, reason: "95 degrees".to_owned() }
}

fn clear(request: &VlmRequest, arrived: Stamp) -> Event {
    let sure = Probability::saturating(0.98);
    let rest = Probability::saturating(0.01);
    Event::Completion(Box::new(Completion {
        image_stamp: request.image_stamp,
        camera: request.camera.clone(),
        prompt_sha256: request.prompt_sha256,
        image_sha256: request.image_sha256,
        model_sha256: Sha256([1; 32]),
        adapter: None,
        is_model_trained: true,
        text: r#"{"verdict":"clear","hazards":[]}"#.to_owned(),
        tokens: 9,
        finish: Finish::Stop,
        verdict_probabilities: Some(VerdictProbabilities { hazard: rest, clear: sure, unknown: rest }),
        arrived,
        timings: Timings::default(),
    }))
}

fn requested(effects: &[Effect]) -> Option<VlmRequest> {
    effects.iter().find_map(|effect| if let Effect::Request { request, .. } = effect { Some((**request).clone()) } else { None })
}

fn assessed(effects: &[Effect]) -> Vec<Assessment> {
    effects
        .iter()
        .filter_map(|effect| if let Effect::Assessed(assessment) = effect { Some((**assessment).clone()) } else { None })
        .collect()
}

#[test]
fn at_reflex_only_nothing_is_asked_and_every_look_says_why() {
    let mut agent = agent();
    let first = requested(&agent.step(frame(at(0), 10)).unwrap()).unwrap();
    agent.step(level(50, Level::ReflexOnly)).unwrap();
    // A frame waits behind the answer that is on its way.
    assert_eq!(assessed(&agent.step(frame(at(80), 20)).unwrap()), []);
    let effects = agent.step(clear(&first, at(100))).unwrap();
    let verdicts: Vec<Verdict> = assessed(&effects).iter().map(|assessment| assessment.verdict).collect();
    assert_eq!(verdicts, [Verdict::Clear, Verdict::Unknown]);
    assert_eq!(agent.decision().verdict, Verdict::Unknown);
    let mut said = 0;
    for k in 1..100 {
        let effects = agent.step(frame(at(100 * k + 1), (k * 37 % 200) as u8)).unwrap();
        assert!(requested(&effects).is_none());
        for assessment in assessed(&effects) {
            assert_eq!((assessment.verdict, assessment.fault.as_deref()), (Verdict::Unknown, Some("reflex_only: 95 degrees")));
            said += 1;
        }
        agent.step(Event::Tick { stamp: at(100 * k + 50) }).unwrap();
        assert_eq!(agent.decision().verdict, Verdict::Unknown);
    }
    assert!(said > 90, "{said} of 99 frames, one a gate period");
    // Back on the first rung the next frame is asked about, whatever it shows.
    assert!(requested(&agent.step(level(10_000, Level::Full)).unwrap()).is_none());
    let next = requested(&agent.step(frame(at(10_001), (99 * 37 % 200) as u8)).unwrap()).unwrap();
    assert_eq!(next.image_stamp, at(10_001));
}

#[test]
fn every_step_is_in_the_journal_with_its_reason() {
    let mut agent = agent();
    for (millis, to) in [(0, Level::SmallContext), (10, Level::SmallModel), (20, Level::ReflexOnly), (30, Level::Full)] {
        let effects = agent.step(level(millis, to)).unwrap();
        let entries = effects.iter().filter_map(|effect| if let Effect::Journal(entry) = effect { Some(entry) } else { None });
        let entry = entries.clone().find(|entry| entry.kind == JournalKind::Level).unwrap();
        assert_eq!((entry.stamp, entry.detail.as_str()), (at(millis), format!("{to}: 95 degrees").as_str()));
    }
}

#[test]
fn other_levels_change_nothing_of_what_is_asked() {
    let run = |with_levels: bool| {
        let mut agent = agent();
        let mut asked = Vec::new();
        for k in 0..20 {
            if with_levels {
                let to = if k % 2 == 0 { Level::SmallContext } else { Level::SmallModel };
                agent.step(level(200 * k, to)).unwrap();
            }
            if let Some(request) = requested(&agent.step(frame(at(200 * k + 1), (k * 37 % 200) as u8)).unwrap()) {
                asked.push(request.prompt_sha256);
                agent.step(clear(&request, at(200 * k + 100))).unwrap();
            }
        }
        (asked, agent.decision().verdict)
    };
    assert_eq!(run(true), run(false));
}

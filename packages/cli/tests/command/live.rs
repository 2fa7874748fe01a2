//! Live recordings: a guardian's journal is followed to the decisions that were published, and what a recording lost is told.

use crate::{
    bag::{BagFile, START_NANOS, header},
    vedette::{json_lines, run, text},
};
use std::path::Path;
use tempfile::TempDir;
use vedette_agent::{Heard, NodeState};
use vedette_messages::{
    RosMsg,
    from_ros::reading,
    to_ros,
    vedette_msgs::{Assessment as AssessmentMsg, Decision as DecisionMsg, GasReading, JournalEvent},
};
use vedette_params::{HazardCatalogue, plain_yaml};
use vedette_policy::{Policy, PolicyParams};
use vedette_trajectory::{decision_line, doubtful_line};
use vedette_types::{Assessment, Decision, JournalEntry, JournalKind, Probability, Sha256, Stamp, StreamId, Verdict};

const SECS: i64 = 30;
const JOURNAL: &str = "/vedette_guardian/journal";

/// What a recording lacks: true for a topic and the seconds since the start.
type Loses = fn(&str, f64) -> bool;

fn sha256(bytes: &[u8]) -> Sha256 {
    use sha2::{Digest, Sha256 as Hasher};
    Sha256(Hasher::digest(bytes).into())
}

/// A guardian at work, with a recorder that listens.
struct Guardian {
    bag: BagFile,
    loses: Loses,
    number: u64,
    policy: Policy,
    decisions: Vec<Decision>,
}

impl Guardian {
    fn record(path: &Path, loses: Loses) -> Vec<Decision> {
        let catalogue = HazardCatalogue::bundled().unwrap();
        let policy = Policy::new(PolicyParams::default(), &catalogue).unwrap();
        let mut guardian = Self { bag: BagFile::create(path, false), loses, number: 0, policy, decisions: Vec::new() };
        guardian.state(at(0), false);
        // Ticks and messages do not meet, and what is recorded first was not always used first.
        for millis in (50..SECS * 1000).step_by(50) {
            let now = at(millis);
            if millis % 100 == 50 {
                guardian.gas(at(millis - 7), if (millis / 4000) % 2 == 0 { 10.0 } else { 80.0 });
            }
            if millis % 500 == 0 {
                guardian.assessment(at(millis - 3));
            }
            guardian.mark(now, JournalKind::Tick, String::new());
            guardian.tell(now, Heard::Tick);
            if millis % 10_000 == 0 {
                guardian.state(now, true);
            }
        }
        guardian.bag.finish();
        guardian.decisions
    }

    fn is_lost(&self, topic: &str, stamp: Stamp) -> bool {
        (self.loses)(topic, stamp.secs_since(at(0)))
    }

    fn write<M: RosMsg>(&mut self, topic: &str, stamp: Stamp, log_time: Stamp, message: &M) {
        if !self.is_lost(topic, stamp) {
            self.bag.write(topic, log_time.nanos(), message);
        }
    }

    fn line(&mut self, entry: &JournalEntry) {
        self.number += 1;
        let message = JournalEvent { number: self.number, ..to_ros::journal_event(entry) };
        self.write(JOURNAL, entry.stamp, entry.stamp.plus_millis(1), &message);
    }

    fn mark(&mut self, stamp: Stamp, kind: JournalKind, detail: String) {
        self.line(&JournalEntry { stamp, kind, topic: String::new(), source_stamp: None, content_sha256: None, detail });
    }

    fn state(&mut self, now: Stamp, goes_on: bool) {
        let parameters = plain_yaml(&[&PolicyParams::default()], "vedette_guardian");
        let hazards = HazardCatalogue::bundled().unwrap().to_yaml();
        let memory = goes_on.then(|| self.policy.memory());
        self.mark(now, JournalKind::State, NodeState { parameters, hazards, memory }.to_text().unwrap());
    }

    fn used(&mut self, now: Stamp, topic: &str, source_stamp: Stamp, cdr: &[u8]) {
        let (topic, source_stamp, content_sha256) = (topic.to_owned(), Some(source_stamp), Some(sha256(cdr)));
        self.line(&JournalEntry { stamp: now, kind: JournalKind::Input, topic, source_stamp, content_sha256, detail: String::new() });
    }

    fn gas(&mut self, now: Stamp, ppm: f64) {
        let message = GasReading { header: header(now.nanos() - 2_000_000, "nose"), gas: "co".to_owned(), ppm };
        let cdr = message.to_cdr().unwrap();
        let reading = reading(GasReading::TYPE, "/gas", &cdr).unwrap();
        self.used(now, "/gas", now.plus_millis(-2), &cdr);
        self.write("/gas", now, now.plus_millis(60), &message);
        self.tell(now, Heard::Reading(StreamId::new("/gas"), reading));
    }

    fn assessment(&mut self, now: Stamp) {
        let image_stamp = now.plus_millis(-500);
        let assessment = Assessment {
            image_stamp,
            camera: StreamId::new("/camera/image_raw"),
            arrived: now.plus_millis(-1),
            verdict: Verdict::Clear,
            confidence: Probability::saturating(0.9),
            hazards: vec![],
            answer: None,
            fault: None,
            model_sha256: Sha256::default(),
            valid_until: now.plus_secs(2.0),
        };
        let message: AssessmentMsg = to_ros::assessment(&assessment);
        let cdr = message.to_cdr().unwrap();
        self.used(now, "/vedette_agent/assessment", image_stamp, &cdr);
        self.write("/vedette_agent/assessment", now, now.plus_millis(-1), &message);
        self.tell(now, Heard::Assessment(Box::new(assessment)));
    }

    fn tell(&mut self, now: Stamp, heard: Heard) {
        let Some(decision) = heard.tell(&mut self.policy, now) else { return };
        let message: DecisionMsg = to_ros::decision(&decision);
        // Twice: what stands is said again.
        self.write("/vedette_guardian/decision", now, now.plus_millis(2), &message);
        self.write("/vedette_guardian/decision", now, now.plus_millis(30), &message);
        self.decisions.push(decision);
    }
}

fn at(millis: i64) -> Stamp {
    Stamp::from_nanos(START_NANOS).plus_millis(millis)
}

/// Replays what `loses` leaves; the run folder, its summary of the live part with the warnings, and what was decided live.
fn replay(loses: Loses, more: &[&str]) -> (TempDir, serde_json::Value, Vec<Decision>) {
    let folder = TempDir::new().unwrap();
    let bag = folder.path().join("live.mcap");
    let live = Guardian::record(&bag, loses);
    assert!(live.len() > 50, "too few decisions to mean anything");
    let out = folder.path().join("run");
    let ran = run(&[&["replay", text(&bag), "--out", text(&out), "--no-rrd", "--json"], more].concat()).ok();
    let summary: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let mut followed = summary["live"].clone();
    followed["warnings"] = summary["warnings"].clone();
    (folder, followed, live)
}

fn lines(folder: &TempDir) -> Vec<String> {
    std::fs::read_to_string(folder.path().join("run/decisions.jsonl")).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn a_live_recording_replays_to_the_decisions_that_were_published() {
    let (folder, summary, live) = replay(|_, _| false, &[]);
    let count = live.len();
    assert_eq!(summary["decisions"], serde_json::json!({ "same": count, "only_live": 0, "only_here": 0 }), "{summary}");
    assert_eq!((&summary["decisions_in_doubt"], &summary["states_that_differ"]), (&0.into(), &0.into()), "{summary}");
    assert_eq!(lines(&folder), live.iter().map(decision_line).collect::<Vec<_>>());
}

#[test]
fn what_the_recorder_lost_is_counted_named_and_marked() {
    // The first reading above the threshold of the second alarm, and ticks that nobody needs.
    let (folder, summary, live) = replay(|topic, secs| topic == "/gas" && (12.0..12.1).contains(&secs), &[]);
    assert_eq!(summary["lost_inputs"], serde_json::json!({ "vedette_guardian": { "/gas": 1 } }), "{summary}");
    let named = "1 messages of /gas that vedette_guardian used are not in the recording";
    assert!(summary["warnings"].to_string().contains(named), "{summary}");
    assert!(std::fs::read_to_string(folder.path().join("run/report.html")).unwrap().contains(named));
    let is_in_doubt = |decision: &&Decision| (12.0..20.001).contains(&decision.stamp.secs_since(at(0)));
    assert!(summary["decisions_in_doubt"].as_u64().unwrap() > 0, "{summary}");
    let found = lines(&folder);
    for decision in live.iter().filter(|decision| !is_in_doubt(decision)) {
        assert!(found.contains(&decision_line(decision)), "{}", decision.stamp);
    }
    let doubtful = found.iter().filter(|line| line.ends_with("\"in_doubt\":true}")).count() as u64;
    assert_eq!(Some(doubtful), summary["decisions_in_doubt"].as_u64());
    // From the next state on everything is certain again, so the last are as they were.
    assert_eq!(found.last(), live.last().map(decision_line).as_ref());
    assert!(!found.contains(&doubtful_line(live.last().unwrap())));

    let (_, summary, _) = replay(|topic, secs| topic == JOURNAL && (5.0..5.1).contains(&secs), &[]);
    assert!(summary["lost_lines"]["vedette_guardian"].as_u64().unwrap() >= 2, "{summary}");
}

#[test]
fn a_recording_that_begins_in_the_middle_is_followed_from_the_next_state_on() {
    let (folder, summary, live) = replay(|_, secs| secs < 5.0, &[]);
    let expected: Vec<String> = live.iter().filter(|decision| decision.stamp > at(10_000)).map(decision_line).collect();
    assert_eq!(lines(&folder), expected);
    assert_eq!(summary["decisions"]["same"].as_u64(), Some(expected.len() as u64), "{summary}");
    assert_eq!((&summary["decisions"]["only_live"], &summary["decisions_in_doubt"]), (&0.into(), &0.into()), "{summary}");
}

#[test]
fn other_thresholds_decide_otherwise_on_the_same_recording() {
    let (folder, summary, live) = replay(|_, _| false, &["-p", "policy.gas_trigger_ppm=[100.0, 5000.0, 2000.0, 1000.0]"]);
    assert!(live.iter().any(|decision| decision.verdict == Verdict::Hazard));
    assert!(json_lines(folder.path().join("run/decisions.jsonl")).iter().all(|line| line["verdict"] != "hazard"));
    assert!(summary["decisions"]["only_live"].as_u64().unwrap() > 0, "{summary}");
}

#[test]
fn without_its_journal_a_live_recording_is_a_bag_like_any_other() {
    let folder = TempDir::new().unwrap();
    let bag = folder.path().join("live.mcap");
    Guardian::record(&bag, |_, _| false);
    run(&["replay", text(&bag), "--without-journal"]).fails_with(&["no images to judge"]);
    let out = folder.path().join("run");
    // Without a guardian's journal there is nothing to follow.
    let untold = folder.path().join("untold.mcap");
    Guardian::record(&untold, |topic, _| topic == JOURNAL);
    run(&["replay", text(&untold), "--out", text(&out)]).fails_with(&["no images to judge"]);
    run(&["replay", text(&bag), "--out", text(&out), "--no-rrd", "--no-report"]).ok().shows(&["live", "the same", "0 in doubt"]);
}

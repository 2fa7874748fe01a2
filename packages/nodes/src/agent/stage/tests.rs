//! The agent's runtime with a real model and a machine made of files: through every rung and back, deadlines, on and off.

#![expect(clippy::disallowed_methods, reason = "a deadline by the steady clock is waited for")]

use super::*;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::{Duration, Instant};
use vedette_llama::machine::MachineFiles;
use vedette_llama::tiny::{TinyPair, TinyShape, VisionShape, write_pair};
use vedette_llama::write_untrained_pair;
use vedette_reasoning::ReasoningParams;
use vedette_types::{ImageData, ImageFrame, JournalKind, PixelEncoding, Reading, Sha256, Verdict};

/// A stage, its machine, and the bell that says that there is something to take.
struct Rig {
    stage: Stage,
    files: MachineFiles,
    bell: Receiver<()>,
    secs: u32,
    _folder: tempfile::TempDir,
}

fn at(secs: u32) -> Stamp {
    Stamp::from_ros(1000, 0).plus_secs(f64::from(secs))
}

fn set(files: &MachineFiles, available_megabytes: u64, stall_percent: f64, celsius: f64) {
    fs::write(&files.meminfo, format!("MemTotal: 8000000 kB\nMemAvailable: {} kB\n", available_megabytes * 1000)).expect("written");
    fs::write(&files.memory_pressure, format!("some avg10={stall_percent:.2} avg60=0.00 avg300=0.00 total=0\n")).expect("written");
    let zone = files.thermal.join("thermal_zone0");
    fs::create_dir_all(&zone).expect("made");
    fs::write(zone.join("temp"), format!("{:.0}\n", celsius * 1e3)).expect("written");
}

/// Another pair with the same template, for the rung below.
fn small_pair(folder: &Path) -> vedette_llama::PairPaths {
    let mut pair = TinyPair::untrained();
    pair.card.name = "smaller".to_owned();
    pair.shape = TinyShape { vision: VisionShape { n_layer: 1, ..pair.shape.vision }, ..pair.shape };
    write_pair(folder, &pair, |_, _, values| {
        values.iter_mut().enumerate().for_each(|(index, value)| *value = (index % 17) as f32 * 0.01 - 0.08);
        Ok(())
    })
    .expect("written")
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

impl Rig {
    fn new(reasoning: ReasoningParams) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let [full, small] = ["full", "small"].map(|name| folder.path().join(name));
        [&full, &small].into_iter().for_each(|path| fs::create_dir(path).expect("made"));
        let (full, small) = (write_untrained_pair(&full).expect("written"), small_pair(&small));
        let mut params = Parameters { reasoning, ..Parameters::default() };
        (params.llama.model, params.llama.mmproj) = (text(&full.model), text(&full.mmproj));
        (params.llama.self_test, params.llama.prefix_folder) = (false, "none".to_owned());
        (params.ladder.model, params.ladder.mmproj) = (text(&small.model), text(&small.mmproj));
        params.ladder.up_after_secs = 3.0;
        let path = |name: &str| text(&folder.path().join(name));
        (params.ladder.meminfo, params.ladder.memory_pressure, params.ladder.thermal) = (path("meminfo"), path("memory"), path("thermal"));
        let files = MachineFiles::from(&params.ladder);
        set(&files, 4000, 0.0, 40.0);
        let (sender, bell) = sync_channel(16);
        let ring = move || {
            // Full: a ring waits already.
            let _ = sender.try_send(());
        };
        let catalogue = HazardCatalogue::bundled().expect("bundled");
        let stage = Stage::build(&params, &catalogue, true, Arc::new(ring)).expect("builds");
        Self { stage, files, bell, secs: 0, _folder: folder }
    }

    /// A second passes: one look at the machine, one picture, which is judged before this returns.
    fn second(&mut self) -> Vec<Said> {
        self.secs += 1;
        let now = at(self.secs);
        let mut said = match self.stage.watch(now) {
            Some(_) => self.stage.tell_level(now),
            None => Vec::new(),
        };
        said.extend(self.look(now));
        said.extend(self.answer(now));
        said
    }

    fn look(&mut self, now: Stamp) -> Vec<Said> {
        let grey = (self.secs * 37 % 251) as u8;
        let data = Arc::new(vec![grey; 64 * 48]);
        let data = ImageData::Raw { width: 64, height: 48, step: 64, encoding: PixelEncoding::Mono8, is_bigendian: false, data };
        let frame = ImageFrame { stamp: now, frame: FrameId::new("camera_optical"), data };
        let stream = StreamId::new("/camera/image_raw");
        self.stage.step(Event::Reading { arrived: now, stream, reading: Reading::Image(frame), sha256: Sha256([grey; 32]) })
    }

    /// Waits for the bell while a question is open.
    fn answer(&mut self, now: Stamp) -> Vec<Said> {
        let mut said = Vec::new();
        while self.stage.model.due().is_some() {
            said.extend(self.stage.take_answer(now));
            if self.stage.model.due().is_some() {
                self.bell.recv_timeout(Duration::from_secs(120)).expect("an answer");
            }
        }
        said
    }
}

fn levels(said: &[Said]) -> Vec<String> {
    let entries = said.iter().filter_map(|said| if let Said::Journal(entry) = said { Some(entry) } else { None });
    entries.filter(|entry| entry.kind == JournalKind::Level).map(|entry| entry.detail.clone()).collect()
}

fn assessed(said: &[Said]) -> Vec<&Assessment> {
    said.iter().filter_map(|said| if let Said::Assessed(assessment, _) = said { Some(&**assessment) } else { None }).collect()
}

#[test]
fn memory_pressure_and_heat_lead_the_agent_through_every_rung_and_back() {
    let mut rig = Rig::new(ReasoningParams { trust_untrained: true, ..ReasoningParams::default() });
    let full = rig.stage.model.card().sha256;
    let troubles: [(u64, f64, f64, &str); 3] = [(100, 0.0, 40.0, "102 MB"), (4000, 60.0, 40.0, "60 %"), (4000, 0.0, 97.0, "97 degrees")];
    for (megabytes, stall_percent, celsius, word) in troubles {
        assert_eq!(assessed(&rig.second())[0].model_sha256, full, "a calm machine runs the whole model");
        set(&rig.files, megabytes, stall_percent, celsius);
        let mut steps = Vec::new();
        while rig.stage.model.level() != Level::ReflexOnly {
            let said = rig.second();
            steps.extend(levels(&said));
            let judged = assessed(&said);
            assert_eq!(judged.len(), 1, "every picture has its assessment on every rung");
            match rig.stage.model.level() {
                Level::Full | Level::SmallContext => assert_eq!(judged[0].model_sha256, full),
                Level::SmallModel => assert!(![full, Sha256::default()].contains(&judged[0].model_sha256), "the smaller model answered"),
                Level::ReflexOnly => {}
            }
        }
        let names: Vec<&str> = steps.iter().filter_map(|step| step.split(": ").next()).collect();
        assert_eq!(names, ["small_context", "small_model", "reflex_only"], "{steps:?}");
        assert!(steps.iter().all(|step| step.contains(word)), "{steps:?}");
        for _ in 0..3 {
            let said = rig.second();
            let unknown = assessed(&said)[0];
            assert_eq!(unknown.verdict, Verdict::Unknown);
            assert!(unknown.fault.as_ref().is_some_and(|fault| fault.starts_with("reflex_only: ") && fault.contains(word)), "{unknown:?}");
        }
        set(&rig.files, 4000, 0.0, 40.0);
        let mut steps = Vec::new();
        while rig.stage.model.level() != Level::Full {
            let said = rig.second();
            steps.extend(levels(&said));
            assert_eq!(assessed(&said).len(), 1);
        }
        let names: Vec<&str> = steps.iter().filter_map(|step| step.split(": ").next()).collect();
        assert_eq!(names, ["small_model", "small_context", "full"], "{steps:?}");
    }
    assert_eq!(assessed(&rig.second())[0].fault, None, "and the whole model judges again");
}

#[test]
fn a_deadline_that_cannot_be_kept_is_unknown_at_once_and_leads_down() {
    // Squashing and encoding alone take longer.
    let mut rig = Rig::new(ReasoningParams { deadline_millis: 1, trust_untrained: true, ..ReasoningParams::default() });
    let mut steps = Vec::new();
    for _ in 0..4 {
        rig.secs += 1;
        let now = at(rig.secs);
        if rig.stage.watch(now).is_some() {
            steps.extend(levels(&rig.stage.tell_level(now)));
        }
        let asked = Instant::now();
        rig.look(now);
        assert_eq!(rig.stage.model.due().map(|due| due.saturating_duration_since(asked) < Duration::from_secs(1)), Some(true));
        let said = rig.answer(now);
        let late = assessed(&said)[0];
        assert_eq!(late.verdict, Verdict::Unknown);
        assert!(late.fault.as_ref().is_some_and(|fault| fault.contains("deadline")), "{late:?}");
    }
    assert_eq!(steps, ["small_context: 3 deadlines missed in a row"]);
}

#[test]
fn at_the_deadline_there_is_a_reply_whatever_the_model_is_doing() {
    let rig = Rig::new(ReasoningParams::default());
    let mut model = rig.stage.model;
    // The thread is kept from the question by a model that takes its time to load.
    let (enter, entered) = sync_channel(0);
    let (leave, left) = sync_channel::<()>(0);
    model.replace(move || {
        let _ = enter.send(());
        let _ = left.recv();
        Err(vedette_llama::LlamaError::Budget { found: "none of this world".to_owned() })
    });
    entered.recv().expect("the thread is busy");
    let pixels = RgbPixels::new(4, 4, vec![9; 48]).expect("a picture");
    model.ask(vedette_reasoning::VlmRequest {
        image_stamp: at(1),
        camera: StreamId::new("/camera"),
        prompt: String::new(),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        pixels,
        schema: "{}".into(),
        sampling: vedette_reasoning::Sampling { temperature: 0.0, seed: 0, max_tokens: 8 },
        deadline_millis: Some(20),
    });
    let due = model.due().expect("a deadline");
    while Instant::now() < due {
        std::thread::yield_now();
    }
    let completion = model.take(at(2)).expect("a reply at the deadline");
    assert_eq!(completion.finish, vedette_types::Finish::Deadline);
    assert_eq!(model.due(), None);
    leave.send(()).expect("the thread goes on");
}

#[test]
fn switched_off_everything_is_unknown_and_nothing_is_asked() {
    let mut rig = Rig::new(ReasoningParams { trust_untrained: true, ..ReasoningParams::default() });
    let now = at(1);
    rig.secs = 1;
    assert!(assessed(&rig.look(now)).is_empty(), "the question is with the model");
    let said = rig.stage.enable(false, now);
    assert_eq!(levels(&said), ["reflex_only: disabled"]);
    let given_up = assessed(&said)[0];
    assert_eq!((given_up.verdict, given_up.fault.as_deref()), (Verdict::Unknown, Some("model failed: disabled")));
    let said = rig.second();
    let unknown = assessed(&said)[0];
    assert_eq!((unknown.verdict, unknown.fault.as_deref()), (Verdict::Unknown, Some("reflex_only: disabled")));
    // A step of the ladder changes nothing of that, and stands in the journal.
    set(&rig.files, 100, 0.0, 40.0);
    let steps: Vec<String> = (0..3).flat_map(|_| levels(&rig.second())).collect();
    assert!(steps.len() == 1 && steps[0].starts_with("reflex_only: disabled; small_context: 102 MB"), "{steps:?}");
    assert_eq!(levels(&rig.stage.enable(true, at(rig.secs)))[0].split(": ").next(), Some("small_context"));
    assert_eq!(assessed(&rig.second())[0].fault, None);
}

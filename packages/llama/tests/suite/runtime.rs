//! The ladder with a real engine: memory, pressure and temperature come from files that the test writes.

use crate::requests::{assert_fault, assert_valid, pair, request};
use std::fs;
use std::path::Path;
use vedette_llama::ladder::{LadderParams, LevelChange};
use vedette_llama::machine::MachineFiles;
use vedette_llama::tiny::{TinyPair, TinyShape, VisionShape, write_pair};
use vedette_llama::{LlamaParams, PairPaths, Priority, Runtime};
use vedette_reasoning::{VlmAnswer, VlmRequest};
use vedette_types::{Finish, Level, Stamp};

/// A machine made of files.
struct Machine {
    folder: tempfile::TempDir,
}

impl Machine {
    fn new() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap() };
        machine.set(4000, 0.0, 40.0);
        machine
    }

    fn files(&self) -> MachineFiles {
        let path = |name: &str| self.folder.path().join(name);
        MachineFiles { meminfo: path("meminfo"), memory_pressure: path("memory"), thermal: path("thermal") }
    }

    fn set(&self, available_megabytes: u64, stall_percent: f64, celsius: f64) {
        let files = self.files();
        fs::write(&files.meminfo, format!("MemTotal: 8000000 kB\nMemAvailable: {} kB\n", available_megabytes * 1000)).unwrap();
        fs::write(&files.memory_pressure, format!("some avg10={stall_percent:.2} avg60=0.00 avg300=0.00 total=0\n")).unwrap();
        let zone = files.thermal.join("thermal_zone0");
        fs::create_dir_all(&zone).unwrap();
        fs::write(zone.join("temp"), format!("{:.0}\n", celsius * 1e3)).unwrap();
    }
}

/// A smaller model with the same template.
fn small_pair(folder: &Path) -> PairPaths {
    let mut pair = TinyPair::untrained();
    pair.card.name = "smaller".to_owned();
    pair.shape = TinyShape { vision: VisionShape { n_layer: 1, ..pair.shape.vision }, ..pair.shape };
    write_pair(folder, &pair, |_, _, values| {
        values.iter_mut().enumerate().for_each(|(index, value)| *value = (index % 17) as f32 * 0.01 - 0.08);
        Ok(())
    })
    .unwrap()
}

fn start(machine: &Machine, small: Option<&PairPaths>) -> Runtime {
    let path = |path: &Path| path.display().to_string();
    let mut ladder = LadderParams { n_ctx: 512, ..LadderParams::default() };
    if let Some(small) = small {
        (ladder.model, ladder.mmproj) = (path(&small.model), path(&small.mmproj));
    }
    Runtime::start(&pair(), &LlamaParams::default(), ladder, machine.files()).unwrap()
}

/// Watches once a second.
fn watch(runtime: &mut Runtime, from: u32, secs: u32) -> Vec<LevelChange> {
    (from..from + secs).filter_map(|sec| runtime.watch(Stamp::default().plus_secs(f64::from(sec)))).collect()
}

fn ask(runtime: &Runtime, request: &VlmRequest) -> (VlmAnswer, String) {
    let reply = runtime.engine().submit(request.clone(), Priority::Hazard).wait();
    (reply.answer, reply.card.name.clone())
}

#[test]
fn memory_pressure_and_heat_lead_through_every_rung_and_back() {
    let (machine, small_folder) = (Machine::new(), tempfile::tempdir().unwrap());
    let small = small_pair(small_folder.path());
    let base = request(&crate::requests::load());
    let longer = VlmRequest { prompt: "smoke ".repeat(400) + &base.prompt, ..base.clone() };
    let troubles: [(u64, f64, f64, &str); 3] = [(100, 0.0, 40.0, "102 MB"), (4000, 60.0, 40.0, "60 %"), (4000, 0.0, 97.0, "97 degrees")];
    for (megabytes, stall_percent, celsius, word) in troubles {
        let mut runtime = start(&machine, Some(&small));
        assert_eq!(watch(&mut runtime, 0, 5), []);
        assert_valid(&ask(&runtime, &longer).0);
        machine.set(megabytes, stall_percent, celsius);
        let down = watch(&mut runtime, 5, 3);
        assert_eq!(down.iter().map(|change| change.to).collect::<Vec<_>>(), [Level::SmallContext], "{word}");
        assert!(down[0].reason.contains(word), "{}", down[0].reason);
        assert_fault(&ask(&runtime, &longer).0, &["n_ctx = 512"]);
        assert_valid(&ask(&runtime, &base).0);
        assert_eq!(watch(&mut runtime, 8, 2).len(), 1);
        let (answer, name) = ask(&runtime, &base);
        assert_valid(&answer);
        assert_eq!((runtime.level(), name.as_str()), (Level::SmallModel, "smaller"));
        assert_eq!(watch(&mut runtime, 10, 20).len(), 1, "there is no rung below the last");
        assert_eq!(runtime.level(), Level::ReflexOnly);
        assert_fault(&ask(&runtime, &base).0, &["no model is loaded", word]);
        machine.set(4000, 0.0, 40.0);
        let up: Vec<Level> = watch(&mut runtime, 30, 100).into_iter().map(|change| change.to).collect();
        assert_eq!(up, [Level::SmallModel, Level::SmallContext, Level::Full]);
        let (answer, name) = ask(&runtime, &longer);
        assert_valid(&answer);
        assert_ne!(name, "smaller");
    }
}

#[test]
fn late_answers_lead_down_and_rungs_that_are_not_there_are_left_out() {
    let machine = Machine::new();
    let mut runtime = start(&machine, None);
    (0..3).for_each(|_| runtime.answered(Finish::Deadline));
    assert_eq!(watch(&mut runtime, 0, 1)[0].to, Level::SmallContext);
    runtime.answered(Finish::Deadline);
    runtime.answered(Finish::Error);
    runtime.answered(Finish::Stop);
    (0..2).for_each(|_| runtime.answered(Finish::Deadline));
    assert_eq!(watch(&mut runtime, 1, 1), [], "an answer in time broke the row");
    runtime.answered(Finish::Deadline);
    assert_eq!(watch(&mut runtime, 2, 1)[0].to, Level::ReflexOnly, "no smaller model is configured");
}

#[test]
fn a_model_that_does_not_load_is_a_step_down() {
    let (machine, small_folder) = (Machine::new(), tempfile::tempdir().unwrap());
    let small = small_pair(small_folder.path());
    let mut runtime = start(&machine, Some(&small));
    fs::remove_file(&small.model).unwrap();
    machine.set(100, 0.0, 40.0);
    assert_eq!(watch(&mut runtime, 0, 5).len(), 2);
    assert_fault(&ask(&runtime, &request(&crate::requests::load())).0, &["no model is loaded", "GGUF"]);
    machine.set(4000, 0.0, 40.0);
    let change = watch(&mut runtime, 5, 1).remove(0);
    assert_eq!((change.from, change.to), (Level::SmallModel, Level::ReflexOnly));
    assert!(change.reason.contains("did not load"), "{}", change.reason);
}

#[test]
fn a_smaller_model_that_cannot_take_over_is_refused_at_start() {
    let (machine, folder) = (Machine::new(), tempfile::tempdir().unwrap());
    let refusal = |small: &PairPaths, params: &LlamaParams| {
        let (model, mmproj) = (small.model.display().to_string(), small.mmproj.display().to_string());
        let ladder = LadderParams { model, mmproj, ..LadderParams::default() };
        Runtime::start(&pair(), params, ladder, machine.files()).err().unwrap().to_string()
    };
    let nowhere = PairPaths { model: folder.path().join("no.gguf"), mmproj: folder.path().join("none.gguf") };
    assert!(refusal(&nowhere, &LlamaParams::default()).contains("no.gguf"));
    let mut small = TinyPair::untrained();
    small.shape.side_px = 448;
    small.shape.pool = 4;
    let paths = write_pair(folder.path(), &small, |_, _, _| Ok(())).unwrap();
    let message = refusal(&paths, &LlamaParams { n_ubatch: 32, n_batch: 32, ..LlamaParams::default() });
    assert!(message.contains("llama.n_ubatch"), "a picture of 64 tokens does not fit: {message}");
}

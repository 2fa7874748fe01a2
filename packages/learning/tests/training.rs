//! Runs of a small recipe: killed and resumed, damaged, diverging; and a miniature of the shipped recipe that has to learn something.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::cell::Cell;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use vedette_fusion::FusionParams;
use vedette_learning::{
    Maker, OptimizerSettings, Parameters, Photographs, Point, Recipe, Shape, SourceSettings, Stage, TextShape, Tokenizer, Told, Trainer,
    TrainingError, VisionShape, Windows, Workshop, export, import,
};
use vedette_llama::gguf::TensorType;
use vedette_llama::shipped;
use vedette_llama::tiny::{CHAT_TEMPLATE, TinyCard, tiny_vocabulary};
use vedette_params::HazardCatalogue;
use vedette_reasoning::{ChatTemplate, Reasoner, ReasoningParams};

fn workshop(folder: &Path, recipe: &Recipe) -> Workshop {
    let template = ChatTemplate::new(CHAT_TEMPLATE).unwrap();
    let reasoner = Reasoner::new(ReasoningParams::default(), HazardCatalogue::bundled().unwrap(), template).unwrap();
    let across = recipe.shape.vision.patches_to_a_side();
    let maker = Maker::new(reasoner, FusionParams::default(), Tokenizer::new(&tiny_vocabulary()), across).unwrap();
    Workshop { folder: folder.to_owned(), maker: Arc::new(maker), photographs: Arc::new(Photographs::default()), beginning: None }
}

fn stage(name: &str, steps: u64, batch: usize, has_text: bool) -> Stage {
    Stage {
        name: name.to_owned(),
        steps,
        batch,
        rate: 1e-3,
        warm_up: 2,
        held_share: 0.5,
        last_rate_share: 0.5,
        has_text,
        is_head_only: false,
        notice_weight: 1.0,
        windows: None,
        source: SourceSettings { first_seed: 500, ..SourceSettings::default() },
        block_len: 8,
        passes: 2,
        validate_every: 2,
        average: None,
    }
}

fn small() -> Recipe {
    let vision = VisionShape { side_px: 64, patch_px: 16, pool: 2, n_layer: 1, n_embd: 32, n_ff: 48, n_head: 2 };
    let text = TextShape { n_layer: 1, n_embd: 32, n_ff: 48, n_head: 2, head: 16, n_vocab: 1024 };
    Recipe {
        name: "small".to_owned(),
        shape: Shape { vision, text },
        seed: 3,
        begins_with: None,
        stages: vec![stage("seeing", 4, 4, false), stage("saying", 4, 4, true)],
        optimizer: OptimizerSettings::default(),
        validation_scenes: 4,
    }
}

fn numbers(parameters: &Parameters) -> Vec<Vec<u32>> {
    let bits = |variable: &candle_core::Var| variable.to_vec1::<f32>().unwrap().into_iter().map(f32::to_bits).collect();
    parameters.variables.values().map(bits).collect()
}

/// Trains to the end; gives back the averaged weights, bit by bit, and the curves.
fn finish(recipe: &Recipe, folder: &Path) -> (Vec<Vec<u32>>, Vec<Point>) {
    let workshop = workshop(folder, recipe);
    let mut points = Vec::new();
    let mut tell = |told: Told| {
        if let Told::Point(point) = told {
            points.push(*point);
        }
    };
    let mut trainer = Trainer::new(recipe, &workshop, &mut tell).unwrap();
    assert!(trainer.run(&|| false, &mut tell).unwrap());
    (numbers(&trainer.averaged().unwrap()), points)
}

#[test]
fn a_resumed_run_is_an_uninterrupted_one_to_the_bit() {
    let (whole, pieces) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let recipe = small();
    let (expected, points) = finish(&recipe, whole.path());
    assert_eq!(points.len(), 4);
    // Killed at its first checkpoint, in the middle of the first stage; then again in the second.
    for _ in 0..2 {
        let workshop = workshop(pieces.path(), &recipe);
        let asked = Cell::new(0);
        let mut trainer = Trainer::new(&recipe, &workshop, &mut |_| {}).unwrap();
        let is_over = || {
            asked.set(asked.get() + 1);
            true
        };
        assert!(!trainer.run(&is_over, &mut |_| {}).unwrap());
        assert!(asked.get() >= 1);
    }
    assert_eq!(finish(&recipe, pieces.path()).0, expected);
    // And a finished run stays what it is.
    assert_eq!(finish(&recipe, pieces.path()).0, expected);
}

#[test]
fn a_damaged_checkpoint_costs_one_interval() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = small();
    let (expected, _) = finish(&recipe, folder.path());
    let newest = folder.path().join("checkpoint.vck");
    let mut bytes = fs::read(&newest).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&newest, &bytes).unwrap();
    let workshop = workshop(folder.path(), &recipe);
    let mut notes = Vec::new();
    let trainer = Trainer::new(&recipe, &workshop, &mut |told| {
        if let Told::Note(note) = told {
            notes.push(note);
        }
    });
    assert!(trainer.is_ok() && notes.iter().any(|note| note.contains("is damaged") && note.contains("checkpoint.vck")), "{notes:?}");
    drop(trainer);
    assert_eq!(finish(&recipe, folder.path()).0, expected);
    for file in ["checkpoint.vck", "checkpoint.before.vck"] {
        fs::write(folder.path().join(file), b"{}\nnothing").unwrap();
    }
    let error = Trainer::new(&recipe, &workshop, &mut |_| {}).err().unwrap().to_string();
    assert!(error.contains("damaged") && error.contains("start in another folder"), "{error}");
}

#[test]
fn a_run_goes_on_under_a_recipe_that_begins_with_its_own() {
    let (whole, pieces) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let recipe = small();
    finish(&recipe.first_stages(1), pieces.path());
    assert_eq!(finish(&recipe, pieces.path()).0, finish(&recipe, whole.path()).0);
    let error = Trainer::new(&recipe.first_stages(1), &workshop(whole.path(), &recipe), &mut |_| {}).err().unwrap().to_string();
    assert!(error.contains("another recipe"), "{error}");
    // What was not begun yet may change, what was begun may not.
    let stopped = tempfile::tempdir().unwrap();
    let first = workshop(stopped.path(), &recipe);
    assert!(!Trainer::new(&recipe, &first, &mut |_| {}).unwrap().run(&|| true, &mut |_| {}).unwrap());
    let mut changed = recipe.clone();
    changed.stages[1].steps = 6;
    assert!(Trainer::new(&changed, &first, &mut |_| {}).is_ok());
    changed.stages[0].steps = 6;
    let error = Trainer::new(&changed, &first, &mut |_| {}).err().unwrap().to_string();
    assert!(error.contains("another recipe"), "{error}");
}

#[test]
fn windows_teach_the_tower_and_the_same_each_time() {
    let recipe =
        Recipe { stages: vec![Stage { windows: Some(Windows { side: 2, count: 3 }), ..stage("looking", 4, 4, false) }], ..small() };
    let [first, second] = [(); 2].map(|()| finish(&recipe, tempfile::tempdir().unwrap().path()));
    assert_eq!(first.0, second.0);
    let fresh = Parameters::new(recipe.shape, recipe.seed, &candle_core::Device::Cpu).unwrap();
    let learned =
        |name: &str| fresh.variables.keys().zip(numbers(&fresh).iter().zip(&first.0)).any(|(known, (a, b))| known == name && a != b);
    assert!(learned("v.blk.0") && learned("v.embed") && learned("aux") && !learned("blk.0"));
    let refused = Recipe { stages: vec![Stage { has_text: true, ..recipe.stages[0].clone() }], ..small() };
    assert!(refused.check().unwrap_err().to_string().contains("windows"));
    let wide = Recipe { stages: vec![Stage { windows: Some(Windows { side: 5, count: 1 }), ..recipe.stages[0].clone() }], ..small() };
    assert!(wide.check().unwrap_err().to_string().contains("windows"));
}

#[test]
fn a_folder_of_another_recipe_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = small();
    finish(&recipe, folder.path());
    let other = Recipe { seed: 4, ..recipe };
    let error = Trainer::new(&other, &workshop(folder.path(), &other), &mut |_| {}).err().unwrap().to_string();
    assert!(error.contains("another recipe"), "{error}");
}

#[test]
fn a_recipe_that_cannot_be_followed_is_refused() {
    assert_eq!(Recipe::shipped().check(), Ok(()));
    type Change = fn(&mut Recipe);
    let broken: [(Change, &str); 6] = [
        (|recipe| recipe.shape.vision.patch_px = 7, "patch_px"),
        (|recipe| recipe.shape.vision.n_head = 0, "n_head"),
        (|recipe| recipe.shape.text.n_vocab = 5, "n_vocab"),
        (|recipe| recipe.stages[1].batch = 0, "batch"),
        (|recipe| recipe.stages[1].last_rate_share = -0.1, "last_rate_share"),
        (|recipe| recipe.stages[1].source.roaming = f32::NAN, "roaming"),
    ];
    for (change, word) in broken {
        let mut recipe = small();
        change(&mut recipe);
        let error = recipe.check().unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}

#[test]
fn a_run_that_diverges_stops_and_keeps_the_last_good_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let mut recipe = small();
    recipe.stages[1].rate = 1e30;
    recipe.stages[1].steps = 40;
    let workshop = workshop(folder.path(), &recipe);
    let mut trainer = Trainer::new(&recipe, &workshop, &mut |_| {}).unwrap();
    let error = trainer.run(&|| false, &mut |_| {}).unwrap_err();
    assert!(matches!(error, TrainingError::Diverged { .. }) && error.to_string().contains("lower the rate"), "{error}");
    let again = Trainer::new(&recipe, &workshop, &mut |_| {}).unwrap();
    assert!(numbers(&again.averaged().unwrap()).iter().flatten().all(|bits| f32::from_bits(*bits).is_finite()));
}

/// The shipped recipe in small: it must find more right kinds than guessing the most frequent one would.
#[test]
fn a_miniature_learns_to_see_and_to_say() {
    let folder = tempfile::tempdir().unwrap();
    let vision = VisionShape { side_px: 96, patch_px: 16, pool: 2, n_layer: 2, n_embd: 64, n_ff: 128, n_head: 2 };
    let text = TextShape { n_layer: 2, n_embd: 64, n_ff: 128, n_head: 2, head: 32, n_vocab: 1024 };
    let source = SourceSettings { first_seed: 9_000_000, ..SourceSettings::default() };
    // Most of the time goes to rendering: each stage has one block of 512 pictures.
    let usual =
        Stage { rate: 3e-3, warm_up: 20, block_len: 512, passes: 8, source, validate_every: 1000, ..stage("seeing", 128, 32, false) };
    let saying = Stage {
        name: "saying".to_owned(),
        steps: 256,
        has_text: true,
        notice_weight: 0.5,
        last_rate_share: 0.05,
        passes: 16,
        source: SourceSettings { first_seed: 9_100_000, ..source },
        ..usual.clone()
    };
    let optimizer = OptimizerSettings { average: 0.98, ..OptimizerSettings::default() };
    let recipe = Recipe {
        begins_with: None,
        name: "miniature".to_owned(),
        shape: Shape { vision, text },
        seed: 1,
        stages: vec![usual, saying],
        optimizer,
        validation_scenes: 120,
    };
    let (_, points) = finish(&recipe, folder.path());
    eprintln!("{points:#?}");
    let [seeing, saying] = points.as_slice() else { panic!("two points") };
    // A patch shows a given kind in about 2 % of the cases: that is the mean precision of a guess.
    assert!(seeing.validation.patch_precision > 0.06, "{seeing:?}");
    // Six kinds: a guess is right in 1/6, and in at most 1/4 where the most frequent first one is always said.
    assert!(saying.validation.kind > 0.30, "{saying:?}");
}

#[test]
fn a_head_that_learns_alone_leaves_all_other_weights() {
    let folder = tempfile::tempdir().unwrap();
    let head = Stage { is_head_only: true, ..stage("noticing", 4, 4, false) };
    let recipe = Recipe { stages: vec![head], ..small() };
    let fresh = Parameters::new(recipe.shape, recipe.seed, &candle_core::Device::Cpu).unwrap();
    let (before, after) = (numbers(&fresh), finish(&recipe, folder.path()).0);
    for (name, (before, after)) in fresh.variables.keys().zip(before.iter().zip(&after)) {
        assert_eq!(before != after, name == "aux", "{name}");
    }
}

fn card() -> TinyCard {
    TinyCard {
        name: "small".to_owned(),
        description: "of a test".to_owned(),
        license: "apache-2.0".to_owned(),
        is_trained: true,
        data_sha256: None,
        commit: None,
        metrics: Vec::new(),
    }
}

#[test]
fn a_pair_that_is_read_and_written_again_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let recipe = small();
    let parameters = Parameters::new(recipe.shape, 5, &candle_core::Device::Cpu).unwrap();
    for (matrices, tolerance) in [(TensorType::F16, 1e-3), (TensorType::Q8_0, 1.1e-2)] {
        let [first, second] = ["first", "second"].map(|name| folder.path().join(name));
        let pair = export(&first, &parameters, card(), matrices).unwrap();
        let back = import(&pair, recipe.shape, 9).unwrap();
        let again = export(&second, &back, card(), matrices).unwrap();
        assert_eq!(fs::read(&pair.model).unwrap(), fs::read(&again.model).unwrap());
        assert_eq!(fs::read(&pair.mmproj).unwrap(), fs::read(&again.mmproj).unwrap());
        for (name, variable) in parameters.variables.iter().filter(|(name, _)| name.as_str() != "aux") {
            let [before, after] = [variable, &back.variables[name]].map(|variable| variable.to_vec1::<f32>().unwrap());
            let largest = before.iter().fold(0.0_f32, |largest, weight| largest.max(weight.abs()));
            assert!(before.iter().zip(&after).all(|(a, b)| (a - b).abs() <= tolerance * largest), "{name}");
        }
    }
}

#[test]
fn a_run_goes_on_from_a_pair_and_from_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let fresh = small();
    let parameters = Parameters::new(fresh.shape, 5, &candle_core::Device::Cpu).unwrap();
    let pair = export(&folder.path().join("pair"), &parameters, card(), TensorType::Q8_0).unwrap();
    let trained = import(&pair, fresh.shape, fresh.seed).unwrap();
    let recipe = Recipe { begins_with: Some(pair.sha256().unwrap().to_string()), ..small() };
    let error = |workshop: &Workshop, recipe: &Recipe| Trainer::new(recipe, workshop, &mut |_| {}).err().unwrap().to_string();
    let mut workshop = workshop(&folder.path().join("run"), &recipe);
    assert!(error(&workshop, &recipe).contains("none was given"));
    workshop.beginning = Some(pair);
    let trainer = Trainer::new(&recipe, &workshop, &mut |_| {}).unwrap();
    assert_eq!(numbers(&trainer.averaged().unwrap()), numbers(&trained));
    let other = Recipe { begins_with: Some("0".repeat(64)), ..small() };
    assert!(error(&workshop, &other).contains("the one given is"));
    let mut wider = recipe;
    wider.shape.text.n_ff = 64;
    assert!(error(&workshop, &wider).contains("is not of the recipe's shape: tensor `blk.0.ffn_"));
}

#[test]
fn weights_go_part_of_the_way_back_to_where_they_began() {
    let folder = tempfile::tempdir().unwrap();
    let parameters = Parameters::new(small().shape, 5, &candle_core::Device::Cpu).unwrap();
    let pair = export(&folder.path().join("pair"), &parameters, card(), TensorType::F16).unwrap();
    let recipe = Recipe { begins_with: Some(pair.sha256().unwrap().to_string()), ..small() };
    let mut bench = workshop(&folder.path().join("run"), &recipe);
    bench.beginning = Some(pair.clone());
    let mut trainer = Trainer::new(&recipe, &bench, &mut |_| {}).unwrap();
    trainer.run(&|| false, &mut |_| {}).unwrap();
    let began = import(&pair, recipe.shape, recipe.seed).unwrap();
    let ended = trainer.averaged().unwrap();
    let [none, half, all] = [0.0, 0.5, 1.0].map(|share| trainer.mixed(share).unwrap());
    assert_eq!(numbers(&none), numbers(&ended));
    for (name, half) in &half.variables {
        let [half, all, began, ended] =
            [half, &all.variables[name], &began.variables[name], &ended.variables[name]].map(|weights| weights.to_vec1::<f32>().unwrap());
        if name == "aux" {
            assert!(half == ended && all == ended, "no file holds the head");
        } else {
            assert_eq!(all, began, "{name}");
            assert!(half.iter().zip(began.iter().zip(&ended)).all(|(half, (a, b))| (half - 0.5 * (a + b)).abs() < 1e-6), "{name}");
        }
    }
    let from_nothing = small();
    let elsewhere = workshop(&folder.path().join("nothing"), &from_nothing);
    let error = Trainer::new(&from_nothing, &elsewhere, &mut |_| {}).unwrap().mixed(0.5).unwrap_err().to_string();
    assert!(error.contains("began with nothing"), "{error}");
}

#[test]
fn the_shipped_recipe_finds_what_it_begins_with() {
    let folder = tempfile::tempdir().unwrap();
    let pair = shipped::write_default_pair(folder.path()).unwrap();
    let recipe = Recipe::shipped();
    assert_eq!(recipe.begins_with, Some(pair.sha256().unwrap().to_string()));
    let weights = import(&pair, recipe.shape, recipe.seed).unwrap();
    let head = weights.variables["v.head"].to_vec1::<f32>().unwrap();
    assert!(head.iter().all(|weight| weight.is_finite()) && head.iter().any(|weight| *weight != 0.0 && *weight != 1.0));
}

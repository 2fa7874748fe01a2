//! `vedette eval` on labelled pictures, rendered scenes, patrols, pans and runs: what it writes, that the figures do not depend on threads, and
//! what it says to wrong input.

use crate::{
    bag::jpeg,
    report::{is_one_honest_file, is_whole_in_a_browser},
    vedette::{json_lines, run, text, training_word},
};
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// Verdicts of the untrained model count, so that there is something to count.
const TRUST: [&str; 4] = ["-p", "reasoning.trust_untrained=true", "-p", "policy.min_confidence=0.0"];

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&run(&[&["eval", "--json"], arguments].concat()).ok().stdout).unwrap()
}

fn photograph(folder: &Path, name: &str, k: u32) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, jpeg(96, 64, k)).unwrap();
    path
}

/// Two pictures of no hazard and one of fire.
fn photographs(folder: &Path) {
    photograph(&folder.join("normal"), "a.jpg", 1);
    photograph(&folder.join("normal"), "b.jpg", 2);
    photograph(&folder.join("fire"), "c.jpg", 3);
}

#[test]
fn labelled_pictures_give_figures_and_a_folder_of_details() {
    let folder = TempDir::new().unwrap();
    let (images, out) = (folder.path().join("images"), folder.path().join("out"));
    photographs(&images);
    let figures = json(&[&["--images", text(&images), "--out", text(&out)], &TRUST[..]].concat());
    let is_trained = vedette_llama::shipped::is_there();
    assert_eq!((figures["samples"].as_u64(), figures["model"]["is_trained"].as_bool()), (Some(3), Some(is_trained)));
    let confusion: u64 =
        figures["verdict_confusion"].as_array().unwrap().iter().flat_map(|row| row.as_array().unwrap()).map(|n| n.as_u64().unwrap()).sum();
    assert_eq!(confusion, 3);
    assert!(figures["roc_auc"].as_f64().is_some_and(|auc| (0.0..=1.0).contains(&auc)), "{}", figures["roc_auc"]);
    // A label says nothing about where and how bad.
    assert!(figures["exact"].is_null() && figures["overall"]["bearing"].is_null());
    let samples = json_lines(out.join("samples.jsonl"));
    let ids: Vec<&str> = samples.iter().map(|sample| sample["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["fire/c.jpg", "normal/a.jpg", "normal/b.jpg"]);
    assert!(samples.iter().all(|sample| sample["probabilities"]["hazard"].is_number()));
    let kept: Value = serde_json::from_str(&fs::read_to_string(out.join("figures.json")).unwrap()).unwrap();
    assert_eq!(kept["verdict_confusion"], figures["verdict_confusion"]);
    run(&["eval", "--images", text(&images)]).ok().shows(&[training_word(), "fire", "roc_auc", "verdict accuracy"]);
}

#[test]
fn files_that_cannot_be_used_are_told_and_counted() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    photographs(&images);
    fs::write(images.join("fire").join("torn.jpg"), &jpeg(96, 64, 5)[..200]).unwrap();
    fs::write(images.join("normal").join("notes.txt"), "no picture").unwrap();
    let ran = run(&["eval", "--images", text(&images), "--json"]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    for name in ["torn.jpg", "notes.txt"] {
        assert!(ran.stderr.contains(name), "{name} is not named in {}", ran.stderr);
    }
    let figures: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((figures["samples"].as_u64(), figures["errors"].as_array().map(Vec::len)), (Some(3), Some(2)));
}

#[test]
fn wrong_folders_and_numbers_are_refused() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    run(&["eval", "--images", text(&images)]).fails_with(&["images"]);
    fs::create_dir_all(&images).unwrap();
    run(&["eval", "--images", text(&images)]).fails_with(&["no pictures", "sub-folder"]);
    photograph(&images.join("cats"), "a.jpg", 1);
    run(&["eval", "--images", text(&images)]).fails_with(&["cats", "normal", "liquid_spill"]);
    fs::rename(images.join("cats"), images.join("smoke")).unwrap();
    photograph(&images, "stray.jpg", 1);
    run(&["eval", "--images", text(&images)]).fails_with(&["stray.jpg"]);
    run(&["eval", "--pans", "/no/photographs"]).fails_with(&["/no/photographs"]);
    run(&["eval", "--scenes", "0"]).fails_with(&["--scenes", "0"]);
    run(&["eval", "--patrols", "0"]).fails_with(&["--patrols", "0"]);
    run(&["eval", "--patrols", "1", "--minutes=-1"]).fails_with(&["minutes"]);
    run(&["eval", "--scenes", "1", "--family", "cousins"]).fails_with(&["cousins", "validation"]);
    run(&["eval", "--scenes", "1", "--roaming", "1.5"]).fails_with(&["--roaming", "1.5", "from 0 to 1"]);
    run(&["eval", "--patrols", "1", "--roaming", "0.5"]).fails_with(&["--roaming", "cannot be used with", "--patrols"]);
    run(&["eval", "--scenes", "1", "--truth", "truth.jsonl"]).fails_with(&["--truth", "cannot be used with", "--scenes"]);
    run(&["eval", "--patrols", "1", "--controls"]).fails_with(&["--controls", "cannot be used with", "--patrols"]);
    for [option, value] in [["--hazard-count", "2"], ["--minutes", "2"], ["--windows", "1"]] {
        run(&["eval", "--scenes", "1", option, value]).fails_with(&[option, "cannot be used with", "--scenes"]);
    }
    for [option, value] in [["--seed", "2"], ["--family", "test"]] {
        run(&["eval", "--images", text(&images), option, value]).fails_with(&[option, "cannot be used with", "--images"]);
    }
    run(&["eval", "--scenes", "1", "--images", text(&images)]).fails_with(&["cannot be used with"]);
    run(&["eval"]).fails_with(&["required", "--images"]);
}

/// Everything but measured times.
fn answers(out: &Path, name: &str) -> Vec<Value> {
    let mut samples = json_lines(out.join(name));
    for sample in &mut samples {
        sample["answer"]["total_millis"] = Value::Null;
    }
    samples
}

#[test]
fn scenes_are_judged_the_same_on_any_number_of_threads() {
    let folder = TempDir::new().unwrap();
    let judged = |threads: &str| {
        let out = folder.path().join(threads);
        let arguments = ["--scenes", "6", "--seed", "11", "--family", "train", "--controls", "--threads", threads, "--out", text(&out)];
        let figures = json(&[&arguments[..], &TRUST[..]].concat());
        let names = ["samples.jsonl", "samples-blank-image.jsonl", "samples-exchanged-images.jsonl", "samples-no-sensors.jsonl"];
        (figures["kind_confusion"].clone(), names.map(|name| answers(&out, name)))
    };
    let (one, three) = (judged("1"), judged("3"));
    assert!(one == three, "figures depend on threads");
    let [as_it_is, blank, exchanged, _] = &one.1;
    assert!(!as_it_is.is_empty() && as_it_is.len() == blank.len());
    let truth = |samples: &[Value]| samples.iter().map(|sample| (sample["verdict"].clone(), sample["hazards"].clone())).collect::<Vec<_>>();
    assert_eq!(truth(as_it_is), truth(exchanged), "the truth stays that of the scene");
    let given = |samples: &[Value]| samples.iter().map(|sample| sample["probabilities"].clone()).collect::<Vec<_>>();
    assert!(given(as_it_is) != given(blank) && given(as_it_is) != given(exchanged), "nothing was taken away");
    // The page of figures, as a reader meets it.
    let page = folder.path().join("1").join("report.html");
    is_one_honest_file(&page);
    is_whole_in_a_browser(&page);
    assert!(image::open(folder.path().join("1").join("worst.png")).is_ok_and(|sheet| sheet.width() > 300));
}

#[test]
fn scenes_are_judged_as_by_a_robot_with_nothing_but_a_camera() {
    let figures = json(&["--scenes", "12", "--seed", "11", "--camera-alone", "--out", text(TempDir::new().unwrap().path())]);
    assert!(figures["what"].as_str().unwrap().ends_with("by the camera alone"), "{}", figures["what"]);
    assert_eq!(figures["overall"]["recall_unseen"]["value"], Value::Null, "nothing is known but what is seen");
    run(&["eval", "--patrols", "1", "--camera-alone"]).fails_with(&["--camera-alone", "cannot be used with", "--patrols"]);
}

#[test]
fn roaming_scenes_are_judged_beside_the_others() {
    let folder = TempDir::new().unwrap();
    let judged = |share: &str| {
        let out = folder.path().join(share);
        let figures = json(&["--scenes", "12", "--seed", "11", "--roaming", share, "--out", text(&out)]);
        let is_clear = |sample: &&Value| sample["hazards"].as_array().is_some_and(Vec::is_empty);
        (figures["what"].as_str().unwrap().to_owned(), answers(&out, "samples.jsonl").iter().filter(is_clear).count())
    };
    let ((ordinary, few), (roaming, many)) = (judged("0"), judged("1"));
    assert!(!ordinary.contains("roaming") && roaming.contains("a share of 1 of them roaming"), "{ordinary}; {roaming}");
    assert!(many > few, "{many} of 12 roaming scenes without a hazard, {few} of the others");
}

#[test]
fn what_was_judged_can_be_calibrated() {
    let folder = TempDir::new().unwrap();
    let (out, file) = (folder.path().join("out"), folder.path().join("calibration.json"));
    run(&["eval", "--scenes", "12", "--family", "train", "-p", "llama.calibration=none", "--out", text(&out)]).ok();
    // A fit asks for fifty answers: the same ones again will do to show that it can read them.
    let from = folder.path().join("many.jsonl");
    fs::write(&from, fs::read_to_string(out.join("samples.jsonl")).unwrap().repeat(6)).unwrap();
    let ran = run(&["model", "calibrate", "--from", text(&from), "--out", text(&file)]);
    if ran.code == Some(0) {
        let fitted: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert!(fitted["model_sha256"].is_string(), "{fitted}");
    } else {
        // The lines were read: what an untrained model says may be worse than nothing.
        assert!(ran.stderr.contains("slope") && !vedette_llama::shipped::is_there(), "{}", ran.stderr);
    }
}

#[test]
fn sheets_of_scenes_are_written() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("sheet.png");
    run(&["scenes", "sheet", text(&file), "--show", "validation", "--columns", "2", "--rows", "1", "--seed", "5"])
        .ok()
        .shows(&["sheet.png"]);
    assert!(image::open(&file).is_ok_and(|sheet| sheet.width() > sheet.height()));
    run(&["scenes", "sheet", text(&file), "--show", "dreams"]).fails_with(&["dreams", "looks", "test"]);
    run(&["scenes", "sheet", text(&file), "--roaming", "1"]).fails_with(&["--roaming", "--show train"]);
    run(&["scenes", "sheet", "/no/folder/sheet.png", "--show", "train", "--columns", "1", "--rows", "1"])
        .fails_with(&["/no/folder/sheet.png"]);
}

#[test]
fn pictures_that_nobody_looks_at_make_no_difference() {
    let folder = TempDir::new().unwrap();
    let patrols = |name: &str, more: &[&str]| {
        let out = folder.path().join(name);
        let arguments = ["--patrols", "2", "--minutes", "0.1", "--seed", "7", "--out", text(&out)];
        json(&[&arguments[..], &TRUST[..], more].concat())
    };
    let (lazy, full) = (patrols("lazy", &["--threads", "1"]), patrols("full", &["--render-all"]));
    assert!(lazy["pictures_rendered"].as_u64().unwrap() * 2 < full["pictures_rendered"].as_u64().unwrap(), "{lazy}");
    assert_eq!(full["pictures_rendered"], full["pictures"]);
    for figure in ["confusion", "overall", "kinds", "unknown_share", "assessed_frames"] {
        assert_eq!(lazy[figure], full[figure], "{figure}");
    }
    let alarms =
        |figures: &Value| figures["patrols"].as_array().unwrap().iter().map(|patrol| patrol["false_alarms"].clone()).collect::<Vec<_>>();
    assert_eq!(alarms(&lazy), alarms(&full));
    assert!(lazy["robot_hours"].as_f64().is_some_and(|hours| (hours - 2.0 * 0.1 / 60.0).abs() < 0.001));
}

/// A patrol is what `demo` would have shown.
#[test]
fn a_patrol_decides_as_the_demo_does() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("demo");
    // The first bundled map is the first patrol's.
    let patrol = json(&["--patrols", "1", "--minutes", "0.1", "--seed", "5", "--hazard-count", "2"]);
    let map = patrol["patrols"][0]["map"].as_str().unwrap();
    let arguments = ["demo", "--map", map, "--minutes", "0.1", "--seed", "5", "--hazard-count", "2", "--out", text(&out), "--json"];
    let demo: Value = serde_json::from_str(&run(&arguments).ok().stdout).unwrap();
    assert_eq!(patrol["confusion"], demo["metrics"]["confusion"]);
    assert_eq!(patrol["overall"]["found"], demo["metrics"]["overall"]["found"]);
    // The demo's are read from its run folder, whose bearings have four decimals.
    let as_written = |alarms: &Value| {
        let mut alarms = alarms.as_array().unwrap().clone();
        for bearing in alarms.iter_mut().filter_map(|alarm| alarm.get_mut("bearing_rad")) {
            *bearing = bearing.as_f64().map(|rad| (rad * 1e4).round() / 1e4).into();
        }
        alarms
    };
    assert_eq!(as_written(&patrol["patrols"][0]["false_alarms"]), as_written(&demo["metrics"]["false_alarms"]));
}

#[test]
fn pans_are_judged_in_windows() {
    let folder = TempDir::new().unwrap();
    let images = folder.path().join("images");
    photographs(&images);
    let figures = json(&[&["--pans", text(&images)], &TRUST[..]].concat());
    // Three seconds a photograph.
    assert_eq!(figures["windows"].as_u64(), Some(9));
    let total = |of: &Value| of["total"].as_u64().unwrap_or(0);
    let fire = figures["kinds"].as_array().unwrap().iter().find(|kind| kind["kind"] == "fire").unwrap();
    assert_eq!((total(&fire["alerted"]), total(&fire["falsely_alerted"])), (3, 6));
    // A folder without labels has no hazards.
    let flat = json(&[&["--pans", text(&images.join("normal")), "--windows", "1.5"], &TRUST[..]].concat());
    assert_eq!((flat["windows"].as_u64(), total(&flat["any"]["falsely_alerted"])), (Some(4), 4));
    run(&["eval", "--pans", text(&images), "--windows", "0", "--json"]).fails_with(&["--windows", "0"]);
}

#[test]
fn runs_are_cut_into_windows() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("demo");
    run(&["demo", "--minutes", "0.1", "--seed", "7", "--out", text(&out)]).ok();
    let figures = json(&[text(&out), "--windows", "1.0"]);
    assert_eq!(figures["runs"][0]["windows"]["windows"].as_u64(), Some(6));
    run(&["eval", text(&out), "--windows", "1.0"]).ok().shows(&["6 windows of 1 s", "with it: alerted"]);
    run(&["eval", text(&out), "--windows=-1"]).fails_with(&["--windows", "-1"]);
}

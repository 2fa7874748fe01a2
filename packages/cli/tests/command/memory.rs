//! `vedette plan`, `doctor`, `bench` and the tools of `vedette model` that change files.

use crate::vedette::{command, run, text};
use std::{fs, path::Path};
use tempfile::TempDir;
use vedette_llama::{PairPaths, write_untrained_pair};

fn machines(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../params/machines").join(name).display().to_string()
}

fn pair(folder: &TempDir) -> PairPaths {
    write_untrained_pair(folder.path()).unwrap()
}

#[test]
fn a_plan_has_settings_reasons_and_amounts() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let model = ["--model", text(&pair.model), "--mmproj", text(&pair.mmproj)];
    let plan = |more: &[&str]| run(&[&["plan"], &model[..], more].concat());
    plan(&["--budget", "1GiB"]).ok().shows(&["n_ctx", "2048", "keys and values", "mapped file", "1.00 GiB"]);
    let orin = machines("orin_nano_8gb.yaml");
    let printed = plan(&["--machine", &orin, "--json"]).ok().stdout;
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    assert_eq!(json["plan"]["settings"]["n_gpu_layers"], 7, "six layers and the output");
    assert_eq!(json["machine"]["is_unified"], true);
    // Another exit code than that of an error, so that a script can tell.
    let refused = plan(&["--budget", "10MiB"]);
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    assert!(refused.stderr.contains("raise the budget by"), "{}", refused.stderr);
    // Loading refuses as well.
    let picture = folder.path().join("picture.png");
    image::RgbImage::new(32, 32).save(&picture).unwrap();
    let refused = run(&[&["assess", text(&picture), "-p", "llama.budget=10MiB"], &model[..]].concat());
    assert_eq!(refused.code, Some(3), "{}", refused.stderr);
    plan(&["--budget", "plenty"]).fails_with(&["`plenty`"]);
    plan(&["--machine", text(&pair.model)]).fails_with(&["vedette-tiny-untrained.gguf"]);
}

#[test]
fn open_parameters_give_the_same_answer_as_the_defaults() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let picture = folder.path().join("picture.png");
    image::RgbImage::from_fn(64, 48, |x, y| image::Rgb([x as u8 * 4, y as u8 * 5, 9])).save(&picture).unwrap();
    let answer = |settings: &[&str]| {
        let model = ["--model", text(&pair.model), "--mmproj", text(&pair.mmproj)];
        let printed = run(&[&["assess", "--json", text(&picture)], &model[..], settings].concat()).ok().stdout;
        let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
        json["assessments"][0]["verdict_probabilities"].clone()
    };
    let open = [
        "-p",
        "llama.n_ctx=0",
        "-p",
        "llama.n_batch=0",
        "-p",
        "llama.n_ubatch=0",
        "-p",
        "llama.n_gpu_layers=-1",
        "-p",
        "llama.kv_type=auto",
    ];
    assert_eq!(answer(&open), answer(&[]));
    assert_ne!(answer(&["-p", "llama.kv_type=q8_0"]), answer(&[]), "another cache type is really used");
}

#[test]
fn presets_and_machine_files_can_be_read() {
    let preset = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../params/gemma3_4b_orin_nano.yaml");
    run(&["params", "--params", text(&preset)]).ok().shows(&["n_gpu_layers: -1", "kv_type: \"q8_0\"", "n_ubatch: 256"]);
    for entry in fs::read_dir(machines("")).unwrap() {
        run(&["plan", "--machine", text(&entry.unwrap().path())]).ok();
    }
}

#[test]
fn models_are_synthesised_quantised_installed_and_taken_back() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("out");
    run(&["model", "synth", "--list"]).ok().shows(&["gemma3-4b", "small-window"]);
    run(&["model", "synth", "--like", "small-global", "--out", text(&out)]).ok().shows(&["know nothing"]);
    run(&["model", "synth", "--like", "huge", "--out", text(&out)]).fails_with(&["`huge`", "gemma3-4b"]);
    let (model, mmproj) = (out.join("small-global.gguf"), out.join("mmproj-small-global.gguf"));
    let small = out.join("small.gguf");
    run(&["model", "quantize", text(&model), text(&small), "--to", "q8_0"]).ok().shows(&["q8_0"]);
    run(&["model", "quantize", text(&model), text(&small)]).fails_with(&["there already"]);
    run(&["model", "quantize", text(&model), "x.gguf", "--to", "q9"]).fails_with(&["`q9`", "q4_k_m"]);
    let models = folder.path().join("models");
    let install = |model: &Path| run(&["model", "install", "--model", text(model), "--mmproj", text(&mmproj), "--models", text(&models)]);
    install(&model).ok();
    run(&["model", "rollback", "--models", text(&models)]).fails_with(&["no model before"]);
    install(&small).ok().shows(&["current"]);
    run(&["model", "rollback", "--models", text(&models)]).ok().shows(&["current again"]);
    // The default folder, by the word `installed`.
    let data = folder.path().join("data");
    let with_data = |arguments: &[&str]| command().args(arguments).env("XDG_DATA_HOME", &data).output().unwrap();
    assert!(!with_data(&["model", "verify", "-p", "llama.model=installed"]).status.success());
    assert!(with_data(&["model", "install", "--model", text(&small), "--mmproj", text(&mmproj)]).status.success());
    let verified = with_data(&["model", "verify", "-p", "llama.model=installed"]);
    let told = String::from_utf8(verified.stdout).unwrap();
    assert!(verified.status.success() && told.contains("hashes agree"), "{told} {}", String::from_utf8_lossy(&verified.stderr));
}

#[test]
fn doctor_tells_good_from_bad() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let model = ["--model", text(&pair.model), "--mmproj", text(&pair.mmproj)];
    let doctor = |more: &[&str]| run(&[&["doctor"], &model[..], more].concat());
    doctor(&[]).ok().shows(&["self-test", "OMP_WAIT_POLICY=passive", "untrained"]);
    let damaged = folder.path().join("damaged.gguf");
    let bytes = fs::read(&pair.model).unwrap();
    fs::write(&damaged, &bytes[..bytes.len() / 2]).unwrap();
    let ran = run(&["doctor", "--json", "--model", text(&damaged), "--mmproj", text(&pair.mmproj)]);
    assert_eq!(ran.code, Some(1), "{}", ran.stderr);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["is_fit"], false);
    assert!(ran.stdout.contains("cut short"), "{}", ran.stdout);
    assert_eq!(doctor(&["-p", "llama.budget=10MiB"]).code, Some(1));
}

#[test]
fn bench_measures_every_point_cold_and_warm() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let out = folder.path().join("bench");
    let images = folder.path().join("images");
    for label in ["normal", "fire"] {
        fs::create_dir_all(images.join(label)).unwrap();
        image::RgbImage::new(32, 32).save(images.join(label).join("a.png")).unwrap();
    }
    let files = ["--pair", text(&pair.model), text(&pair.mmproj), "--out", text(&out), "--images", text(&images)];
    let sweep = ["--repeat", "1", "--kv-type", "f16,q8_0", "--temperature", "0,0.7", "--json"];
    let printed = run(&[&["bench"], &files[..], &sweep[..]].concat()).ok().stdout;
    let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let records = json["records"].as_array().unwrap();
    assert_eq!(records.len(), 8, "two types, two temperatures, cold and warm");
    for record in records {
        let of = |name: &str| record[name].as_f64().unwrap();
        assert!(of("load_millis") > 0.0 && of("decode_millis") > 0.0 && of("total_millis") >= of("load_millis"), "{record}");
        // An untrained model's verdict is unknown, which is never right.
        assert_eq!((of("accuracy"), record["pictures"].as_u64()), (0.0, Some(2)), "{record}");
        assert!(of("anonymous_peak_bytes") > 5e6 && record["planned"]["keys_and_values"].as_u64() > Some(0), "{record}");
    }
    let csv = fs::read_to_string(out.join("bench.csv")).unwrap();
    assert_eq!(csv.lines().count(), 9);
    assert!(csv.lines().all(|line| line.matches(',').count() == csv.lines().next().unwrap().matches(',').count()), "{csv}");
    let page = fs::read_to_string(out.join("bench.html")).unwrap();
    assert!(page.contains("<svg") && !page.contains("http"), "self-contained");
    assert!(page.contains("Right verdicts of 2 pictures"), "accuracy is drawn where it was measured");
    run(&["bench", "--repeat", "1", "--warm-only", "-p", "llama.n_ctx=300"]).fails_with(&["llama.n_ctx"]);
}

#[test]
fn the_ways_of_an_answer_stand_side_by_side() {
    let folder = TempDir::new().unwrap();
    let pair = pair(&folder);
    let out = folder.path().join("bench");
    let files = ["--pair", text(&pair.model), text(&pair.mmproj), "--out", text(&out)];
    // No llama-mtmd-cli, even where there is one.
    let ran = command().args(["bench", "--paths", "--repeat", "3", "--json"]).args(files).env("PATH", "").output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let json: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    let paths = &json["paths"][0];
    assert_eq!((paths["rounds"].as_array().unwrap().len(), paths["starts"].as_array().unwrap().len()), (3, 3));
    for round in paths["rounds"].as_array().unwrap() {
        let reused = |way: &str| round[way]["reused_tokens"].as_u64().unwrap();
        let tokens = |way: &str| round[way]["tokens"].as_u64().unwrap();
        assert_eq!((reused("baseline"), tokens("baseline"), tokens("verdict"), tokens("unchanged")), (0, 90, 5, 5), "{round}");
        // The mark that opens a picture belongs to the text before it.
        assert!((120..125).contains(&reused("verdict")), "{round}");
        assert_eq!(reused("unchanged"), reused("verdict") + 16, "the picture's tokens as well: {round}");
    }
    // What is kept on disk is found by all starts but the first.
    let reused = |start: &serde_json::Value| start["answer"]["reused_tokens"].as_u64().unwrap();
    assert_eq!(reused(&paths["first_start"]), 0);
    assert!(paths["starts"].as_array().unwrap().iter().all(|start| reused(start) >= 120), "{paths}");
    let ratio = paths["summary"]["unchanged_of_baseline"].as_f64().unwrap();
    assert!(ratio > 0.0 && paths["summary"]["start_of_cli"].is_null(), "{paths}");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&fs::read_to_string(out.join("paths.json")).unwrap()).unwrap(), json);
    run(&["bench", "--paths", "--n-ctx", "512"]).fails_with(&["--paths", "--n-ctx"]);
}

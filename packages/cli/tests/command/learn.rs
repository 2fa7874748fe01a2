//! `vedette learn` as a user runs it: the shipped recipe with a small network and a few steps, from nothing, then on from the pair that came of it.

use crate::bag::jpeg;
use crate::vedette::{Ran, run};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Runs a line of arguments, in which `@` is the folder.
fn line(folder: &Path, line: &str) -> Ran {
    let words: Vec<String> = line.split_whitespace().map(|word| word.replace('@', &format!("{}/", folder.display()))).collect();
    run(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// The stages that a new network needs, or those of the shipped recipe, which goes on from a pair; all of them short.
fn recipe(begins_with: Option<&Value>) -> Value {
    let mut recipe: Value = serde_json::from_str(&run(&["learn", "pretrain", "--print-recipe"]).ok().stdout).unwrap();
    recipe["shape"] = json!({
        "vision": { "side_px": 96, "patch_px": 16, "pool": 2, "n_layer": 1, "n_embd": 32, "n_ff": 48, "n_head": 2 },
        "text": { "n_layer": 1, "n_embd": 32, "n_ff": 48, "n_head": 2, "head": 16, "n_vocab": 1024 },
    });
    recipe["validation_scenes"] = json!(4);
    let stages = recipe["stages"].as_array_mut().unwrap();
    for stage in stages.iter_mut() {
        for (key, value) in [("steps", 2), ("batch", 4), ("warm_up", 1), ("block_len", 4), ("passes", 2), ("validate_every", 2)] {
            stage[key] = json!(value);
        }
    }
    if begins_with.is_none() {
        stages.retain(|stage| stage["has_text"] == true);
    }
    recipe["begins_with"] = begins_with.cloned().unwrap_or(Value::Null);
    recipe
}

fn provenance(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("provenance.json")).unwrap()).unwrap()
}

#[test]
fn a_run_is_exported_checked_and_gone_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let write = |name: &str, recipe: &Value| fs::write(folder.join(name), recipe.to_string()).unwrap();
    let works = |text: &str| line(folder, text).ok().stdout;
    let fails = |text: &str, words: &[&str]| line(folder, text).fails_with(words);
    write("first.json", &recipe(None));
    works("learn pretrain --recipe @first.json --out @first");
    works("learn export --from @first --out @pair --matrices f16 --commit abc");
    let first = provenance(&folder.join("pair"));
    assert_eq!(first["training"]["commit"], "abc");
    assert_eq!(first["training"]["beginning_share"], 0.0);
    let pair = "--model @pair/vedette-tiny.gguf --mmproj @pair/mmproj-vedette-tiny.gguf";

    write("second.json", &recipe(Some(&first["pair_sha256"])));
    fails("learn pretrain --recipe @second.json --out @built-in", &["begins with"]);
    works(&format!("learn pretrain --recipe @second.json --out @second {pair}"));
    works(&format!("learn export --from @second --out @half --beginning-share 0.5 {pair}"));
    works("learn export --from @second --out @whole");
    works(&format!("learn export --from @second --out @back --matrices f16 --beginning-share 1 {pair}"));
    let [half, whole] = ["half", "whole"].map(|name| provenance(&folder.join(name)));
    assert_eq!(half["training"]["beginning_share"], 0.5);
    let command = half["training"]["command"].as_str().unwrap();
    assert!(command.ends_with(" && vedette learn export --beginning-share 0.5"), "{command}");
    assert!(half["training"]["validation"]["verdict"].is_number(), "mixed weights are judged: {half}");
    assert_ne!(half["model"]["sha256"], whole["model"]["sha256"]);
    // How far the files' answers are from those of the network that the second run began with.
    let distance = |name: &str| -> f64 {
        let files = format!("--model @{name}/vedette-tiny.gguf --mmproj @{name}/mmproj-vedette-tiny.gguf");
        let figures: Value = serde_json::from_str(&works(&format!("learn parity --from @first {files} --frames 2 --json"))).unwrap();
        figures["error_share"].as_f64().unwrap()
    };
    let distances = ["pair", "back", "half", "whole"].map(distance);
    assert!(distances[0] < 0.01 && distances[1] < 0.01, "{distances:?}");
    assert!(2.0 * distances[1] < distances[2] && distances[2] < distances[3], "{distances:?}");

    fails("learn export --from @second --out @x --beginning-share 0.5", &["begins with"]);
    fails(&format!("learn export --from @second --out @x {pair}"), &["--beginning-share"]);
    fails("learn export --from @second --out @x --beginning-share 2", &["0 to 1"]);
    fails("learn export --from @second --out @x --beginning-share NaN", &["0 to 1"]);
    fails("learn export --from @nowhere --out @x", &["nowhere"]);
    fails("learn pretrain --recipe @first.json --out @second", &["recipe"]);
    works("learn export --from @second --out @unharmed");
    assert_eq!(provenance(&folder.join("unharmed"))["pair_sha256"], whole["pair_sha256"], "what is refused changes nothing");
    fails("learn export --from @first --out @x --beginning-share 0.5", &["began with nothing"]);
}

#[test]
fn runs_are_made_again_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let write = |name: &str, text: &Value| fs::write(folder.join(name), text.to_string()).unwrap();
    let works = |text: &str| line(folder, text).ok().stdout;
    write("first.json", &recipe(None));
    works("learn pretrain --recipe @first.json --out @by-hand");
    works("learn export --from @by-hand --out @by-hand/pair");
    // The pairs of another machine, which are not those that come out here.
    let [one, two] = ["1", "2"].map(|digit| Value::from(digit.repeat(64)));
    let run = |begins_with: Option<&Value>, share: f64, pair: &Value| {
        json!({
            "commit": "abc", "recipe": recipe(begins_with), "beginning_share": share, "examples": 8, "minutes": 1.0, "pair_sha256": pair,
        })
    };
    write("lineage.json", &json!([run(None, 0.0, &one), run(Some(&one), 0.5, &two)]));
    let remake = "learn remake --lineage @lineage.json --out @again";
    let stopped = works(&format!("{remake} --minutes 0"));
    assert!(stopped.contains("run 1 of 2: 1 minutes") && !stopped.contains("run 2"), "{stopped}");
    assert!(stopped.contains("goes on from it"), "{stopped}");
    let rest = works(remake);
    assert!(rest.contains("run 1 of 2: finished before") && rest.contains("run 2 of 2: 1 minutes"), "{rest}");
    let [first, second] = ["01", "02"].map(|number| provenance(&folder.join("again").join(number).join("pair")));
    assert_eq!(first["pair_sha256"], provenance(&folder.join("by-hand/pair"))["pair_sha256"], "the same run by hand");
    assert_eq!(second["training"]["recipe"]["begins_with"], first["pair_sha256"]);
    assert_eq!((&second["training"]["beginning_share"], &second["training"]["command"]), (&json!(0.5), &json!("vedette learn remake")));
    let again = works(remake);
    assert!(again.contains("run 1 of 2: finished before") && again.contains("run 2 of 2: finished before"), "{again}");

    for (label, k) in [("fire", 1), ("normal", 2)] {
        fs::create_dir_all(folder.join("photos").join(label)).unwrap();
        fs::write(folder.join("photos").join(label).join("a.jpg"), jpeg(96, 64, k)).unwrap();
    }
    let others = ["other photographs (0 of them, 2 now)", "--out"];
    line(folder, &format!("{remake} --photographs @photos")).fails_with(&others);
    line(folder, "learn pretrain --recipe @first.json --out @by-hand --photographs @photos").fails_with(&others);

    fs::write(folder.join("by-hand/origin.json"), "{\"comm").unwrap();
    line(folder, "learn pretrain --recipe @first.json --out @by-hand").fails_with(&["origin.json", "remove it"]);
    fs::remove_file(folder.join("by-hand/origin.json")).unwrap();
    works("learn pretrain --recipe @first.json --out @by-hand");

    write("torn.json", &json!([run(Some(&one), 0.0, &two)]));
    line(folder, "learn remake --lineage @torn.json --out @x").fails_with(&["torn.json", "run 1 begins with"]);
    line(folder, "learn remake --lineage @nowhere.json --out @x").fails_with(&["nowhere.json"]);
}

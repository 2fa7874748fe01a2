//! Sets the cfg `shipped_model` where `models/` holds a whole shipped model; `src/shipped.rs` embeds it.

use std::path::Path;

const FILES: [&str; 4] = ["vedette-tiny.gguf", "mmproj-vedette-tiny.gguf", "calibration.json", "provenance.json"];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(shipped_model)");
    println!("cargo::rerun-if-changed=models");
    let missing: Vec<&str> = FILES.into_iter().filter(|file| !Path::new("models").join(file).is_file()).collect();
    match missing.len() {
        0 => println!("cargo::rustc-cfg=shipped_model"),
        len if len == FILES.len() => {}
        _ => println!("cargo::error=packages/llama/models holds a part of a model: {} missing; add them or remove all", missing.join(", ")),
    }
}

//! The structure of the workspace: which crate may use which, and what the pure ones must not touch. `cargo metadata` and the sources are the
//! evidence; the offending edge or line is named.

use cargo_metadata::{DependencyKind, MetadataCommand};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// Allowed uses among our own crates (normal dependencies), in flow order. ARCHITECTURE.md says why.
const ALLOWED: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("params", &["types"]),
    ("messages", &["types"]),
    ("rosbag", &["types"]),
    ("fusion", &["types", "params"]),
    ("reasoning", &["types", "params"]),
    ("policy", &["types", "params"]),
    ("trajectory", &["types", "params", "messages"]),
    ("ros", &["types", "params", "messages"]),
    ("agent", &["types", "params", "fusion", "reasoning", "policy"]),
    ("simulator", &["types", "messages"]),
    ("evaluation", &["types", "trajectory"]),
    ("llama", &["types", "params", "reasoning"]),
    ("matmul", &[]),
    ("learning", &["types", "params", "fusion", "reasoning", "simulator", "evaluation", "llama", "matmul"]),
    ("visualization", &["types"]),
    ("nodes", &["types", "params", "messages", "fusion", "reasoning", "policy", "trajectory", "ros", "agent", "llama", "visualization"]),
    (
        "cli",
        &[
            "types",
            "params",
            "messages",
            "rosbag",
            "fusion",
            "reasoning",
            "policy",
            "trajectory",
            "ros",
            "agent",
            "simulator",
            "evaluation",
            "llama",
            "learning",
            "visualization",
            "nodes",
        ],
    ),
    ("tests", &[]),
];

/// Values and time go in, values come out.
const PURE: &[&str] = &["types", "messages", "fusion", "reasoning", "policy", "agent"];

/// External crates a pure crate may use: data types, codecs and arithmetic, nothing that reaches the outside.
const PURE_EXTERNAL: &[&str] = &[
    "byteorder",
    "cdr-encoding",
    "image",
    "minijinja",
    "minijinja-contrib",
    "nalgebra",
    "serde",
    "serde-saphyr",
    "serde_bytes",
    "serde_json",
    "sha2",
    "thiserror",
];

/// What the source of a pure crate must not name.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::env",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "Instant::now",
    "SystemTime::now",
    "thread_rng",
    "rand::",
    "tokio",
    "r2r",
    "println!",
    "HashMap",
    "HashSet",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Our packages: short name -> names of the normal dependencies.
fn packages() -> BTreeMap<String, Vec<String>> {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().expect("cargo metadata");
    metadata
        .packages
        .iter()
        .map(|package| {
            let dependencies = package.dependencies.iter().filter(|d| d.kind == DependencyKind::Normal).map(|d| d.name.clone());
            (package.name.trim_start_matches("vedette-").to_owned(), dependencies.collect())
        })
        .collect()
}

#[test]
fn crates_use_only_what_the_architecture_allows() {
    let mut packages = packages();
    packages.remove("xtask");
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
    assert_eq!(packages.keys().map(String::as_str).collect::<Vec<_>>(), allowed.keys().copied().collect::<Vec<_>>());
    for (package, dependencies) in &packages {
        for used in dependencies.iter().filter_map(|name| name.strip_prefix("vedette-")) {
            assert!(
                allowed[package.as_str()].contains(&used),
                "edge {package} -> {used} is not in the architecture: see ARCHITECTURE.md, `Crates`"
            );
        }
    }
}

#[test]
fn core_is_pure() {
    let packages = packages();
    for pure in PURE {
        for external in packages[*pure].iter().filter(|name| !name.starts_with("vedette-")) {
            assert!(PURE_EXTERNAL.contains(&external.as_str()), "pure crate {pure} uses {external}");
        }
        let mut files = Vec::new();
        sources(&root().join("packages").join(pure).join("src"), &mut files);
        assert!(!files.is_empty());
        for file in files {
            let text = fs::read_to_string(&file).expect("source");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for (number, line) in code.lines().enumerate() {
                // A cursor reads memory; it is in `std::io` for its traits.
                let line = line.split("//").next().unwrap_or_default().replace("std::io::Cursor", "");
                for word in IMPURE {
                    assert!(!line.contains(word), "{}:{}: pure crate {pure} names {word}", file.display(), number + 1);
                }
            }
        }
    }
}

#[test]
fn unsafe_lives_in_two_crates() {
    for package in packages().keys().filter(|name| !["llama", "matmul", "tests", "xtask"].contains(&name.as_str())) {
        let manifest = fs::read_to_string(root().join("packages").join(package).join("Cargo.toml")).expect("manifest");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{package} does not take the workspace lints");
    }
    let workspace = fs::read_to_string(root().join("Cargo.toml")).expect("manifest");
    assert!(workspace.contains("unsafe_code = \"deny\""));
}

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

//! What can be checked of the container files without a container engine: their text. In -> out: `docker/*.Dockerfile` -> faults by name.

use std::fs;
use std::path::{Path, PathBuf};

/// One instruction, continued lines joined.
struct Instruction {
    word: String,
    rest: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn instructions(text: &str) -> Vec<Instruction> {
    let mut joined = String::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with('#')) {
        match line.strip_suffix('\\') {
            Some(line) => joined += line,
            None => joined = joined + line + "\n",
        }
    }
    let split = |line: &str| {
        line.trim().split_once(' ').map(|(word, rest)| Instruction { word: word.to_uppercase(), rest: rest.trim().to_owned() })
    };
    joined.lines().filter_map(split).collect()
}

/// What is wrong with one file; `exists` says whether a path is in the build context.
fn faults(text: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let all = instructions(text);
    let mut found = Vec::new();
    let mut stages: Vec<&str> = Vec::new();
    for Instruction { word, rest } in &all {
        match word.as_str() {
            "FROM" => {
                let base = rest.split_whitespace().next().unwrap_or_default();
                if !stages.contains(&base) && !is_pinned(base) {
                    found.push(format!("base without a version: {base}"));
                }
                stages.push(rest.split_whitespace().last().unwrap_or_default());
            }
            "ADD" => found.push(format!("ADD fetches and unpacks, COPY does not: {rest}")),
            "COPY" if !rest.starts_with("--from=") => {
                let sources = rest.split_whitespace().collect::<Vec<_>>();
                let missing = sources.iter().rev().skip(1).filter(|source| !exists(source));
                found.extend(missing.map(|source| format!("COPY of what is not there: {source}")));
            }
            "RUN" => found.extend(faults_of_run(rest)),
            "ENTRYPOINT" | "CMD" if !rest.starts_with("[\"") => found.push(format!("{word} not in exec form: {rest}")),
            "ENV" | "ARG" if ["PASSWORD", "TOKEN", "SECRET"].iter().any(|bad| rest.to_uppercase().contains(bad)) => {
                found.push(format!("a secret in {word}: {rest}"));
            }
            _ => {}
        }
    }
    if stages.len() < 2 {
        found.push("one stage only: compilers stay in the image".to_owned());
    }
    let last = all.iter().rposition(|instruction| instruction.word == "FROM").map_or(&all[..0], |at| &all[at..]);
    let said = |word: &str| last.iter().rfind(|instruction| instruction.word == word).map(|instruction| instruction.rest.as_str());
    match said("USER") {
        None | Some("root" | "0") => found.push("it runs as root".to_owned()),
        Some(_) => {}
    }
    if said("HEALTHCHECK").is_none_or(|rest| rest == "NONE" || !rest.contains("CMD [\"")) {
        found.push("no health check".to_owned());
    }
    for word in ["ENTRYPOINT", "CMD", "WORKDIR"] {
        if said(word).is_none() {
            found.push(format!("no {word} in the last stage"));
        }
    }
    found
}

fn faults_of_run(rest: &str) -> Vec<String> {
    let mut found = Vec::new();
    if rest.contains("apt-get update") && !rest.contains("rm -rf /var/lib/apt/lists/*") {
        found.push(format!("package lists stay in the layer: {rest}"));
    }
    if rest.contains("apt-get install")
        && !(rest.contains("--no-install-recommends") && rest.contains(" -y ") && rest.contains("apt-get update"))
    {
        found.push(format!("apt-get install wants update in the same layer, -y and --no-install-recommends: {rest}"));
    }
    for bad in ["sudo ", "curl ", "wget ", "| sh", "| bash", "chmod 777"] {
        if rest.contains(bad) {
            found.push(format!("`{bad}` in {rest}"));
        }
    }
    found
}

/// A tag with a number in it, or a ROS distribution with the Ubuntu release it stands on.
fn is_pinned(base: &str) -> bool {
    let Some((_, tag)) = base.rsplit('/').next().and_then(|name| name.split_once(':')) else { return false };
    let is_release = ["jammy", "noble"].iter().any(|release| tag.ends_with(release));
    !tag.contains("latest") && (is_release || tag.chars().any(|c| c.is_ascii_digit()))
}

#[test]
fn container_files_keep_the_rules() {
    let folder = root().join("docker");
    let mut count = 0;
    for entry in fs::read_dir(&folder).expect("docker/") {
        let path = entry.expect("entry").path();
        if path.extension().is_some_and(|extension| extension == "Dockerfile") {
            let text = fs::read_to_string(&path).expect("text");
            let faults = faults(&text, |source| root().join(source).exists());
            assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
            assert!(
                text.contains(path.file_name().and_then(|name| name.to_str()).expect("name")),
                "{} says how it is built",
                path.display()
            );
            count += 1;
        }
    }
    assert_eq!(count, 4, "x86 with Humble and Jazzy, Jetson with JetPack 6 and 7");
    let readme = fs::read_to_string(folder.join("README.md")).expect("docker/README.md");
    assert!(readme.contains("None of these images was ever built"), "what was not tried is said");
}

#[test]
fn the_toolchain_in_the_images_is_the_repositorys() {
    let toolchain = fs::read_to_string(root().join("rust-toolchain.toml")).expect("rust-toolchain.toml");
    let version = toolchain.lines().find_map(|line| line.strip_prefix("channel = \"")?.strip_suffix('"')).expect("a channel");
    for file in ["humble", "jazzy", "jetson-jetpack6", "jetson-jetpack7"] {
        let text = fs::read_to_string(root().join(format!("docker/{file}.Dockerfile"))).expect("text");
        assert!(text.contains(&format!("FROM rust:{version}")), "{file}: {version}");
    }
}

#[test]
fn each_rule_finds_its_fault() {
    let good = "FROM rust:1.95.0-slim AS build\nRUN true\nFROM debian:12.7-slim\nRUN apt-get update \\\n && apt-get install -y --no-install-recommends x \\\n && rm -rf /var/lib/apt/lists/*\nCOPY --from=build /a /a\nCOPY here /x\nUSER me\nWORKDIR /x\nHEALTHCHECK CMD [\"a\"]\nENTRYPOINT [\"a\"]\nCMD [\"b\"]\n";
    let check = |text: &str| faults(text, |source| source == "here");
    assert_eq!(check(good), [""; 0]);
    for (from, to, fault) in [
        ("debian:12.7-slim", "debian:latest", "without a version: debian:latest"),
        ("debian:12.7-slim", "debian", "without a version: debian"),
        ("rust:1.95.0-slim", "host:5000/rust", "without a version: host:5000/rust"),
        ("USER me\n", "", "as root"),
        ("USER me\n", "USER me\nUSER root\n", "as root"),
        ("HEALTHCHECK CMD [\"a\"]", "HEALTHCHECK NONE", "no health check"),
        (" \\\n && rm -rf /var/lib/apt/lists/*", "", "package lists stay"),
        (" --no-install-recommends", "", "wants update"),
        ("RUN true", "RUN curl https://a | sh", "`curl ` in"),
        ("COPY here /x", "COPY here gone /x", "not there: gone"),
        ("COPY here /x", "ADD http://a /x", "ADD fetches"),
        ("CMD [\"b\"]\n", "CMD b\n", "CMD not in exec form"),
        ("USER me", "ENV API_TOKEN=x\nUSER me", "a secret in ENV"),
        ("FROM rust:1.95.0-slim AS build\nRUN true\n", "", "one stage only"),
        ("WORKDIR /x\n", "", "no WORKDIR"),
    ] {
        let bad = good.replace(from, to);
        assert!(bad != good && check(&bad).iter().any(|found| found.contains(fault)), "{to}: {:?}", check(&bad));
    }
}

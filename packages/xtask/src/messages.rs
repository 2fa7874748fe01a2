//! `cargo xtask messages`. In -> out: definitions -> `packages/messages/src/generated/*.rs`, formatted by rustfmt, or with `--check` the
//! names of the files that differ. It touches nothing outside that folder.

use crate::{definitions, emit};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const FOLDER: &str = "packages/messages/src/generated";

/// Writes every file anew and removes what is no longer generated.
pub(crate) fn write(root: &Path) -> Result<()> {
    let folder = root.join(FOLDER);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot create {FOLDER}"))?;
    let fresh = render(root)?;
    for name in present(&folder)?.keys().filter(|name| !fresh.contains_key(*name)) {
        std::fs::remove_file(folder.join(name)).with_context(|| format!("cannot remove {FOLDER}/{name}"))?;
    }
    for (name, text) in &fresh {
        std::fs::write(folder.join(name), text).with_context(|| format!("cannot write {FOLDER}/{name}"))?;
    }
    eprintln!("{} files written to {FOLDER}", fresh.len());
    Ok(())
}

/// Fails with the names of missing, differing and left-over files.
pub(crate) fn check(root: &Path) -> Result<()> {
    let (fresh, found) = (render(root)?, present(&root.join(FOLDER))?);
    let mut stale: Vec<&str> = fresh.iter().filter(|(name, text)| found.get(*name) != Some(text)).map(|(name, _)| name.as_str()).collect();
    stale.extend(found.keys().filter(|name| !fresh.contains_key(*name)).map(String::as_str));
    if !stale.is_empty() {
        bail!("stale in {FOLDER}: {}; run `cargo xtask messages` and commit the result", stale.join(", "));
    }
    eprintln!("{FOLDER} is fresh: {} files", fresh.len());
    Ok(())
}

fn render(root: &Path) -> Result<BTreeMap<String, String>> {
    let messages = definitions::load(root)?;
    let mut files = BTreeMap::from([("mod.rs".to_owned(), format(root, &emit::index(&messages))?)]);
    let mut packages: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for message in &messages {
        packages.entry(&message.parsed.package).or_default().push(message);
    }
    for (package, messages) in packages {
        files.insert(format!("{package}.rs"), format(root, &emit::package(package, &messages)?)?);
    }
    Ok(files)
}

fn present(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(error).with_context(|| format!("cannot list {}", folder.display())),
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().and_then(|n| n.to_str()).with_context(|| format!("odd file name {}", path.display()))?.to_owned();
        found.insert(name, std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?);
    }
    Ok(found)
}

/// Through the toolchain's rustfmt with the workspace's settings, so that `cargo fmt` finds nothing to do.
fn format(root: &Path, text: &str) -> Result<String> {
    let mut child = Command::new("rustfmt")
        .args(["--edition", "2024", "--config-path"])
        .arg(root.join("rustfmt.toml"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start rustfmt; install it with `rustup component add rustfmt`")?;
    // rustfmt reads all of its input before it writes, so one pipe after the other cannot block.
    child.stdin.take().context("rustfmt has no input")?.write_all(text.as_bytes()).context("rustfmt closed its input")?;
    let output = child.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt refused the generated text: {}", output.status);
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_committed_messages_are_fresh() {
        super::check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).expect("fresh");
    }
}

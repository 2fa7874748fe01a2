//! Repository tasks, run as `cargo xtask TASK`. In -> out: `messages` reads the .msg definitions and writes the Rust structs of
//! `vedette-messages`; with `--check` it writes nothing and fails naming what is stale.
//! Deliberately absent: anything a robot needs; what is generated is committed, so that nobody has to run this to build.

mod definitions;
mod doc;
mod emit;
mod messages;

use anyhow::{Result, bail};
use std::path::Path;

const USAGE: &str = "usage: cargo xtask messages [--check]";

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["messages"] => messages::write(&root),
        ["messages", "--check"] => messages::check(&root),
        _ => bail!("{USAGE}"),
    }
}

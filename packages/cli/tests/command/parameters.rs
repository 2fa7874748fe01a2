//! Parameter files and tables in the repository are what the declarations say.

use crate::vedette::run;
use std::{fs, path::Path};

fn is_fresh(file: &str, arguments: &[&str]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../params").join(file);
    let rendered = run(arguments).ok().stdout;
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed.contains(&rendered), "params/{file} is not what `vedette {}` prints: render it again", arguments.join(" "));
}

#[test]
fn the_default_parameter_file_is_fresh() {
    is_fresh("vedette_agent.yaml", &["params"]);
}

#[test]
fn the_parameter_table_is_fresh() {
    is_fresh("README.md", &["params", "--markdown"]);
}

#[test]
fn the_default_file_can_be_read_back() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../params/vedette_agent.yaml");
    let with_file = run(&["params", "--params", path.to_str().unwrap()]).ok().stdout;
    assert_eq!(with_file, run(&["params"]).ok().stdout);
}

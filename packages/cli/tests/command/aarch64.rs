//! The program built for aarch64 (`make aarch64`), under qemu-user: the pair that comes with it answers about pictures as it does here.

use crate::vedette::{run, text};
use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// Sums are taken in another order by another processor: probabilities agree to so much.
const TOLERANCE: f64 = 0.01;

/// Where `tests/aarch64/build.sh` leaves it, beside the program of this machine.
fn program() -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_BIN_EXE_vedette"));
    let program = here.parent()?.parent()?.join("aarch64-unknown-linux-gnu").join(here.parent()?.file_name()?).join("vedette");
    program.is_file().then_some(program)
}

fn pictures(folder: &TempDir) -> [PathBuf; 2] {
    let shades: [fn(u32, u32) -> [u8; 3]; 2] =
        [|x, y| [(x * 3) as u8, (y * 4) as u8, 90], |x, y| if (x / 8 + y / 8) % 2 == 0 { [250, 130, 20] } else { [40, 40, 50] }];
    [0, 1].map(|index| {
        let path = folder.path().join(format!("{index}.png"));
        image::RgbImage::from_fn(80, 60, |x, y| image::Rgb(shades[index](x, y))).save(&path).unwrap();
        path
    })
}

fn assessments(json: &Value) -> Vec<&Value> {
    json["assessments"].as_array().unwrap().iter().collect()
}

#[test]
fn the_same_answer_on_aarch64() {
    let Some(program) = program() else {
        println!("skipped: there is no program for aarch64; make aarch64");
        return;
    };
    if Command::new("qemu-aarch64").arg("--version").output().is_err() {
        println!("skipped: no qemu-aarch64; install qemu-user");
        return;
    }
    let folder = TempDir::new().unwrap();
    let pictures = pictures(&folder);
    // An emulated picture takes seconds, on a busy machine more than the usual deadline.
    let arguments = ["assess", "--json", "-p", "reasoning.deadline_millis=300000", text(&pictures[0]), text(&pictures[1])];
    let mut emulated = Command::new("qemu-aarch64");
    emulated.args(["-L", "/usr/aarch64-linux-gnu"]).arg(program).args(arguments).env("XDG_CACHE_HOME", folder.path());
    // Without it the program starts itself again, which qemu-user cannot do unless the kernel knows the format.
    emulated.env("OMP_WAIT_POLICY", "passive");
    let output = emulated.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let there: Value = serde_json::from_slice(&output.stdout).unwrap();
    let here: Value = serde_json::from_str(&run(&arguments).ok().stdout).unwrap();
    assert_eq!(there["model"], here["model"], "the same files");
    assert_eq!(assessments(&there).len(), 2);
    for (there, here) in assessments(&there).into_iter().zip(assessments(&here)) {
        for key in ["verdict", "finish", "fault", "tokens", "answer"] {
            assert_eq!(there[key], here[key], "{key}: {there} {here}");
        }
        for verdict in ["hazard", "clear", "unknown"] {
            let of = |value: &Value| value["verdict_probabilities"][verdict].as_f64().unwrap();
            assert!((of(there) - of(here)).abs() < TOLERANCE, "{verdict}: {there} {here}");
        }
    }
}

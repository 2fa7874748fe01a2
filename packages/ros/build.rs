//! Whether the ROS that is sourced has Nav2's messages: r2r makes bindings of what it finds, and a robot without Nav2 needs none.
#![expect(clippy::disallowed_methods, reason = "cargo talks to a build script by its environment")]

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(has_nav2_msgs)");
    if env::var_os("CARGO_FEATURE_R2R").is_none() {
        return;
    }
    println!("cargo::rerun-if-env-changed=AMENT_PREFIX_PATH");
    println!("cargo::rerun-if-env-changed=IDL_PACKAGE_FILTER");
    let prefixes = env::var_os("AMENT_PREFIX_PATH").unwrap_or_default();
    let is_sourced = env::split_paths(&prefixes).any(|prefix| prefix.join("share/nav2_msgs/action").is_dir());
    let is_wanted = env::var("IDL_PACKAGE_FILTER").map_or(true, |names| names.split(';').any(|name| name == "nav2_msgs"));
    if is_sourced && is_wanted && env::var_os("CARGO_FEATURE_R2R_CHECK").is_none() {
        println!("cargo::rustc-cfg=has_nav2_msgs");
    }
}

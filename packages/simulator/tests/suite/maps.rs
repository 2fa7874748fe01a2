//! Maps from files: what is read, and what is refused with what to do.

use crate::{quiet, write_map};
use proptest::prelude::*;
use std::fs;
use vedette_simulator::{Map, Plan, Scenario, Style, draw_map};

/// A room of 3.2 x 1.4 m: walls at x -0.9 and 2.1, y -1.9 and -0.7.
const ROOM: [&str; 14] = {
    let wall = "################################";
    let floor = "#..............................#";
    [wall, floor, floor, floor, floor, floor, floor, floor, floor, floor, floor, floor, floor, wall]
};

#[test]
fn the_committed_maps_are_those_that_are_drawn() {
    for name in Map::BUNDLED {
        let path = format!("{}/../../maps/{name}.pgm", env!("CARGO_MANIFEST_DIR"));
        assert!(fs::read(path).expect("a map") == draw_map(name).expect("a drawing"), "{name}: run the example draw_maps");
    }
    assert_eq!(draw_map("garden"), None);
}

#[test]
fn the_bundled_maps_have_their_sizes_and_looks() {
    let check = |name: &str, size_m: [f64; 2], style: Style| {
        let map = Map::bundled(name).expect("a map");
        let building = map.building();
        let size = [building.width, building.height].map(|cells| cells as f64 * building.resolution_m);
        assert!((0..2).all(|axis| (size[axis] - size_m[axis]).abs() < 1e-9), "{name}: {size:?}");
        assert_eq!((map.name(), map.style(), map.routes().collect::<Vec<_>>()), (name, style, vec!["patrol"]));
        // What nobody has seen counts as wall.
        assert!(building.is_solid[0] && building.is_solid.last() == Some(&true));
    };
    check("warehouse", [24.0, 16.0], Style::Warehouse);
    check("home", [12.0, 9.0], Style::Home);
    check("office", [20.0, 12.0], Style::Office);
    let error = Map::bundled("garden").expect_err("no such map").to_string();
    assert_eq!(error, "unknown map, give the path of a .yaml file or one of warehouse, home, office, got `garden`");
}

#[test]
fn the_files_in_the_repository_load_like_the_bundled_ones() {
    for name in Map::BUNDLED {
        let path = format!("{}/../../maps/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
        let loaded = Map::load(path.as_ref()).expect("a map");
        let bundled = Map::bundled(name).expect("a map");
        assert_eq!((loaded.name(), &loaded.building().is_solid), (name, &bundled.building().is_solid));
    }
}

#[test]
fn row_0_of_the_picture_is_the_highest_y() {
    let folder = tempfile::tempdir().expect("a folder");
    let map = Map::load(&write_map(folder.path(), &["..#", "...", "#.."], "[]")).map(|_| ()).expect_err("no way-points").to_string();
    assert_eq!(map, "vedette.routes.patrol must be 2 to 200 way-points, got 0");
    let map = Map::load(&write_map(folder.path(), &["..#", "...", "##."], "[[0, 0], [1, 1]]")).expect("a map");
    let building = map.building();
    assert_eq!(building.is_solid, [true, true, false, false, false, false, false, false, true]);
    assert_eq!((building.origin_m, building.resolution_m), ([-1.0, -2.0], 0.1));
}

#[test]
fn a_png_is_the_same_map() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write_map(folder.path(), &ROOM, "[[0, -1.3], [1, -1.3]]");
    let from_pgm = Map::load(&path).expect("a map");
    let grey: Vec<u8> = ROOM.iter().flat_map(|row| row.bytes()).map(|cell| if cell == b'#' { 0 } else { 254 }).collect();
    image::GrayImage::from_raw(32, 14, grey).expect("a picture").save(folder.path().join("plan.png")).expect("written");
    let yaml = fs::read_to_string(&path).expect("text").replace("plan.pgm", "plan.png");
    fs::write(&path, yaml).expect("written");
    assert_eq!(Map::load(&path).expect("a map").building().is_solid, from_pgm.building().is_solid);
}

#[test]
fn faults_are_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = write_map(folder.path(), &ROOM, "[[0, -1.3], [1, -1.3]]");
    let good = fs::read_to_string(&path).expect("text");
    let check = |from: &str, to: &str, expected: &str| {
        assert!(good.contains(from), "{from}");
        fs::write(&path, good.replace(from, to)).expect("written");
        let error = Map::load(&path).map(|_| ()).expect_err(to).to_string();
        assert!(error.contains(expected), "{to}: {error}");
    };
    check("image: plan.pgm", "image: lost.pgm", "lost.pgm: No such file");
    check("image: plan.pgm\n", "", "needs image, resolution, origin");
    check("resolution: 0.1", "resolution: 0", "must be 0.01 to 0.5 m, got 0");
    check("resolution: 0.1", "resolution: -0.05", "got -0.05");
    check("resolution: 0.1", "resolution: .nan", "got NaN");
    check("resolution: 0.1", "resolution: 5", "got 5");
    check("resolution: 0.1", "resolution: fine", "needs image, resolution");
    check("-2.0, 0.0]", "-2.0, 0.5]", "a rotated origin is not supported, rotate the picture and set the yaw to 0, got 0.5 rad");
    check("-2.0, 0.0]", "-2.0]", "origin must be three finite numbers");
    check("-1.0, -2.0, 0.0]", ".inf, -2.0, 0.0]", "origin must be three finite numbers");
    check("free_thresh: 0.196", "free_thresh: 0.9", "0 < free_thresh < occupied_thresh <= 1, got 0.9 and 0.65");
    check("negate: 0", "negate: 0\nmode: scale", "only mode trinary is supported");
    check("negate: 0", "negate: maybe", "needs image, resolution");
    check("patrol: [[0, -1.3]", "patrol: [[.nan, -1.3]", "finite way-points");
    check("routes:", "ceiling_m: 0.5\n  routes:", "vedette.ceiling_m must be 2 to 20 m, got 0.5");
    check("routes:", "style: castle\n  routes:", "needs image, resolution");
    check("routes:", "colour: red\n  routes:", "needs image, resolution");
    fs::write(&path, &good).expect("written");
    for (bytes, expected) in [
        (&b"P5\n32 14\n255\nshort"[..], "plan.pgm cannot be used: the PGM is cut: 32 x 14 needs 448 bytes of pixels, got 5"),
        (b"GIF89a", "neither PGM (P5) nor PNG"),
        (b"\x89PNG\r\n\x1a\n", "plan.pgm cannot be used"),
        (&[&b"P5\n32 14\n255\n"[..], &[0; 448]].concat(), "no free cell, check free_thresh (0.196) and negate (false)"),
    ] {
        fs::write(folder.path().join("plan.pgm"), bytes).expect("written");
        let error = Map::load(&path).map(|_| ()).expect_err(expected).to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = Map::load(&folder.path().join("none.yaml")).map(|_| ()).expect_err("no file").to_string();
    assert!(error.contains("none.yaml: No such file"), "{error}");
}

#[test]
fn a_route_that_cannot_be_driven_says_where() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut rows = ROOM.map(str::to_owned);
    rows.iter_mut().for_each(|row| row.replace_range(15..16, "#"));
    let rows = rows.each_ref().map(String::as_str);
    let refusal = |route: &str| {
        let map = Map::load(&write_map(folder.path(), &rows, route)).expect("a map");
        Scenario::from_plan(&map, &Plan::default()).expect_err("no way").to_string()
    };
    let error = refusal("[[-0.2, -1.3], [1.6, -1.3]]");
    assert!(error.starts_with("route `patrol`: way-point ") && error.contains("cannot be reached from the one before it"), "{error}");
    assert!(
        error.contains("at (1.60, -1.30) m") && error.contains("the way ends at (0.") || error.contains("at (-0.20, -1.30) m"),
        "{error}"
    );
    let error = refusal("[[-0.2, -1.3], [9, 9]]");
    assert!(error.contains("way-point 2 of route `patrol` at (9.00, 9.00) m"), "{error}");
    let error = refusal("[[-0.95, -1.3], [-0.2, -1.3]]");
    assert!(error.contains("way-point 1 of route `patrol` at (-0.95, -1.30) m is 0.3 m or less from a wall"), "{error}");
}

#[test]
fn a_map_of_ones_own_can_be_patrolled() {
    let folder = tempfile::tempdir().expect("a folder");
    let map = Map::load(&write_map(folder.path(), &ROOM, "[[-0.5, -1.3], [1.6, -1.3]]")).expect("a map");
    assert_eq!(map.style(), Style::Office);
    let scenario = quiet(&map);
    assert!(scenario.route.length_m() > 4.0);
    // Dangers for which such a small room has no place are left out.
    assert!(Scenario::generate(&map, 3, 1.0).expect("a scenario").hazards.len() <= 5);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}", line in 0_usize..9, value in "[-.0-9a-z\\[\\], ]{0,12}") {
        let folder = tempfile::tempdir().expect("a folder");
        let path = write_map(folder.path(), &ROOM, "[[0, -1.3], [1, -1.3]]");
        let good = fs::read_to_string(&path).expect("text");
        fs::write(&path, text).expect("written");
        prop_assert!(Map::load(&path).is_err());
        let key = good.lines().nth(line).and_then(|line| line.split_once(':')).map_or("", |(key, _)| key);
        let mutated: Vec<String> = good.lines().enumerate().map(|(i, old)| if i == line { format!("{key}: {value}") } else { old.to_owned() }).collect();
        fs::write(&path, mutated.join("\n")).expect("written");
        let _ = Map::load(&path);
    }
}

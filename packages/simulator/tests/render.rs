//! The renderer from outside: same bytes whatever the threads, bodies behind walls unseen, boxes around what is there, and no input that
//! makes it panic. How things look is judged by eye on the contact sheet.

use proptest::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use vedette_simulator::{Building, Camera, Light, Look, RenderError, Rendered, Scene, Style, Thing, contact_sheet, render};

const STYLES: [Style; 3] = [Style::Warehouse, Style::Home, Style::Office];

/// 12 m by 8 m with a wall at x = 6 m from y = 0 to 5 m.
fn building(style: Style) -> Building {
    let (width, height) = (120, 80);
    let is_solid = (0..width * height).map(|index| {
        let (x, y) = (index % width, index / width);
        x < 2 || y < 2 || x >= width - 2 || y >= height - 2 || ((60..62).contains(&x) && y < 50)
    });
    Building { resolution_m: 0.1, width, height, origin_m: [0.0, 0.0], is_solid: is_solid.collect(), ceiling_m: 2.6, style }
}

fn thing(look: Look, x: f64, y: f64) -> Thing {
    Thing { id: 7, look, form: 0, position_m: [x, y], heading_rad: 1.3, stage: 1.0, phase_secs: 2.0, seed: 5 }
}

fn scene(things: Vec<Thing>) -> Scene {
    let light = |x: f64| Light { position_m: [x, 3.0, 2.5], power: [1.0; 3] };
    let lights = vec![light(2.0), light(5.0), light(8.0)];
    Scene { building: Arc::new(building(Style::Office)), things, lights, ambient: 0.35, appearance_seed: 3, backdrop: None }
}

fn camera(width: u32, height: u32) -> Camera {
    Camera {
        position_m: [1.0, 3.0, 0.7],
        yaw_rad: 0.0,
        pitch_rad: -0.1,
        horizontal_fov_rad: 1.2,
        width,
        height,
        exposure: 1.0,
        noise: 0.0,
        noise_seed: 1,
        ..Camera::default()
    }
}

fn sha256(picture: &Rendered) -> String {
    Sha256::digest(picture.pixels.rgb()).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mean(picture: &Rendered) -> f64 {
    let rgb = picture.pixels.rgb();
    rgb.iter().map(|byte| f64::from(*byte)).sum::<f64>() / rgb.len() as f64
}

#[test]
fn same_bytes_with_one_and_four_threads() {
    let placed = Look::ALL.iter().zip(0..).map(|(look, id)| {
        let place = f64::from(id);
        Thing { id, ..thing(*look, 1.8 + 0.25 * place, 1.0 + (place * 0.77) % 4.0) }
    });
    let scene = scene(placed.collect());
    let camera = Camera { noise: 0.02, ..camera(200, 150) };
    let once = render(&scene, &camera, 1).unwrap();
    for threads in [1, 2, 4, 0, 1000] {
        let again = render(&scene, &camera, threads).unwrap();
        assert_eq!(sha256(&once), sha256(&again), "{threads} threads");
        assert_eq!(once.visible, again.visible, "{threads} threads");
    }
    let other_noise = render(&scene, &Camera { noise_seed: 2, ..camera }, 1).unwrap();
    assert_ne!(sha256(&once), sha256(&other_noise));
}

#[test]
fn other_appearance_seeds_are_other_pictures() {
    let scene = scene(Vec::new());
    let pictures: Vec<String> =
        (0..6).map(|seed| sha256(&render(&Scene { appearance_seed: seed, ..scene.clone() }, &camera(64, 48), 1).unwrap())).collect();
    let mut different = pictures.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), pictures.len());
}

#[test]
fn what_is_behind_a_wall_is_not_visible() {
    for look in Look::ALL {
        let hidden = render(&scene(vec![thing(look, 9.0, 3.0)]), &camera(160, 120), 1).unwrap();
        assert!(hidden.visible.is_empty(), "{look:?} {:?}", hidden.visible);
        let seen = render(&scene(vec![thing(look, 4.0, 3.0)]), &camera(160, 120), 1).unwrap();
        assert_eq!(seen.visible.len(), 1, "{look:?}");
        assert!((seen.visible[0].distance_m - 3.0).abs() < 1e-9);
    }
}

#[test]
fn what_is_behind_the_camera_is_not_visible() {
    for look in Look::ALL {
        let camera = Camera { position_m: [5.0, 3.0, 0.7], ..camera(96, 72) };
        let picture = render(&scene(vec![thing(look, 1.2, 3.0)]), &camera, 1).unwrap();
        assert!(picture.visible.is_empty(), "{look:?} {:?}", picture.visible);
    }
}

#[test]
fn nearer_is_bigger() {
    for look in Look::ALL {
        let pixels = [2.0, 3.2, 4.6].map(|distance| {
            let picture = render(&scene(vec![thing(look, 1.0 + distance, 3.0)]), &camera(320, 240), 1).unwrap();
            picture.visible.first().map_or(0, |visible| visible.pixels)
        });
        assert!(pixels[0] > pixels[1] && pixels[1] > pixels[2] && pixels[2] > 0, "{look:?} {pixels:?}");
    }
}

#[test]
fn what_grows_covers_more() {
    for look in [Look::Fire, Look::Smoke, Look::GasLeak, Look::LiquidSpill] {
        let pixels = [0.1, 0.5, 1.0].map(|stage| {
            let picture = render(&scene(vec![Thing { stage, ..thing(look, 4.5, 3.0) }]), &camera(224, 168), 1).unwrap();
            picture.visible.first().map_or(0, |visible| visible.pixels)
        });
        assert!(pixels[0] < pixels[1] && pixels[1] < pixels[2], "{look:?} {pixels:?}");
    }
}

/// The box holds what differs from the picture without the thing; light and shade around it may differ a little.
#[test]
fn boxes_hold_what_changed() {
    let camera = camera(224, 168);
    let empty = render(&scene(Vec::new()), &camera, 1).unwrap();
    for look in Look::ALL {
        let picture = render(&scene(vec![thing(look, 4.0, 3.2)]), &camera, 1).unwrap();
        let [left, top, width, height] = picture.visible[0].box_px;
        assert!(left + width <= 224 && top + height <= 168);
        assert!(picture.visible[0].pixels <= width * height);
        let (mut inside, mut outside) = (0_u32, 0_u32);
        for (index, (a, b)) in picture.pixels.rgb().chunks_exact(3).zip(empty.pixels.rgb().chunks_exact(3)).enumerate() {
            let (x, y) = (index as u32 % 224, index as u32 / 224);
            let difference: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
            if difference > 90 {
                let is_inside = (left..left + width).contains(&x) && (top..top + height).contains(&y);
                *(if is_inside { &mut inside } else { &mut outside }) += 1;
            }
        }
        // Fire lights the room around it.
        let allowed = if look == Look::Fire { inside } else { inside / 12 };
        assert!(inside > 20, "{look:?}: {inside} inside");
        assert!(outside <= allowed, "{look:?}: {inside} inside, {outside} outside");
    }
}

#[test]
fn fire_is_orange_and_lights_the_floor() {
    let dark = Scene { lights: Vec::new(), ambient: 0.05, ..scene(Vec::new()) };
    let without = render(&dark, &camera(160, 120), 1).unwrap();
    let with = render(&Scene { things: vec![thing(Look::Fire, 4.0, 3.0)], ..dark }, &camera(160, 120), 1).unwrap();
    let sums = |picture: &Rendered| {
        picture.pixels.rgb()[160 * 100 * 3..].chunks_exact(3).fold([0_u32; 3], |sum, pixel| [0, 1, 2].map(|c| sum[c] + u32::from(pixel[c])))
    };
    let (before, after) = (sums(&without), sums(&with));
    assert!(after[0] > before[0] * 3 / 2, "{before:?} {after:?}");
    assert!(after[0] > after[1] && after[1] > after[2], "{after:?}");
}

#[test]
fn smoke_hides_what_is_behind_it() {
    let cone = Thing { id: 1, ..thing(Look::PersonStanding, 5.5, 3.0) };
    let alone = render(&scene(vec![cone.clone()]), &camera(160, 120), 1).unwrap();
    let veiled = render(&scene(vec![cone, thing(Look::Smoke, 3.5, 3.0)]), &camera(160, 120), 1).unwrap();
    let pixels = |picture: &Rendered| picture.visible.iter().find(|visible| visible.id == 1).map_or(0, |visible| visible.pixels);
    assert!(pixels(&veiled) < pixels(&alone), "{} {}", pixels(&veiled), pixels(&alone));
}

#[test]
fn exposure_makes_it_dark_and_bright() {
    let scene = scene(vec![thing(Look::Table, 4.0, 3.0)]);
    let [none, dark, right, bright] =
        [0.0, 0.15, 1.0, 8.0].map(|exposure| mean(&render(&scene, &Camera { exposure, ..camera(96, 72) }, 1).unwrap()));
    assert!(none < 8.0, "{none}");
    assert!(none < dark && dark < 0.6 * right && right < bright && bright > 200.0, "{none} {dark} {right} {bright}");
    assert!((70.0..200.0).contains(&right), "{right}");
}

#[test]
fn noise_has_the_deviation_asked_for() {
    let flat = camera(160, 120);
    let scene = scene(Vec::new());
    let clean = render(&scene, &flat, 1).unwrap();
    let noisy = render(&scene, &Camera { noise: 0.02, ..flat }, 1).unwrap();
    let pairs = clean.pixels.rgb().iter().zip(noisy.pixels.rgb());
    let squares: Vec<f64> = pairs.filter(|(a, _)| (40..215).contains(*a)).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).collect();
    let deviation = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt() / 255.0;
    assert!((deviation - 0.02).abs() < 0.002, "{deviation}");
}

#[test]
fn a_picture_without_pixels_is_refused() {
    for (width, height) in [(0, 10), (10, 0), (0, 0), (4097, 1), (1, u32::MAX)] {
        let error = render(&scene(Vec::new()), &camera(width, height), 2).unwrap_err();
        assert_eq!(error, RenderError::Size { width, height, max: 4096 });
    }
    assert!(render(&scene(Vec::new()), &camera(1, 1), 2).is_ok());
}

#[test]
fn broken_buildings_are_drawn_somehow() {
    let whole = building(Style::Home);
    let broken = [
        Building { is_solid: Vec::new(), ..whole.clone() },
        Building { resolution_m: 0.0, ..whole.clone() },
        Building { resolution_m: f64::NAN, ..whole.clone() },
        Building { width: 0, height: 0, ..whole.clone() },
        Building { width: usize::MAX, height: usize::MAX, ..whole.clone() },
        Building { origin_m: [f64::INFINITY, 0.0], ..whole.clone() },
        Building { origin_m: [1e12, -1e12], ..whole.clone() },
        Building { ceiling_m: f64::NAN, ..whole.clone() },
        Building { ceiling_m: -1.0, ..whole },
    ];
    for building in broken {
        let scene = Scene { building: Arc::new(building), ..scene(vec![thing(Look::LiquidSpill, 3.0, 3.0)]) };
        assert!(render(&scene, &camera(32, 24), 1).is_ok());
    }
}

#[test]
fn the_contact_sheet_is_the_same_for_the_same_seed() {
    let sheet = contact_sheet(1).unwrap();
    assert_eq!(sheet.rgb(), contact_sheet(1).unwrap().rgb());
    assert_ne!(sheet.rgb(), contact_sheet(2).unwrap().rgb());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn every_look_renders_from_anywhere(
        look in 0..Look::ALL.len(),
        style in 0..STYLES.len(),
        distance in 0.05..30.0_f64,
        bearing in -3.2..3.2_f64,
        yaw in -3.2..3.2_f64,
        pitch in -1.5..1.5_f64,
        heading in -7.0..7.0_f64,
        stage in 0.0..1.0_f32,
        phase_secs in 0.0..1e6_f64,
        seed: u64,
        fov in 0.3..2.4_f64,
    ) {
        let at = [1.0 + distance * (yaw + bearing * 0.2).cos(), 3.0 + distance * (yaw + bearing * 0.2).sin()];
        let thing = Thing { id: 1, look: Look::ALL[look], form: 0, position_m: at, heading_rad: heading, stage, phase_secs, seed };
        let scene = Scene { building: Arc::new(building(STYLES[style])), appearance_seed: seed, ..scene(vec![thing]) };
        let camera = Camera { yaw_rad: yaw, pitch_rad: pitch, horizontal_fov_rad: fov, ..camera(40, 30) };
        let picture = render(&scene, &camera, 1).unwrap();
        prop_assert_eq!(picture.pixels.rgb().len(), 40 * 30 * 3);
        for visible in picture.visible {
            let [left, top, width, height] = visible.box_px;
            prop_assert!(width > 0 && height > 0 && left + width <= 40 && top + height <= 30);
            prop_assert!(visible.pixels > 0 && visible.pixels <= width * height);
        }
    }

    #[test]
    fn no_number_makes_it_panic(
        look in 0..Look::ALL.len(),
        numbers in prop::collection::vec(prop::num::f64::ANY, 16),
        small in prop::collection::vec(prop::num::f32::ANY, 7),
        width in 1..40_u32,
        height in 1..40_u32,
    ) {
        let thing = Thing {
            id: 1,
            look: Look::ALL[look],
            form: 0,
            position_m: [numbers[0], numbers[1]],
            heading_rad: numbers[2],
            stage: small[0],
            phase_secs: numbers[3],
            seed: 1,
        };
        let near = Thing { position_m: [2.5, 3.0], ..thing.clone() };
        let odd = Light { position_m: [numbers[4], numbers[5], numbers[6]], power: [small[1], small[2], small[3]] };
        let mut building = building(Style::Home);
        building.ceiling_m = numbers[7];
        building.origin_m = [numbers[8], numbers[9]];
        let scene = Scene { building: Arc::new(building), lights: vec![odd], ambient: small[4], ..scene(vec![thing, near]) };
        let camera = Camera {
            position_m: [numbers[10], numbers[11], numbers[12]],
            yaw_rad: numbers[13],
            pitch_rad: numbers[14],
            horizontal_fov_rad: numbers[15],
            width,
            height,
            exposure: small[5],
            noise: small[6],
            noise_seed: 3,
            ..Camera::default()
        };
        prop_assert!(render(&scene, &camera, 1).is_ok());
        let usual = Camera { position_m: [1.0, 3.0, 0.7], ..camera };
        prop_assert!(render(&scene, &usual, 1).is_ok());
    }
}

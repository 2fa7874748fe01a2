//! Pictures a second of a typical scene: a warehouse with eight things of which six are in view, one of them on fire.
//!
//! In -> out: `cargo bench -p vedette-simulator --bench render` -> time for a picture. Deliberately absent: pass or fail; the budgets
//! (300 pictures/s at 224 x 224 on two threads, 25 ms at 640 x 480 and 4 ms at 320 x 240 on one) are checked by reading.

use criterion::{Criterion, criterion_group, criterion_main};
use std::{hint::black_box, sync::Arc};
use vedette_simulator::{Building, Camera, LampForm, Light, Look, Paint, Pattern, Scene, Style, Surface, Thing, render};

/// 24 m by 16 m with rows of racks, cells of 5 cm.
fn warehouse() -> Building {
    let (width, height) = (480, 320);
    let is_solid = (0..width * height).map(|index| {
        let (x, y) = (index % width, index / width);
        let is_shell = x < 4 || y < 4 || x >= width - 4 || y >= height - 4;
        let is_rack = (60..420).contains(&x) && !(220..270).contains(&x) && y % 80 > 55 && (40..300).contains(&y);
        is_shell || is_rack
    });
    let is_solid = is_solid.collect();
    Building { resolution_m: 0.05, width, height, origin_m: [-12.0, -8.0], is_solid, ceiling_m: 5.0, style: Style::Warehouse }
}

fn scene() -> Scene {
    let looks = [
        (Look::Fire, [1.5, 1.1]),
        (Look::PersonStanding, [-0.5, -0.6]),
        (Look::BlockedPath, [4.0, 0.2]),
        (Look::BoxStack, [-2.2, 1.0]),
        (Look::OrangeCone, [-2.8, -0.7]),
        (Look::LiquidSpill, [-1.6, 0.1]),
        (Look::Table, [-9.0, 3.0]),
        (Look::Plant, [-10.0, -5.0]),
    ];
    let things = looks.iter().zip(0..).map(|(&(look, position_m), id)| Thing {
        id,
        look,
        form: 0,
        position_m,
        heading_rad: 1.0 + f64::from(id),
        stage: 0.8,
        phase_secs: 3.0,
        seed: u64::from(id) * 17 + 3,
    });
    let lamp = |number: usize| [-10.5 + 4.2 * (number % 6) as f64, -6.0 + 4.0 * (number / 6) as f64, 4.9];
    let lights = (0..24).map(|number| Light { position_m: lamp(number), power: [1.0; 3] });
    Scene {
        building: Arc::new(warehouse()),
        things: things.collect(),
        lights: lights.collect(),
        ambient: 0.35,
        appearance_seed: 5,
        backdrop: None,
    }
}

/// The warehouse painted, with four things near the camera.
fn painted() -> Scene {
    let surface = |pattern| Surface {
        pattern,
        colours: [[0.30, 0.28, 0.25], [0.40, 0.30, 0.20], [0.10, 0.10, 0.10]],
        scale_m: 0.4,
        contrast: 0.6,
        gloss: 0.6,
    };
    let paint = Paint {
        floor: surface(Pattern::Tiles),
        wall: surface(Pattern::OffsetTiles),
        ceiling: Surface::plain([0.8; 3]),
        shelf: surface(Pattern::Planks),
        skirting: None,
        lamp: LampForm::Tube,
    };
    let mut scene = scene();
    scene.building = Arc::new(Building { style: Style::Painted(paint), ..warehouse() });
    scene.things.truncate(4);
    for thing in &mut scene.things {
        thing.form = 3;
    }
    scene
}

fn camera(width: u32, height: u32) -> Camera {
    Camera {
        position_m: [-4.5, 0.2, 0.6],
        yaw_rad: 0.05,
        pitch_rad: -0.05,
        horizontal_fov_rad: 1.2,
        width,
        height,
        exposure: 1.0,
        noise: 0.012,
        noise_seed: 7,
        ..Camera::default()
    }
}

fn pictures(criterion: &mut Criterion) {
    let scene = scene();
    let mut smoky = scene.clone();
    smoky.things[0].look = Look::Smoke;
    let painted = painted();
    for (name, scene, side, threads) in [
        ("224x224, 2 threads", &scene, [224, 224], 2),
        ("224x224, 1 thread", &scene, [224, 224], 1),
        ("224x224 with smoke, 2 threads", &smoky, [224, 224], 2),
        ("640x480, 2 threads", &scene, [640, 480], 2),
        ("640x480, 1 thread", &scene, [640, 480], 1),
        ("640x480 with smoke, 1 thread", &smoky, [640, 480], 1),
        ("320x240 painted with four things, 1 thread", &painted, [320, 240], 1),
    ] {
        let camera = camera(side[0], side[1]);
        criterion.bench_function(name, |bencher| bencher.iter(|| render(black_box(scene), &camera, threads)));
    }
}

criterion_group!(benches, pictures);
criterion_main!(benches);

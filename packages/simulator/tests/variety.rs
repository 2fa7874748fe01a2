//! What varies in pictures, from outside: forms, patterns, lamps, camera effects, backdrops, and whose pixels are whose. Same bytes whatever the
//! threads, and no number that makes it panic. How things look is judged by eye on the sheets.

use proptest::prelude::*;
use std::sync::Arc;
use vedette_simulator::{
    Building, Camera, LampForm, Light, Look, Paint, Pattern, Rendered, Scene, Style, Surface, Thing, form_sheet, pattern_sheet, render,
    render_owned,
};
use vedette_types::RgbPixels;

fn surface(pattern: Pattern) -> Surface {
    let colours = [[0.45, 0.42, 0.38], [0.20, 0.25, 0.35], [0.10, 0.09, 0.08]];
    Surface { pattern, colours, scale_m: 0.3, contrast: 0.7, gloss: 0.4 }
}

fn paint(pattern: Pattern, lamp: LampForm) -> Paint {
    let ceiling = Surface::plain([0.7, 0.7, 0.68]);
    Paint { floor: surface(pattern), wall: surface(pattern), ceiling, shelf: surface(pattern), skirting: Some([0.5, 0.4, 0.3]), lamp }
}

/// 12 m by 8 m with a wall at x = 6 m from y = 0 to 5 m.
fn building(style: Style) -> Building {
    let (width, height) = (120, 80);
    let is_solid = (0..width * height).map(|index| {
        let (x, y) = (index % width, index / width);
        x < 2 || y < 2 || x >= width - 2 || y >= height - 2 || ((60..62).contains(&x) && y < 50)
    });
    Building { resolution_m: 0.1, width, height, origin_m: [0.0, 0.0], is_solid: is_solid.collect(), ceiling_m: 2.6, style }
}

fn thing(look: Look, form: u8, x: f64, y: f64) -> Thing {
    Thing { id: 7, look, form, position_m: [x, y], heading_rad: 1.3, stage: 1.0, phase_secs: 2.0, seed: 5 }
}

fn scene(things: Vec<Thing>) -> Scene {
    let light = |x: f64| Light { position_m: [x, 3.0, 2.5], power: [1.0; 3] };
    let style = Style::Painted(paint(Pattern::Tiles, LampForm::Tube));
    let lights = vec![light(2.0), light(5.0), light(8.0)];
    Scene { building: Arc::new(building(style)), things, lights, ambient: 0.35, appearance_seed: 3, backdrop: None }
}

fn camera(width: u32, height: u32) -> Camera {
    Camera { position_m: [1.0, 3.0, 0.7], pitch_rad: -0.1, horizontal_fov_rad: 1.2, width, height, noise_seed: 1, ..Camera::default() }
}

fn every_form() -> impl Iterator<Item = (Look, u8)> {
    Look::ALL.into_iter().flat_map(|look| (0..look.forms()).map(move |form| (look, form)))
}

fn crowd() -> Vec<Thing> {
    let placed = every_form().step_by(7).zip(0..).map(|((look, form), id)| {
        let place = f64::from(id);
        Thing { id, seed: u64::from(id), ..thing(look, form, 2.0 + 0.25 * place, 1.0 + (place * 0.77) % 4.0) }
    });
    placed.collect()
}

/// Mean of the differences of bytes.
fn difference(a: &Rendered, b: &Rendered) -> f64 {
    let sum: u64 = a.pixels.rgb().iter().zip(b.pixels.rgb()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.pixels.rgb().len() as f64
}

fn mean(picture: &Rendered, channel: usize) -> f64 {
    let values = picture.pixels.rgb().chunks_exact(3).map(|pixel| f64::from(pixel[channel]));
    values.sum::<f64>() / (picture.pixels.rgb().len() / 3) as f64
}

#[test]
fn same_bytes_and_owners_with_any_threads() {
    let grey = RgbPixels::new(50, 30, (0..50 * 30 * 3).map(|n| (n % 251) as u8).collect()).unwrap();
    let plain = scene(crowd());
    let backed = Scene { backdrop: Some(Arc::new(grey)), ..plain.clone() };
    let plain_camera = Camera { noise: 0.02, ..camera(150, 110) };
    let effects = Camera { roll_rad: 0.1, distortion: -0.2, glare: 0.5, blur_px: [5.0, -3.0], tint: [1.1, 1.0, 0.8], ..plain_camera };
    for (scene, camera) in [(&plain, plain_camera), (&plain, effects), (&backed, effects)] {
        let once = render_owned(scene, &camera, 1, [14, 14]).unwrap();
        for threads in [2, 5, 0, 1000] {
            let again = render_owned(scene, &camera, threads, [14, 14]).unwrap();
            assert_eq!(once.0.pixels.rgb(), again.0.pixels.rgb(), "{threads} threads");
            assert_eq!(once.0.visible, again.0.visible, "{threads} threads");
            assert_eq!(once.1, again.1, "{threads} threads");
        }
        let without_owners = render(scene, &camera, 1).unwrap();
        assert_eq!(once.0.pixels.rgb(), without_owners.pixels.rgb());
    }
}

#[test]
fn every_form_shows_itself_and_no_other() {
    let camera = camera(224, 168);
    for look in Look::ALL {
        assert!(look.forms() >= if look.kind().is_some() { 6 } else { 4 }, "{look:?}");
        let mut pictures: Vec<Rendered> = Vec::new();
        for form in 0..look.forms() {
            let picture = render(&scene(vec![thing(look, form, 4.0, 3.2)]), &camera, 1).unwrap();
            assert_eq!(picture.visible.len(), 1, "{look:?} {form}");
            assert!(picture.visible[0].pixels > 40, "{look:?} {form}: {} pixels", picture.visible[0].pixels);
            assert!(pictures.iter().all(|other| difference(other, &picture) > 0.02), "{look:?} {form} is as another form");
            pictures.push(picture);
        }
        let wrapped = render(&scene(vec![thing(look, look.forms(), 4.0, 3.2)]), &camera, 1).unwrap();
        assert_eq!(wrapped.pixels.rgb(), pictures[0].pixels.rgb());
    }
}

#[test]
fn hazards_grow_with_their_stage() {
    for (look, form) in every_form().filter(|(look, _)| matches!(look, Look::Fire | Look::Smoke | Look::GasLeak | Look::LiquidSpill)) {
        let pixels = [0.1, 1.0].map(|stage| {
            let thing = Thing { stage, ..thing(look, form, 4.5, 3.2) };
            let picture = render(&scene(vec![thing]), &camera(224, 168), 1).unwrap();
            // What burns is there from the beginning; it is the flames that grow.
            let is_flame = |pixel: &&[u8]| pixel[0] > 235 && pixel[1] > 140 && pixel[2] < 200;
            match look {
                Look::Fire => picture.pixels.rgb().chunks_exact(3).filter(is_flame).count(),
                _ => picture.visible.first().map_or(0, |visible| visible.pixels as usize),
            }
        });
        assert!(pixels[1] > pixels[0], "{look:?} {form}: {pixels:?}");
    }
}

/// The box holds what differs from the picture without the thing; light and shade around it may differ a little.
#[test]
fn boxes_hold_what_changed() {
    let camera = camera(224, 168);
    let empty = render(&scene(Vec::new()), &camera, 1).unwrap();
    // Fires and lamps light the room around them.
    for (look, form) in every_form().filter(|(look, _)| !matches!(look, Look::Fire | Look::LampInSteam)) {
        let picture = render(&scene(vec![thing(look, form, 4.0, 3.2)]), &camera, 1).unwrap();
        let [left, top, width, height] = picture.visible[0].box_px;
        let (mut inside, mut outside) = (0_u32, 0_u32);
        for (index, (a, b)) in picture.pixels.rgb().chunks_exact(3).zip(empty.pixels.rgb().chunks_exact(3)).enumerate() {
            let (x, y) = (index as u32 % 224, index as u32 / 224);
            let difference: u32 = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b))).sum();
            if difference > 90 {
                let is_inside = (left..left + width).contains(&x) && (top..top + height).contains(&y);
                *(if is_inside { &mut inside } else { &mut outside }) += 1;
            }
        }
        assert!(outside <= inside / 5 + 4, "{look:?} {form}: {inside} inside, {outside} outside");
    }
}

#[test]
fn every_pattern_and_lamp_is_another_picture() {
    let camera = Camera { pitch_rad: 0.1, ..camera(120, 90) };
    let picture = |pattern, lamp| {
        let style = Style::Painted(paint(pattern, lamp));
        render(&Scene { building: Arc::new(building(style)), ..scene(Vec::new()) }, &camera, 1).unwrap()
    };
    let mut pictures: Vec<Rendered> = Vec::new();
    let patterns = Pattern::ALL.map(|pattern| (pattern, LampForm::Disc));
    let lamps = LampForm::ALL.into_iter().skip(1).map(|lamp| (Pattern::Plain, lamp));
    for (pattern, lamp) in patterns.into_iter().chain(lamps) {
        let picture = picture(pattern, lamp);
        assert!(pictures.iter().all(|other| difference(other, &picture) > 0.01), "{pattern:?} {lamp:?} is as another");
        pictures.push(picture);
    }
}

#[test]
fn cells_hold_the_pixels_of_each_thing() {
    let two = [Thing { id: 1, ..thing(Look::BoxStack, 0, 3.0, 4.0) }, Thing { id: 2, ..thing(Look::PersonDown, 6, 4.0, 2.2) }];
    let hidden = Thing { id: 3, ..thing(Look::OrangeCone, 0, 9.0, 3.0) };
    let scene = scene(two.into_iter().chain([hidden]).collect());
    for camera in [camera(200, 150), Camera { roll_rad: -0.15, distortion: 0.1, ..camera(200, 150) }] {
        let (rendered, owners) = render_owned(&scene, &camera, 1, [8, 6]).unwrap();
        assert_eq!((owners.grid(), rendered.visible.len()), ([8, 6], 2));
        for visible in &rendered.visible {
            let cells = owners.cells(visible.id).unwrap();
            let [left, top, width, height] = visible.box_px;
            assert_eq!(cells.iter().sum::<u32>(), visible.pixels, "{visible:?}");
            for (number, count) in cells.iter().enumerate() {
                let (column, row) = (number as u32 % 8, number as u32 / 8);
                assert_eq!(owners.count(visible.id, column as usize, row as usize), *count);
                let is_touched = (left..left + width).any(|x| x * 8 / 200 == column) && (top..top + height).any(|y| y * 6 / 150 == row);
                assert!(is_touched || *count == 0, "{visible:?}: {count} in {column} {row}");
            }
        }
        assert_eq!(owners.cells(3).unwrap().iter().sum::<u32>(), 0);
        assert!(owners.cells(99).is_none() && owners.count(1, 8, 0) == 0 && owners.count(1, 0, 6) == 0);
        // The stack is left of the person.
        let centre = |id: u32| {
            let cells = owners.cells(id).unwrap();
            let sum: u32 = cells.iter().sum();
            cells.iter().enumerate().map(|(number, count)| (number as u32 % 8) * count).sum::<u32>() as f64 / f64::from(sum)
        };
        assert!(centre(1) + 1.0 < centre(2), "{} {}", centre(1), centre(2));
    }
}

#[test]
fn neutral_effects_change_no_byte_and_small_ones_little() {
    let scene = scene(crowd());
    let plain = render(&scene, &camera(160, 120), 1).unwrap();
    let neutral = Camera { roll_rad: -0.0, tint: [1.0; 3], blur_px: [0.0, -0.0], glare: 0.0, distortion: -0.0, ..camera(160, 120) };
    assert_eq!(render(&scene, &neutral, 1).unwrap().pixels.rgb(), plain.pixels.rgb());
    for small in [Camera { roll_rad: 1e-9, ..neutral }, Camera { distortion: 1e-6, ..neutral }, Camera { glare: 1e-4, ..neutral }] {
        let picture = render(&scene, &small, 1).unwrap();
        assert!(difference(&picture, &plain) < 0.6, "{small:?}: {}", difference(&picture, &plain));
    }
}

#[test]
fn effects_do_what_they_are_called() {
    let scene = scene(vec![thing(Look::Fire, 0, 4.0, 3.4)]);
    let plain_camera = camera(160, 120);
    let plain = render(&scene, &plain_camera, 1).unwrap();
    let of = |camera: Camera| render(&scene, &camera, 1).unwrap();
    let warm = of(Camera { tint: [1.3, 1.0, 0.7], ..plain_camera });
    assert!(mean(&warm, 0) > mean(&plain, 0) + 5.0 && mean(&warm, 2) < mean(&plain, 2) - 5.0);
    assert!((mean(&warm, 1) - mean(&plain, 1)).abs() < 1e-9);
    let glaring = of(Camera { glare: 1.0, ..plain_camera });
    assert!(mean(&glaring, 0) > mean(&plain, 0) + 1.0);
    // Columns differ less where the camera moved sideways.
    let steps = |picture: &Rendered| {
        let rows = picture.pixels.rgb().chunks_exact(160 * 3);
        rows.map(|row| row.windows(4).map(|w| u64::from(w[0].abs_diff(w[3]))).sum::<u64>()).sum::<u64>()
    };
    assert!(steps(&of(Camera { blur_px: [14.0, 0.0], ..plain_camera })) < steps(&plain) * 2 / 3);
    // The flame is right of the middle: it goes down when the camera's left side is lowered, that is, a negative roll.
    let middle = |picture: &Rendered| {
        let [left, top, width, height] = picture.visible[0].box_px;
        [left as f64 + width as f64 * 0.5, top as f64 + height as f64 * 0.5]
    };
    let aside = |y: f64, roll_rad: f64, distortion: f32| {
        let scene = Scene { things: vec![thing(Look::OrangeCone, 0, 4.0, y)], ..scene.clone() };
        middle(&render(&scene, &Camera { roll_rad, distortion, ..plain_camera }, 1).unwrap())
    };
    let (level, lowered) = (aside(1.6, 0.0, 0.0), aside(1.6, 0.2, 0.0));
    assert!(level[0] > 100.0 && lowered[1] < level[1] - 4.0, "{level:?} {lowered:?}");
    assert!(aside(1.6, 0.0, -0.4)[0] < level[0] - 1.0 && aside(1.6, 0.0, 0.4)[0] > level[0] + 1.0);
}

#[test]
fn a_backdrop_replaces_the_room_and_follows_its_light() {
    let photo =
        RgbPixels::new(64, 64, (0..64 * 64).flat_map(|n| if n % 64 < 32 { [40, 90, 160] } else { [200, 120, 40] }).collect()).unwrap();
    let backed = Scene { backdrop: Some(Arc::new(photo)), ..scene(vec![thing(Look::BoxStack, 0, 4.0, 3.2)]) };
    let picture = render(&backed, &camera(160, 120), 1).unwrap();
    let pixel = |picture: &Rendered, x: usize, y: usize| -> [u8; 3] { picture.pixels.rgb()[(y * 160 + x) * 3..][..3].try_into().unwrap() };
    for (x, y) in [(20, 20), (20, 100), (50, 60)] {
        let [r, _, b] = pixel(&picture, x, y);
        assert!(b > r, "{x} {y}");
        let [r, _, b] = pixel(&picture, 159 - x, y);
        assert!(r > b, "{x} {y}");
    }
    let there = render(&scene(vec![thing(Look::BoxStack, 0, 4.0, 3.2)]), &camera(160, 120), 1).unwrap();
    assert_eq!(there.visible, picture.visible);
    let dark = render(&Scene { lights: Vec::new(), ambient: 0.1, ..backed }, &camera(160, 120), 1).unwrap();
    assert!(mean(&dark, 1) < 0.6 * mean(&picture, 1), "{} {}", mean(&dark, 1), mean(&picture, 1));
}

#[test]
fn the_sheets_are_the_same_for_the_same_seed() {
    let sheet = pattern_sheet(1).unwrap();
    assert_eq!(sheet.rgb(), pattern_sheet(1).unwrap().rgb());
    assert_ne!(sheet.rgb(), pattern_sheet(2).unwrap().rgb());
    assert_ne!(form_sheet(1, true).unwrap().rgb(), form_sheet(2, true).unwrap().rgb());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_form_renders_from_anywhere(
        look in 0..Look::ALL.len(),
        form: u8,
        pattern in 0..Pattern::ALL.len(),
        lamp in 0..LampForm::ALL.len(),
        distance in 0.0..30.0_f64,
        yaw in -3.2..3.2_f64,
        pitch in -1.5..1.5_f64,
        roll_rad in -1.2..1.2_f64,
        distortion in -0.6..0.6_f32,
        stage in 0.0..1.0_f32,
        phase_secs in 0.0..1e6_f64,
        seed: u64,
        fov in 0.3..2.4_f64,
    ) {
        let at = [1.0 + distance * yaw.cos(), 3.0 + distance * yaw.sin()];
        let thing = Thing { id: 1, position_m: at, heading_rad: pitch * 2.0, stage, phase_secs, seed, ..thing(Look::ALL[look], form, 0.0, 0.0) };
        let style = Style::Painted(paint(Pattern::ALL[pattern], LampForm::ALL[lamp]));
        let scene = Scene { building: Arc::new(building(style)), appearance_seed: seed, ..scene(vec![thing]) };
        let camera = Camera { yaw_rad: yaw, pitch_rad: pitch, roll_rad, distortion, horizontal_fov_rad: fov, ..camera(40, 30) };
        let (picture, owners) = render_owned(&scene, &camera, 1, [5, 5]).unwrap();
        prop_assert_eq!(picture.pixels.rgb().len(), 40 * 30 * 3);
        for visible in picture.visible {
            let [left, top, width, height] = visible.box_px;
            prop_assert!(width > 0 && height > 0 && left + width <= 40 && top + height <= 30);
            prop_assert!(visible.pixels > 0 && visible.pixels <= width * height);
            prop_assert_eq!(owners.cells(1).unwrap().iter().sum::<u32>(), visible.pixels);
        }
    }

    #[test]
    fn no_number_makes_it_panic(
        look in 0..Look::ALL.len(),
        form: u8,
        pattern in 0..Pattern::ALL.len(),
        numbers in prop::collection::vec(prop::num::f64::ANY, 5),
        small in prop::collection::vec(prop::num::f32::ANY, 26),
        width in 1..40_u32,
        height in 1..40_u32,
        grid in prop::array::uniform2(0..9_usize),
        has_backdrop: bool,
    ) {
        let odd = |from: usize| [small[from], small[from + 1], small[from + 2]];
        let surface = Surface {
            pattern: Pattern::ALL[pattern],
            colours: [odd(0), odd(3), odd(6)],
            scale_m: small[9],
            contrast: small[10],
            gloss: small[11],
        };
        let paint = Paint { floor: surface, wall: surface, ceiling: surface, shelf: surface, skirting: Some(odd(12)), lamp: LampForm::Ring };
        let strange = Thing { position_m: [numbers[0], numbers[1]], stage: small[15], ..thing(Look::ALL[look], form, 0.0, 0.0) };
        let near = Thing { phase_secs: numbers[2], ..thing(Look::ALL[look], form, 2.5, 3.0) };
        let scene = Scene {
            building: Arc::new(building(Style::Painted(paint))),
            backdrop: has_backdrop.then(|| Arc::new(RgbPixels::new(3, 2, vec![90; 18]).unwrap())),
            ..scene(vec![strange, near])
        };
        let camera = Camera {
            roll_rad: numbers[3],
            horizontal_fov_rad: numbers[4],
            tint: odd(16),
            blur_px: [small[19], small[20]],
            glare: small[21],
            distortion: small[22],
            exposure: small[23],
            noise: small[24],
            ..camera(width, height)
        };
        prop_assert!(render_owned(&scene, &camera, 2, grid).is_ok());
        let usual = Camera { roll_rad: 0.3, glare: 0.5, blur_px: [3.0, 2.0], exposure: 1.0, horizontal_fov_rad: 1.2, ..camera };
        prop_assert!(render_owned(&scene, &usual, 1, grid).is_ok());
    }
}

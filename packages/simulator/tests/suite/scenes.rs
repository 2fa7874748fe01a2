//! Labelled scenes from outside: families share nothing, the mix is as promised, options are kept, and any seed makes a sound scene.

use crate::messages;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use vedette_simulator::{
    Condition, Family, LabelledPicture, LampForm, Layout, Look, Map, Pattern, Scenario, Scene, SceneOptions, SceneSample, SensorMessage,
    Style, Thing, World, scene_sheet,
};
use vedette_types::{BearingSector, RangeBand, RgbPixels, Severity, Verdict};

/// Small pictures: what is counted here does not depend on their size.
fn small() -> SceneOptions {
    SceneOptions { width_px: 160, height_px: 120, ..SceneOptions::default() }
}

fn drawn(family: Family, seed: u64, options: &SceneOptions) -> (SceneSample, LabelledPicture) {
    SceneSample::draw(family, seed, options, 1).expect("a picture")
}

/// Everything that belongs to a family.
#[derive(Debug, Default, PartialEq)]
struct Ingredients {
    layouts: BTreeSet<Layout>,
    patterns: BTreeSet<Pattern>,
    lamps: BTreeSet<LampForm>,
    forms: BTreeSet<(Look, u8)>,
    has_bundled_style: bool,
}

impl Ingredients {
    fn of(family: Family) -> Self {
        let forms = Look::ALL.into_iter().flat_map(|look| (0..look.forms()).map(move |form| (look, form)));
        Self {
            layouts: Layout::ALL.into_iter().filter(|layout| Family::of_layout(*layout) == family).collect(),
            patterns: Pattern::ALL.into_iter().filter(|pattern| Family::of_pattern(*pattern) == family).collect(),
            lamps: LampForm::ALL.into_iter().filter(|lamp| Family::of_lamp(*lamp) == family).collect(),
            forms: forms.filter(|(look, form)| Family::of_form(*look, *form) == family).collect(),
            has_bundled_style: family == Family::Train,
        }
    }

    /// Adds what is in a scene; its colours must be the family's.
    fn add(&mut self, family: Family, scene: &Scene) {
        self.forms.extend(scene.things.iter().map(|thing| (thing.look, thing.form)));
        let Style::Painted(paint) = scene.building.style else {
            self.has_bundled_style = true;
            return;
        };
        self.lamps.insert(paint.lamp);
        let surfaces = [paint.floor, paint.wall, paint.ceiling, paint.shelf];
        self.patterns.extend(surfaces.map(|surface| surface.pattern));
        let colours = surfaces.iter().flat_map(|surface| surface.colours).chain(paint.skirting);
        for colour in colours {
            assert_eq!(Family::of_colour(colour), Some(family), "{colour:?}");
        }
    }
}

#[test]
fn the_families_share_no_ingredient_and_use_all_of_their_own() {
    for family in Family::ALL {
        let mut used = Ingredients::default();
        for seed in 0..4_000 {
            let sample = SceneSample::generate(family, seed, &SceneOptions::default());
            used.layouts.insert(sample.layout);
            used.add(family, &sample.scene);
        }
        // Equal, hence nothing foreign and nothing left out.
        assert_eq!(used, Ingredients::of(family), "{family}");
    }
}

#[test]
fn the_same_seed_makes_the_same_scene_and_picture() {
    for family in Family::ALL {
        let (sample, picture) = drawn(family, 11, &small());
        let (again, _) = drawn(family, 11, &small());
        assert_eq!(format!("{sample:?}"), format!("{again:?}"));
        let threaded = sample.picture(3).expect("a picture");
        assert_eq!((picture.pixels.rgb(), &picture.hazards), (threaded.pixels.rgb(), &threaded.hazards));
        assert_ne!(picture.pixels.rgb(), drawn(family, 12, &small()).1.pixels.rgb());
    }
    let [train, test] = [Family::Train, Family::Test].map(|family| SceneSample::generate(family, 11, &small()));
    assert_ne!(train.camera, test.camera, "families are independent");
}

#[test]
fn plans_are_mixed_as_promised() {
    const COUNT: usize = 6_000;
    let mut planned = [0_usize; 4];
    let (mut spoiled, mut clear) = (0, 0);
    let mut kinds: BTreeMap<Look, usize> = BTreeMap::new();
    for seed in 0..COUNT as u64 {
        let sample = SceneSample::generate(Family::Train, seed, &SceneOptions::default());
        planned[sample.planned_hazards] += 1;
        spoiled += usize::from(!sample.condition.is_judgeable());
        let hazards: Vec<Look> = sample.scene.things.iter().map(|thing| thing.look).filter(|look| look.kind().is_some()).collect();
        assert_eq!(hazards.len(), sample.planned_hazards);
        if hazards.is_empty() {
            clear += 1;
            assert!(sample.scene.things.len() >= 2, "{seed}: nothing in a clear scene resembles anything");
        }
        hazards.into_iter().for_each(|look| *kinds.entry(look).or_default() += 1);
    }
    let check = |what: &str, count: usize, of: usize, share: f64| {
        let got = count as f64 / of as f64;
        assert!((got - share).abs() < 0.022, "{what}: {got:.3} and not {share}");
    };
    check("one hazard", planned[1], COUNT, 0.45);
    check("two", planned[2], COUNT, 0.10);
    check("three", planned[3], COUNT, 0.03);
    check("none", clear, COUNT, 0.42);
    check("spoiled", spoiled, COUNT, 0.06);
    let total = kinds.values().sum();
    kinds.iter().for_each(|(look, count)| check(&format!("{look:?}"), *count, total, 1.0 / 6.0));
}

#[test]
fn pictures_are_mixed_as_promised() {
    const COUNT: usize = 500;
    let (mut ranges, mut bearings) = (BTreeMap::<RangeBand, usize>::new(), BTreeMap::<BearingSector, usize>::new());
    let (mut faint, mut borderline, mut short, mut alone, mut named) = (0, 0, 0, 0, 0);
    for seed in 0..COUNT as u64 {
        let (sample, picture) = drawn(Family::Validation, seed, &small());
        faint += usize::from(picture.is_faint);
        borderline += usize::from(picture.is_borderline);
        let seen = picture.hazards.iter().filter(|hazard| hazard.seen.is_some());
        short += usize::from(picture.is_judgeable && seen.clone().count() != sample.planned_hazards);
        alone += usize::from(picture.hazards.iter().any(|hazard| hazard.seen.is_none()));
        for hazard in seen {
            named += 1;
            *ranges.entry(hazard.range().expect("seen")).or_default() += 1;
            *bearings.entry(hazard.bearing().expect("seen")).or_default() += 1;
        }
    }
    assert!(faint <= COUNT / 100 && short <= COUNT / 50 && borderline <= COUNT / 25, "{faint} {short} {borderline}");
    assert!((COUNT / 25..COUNT / 8).contains(&alone), "{alone} dangers that only a sensor knows of");
    let check = |what: String, count: usize, share: f64| {
        let got = count as f64 / named as f64;
        assert!((got - share).abs() < 0.08, "{what}: {got:.3} and not {share}");
    };
    for (range, share) in [(RangeBand::Near, 0.30), (RangeBand::Middle, 0.47), (RangeBand::Far, 0.23)] {
        check(range.to_string(), ranges[&range], share);
    }
    BearingSector::ALL.iter().for_each(|bearing| check(bearing.to_string(), bearings[bearing], 0.2));
}

#[test]
fn where_a_robot_roams_next_to_nothing_is_about() {
    const COUNT: usize = 400;
    let roaming = SceneOptions { roaming: 1.0, ..small() };
    let (mut hazards, mut clear_and_bare, mut near, mut far) = (0, 0, 0, 0);
    for seed in 0..COUNT as u64 {
        let sample = SceneSample::generate(Family::Train, seed, &roaming);
        let harmless = sample.scene.things.iter().filter(|thing| thing.look.kind().is_none()).count();
        // One that is about, three in a long view, and one that hides part of each hazard now and then.
        assert!(harmless <= 3 + sample.planned_hazards, "seed {seed}: {harmless}");
        let [x, y, _] = sample.camera.position_m;
        let is_far = |thing: &Thing| (thing.position_m[0] - x).hypot(thing.position_m[1] - y) > 7.0;
        far += usize::from(sample.scene.things.iter().any(|thing| thing.look.kind().is_none() && is_far(thing)));
        hazards += usize::from(sample.planned_hazards > 0);
        clear_and_bare += usize::from(sample.planned_hazards == 0 && harmless == 0);
        near += usize::from(sample.senses.clearance.is_some_and(|free| free.ahead.distance_m < 1.2));
        // With a share, the others are what they were.
        let plain = SceneSample::generate(Family::Train, seed, &small());
        let mixed = SceneSample::generate(Family::Train, seed, &SceneOptions { roaming: 0.4, ..small() });
        let is_either = [&plain, &sample].iter().any(|of| format!("{:?}", of.scene.things) == format!("{:?}", mixed.scene.things));
        assert!(is_either, "seed {seed}");
    }
    let share = |count: usize| count as f64 / COUNT as f64;
    assert!((0.25..0.45).contains(&share(hazards)), "{hazards} with a hazard");
    assert!((0.25..0.45).contains(&share(clear_and_bare)), "{clear_and_bare} with nothing at all");
    assert!(share(near) > 0.1, "{near} before a wall");
    assert!(share(far) > 0.04, "{far} with something harmless in the distance");
}

#[test]
fn options_are_kept() {
    let near = SceneOptions { kinds: vec![Look::Smoke, Look::Plant], hazard_count: Some(2), ..SceneOptions::easy() };
    for seed in 0..40 {
        let sample = SceneSample::generate(Family::Test, seed, &near);
        assert!(sample.scene.things.iter().all(|thing| thing.look == Look::Smoke) && sample.condition == Condition::Good);
        let [x, y, _] = sample.camera.position_m;
        assert!(sample.scene.things.iter().all(|thing| (thing.position_m[0] - x).hypot(thing.position_m[1] - y) < 2.0));
    }
    let nothing = SceneOptions { kinds: Vec::new(), ..SceneOptions::default() };
    assert!((0..40).all(|seed| SceneSample::generate(Family::Test, seed, &nothing).planned_hazards == 0));
}

#[test]
fn a_spoiled_picture_is_unknown_unless_a_sensor_knows_better() {
    let mut verdicts = BTreeSet::new();
    for condition in Condition::ALL.into_iter().filter(|condition| !condition.is_judgeable()) {
        let options = SceneOptions { condition: Some(condition), ..small() };
        for seed in 0..25 {
            let (_, picture) = drawn(Family::Train, seed, &options);
            assert!(!picture.is_judgeable && picture.hazards.iter().all(|hazard| hazard.seen.is_none()), "{condition:?} {seed}");
            verdicts.insert(picture.verdict().word());
        }
    }
    assert_eq!(verdicts, BTreeSet::from([Verdict::Hazard.word(), Verdict::Unknown.word()]));
}

#[test]
fn things_stand_before_a_photograph() {
    let photograph = RgbPixels::new(64, 48, [90, 120, 150].repeat(64 * 48)).expect("pixels");
    let options = SceneOptions { backdrop: Some(photograph.into()), hazard_count: Some(1), condition: Some(Condition::Good), ..small() };
    let mut shown = 0;
    for seed in 0..30 {
        let (sample, picture) = drawn(Family::Test, seed, &options);
        assert!(sample.scene.backdrop.is_some() && sample.senses.clearance.is_none());
        shown += usize::from(picture.hazards.iter().any(|hazard| hazard.seen.is_some()));
    }
    assert!(shown >= 28, "{shown} of 30");
}

#[test]
fn dressing_changes_looks_only() {
    let map = Map::bundled("home").expect("a map");
    let plain = Scenario::generate(&map, 5, 0.5).expect("a scenario");
    for family in Family::ALL {
        let dressed = plain.clone().dressed(family);
        let mut worlds = [plain.clone(), dressed.clone()].map(World::new);
        let [before, after] = worlds.each_mut().map(|world| messages(world, 20.0));
        // As bytes: some numbers are NaN.
        let bytes = |messages: &[SensorMessage]| messages.iter().map(|message| message.to_cdr().expect("bytes")).collect::<Vec<_>>();
        assert!(bytes(&before) == bytes(&after), "{family}: the sensors say the same");
        let [before, after] = worlds.map(|world| (world.truth(None), world.scene()));
        assert_eq!(before.0, after.0);
        let mut used = Ingredients::default();
        used.add(family, &after.1);
        let own = Ingredients::of(family);
        assert!(used.forms.is_subset(&own.forms) && used.patterns.is_subset(&own.patterns) && used.lamps.is_subset(&own.lamps));
        assert!(family == Family::Train || (!used.has_bundled_style && before.1.building.style != after.1.building.style));
        assert_eq!(format!("{:?}", dressed.clone()), format!("{:?}", plain.clone().dressed(family)));
    }
}

#[test]
fn a_sheet_has_pictures_and_labels_or_is_refused() {
    let sheet = scene_sheet(Family::Test, 3, 2, 1, 0.0).expect("a sheet");
    assert!(sheet.width() >= 400 && sheet.rgb().iter().any(|byte| *byte > 200));
    assert!(scene_sheet(Family::Test, 3, 0, 4, 0.0).is_none() && scene_sheet(Family::Test, 3, 1_000, 1_000, 0.0).is_none());
}

/// What holds for every picture.
fn check_labels(sample: &SceneSample, picture: &LabelledPicture) {
    let key = |hazard: &vedette_simulator::LabelledHazard| {
        (std::cmp::Reverse(hazard.severity), hazard.seen.as_ref().map(|seen| (seen.range_m * 1e6) as i64))
    };
    assert!(picture.hazards.len() <= 3 && picture.hazards.is_sorted_by_key(key));
    for hazard in &picture.hazards {
        let Some(seen) = &hazard.seen else { continue };
        let [left, top, width, height] = seen.box_px;
        assert_eq!(seen.range, RangeBand::containing(seen.range_m));
        assert!(left + width <= picture.pixels.width() && top + height <= picture.pixels.height() && seen.pixels > 0);
        // A lens may draw two of the pixels that were counted into one.
        let counted = seen.cells.iter().sum::<u32>();
        assert!(seen.pixels <= counted && counted <= seen.pixels + seen.pixels / 10 + 4, "{hazard:?}");
        assert_eq!(seen.cells.len(), (sample.grid[0] * sample.grid[1]) as usize);
        assert!(hazard.severity == Severity::High || hazard.kind.as_str() != "person_down");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]
    #[test]
    fn any_seed_makes_a_sound_scene(
        seed in any::<u64>(), family in 0..3_usize, kind in 0..7_usize, hazards in 0..5_usize, range in 0..4_usize, side in 1..90_u32, likes: bool,
        roams: bool,
    ) {
        let options = SceneOptions {
            kinds: Look::ALL[..6].iter().copied().filter(|look| kind == 6 || *look == Look::ALL[kind]).collect(),
            hazard_count: (hazards < 4).then_some(hazards),
            range: RangeBand::ALL.get(range).copied(),
            has_look_alikes: likes,
            roaming: if roams { 0.7 } else { 0.0 },
            width_px: side,
            height_px: 3 * side / 4 + 1,
            grid: [1 + side % 7, 3],
            ..SceneOptions::default()
        };
        let sample = SceneSample::generate(Family::ALL[family], seed, &options);
        let building = &sample.scene.building;
        let is_free = |[x, y]: [f64; 2]| {
            let [column, row] = [x, y].map(|metres| (metres / building.resolution_m) as usize);
            column < building.width && !building.is_solid[row * building.width + column]
        };
        let [x, y, z] = sample.camera.position_m;
        prop_assert!(is_free([x, y]) && z > 0.15 && z < building.ceiling_m);
        prop_assert!(sample.scene.things.iter().all(|thing| is_free(thing.position_m) && thing.form < thing.look.forms()));
        prop_assert!(sample.scene.lights.len() <= 8 && !sample.scene.lights.is_empty());
        let gas = sample.senses.gas.map_or(0.0, |(_, ppm)| ppm);
        prop_assert!((0.0..1e6).contains(&gas) && sample.senses.celsius.is_none_or(|celsius| (0.0..500.0).contains(&celsius)));
        check_labels(&sample, &sample.picture(1).expect("a picture"));
    }
}

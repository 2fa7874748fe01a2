//! One scene put together. In -> out: wishes -> a building, a camera that sees what is wished for, things, light, what the sensors say. Which
//! wishes, and what happens when they cannot be had, is decided by the caller.

use super::{
    Family, Layout, SceneOptions, SceneSample,
    brief::{Brief, Wish},
    decor, layout, lighting,
    placement::{self, Candidate, Site},
    senses::{self, Senses},
    sight::Sight,
};
use crate::{
    random::Random,
    robot::FloorPose,
    scene::{Building, Camera, Look, Scene, Thing},
};
use std::sync::Arc;
use vedette_types::BearingSector;

/// Places tried where nothing but a place is wanted.
const PLACES: usize = 16;
/// Harmless things stand so near, metres, and as far as there is free sight.
const HARMLESS_M: f64 = 7.0;
/// Harmless things, and how much likelier than the rarest each is.
const HARMLESS: [(Look, usize); 10] = [
    (Look::RedCloth, 3),
    (Look::OrangeCone, 3),
    (Look::LampInSteam, 3),
    (Look::BlueMat, 3),
    (Look::Shadow, 3),
    (Look::PersonStanding, 3),
    (Look::PersonSitting, 3),
    (Look::BoxStack, 3),
    (Look::Table, 2),
    (Look::Plant, 2),
];
/// In a scene without hazards there are at least so many of them.
const FEWEST_LOOK_ALIKES: usize = 2;
/// What is put before a hazard to hide part of it.
const HIDERS: [Look; 5] = [Look::BoxStack, Look::Table, Look::Plant, Look::OrangeCone, Look::PersonSitting];
/// Share of training scenes with one or two things more, so that what stands about is not always little.
const CLUTTERED: f64 = 0.3;
/// Share of hazards that something stands before.
const HIDDEN: f64 = 0.15;

/// A building with a camera and things in it.
pub(super) struct Shot {
    layout: Layout,
    building: Building,
    mood: lighting::Mood,
    camera: Camera,
    things: Vec<Thing>,
}

impl Shot {
    /// `None` when some hazard has no room.
    pub(super) fn try_draw(family: Family, wishes: &[Wish], brief: &Brief, options: &SceneOptions, random: &mut Random) -> Option<Self> {
        let depth_m = wishes.iter().map(|wish| placement::distance_in_m(wish.range, random)).fold(brief.free_m, f64::max);
        let aim = wishes.first().map(|wish| wish.bearing);
        let mut shot = Self::begin(family, depth_m, aim, options, random)?;
        let mut site = Site::new(&shot.building, Sight::of(&shot.camera));
        for (number, wish) in wishes.iter().enumerate() {
            let candidate = Candidate { look: wish.look, form: family.form(wish.look, random), stage: wish.stage };
            // The view was chosen for the first; a further one may stand elsewhere in it.
            let others = random.index(5);
            let elsewhere = (0..5).filter_map(|step| BearingSector::ALL.get((others + step) % 5)).filter(|_| number > 0);
            let mut wishes = [wish.bearing].into_iter().chain(elsewhere.copied()).map(|bearing| Wish { bearing, ..*wish });
            if !wishes.any(|wish| site.hazard(&wish, candidate, random)) {
                return None;
            }
            if options.has_look_alikes && random.chance(HIDDEN) {
                site.before_the_last(harmless(family, HIDERS.get(random.index(HIDERS.len())).copied(), random), random);
            }
        }
        let fewest = if options.has_look_alikes && wishes.is_empty() && !brief.is_roaming { FEWEST_LOOK_ALIKES } else { 0 };
        let is_cluttered = options.has_look_alikes && !brief.is_roaming && family == Family::Train && random.chance(CLUTTERED);
        let more = if is_cluttered { 1 + random.index(2) } else { 0 };
        let wanted = brief.look_alikes.max(fewest) + more;
        let reach_m = brief.free_m.max(HARMLESS_M);
        let mut placed = 0;
        for _ in 0..2 * wanted {
            placed += usize::from(placed < wanted && site.harmless(harmless(family, None, random), reach_m, random));
        }
        // What is clear is to look like something, but where a robot roams.
        if placed < fewest {
            return None;
        }
        shot.things = site.into_things();
        Some(shot)
    }

    /// A place with `depth_m` of free sight in the direction of `aim`, or anywhere in the picture.
    fn begin(family: Family, depth_m: f64, aim: Option<BearingSector>, options: &SceneOptions, random: &mut Random) -> Option<Self> {
        let layouts = family.layouts();
        let layout = layouts.get(random.index(layouts.len())).copied()?;
        let style = decor::style(family, random);
        let building = match options.backdrop {
            Some(_) => layout::open_field(style, [0.0; 2], 4.0),
            None => layout::build(layout, depth_m, style, random),
        };
        let pose = placement::viewpoint(&building, depth_m + 0.4, random)?;
        let mood = lighting::mood(random);
        let mut camera = lighting::camera(&pose, &mood, building.ceiling_m, options, random);
        let aim = aim.map_or_else(|| random.within(0.1, 0.9), |bearing| 0.1 + 0.2 * f64::from(bearing as u8));
        camera.yaw_rad += ((2.0 * aim - 1.0) * (0.5 * camera.horizontal_fov_rad).tan()).atan();
        Some(Self { layout, building, mood, camera, things: Vec::new() })
    }

    /// Nothing but a place: what is left when nothing else had room.
    pub(super) fn empty(family: Family, options: &SceneOptions, random: &mut Random) -> Self {
        for _ in 0..PLACES {
            if let Some(shot) = Self::begin(family, 1.0, None, options, random) {
                return shot;
            }
        }
        let building = layout::open_field(decor::style(family, random), [0.0; 2], 3.0);
        let mood = lighting::mood(random);
        let camera = lighting::camera(&FloorPose::default(), &mood, building.ceiling_m, options, random);
        Self { layout: Layout::Hall, building, mood, camera, things: Vec::new() }
    }

    pub(super) fn sample(
        self,
        family: Family,
        seed: u64,
        planned: usize,
        brief: &Brief,
        options: &SceneOptions,
        random: &mut Random,
    ) -> SceneSample {
        let Self { layout, building, mood, camera, things } = self;
        let lights = lighting::lights(&building, &mood, [camera.position_m[0], camera.position_m[1]], random);
        let scene = Scene {
            building: Arc::new(building),
            things,
            lights,
            ambient: mood.ambient as f32,
            appearance_seed: random.bits(),
            backdrop: options.backdrop.clone(),
        };
        let has_sensors = options.has_sensors;
        let senses = if has_sensors { senses::sense(&scene, &camera, brief.alarm, random) } else { Senses::default() };
        SceneSample {
            family,
            seed,
            layout,
            scene,
            camera,
            senses,
            has_sensors,
            condition: brief.condition,
            planned_hazards: planned,
            grid: options.grid,
        }
    }
}

/// Something harmless: `look`, or whatever comes.
fn harmless(family: Family, look: Option<Look>, random: &mut Random) -> Candidate {
    let total: usize = HARMLESS.iter().map(|(_, weight)| weight).sum();
    let mut left = random.index(total);
    let mut drawn = Look::BoxStack;
    for (look, weight) in HARMLESS {
        if left < weight {
            drawn = look;
            break;
        }
        left -= weight;
    }
    let look = look.unwrap_or(drawn);
    Candidate { look, form: family.form(look, random), stage: 1.0 }
}

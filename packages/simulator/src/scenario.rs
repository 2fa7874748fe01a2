//! What happens during one patrol. In -> out: a map, a seed and a length -> route, hazards with their times and places, look-alikes,
//! furniture, lamps and air. Everything is fixed before the first step; nothing here reads a clock or knows what the robot will decide.

mod hazard;
mod placement;
mod surroundings;

pub use hazard::HazardEvent;

use crate::{
    map::Map,
    random::Random,
    robot::CRUISE_MPS,
    route::{Route, RouteError},
    scene::{Light, Look, Thing},
    scenes::{Family, decor},
};
use placement::{Placed, Placer, Track};

/// Largest seed: what JSON and other languages can hold exactly.
const MAX_SEED: u64 = (1 << 53) - 1;
/// Longest patrol, minutes.
const MAX_MINUTES: f64 = 240.0;
/// Hazards in a minute where nothing else is said.
const HAZARDS_PER_MINUTE: f64 = 5.0;
/// Most hazards of one scenario.
const MAX_HAZARDS: usize = 2_000;

/// A scenario that cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ScenarioError {
    /// The route cannot be driven.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// JSON could not hold the seed exactly.
    #[error("seed must be 0 to {MAX_SEED}, got {seed}")]
    SeedOutOfRange {
        /// The seed asked for.
        seed: u64,
    },
    /// The length is no length.
    #[error("minutes must be above 0 and at most {MAX_MINUTES}, got {minutes}")]
    BadLength {
        /// The length asked for.
        minutes: f64,
    },
    /// More hazards than a scenario holds.
    #[error("a scenario has at most {MAX_HAZARDS} hazards, got {count}")]
    TooManyHazards {
        /// The number asked for.
        count: usize,
    },
}

/// What is wished for.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Decides everything that is left open, 0 to 2^53 - 1.
    pub seed: u64,
    /// Length of the patrol, minutes.
    pub minutes: f64,
    /// Name of the route.
    pub route: String,
    /// Number of hazards; `None` takes five a minute.
    pub hazard_count: Option<usize>,
}

impl Default for Plan {
    fn default() -> Self {
        Self { seed: 1, minutes: 1.0, route: "patrol".to_owned(), hazard_count: None }
    }
}

/// Which gas leaks, as the sensor names it, and how strongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gas {
    /// Carbon monoxide: 50 ppm are too much.
    Co,
    /// Liquefied petroleum gas: 2000 ppm are a tenth of the lower explosive limit.
    Lpg,
}

impl Gas {
    /// The sensor's name for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Co => "co",
            Self::Lpg => "lpg",
        }
    }

    /// From this concentration on an observer should have noticed it, ppm: the limits named above.
    pub const fn noticeable_ppm(self) -> f64 {
        match self {
            Self::Co => 50.0,
            Self::Lpg => 2_000.0,
        }
    }

    /// Concentration at the opening of a full leak, ppm.
    pub(crate) const fn source_ppm(self) -> f64 {
        match self {
            Self::Co => 450.0,
            Self::Lpg => 18_000.0,
        }
    }

    /// What clean air reads, ppm.
    pub(crate) const fn background_ppm(self) -> f64 {
        match self {
            Self::Co => 1.5,
            Self::Lpg => 12.0,
        }
    }
}

/// A draught that turns slowly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wind {
    /// m/s.
    pub speed_mps: f64,
    /// Where it blows to on average, radians.
    pub heading_rad: f64,
    /// How far it swings to each side, radians.
    pub swing_rad: f64,
    /// Time of one swing, seconds.
    pub period_secs: f64,
}

impl Wind {
    /// Where it blows to at a time, radians.
    pub(crate) fn heading_at(&self, secs: f64) -> f64 {
        self.heading_rad + self.swing_rad * (std::f64::consts::TAU * secs / self.period_secs).sin()
    }
}

/// One patrol, decided from start to end.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Where.
    pub map: Map,
    /// The seed it was made from; sensor noise follows from it too.
    pub seed: u64,
    /// How long, seconds.
    pub duration_secs: f64,
    /// The way of the robot.
    pub route: Route,
    /// The dangers, by onset.
    pub hazards: Vec<HazardEvent>,
    /// Look-alikes and furniture: there from start to end, harmless.
    pub things: Vec<Thing>,
    /// Lamps.
    pub lights: Vec<Light>,
    /// Light from everywhere, 0 to 1.
    pub ambient: f32,
    /// Exposure factor of the camera.
    pub exposure: f32,
    /// Which gas leaks.
    pub gas: Gas,
    /// How the air moves.
    pub wind: Wind,
    /// Decides textures.
    pub appearance_seed: u64,
    /// The truth names wrong kinds, the sensors do not: for the test that nothing on the robot reads the truth.
    pub is_truth_wrong: bool,
}

impl Scenario {
    /// The patrol `patrol` of `map` with the usual number of hazards.
    ///
    /// # Errors
    /// See [`ScenarioError`].
    pub fn generate(map: &Map, seed: u64, minutes: f64) -> Result<Self, ScenarioError> {
        Self::from_plan(map, &Plan { seed, minutes, ..Plan::default() })
    }

    /// A patrol as wished for.
    ///
    /// # Errors
    /// See [`ScenarioError`].
    pub fn from_plan(map: &Map, plan: &Plan) -> Result<Self, ScenarioError> {
        let &Plan { seed, minutes, hazard_count, .. } = plan;
        if seed > MAX_SEED {
            return Err(ScenarioError::SeedOutOfRange { seed });
        }
        // Written so that NaN is refused too.
        if !(minutes > 0.0 && minutes <= MAX_MINUTES) {
            return Err(ScenarioError::BadLength { minutes });
        }
        let duration_secs = minutes * 60.0;
        let count = hazard_count.unwrap_or(((minutes * HAZARDS_PER_MINUTE).round() as usize).max(1));
        if count > MAX_HAZARDS {
            return Err(ScenarioError::TooManyHazards { count });
        }
        let mut random = Random::new(seed, "scenario");
        let route = Route::plan(map, &plan.route, random.index(1 << 16), random.chance(0.5))?;
        let track = Track::of(&route, duration_secs);
        let mut placer = Placer::new(map, &route, &track, Random::new(seed, "placement"));
        let mut hazards = hazard::schedule(&mut placer, count, duration_secs, &mut Random::new(seed, "hazards"));
        hazards.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
        for (event, id) in hazards.iter_mut().zip(1..) {
            event.id = id;
        }
        let first_id = hazards.len() as u32 + 1;
        let mut random = Random::new(seed, "surroundings");
        let things = surroundings::things(&mut placer, first_id, duration_secs, &mut random);
        let (lights, ambient) = surroundings::lights(map, &mut random);
        Ok(Self {
            map: map.clone(),
            seed,
            duration_secs,
            route,
            hazards,
            things,
            lights,
            ambient,
            exposure: random.within(0.85, 1.2) as f32,
            gas: if random.chance(0.5) { Gas::Co } else { Gas::Lpg },
            wind: surroundings::wind(&mut random),
            appearance_seed: random.bits(),
            is_truth_wrong: false,
        })
    }

    /// The same patrol in the appearance of a family: its patterns, colours, lamps and forms, chosen by the patrol's seed. Where things are, what
    /// happens and what the other sensors say stays as it is.
    #[must_use]
    pub fn dressed(mut self, family: Family) -> Self {
        let random = &mut Random::new(self.seed, family.word());
        self.map = self.map.with_style(decor::style(family, random));
        for thing in &mut self.things {
            thing.form = family.form(thing.look, random);
        }
        for hazard in &mut self.hazards {
            hazard.form = family.form(hazard.look, random);
        }
        self
    }

    /// The same patrol with a truth that names wrong kinds.
    #[must_use]
    pub fn with_wrong_truth(self) -> Self {
        Self { is_truth_wrong: true, ..self }
    }
}

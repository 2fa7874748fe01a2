//! Which patrol is simulated: the options that `demo`, `sim` and `up --sim` share. In -> out: a command line -> a scenario. It plays nothing.

use anyhow::{Context, Result};
use clap::Args;
use std::path::Path;
use vedette_simulator::{Map, Plan, Scenario};

/// The options.
#[derive(Args, Clone, Debug)]
pub(crate) struct PatrolArguments {
    /// Building: warehouse, home or office, or the .yaml of a map of your own
    #[arg(long, default_value = "warehouse", value_name = "MAP")]
    pub(crate) map: String,
    /// Decides hazards, look-alikes and appearance
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Length of the patrol
    #[arg(long, default_value_t = 1.0)]
    minutes: f64,
    /// Patrol route of the map
    #[arg(long, default_value = "patrol")]
    route: String,
    /// Number of hazards [default: five a minute]
    #[arg(long, value_name = "COUNT")]
    hazard_count: Option<usize>,
    /// Threads of the renderer; the pictures do not depend on it
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub(crate) threads: u8,
}

impl PatrolArguments {
    /// The patrol that is meant.
    pub(crate) fn scenario(&self) -> Result<Scenario> {
        let is_file = Path::new(&self.map).extension().is_some_and(|extension| extension == "yaml");
        let map = if is_file { Map::load(Path::new(&self.map)) } else { Map::bundled(&self.map) };
        let map = map.with_context(|| format!("cannot use map {}", self.map))?;
        let plan = Plan { seed: self.seed, minutes: self.minutes, route: self.route.clone(), hazard_count: self.hazard_count };
        Ok(Scenario::from_plan(&map, &plan)?)
    }
}

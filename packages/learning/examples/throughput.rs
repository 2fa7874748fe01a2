//! Where the time of training goes: rendering, examples, forward and backward.
#![expect(clippy::print_stdout, reason = "an example")]
use std::error::Error;
use std::sync::Arc;
use std::time::Instant;
use vedette_learning::{Photographs, Recipe, Source, SourceSettings};
use vedette_simulator::Family;

fn main() -> Result<(), Box<dyn Error>> {
    let vision = Recipe::shipped().shape.vision;
    let settings = SourceSettings { first_seed: 7, photographs: 0.0, backdrops: 0.0 };
    let source = Source::new(Family::Train, settings, vision.side_px, vision.patches_to_a_side(), Arc::new(Photographs::default()));
    let start = Instant::now();
    let count = (0..200).filter_map(|number| source.picture(number)).count();
    println!("{count} pictures, {:.2} ms each", start.elapsed().as_secs_f64() * 1e3 / 200.0);
    Ok(())
}

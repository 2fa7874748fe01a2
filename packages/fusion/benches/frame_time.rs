//! Percentiles of the time that fusion takes for one frame; criterion gives means only.
//!
//! In -> out: `cargo bench -p vedette-fusion --bench frame_time` -> one line a camera: p50, p99, and the share of a core at 30 Hz.
//! Deliberately absent: pass or fail. The budget (p99 under 3 ms) is checked by reading.
//!
//! The same stream runs several times. Printed are the percentiles over all runs, and those over the shortest time of each frame: on a
//! machine that also does other work, the difference is what that work took.

mod stream;

use std::time::Instant;
use stream::{Camera, Stream, step};
use vedette_fusion::{Fusion, FusionParams, Look};

const FRAMES: usize = 3000;
const RUNS: usize = 7;

#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() {
    for (name, camera) in [("raw rgb8 640x480", Camera::Raw), ("jpeg 640x480", Camera::Jpeg)] {
        let runs: Vec<Vec<(f64, bool)>> = (0..RUNS).map(|_| run(camera)).collect();
        let mut shortest = runs.first().cloned().unwrap_or_default();
        for run in &runs {
            for (shortest, again) in shortest.iter_mut().zip(run) {
                shortest.0 = shortest.0.min(again.0);
            }
        }
        println!("{name}, {RUNS} runs of {FRAMES} frames");
        println!("  all runs:                    {}", summary(&runs.concat()));
        println!("  shortest time of each frame: {}", summary(&shortest));
    }
}

fn summary(frames: &[(f64, bool)]) -> String {
    let mut all: Vec<f64> = frames.iter().map(|frame| frame.0).collect();
    let mut looked: Vec<f64> = frames.iter().filter(|frame| frame.1).map(|frame| frame.0).collect();
    let core_percent = all.iter().sum::<f64>() / all.len() as f64 * 30.0 / 1e6 * 100.0;
    format!(
        "every frame p50 {:.0} us, p99 {:.0} us; frames looked at p50 {:.0} us, p99 {:.0} us; {core_percent:.2} % of a core at 30 Hz",
        percentile(&mut all, 50),
        percentile(&mut all, 99),
        percentile(&mut looked, 50),
        percentile(&mut looked, 99),
    )
}

/// Of every frame: microseconds, and whether it was looked at.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the wall clock")]
fn run(camera: Camera) -> Vec<(f64, bool)> {
    let mut stream = Stream::new(camera);
    let mut fusion = Fusion::new(FusionParams::default());
    let measured = (0..FRAMES).map(|_| {
        let readings = stream.next_frame();
        let begin = Instant::now();
        let look = step(&mut fusion, readings);
        (begin.elapsed().as_secs_f64() * 1e6, look != Look::Nothing)
    });
    measured.collect()
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() * percent / 100).copied().unwrap_or(f64::NAN)
}

//! Percentiles of the time that fusion takes for one frame; criterion gives means only.
//!
//! In -> out: `cargo bench -p vedette-fusion --bench frame_time` -> one line a camera: p50, p99, and the share of a core at 30 Hz.
//! Deliberately absent: pass or fail. The budget (p99 under 3 ms) is checked by reading.

mod stream;

use std::time::Instant;
use stream::{Camera, Stream, step};
use vedette_fusion::{Fusion, FusionParams, Look};

const FRAMES: usize = 3000;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures the wall clock")]
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() {
    // Unlike criterion's, these runs are short enough for `cargo test --benches` too.
    for (name, camera) in [("raw rgb8 640x480", Camera::Raw), ("jpeg 640x480", Camera::Jpeg)] {
        let mut stream = Stream::new(camera);
        let mut fusion = Fusion::new(FusionParams::default());
        let (mut all, mut looked) = (Vec::with_capacity(FRAMES), Vec::with_capacity(FRAMES));
        for _ in 0..FRAMES {
            let readings = stream.next_frame();
            let begin = Instant::now();
            let look = step(&mut fusion, readings);
            let micros = begin.elapsed().as_secs_f64() * 1e6;
            all.push(micros);
            if look != Look::Nothing {
                looked.push(micros);
            }
        }
        let core_percent = all.iter().sum::<f64>() / FRAMES as f64 * 30.0 / 1e6 * 100.0;
        println!(
            "{name}: every frame p50 {:.0} us, p99 {:.0} us; {} frames looked at p50 {:.0} us, p99 {:.0} us; {core_percent:.2} % of a core at 30 Hz",
            percentile(&mut all, 50),
            percentile(&mut all, 99),
            looked.len(),
            percentile(&mut looked, 50),
            percentile(&mut looked, 99),
        );
    }
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() * percent / 100).copied().unwrap_or(f64::NAN)
}

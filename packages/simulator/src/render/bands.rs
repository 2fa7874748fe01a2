//! A picture worked on in bands of rows by several threads.
//!
//! In -> out: a buffer and what to do with a band -> the buffer filled. Who works on which band does not matter as long as a band is computed
//! by itself; that is the caller's part. Deliberately absent: a pool; threads live for one picture.

use super::canvas::BAND_ROWS;
use std::sync::{Mutex, PoisonError};

/// Most threads that are started for a picture.
const MOST_THREADS: usize = 64;

/// Cuts `pixels`, rows of `row_len` elements, into bands; each thread begins with its own `state`, calls `work(state, first row, band)` for
/// one band after the other, and hands its state to `end`.
pub(super) fn each<T: Send, S>(
    (pixels, row_len): (&mut [T], usize),
    threads: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize, &mut [T]) + Sync,
    end: impl Fn(S) + Sync,
) {
    let rows = pixels.len() / row_len.max(1);
    let threads = threads.clamp(1, MOST_THREADS).min(rows.div_ceil(BAND_ROWS));
    let queue = Mutex::new(pixels.chunks_mut((row_len * BAND_ROWS).max(1)).enumerate());
    let run = || {
        let mut state = state();
        loop {
            let next = queue.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((number, band)) = next else { break };
            work(&mut state, number * BAND_ROWS, band);
        }
        end(state);
    };
    std::thread::scope(|scope| {
        for number in 1..threads {
            // Where no thread can be had, the others work on its bands.
            let _ = std::thread::Builder::new().name(format!("render-{number}")).spawn_scoped(scope, run);
        }
        run();
    });
}

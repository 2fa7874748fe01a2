//! Decoders under attack: messages with flipped bytes, cut ends and spliced lengths. Nothing panics, and nothing allocates more than a
//! small multiple of what came in. A file of its own, because it counts what the allocator of the whole program hands out.
#![expect(unsafe_code, reason = "a counting allocator cannot be written without; it forwards every call to the system's")]

mod fabricate;

use fabricate::fabricate;
use proptest::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use vedette_messages::{RosMsg, from_ros, sensor_msgs};

thread_local! {
    static HELD_BYTES: Cell<usize> = const { Cell::new(0) };
    static PEAK_BYTES: Cell<usize> = const { Cell::new(0) };
}

struct Counting;

fn count(grown_bytes: usize, freed_bytes: usize) {
    // A thread that is going away has no counters any more; it is not the one being measured.
    let _ = HELD_BYTES.try_with(|held| {
        let peak = held.get().saturating_add(grown_bytes);
        let _ = PEAK_BYTES.try_with(|most| most.set(most.get().max(peak)));
        held.set(peak.saturating_sub(freed_bytes));
    });
}

// SAFETY: every method passes its arguments on to `System` unchanged; counting neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the caller's contract is the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: the caller's contract is the same.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // Old and new block may exist side by side.
        count(new_size, layout.size());
        // SAFETY: the caller's contract is the same.
        unsafe { System.realloc(block, layout, new_size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Most bytes held at once, beyond what was held before, while `work` ran.
fn peak_bytes(work: impl FnOnce()) -> usize {
    let before = HELD_BYTES.get();
    PEAK_BYTES.set(before);
    work();
    PEAK_BYTES.get() - before
}

/// A text of length 0 is 4 bytes on the wire and 24 in memory, and a growing vector holds its old and new block at once: 18 times the input.
/// The constant covers error texts.
const fn allowed_bytes(input_bytes: usize) -> usize {
    20 * input_bytes + 1024
}

#[derive(Clone, Debug)]
enum Mutation {
    Flip { at: prop::sample::Index, mask: u8 },
    Cut { at: prop::sample::Index },
    Splice { at: prop::sample::Index, word: u32 },
    Swap { from: prop::sample::Index, to: prop::sample::Index, length: usize },
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let word = prop_oneof![Just(u32::MAX), Just(0), Just(i32::MAX as u32), 0_u32..400, any::<u32>()];
    prop_oneof![
        (any::<prop::sample::Index>(), 1..=u8::MAX).prop_map(|(at, mask)| Mutation::Flip { at, mask }),
        any::<prop::sample::Index>().prop_map(|at| Mutation::Cut { at }),
        (any::<prop::sample::Index>(), word).prop_map(|(at, word)| Mutation::Splice { at, word }),
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_usize..64).prop_map(|(from, to, length)| Mutation::Swap {
            from,
            to,
            length
        }),
    ]
}

fn apply(bytes: &mut Vec<u8>, mutation: &Mutation) {
    let length_bytes = bytes.len();
    if length_bytes == 0 {
        return;
    }
    match mutation {
        Mutation::Flip { at, mask } => bytes[at.index(length_bytes)] ^= mask,
        Mutation::Cut { at } => bytes.truncate(at.index(length_bytes)),
        Mutation::Splice { at, word } => {
            let at = at.index(length_bytes) & !3;
            for (slot, byte) in bytes.iter_mut().skip(at).zip(word.to_le_bytes()) {
                *slot = byte;
            }
        }
        Mutation::Swap { from, to, length } => {
            let from = from.index(length_bytes);
            let piece = bytes[from..(from + length).min(length_bytes)].to_vec();
            for (slot, byte) in bytes.iter_mut().skip(to.index(length_bytes)).zip(piece) {
                *slot = byte;
            }
        }
    }
}

macro_rules! golden {
    ($($file:literal),* $(,)?) => {
        /// Real messages, both byte orders.
        const GOLDEN: &[&[u8]] = &[$(
            include_bytes!(concat!("golden/", $file, ".le.cdr")), include_bytes!(concat!("golden/", $file, ".be.cdr"))
        ),*];
    };
}
golden!(
    "battery_state",
    "camera_info",
    "compressed_image",
    "decision",
    "gas_reading",
    "image",
    "imu",
    "laser_scan",
    "odometry",
    "point_cloud2",
    "range",
    "temperature",
    "tf_message",
);

macro_rules! attack_each {
    ($($message:ty),* $(,)?) => {
        /// An arbitrary message of each type.
        fn fabricated(seed: u64) -> Vec<Vec<u8>> {
            vec![$(fabricate::<$message>(seed).to_cdr().expect("encodes")),*]
        }

        /// `bytes` decoded as every type and, where it is read, checked at the border.
        fn attack(bytes: &[u8]) -> Result<(), TestCaseError> {
            $(
                let peak = peak_bytes(|| {
                    let _ = std::hint::black_box(<$message>::from_cdr(bytes));
                });
                prop_assert!(peak <= allowed_bytes(bytes.len()), "{}: {peak} bytes for {}", <$message>::TYPE, bytes.len());
                let peak = peak_bytes(|| {
                    let _ = std::hint::black_box(from_ros::reading(<$message>::TYPE, "/tf", bytes));
                });
                prop_assert!(peak <= allowed_bytes(bytes.len()), "{} reading: {peak} bytes for {}", <$message>::TYPE, bytes.len());
            )*
            Ok(())
        }
    };
}
vedette_messages::for_each_message!(attack_each);

proptest! {
    #[test]
    fn mutated_messages_stay_small(
        seed in any::<u64>(),
        which in any::<prop::sample::Index>(),
        mutations in prop::collection::vec(mutation(), 0..5),
    ) {
        let mut messages: Vec<Vec<u8>> = GOLDEN.iter().map(|bytes| bytes.to_vec()).collect();
        messages.extend(fabricated(seed));
        let mut bytes = which.get(&messages).clone();
        for mutation in &mutations {
            apply(&mut bytes, mutation);
        }
        attack(&bytes)?;
    }

    #[test]
    fn noise_stays_small(header in prop_oneof![Just([0, 0, 0, 0]), Just([0, 1, 0, 0])], body in prop::collection::vec(any::<u8>(), 0..600)) {
        attack(&[header.as_slice(), &body].concat())?;
    }
}

#[test]
fn the_longest_run_of_the_smallest_elements_stays_small() {
    // The worst case behind `allowed_bytes`: as many empty texts as fit.
    for count in [10_u32, 1000, 100_000] {
        let mut bytes = vec![0, 1, 0, 0];
        bytes.extend([0; 32]);
        bytes.extend(count.to_le_bytes());
        bytes.extend(vec![0; count as usize * 4]);
        attack(&bytes).expect("within bounds");
    }
}

#[test]
fn an_image_is_copied_once() {
    let image = sensor_msgs::Image {
        encoding: "rgb8".to_owned(),
        width: 640,
        height: 480,
        step: 1920,
        data: vec![7; 640 * 480 * 3],
        ..Default::default()
    };
    let bytes = image.to_cdr().expect("encodes");
    let peak = peak_bytes(|| {
        from_ros::reading("sensor_msgs/msg/Image", "/camera/image_raw", &bytes).expect("a good picture");
    });
    assert!(peak < image.data.len() + 1024, "{peak} bytes held for a picture of {}", image.data.len());
}

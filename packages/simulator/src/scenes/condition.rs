//! Pictures that cannot be judged. In -> out: the pixels of a good picture and what is wrong -> the spoiled ones. What lies behind the lens
//! cannot be told from the result; dark, noisy and blurred pictures that can still be judged are the camera's business.

use crate::random::Random;
use vedette_types::RgbPixels;

/// Share of pictures that cannot be judged.
const SPOILED: f64 = 0.06;

/// Whether a picture can be judged, and what is wrong if not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Condition {
    /// It can be judged.
    Good,
    /// Something covers the lens, or there is no light at all.
    Covered,
    /// Everything is white.
    BlownOut,
    /// The sensor or the link delivers noise or torn rows.
    Garbled,
    /// So far out of focus that shapes are lost.
    Blurred,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 5] = [Self::Good, Self::Covered, Self::BlownOut, Self::Garbled, Self::Blurred];

    /// Whether the picture can be judged.
    pub const fn is_judgeable(self) -> bool {
        matches!(self, Self::Good)
    }

    pub(super) fn draw(random: &mut Random) -> Self {
        let spoiled = [Self::Covered, Self::BlownOut, Self::Garbled, Self::Blurred];
        let which = random.index(spoiled.len());
        if random.chance(SPOILED) { spoiled.get(which).copied().unwrap_or(Self::Covered) } else { Self::Good }
    }

    /// The picture with this condition; the same for a good one.
    pub(super) fn apply(self, pixels: RgbPixels, seed: u64) -> RgbPixels {
        let random = &mut Random::new(seed, "scene/condition");
        let (width, height) = (pixels.width(), pixels.height());
        let bytes = match self {
            Self::Good => return pixels,
            Self::Covered => covered(pixels.rgb(), width as usize, random),
            Self::BlownOut => blown_out(pixels.rgb(), random),
            Self::Garbled => garbled(pixels.rgb(), width as usize, random),
            Self::Blurred => blurred(pixels.rgb(), width as usize, random),
        };
        RgbPixels::new(width, height, bytes).unwrap_or(pixels)
    }
}

/// Nearly black, or the dull brown of a finger or a rag with a little light at one side.
fn covered(rgb: &[u8], width: usize, random: &mut Random) -> Vec<u8> {
    let base: [f64; 3] = match random.index(3) {
        0 => [2.0, 2.0, 3.0],
        1 => [38.0, 18.0, 12.0],
        _ => [22.0, 22.0, 24.0],
    };
    let strength = random.within(0.5, 1.3);
    let (lean, noise) = (random.within(-0.6, 0.6), random.within(0.5, 4.0));
    let mut bytes = Vec::with_capacity(rgb.len());
    for place in 0..rgb.len() / 3 {
        let across = (place % width.max(1)) as f64 / width.max(1) as f64 - 0.5;
        let light = strength * (1.0 + lean * across);
        bytes.extend(base.map(|channel| (channel * light + noise * random.normal()) as u8));
    }
    bytes
}

/// White but for the faintest trace of the darkest places.
fn blown_out(rgb: &[u8], random: &mut Random) -> Vec<u8> {
    let (gain, lift) = (random.within(0.0, 0.1), random.within(236.0, 250.0));
    rgb.iter().map(|byte| (lift + gain * f64::from(*byte) + 1.5 * random.normal()) as u8).collect()
}

/// Noise all over, or rows that are moved at random with noise between.
fn garbled(rgb: &[u8], width: usize, random: &mut Random) -> Vec<u8> {
    let is_noise = random.chance(0.5);
    let is_grey = random.chance(0.3);
    let line = 3 * width.max(1);
    let mut bytes = Vec::with_capacity(rgb.len());
    for row in rgb.chunks(line) {
        if is_noise || random.chance(0.3) {
            for _ in 0..row.len() / 3 {
                let bits = random.bits().to_le_bytes();
                bytes.extend(if is_grey { [bits[0]; 3] } else { [bits[0], bits[1], bits[2]] });
            }
        } else {
            let by = 3 * random.index(row.len() / 3);
            bytes.extend(row[by..].iter().chain(&row[..by]));
        }
    }
    bytes
}

/// Three box filters, near enough to a disc of a tenth of the width.
fn blurred(rgb: &[u8], width: usize, random: &mut Random) -> Vec<u8> {
    let radius = ((width as f64 * random.within(0.10, 0.16)) as usize).max(1);
    let line = width.max(1);
    let height = rgb.len() / 3 / line;
    let mut image: Vec<f32> = rgb.iter().map(|byte| f32::from(*byte)).collect();
    for _ in 0..2 {
        for row in 0..height {
            box_filter(&mut image, row * line * 3, 3, line, radius);
        }
        for column in 0..line {
            box_filter(&mut image, column * 3, line * 3, height, radius);
        }
    }
    image.iter().map(|value| *value as u8).collect()
}

/// Mean over `2 radius + 1` pixels from `start` in steps of `stride`, all three channels; the edge pixel repeats.
fn box_filter(image: &mut [f32], start: usize, stride: usize, count: usize, radius: usize) {
    for channel in 0..3 {
        let before: Vec<f32> = (0..count).map(|place| image[start + channel + place * stride]).collect();
        let at = |place: isize| before[place.clamp(0, count as isize - 1) as usize];
        let reach = radius as isize;
        let mut sum: f32 = (-reach..=reach).map(at).sum();
        for place in 0..count {
            image[start + channel + place * stride] = sum / (2 * radius + 1) as f32;
            sum += at(place as isize + reach + 1) - at(place as isize - reach);
        }
    }
}

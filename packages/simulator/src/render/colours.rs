//! Colours by number: what gives clothes, boxes and posters their variety.
//!
//! In -> out: a hash, or hue, saturation and value -> linear albedo. Deliberately absent: taste.

use super::{
    noise::{fract, hash, unit},
    vector::{V3, mix},
};

/// Linear colour of a hue (0 to 1 around the circle, red at 0), a saturation and a value, 0 to 1 each.
pub(super) fn from_hue(hue: f32, saturation: f32, value: f32) -> V3 {
    let place = fract(hue) * 6.0;
    let pure = [(place - 3.0).abs() - 1.0, 2.0 - (place - 2.0).abs(), 2.0 - (place - 4.0).abs()].map(|channel| channel.clamp(0.0, 1.0));
    // Squared, since albedo is linear and hue is not.
    mix([1.0; 3], pure, saturation).map(|channel| value * channel * channel)
}

/// A colour as things have it: many greys, browns and dull ones, some bright.
pub(super) fn lively(number: u32) -> V3 {
    let part = |salt: u32| unit(hash(number ^ salt));
    let hue = part(0x51);
    match number % 5 {
        0 => [0.04 + 0.7 * part(0x52); 3],
        1 => from_hue(0.06 + 0.06 * hue, 0.3 + 0.4 * part(0x53), 0.15 + 0.5 * part(0x54)),
        2 | 3 => from_hue(hue, 0.15 + 0.45 * part(0x55), 0.08 + 0.6 * part(0x56)),
        _ => from_hue(hue, 0.6 + 0.35 * part(0x57), 0.25 + 0.45 * part(0x58)),
    }
}

//! Three numbers as a point, a direction or a linear RGB colour, in `f32`.
//!
//! In -> out: arrays in, arrays out. Deliberately absent: matrices and anything of `nalgebra`; the inner loops are simple and must give
//! the same bytes everywhere, so no fused multiply-add and nothing of libm but the square root, which IEEE 754 fixes.

pub(super) type V3 = [f32; 3];

#[inline]
pub(super) fn add(a: V3, b: V3) -> V3 {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

#[inline]
pub(super) fn sub(a: V3, b: V3) -> V3 {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[inline]
pub(super) fn scale(a: V3, factor: f32) -> V3 {
    [a[0] * factor, a[1] * factor, a[2] * factor]
}

#[inline]
pub(super) fn dot(a: V3, b: V3) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline]
pub(super) fn cross(a: V3, b: V3) -> V3 {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[inline]
pub(super) fn length(a: V3) -> f32 {
    dot(a, a).sqrt()
}

/// `fallback` where `a` has no direction.
#[inline]
pub(super) fn unit_or(a: V3, fallback: V3) -> V3 {
    let length = length(a);
    if length > 1e-6 { scale(a, 1.0 / length) } else { fallback }
}

#[inline]
pub(super) fn mix(a: V3, b: V3, share: f32) -> V3 {
    [a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share]
}

/// Two directions at right angles to `axis` and to each other; the first is level where it can be.
#[inline]
pub(super) fn across(axis: V3) -> (V3, V3) {
    let side = unit_or(cross([0.0, 0.0, 1.0], axis), [0.0, 1.0, 0.0]);
    (side, cross(axis, side))
}

/// 0 below `low`, 1 above `high`, smooth between.
#[inline]
pub(super) fn smoothstep(low: f32, high: f32, x: f32) -> f32 {
    let s = ((x - low) / (high - low)).clamp(0.0, 1.0);
    s * s * (3.0 - 2.0 * s)
}

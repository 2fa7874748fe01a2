//! Floor, ceiling and walls: the building behind all things.
//!
//! In -> out: a frame and an empty band -> the band painted, every pixel with its depth. Works in spans of one surface; textures are
//! computed for each pixel, light for every few and between them along a straight line.

use super::{
    Frame,
    canvas::Canvas,
    vector::{V3, add, mix, scale},
    view::Row,
    walls::Face,
};

/// Pixels between two places where light is computed.
fn light_stride(frame: &Frame) -> usize {
    5 + frame.view.width / 56
}

/// A run of pixels of one row on one surface.
struct Span {
    row: usize,
    ray: Row,
    from: usize,
    to: usize,
}

pub(super) fn paint(frame: &Frame, canvas: &mut Canvas) {
    for row in canvas.top..canvas.bottom {
        let ray = frame.view.row(row);
        let flat_inverse = frame.flat_inverse(ray);
        let mut from = 0;
        while from < canvas.width {
            let number = frame.fan.number(ray.aside(from));
            let face = *frame.fan.face(number);
            let is_wall = |column: usize| face.inverse + face.per_aside * ray.aside(column) > flat_inverse;
            let shows_wall = is_wall(from);
            // Where the next face begins and where wall and floor meet are solved for, not searched; a pixel too far is a rounding.
            let face_ends = ray.column(frame.fan.end(ray.aside(from)));
            let meet = ray.column((flat_inverse - face.inverse) / face.per_aside);
            let mut to = canvas.width;
            for end in [face_ends, meet] {
                if end > from as f32 && end < to as f32 {
                    to = end as usize + 1;
                }
            }
            let to = to.clamp(from + 1, canvas.width);
            let span = Span { row, ray, from, to };
            if shows_wall {
                paint_wall(frame, canvas, &span, &face);
            } else {
                paint_flat(frame, canvas, &span, &face, flat_inverse);
            }
            from = to;
        }
    }
}

/// Calls `pixel(column, light)` for a span, with `light(column)` taken every `stride` and straight between.
fn with_light(span: &Span, stride: usize, light: impl Fn(usize) -> V3, mut pixel: impl FnMut(usize, V3)) {
    let mut column = span.from;
    let mut here = light(column);
    loop {
        let next = (column + stride).min(span.to - 1);
        if next <= column {
            pixel(column, here);
            return;
        }
        let there = light(next);
        let share = 1.0 / (next - column) as f32;
        let step = [0, 1, 2].map(|c| (there[c] - here[c]) * share);
        let mut light = here;
        for column in column..next {
            pixel(column, light);
            light = add(light, step);
        }
        (column, here) = (next, there);
    }
}

fn paint_wall(frame: &Frame, canvas: &mut Canvas, span: &Span, face: &Face) {
    let inverse_at = |aside: f32| (face.inverse + face.per_aside * aside).max(1e-4);
    let point_at = |column: usize| {
        let aside = span.ray.aside(column);
        let depth = 1.0 / inverse_at(aside);
        [depth, depth * aside, frame.view.eye_m + depth * span.ray.slope]
    };
    let start = canvas.index(0, span.row);
    with_light(
        span,
        light_stride(frame),
        |column| frame.lamps.falling_on(point_at(column), face.normal),
        |column, light| {
            let point = point_at(column);
            canvas.colour[start + column] = wall_colour(frame, face, point, light);
            canvas.depth[start + column] = point[0];
        },
    );
}

/// Colour of a wall's point under a light.
#[inline]
pub(super) fn wall_colour(frame: &Frame, face: &Face, point: V3, light: V3) -> V3 {
    let along = frame.map_coordinate(face.runs_along, point);
    let texel = frame.skin.wall(face, along, point[2], 1.0 / (point[0] * frame.view.pixel));
    // Corners with floor and ceiling get less of the light from everywhere.
    let to_corner = point[2].min(frame.skin.ceiling_m - point[2]).max(0.0);
    let open = 0.72 + 0.28 * (to_corner * 2.5).min(1.0);
    let shine = texel.glow;
    [0, 1, 2].map(|c| texel.albedo[c] * (light[c] * open + shine))
}

fn paint_flat(frame: &Frame, canvas: &mut Canvas, span: &Span, face: &Face, flat_inverse: f32) {
    let depth = 1.0 / flat_inverse.max(1e-4);
    let is_floor = span.ray.slope < 0.0;
    let start = canvas.index(0, span.row);
    // A pixel is longer than wide on the floor; the mean of both sides is what detail is judged by.
    let distance = if is_floor { frame.view.eye_m } else { frame.skin.ceiling_m - frame.view.eye_m };
    let pixel_m = depth * frame.view.pixel * (0.6 + 0.4 * (depth / distance.max(0.05)).min(8.0));
    let sharp = 1.0 / pixel_m;
    with_light(
        span,
        light_stride(frame),
        |column| flat_light(frame, [depth, depth * span.ray.aside(column), 0.0], is_floor),
        |column, light| {
            let aside = span.ray.aside(column);
            let point = [depth, depth * aside, 0.0];
            let (x, y) = (frame.map_coordinate(0, point), frame.map_coordinate(1, point));
            let texel = if is_floor { frame.skin.floor(x, y, sharp) } else { frame.skin.ceiling(x, y, sharp) };
            let wall_inverse = face.inverse + face.per_aside * aside;
            let gap = (flat_inverse - wall_inverse) * depth * depth;
            let open = 0.72 + 0.28 * (gap * 2.5).min(1.0);
            canvas.colour[start + column] = [0, 1, 2].map(|c| texel.albedo[c] * light[c] * open);
            canvas.depth[start + column] = depth;
        },
    );
}

/// Light on floor or ceiling; the ceiling gets what the floor below throws back.
pub(super) fn flat_light(frame: &Frame, floor_point: V3, is_floor: bool) -> V3 {
    let light = frame.lamps.falling_on(floor_point, [0.0, 0.0, 1.0]);
    if is_floor { light } else { mix(scale(frame.lamps.ambient, 0.8), scale(light, 0.9), 0.45) }
}

//! Floor, ceiling and walls: the building behind all things.
//!
//! In -> out: a frame and an empty band -> the band painted, every pixel with its depth. Works in spans of one surface; textures are
//! computed for each pixel, light for every few and between them along a straight line.

use super::{
    Frame,
    canvas::Canvas,
    photo::Photo,
    vector::{V3, add, mix, scale, smoothstep},
    view::Row,
    walls::Face,
};

/// Pixels between two places where light is computed.
fn light_stride(frame: &Frame) -> usize {
    let usual = 5 + frame.view.width / 56;
    // Painted rooms are drawn by the million; nobody sees in them that a shadow's edge is softer.
    if frame.skin.is_painted() { usual * 2 } else { usual }
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
            if let Some(photo) = &frame.photo {
                show_photo(photo, canvas, &span, |aside| if shows_wall { face.inverse + face.per_aside * aside } else { flat_inverse });
            } else if shows_wall {
                paint_wall(frame, canvas, &span, &face);
            } else {
                paint_flat(frame, canvas, &span, &face, flat_inverse);
            }
            from = to;
        }
    }
}

/// Calls `pixel(column, light)` for a span, with `light(column)` taken every `stride` and straight between.
fn with_light<const N: usize>(span: &Span, stride: usize, light: impl Fn(usize) -> [f32; N], mut pixel: impl FnMut(usize, [f32; N])) {
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
        let step: [f32; N] = std::array::from_fn(|c| (there[c] - here[c]) * share);
        let mut light = here;
        for column in column..next {
            pixel(column, light);
            light = std::array::from_fn(|c| light[c] + step[c]);
        }
        (column, here) = (next, there);
    }
}

/// The photograph's colours, the floor plan's depths.
fn show_photo(photo: &Photo, canvas: &mut Canvas, span: &Span, inverse: impl Fn(f32) -> f32) {
    let start = canvas.index(0, span.row);
    for column in span.from..span.to {
        canvas.colour[start + column] = photo.at(column, span.row);
        canvas.depth[start + column] = 1.0 / inverse(span.ray.aside(column)).max(1e-4);
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
        |column| {
            let point = point_at(column);
            let evenness = frame.skin.evenness(frame.map_coordinate(face.runs_along, point), point[2]);
            scale(frame.lamps.falling_on(point, face.normal), evenness)
        },
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
    if is_floor && frame.skin.floor_gloss() > 0.0 {
        return paint_glossy(frame, canvas, span, face, (flat_inverse, depth, sharp));
    }
    with_light(
        span,
        light_stride(frame),
        |column| uneven_light(frame, [depth, depth * span.ray.aside(column), 0.0], is_floor),
        |column, light| {
            let aside = span.ray.aside(column);
            let point = [depth, depth * aside, 0.0];
            let (x, y) = (frame.map_coordinate(0, point), frame.map_coordinate(1, point));
            let texel = if is_floor { frame.skin.floor(x, y, sharp) } else { frame.skin.ceiling(x, y, sharp) };
            let open = openness(face, aside, (flat_inverse, depth));
            canvas.colour[start + column] = [0, 1, 2].map(|c| texel.albedo[c] * light[c] * open);
            canvas.depth[start + column] = depth;
        },
    );
}

fn uneven_light(frame: &Frame, floor_point: V3, is_floor: bool) -> V3 {
    let evenness = frame.skin.evenness(frame.map_coordinate(0, floor_point), frame.map_coordinate(1, floor_point));
    scale(flat_light(frame, floor_point, is_floor), evenness)
}

/// Share of the light from everywhere that reaches the floor near a wall.
#[inline]
fn openness(face: &Face, aside: f32, (flat_inverse, depth): (f32, f32)) -> f32 {
    let wall_inverse = face.inverse + face.per_aside * aside;
    let gap = (flat_inverse - wall_inverse) * depth * depth;
    0.72 + 0.28 * (gap * 2.5).min(1.0)
}

/// A floor that mirrors lamps and walls, blurred: what it mirrors is computed as seldom as its light.
fn paint_glossy(frame: &Frame, canvas: &mut Canvas, span: &Span, face: &Face, (flat_inverse, depth, sharp): (f32, f32, f32)) {
    let start = canvas.index(0, span.row);
    with_light(
        span,
        light_stride(frame),
        |column| {
            let aside = span.ray.aside(column);
            let [r, g, b] = uneven_light(frame, [depth, depth * aside, 0.0], true);
            let [shine_r, shine_g, shine_b] = shine(frame, span.ray.slope, aside, depth);
            [r, g, b, shine_r, shine_g, shine_b]
        },
        |column, light| {
            let aside = span.ray.aside(column);
            let point = [depth, depth * aside, 0.0];
            let texel = frame.skin.floor(frame.map_coordinate(0, point), frame.map_coordinate(1, point), sharp);
            let open = openness(face, aside, (flat_inverse, depth));
            canvas.colour[start + column] = [0, 1, 2].map(|c| texel.albedo[c] * light[c] * open + light[c + 3]);
            canvas.depth[start + column] = depth;
        },
    );
}

/// What a glossy floor mirrors of the room and its lamps.
fn shine(frame: &Frame, slope: f32, aside: f32, depth: f32) -> V3 {
    let facing = -slope / (1.0 + aside * aside + slope * slope).sqrt();
    let grazing = (1.0 - facing).max(0.0);
    let mirror = frame.skin.floor_gloss() * (0.04 + 0.42 * grazing * grazing * grazing * grazing);
    let target = frame.mirror(slope, aside, depth);
    let ceiling = || scale(flat_light(frame, target.point, false), 0.6);
    let mut sum = match target.face {
        Some(face) => {
            let wall = wall_colour(frame, face, target.point, frame.lamps.falling_on(target.point, face.normal));
            // The edge to the ceiling is blurred like all the rest.
            let to_ceiling = (frame.skin.ceiling_m - target.point[2]) / frame.skin.ceiling_m;
            mix(ceiling(), wall, smoothstep(0.0, 0.7, to_ceiling))
        }
        None => ceiling(),
    };
    for lamp in &frame.lamps.lamps {
        let [x, y, z] = lamp.position;
        let before_wall = if target.face.is_some() { ((target.point[0] - x) * 1.5 + 1.0).clamp(0.0, 1.0) } else { 1.0 };
        let ahead = ((x - depth) * 2.0).clamp(0.0, 1.0) * before_wall;
        // Roughness draws a lamp out towards the eye.
        let (off_y, off_z) = (aside * x - y, frame.view.eye_m + slope * x + z);
        let spot = 1.0 / (1.0 + off_y * off_y * 9.0) / (1.0 + off_z * off_z * 1.6);
        sum = add(sum, scale(lamp.power, 2.6 * spot * ahead));
    }
    scale(sum, mirror)
}

/// Light on floor or ceiling; the ceiling gets what the floor below throws back.
pub(super) fn flat_light(frame: &Frame, floor_point: V3, is_floor: bool) -> V3 {
    let light = frame.lamps.falling_on(floor_point, [0.0, 0.0, 1.0]);
    if is_floor { light } else { mix(scale(frame.lamps.ambient, 0.8), scale(light, 0.9), 0.45) }
}

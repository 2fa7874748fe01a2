//! Light of lamps and fires, with the shadows that walls throw.
//!
//! In -> out: the scene's lights and glows -> irradiance at a point with a normal, or the light around a small body. A lamp falls off with
//! the square of the distance (blunted near it) and reaches what its horizon leaves free: the distance to the first wall in 128 directions.
//! Deliberately absent: shadows of things on each other (contact shadows are decals) and light thrown back by walls (that is the ambient).

use super::{
    grid::Grid,
    noise::hash,
    vector::{V3, add, dot, scale, sub},
    view::View,
};
use crate::Light;

const DIRECTIONS: usize = 128;
/// Lamps used for one picture; the nearest ones.
const MOST_LAMPS: usize = 14;
/// Irradiance of a lamp of power 1 at one metre in a room 2.5 m high; lamps 3 m apart light such a room well.
const LAMP_GAIN: f32 = 1.5;
const AMBIENT_GAIN: f32 = 0.50;

/// A source of light in the view frame.
#[derive(Clone)]
pub(super) struct Lamp {
    pub(super) position: V3,
    pub(super) power: V3,
    /// No light beyond, metres.
    reach_m: f32,
    /// One over the distance to the first wall, by direction.
    horizon: Option<Box<[f32; DIRECTIONS]>>,
    /// A fire; drawn by its own flames and seen in puddles as a tall spot.
    pub(super) is_fire: bool,
}

/// The light around a small body: what falls on a surface with normal `n` is about `even + toward . n`, by channel.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) even: V3,
    /// For each axis, a colour.
    toward: [V3; 3],
    /// Where most of it comes from.
    pub(super) main: V3,
}

impl Field {
    #[inline]
    pub(super) fn falling_on(&self, normal: V3) -> V3 {
        let mut sum = self.even;
        for (axis, colour) in self.toward.iter().enumerate() {
            sum = add(sum, scale(*colour, normal[axis]));
        }
        sum.map(|channel| channel.max(0.0))
    }
}

pub(super) struct Lamps {
    pub(super) ambient: V3,
    pub(super) lamps: Vec<Lamp>,
}

/// Direction on the floor as a number from 0 to 4, without an arc tangent.
#[inline]
fn bearing(x: f32, y: f32) -> f32 {
    let share = x / (x.abs() + y.abs()).max(1e-9);
    if y >= 0.0 { 1.0 - share } else { 3.0 + share }
}

fn direction(index: usize) -> [f32; 2] {
    let angle = index as f32 * (4.0 / DIRECTIONS as f32);
    let (x, y) = if angle < 2.0 { (1.0 - angle, 1.0 - (1.0 - angle).abs()) } else { (angle - 3.0, (angle - 3.0).abs() - 1.0) };
    let length = (x * x + y * y).sqrt();
    [x / length, y / length]
}

impl Lamp {
    pub(super) fn new(position: V3, power: V3, reach_m: f32, is_fire: bool) -> Self {
        Self { position, power, reach_m, horizon: None, is_fire }
    }

    /// Looks around from the lamp.
    fn survey(&mut self, view: &View, grid: &Grid) {
        let map = |a: [f32; 2]| [0, 1].map(|axis| a[0] * view.forward[axis] + a[1] * view.left[axis]);
        let offset = map([self.position[0], self.position[1]]);
        let from = grid.cells_of([view.position[0] + f64::from(offset[0]), view.position[1] + f64::from(offset[1])]);
        let mut horizon = Box::new([0.0; DIRECTIONS]);
        for (index, inverse) in horizon.iter_mut().enumerate() {
            *inverse = grid.cast(from, map(direction(index)), self.reach_m).map_or(0.0, |hit| 1.0 / hit.distance.max(0.05));
        }
        self.horizon = Some(horizon);
    }

    /// Irradiance at `offset` from the lamp without the cosine, and the distance.
    #[inline]
    fn reaching(&self, offset: V3) -> Option<(f32, f32)> {
        let squared = dot(offset, offset);
        let edge = squared / (self.reach_m * self.reach_m);
        if edge >= 1.0 {
            return None;
        }
        let window = 1.0 - edge * edge;
        let mut strength = window * window * LAMP_GAIN / (squared + 0.35);
        if let Some(horizon) = &self.horizon {
            let along = (offset[0] * offset[0] + offset[1] * offset[1]).sqrt();
            let place = bearing(offset[0], offset[1]) * (DIRECTIONS as f32 / 4.0);
            let index = place as usize;
            let share = place - index as f32;
            let (low, high) = (horizon[index & (DIRECTIONS - 1)], horizon[(index + 1) & (DIRECTIONS - 1)]);
            // A wall's inverse distance is nearly linear in the direction, so the wall itself is lit up to its edge.
            let beyond = along * (low + (high - low) * share);
            strength *= ((1.22 - beyond) * 6.0).clamp(0.0, 1.0);
        }
        Some((strength, squared.sqrt()))
    }
}

impl Lamps {
    pub(super) fn new(view: &View, grid: Option<&Grid>, lights: &[Light], ambient: f32, ceiling_m: f32, fires: Vec<Lamp>) -> Self {
        let reach_m = 5.0 + 1.2 * ceiling_m;
        let mut lamps = fires;
        // Lamps of a high hall are made for it; else only its ceiling would be lit.
        let hall = (ceiling_m / 2.5).max(1.0);
        let hall = hall * hall.sqrt();
        for light in lights {
            let [x, y] = view.place([light.position_m[0], light.position_m[1]]);
            let z = light.position_m[2] as f32;
            let is_sound = z.is_finite() && light.power.iter().all(|channel| channel.is_finite());
            if is_sound && x * x + y * y < 30.0 * 30.0 && x > -reach_m {
                lamps.push(Lamp::new([x, y, z], light.power.map(|channel| channel.clamp(0.0, 1e3) * hall), reach_m, false));
            }
        }
        let from_eye = |lamp: &Lamp| dot(lamp.position, lamp.position);
        lamps.sort_by(|a, b| from_eye(a).total_cmp(&from_eye(b)));
        lamps.truncate(MOST_LAMPS);
        if let Some(grid) = grid {
            for lamp in &mut lamps {
                lamp.survey(view, grid);
            }
        }
        let level = if ambient.is_finite() { ambient.clamp(0.0, 4.0) * AMBIENT_GAIN } else { AMBIENT_GAIN * 0.5 };
        Self { ambient: scale([0.97, 1.0, 1.03], level + 0.004), lamps }
    }

    /// Light that falls on a surface at `point` facing `normal`.
    #[inline]
    pub(super) fn falling_on(&self, point: V3, normal: V3) -> V3 {
        // From above there is more of it than from below.
        let mut sum = scale(self.ambient, 0.9 + 0.1 * normal[2]);
        for lamp in &self.lamps {
            let offset = sub(point, lamp.position);
            let facing = -dot(offset, normal);
            if facing <= 0.0 {
                continue;
            }
            if let Some((strength, distance)) = lamp.reaching(offset) {
                sum = add(sum, scale(lamp.power, strength * facing / distance.max(0.05)));
            }
        }
        sum
    }

    /// The light around a body at `point`.
    pub(super) fn around(&self, point: V3) -> Field {
        let mut field = Field { even: scale(self.ambient, 0.85), toward: [[0.0; 3]; 3], main: [0.0, 0.0, 1.0] };
        field.toward[2] = scale(self.ambient, 0.2);
        let mut main = [0.0, 0.0, 0.05];
        for lamp in &self.lamps {
            let offset = sub(point, lamp.position);
            if let Some((strength, distance)) = lamp.reaching(offset) {
                let to_lamp = scale(offset, -1.0 / distance.max(0.05));
                // First two terms of the clamped cosine: 1/4 and 1/2, a little harder for shape.
                field.even = add(field.even, scale(lamp.power, 0.30 * strength));
                for (toward, share) in field.toward.iter_mut().zip(to_lamp) {
                    *toward = add(*toward, scale(lamp.power, 0.62 * strength * share));
                }
                main = add(main, scale(to_lamp, strength * (lamp.power[0] + lamp.power[1] + lamp.power[2])));
            }
        }
        field.main = super::vector::unit_or(main, [0.0, 0.0, 1.0]);
        field
    }
}

/// How much a flame gives at this moment, about 1; smooth in time, different for each seed.
pub(super) fn flicker(phase_secs: f64, seed: u64) -> f32 {
    let time = (phase_secs.rem_euclid(1000.0)) as f32;
    let shift = (hash(seed as u32) & 63) as f32;
    0.8 + 0.4 * super::noise::fractal(time * 6.0 + shift, shift * 1.7, 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearing_and_direction_agree() {
        for index in 0..DIRECTIONS {
            let [x, y] = direction(index);
            let expect = index as f32 * 4.0 / DIRECTIONS as f32;
            assert!((bearing(x, y) - expect).abs() < 1e-4, "{index}: {} {expect}", bearing(x, y));
        }
    }

    #[test]
    fn light_falls_off() {
        let lamps = Lamps { ambient: [0.0; 3], lamps: vec![Lamp::new([0.0, 0.0, 2.5], [1.0; 3], 12.0, false)] };
        let at = |x: f32| lamps.falling_on([x, 0.0, 0.0], [0.0, 0.0, 1.0])[1];
        assert!(at(0.0) > at(1.0) && at(1.0) > at(3.0) && at(3.0) > 0.0);
        assert_eq!(at(20.0), 0.0);
        assert_eq!(lamps.falling_on([0.0, 0.0, 0.0], [0.0, 0.0, -1.0]), [0.0; 3]);
    }
}

//! Patterns and colours of a place. In -> out: a family and random numbers -> a style whose every ingredient is the family's. What belongs to
//! whom stands in `family`; how it is drawn is the renderer's.

use super::family::{Family, Tone};
use crate::{
    paint::{LampForm, Paint, Pattern, Surface},
    random::Random,
    scene::Style,
};

/// Share of training scenes that look like the bundled maps.
const BUNDLED_STYLES: f64 = 0.15;
/// Share of surfaces in a strong colour, and in the training family.
const STRONG: f64 = 0.18;
const STRONG_IN_TRAINING: f64 = 0.30;

/// How bright surfaces of one sort are, and how loud their patterns.
struct Habit {
    value: [f64; 2],
    contrast: [f64; 2],
    scale_m: [f64; 2],
    gloss: f64,
}

impl Habit {
    /// The wider one of the training family, whose hues stay its own: darker and brighter, finer and coarser, louder.
    fn widened(&self) -> Self {
        let [value, contrast, scale_m] = [self.value, self.contrast, self.scale_m];
        Self {
            value: [value[0] * 0.75, (value[1] * 1.15).min(0.9)],
            contrast: [contrast[0] * 0.5, (contrast[1] * 1.5).min(1.0)],
            scale_m: [scale_m[0] * 0.5, scale_m[1] * 1.9],
            gloss: self.gloss,
        }
    }
}

const FLOOR: Habit = Habit { value: [0.10, 0.60], contrast: [0.15, 1.0], scale_m: [0.12, 0.9], gloss: 0.5 };
const WALL: Habit = Habit { value: [0.28, 0.80], contrast: [0.05, 0.7], scale_m: [0.15, 1.4], gloss: 0.0 };
const CEILING: Habit = Habit { value: [0.40, 0.85], contrast: [0.0, 0.35], scale_m: [0.3, 1.2], gloss: 0.0 };
const SHELF: Habit = Habit { value: [0.08, 0.60], contrast: [0.2, 1.0], scale_m: [0.15, 0.8], gloss: 0.0 };

/// A style of `family`.
pub(crate) fn style(family: Family, random: &mut Random) -> Style {
    let bundled = [Style::Warehouse, Style::Home, Style::Office];
    let which = random.index(bundled.len());
    if random.chance(BUNDLED_STYLES) && family == Family::Train {
        return bundled.get(which).copied().unwrap_or(Style::Warehouse);
    }
    let lamps: Vec<LampForm> = LampForm::ALL.into_iter().filter(|lamp| Family::of_lamp(*lamp) == family).collect();
    let paint = Paint {
        floor: surface(family, &FLOOR, random),
        wall: surface(family, &WALL, random),
        ceiling: surface(family, &CEILING, random),
        shelf: surface(family, &SHELF, random),
        skirting: skirting(family, random),
        lamp: lamps.get(random.index(lamps.len())).copied().unwrap_or(LampForm::Disc),
    };
    Style::Painted(paint)
}

fn surface(family: Family, habit: &Habit, random: &mut Random) -> Surface {
    let wide = habit.widened();
    let habit = if family == Family::Train { &wide } else { habit };
    let patterns: Vec<Pattern> = Pattern::ALL.into_iter().filter(|pattern| Family::of_pattern(*pattern) == family).collect();
    let pattern = patterns.get(random.index(patterns.len())).copied().unwrap_or(Pattern::Plain);
    let tone = tone(family, random);
    // Two thirds keep to one hue, as rooms do.
    let second = if random.chance(0.66) { tone } else { self::tone(family, random) };
    let value = random.within(habit.value[0], habit.value[1]);
    let other = (value * random.within(0.45, 1.6)).clamp(0.04, 0.9);
    let joint = (value * if random.chance(0.7) { random.within(0.3, 0.8) } else { random.within(1.1, 1.7) }).clamp(0.03, 0.9);
    Surface {
        pattern,
        colours: [tone.colour(value), second.colour(other), tone.colour(joint)],
        scale_m: random.within(habit.scale_m[0], habit.scale_m[1]) as f32,
        contrast: random.within(habit.contrast[0], habit.contrast[1]) as f32,
        gloss: if random.chance(0.4) { random.within(0.0, habit.gloss) as f32 } else { 0.0 },
    }
}

fn skirting(family: Family, random: &mut Random) -> Option<[f32; 3]> {
    let colour = tone(family, random).colour(random.within(0.06, 0.7));
    random.chance(0.5).then_some(colour)
}

fn tone(family: Family, random: &mut Random) -> Tone {
    let (strong, most) = if family == Family::Train { (STRONG_IN_TRAINING, 0.75) } else { (STRONG, 0.6) };
    let saturation = if random.chance(strong) { random.within(0.3, most) } else { random.within(0.05, 0.25) };
    Tone { hue_deg: family.hue_deg(random), saturation }
}

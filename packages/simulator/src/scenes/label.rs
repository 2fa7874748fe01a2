//! What is true of a scene's picture: the rules of the labels. In -> out: what is seen of each hazard and what the sensors say -> named hazards,
//! or that the picture is neither one thing nor the other. It renders nothing and chooses nothing.

use super::placement::SECTOR_MARGIN;
use super::senses::{GAS_MARGIN, GREAT_HEAT_CELSIUS, GREAT_LEAK, HEAT_CELSIUS, HEAT_MARGIN_CELSIUS, Senses};
use crate::{scene::Look, severity::severity_of};
use vedette_types::{BearingSector, KindId, RangeBand, RgbPixels, Severity, Verdict};

/// A hazard counts from this height at 480 rows and these pixels at 640 x 480 on, and is faint from the second figures on.
const COUNTS_HEIGHT_PX: f64 = 20.0;
const COUNTS_PIXELS: f64 = 60.0;
const FAINT_HEIGHT_PX: f64 = 10.0;
const FAINT_PIXELS: f64 = 12.0;
/// So much of it must be flames, smoke, gas or liquid, where it is one of these: a drum alone is no spill.
const TELLING_SHARE: f64 = 0.12;
/// And when so many pixels, and such a share of its own, stand out from what is behind it.
const TOLD_PIXELS: f64 = 60.0;
const TOLD_SHARE: f64 = 0.3;
/// And when no more of it is hidden than this; above the second figure next to nothing is left.
const HIDDEN_SHARE: f64 = 0.65;
const GONE_SHARE: f64 = 0.97;
/// Most hazards that are named.
const MOST_NAMED: usize = 3;
/// Share of the distance from the border of a band that is plain.
const BAND_MARGIN: f64 = 0.05;

/// One hazard as the model should name it.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledHazard {
    /// What it is.
    pub kind: KindId,
    /// How bad, by [`crate::severity_of`], or by the reading of the sensor that alone knows of it.
    pub severity: Severity,
    /// What the picture shows of it; `None` where only a sensor knows of it.
    pub seen: Option<SeenHazard>,
}

impl LabelledHazard {
    /// Fifth of the picture that it is in, where the picture shows it.
    pub fn bearing(&self) -> Option<BearingSector> {
        self.seen.as_ref().map(|seen| seen.bearing)
    }

    /// Distance band, where the picture shows it.
    pub fn range(&self) -> Option<RangeBand> {
        self.seen.as_ref().map(|seen| seen.range)
    }

    /// Metres; what has no place comes before everything that has one.
    fn order_m(&self) -> f64 {
        self.seen.as_ref().map_or(0.0, |seen| seen.range_m)
    }
}

/// What a picture shows of a hazard.
#[derive(Clone, Debug, PartialEq)]
pub struct SeenHazard {
    /// Fifth of the picture that holds the middle of its box.
    pub bearing: BearingSector,
    /// Direction of the middle of its box, radians, left positive.
    pub bearing_rad: f64,
    /// Distance band.
    pub range: RangeBand,
    /// From the camera along the floor to its middle, metres.
    pub range_m: f64,
    /// Left, top, width, height of its visible pixels.
    pub box_px: [u32; 4],
    /// Its visible pixels.
    pub pixels: u32,
    /// How far it has grown, 0 to 1.
    pub stage: f32,
    /// Its pixels in each cell of the grid that was asked for, row by row from the upper left.
    pub cells: Vec<u32>,
}

/// Something in view that is no hazard.
#[derive(Clone, Debug, PartialEq)]
pub struct HarmlessThing {
    /// What it looks like.
    pub look: Look,
    /// Its pixels in each cell of the grid that was asked for, row by row from the upper left.
    pub cells: Vec<u32>,
}

/// A picture and what is true of it.
#[derive(Clone, Debug)]
pub struct LabelledPicture {
    /// What the camera delivers.
    pub pixels: RgbPixels,
    /// At most three, worst first, then nearest first.
    pub hazards: Vec<LabelledHazard>,
    /// What else is in view; empty where nothing can be told from the pixels.
    pub harmless: Vec<HarmlessThing>,
    /// False when nothing can be told from the pixels.
    pub is_judgeable: bool,
    /// Some hazard is neither plainly visible nor plainly out of sight, or the light is too bad to tell: not for training or scoring.
    pub is_faint: bool,
    /// Some hazard stands at the border of a sector or a band: its bearing or range may be argued about.
    pub is_borderline: bool,
}

impl LabelledPicture {
    /// The verdict that is right: a hazard known from any source, else unknown where the picture cannot be judged, else clear.
    pub fn verdict(&self) -> Verdict {
        if !self.hazards.is_empty() {
            Verdict::Hazard
        } else if self.is_judgeable {
            Verdict::Clear
        } else {
            Verdict::Unknown
        }
    }
}

/// What is seen of one hazard.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sighting {
    pub(super) look: Look,
    pub(super) stage: f32,
    pub(super) box_px: [u32; 4],
    pub(super) pixels: u32,
    /// Those of them that are flames, smoke, gas or liquid, and their height; all of it where that is not the point.
    pub(super) telling_pixels: u32,
    pub(super) telling_height_px: u32,
    /// Pixels of its box that differ from the picture without it.
    pub(super) told_pixels: u32,
    /// Share of what would be seen of it with nothing before it that is hidden.
    pub(super) hidden_share: f64,
    pub(super) distance_m: f64,
    pub(super) cells: Vec<u32>,
}

/// How plainly something is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sharpness {
    Plain,
    Faint,
    Unseen,
}

/// The picture that sightings are from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Format {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) horizontal_fov_rad: f64,
}

impl Format {
    pub(super) fn sharpness(&self, sighting: &Sighting) -> Sharpness {
        let scale = f64::from(self.height) / 480.0;
        let seen = [sighting.pixels, sighting.telling_pixels, sighting.told_pixels];
        let [pixels, telling, told] = seen.map(|pixels| f64::from(pixels) / (scale * scale));
        let height = f64::from(sighting.telling_height_px) / scale;
        let is_large = height >= COUNTS_HEIGHT_PX && telling >= COUNTS_PIXELS.max(TELLING_SHARE * pixels);
        let is_told = told >= TOLD_PIXELS.max(TOLD_SHARE * pixels);
        if is_large && is_told && sighting.hidden_share <= HIDDEN_SHARE {
            Sharpness::Plain
        } else if height >= FAINT_HEIGHT_PX && pixels >= FAINT_PIXELS && sighting.hidden_share <= GONE_SHARE {
            Sharpness::Faint
        } else {
            Sharpness::Unseen
        }
    }

    fn label(&self, sighting: Sighting) -> Option<LabelledHazard> {
        let severity = severity_of(sighting.look, f64::from(sighting.stage))?;
        let middle = self.middle(&sighting);
        let aside = (2.0 * middle - 1.0) * (0.5 * self.horizontal_fov_rad).tan();
        let seen = SeenHazard {
            bearing: BearingSector::ALL.get((middle * 5.0) as usize).copied().unwrap_or(BearingSector::FarRight),
            // `0.0 -` and not unary minus: straight ahead is 0, not -0.
            bearing_rad: 0.0 - aside.atan(),
            range: RangeBand::containing(sighting.distance_m),
            range_m: sighting.distance_m,
            box_px: sighting.box_px,
            pixels: sighting.pixels,
            stage: sighting.stage,
            cells: sighting.cells,
        };
        Some(LabelledHazard { kind: sighting.look.kind()?, severity, seen: Some(seen) })
    }

    /// Middle of the box as a share of the width.
    fn middle(&self, sighting: &Sighting) -> f64 {
        let [left, _, width, _] = sighting.box_px.map(f64::from);
        (left + 0.5 * width) / f64::from(self.width.max(1))
    }

    fn is_borderline(&self, sighting: &Sighting) -> bool {
        let fifth = self.middle(sighting) * 5.0;
        let is_between_sectors = (1..5).any(|border| (fifth - f64::from(border)).abs() < 5.0 * 0.75 * SECTOR_MARGIN);
        let is_between_bands = [2.0, 5.0].iter().any(|border| (sighting.distance_m / border - 1.0).abs() < BAND_MARGIN);
        is_between_sectors || is_between_bands
    }
}

/// Labels that follow from sightings and senses.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Labels {
    pub(super) hazards: Vec<LabelledHazard>,
    pub(super) is_faint: bool,
    pub(super) is_borderline: bool,
}

/// `sightings` of a picture that cannot be judged are none.
pub(super) fn labels(format: Format, sightings: Vec<Sighting>, senses: &Senses) -> Labels {
    let is_faint = sightings.iter().any(|sighting| format.sharpness(sighting) == Sharpness::Faint);
    let plain: Vec<Sighting> = sightings.into_iter().filter(|sighting| format.sharpness(sighting) == Sharpness::Plain).collect();
    let is_borderline = plain.iter().any(|sighting| format.is_borderline(sighting));
    let sees = |look| plain.iter().any(|sighting| sighting.look == look);
    let gas = if sees(Look::GasLeak) { (None, false) } else { gas_alone(senses) };
    let heat = if sees(Look::Fire) { (None, false) } else { heat_alone(senses) };
    let mut hazards: Vec<LabelledHazard> = plain.into_iter().filter_map(|sighting| format.label(sighting)).collect();
    hazards.extend(gas.0);
    hazards.extend(heat.0);
    hazards.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.order_m().total_cmp(&b.order_m())));
    hazards.truncate(MOST_NAMED);
    Labels { hazards, is_faint: is_faint || gas.1 || heat.1, is_borderline }
}

/// A leak that only the gas sensor knows of, and whether that is uncertain.
fn gas_alone(senses: &Senses) -> (Option<LabelledHazard>, bool) {
    let Some((gas, ppm)) = senses.gas else { return (None, false) };
    let times = ppm / gas.noticeable_ppm();
    let is_uncertain = [1.0, GREAT_LEAK].iter().any(|border| (times / border - 1.0).abs() < GAS_MARGIN);
    let severity = if times >= GREAT_LEAK { Severity::High } else { Severity::Medium };
    ((times >= 1.0).then(|| alone("gas_leak", severity)), is_uncertain)
}

/// A fire that only the thermometer knows of, and whether that is uncertain.
fn heat_alone(senses: &Senses) -> (Option<LabelledHazard>, bool) {
    let Some(celsius) = senses.celsius else { return (None, false) };
    let is_uncertain = [HEAT_CELSIUS, GREAT_HEAT_CELSIUS].iter().any(|border| (celsius - border).abs() < HEAT_MARGIN_CELSIUS);
    let severity = if celsius >= GREAT_HEAT_CELSIUS { Severity::High } else { Severity::Medium };
    ((celsius >= HEAT_CELSIUS).then(|| alone("fire", severity)), is_uncertain)
}

fn alone(kind: &str, severity: Severity) -> LabelledHazard {
    LabelledHazard { kind: KindId::new(kind), severity, seen: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Gas;

    const FORMAT: Format = Format { width: 320, height: 240, horizontal_fov_rad: 1.2 };

    fn sighting(look: Look, stage: f32, box_px: [u32; 4], distance_m: f64) -> Sighting {
        let pixels = box_px[2] * box_px[3] / 2;
        let telling_height_px = box_px[3];
        Sighting {
            look,
            stage,
            box_px,
            pixels,
            telling_pixels: pixels,
            telling_height_px,
            told_pixels: pixels,
            hidden_share: 0.0,
            distance_m,
            cells: vec![1],
        }
    }

    /// Kind, severity, bearing and range of every hazard, in order, and what is doubtful.
    fn check(sightings: Vec<Sighting>, senses: &Senses, expected: &str) {
        let labels = labels(FORMAT, sightings, senses);
        let word = |hazard: &LabelledHazard| {
            let (bearing, range) =
                (hazard.bearing().map_or("unknown", BearingSector::word), hazard.range().map_or("unknown", RangeBand::word));
            format!("{} {} {bearing} {range}", hazard.kind, hazard.severity)
        };
        let words: Vec<String> = labels.hazards.iter().map(word).collect();
        let doubt = [("faint", labels.is_faint), ("borderline", labels.is_borderline)];
        let doubt: String = doubt.iter().filter(|(_, is_so)| *is_so).map(|(word, _)| format!(" ({word})")).collect();
        assert_eq!(format!("{}{doubt}", words.join("; ")), expected);
    }

    #[test]
    fn what_is_seen_plainly_is_named_worst_first_then_nearest() {
        let fire = sighting(Look::Fire, 0.2, [10, 80, 40, 60], 3.0);
        check(vec![fire.clone()], &Senses::default(), "fire medium far_left middle");
        let person = sighting(Look::PersonDown, 1.0, [150, 120, 30, 20], 7.0);
        let smoke = sighting(Look::Smoke, 0.9, [240, 20, 60, 100], 1.5);
        let spill = sighting(Look::LiquidSpill, 0.4, [90, 150, 20, 12], 1.2);
        let four = vec![spill, fire, person, smoke];
        check(four, &Senses::default(), "smoke high far_right near; person_down high ahead far; fire medium far_left middle");
    }

    #[test]
    fn small_and_hidden_things_are_faint_and_smaller_ones_are_nothing() {
        let of = |box_px: [u32; 4], hidden_share: f64| Sighting { hidden_share, ..sighting(Look::Fire, 0.9, box_px, 3.0) };
        check(vec![of([30, 100, 10, 10], 0.0)], &Senses::default(), "fire high far_left middle");
        check(vec![of([30, 100, 10, 9], 0.0)], &Senses::default(), " (faint)");
        check(vec![of([30, 100, 10, 4], 0.0)], &Senses::default(), "");
        check(vec![of([30, 100, 40, 60], 0.71)], &Senses::default(), " (faint)");
        check(vec![of([30, 100, 40, 60], 0.99)], &Senses::default(), "");
        check(vec![Sighting { told_pixels: 100, ..of([30, 100, 40, 60], 0.0) }], &Senses::default(), " (faint)");
        check(vec![Sighting { telling_height_px: 9, ..of([30, 100, 40, 60], 0.0) }], &Senses::default(), " (faint)");
        check(vec![Sighting { telling_pixels: 100, ..of([30, 100, 40, 60], 0.0) }], &Senses::default(), " (faint)");
        // 14 pixels at a quarter of 640 x 480 are too few.
        check(vec![Sighting { pixels: 14, telling_pixels: 14, ..of([30, 100, 10, 30], 0.0) }], &Senses::default(), " (faint)");
    }

    #[test]
    fn borders_are_told() {
        let at = |left: u32, distance_m: f64| vec![sighting(Look::Fire, 0.9, [left, 100, 20, 60], distance_m)];
        check(at(22, 3.0), &Senses::default(), "fire high far_left middle");
        check(at(54, 3.0), &Senses::default(), "fire high left middle (borderline)");
        check(at(54, 2.02), &Senses::default(), "fire high left middle (borderline)");
        check(at(22, 1.95), &Senses::default(), "fire high far_left near (borderline)");
        check(at(299, 5.5), &Senses::default(), "fire high far_right far");
    }

    #[test]
    fn sensors_name_what_they_alone_know() {
        let senses = |gas, celsius| Senses { gas, celsius, ..Senses::default() };
        check(vec![], &senses(Some((Gas::Co, 40.0)), Some(50.0)), "");
        check(vec![], &senses(Some((Gas::Co, 80.0)), None), "gas_leak medium unknown unknown");
        check(vec![], &senses(Some((Gas::Lpg, 7_000.0)), Some(60.0)), "gas_leak high unknown unknown; fire medium unknown unknown");
        check(vec![], &senses(None, Some(120.0)), "fire high unknown unknown");
        check(vec![], &senses(Some((Gas::Co, 52.0)), None), "gas_leak medium unknown unknown (faint)");
        check(vec![], &senses(Some((Gas::Co, 48.0)), Some(58.0)), "fire medium unknown unknown (faint)");
    }

    #[test]
    fn what_is_seen_is_not_named_twice() {
        let senses = Senses { gas: Some((Gas::Co, 400.0)), celsius: Some(90.0), ..Senses::default() };
        let leak = sighting(Look::GasLeak, 0.3, [150, 100, 30, 40], 3.0);
        let fire = sighting(Look::Fire, 0.3, [250, 100, 50, 80], 3.0);
        check(vec![leak, fire], &senses, "gas_leak medium ahead middle; fire medium far_right middle");
    }

    #[test]
    fn bearings_are_those_of_the_sectors() {
        let bearing_rad = |left| {
            let label = FORMAT.label(sighting(Look::Fire, 0.9, [left, 100, 20, 60], 3.0)).expect("a hazard");
            label.seen.expect("in the picture").bearing_rad
        };
        assert!((bearing_rad(22) - BearingSector::FarLeft.bearing_rad(1.2)).abs() < 0.01, "{}", bearing_rad(22));
        assert!(bearing_rad(150) == 0.0 && bearing_rad(150).is_sign_positive());
    }
}

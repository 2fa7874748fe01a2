//! Real photographs by label: sub-folders `fire` and `normal` of a folder. In -> out: files -> pictures with what is known of them, cut and mirrored at random.
//!
//! Nobody measured where the flames are: a photograph's answer has a kind and nothing else. Deliberately absent: the photographs themselves; where the folder is
//! missing, training goes on without them and says so.

use crate::Random;
use crate::answer::{Answer, AnswerHazard};
use crate::picture::{Knowledge, Labelled, square};
use crate::source::TELLINGS;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use vedette_evaluation::Fold;
use vedette_types::{KindId, RgbPixels, SensorQuantity, SensorValue, Severity, Verdict};

/// Share of the photographs shown that are of fire. Flames are soon known; what is real and harmless is most of what a robot sees, and of all kinds.
const FIRES: f32 = 0.35;
/// Flames may be anywhere in a photograph: little of each side is cut off. Without, any part of it will do.
const LEAST_OF_FIRE: f32 = 0.8;
const LEAST_OF_NORMAL: f32 = 0.4;
/// Share of those without fire that are put together from two: a part of one photograph in another is as clear as both, and two hundred of them are
/// forty thousand pictures (Yun et al. 2019, "CutMix").
const PATCHED: f32 = 0.5;

/// One photograph.
#[derive(Clone, Debug)]
struct Photograph {
    pixels: Arc<RgbPixels>,
    is_fire: bool,
}

/// Photographs in memory.
#[derive(Clone, Debug, Default)]
pub struct Photographs {
    all: Vec<Photograph>,
}

/// A folder of photographs that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the photographs in {}: {source}; each label needs a sub-folder `fire` or `normal`", path.display())]
pub struct PhotographsError {
    /// The folder or file.
    pub path: PathBuf,
    /// Why.
    pub source: std::io::Error,
}

impl Photographs {
    /// Reads the photographs that `fold` does not hold out, all where it is `None`.
    ///
    /// # Errors
    /// [`PhotographsError`]: a folder or file that cannot be read; a file that is no picture is an error too.
    pub fn read(folder: &Path, fold: Option<Fold>) -> Result<Self, PhotographsError> {
        let mut all = Vec::new();
        for (label, is_fire) in [("fire", true), ("normal", false)] {
            for (number, path) in files(&folder.join(label))?.into_iter().enumerate() {
                if fold.is_some_and(|fold| fold.holds_out(number)) {
                    continue;
                }
                let fault = |source| PhotographsError { path: path.clone(), source };
                let picture = image::open(&path).map_err(|error| fault(std::io::Error::other(error)))?.into_rgb8();
                let (width, height) = picture.dimensions();
                let pixels = RgbPixels::new(width, height, picture.into_raw());
                let pixels = pixels.ok_or_else(|| fault(std::io::Error::other("a picture without pixels")))?;
                all.push(Photograph { pixels: Arc::new(pixels), is_fire });
            }
        }
        Ok(Self { all })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Hash over labels and pixels, in order; `None` where there are none.
    pub fn sha256(&self) -> Option<String> {
        let mut hash = Sha256::new();
        for photograph in &self.all {
            let (pixels, is_fire) = (&photograph.pixels, photograph.is_fire);
            hash.update([u8::from(is_fire)]);
            hash.update(pixels.width().to_le_bytes());
            hash.update(pixels.rgb());
        }
        (!self.all.is_empty()).then(|| hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    fn any(&self, is_fire: bool, random: &mut Random) -> Option<&Photograph> {
        let of_label: Vec<&Photograph> = self.all.iter().filter(|photograph| photograph.is_fire == is_fire).collect();
        of_label.get(random.index(of_label.len())).copied()
    }

    /// A photograph without fire for things to stand in.
    pub fn backdrop(&self, random: &mut Random) -> Option<Arc<RgbPixels>> {
        self.any(false, random).map(|photograph| photograph.pixels.clone())
    }

    /// A part of some photograph; of two, where neither shows fire.
    pub fn picture(&self, random: &mut Random, side_px: usize, across: usize) -> Option<Labelled> {
        let photograph = self.any(random.chance(FIRES), random)?;
        let least = if photograph.is_fire { LEAST_OF_FIRE } else { LEAST_OF_NORMAL };
        let mut rgb = square(&cut(&photograph.pixels, least, random)?, side_px);
        if !photograph.is_fire && random.chance(PATCHED) {
            let other = square(&cut(&self.any(false, random)?.pixels, least, random)?, side_px);
            patch(&mut rgb, &other, side_px, random);
        }
        let (verdict, knowledge) =
            if photograph.is_fire { (Verdict::Hazard, Knowledge::Nothing) } else { (Verdict::Clear, Knowledge::NoHazard) };
        let fire = AnswerHazard { kind: KindId::new("fire"), severity: Severity::High, bearing: None, range: None };
        let labelled = Labelled {
            side_px,
            rgb: Arc::new(rgb),
            sightings: Vec::new(),
            patch_px: (side_px * side_px) as f32 / (across * across) as f32,
            knowledge,
            answer: Answer { verdict, hazards: if photograph.is_fire { vec![fire] } else { Vec::new() }, is_kind_only: true },
            values: ordinary_values(random),
            other_values: (1..TELLINGS).map(|_| ordinary_values(random)).collect(),
        };
        Some(if random.chance(0.5) { labelled.mirrored() } else { labelled })
    }
}

/// What a robot's sensors might say beside a photograph: half of the time nothing, else nothing alarming, so that the words do not tell the label.
fn ordinary_values(random: &mut Random) -> Vec<SensorValue> {
    let mut values = Vec::new();
    if random.chance(0.5) {
        return values;
    }
    if random.chance(0.7) {
        values.push(SensorValue::now(SensorQuantity::Gas { gas: "co".to_owned(), ppm: f64::from(random.within(0.0, 20.0)) }));
    }
    if random.chance(0.7) {
        values.push(SensorValue::now(SensorQuantity::Temperature { celsius: f64::from(random.within(5.0, 35.0)) }));
    }
    if random.chance(0.7) {
        values.push(SensorValue::now(SensorQuantity::Battery { charge: f64::from(random.within(0.2, 1.0)) }));
    }
    values
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, PhotographsError> {
    let fault = |source| PhotographsError { path: folder.to_owned(), source };
    let entries = std::fs::read_dir(folder).map_err(fault)?;
    let mut paths = entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<PathBuf>, _>>().map_err(fault)?;
    paths.retain(|path| path.is_file());
    paths.sort();
    Ok(paths)
}

/// A random part that keeps at least `least` of each side.
fn cut(pixels: &RgbPixels, least: f32, random: &mut Random) -> Option<RgbPixels> {
    let side = |length: u32, random: &mut Random| {
        let kept = ((length as f32 * random.within(least, 1.0)) as u32).clamp(1, length);
        (random.index((length - kept + 1) as usize) as u32, kept)
    };
    let (left, width) = side(pixels.width(), random);
    let (top, height) = side(pixels.height(), random);
    let row = pixels.width() as usize * 3;
    let rows = pixels.rgb().chunks_exact(row).skip(top as usize).take(height as usize);
    let bytes: Vec<u8> = rows.flat_map(|line| &line[left as usize * 3..(left + width) as usize * 3]).copied().collect();
    RgbPixels::new(width, height, bytes)
}

/// Puts a part of `other` in its place in `rgb`, both square: a strip from side to side, one from top to bottom, or a piece with neither.
fn patch(rgb: &mut [u8], other: &[u8], side_px: usize, random: &mut Random) {
    let form = random.index(3);
    let mut part = |is_whole: bool| {
        let length = if is_whole { side_px } else { (side_px as f32 * random.within(0.25, 0.75)) as usize };
        let start = random.index(side_px - length + 1);
        start..start + length
    };
    let (columns, rows) = (part(form == 0), part(form == 1));
    for row in rows {
        let bytes = 3 * (row * side_px + columns.start)..3 * (row * side_px + columns.end);
        rgb[bytes.clone()].copy_from_slice(&other[bytes]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIDE: usize = 16;

    /// Photographs of one colour each.
    fn photographs(colours: &[(u8, bool)]) -> Photographs {
        let one = |&(colour, is_fire): &(u8, bool)| {
            let pixels = RgbPixels::new(40, 30, vec![colour; 40 * 30 * 3]).expect("pixels");
            Photograph { pixels: Arc::new(pixels), is_fire }
        };
        Photographs { all: colours.iter().map(one).collect() }
    }

    #[test]
    fn clear_pictures_are_put_together_and_fires_are_not() {
        let photographs = photographs(&[(10, false), (200, false), (90, true)]);
        let mut random = Random::named("photographs", 1);
        let (mut whole, mut patched, mut fires) = (0, 0, 0);
        for _ in 0..400 {
            let picture = photographs.picture(&mut random, SIDE, 4).expect("a picture");
            let share = |colour: u8| picture.rgb.iter().filter(|byte| **byte == colour).count() as f64 / picture.rgb.len() as f64;
            let shares = [10, 200, 90].map(share);
            assert_eq!(shares.iter().sum::<f64>(), 1.0, "nothing but what the photographs show");
            assert_eq!(picture.answer.verdict == Verdict::Hazard, shares[2] > 0.0);
            match shares.iter().filter(|share| **share > 0.0).count() {
                1 if shares[2] > 0.0 => fires += 1,
                1 => whole += 1,
                _ => {
                    assert!(shares[2] == 0.0 && shares[0].min(shares[1]) >= 0.06, "{shares:?}");
                    patched += 1;
                }
            }
        }
        // Half of those that are put together show the same photograph twice.
        assert!((100..180).contains(&fires) && (45..85).contains(&patched) && whole > 150, "{fires} {patched} {whole}");
    }

    #[test]
    fn without_photographs_there_is_no_picture() {
        let mut random = Random::named("photographs", 2);
        assert!(Photographs::default().picture(&mut random, SIDE, 4).is_none());
        assert!(Photographs::default().backdrop(&mut random).is_none());
    }
}

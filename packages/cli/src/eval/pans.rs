//! `vedette eval --pans DIR`: a slow pan over each photograph through the whole agent, judged in windows with the agent's own thresholds. In ->
//! out: photographs -> the share of windows alerted, falsely or not. Pictures of no hazard lie in `normal` or in the folder itself.
//!
//! A pan is a crop of three quarters of each side that moves across the photograph at 10 Hz, along its longer side, there in
//! [`PAN_SECS`]. Each photograph has an agent of its own, so that nothing is carried over. Deliberately absent: sensors but the camera.

use super::{
    EvalArguments,
    collected::{Collected, driver, ended},
    images::{LabelledFile, entries, held_out, labelled_files},
    outcome::{self, Failure},
    pool::{self, Done},
};
use crate::{
    Ending,
    config::Config,
    judge::{Judge, observe},
    model,
    output::say,
    source, told_once,
};
use anyhow::{Context, Result};
use serde_json::json;
use std::{collections::BTreeSet, fs, path::Path};
use vedette_agent::Event;
use vedette_evaluation::{MatchRules, SHORTEST_WINDOW_SECS, Window, cut_windows, window_figures, windows_table};
use vedette_types::{Decision, FrameId, ImageFrame, Reading, RgbPixels, Stamp, StreamId};

/// How long a pan over a photograph takes.
const PAN_SECS: f64 = 3.0;
const FRAMES_PER_SEC: f64 = 10.0;
/// Side of the crop as a share of the photograph's.
const CROP: f64 = 0.75;
/// Length of a window where nothing else is said.
pub(super) const WINDOW_DEFAULT_SECS: f64 = 1.0;

/// What a pan came to.
struct Panned {
    decisions: Vec<Decision>,
    windows: Vec<Window>,
}

/// Pans over every photograph.
pub(super) fn run(arguments: &EvalArguments, folder: &Path) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let window_secs = arguments.windows.unwrap_or(WINDOW_DEFAULT_SECS);
    anyhow::ensure!(window_secs >= SHORTEST_WINDOW_SECS, "--windows needs a length from {SHORTEST_WINDOW_SECS} s on, got {window_secs}");
    let files = held_out(photographs(folder, &config)?, arguments.held_out)?;
    let work = |judge: &mut Judge, number: usize| {
        let file = files.get(number).context("no such file")?;
        Ok(pan(judge, &config, file, window_secs).map_err(|error| told_once(&error)))
    };
    let Done { card, results, was_interrupted } = pool::each(&config, usize::from(arguments.threads), files.len(), "pans", work)?;
    let mut windows = Vec::new();
    let (mut errors, mut alerted) = (Vec::new(), Vec::new());
    for (number, result) in results {
        let Some(file) = files.get(number) else { continue };
        match result {
            Ok(panned) => {
                alerted.extend(failure(file, &panned));
                windows.extend(panned.windows);
            }
            Err(told) => errors.push((file.path.display().to_string(), told)),
        }
    }
    for (file, told) in &errors {
        eprintln!("vedette: {file}: {told}");
    }
    let figures = window_figures(&windows, window_secs);
    let what = format!("slow pans over {} photographs", files.len() - errors.len());
    let mut object = outcome::head(&what, &card, &config.changed()?, was_interrupted);
    object["errors"] = errors.iter().map(|(file, told)| json!({ "file": file, "error": told })).collect();
    outcome::extend(&mut object, &figures)?;
    if let Some(folder) = &arguments.out {
        outcome::write_figures(folder, &object)?;
        outcome::write_sheet(folder, alerted.into_iter(), |(file, stamp): (LabelledFile, Stamp)| picture_at(&file, &config, stamp))?;
    }
    if arguments.json {
        say!("{object}");
    } else {
        say!("{what}, model {} ({})", card.name, model::training_word(card.is_trained));
        crate::output::write(format_args!("{}", windows_table(&figures)));
    }
    Ok(match () {
        () if was_interrupted => Ending::Interrupted,
        () if !errors.is_empty() => Ending::Partial,
        () => Ending::Complete,
    })
}

/// Labelled sub-folders, or, without any, the pictures of the folder itself as normal ones.
fn photographs(folder: &Path, config: &Config) -> Result<Vec<LabelledFile>> {
    let entries = entries(folder)?;
    if entries.is_empty() || entries.iter().any(|path| path.is_dir()) {
        return labelled_files(folder, &config.catalogue);
    }
    Ok(entries.into_iter().map(|path| LabelledFile { path, kind: None }).collect())
}

fn photograph(file: &LabelledFile, config: &Config) -> Result<RgbPixels> {
    let bytes = fs::read(&file.path).context("cannot be read")?;
    Ok(observe(bytes, &config.fusion)?.pixels)
}

fn pan(judge: &mut Judge, config: &Config, file: &LabelledFile, window_secs: f64) -> Result<Panned> {
    let photograph = photograph(file, config)?;
    let mut driver = driver(config, judge.vlm())?;
    let mut collected = Collected::default();
    let stream = StreamId::new("/camera/image_raw");
    for frame in 0..frame_count() {
        let (stamp, pixels) = (stamp_of(frame), crop(&photograph, progress(frame))?);
        let image = ImageFrame { stamp, frame: FrameId::new("camera_optical"), data: pixels.to_image_data() };
        let sha256 = source::hash(pixels.rgb());
        let event = Event::Reading { arrived: stamp, stream: stream.clone(), reading: Reading::Image(image), sha256 };
        driver.feed(event, &mut collected).map_err(ended)?;
    }
    driver.finish(&mut collected).map_err(ended)?;
    let decisions = collected.run.decisions;
    // The answer to a picture of the last half second comes after the pan: it belongs to the last window.
    let end = decisions.last().map_or(stamp_of(0), |decision| decision.stamp).max(stamp_of(0).plus_secs(PAN_SECS));
    let span = (stamp_of(0), end.min(stamp_of(0).plus_secs(PAN_SECS + 0.49 * window_secs)));
    let mut windows = cut_windows(&decisions, None, &MatchRules::default(), span, window_secs).context("windows of no length")?;
    for window in windows.iter_mut().filter(|_| file.kind.is_some()) {
        window.there = BTreeSet::from_iter(file.kind.clone());
        // A label leaves other kinds open: where one is named, it counts neither way.
        window.faint = window.named.difference(&window.there).cloned().collect();
    }
    Ok(Panned { decisions, windows })
}

/// The first decision that named anything where nothing is.
fn failure(file: &LabelledFile, panned: &Panned) -> Option<Failure<(LabelledFile, Stamp)>> {
    let is_false = |decision: &&Decision| file.kind.is_none() && !decision.hazards.is_empty();
    let decision = panned.decisions.iter().find(is_false)?;
    let named: Vec<String> = decision.hazards.iter().map(|hazard| format!("{} ({:.2})", hazard.kind, hazard.confidence.get())).collect();
    let lines = vec![file.name(), format!("said: {}", named.join(", "))];
    Some(Failure { picture: (file.clone(), decision.image_stamp.unwrap_or(decision.stamp)), lines })
}

fn picture_at(file: &LabelledFile, config: &Config, stamp: Stamp) -> Result<RgbPixels> {
    let frame = (stamp.secs_since(stamp_of(0)) * FRAMES_PER_SEC).round() as usize;
    crop(&photograph(file, config)?, progress(frame))
}

fn frame_count() -> usize {
    (PAN_SECS * FRAMES_PER_SEC).round() as usize
}

/// How far the pan has come at a frame, 0 to 1.
fn progress(frame: usize) -> f64 {
    (frame as f64 / (frame_count() - 1) as f64).min(1.0)
}

fn stamp_of(frame: usize) -> Stamp {
    Stamp::from_ros(1_700_000_000, 0).plus_secs(frame as f64 / FRAMES_PER_SEC)
}

/// What the camera sees at `progress` of the pan, along the longer side, half-way along the other.
fn crop(photograph: &RgbPixels, progress: f64) -> Result<RgbPixels> {
    let [width, height] = [photograph.width(), photograph.height()];
    let side = |length: u32| ((f64::from(length) * CROP).round() as u32).clamp(1, length);
    let (across, down) = (side(width), side(height));
    let at = |room: u32, share: f64| (f64::from(room) * share).round() as usize;
    let (along_x, along_y) = if width >= height { (progress, 0.5) } else { (0.5, progress) };
    let (left, top) = (at(width - across, along_x), at(height - down, along_y));
    let rows = photograph.rgb().chunks_exact(width as usize * 3).skip(top).take(down as usize);
    let rgb: Vec<u8> = rows.flat_map(|row| row.iter().skip(left * 3).take(across as usize * 3)).copied().collect();
    RgbPixels::new(across, down, rgb).context("a crop without pixels")
}

#[cfg(test)]
mod tests {
    use super::{crop, progress};
    use vedette_types::RgbPixels;

    #[test]
    fn a_pan_goes_from_one_end_to_the_other_along_the_longer_side() {
        let wide = RgbPixels::new(8, 4, (0..32_u8).flat_map(|i| [i % 8, i / 8, 0]).collect()).unwrap();
        let corner = |pixels: &RgbPixels| (pixels.rgb()[0], pixels.rgb()[1], pixels.width(), pixels.height());
        assert_eq!(corner(&crop(&wide, progress(0)).unwrap()), (0, 1, 6, 3));
        assert_eq!(corner(&crop(&wide, progress(29)).unwrap()), (2, 1, 6, 3));
        let tall = RgbPixels::new(4, 8, (0..32_u8).flat_map(|i| [i % 4, i / 4, 0]).collect()).unwrap();
        assert_eq!(corner(&crop(&tall, 1.0).unwrap()), (1, 2, 3, 6));
        assert_eq!(corner(&crop(&RgbPixels::new(1, 1, vec![7, 7, 7]).unwrap(), 0.4).unwrap()), (7, 7, 1, 1));
    }
}

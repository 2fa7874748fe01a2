//! `vedette eval --scenes N`: rendered labelled scenes with the agent's exact prompt. In -> out: family and seeds -> figures; with `--controls`
//! each of them again with the image blanked, the images exchanged among the scenes, and the sensor text blanked. It draws no scene of its
//! own: the labels are the simulator's.

use super::{
    EvalArguments,
    outcome::{Outcome, finish},
    pool::{self, Done},
};
use crate::{Ending, config::Config, judge::Judge, source};
use anyhow::{Context, Result};
use vedette_evaluation::{JudgedSample, SampleHazard, SampleTruth};
use vedette_fusion::{SensorContext, Still, sensor_context};
use vedette_simulator::{Family, LabelledPicture, SceneOptions, SceneSample};
use vedette_types::{RgbPixels, Stamp};

/// What is taken away, as part of a file's name.
const CONTROLS: [&str; 3] = ["blank-image", "exchanged-images", "no-sensors"];
/// The grey of a blanked image.
const GREY: u8 = 127;
/// Below this height at 480 rows a hazard is called small.
const SMALL_PX: f64 = 48.0;

/// One scene, as it is and with something taken away.
struct Scored {
    as_it_is: JudgedSample,
    controls: Vec<JudgedSample>,
}

/// Judges every scene.
pub(super) fn run(arguments: &EvalArguments, count: usize) -> Result<Ending> {
    let config = Config::load(&arguments.config)?;
    let family = arguments.family.unwrap_or(Family::Validation);
    let scenes = Scenes { arguments, family, count };
    let work = |judge: &mut Judge, number: usize| scenes.score(judge, &config, number);
    let Done { card, results, was_interrupted } = pool::each(&config, usize::from(arguments.threads), count, "scenes", work)?;
    let roaming = if arguments.roaming > 0.0 { format!(", a share of {} of them roaming", arguments.roaming) } else { String::new() };
    let alone = if arguments.camera_alone { ", by the camera alone" } else { "" };
    let what = format!("{count} scenes of the {family} family, seeds from {}{roaming}{alone}", arguments.seed);
    let mut outcome = Outcome::new(card, what, &config, was_interrupted)?;
    outcome.controls = if arguments.controls { CONTROLS.map(|name| (name, Vec::new())).to_vec() } else { Vec::new() };
    let mut numbers = Vec::new();
    let mut faint = 0;
    for (number, scored) in results {
        let Some(scored) = scored else {
            faint += 1;
            continue;
        };
        numbers.push(number);
        outcome.samples.push(scored.as_it_is);
        for ((_, samples), sample) in outcome.controls.iter_mut().zip(scored.controls) {
            samples.push(sample);
        }
    }
    outcome.origin.push(("family".to_owned(), family.to_string()));
    outcome.origin.push(("first seed".to_owned(), arguments.seed.to_string()));
    outcome.origin.push(("faint scenes left out".to_owned(), faint.to_string()));
    finish(arguments, &outcome, |index| Ok(scenes.draw(*numbers.get(index).context("no such scene")?)?.1.pixels))
}

struct Scenes<'a> {
    arguments: &'a EvalArguments,
    family: Family,
    count: usize,
}

impl Scenes<'_> {
    fn draw(&self, number: usize) -> Result<(SceneSample, LabelledPicture)> {
        let seed = self.arguments.seed.wrapping_add(number as u64);
        let EvalArguments { roaming, camera_alone, .. } = *self.arguments;
        let options = SceneOptions { roaming, has_sensors: !camera_alone, ..SceneOptions::default() };
        Ok(SceneSample::draw(self.family, seed, &options, 1)?)
    }

    /// `None` for a scene that nobody could judge fairly.
    fn score(&self, judge: &mut Judge, config: &Config, number: usize) -> Result<Option<Scored>> {
        let (sample, picture) = self.draw(number)?;
        if picture.is_faint {
            return Ok(None);
        }
        let context = sensor_context(&config.fusion, &sample.sensor_values());
        let mut ask = |pixels: &RgbPixels, context: &SensorContext| -> Result<JudgedSample> {
            let still = Still {
                stamp: Stamp::from_nanos(number as i64),
                pixels: pixels.clone(),
                image_sha256: source::hash(pixels.rgb()),
                horizontal_fov_rad: Some(sample.camera.horizontal_fov_rad),
                context: context.clone(),
            };
            let observation = still.into_observation();
            let judged = judge.ask(&observation, None)?;
            Ok(JudgedSample {
                id: format!("{} {}", sample.family, sample.seed),
                truth: truth(&picture),
                answer: judge.sample_answer(&judged),
                probabilities: judged.answer.verdict_probabilities,
                first_kinds: judge.first_kinds(&observation)?,
                tags: tags(&sample, &picture),
            })
        };
        let as_it_is = ask(&picture.pixels, &context)?;
        let mut controls = Vec::new();
        if self.arguments.controls {
            let grey = vec![GREY; picture.pixels.rgb().len()];
            let blank = RgbPixels::new(picture.pixels.width(), picture.pixels.height(), grey).context("a picture without pixels")?;
            // Seeds have nothing to do with each other: the next scene's picture is as good as any.
            let (_, next) = self.draw((number + 1) % self.count)?;
            controls.push(ask(&blank, &context)?);
            controls.push(ask(&next.pixels, &context)?);
            controls.push(ask(&picture.pixels, &SensorContext::default())?);
        }
        Ok(Some(Scored { as_it_is, controls }))
    }
}

fn truth(picture: &LabelledPicture) -> SampleTruth {
    let hazards = picture.hazards.iter().map(|hazard| SampleHazard {
        kind: hazard.kind.clone(),
        severity: Some(hazard.severity),
        bearing: hazard.bearing(),
        range: hazard.range(),
        is_seen: hazard.seen.is_some(),
    });
    SampleTruth::new(picture.verdict(), hazards.collect())
}

fn tags(sample: &SceneSample, picture: &LabelledPicture) -> Vec<String> {
    let mut tags = vec![format!("hazards {}", picture.hazards.len()), format!("layout {:?}", sample.layout)];
    if !picture.is_judgeable {
        tags.push(format!("unjudgeable {:?}", sample.condition));
    }
    if picture.is_borderline {
        tags.push("borderline".to_owned());
    }
    if let [only] = picture.hazards.as_slice()
        && let Some(seen) = &only.seen
    {
        tags.push(format!("one {}", seen.range));
        let height = f64::from(seen.box_px[3]) * 480.0 / f64::from(picture.pixels.height());
        tags.extend((height < SMALL_PX).then(|| "one small".to_owned()));
    }
    tags
}

//! The events of a run, or of a robot at work, as rows of a rerun recording. In -> out: what the agent saw, said and decided -> entities that the viewer
//! shows side by side on the timelines `event_time` and `image_time`.
//!
//! Of pictures only those are kept that are handed over as observations. Deliberately absent: reading the file back.

use crate::RrdError;
use crate::alerts::Alerts;
use crate::annotate::{jpeg, shrunk};
use crate::figures::Figures;
use crate::overlay::{View, hazard_text, response_rgb, severity_rgb, verdict_rgb};
use crate::recording::{Moment, Recording, entity};
use crate::sensors::{Sensors, viewer_frame};
use re_log_types::EntityPath;
use re_sdk_types::components::{Color, TextLogLevel};
use re_sdk_types::{AsComponents, archetypes};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use vedette_types::{
    Alert, Assessment, Completion, Decision, FrameId, Hazard, ImageData, Isometry3, Observation, Reading, Response, RobotPose, Stamp,
    StreamId, Verdict, VerdictProbabilities,
};

/// Field of view assumed for a camera without calibration, radians: the default of the reasoner.
const DEFAULT_HORIZONTAL_FOV_RAD: f64 = 1.2;

/// Longest text of one log line, bytes.
const TEXT_MAX_BYTES: usize = 4_000;

/// Most points of the robot's trail in one row.
const TRAIL_POINTS: usize = 500;

/// Least distance between points of the trail, metres.
const TRAIL_STEP_M: f32 = 0.1;

/// Length of the arrow that stands for the robot, metres, and its colour.
const ROBOT_ARROW_M: f64 = 0.9;
const ROBOT_RGB: [u8; 3] = [90, 230, 250];

/// Writes one run as a rerun recording, into a file ([`RrdWriter::create`]) or live ([`RrdWriter::live`]). Dropped without [`RrdWriter::finish`] the file is complete all the same.
pub struct RrdWriter {
    pub(crate) recording: Recording,
    pub(crate) figures: Figures,
    sensors: Sensors,
    alerts: Alerts,
    views: BTreeMap<StreamId, View>,
    default_horizontal_fov_rad: f64,
    trail_frame: Option<FrameId>,
    trail_m: Vec<[f32; 3]>,
    /// Cameras whose hazards stand in the world at the moment.
    placed: BTreeSet<StreamId>,
    /// The last decision that was drawn with all it says.
    drawn: Option<Decision>,
}

impl RrdWriter {
    /// Creates `path` (an earlier file is replaced) for a recording called `name`.
    ///
    /// # Errors
    /// [`RrdError::Write`] when the file cannot be made.
    pub fn create(path: &Path, name: &str) -> Result<Self, RrdError> {
        let file = File::create(path).map_err(|source| RrdError::Write { path: path.to_owned(), source })?;
        Self::start(path, name, Box::new(BufWriter::new(file)))
    }

    pub(crate) fn start(path: &Path, name: &str, sink: Box<dyn Write + Send>) -> Result<Self, RrdError> {
        Self::of(Recording::start(path, name, sink)?)
    }

    pub(crate) fn of(mut recording: Recording) -> Result<Self, RrdError> {
        let verdicts = Verdict::ALL.iter().map(|verdict| (verdict.word(), verdict_rgb(*verdict)));
        recording.fixed(entity("decision", "verdict", ""), &states(verdicts))?;
        let responses = Response::ALL.iter().map(|response| (response.word(), response_rgb(*response)));
        recording.fixed(entity("decision", "response", ""), &states(responses))?;
        Ok(Self {
            recording,
            figures: Figures::default(),
            sensors: Sensors::new(),
            alerts: Alerts::default(),
            views: BTreeMap::new(),
            default_horizontal_fov_rad: DEFAULT_HORIZONTAL_FOV_RAD,
            trail_frame: None,
            trail_m: Vec::new(),
            placed: BTreeSet::new(),
            drawn: None,
        })
    }

    /// Sets the field of view assumed for cameras without calibration, radians: the one that the reasoner was given.
    #[must_use]
    pub fn with_default_horizontal_fov_rad(mut self, fov_rad: f64) -> Self {
        self.default_horizontal_fov_rad = fov_rad;
        self
    }

    /// Draws a frame that goes to the model, when it does (`now`). A JPEG or PNG is kept as it arrived, a raw frame as a JPEG of at most 400
    /// pixels a side.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn observation(&mut self, now: Stamp, observation: &Observation) -> Result<(), RrdError> {
        let moment = Moment { event: now, image: observation.stamp };
        self.recording.scalar(&entity("assessment", observation.camera.as_str(), "change"), moment, observation.change.get())?;
        self.frame(now, observation)
    }

    /// Draws a frame that was looked at for this recording only: as [`Self::observation`], without what the model made of it.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn frame(&mut self, now: Stamp, observation: &Observation) -> Result<(), RrdError> {
        let moment = Moment { event: now, image: observation.stamp };
        self.figures.frame(&observation.camera, observation.stamp, observation.arrived);
        let camera = observation.camera.as_str();
        let (picture, bytes, media_type) = match &observation.image.data {
            ImageData::Jpeg(bytes) => (observation.pixels.clone(), bytes.to_vec(), "image/jpeg"),
            ImageData::Png(bytes) => (observation.pixels.clone(), bytes.to_vec(), "image/png"),
            ImageData::Raw { .. } => {
                let picture = shrunk(&observation.pixels);
                let bytes = jpeg(&picture)?;
                (picture, bytes, "image/jpeg")
            }
        };
        self.views.insert(observation.camera.clone(), View::of(observation, &picture, self.default_horizontal_fov_rad));
        let size_bytes = bytes.len();
        let image = archetypes::EncodedImage::new(bytes).with_media_type(media_type);
        self.recording.large_row(&entity("camera", camera, "image"), moment, &image, size_bytes)?;
        if let Some(pose) = &observation.robot_pose {
            self.robot(moment, pose)?;
            self.trail(moment, &pose.frame, pose.frame_from_base.translation.vector.into())?;
        }
        Ok(())
    }

    /// Draws what the model answered: the probabilities of the three verdicts, and how long it took.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn completion(&mut self, completion: &Completion) -> Result<(), RrdError> {
        let moment = Moment { event: completion.arrived, image: completion.image_stamp };
        self.model_time(moment, completion)?;
        let Some(VerdictProbabilities { hazard, clear, unknown }) = completion.verdict_probabilities else {
            return Ok(());
        };
        for (verdict, probability) in [("hazard", hazard), ("clear", clear), ("unknown", unknown)] {
            let entity = entity("assessment", completion.camera.as_str(), &format!("probability/{verdict}"));
            self.recording.scalar(&entity, moment, probability.get())?;
        }
        Ok(())
    }

    /// Draws an assessment: marks over the picture, positions in the world, a line of text, its confidence.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn assessment(&mut self, assessment: &Assessment) -> Result<(), RrdError> {
        let moment = Moment { event: assessment.arrived, image: assessment.image_stamp };
        let camera = assessment.camera.as_str();
        if let Some(view) = self.views.get(&assessment.camera) {
            let marks = view.marks(&assessment.hazards);
            let height = view.height_px as f32;
            let boxes = archetypes::Boxes2D::from_mins_and_sizes(
                marks.iter().map(|mark| [mark.left_px, 0.0]),
                marks.iter().map(|mark| [mark.right_px - mark.left_px, height]),
            )
            .with_labels(marks.iter().map(|mark| mark.label.as_str()))
            .with_colors(marks.iter().map(|mark| color(mark.rgb)));
            // Drawn without hazards too: that is what takes the marks of the last picture away.
            self.recording.row(&entity("camera", camera, "image/hazards"), moment, &boxes)?;
        }
        self.positions(moment, &assessment.camera, &assessment.hazards)?;
        self.answer_time(moment, assessment)?;
        self.recording.scalar(&entity("assessment", camera, "confidence"), moment, assessment.confidence.get())?;
        let level = match (&assessment.fault, assessment.verdict) {
            (Some(_), _) => TextLogLevel::ERROR,
            (None, Verdict::Clear) => TextLogLevel::INFO,
            (None, _) => TextLogLevel::WARN,
        };
        let hazards = assessment.hazards.iter().map(hazard_text);
        let notes = assessment.fault.iter().chain(&assessment.answer).cloned();
        let text = sentence(format!("{} {:.2}", assessment.verdict, assessment.confidence.get()), hazards.chain(notes));
        self.text(&entity("assessment", camera, "log"), moment, &text, level, verdict_rgb(assessment.verdict))
    }

    /// Draws a decision: state of verdict and response, level of the response (0 to 3), when it changes or once a second a line of text, and in
    /// the alert log what began to count or counts no more.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn decision(&mut self, decision: &Decision) -> Result<(), RrdError> {
        let moment = Moment { event: decision.stamp, image: decision.image_stamp.unwrap_or(decision.stamp) };
        let level = f64::from(decision.response as u8);
        self.recording.scalar(&entity("decision", "response_level", ""), moment, level)?;
        for line in self.alerts.of(decision) {
            self.text(&entity("alerts", "log", ""), moment, &line.text, line.level, line.rgb)?;
        }
        let is_news = self.drawn.as_ref().is_none_or(|drawn| {
            let says = |decision: &Decision| (decision.verdict, decision.response);
            let secs = decision.stamp.secs_since(drawn.stamp);
            says(drawn) != says(decision) || drawn.reasons != decision.reasons || !(0.0..1.0).contains(&secs)
        });
        if !is_news {
            return Ok(());
        }
        self.drawn = Some(decision.clone());
        let state = |word: &str| archetypes::StateChange::single(word);
        self.recording.row(&entity("decision", "verdict", ""), moment, &state(decision.verdict.word()))?;
        self.recording.row(&entity("decision", "response", ""), moment, &state(decision.response.word()))?;
        let level = match decision.response {
            Response::Continue => TextLogLevel::INFO,
            Response::Limit | Response::SlowDown => TextLogLevel::WARN,
            Response::Stop => TextLogLevel::CRITICAL,
        };
        let text = sentence(format!("{} ({})", decision.response, decision.verdict), decision.reasons.iter().cloned());
        self.text(&entity("decision", "log", ""), moment, &text, level, response_rgb(decision.response))
    }

    /// Writes what became of the alerts that are listed into the alert log; decisions add nothing to it from then on.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn alerts(&mut self, now: Stamp, alerts: &[Alert]) -> Result<(), RrdError> {
        let moment = Moment { event: now, image: now };
        let lines = self.alerts.listed(alerts);
        lines.iter().try_for_each(|line| self.text(&entity("alerts", "log", ""), moment, &line.text, line.level, line.rgb))
    }

    /// Draws a sensor reading that arrived at `arrived`; some are left out where a stream is fast.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn reading(&mut self, arrived: Stamp, stream: &StreamId, reading: &Reading) -> Result<(), RrdError> {
        self.sensors.draw(&mut self.recording, arrived, stream, reading)
    }

    /// Adds the figures of the run as Markdown.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn summary(&mut self, markdown: &str) -> Result<(), RrdError> {
        self.recording.fixed(entity("summary", "", ""), &archetypes::TextDocument::from_markdown(markdown))
    }

    /// Sends what has waited long enough: for a live recording whose streams fell silent.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn flush(&mut self, now: Stamp) -> Result<(), RrdError> {
        self.recording.flush(now)
    }

    /// Writes what waits and the index.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn finish(self) -> Result<(), RrdError> {
        self.recording.finish()
    }

    pub(crate) fn text(&mut self, entity: &EntityPath, moment: Moment, text: &str, level: &str, rgb: [u8; 3]) -> Result<(), RrdError> {
        let end = text.floor_char_boundary(TEXT_MAX_BYTES);
        let text = if end < text.len() { format!("{} ...", text.get(..end).unwrap_or_default()) } else { text.to_owned() };
        self.recording.row(entity, moment, &archetypes::TextLog::new(text).with_level(level).with_color(color(rgb)))
    }

    /// Draws the hazards whose place is known, all in the frame of the first: a run has one fixed frame.
    fn positions(&mut self, moment: Moment, camera: &StreamId, hazards: &[Hazard]) -> Result<(), RrdError> {
        let placed = hazards.iter().filter_map(|hazard| Some((hazard, hazard.position_m.as_ref()?)));
        let placed: Vec<_> = placed.filter(|(_, (_, at_m))| at_m.iter().all(|metres| metres.is_finite())).collect();
        let entity = entity("hazards", camera.as_str(), "");
        let frame = placed.first().map(|(_, (frame, _))| frame).and_then(|frame| Some((frame, viewer_frame(frame)?)));
        let Some((frame, viewer_frame)) = frame else {
            let nothing = archetypes::Points3D::new([[0.0_f32; 3]; 0]);
            return if self.placed.remove(camera) { self.recording.row(&entity, moment, &nothing) } else { Ok(()) };
        };
        let placed: Vec<_> = placed.iter().filter(|(_, (other, _))| other == frame).collect();
        let points = archetypes::Points3D::new(placed.iter().map(|(_, (_, at_m))| at_m.map(|metres| metres as f32)))
            .with_labels(placed.iter().map(|(hazard, _)| hazard_text(hazard)))
            .with_colors(placed.iter().map(|(hazard, _)| color(severity_rgb(hazard.severity))))
            .with_radii([0.15]);
        self.placed.insert(camera.clone());
        self.recording.may_stand_in(&viewer_frame);
        let frame = archetypes::CoordinateFrame::new(viewer_frame);
        self.recording.row(&entity, moment, &[&points as &dyn AsComponents, &frame])
    }

    /// Draws the robot as an arrow to its front.
    fn robot(&mut self, moment: Moment, pose: &RobotPose) -> Result<(), RrdError> {
        let at_m: [f64; 3] = pose.frame_from_base.translation.vector.into();
        let tip = pose.frame_from_base * Isometry3::translation(ROBOT_ARROW_M, 0.0, 0.0);
        let front_m: [f64; 3] = (tip.translation.vector - pose.frame_from_base.translation.vector).into();
        let Some(frame) = viewer_frame(&pose.frame).filter(|_| at_m.iter().chain(&front_m).all(|metres| metres.is_finite())) else {
            return Ok(());
        };
        self.recording.stand_in(&frame);
        let arrow = archetypes::Arrows3D::from_vectors([front_m.map(|metres| metres as f32)])
            .with_origins([at_m.map(|metres| metres as f32)])
            .with_radii([0.12])
            .with_colors([color(ROBOT_RGB)])
            .with_labels(["robot"]);
        let frame = archetypes::CoordinateFrame::new(frame);
        self.recording.row(&entity("robot", "", ""), moment, &[&arrow as &dyn AsComponents, &frame])
    }

    /// Draws the way the robot came. Its points move apart when there are too many.
    fn trail(&mut self, moment: Moment, frame: &FrameId, at_m: [f64; 3]) -> Result<(), RrdError> {
        let Some(viewer_frame) = viewer_frame(frame).filter(|_| at_m.iter().all(|metres| metres.is_finite())) else {
            return Ok(());
        };
        if self.trail_frame.as_ref() != Some(frame) {
            self.trail_frame = Some(frame.clone());
            self.trail_m.clear();
        }
        let at_m = at_m.map(|metres| metres as f32);
        let moved_m = self.trail_m.last().map(|last| last.iter().zip(at_m).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt());
        if moved_m.is_some_and(|moved_m| moved_m < TRAIL_STEP_M) {
            return Ok(());
        }
        if self.trail_m.len() >= TRAIL_POINTS {
            let mut is_kept = false;
            self.trail_m.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
        }
        self.trail_m.push(at_m);
        let strip = archetypes::LineStrips3D::new([self.trail_m.clone()]);
        let frame = archetypes::CoordinateFrame::new(viewer_frame);
        self.recording.row(&entity("trail", "", ""), moment, &[&strip as &dyn AsComponents, &frame])
    }
}

fn color([red, green, blue]: [u8; 3]) -> Color {
    Color::from_rgb(red, green, blue)
}

/// Names and colours of the values of a state.
fn states(values: impl Iterator<Item = (&'static str, [u8; 3])>) -> archetypes::StateConfiguration {
    let (words, colors): (Vec<_>, Vec<_>) = values.map(|(word, rgb)| (word, color(rgb))).unzip();
    archetypes::StateConfiguration::new().with_values(words).with_colors(colors)
}

/// `head: clause; clause`
fn sentence(head: String, clauses: impl Iterator<Item = String>) -> String {
    let clauses: Vec<_> = clauses.collect();
    if clauses.is_empty() { head } else { format!("{head}: {}", clauses.join("; ")) }
}

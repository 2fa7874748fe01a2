//! The start-up self-test: two pictures that the program draws itself, through template, vision tower, model and grammar.
//!
//! In -> out: a loaded model -> passed, or the reason to refuse it: a template of another model, a picture or its colours that do not reach
//! the model, scores that are no numbers, answers outside the schema, answers that change. A model that comes from elsewhere must also name
//! the colour. A model of this project knows hazards alone and an untrained one nothing: they are not asked. A pass is remembered per model,
//! backend and build; a failure is not, since it may have been the machine's. Deliberately absent: any judgement of how good a model is.

use crate::digest::Parts;
use crate::forced::ForcedError;
use crate::halt::Stopwatch;
use crate::vlm::LlamaVlm;
use crate::whole_file::write_whole;
use std::io::Write;
use std::path::Path;
use std::{fs, io};
use vedette_reasoning::{ChatTemplate, MEDIA_MARKER, Sampling, TemplateError, Vlm, VlmRequest};
use vedette_types::{Finish, RgbPixels, Sha256, Stamp, StreamId};

/// Changes with what is tested.
const EDITION: &[u8] = b"self-test 1";

const QUESTION: &str = "Which colour is the picture? Answer with one word.";

/// The colours asked for, with how they are drawn.
const COLOURS: [(&str, [u8; 3]); 2] = [("red", [220, 30, 30]), ("blue", [30, 30, 220])];

const SCHEMA: &str = r#"{"type":"object","properties":{"colour":{"enum":["red","green","blue","yellow"]}},"required":["colour"],"additionalProperties":false,"x-guidance":{"whitespace_flexible":false}}"#;

/// How a self-test came out well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfTested {
    /// It was run.
    Now,
    /// The same model had passed before on this backend and build.
    Before,
}

/// Why a model must not be used.
#[derive(Debug, thiserror::Error)]
pub enum SelfTestFault {
    /// The test's own picture is wrong.
    #[error("self-test: the picture could not be drawn; this is a bug")]
    Drawing,
    /// The template cannot be rendered.
    #[error("self-test: the model's chat template cannot be used: {0}; convert the model again")]
    Template(#[from] TemplateError),
    /// The template's marks are plain text to the vocabulary.
    #[error(
        "self-test: the chat template is that of another model: none of its marks is a control token of this vocabulary, in `{rendered}`; \
         convert the model again or fetch another copy"
    )]
    OtherTemplate {
        /// The template around an empty message.
        rendered: String,
    },
    /// The prompt could not be computed.
    #[error("self-test: the picture could not be judged: {0}")]
    Forced(#[from] ForcedError),
    /// Scores without information.
    #[error("self-test: the scores are {what}: the weights are damaged, or the GPU computes garbage; try llama.n_gpu_layers 0")]
    Garbage {
        /// What they are.
        what: &'static str,
    },
    /// Pictures make no difference.
    #[error(
        "self-test: a red and a blue picture give the same scores: pictures or their colours do not reach the model; \
         use the mmproj that was published with this model"
    )]
    Blind,
    /// The same picture gave other scores.
    #[error("self-test: the same picture gave other scores the second time: the backend computes garbage; try llama.n_gpu_layers 0")]
    Unsteady,
    /// Too slow a machine for the model.
    #[error(
        "self-test: not done within llama.self_test_secs, {secs} s: the model is too large for this machine; take a smaller one or a smaller \
         quantisation, more threads, or give it more time"
    )]
    Late {
        /// The limit.
        secs: f64,
    },
    /// No answer within the schema.
    #[error("self-test: the picture was not answered within the schema ({finish}): {text}")]
    Unanswered {
        /// How the answer ended.
        finish: Finish,
        /// What it was.
        text: String,
    },
    /// A model that should know colours does not.
    #[error(
        "self-test: asked for the colour of a {shown} picture the model said {said}: colours are exchanged, or the backend computes garbage; \
         try llama.n_gpu_layers 0, and the mmproj that was published with this model"
    )]
    WrongColour {
        /// What was shown.
        shown: &'static str,
        /// What was said.
        said: String,
    },
}

impl LlamaVlm {
    /// Runs the self-test, unless `folder` says that this model passed it before with this backend and build. Costs two pictures.
    /// At `llama.self_test_secs` it gives up; an encode under way goes on, and dropping the model waits for it.
    ///
    /// # Errors
    /// [`SelfTestFault`]: the model must not be used.
    pub fn self_test(&mut self, folder: Option<&Path>) -> Result<SelfTested, SelfTestFault> {
        let mut key = Parts::default().bytes(EDITION).bytes(&self.identity().0);
        if let Some(adapter) = self.card().adapter {
            key = key.bytes(&adapter.sha256.0).bytes(&adapter.scale.to_bits().to_le_bytes());
        }
        let key = key.hash().to_string();
        let file = folder.map(|folder| folder.join(key).with_extension("passed"));
        if file.as_ref().is_some_and(|file| file.is_file()) {
            return Ok(SelfTested::Before);
        }
        self.test_now()?;
        if let Some(file) = file {
            let remember = || -> io::Result<()> {
                fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
                write_whole(&file, |out| writeln!(out, "{} passed the self-test", self.card().name))
            };
            if let Err(error) = remember() {
                tracing::warn!(target: "llama", "{}: {error}; the next start tests the model again", file.display());
            }
        }
        Ok(SelfTested::Now)
    }

    fn test_now(&mut self) -> Result<(), SelfTestFault> {
        let template = ChatTemplate::new(&self.card().chat_template)?;
        self.test_marks(&template)?;
        let prompt = template.render(&format!("{MEDIA_MARKER}\n{QUESTION}"))?;
        let requests: Option<Vec<VlmRequest>> = COLOURS.iter().map(|(_, colour)| request(&prompt, *colour)).collect();
        let requests = requests.ok_or(SelfTestFault::Drawing)?;
        let limit = Limit::of(self.self_test_secs());
        let mut rows = Vec::new();
        for request in requests.iter().chain(requests.first()) {
            let forced = self.scores_of(&limit.within(request), "{").map_err(|error| limit.told(error))?;
            rows.push(sound(forced.scores.into_iter().next().unwrap_or_default())?);
        }
        match &rows[..] {
            [red, blue, _] if red == blue => return Err(SelfTestFault::Blind),
            [red, _, again] if red != again => return Err(SelfTestFault::Unsteady),
            _ => {}
        }
        for ((shown, _), request) in COLOURS.into_iter().zip(&requests) {
            let answer = self.answer(&limit.within(request));
            if answer.finish == Finish::Deadline {
                return Err(limit.fault());
            }
            let said = colour_in(&answer.text).filter(|_| answer.finish == Finish::Stop);
            let Some(said) = said else { return Err(SelfTestFault::Unanswered { finish: answer.finish, text: answer.text }) };
            if self.knows_colours() && said != shown {
                return Err(SelfTestFault::WrongColour { shown, said });
            }
        }
        Ok(())
    }

    /// A template of another family renders marks that are plain text to this vocabulary.
    fn test_marks(&self, template: &ChatTemplate) -> Result<(), SelfTestFault> {
        let rendered = template.render(MEDIA_MARKER)?.replace(MEDIA_MARKER, "");
        let vocabulary = self.weights.model().vocab();
        let is_mark = |token: u32| {
            let token = llama_cpp_2::token::LlamaToken(token.cast_signed());
            token != vocabulary.bos() && (vocabulary.is_control(token) || vocabulary.is_eog(token))
        };
        if self.tokenize(&rendered).into_iter().any(is_mark) { Ok(()) } else { Err(SelfTestFault::OtherTemplate { rendered }) }
    }
}

/// The time that the whole test has.
struct Limit {
    secs: f64,
    clock: Stopwatch,
}

impl Limit {
    fn of(secs: f64) -> Self {
        Self { secs, clock: Stopwatch::start() }
    }

    /// The request with what is left as its deadline.
    fn within(&self, request: &VlmRequest) -> VlmRequest {
        // A cast of a float saturates: what is over is a deadline of 0.
        VlmRequest { deadline_millis: Some((self.secs * 1e3 - self.clock.millis()) as u64), ..request.clone() }
    }

    fn told(&self, error: ForcedError) -> SelfTestFault {
        if matches!(error, ForcedError::Deadline) { self.fault() } else { error.into() }
    }

    fn fault(&self) -> SelfTestFault {
        SelfTestFault::Late { secs: self.secs }
    }
}

/// Numbers that say something.
fn sound(row: Vec<f32>) -> Result<Vec<f32>, SelfTestFault> {
    if row.is_empty() || row.iter().any(|score| score.is_nan()) {
        return Err(SelfTestFault::Garbage { what: "not numbers" });
    }
    if row.iter().all(|score| Some(score) == row.first()) {
        return Err(SelfTestFault::Garbage { what: "all the same" });
    }
    Ok(row)
}

fn colour_in(answer: &str) -> Option<String> {
    let json: serde_json::Value = serde_json::from_str(answer).ok()?;
    json.get("colour")?.as_str().map(str::to_owned)
}

/// A field of one colour in a dark frame.
fn request(prompt: &str, colour: [u8; 3]) -> Option<VlmRequest> {
    const SIDE_PX: u32 = 224;
    const FRAME_PX: u32 = 12;
    let inside = FRAME_PX..SIDE_PX - FRAME_PX;
    let pixel = |i: u32| if inside.contains(&(i % SIDE_PX)) && inside.contains(&(i / SIDE_PX)) { colour } else { [20, 20, 20] };
    let rgb: Vec<u8> = (0..SIDE_PX * SIDE_PX).flat_map(pixel).collect();
    Some(VlmRequest {
        image_stamp: Stamp::default(),
        camera: StreamId::new("self-test"),
        prompt: prompt.to_owned(),
        prompt_sha256: Sha256::default(),
        image_sha256: Sha256::default(),
        pixels: RgbPixels::new(SIDE_PX, SIDE_PX, rgb)?,
        schema: SCHEMA.into(),
        sampling: Sampling { temperature: 0.0, seed: 0, max_tokens: 32 },
        deadline_millis: None,
    })
}

//! Where answers come from: the model, after a fixed virtual latency, or the record of an earlier run, at the recorded arrivals.

use std::collections::BTreeMap;
use vedette_reasoning::{Vlm, VlmAnswer, VlmRequest};
use vedette_types::{Completion, Finish, Sha256, Stamp, StreamId, Timings};

/// Why there is no answer to a request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// The recorded completions end before this request: the recorded run was cut short there.
    #[error("the recorded completions have none for {camera} at {image_stamp}")]
    NotRecorded {
        /// Camera of the request.
        camera: StreamId,
        /// Image stamp of the request.
        image_stamp: Stamp,
    },
    /// The recorded completion answers another question.
    #[error(
        "the recorded completion for {camera} at {image_stamp} was made from another {what} ({recorded}, now {now}): \
         use the bag and the parameters of the recorded run"
    )]
    Different {
        /// Camera of the request.
        camera: StreamId,
        /// Image stamp of the request.
        image_stamp: Stamp,
        /// `prompt` or `image`.
        what: &'static str,
        /// Hash in the record.
        recorded: Sha256,
        /// Hash of the request.
        now: Sha256,
    },
}

/// A source of answers on the virtual clock.
pub trait Answers {
    /// The answer to `request`, issued at `requested`; its `arrived` says when it reaches the agent and is not before `requested`.
    ///
    /// # Errors
    /// [`AnswerError`] when there is none; the run ends there.
    fn answer(&mut self, request: &VlmRequest, requested: Stamp) -> Result<Completion, AnswerError>;
}

/// The model itself. An answer arrives a fixed virtual time after its request, however long the call takes by the wall clock.
pub struct LiveModel<V> {
    vlm: V,
    latency_millis: i64,
}

impl<V: Vlm> LiveModel<V> {
    /// Answers of `vlm`, each `latency_millis` after its request.
    pub fn new(vlm: V, latency_millis: i64) -> Self {
        Self { vlm, latency_millis }
    }
}

impl<V: Vlm> Answers for LiveModel<V> {
    fn answer(&mut self, request: &VlmRequest, requested: Stamp) -> Result<Completion, AnswerError> {
        let deadline_millis = request.deadline_millis.and_then(|millis| i64::try_from(millis).ok());
        if let Some(deadline_millis) = deadline_millis.filter(|deadline| self.latency_millis > *deadline) {
            // On the virtual clock the deadline is missed for certain: the model need not run.
            let missed = VlmAnswer {
                text: String::new(),
                tokens: 0,
                finish: Finish::Deadline,
                verdict_probabilities: None,
                timings: Timings::default(),
            };
            return Ok(missed.into_completion(request, self.vlm.card(), requested.plus_millis(deadline_millis)));
        }
        let untimed = VlmRequest { deadline_millis: None, ..request.clone() };
        let arrived = requested.plus_millis(self.latency_millis);
        let answer = self.vlm.answer(&untimed);
        Ok(answer.into_completion(request, self.vlm.card(), arrived))
    }
}

/// The completions of an earlier run.
#[derive(Debug)]
pub struct Recorded {
    by_request: BTreeMap<(Stamp, StreamId), Vec<Completion>>,
}

impl Recorded {
    /// Takes completions in the order in which they were recorded; a bag played in a loop may hold several for one image stamp.
    pub fn new(completions: impl IntoIterator<Item = Completion>) -> Self {
        let mut by_request: BTreeMap<_, Vec<Completion>> = BTreeMap::new();
        for completion in completions {
            by_request.entry((completion.image_stamp, completion.camera.clone())).or_default().push(completion);
        }
        // Taken from the back, one after the other.
        by_request.values_mut().for_each(|same| same.reverse());
        Self { by_request }
    }
}

impl Answers for Recorded {
    fn answer(&mut self, request: &VlmRequest, requested: Stamp) -> Result<Completion, AnswerError> {
        let (camera, image_stamp) = (request.camera.clone(), request.image_stamp);
        let completion = self.by_request.get_mut(&(image_stamp, camera.clone())).and_then(Vec::pop);
        let Some(completion) = completion else { return Err(AnswerError::NotRecorded { camera, image_stamp }) };
        for (what, recorded, now) in
            [("image", completion.image_sha256, request.image_sha256), ("prompt", completion.prompt_sha256, request.prompt_sha256)]
        {
            if recorded != now {
                return Err(AnswerError::Different { camera, image_stamp, what, recorded, now });
            }
        }
        Ok(Completion { arrived: completion.arrived.max(requested), ..completion })
    }
}

//! One picture, one answer: the model with the agent's own prompt, schema and parsing. In -> out: an observation -> an assessment and the raw
//! answer. Deliberately absent: time, memory and policy; what a robot makes of many answers is the agent's.

use crate::{config::Config, source};
use anyhow::{Result, bail};
use std::{collections::BTreeMap, sync::Arc};
use vedette_evaluation::{SampleAnswer, SampleHazard};
use vedette_fusion::{Fusion, FusionParams, Look};
use vedette_llama::LlamaVlm;
use vedette_params::HazardCatalogue;
use vedette_reasoning::{ChatTemplate, ModelCard, Reasoner, Vlm, VlmAnswer, parse_answer};
use vedette_types::{Assessment, FrameId, ImageData, ImageFrame, KindId, Observation, Probability, Reading, Stamp, StreamId};

/// A model and how it is asked.
pub(crate) struct Judge {
    vlm: LlamaVlm,
    reasoner: Reasoner,
    catalogue: HazardCatalogue,
}

/// What it said of one observation.
pub(crate) struct Judged {
    pub(crate) assessment: Assessment,
    pub(crate) answer: VlmAnswer,
}

impl Judge {
    /// Loads the configured model.
    pub(crate) fn load(config: &Config) -> Result<Self> {
        let vlm = vedette_llama::configured::load(&config.llama)?;
        let template = ChatTemplate::new(&vlm.card().chat_template)?;
        let reasoner = Reasoner::new(config.reasoning.clone(), config.catalogue.clone(), template)?;
        Ok(Self { vlm, reasoner, catalogue: config.catalogue.clone() })
    }

    pub(crate) fn card(&self) -> &ModelCard {
        self.vlm.card()
    }

    /// The model itself, for an agent of its own.
    pub(crate) fn vlm(&mut self) -> &mut LlamaVlm {
        &mut self.vlm
    }

    pub(crate) fn ask(&mut self, observation: &Observation, question: Option<&str>) -> Result<Judged> {
        let (request, pending) = self.reasoner.request(observation, question)?;
        let answer = self.vlm.answer(&request);
        let completion = answer.clone().into_completion(&request, self.vlm.card(), observation.arrived);
        Ok(Judged { assessment: self.reasoner.assess(&pending, &completion), answer })
    }

    /// What the model would give each kind as the first one that it names, were its verdict hazard.
    pub(crate) fn first_kinds(&mut self, observation: &Observation) -> Result<BTreeMap<KindId, Probability>> {
        let (request, _) = self.reasoner.request(observation, None)?;
        let kinds: Vec<KindId> = self.catalogue.kinds().iter().map(|kind| kind.id.clone()).collect();
        let probabilities = self.vlm.first_kinds(&request, &kinds)?;
        Ok(kinds.into_iter().zip(probabilities).collect())
    }

    /// The same as evaluation counts it: sectors and bands as the model wrote them.
    pub(crate) fn sample_answer(&self, judged: &Judged) -> SampleAnswer {
        let assessment = &judged.assessment;
        let is_usable = assessment.fault.is_none();
        let parsed = is_usable.then(|| parse_answer(&judged.answer.text, &self.catalogue).ok()).flatten();
        let hazards = parsed.map(|parsed| parsed.hazards).unwrap_or_default().into_iter().map(|hazard| SampleHazard {
            kind: hazard.kind,
            severity: Some(hazard.severity),
            bearing: hazard.bearing,
            range: hazard.range,
            is_seen: true,
        });
        SampleAnswer {
            verdict: assessment.verdict,
            hazards: hazards.collect(),
            fault: assessment.fault.clone(),
            tokens: judged.answer.tokens,
            total_millis: judged.answer.timings.total_millis,
        }
    }
}

/// A picture file as an observation without any sensor beside it, through the same stage as on a robot.
pub(crate) fn observe(bytes: Vec<u8>, params: &FusionParams) -> Result<Observation> {
    let sha256 = source::hash(&bytes);
    let data = match bytes.as_slice() {
        [0xff, 0xd8, 0xff, ..] => ImageData::Jpeg(Arc::new(bytes)),
        [0x89, b'P', b'N', b'G', ..] => ImageData::Png(Arc::new(bytes)),
        [] => bail!("the file is empty"),
        _ => bail!("neither a JPEG nor a PNG file; convert it to one of them"),
    };
    let (stamp, stream) = (Stamp::default(), StreamId::new("image"));
    let mut fusion = Fusion::new(params.clone());
    let frame = ImageFrame { stamp, frame: FrameId::new("camera"), data };
    fusion.insert(stamp, &stream, Reading::Image(frame), sha256);
    match fusion.look(stamp) {
        Look::Ready { observation, .. } => Ok(*observation),
        Look::Undecodable { fault, .. } => bail!("{fault}"),
        other => bail!("the picture was not taken up: {other:?}"),
    }
}

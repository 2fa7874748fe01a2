//! All parameters of a command: defaults, then files in order, then single settings; and the hazard catalogue.

use crate::Ending;
use anyhow::{Context, Result};
use clap::Args;
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use vedette_agent::{AgentParams, NodeState};
use vedette_fusion::FusionParams;
use vedette_llama::{LlamaParams, ladder::LadderParams};
use vedette_params::{HazardCatalogue, ParamSet};
use vedette_policy::PolicyParams;
use vedette_reasoning::ReasoningParams;

/// The node whose sections of a parameter file apply here.
const NODE: &str = "vedette_agent";

/// Options that every command with parameters takes.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ConfigArguments {
    /// ROS 2 parameter file; may be given several times, later ones win
    #[arg(long = "params", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// One parameter, for example `-p fusion.max_interval_secs=0.2`; wins over files
    #[arg(short = 'p', long = "param", value_name = "NAME=VALUE")]
    settings: Vec<String>,
    /// Hazard kinds instead of the six built-in ones
    #[arg(long, value_name = "FILE")]
    hazards: Option<PathBuf>,
    /// Text model (GGUF); with --mmproj any Gemma 3 style pair. Sets llama.model
    #[arg(long, value_name = "GGUF")]
    model: Option<PathBuf>,
    /// Vision tower and projector of the model (GGUF). Sets llama.mmproj
    #[arg(long, value_name = "GGUF")]
    mmproj: Option<PathBuf>,
}

impl ConfigArguments {
    /// Whether they change anything that decides.
    pub(crate) fn change_something(&self) -> bool {
        !self.files.is_empty() || !self.settings.is_empty() || self.hazards.is_some()
    }

    /// The same files and settings as arguments of another process; the model is given apart.
    pub(crate) fn again(&self) -> Vec<std::ffi::OsString> {
        let files = self.files.iter().flat_map(|file| ["--params".into(), file.clone().into_os_string()]);
        let settings = self.settings.iter().flat_map(|setting| ["-p".into(), setting.into()]);
        let hazards = self.hazards.iter().flat_map(|file| ["--hazards".into(), file.clone().into_os_string()]);
        files.chain(settings).chain(hazards).collect()
    }
}

/// Every parameter group, checked.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) agent: AgentParams,
    pub(crate) fusion: FusionParams,
    pub(crate) reasoning: ReasoningParams,
    pub(crate) policy: PolicyParams,
    pub(crate) llama: LlamaParams,
    pub(crate) ladder: LadderParams,
    pub(crate) catalogue: HazardCatalogue,
}

impl Config {
    pub(crate) fn load(arguments: &ConfigArguments) -> Result<Self> {
        Self::load_over(arguments, None)
    }

    /// What a live node stood on, and the arguments over it.
    pub(crate) fn load_over(arguments: &ConfigArguments, recorded: Option<(&NodeState, &str)>) -> Result<Self> {
        let catalogue = match (&arguments.hazards, recorded) {
            (None, None) => HazardCatalogue::bundled()?,
            (None, Some((state, _))) => HazardCatalogue::from_yaml(&state.hazards, "the journal")?,
            (Some(file), _) => {
                let text = fs::read_to_string(file).with_context(|| format!("cannot read hazard file {}", file.display()))?;
                HazardCatalogue::from_yaml(&text, &file.display().to_string())?
            }
        };
        let mut config = Self {
            agent: AgentParams::default(),
            fusion: FusionParams::default(),
            reasoning: ReasoningParams::default(),
            policy: PolicyParams::default(),
            llama: LlamaParams::default(),
            ladder: LadderParams::default(),
            catalogue,
        };
        if let Some((state, node)) = recorded {
            vedette_params::load(&mut config.sets(), &state.parameters, "the journal", node)?;
        }
        for file in &arguments.files {
            let text = fs::read_to_string(file).with_context(|| format!("cannot read parameter file {}", file.display()))?;
            vedette_params::load(&mut config.sets(), &text, &file.display().to_string(), NODE)?;
        }
        for setting in &arguments.settings {
            vedette_params::set_from_text(&mut config.sets(), setting)?;
        }
        for (name, path) in [("llama.model", &arguments.model), ("llama.mmproj", &arguments.mmproj)] {
            if let Some(path) = path {
                config.llama.set(name, vedette_params::Value::Text(path.display().to_string()))?;
            }
        }
        for set in config.sets() {
            set.check()?;
        }
        // Live an answer takes the time it takes.
        if recorded.is_none() {
            config.check_validity_covers_the_gate()?;
        }
        Ok(config)
    }

    /// The groups in flow order.
    pub(crate) fn sets(&mut self) -> [&mut dyn ParamSet; 6] {
        [&mut self.agent, &mut self.fusion, &mut self.reasoning, &mut self.policy, &mut self.llama, &mut self.ladder]
    }

    /// Every parameter value, one object a group, and the kinds; for the manifest.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "agent": self.agent,
            "fusion": self.fusion,
            "reasoning": self.reasoning,
            "policy": self.policy,
            "llama": self.llama,
            "ladder": self.ladder,
            "hazards": self.catalogue.kinds().iter().map(|kind| kind.id.as_str()).collect::<Vec<_>>(),
        })
    }

    /// The parameters that are not what they are by default, by their names. The model is left out: it is known by its hash. Of other files and
    /// folders of the model runtime the last part stays: the rest is this machine's.
    pub(crate) fn changed(&self) -> Result<BTreeMap<String, serde_json::Value>> {
        let (values, defaults) = (self.to_json(), Self::load(&ConfigArguments::default())?.to_json());
        let groups = values.as_object().into_iter().flatten();
        let named =
            groups.flat_map(|(group, values)| values.as_object().into_iter().flatten().map(move |(key, value)| (group, key, value)));
        let changed = named.filter(|(group, key, value)| {
            let is_path = group.as_str() == "llama" && matches!(key.as_str(), "model" | "mmproj");
            !is_path && defaults[group.as_str()][key.as_str()] != **value
        });
        let portable = |group: &str, value: &serde_json::Value| {
            let file_name = value.as_str().filter(|_| matches!(group, "llama" | "ladder")).and_then(|text| Path::new(text).file_name());
            file_name.map_or_else(|| value.clone(), |name| name.to_string_lossy().into())
        };
        let mut changed: BTreeMap<_, _> = changed.map(|(group, key, value)| (format!("{group}.{key}"), portable(group, value))).collect();
        if values["hazards"] != defaults["hazards"] {
            changed.insert("hazards".to_owned(), values["hazards"].clone());
        }
        Ok(changed)
    }

    /// An unchanged scene is looked at again after `gate_max_age_secs`; were assessments to expire before that, a quiet corridor would be
    /// unknown most of the time.
    fn check_validity_covers_the_gate(&self) -> Result<()> {
        let needed = self.fusion.gate_max_age_secs + self.agent.vlm_latency_millis as f64 * 1e-3;
        anyhow::ensure!(
            self.reasoning.assessment_valid_secs >= needed,
            "reasoning.assessment_valid_secs must be at least fusion.gate_max_age_secs plus agent.vlm_latency_millis, {needed} s, \
             or an unchanged scene expires before it is looked at again: {} s",
            self.reasoning.assessment_valid_secs
        );
        Ok(())
    }
}

/// `vedette params`
#[derive(Args, Clone, Debug)]
pub(crate) struct ParamsArguments {
    #[command(flatten)]
    config: ConfigArguments,
    /// As a Markdown table instead of a parameter file
    #[arg(long)]
    markdown: bool,
}

/// Prints the parameters, as they are with the given files and settings.
pub(crate) fn print(arguments: &ParamsArguments) -> Result<Ending> {
    let mut config = Config::load(&arguments.config)?;
    let sets = config.sets();
    let sets: Vec<&dyn ParamSet> = sets.into_iter().map(|set| &*set).collect();
    if arguments.markdown {
        crate::output::write(format_args!("{}", vedette_params::markdown_table(&sets)));
    } else {
        crate::output::write(format_args!("{}", vedette_params::current_yaml(&sets, &format!("/**/{NODE}"))));
    }
    Ok(Ending::Complete)
}

/// A share on the command line, 0 to 1.
pub(crate) fn share(text: &str) -> std::result::Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("`{text}` is not a number"))?;
    if (0.0..=1.0).contains(&share) { Ok(share) } else { Err(format!("{share} is not from 0 to 1")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_parameters_tell_nothing_of_the_machine() {
        let settings =
            ["llama.calibration=/home/someone/fitted/mine.json", "reasoning.question=Is there gas/smoke?", "ladder.thermal=/srv/thermal/"];
        let arguments = ConfigArguments {
            settings: settings.map(str::to_owned).to_vec(),
            model: Some("/home/someone/large.gguf".into()),
            ..ConfigArguments::default()
        };
        let changed = Config::load(&arguments).unwrap().changed().unwrap();
        let expected = [("ladder.thermal", "thermal"), ("llama.calibration", "mine.json"), ("reasoning.question", "Is there gas/smoke?")];
        assert_eq!(changed, expected.map(|(name, value)| (name.to_owned(), value.into())).into());
    }
}

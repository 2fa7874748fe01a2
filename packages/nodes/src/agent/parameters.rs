//! The parameters of the agent node: those of its stages. In -> out: nothing -> groups.

use vedette_agent::AgentParams;
use vedette_fusion::FusionParams;
use vedette_llama::LlamaParams;
use vedette_llama::ladder::LadderParams;
use vedette_params::ParamSet;
use vedette_policy::PolicyParams;
use vedette_reasoning::ReasoningParams;

/// Every group.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    pub(super) agent: AgentParams,
    pub(super) fusion: FusionParams,
    pub(super) reasoning: ReasoningParams,
    pub(super) policy: PolicyParams,
    pub(super) llama: LlamaParams,
    pub(super) ladder: LadderParams,
}

impl Parameters {
    /// In flow order.
    pub(super) fn sets(&mut self) -> [&mut dyn ParamSet; 6] {
        [&mut self.agent, &mut self.fusion, &mut self.reasoning, &mut self.policy, &mut self.llama, &mut self.ladder]
    }

    pub(super) fn boxed(self) -> Vec<Box<dyn ParamSet>> {
        let Self { agent, fusion, reasoning, policy, llama, ladder } = self;
        vec![Box::new(agent), Box::new(fusion), Box::new(reasoning), Box::new(policy), Box::new(llama), Box::new(ladder)]
    }
}

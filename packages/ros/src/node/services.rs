//! The services that every managed node offers. In -> out: a request's bytes -> an answer's, from parameters and lifecycle. A request that
//! is not whole gets no answer and does nothing.

use super::endpoints::{Role, What};
use super::{Node, NodeError};
use crate::lifecycle::{State, Transition, descriptions, state_msg};
use crate::mapping::{self, Mapping, ReturnAddress, Sample};
use vedette_messages::rcl_interfaces as rcl;
use vedette_messages::service::{
    ChangeState, DescribeParameters, GetAvailableStates, GetAvailableTransitions, GetParameterTypes, GetParameters, GetState,
    GetTypeDescription, ListParameters, RosService, SetParameters, SetParametersAtomically,
};
use vedette_messages::topics::{self, Qos};
use vedette_messages::type_description_interfaces::{GetTypeDescriptionRequest, GetTypeDescriptionResponse};
use vedette_messages::{RosMsg, lifecycle_msgs as lifecycle};
use vedette_params::ParamSet;

/// Depth of rcl's services.
pub(super) const QOS: Qos = Qos::reliable(10);

/// One of them.
#[derive(Clone, Copy, Debug)]
pub(super) enum Standard {
    GetParameters,
    GetParameterTypes,
    SetParameters,
    SetParametersAtomically,
    ListParameters,
    DescribeParameters,
    ChangeState,
    GetState,
    GetAvailableStates,
    GetAvailableTransitions,
    GetTransitionGraph,
    GetTypeDescription,
}

const ALL: [(Standard, &str, &str); 12] = [
    (Standard::GetParameters, "~/get_parameters", GetParameters::TYPE),
    (Standard::GetParameterTypes, "~/get_parameter_types", GetParameterTypes::TYPE),
    (Standard::SetParameters, "~/set_parameters", SetParameters::TYPE),
    (Standard::SetParametersAtomically, "~/set_parameters_atomically", SetParametersAtomically::TYPE),
    (Standard::ListParameters, "~/list_parameters", ListParameters::TYPE),
    (Standard::DescribeParameters, "~/describe_parameters", DescribeParameters::TYPE),
    (Standard::ChangeState, "~/change_state", ChangeState::TYPE),
    (Standard::GetState, "~/get_state", GetState::TYPE),
    (Standard::GetAvailableStates, "~/get_available_states", GetAvailableStates::TYPE),
    (Standard::GetAvailableTransitions, "~/get_available_transitions", GetAvailableTransitions::TYPE),
    (Standard::GetTransitionGraph, "~/get_transition_graph", GetAvailableTransitions::TYPE),
    (Standard::GetTypeDescription, "~/get_type_description", GetTypeDescription::TYPE),
];

type Answered = Result<(Vec<u8>, Option<mapping::Identity>), String>;

impl Node {
    pub(super) fn offer_services(&mut self) -> Result<(), NodeError> {
        for (service, name, type_name) in ALL {
            let full = self.full_name(What::Service, name)?;
            let (reader, writer) = self.participant.server(&full, type_name, QOS)?;
            self.add(reader, Role::Standard(service, writer))?;
        }
        let full = self.full_name(What::Topic, topics::BOND.name)?;
        self.listen(&full, topics::BOND.type_name, topics::BOND.qos, Role::Bond)?;
        Ok(())
    }

    pub(super) fn serve(
        &mut self,
        service: Standard,
        index: usize,
        cdr: &[u8],
        sample: Sample,
        sets: &mut [&mut dyn ParamSet],
    ) -> Result<(), NodeError> {
        let (mapping, state) = (self.mapping, self.lifecycle.state());
        let mut changed = Vec::new();
        let answered = match service {
            Standard::ChangeState => return self.change_state(index, cdr, sample),
            Standard::GetParameters => self.with_groups(sets, |groups| {
                answer::<GetParameters>(mapping, cdr, sample, |r| rcl::GetParametersResponse { values: groups.get(&r.names) })
            }),
            Standard::GetParameterTypes => self.with_groups(sets, |groups| {
                answer::<GetParameterTypes>(mapping, cdr, sample, |r| rcl::GetParameterTypesResponse { types: groups.types(&r.names) })
            }),
            Standard::ListParameters => self.with_groups(sets, |groups| {
                answer::<ListParameters>(mapping, cdr, sample, |r| rcl::ListParametersResponse {
                    result: groups.list(&r.prefixes, r.depth),
                })
            }),
            Standard::DescribeParameters => self.with_groups(sets, |groups| {
                answer::<DescribeParameters>(mapping, cdr, sample, |r| rcl::DescribeParametersResponse {
                    descriptors: groups.describe(&r.names),
                })
            }),
            Standard::SetParameters => self.with_groups(sets, |groups| {
                answer::<SetParameters>(mapping, cdr, sample, |r| {
                    let (results, new) = groups.set_each(&r.parameters);
                    changed = new;
                    rcl::SetParametersResponse { results }
                })
            }),
            Standard::SetParametersAtomically => self.with_groups(sets, |groups| {
                answer::<SetParametersAtomically>(mapping, cdr, sample, |r| {
                    let (result, new) = groups.set_all(&r.parameters);
                    changed = new;
                    rcl::SetParametersAtomicallyResponse { result }
                })
            }),
            Standard::GetState => {
                answer::<GetState>(mapping, cdr, sample, |_| lifecycle::GetStateResponse { current_state: state_msg(state) })
            }
            Standard::GetAvailableStates => answer::<GetAvailableStates>(mapping, cdr, sample, |_| lifecycle::GetAvailableStatesResponse {
                available_states: State::ALL.iter().copied().map(state_msg).collect(),
            }),
            Standard::GetAvailableTransitions => transitions(mapping, cdr, sample, &[state]),
            Standard::GetTransitionGraph => transitions(mapping, cdr, sample, State::ALL),
            Standard::GetTypeDescription => answer::<GetTypeDescription>(mapping, cdr, sample, |r| described(&r)),
        };
        self.send_answer(index, answered);
        self.changed(changed)
    }

    /// The answer waits for the owner's part.
    fn change_state(&mut self, index: usize, cdr: &[u8], sample: Sample) -> Result<(), NodeError> {
        match mapping::read::<lifecycle::ChangeStateRequest>(self.mapping, cdr, sample) {
            Ok((address, request)) => match self.lifecycle.find(request.transition.id, &request.transition.label) {
                Ok(transition) => self.begin_for(transition, address, index),
                Err(error) => {
                    tracing::warn!("{error}");
                    self.answer_change_state(address, index, false);
                }
            },
            Err(error) => self.send_answer(index, Err(error.to_string())),
        }
        Ok(())
    }

    fn begin_for(&mut self, transition: Transition, address: ReturnAddress, index: usize) {
        // A lifecycle manager has taken over.
        self.automatic.clear();
        self.caller = Some((address, index));
        self.begin(transition);
    }

    pub(super) fn answer_change_state(&mut self, address: ReturnAddress, index: usize, success: bool) {
        let answered = mapping::write(address, &lifecycle::ChangeStateResponse { success });
        self.send_answer(index, answered.map_err(|error| error.to_string()));
    }

    fn send_answer(&mut self, index: usize, answered: Answered) {
        let Some(Role::Standard(service, writer)) = self.endpoints.get(index).map(|endpoint| &endpoint.role) else { return };
        let sent = answered.and_then(|(cdr, related)| writer.send(&cdr, related).map_err(|error| error.to_string()));
        if let Err(error) = sent {
            tracing::warn!("a call of {service:?} got no answer: {error}");
        }
    }
}

/// What a type is made of, of every type that these programs know.
fn described(request: &GetTypeDescriptionRequest) -> GetTypeDescriptionResponse {
    match vedette_messages::describe(&request.type_name, &request.type_hash) {
        Ok(type_description) => {
            let type_sources = if request.include_type_sources { vedette_messages::sources(&type_description) } else { Vec::new() };
            GetTypeDescriptionResponse { successful: true, type_description, type_sources, ..GetTypeDescriptionResponse::default() }
        }
        Err(failure_reason) => GetTypeDescriptionResponse { failure_reason, ..GetTypeDescriptionResponse::default() },
    }
}

fn transitions(mapping: Mapping, cdr: &[u8], sample: Sample, states: &[State]) -> Answered {
    answer::<GetAvailableTransitions>(mapping, cdr, sample, |_| lifecycle::GetAvailableTransitionsResponse {
        available_transitions: descriptions(states),
    })
}

fn answer<S: RosService>(mapping: Mapping, cdr: &[u8], sample: Sample, make: impl FnOnce(S::Request) -> S::Response) -> Answered
where
    S::Request: RosMsg,
{
    let (address, request) = mapping::read::<S::Request>(mapping, cdr, sample).map_err(|error| error.to_string())?;
    mapping::write(address, &make(request)).map_err(|error| error.to_string())
}

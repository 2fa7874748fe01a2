//! What the policy decides, rule by rule, as short scripts; and what must hold for any sequence of events.

mod alerts;
mod assessments;
mod odd_inputs;
mod parameters;
mod properties;
mod script;
mod thresholds;

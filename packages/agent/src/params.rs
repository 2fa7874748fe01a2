//! Parameters of the flow itself.

vedette_params::params! {
    /// Ticks and the virtual clock.
    pub struct AgentParams: "agent" {
        /// Rate of the tick on which expiry is noticed.
        tick_hz: f64 = 20.0, range 1.0..=1000.0, unit "Hz";
        /// Replay and demo: virtual time from a request to its answer. The wall clock has no say there. A value above
        /// `reasoning.deadline_millis` makes every answer miss its deadline.
        vlm_latency_millis: i64 = 500, range 0..=600_000, unit "ms";
    }
}

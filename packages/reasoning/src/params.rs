//! Parameters of the reasoning stage.

vedette_params::params! {
    /// How the model is asked and how its answers are read.
    pub struct ReasoningParams: "reasoning" {
        /// Sampling temperature; 0 takes the most probable token and makes answers repeatable.
        temperature: f64 = 0.0, range 0.0..=2.0;
        /// Seed of the sampler, used when the temperature is above 0.
        seed: i64 = 0, range 0..=4_294_967_295;
        /// Most tokens an answer may have; a longer one is cut and counts as unknown.
        max_tokens: i64 = 192, range 8..=4096;
        /// Time budget of one answer by the wall clock, live and in `assess`; replay has its own latency parameter.
        deadline_millis: i64 = 10_000, range 1..=3_600_000, unit "ms";
        /// How long an assessment counts, from the stamp of its image.
        assessment_valid_secs: f64 = 5.0, range 0.1..=600.0, unit "s";
        /// Horizontal field of view taken for a camera that sends no CameraInfo.
        default_horizontal_fov_rad: f64 = 1.2, range 0.1..=3.0, unit "rad";
        /// Most characters of sensor context in a prompt; what is longer is cut at a clause and says so.
        max_context_chars: i64 = 480, range 0..=8192;
        /// Whether verdicts of a model that says of itself that it is untrained count. They mean nothing: only for trying out what follows
        /// a verdict. Otherwise they are unknown.
        trust_untrained: bool = false;
        /// A standing question added to every prompt; empty asks for hazards only.
        question: String = "";
    }
}

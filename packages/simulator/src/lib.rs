//! Deterministic worlds with hazards, a robot with sensors, and a first-person renderer.

mod scene;

pub use scene::{Building, Camera, Light, Look, Scene, Style, Thing, Visible};

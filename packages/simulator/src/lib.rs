//! Deterministic worlds with hazards, a robot with sensors, and a first-person renderer. In -> out: a map and a seed -> standard ROS messages
//! and camera shots by one door, the truth by another. It opens no connection and reads no clock; nothing that runs on a robot uses it.

mod scene;
mod paint;
mod severity;
mod random;
mod floor;
mod map;
mod route;
mod footprint;
mod robot;
mod scenario;
mod sensors;
mod world;
mod truth;
mod render;
mod scenes;

pub use map::{Map, MapError, draw as draw_map};
pub use paint::{LampForm, Paint, Pattern, Surface};
pub use render::{Fluid, Owners, RenderError, Rendered, contact_sheet, form_sheet, invented_sheet, pattern_sheet, render, render_owned};
pub use robot::{FloorPose, Velocity};
pub use route::{Route, RouteError};
pub use scenario::{Gas, HazardEvent, Plan, Scenario, ScenarioError, Wind};
pub use scene::{Building, Camera, Light, Look, Scene, Style, Thing, Visible};
pub use scenes::{
    Clearance, Condition, Family, FreeWay, HarmlessThing, LabelledHazard, LabelledPicture, Layout, Motion, SceneOptions, SceneSample,
    SeenHazard, Senses, scene_sheet,
};
pub use sensors::{CameraShot, Payload, SensorMessage, compressed_image, raw_image};
pub use severity::severity_of;
pub use truth::{HazardTruth, Truth, truth_line};
pub use world::{Emission, World};

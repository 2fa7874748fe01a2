//! What the viewer shows when it opens the file. In -> out: the entities of a recording -> containers, views and panels as rows of a
//! blueprint store.
//!
//! Ids come from the place in the layout, so a layout written again later in the file replaces the earlier one. Deliberately absent: writing.

use re_log_types::EntityPath;
use re_sdk_types::blueprint::components::{ContainerKind, PanelState, PlayState};
use re_sdk_types::blueprint::{archetypes, datatypes};
use re_sdk_types::components::{TransformFrameId, Visible};
use re_sdk_types::{AsComponents, datatypes as plain};

/// Most entities of one plot, and most camera views.
const MAX_IN_A_VIEW: usize = 32;
const MAX_CAMERAS: usize = 4;

/// Where the eye of the 3D view stands at first, fixed frame, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Eye {
    pub(crate) at_m: [f32; 3],
    pub(crate) target_m: [f32; 3],
}

/// Where the viewer's time cursor begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Playing {
    /// Plays from the start.
    FromStart,
    /// Follows what is newest.
    Newest,
}

/// One row of the blueprint store.
pub(crate) struct Row {
    pub(crate) entity: EntityPath,
    pub(crate) value: Box<dyn AsComponents>,
    pub(crate) is_static: bool,
}

/// Plots: title, root, and the words of which an entity under it has one in its path. The first three stand side by side, the others are tabs.
const PLOTS: [(&str, &str, &[&str]); 9] = [
    ("Gas, ppm", "sensors", &["ppm"]),
    ("Temperature, °C", "sensors", &["celsius"]),
    ("Motion, m/s and rad/s", "sensors", &["speed_mps", "yaw_rate_radps"]),
    ("Latency, ms", "latency", &["answer_millis", "encode_millis", "prefill_millis", "decode_millis"]),
    ("Memory, MiB", "memory", &["resident_mib", "available_mib"]),
    ("Battery", "sensors", &["volts", "charge"]),
    ("Range, m", "sensors", &["range_m"]),
    ("Turning, rad/s", "sensors", &["angular_velocity_radps"]),
    ("Acceleration, m/s²", "sensors", &["linear_acceleration_mps2"]),
];
const PLOTS_IN_SIGHT: usize = 3;

/// The layout for a recording with `entities`. `frame` is the one that the 3D view stands in; without it there is no such view.
pub(crate) fn rows<'a>(
    entities: impl Iterator<Item = &'a EntityPath>,
    frame: Option<&TransformFrameId>,
    eye: Option<Eye>,
    timeline: &str,
    playing: Playing,
) -> Vec<Row> {
    let entities: Vec<_> = entities.collect();
    let mut layout = Layout::default();
    let seen = seen(&mut layout, &entities, frame, eye, timeline);
    let lanes = ["+ /decision/verdict", "+ /decision/response", "+ /health/**"].map(String::from);
    let states = layout.view("StateTimeline", "Decision and health", None, &lanes);
    let plots = plots(&mut layout, &entities);
    let root = layout.container(ContainerKind::Vertical, &[seen, states, plots], &[5.0, 1.5, 3.0]);
    let viewport = archetypes::ViewportBlueprint::new().with_root_container(root.uuid).with_auto_layout(false).with_auto_views(false);
    layout.add(part("viewport", None), viewport);
    for panel in ["blueprint_panel", "selection_panel"] {
        layout.add(part(panel, None), archetypes::PanelBlueprint::new().with_state(PanelState::Collapsed));
    }
    let time = archetypes::TimePanelBlueprint::new().with_state(PanelState::Collapsed).with_timeline(timeline);
    layout.add(part("time_panel", None), time);
    let play_state = match playing {
        Playing::FromStart => PlayState::Playing,
        Playing::Newest => PlayState::Following,
    };
    let play = archetypes::TimePanelBlueprint::new().with_play_state(play_state);
    layout.rows.push(Row { entity: part("time_panel", None), value: Box::new(play), is_static: true });
    layout.rows
}

/// The upper half: cameras, the world, what is said.
fn seen(layout: &mut Layout, entities: &[&EntityPath], frame: Option<&TransformFrameId>, eye: Option<Eye>, timeline: &str) -> Node {
    let is_picture = |entity: &&&EntityPath| starts_with(entity, "camera") && ends_with(entity, "image");
    let cameras: Vec<_> = entities.iter().filter(is_picture).take(MAX_CAMERAS).collect();
    let cameras: Vec<_> = cameras
        .into_iter()
        .map(|picture| {
            let name = picture.iter().skip(1).map(re_log_types::EntityPathPart::unescaped_str).collect::<Vec<_>>().join("/");
            layout.view("2D", &format!("Camera {}", name.strip_suffix("/image").unwrap_or(&name)), Some(picture), &["+ $origin/**".into()])
        })
        .collect();
    let mut columns = Vec::new();
    if !cameras.is_empty() {
        columns.push((layout.container(ContainerKind::Vertical, &cameras, &[]), 4.0));
    }
    if let Some(frame) = frame {
        columns.push((world(layout, entities, frame, eye), 4.0));
    }
    let mut logs: Vec<_> = entities.iter().filter(|entity| ends_with(entity, "log")).map(|entity| format!("+ {entity}")).collect();
    logs.truncate(MAX_IN_A_VIEW);
    let log = layout.view("TextLog", "Log", None, &logs);
    let text_columns = [datatypes::TextLogColumnKind::LogLevel, datatypes::TextLogColumnKind::Body];
    let text_columns = text_columns.map(|kind| datatypes::TextLogColumn { kind, visible: true.into() });
    // The log follows the time cursor; a column of full dates would take the room of the text.
    let time_columns = [datatypes::TimelineColumn { timeline: timeline.into(), visible: false.into() }];
    let columns_of_log = archetypes::TextLogColumns::new().with_text_log_columns(text_columns).with_timeline_columns(time_columns);
    layout.add(log.property("TextLogColumns"), columns_of_log);
    let summary = layout.view("TextDocument", "Summary", Some(&part("summary", None)), &["+ $origin".into()]);
    columns.push((layout.container(ContainerKind::Tabs, &[log, summary], &[]), 3.0));
    let (columns, shares): (Vec<_>, Vec<_>) = columns.into_iter().unzip();
    layout.container(ContainerKind::Horizontal, &columns, &shares)
}

/// The 3D view: map, robot and its way, hazards by the model and in truth, points of the sensors.
fn world(layout: &mut Layout, entities: &[&EntityPath], frame: &TransformFrameId, eye: Option<Eye>) -> Node {
    let always = ["+ /world/**", "+ /robot", "+ /trail", "+ /hazards/**"].map(String::from);
    let points = entities.iter().filter(|entity| starts_with(entity, "sensors") && ends_with(entity, "points"));
    let points = points.take(MAX_IN_A_VIEW).map(|entity| format!("+ {entity}"));
    let contents: Vec<_> = always.into_iter().chain(points).collect();
    let view = layout.view("3D", "World", None, &contents);
    layout.add(view.property("SpatialInformation"), archetypes::SpatialInformation::new(frame.clone()));
    layout.add(view.property("LineGrid3D"), archetypes::LineGrid3D::new().with_visible(Visible::from(false)));
    if let Some(eye) = eye {
        let controls = archetypes::EyeControls3D::new().with_position(eye.at_m).with_look_target(eye.target_m);
        layout.add(view.property("EyeControls3D"), controls.with_eye_up([0.0, 0.0, 1.0]));
    }
    view
}

/// The lower half: numbers.
fn plots(layout: &mut Layout, entities: &[&EntityPath]) -> Node {
    let of = |root: &str, words: &[&str]| -> Vec<String> {
        let has_word = |entity: &EntityPath| entity.iter().any(|part| words.contains(&part.unescaped_str()));
        let chosen = entities.iter().filter(|entity| starts_with(entity, root) && has_word(entity));
        chosen.take(MAX_IN_A_VIEW).map(|entity| format!("+ {entity}")).collect()
    };
    let mut in_sight = Vec::new();
    let mut tabs = Vec::new();
    let model = of("assessment", &["probability", "confidence"]);
    if !model.is_empty() {
        let view = layout.view("TimeSeries", "Model: probabilities", None, &model);
        layout.add(view.property("ScalarAxis"), archetypes::ScalarAxis::new().with_range([0.0, 1.0]));
        in_sight.push(view);
    }
    let response = layout.view("TimeSeries", "Response, 0 to 3", None, &["+ /decision/response_level".into()]);
    layout.add(response.property("ScalarAxis"), archetypes::ScalarAxis::new().with_range([0.0, 3.0]));
    in_sight.push(response);
    for (index, (title, root, words)) in PLOTS.iter().enumerate() {
        let contents = of(root, words);
        if !contents.is_empty() {
            let list = if index < PLOTS_IN_SIGHT { &mut in_sight } else { &mut tabs };
            list.push(layout.view("TimeSeries", title, None, &contents));
        }
    }
    if !tabs.is_empty() {
        in_sight.push(layout.container(ContainerKind::Tabs, &tabs, &[]));
    }
    layout.container(ContainerKind::Horizontal, &in_sight, &[])
}

/// A view or a container.
#[derive(Clone)]
struct Node {
    uuid: [u8; 16],
    entity: EntityPath,
}

impl Node {
    fn property(&self, name: &str) -> EntityPath {
        self.entity.join(&EntityPath::from_single_string(name))
    }
}

/// The rows so far.
#[derive(Default)]
struct Layout {
    rows: Vec<Row>,
    nodes: u16,
}

impl Layout {
    fn add(&mut self, entity: EntityPath, value: impl AsComponents + 'static) {
        self.rows.push(Row { entity, value: Box::new(value), is_static: false });
    }

    fn view(&mut self, class: &str, title: &str, origin: Option<&EntityPath>, contents: &[String]) -> Node {
        let node = self.node("view");
        let origin = origin.map_or_else(|| "/".to_owned(), ToString::to_string);
        let view = archetypes::ViewBlueprint::new(class).with_display_name(title);
        self.add(node.entity.clone(), view.with_space_origin(plain::EntityPath::from(origin.as_str())));
        self.add(node.property("ViewContents"), archetypes::ViewContents::new(contents.iter().map(String::as_str)));
        node
    }

    /// A container; shares are equal where none are given.
    fn container(&mut self, kind: ContainerKind, children: &[Node], shares: &[f32]) -> Node {
        let node = self.node("container");
        let children = children.iter().map(|child| plain::EntityPath::from(child.entity.to_string().as_str()));
        let container = archetypes::ContainerBlueprint::new(kind).with_contents(children);
        let container = match kind {
            ContainerKind::Horizontal if !shares.is_empty() => container.with_col_shares(shares.iter().copied()),
            ContainerKind::Vertical if !shares.is_empty() => container.with_row_shares(shares.iter().copied()),
            _ => container,
        };
        self.add(node.entity.clone(), container);
        node
    }

    fn node(&mut self, kind: &str) -> Node {
        self.nodes += 1;
        let number = u128::from(self.nodes) | 0x7665_6465_7474_6500_8000_0000_0000_0000;
        let hex = format!("{number:032x}");
        let at = |from, to| hex.get(from..to).unwrap_or_default();
        let name = format!("{}-{}-{}-{}-{}", at(0, 8), at(8, 12), at(12, 16), at(16, 20), at(20, 32));
        Node { uuid: number.to_be_bytes(), entity: part(kind, Some(&name)) }
    }
}

fn part(root: &str, leaf: Option<&str>) -> EntityPath {
    EntityPath::new(std::iter::once(root).chain(leaf).map(re_log_types::EntityPathPart::from).collect())
}

fn starts_with(entity: &EntityPath, word: &str) -> bool {
    entity.iter().next().is_some_and(|part| part.unescaped_str() == word)
}

fn ends_with(entity: &EntityPath, word: &str) -> bool {
    entity.iter().last().is_some_and(|part| part.unescaped_str() == word)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recording::entity;

    /// Path and content of each row, as text.
    fn texts(entities: &[EntityPath]) -> Vec<(String, String)> {
        let rows = rows(entities.iter(), Some(&TransformFrameId::from("map")), None, "event_time", Playing::Newest);
        let content = |row: &Row| row.value.as_serialized_batches().iter().map(|batch| format!("{:?}", batch.array)).collect();
        rows.iter().map(|row| (row.entity.to_string(), content(row))).collect()
    }

    fn entities() -> Vec<EntityPath> {
        let front = entity("camera", "/front/image", "image");
        let marks = entity("camera", "/front/image", "image/hazards");
        let sensors = ["gas/ppm/co", "t/celsius", "imu/angular_velocity_radps/x", "scan/points"];
        let sensors = sensors.iter().map(|name| entity("sensors", name, ""));
        [front, marks, entity("decision", "log", ""), entity("assessment", "a b", "probability/clear")].into_iter().chain(sensors).collect()
    }

    #[test]
    fn each_view_and_container_is_in_one_container() {
        for entities in [Vec::new(), entities()] {
            let texts = texts(&entities);
            let nodes = texts.iter().filter(|(path, _)| path.split('/').count() == 3).map(|(path, _)| path);
            let parents = |path: &String| texts.iter().filter(|(from, text)| from.starts_with("/container") && text.contains(path)).count();
            let (inner, roots): (Vec<_>, Vec<_>) = nodes.partition(|path| parents(path) == 1);
            assert!(inner.len() >= 5 && roots.len() == 1 && parents(roots[0]) == 0, "{inner:?} {roots:?}");
        }
    }

    #[test]
    fn what_a_run_has_is_shown_and_what_it_lacks_takes_no_room() {
        let text = |entities: &[EntityPath]| texts(entities).into_iter().map(|(path, text)| path + &text).collect::<String>();
        let full = text(&entities());
        for shown in ["Camera front/image", "+ /sensors/gas/ppm/co", "+ /sensors/scan/points", "b/probability/clear", "Turning"] {
            assert!(full.contains(shown), "{shown}");
        }
        let bare = text(&[]);
        assert!(["Camera", "Gas", "Temperature", "Turning", "Battery", "Model"].iter().all(|title| !bare.contains(title)), "{bare}");
        let many: Vec<_> = (0..500).map(|index| entity("camera", &format!("{index}"), "image")).collect();
        assert_eq!(text(&many).matches("Camera ").count(), MAX_CAMERAS);
    }
}

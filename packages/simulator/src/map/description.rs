//! The YAML half of a map. In -> out: text -> checked numbers, looks and routes. It opens no file; the picture is read elsewhere.

use super::MapError;
use crate::scene::Style;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What the YAML says, checked.
pub(super) struct Description {
    pub(super) image: String,
    pub(super) resolution_m: f64,
    pub(super) origin_m: [f64; 2],
    pub(super) free_thresh: f64,
    pub(super) is_negated: bool,
    pub(super) style: Style,
    pub(super) ceiling_m: f64,
    pub(super) routes: BTreeMap<String, Vec<[f64; 2]>>,
}

/// The keys of map_server (nav2_map_server/README) and ours.
#[derive(Deserialize)]
struct Keys {
    image: String,
    resolution: f64,
    origin: Vec<f64>,
    occupied_thresh: f64,
    free_thresh: f64,
    negate: Switch,
    mode: Option<String>,
    vedette: Option<Extras>,
}

/// map_server writes 0 and 1; people write true and false.
#[derive(Deserialize)]
#[serde(untagged)]
enum Switch {
    Word(bool),
    Number(i64),
}

/// What map_server has no key for.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Extras {
    style: Option<StyleName>,
    ceiling_m: Option<f64>,
    #[serde(default)]
    routes: BTreeMap<String, Vec<[f64; 2]>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum StyleName {
    Warehouse,
    Home,
    Office,
}

impl Description {
    pub(super) fn parse(yaml: &str) -> Result<Self, MapError> {
        let keys: Keys = serde_saphyr::from_str(yaml).map_err(|error| MapError::BadYaml { reason: first_line(&error.to_string()) })?;
        let Keys { image, resolution: resolution_m, origin, occupied_thresh, free_thresh, negate, mode, vedette } = keys;
        // Written so that NaN is refused too.
        if !(0.01..=0.5).contains(&resolution_m) {
            return Err(MapError::BadResolution { resolution_m });
        }
        let [x_m, y_m, yaw_rad] = origin[..] else { return Err(MapError::BadOrigin { origin }) };
        if !origin.iter().all(|value| value.abs() < 1e6) {
            return Err(MapError::BadOrigin { origin });
        }
        if yaw_rad != 0.0 {
            return Err(MapError::RotatedOrigin { yaw_rad });
        }
        if !(free_thresh > 0.0 && free_thresh < occupied_thresh && occupied_thresh <= 1.0) {
            return Err(MapError::BadThresholds { free_thresh, occupied_thresh });
        }
        if let Some(mode) = mode.filter(|mode| mode != "trinary") {
            return Err(MapError::UnsupportedMode { mode });
        }
        let extras = vedette.unwrap_or_default();
        let (style, usual_ceiling_m) = match extras.style {
            Some(StyleName::Warehouse) => (Style::Warehouse, 5.0),
            Some(StyleName::Home) => (Style::Home, 2.5),
            Some(StyleName::Office) | None => (Style::Office, 2.7),
        };
        let ceiling_m = extras.ceiling_m.unwrap_or(usual_ceiling_m);
        check_extras(ceiling_m, &extras.routes)?;
        let is_negated = match negate {
            Switch::Word(word) => word,
            Switch::Number(number) => number != 0,
        };
        Ok(Self { image, resolution_m, origin_m: [x_m, y_m], free_thresh, is_negated, style, ceiling_m, routes: extras.routes })
    }
}

fn check_extras(ceiling_m: f64, routes: &BTreeMap<String, Vec<[f64; 2]>>) -> Result<(), MapError> {
    if !(2.0..=20.0).contains(&ceiling_m) {
        let what = "vedette.ceiling_m".to_owned();
        return Err(MapError::BadExtra { what, wanted: "2 to 20 m", value: ceiling_m.to_string() });
    }
    for (name, points) in routes {
        let what = format!("vedette.routes.{name}");
        if !(2..=200).contains(&points.len()) {
            return Err(MapError::BadExtra { what, wanted: "2 to 200 way-points", value: points.len().to_string() });
        }
        if let Some(point) = points.iter().find(|point| !point.iter().all(|value| value.abs() < 1e6)) {
            return Err(MapError::BadExtra { what, wanted: "finite way-points [x, y] in metres", value: format!("{point:?}") });
        }
    }
    Ok(())
}

/// The parser adds a drawing of the place below its first line.
fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

//! What can be wrong with a map. In -> out: a fault -> one line that says what to do. Deliberately without positions in the YAML text other
//! than what its parser says.

use std::path::PathBuf;

/// A map that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MapError {
    /// No such bundled map.
    #[error("unknown map, give the path of a .yaml file or one of {known}, got `{name}`")]
    UnknownMap {
        /// The name asked for.
        name: String,
        /// The names there are.
        known: String,
    },
    /// A file is missing or cannot be read.
    #[error("cannot read {}: {reason}", path.display())]
    Unreadable {
        /// The file: the YAML text or its picture.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The text is not a map description.
    #[error("the map's yaml needs image, resolution, origin, occupied_thresh, free_thresh and negate: {reason}")]
    BadYaml {
        /// What the parser said.
        reason: String,
    },
    /// Metres per pixel are not a usable number.
    #[error("resolution is the side of a pixel and must be 0.01 to 0.5 m, got {resolution_m}")]
    BadResolution {
        /// The value found.
        resolution_m: f64,
    },
    /// The origin is not three finite numbers.
    #[error("origin must be three finite numbers (x, y, yaw of the lower left pixel), got {origin:?}")]
    BadOrigin {
        /// The value found.
        origin: Vec<f64>,
    },
    /// The origin has a yaw.
    #[error("a rotated origin is not supported, rotate the picture and set the yaw to 0, got {yaw_rad} rad")]
    RotatedOrigin {
        /// The yaw found.
        yaw_rad: f64,
    },
    /// The thresholds make no sense.
    #[error("thresholds must satisfy 0 < free_thresh < occupied_thresh <= 1, got {free_thresh} and {occupied_thresh}")]
    BadThresholds {
        /// Below this a cell is free.
        free_thresh: f64,
        /// Above this a cell is occupied.
        occupied_thresh: f64,
    },
    /// Another mode than trinary.
    #[error("only mode trinary is supported, save the map with `map_saver_cli --mode trinary`, got `{mode}`")]
    UnsupportedMode {
        /// The mode found.
        mode: String,
    },
    /// The picture cannot be decoded.
    #[error("the map's picture {image} cannot be used: {reason}")]
    BadPicture {
        /// Its name.
        image: String,
        /// What is wrong.
        reason: String,
    },
    /// Everything is a wall.
    #[error("the map has no free cell, check free_thresh ({free_thresh}) and negate ({negate})")]
    NoFreeCell {
        /// Below this a cell is free.
        free_thresh: f64,
        /// Whether black and white are exchanged.
        negate: bool,
    },
    /// A way-point or the ceiling is not a usable number.
    #[error("{what} must be {wanted}, got {value}")]
    BadExtra {
        /// Which value under `vedette`.
        what: String,
        /// What is accepted.
        wanted: &'static str,
        /// The value found.
        value: String,
    },
}

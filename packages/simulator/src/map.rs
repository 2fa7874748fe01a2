//! Maps in the format of Nav2's map_server. In -> out: a YAML file with its picture, or the name of a bundled map -> floor plan and patrol
//! routes. Modes `scale` and `raw`, and rotated origins, are refused; nothing is written.
//!
//! Where a patrol goes and what the place looks like stand under the key `vedette` of the same YAML file; map_server ignores it.

mod description;
mod error;
mod layout;
mod pgm;

pub use error::MapError;
pub use layout::draw;

use crate::floor::Floor;
use crate::scene::{Building, Style};
use description::Description;
use std::{collections::BTreeMap, fs, path::Path, sync::Arc};

/// Most cells of a map: 2 km x 2 km at 0.5 m, 200 m x 200 m at 0.05 m.
const MAX_CELLS: usize = 16_000_000;

/// Name, YAML and picture of each bundled map.
const BUNDLED: [(&str, &str, &[u8]); 3] = [
    ("warehouse", include_str!("../../../maps/warehouse.yaml"), include_bytes!("../../../maps/warehouse.pgm")),
    ("home", include_str!("../../../maps/home.yaml"), include_bytes!("../../../maps/home.pgm")),
    ("office", include_str!("../../../maps/office.yaml"), include_bytes!("../../../maps/office.pgm")),
];

/// A floor plan with patrol routes. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Map {
    pub(crate) name: Arc<str>,
    pub(crate) floor: Arc<Floor>,
    /// Way-points by route name, metres, map frame.
    pub(crate) routes: Arc<BTreeMap<String, Vec<[f64; 2]>>>,
}

/// Grey values of a picture, row 0 at the top.
struct Picture {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Map {
    /// Names of the maps that are part of the program.
    pub const BUNDLED: [&str; 3] = ["warehouse", "home", "office"];

    /// A map that is part of the program.
    ///
    /// # Errors
    /// [`MapError::UnknownMap`] for another name.
    pub fn bundled(name: &str) -> Result<Self, MapError> {
        let Some((name, yaml, picture)) = BUNDLED.iter().find(|(known, ..)| *known == name) else {
            return Err(MapError::UnknownMap { name: name.to_owned(), known: Self::BUNDLED.join(", ") });
        };
        Self::from_parts(name, yaml, |_| Ok(picture.to_vec()))
    }

    /// The map of the YAML file at `path`; its picture is looked for beside it.
    ///
    /// # Errors
    /// Every [`MapError`] but `UnknownMap`.
    pub fn load(path: &Path) -> Result<Self, MapError> {
        let unreadable = |path: &Path, error: &std::io::Error| MapError::Unreadable { path: path.to_owned(), reason: error.to_string() };
        let yaml = fs::read_to_string(path).map_err(|error| unreadable(path, &error))?;
        let name = path.file_stem().map_or_else(|| "map".to_owned(), |stem| stem.to_string_lossy().into_owned());
        Self::from_parts(&name, &yaml, |image| {
            let image = path.parent().unwrap_or(Path::new("")).join(image);
            fs::read(&image).map_err(|error| unreadable(&image, &error))
        })
    }

    /// `read_image` fetches the bytes of the picture that the YAML names.
    fn from_parts(name: &str, yaml: &str, read_image: impl Fn(&str) -> Result<Vec<u8>, MapError>) -> Result<Self, MapError> {
        let description = Description::parse(yaml)?;
        let picture = decode(&description.image, &read_image(&description.image)?)?;
        let building = Building {
            resolution_m: description.resolution_m,
            width: picture.width,
            height: picture.height,
            origin_m: description.origin_m,
            is_solid: solid_cells(&picture, &description),
            ceiling_m: description.ceiling_m,
            style: description.style,
        };
        if building.is_solid.iter().all(|&is_solid| is_solid) {
            return Err(MapError::NoFreeCell { free_thresh: description.free_thresh, negate: description.is_negated });
        }
        Ok(Self { name: name.into(), floor: Arc::new(Floor::new(building)), routes: Arc::new(description.routes) })
    }

    /// The same map with other looks.
    pub(crate) fn with_style(&self, style: Style) -> Self {
        Self { floor: Arc::new(self.floor.with_style(style)), ..self.clone() }
    }

    /// Its name: that of the bundled map, or of the file without its ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Floor plan and looks.
    pub fn building(&self) -> &Arc<Building> {
        self.floor.building()
    }

    /// Names of its routes, in alphabetical order.
    pub fn routes(&self) -> impl Iterator<Item = &str> {
        self.routes.keys().map(String::as_str)
    }

    /// What the place looks like.
    pub fn style(&self) -> Style {
        self.building().style
    }
}

/// Trinary mode of map_server (nav2_map_server, map_io.cpp): what is not surely free is a wall here, because a robot must not drive where
/// nothing is known.
fn solid_cells(picture: &Picture, description: &Description) -> Vec<bool> {
    let is_solid = |&grey: &u8| {
        let shade = if description.is_negated { f64::from(grey) } else { 255.0 - f64::from(grey) };
        shade / 255.0 >= description.free_thresh
    };
    picture.grey.chunks_exact(picture.width).rev().flatten().map(is_solid).collect()
}

fn decode(name: &str, bytes: &[u8]) -> Result<Picture, MapError> {
    if bytes.starts_with(b"P5") {
        return pgm::decode(bytes).map_err(|fault| MapError::BadPicture { image: name.to_owned(), reason: fault.to_string() });
    }
    if !bytes.starts_with(b"\x89PNG") {
        return Err(MapError::BadPicture { image: name.to_owned(), reason: "it is neither PGM (P5) nor PNG".to_owned() });
    }
    let bad = |error: image::ImageError| MapError::BadPicture { image: name.to_owned(), reason: error.to_string() };
    let mut reader = image::ImageReader::with_format(std::io::Cursor::new(bytes), image::ImageFormat::Png);
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(8 * MAX_CELLS as u64);
    reader.limits(limits);
    let grey = reader.decode().map_err(bad)?.into_luma8();
    let (width, height) = (grey.width() as usize, grey.height() as usize);
    check_size(width, height).map_err(|reason| MapError::BadPicture { image: name.to_owned(), reason })?;
    Ok(Picture { width, height, grey: grey.into_raw() })
}

fn check_size(width: usize, height: usize) -> Result<(), String> {
    match width.checked_mul(height) {
        Some(1..=MAX_CELLS) => Ok(()),
        _ => Err(format!("a map has 1 to {MAX_CELLS} cells, got {width} x {height}")),
    }
}

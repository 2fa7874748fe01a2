//! Remakes the pictures of the bundled maps. In -> out: nothing -> `maps/<name>.pgm`. The YAML files are left alone.

use std::{fs, io, path::Path};
use vedette_simulator::{Map, draw_map};

fn main() -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../maps");
    for name in Map::BUNDLED {
        fs::write(folder.join(name).with_extension("pgm"), draw_map(name).unwrap_or_default())?;
    }
    Ok(())
}

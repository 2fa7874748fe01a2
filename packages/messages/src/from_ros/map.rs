//! Maps. In -> out: `nav_msgs/OccupancyGrid` -> [`GridMap`] or a [`Rejection`]. A cell that is unknown is not taken for a wall; that it is not
//! free either is for whoever drives by the map.

use super::{finite, frame, stamp};
use crate::{Rejection, nav_msgs};
use vedette_types::GridMap;

/// Cells at least this likely to be taken are, of 100: the `occupied_thresh` of Nav2's map server.
const OCCUPIED_PERCENT: i8 = 65;

/// A map that is turned by more has no form as rows along x.
const LARGEST_TURN_RAD: f64 = 1e-3;

/// A map.
///
/// # Errors
/// [`Rejection`] naming the field.
pub fn grid_map(message: &nav_msgs::OccupancyGrid) -> Result<GridMap, Rejection> {
    let info = &message.info;
    let resolution_m = finite("map resolution", info.resolution.into())?;
    if resolution_m <= 0.0 {
        return Err(Rejection::OutOfRange { what: "map resolution", wanted: "above 0", value: resolution_m });
    }
    let cells = u64::from(info.width) * u64::from(info.height);
    if cells != message.data.len() as u64 || cells == 0 {
        return Err(Rejection::OutOfRange { what: "number of map cells", wanted: "width times height and not 0", value: cells as f64 });
    }
    let turn = &info.origin.orientation;
    // Half the angle between the axes: the vector part's length is its sine. All zeros stand for no rotation.
    let turned_rad = 2.0 * finite("map orientation", turn.x.hypot(turn.y).hypot(turn.z))?.asin();
    if !(0.0..=LARGEST_TURN_RAD).contains(&turned_rad) {
        return Err(Rejection::OutOfRange { what: "turn of the map", wanted: "0: maps that are turned are not drawn", value: turned_rad });
    }
    Ok(GridMap {
        stamp: stamp(&message.header),
        frame: frame(&message.header.frame_id)?,
        resolution_m,
        origin_m: [finite("map origin", info.origin.position.x)?, finite("map origin", info.origin.position.y)?],
        // Both are at most the number of cells, which are in memory.
        width: usize::try_from(info.width).unwrap_or_default(),
        height: usize::try_from(info.height).unwrap_or_default(),
        is_solid: message.data.iter().map(|percent| *percent >= OCCUPIED_PERCENT).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map() -> nav_msgs::OccupancyGrid {
        let mut map = nav_msgs::OccupancyGrid { data: vec![-1, 0, 64, 65, 100, 0], ..nav_msgs::OccupancyGrid::default() };
        map.header.frame_id = "map".to_owned();
        (map.info.width, map.info.height, map.info.resolution) = (3, 2, 0.5);
        (map.info.origin.position.x, map.info.origin.orientation.w) = (-2.0, 1.0);
        map
    }

    #[test]
    fn walls_are_where_cells_are_taken() {
        let read = grid_map(&map()).expect("a map");
        assert_eq!((read.width, read.height, read.resolution_m, read.origin_m), (3, 2, 0.5, [-2.0, 0.0]));
        assert_eq!(read.is_solid, [false, false, false, true, true, false]);
    }

    #[test]
    fn maps_that_are_none_are_refused() {
        let refused = |change: &dyn Fn(&mut nav_msgs::OccupancyGrid)| {
            let mut map = map();
            change(&mut map);
            grid_map(&map).is_err()
        };
        assert!(!refused(&|m| m.info.origin.orientation.w = 0.0), "unset");
        assert!(refused(&|m| m.info.width = u32::MAX));
        assert!(refused(&|m| (m.info.width, m.info.height, m.data) = (0, 0, Vec::new())));
        assert!(refused(&|m| m.info.resolution = f32::NAN));
        assert!(refused(&|m| m.info.resolution = -0.05));
        assert!(refused(&|m| m.info.origin.position.y = f64::INFINITY));
        assert!(refused(&|m| (m.info.origin.orientation.z, m.info.origin.orientation.w) = (0.5, 0.8)));
        assert!(refused(&|m| m.info.origin.orientation.x = f64::NAN));
        assert!(refused(&|m| m.info.origin.orientation.z = 5.0));
        assert!(refused(&|m| m.header.frame_id = "a\nb".to_owned()));
    }
}

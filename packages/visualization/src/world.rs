//! The map that a robot drives by, and the truth of a simulated run. In -> out: cells and hazards -> boxes and points under `world`.
//!
//! Deliberately absent: reading maps.

use crate::blueprint::Eye;
use crate::recording::{Moment, Recording, entity};
use crate::sensors::viewer_frame;
use crate::{RrdError, RrdWriter};
use re_sdk_types::components::{Color, FillMode};
use re_sdk_types::{AsComponents, archetypes};
use vedette_types::{FrameId, GridMap, Stamp};

/// Most boxes that a map is drawn with; what is beyond is left out.
const MAX_BOXES: usize = 2_000;

/// Walls higher than this hide what is behind them.
const WALL_MAX_M: f64 = 0.8;

/// A floor of solid and free cells.
#[derive(Clone, Debug)]
pub struct WorldMap<'a> {
    /// The frame of the map.
    pub frame: FrameId,
    /// Side of a cell, metres.
    pub resolution_m: f64,
    /// The corner of the first cell with the least x and y, metres.
    pub origin_m: [f64; 2],
    /// Cells along x.
    pub width: usize,
    /// Cells along y.
    pub height: usize,
    /// Row by row, y upwards.
    pub is_solid: &'a [bool],
    /// Height of the room, metres. Walls are drawn lower, so that one sees over them.
    pub ceiling_m: f64,
}

impl<'a> WorldMap<'a> {
    /// A map whose height is not known.
    pub fn of(map: &'a GridMap) -> Self {
        Self {
            frame: map.frame.clone(),
            resolution_m: map.resolution_m,
            origin_m: map.origin_m,
            width: map.width,
            height: map.height,
            is_solid: &map.is_solid,
            ceiling_m: WALL_MAX_M,
        }
    }
}

impl RrdWriter {
    /// Draws a map, for the whole recording, in place of an earlier one. A map whose numbers do not fit together is left out.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn map(&mut self, map: &WorldMap<'_>) -> Result<(), RrdError> {
        draw_map(&mut self.recording, map)
    }

    /// Draws what really is where: kind, place on the floor of `frame`, and whether it is there now. Not for runs of a real robot.
    ///
    /// # Errors
    /// [`RrdError`] when the file cannot be written.
    pub fn truth(&mut self, stamp: Stamp, frame: &FrameId, hazards: &[(&str, [f64; 2], bool)]) -> Result<(), RrdError> {
        let Some(frame) = viewer_frame(frame) else { return Ok(()) };
        let is_drawn = |(_, at_m, is_active): &&(&str, [f64; 2], bool)| *is_active && at_m.iter().all(|metres| metres.is_finite());
        let active: Vec<_> = hazards.iter().filter(is_drawn).collect();
        let rings = archetypes::Ellipsoids3D::from_centers_and_half_sizes(
            active.iter().map(|(_, [x_m, y_m], _)| [*x_m as f32, *y_m as f32, 0.02]),
            active.iter().map(|_| [0.5_f32, 0.5, 0.02]),
        )
        .with_labels(active.iter().map(|(kind, ..)| format!("truth: {kind}")))
        .with_colors([Color::from_rgb(60, 160, 255)]);
        let frame = archetypes::CoordinateFrame::new(frame);
        let moment = Moment { event: stamp, image: stamp };
        self.recording.row(&entity("world", "truth", ""), moment, &[&rings as &dyn AsComponents, &frame])
    }
}

fn draw_map(to: &mut Recording, map: &WorldMap<'_>) -> Result<(), RrdError> {
    let numbers = [map.resolution_m, map.ceiling_m, map.origin_m[0], map.origin_m[1]];
    let is_sound = numbers.iter().all(|number| number.is_finite()) && map.resolution_m > 0.0 && map.ceiling_m > 0.0;
    let Some(frame) = viewer_frame(&map.frame).filter(|_| is_sound && map.width.checked_mul(map.height) == Some(map.is_solid.len())) else {
        return Ok(());
    };
    let height_m = map.ceiling_m.min(WALL_MAX_M) as f32;
    let metres = |cells: usize| cells as f64 * map.resolution_m;
    let blocks: Vec<_> = blocks(map.width, map.is_solid).into_iter().take(MAX_BOXES).collect();
    let boxes = archetypes::Boxes3D::from_mins_and_sizes(
        blocks.iter().map(|block| [(map.origin_m[0] + metres(block.x)) as f32, (map.origin_m[1] + metres(block.y)) as f32, 0.0]),
        blocks.iter().map(|block| [metres(block.width) as f32, metres(block.height) as f32, height_m]),
    )
    .with_colors([Color::from_rgb(120, 128, 140)])
    .with_fill_mode(FillMode::Solid);
    let (width_m, depth_m) = (metres(map.width), metres(map.height));
    let middle_m = [map.origin_m[0] + width_m / 2.0, map.origin_m[1] + depth_m / 2.0];
    // From the south, steep enough to see over the walls, far enough for all of the floor.
    let away_m = 0.75 * width_m.max(depth_m);
    to.look(Eye {
        at_m: [middle_m[0] as f32, (middle_m[1] - 0.5 * away_m) as f32, away_m as f32],
        target_m: [middle_m[0] as f32, middle_m[1] as f32, 0.0],
    });
    to.stand_in(&frame);
    let frame = archetypes::CoordinateFrame::new(frame);
    to.fixed(entity("world", "map", ""), &[&boxes as &dyn AsComponents, &frame])
}

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Block {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

/// Rectangles that cover the solid cells once, the largest first: runs of a row, joined with equal runs of the rows below.
fn blocks(width: usize, is_solid: &[bool]) -> Vec<Block> {
    let mut done: Vec<Block> = Vec::new();
    let mut open: Vec<Block> = Vec::new();
    for (y, row) in is_solid.chunks(width.max(1)).enumerate() {
        let mut x = 0;
        let mut next = Vec::new();
        for cells in row.chunk_by(|a, b| a == b) {
            if cells.first() == Some(&true) {
                let above = open.iter().position(|block| block.x == x && block.width == cells.len());
                let grown = above.map(|index| open.swap_remove(index)).map(|block| Block { height: block.height + 1, ..block });
                next.push(grown.unwrap_or(Block { x, y, width: cells.len(), height: 1 }));
            }
            x += cells.len();
        }
        done.append(&mut open);
        open = next;
    }
    done.append(&mut open);
    done.sort_by_key(|block| std::cmp::Reverse(block.width * block.height));
    done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_blocks_of_a_map_cover_its_solid_cells_once() {
        for seed in 0..50_u64 {
            let (width, height) = (1 + (seed as usize % 7), 1 + (seed as usize % 5));
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
            let cells: Vec<bool> = (0..width * height)
                .map(|_| {
                    state ^= state << 13;
                    state ^= state >> 7;
                    state ^= state << 17;
                    !state.is_multiple_of(3)
                })
                .collect();
            let mut times = vec![0; cells.len()];
            for block in blocks(width, &cells) {
                for y in block.y..block.y + block.height {
                    for x in block.x..block.x + block.width {
                        times[y * width + x] += 1;
                    }
                }
            }
            let wanted: Vec<i32> = cells.iter().map(|is_solid| i32::from(*is_solid)).collect();
            assert_eq!(times, wanted, "{width} x {height}, seed {seed}");
        }
        let wall = Block { x: 0, y: 0, width: 3, height: 4 };
        assert_eq!(blocks(3, &[true; 12]), [wall]);
    }
}

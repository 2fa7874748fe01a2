//! The bundled maps as drawings. In -> out: a name -> the bytes of its PGM, from rectangles in centimetres. The committed files are made by
//! `cargo run -p vedette-simulator --example draw_maps`; a test compares. The YAML halves are written by hand.

use super::pgm;

/// Side of a cell, centimetres: 0.05 m, Nav2's default.
const CELL_CM: usize = 5;
/// Grey values that map_saver writes.
const FREE: u8 = 254;
const WALL: u8 = 0;
const UNKNOWN: u8 = 205;

/// The PGM of a bundled map; `None` for another name.
pub fn draw(name: &str) -> Option<Vec<u8>> {
    let plan = match name {
        "warehouse" => warehouse(),
        "home" => home(),
        "office" => office(),
        _ => return None,
    };
    Some(pgm::encode(plan.width, plan.height, &plan.grey))
}

/// A drawing; coordinates count from the lower left corner, centimetres.
struct Plan {
    width: usize,
    height: usize,
    grey: Vec<u8>,
}

impl Plan {
    /// A hall with outer walls; the outermost row of cells is what no robot has seen.
    fn hall(width_cm: usize, height_cm: usize, wall_cm: usize) -> Self {
        let (width, height) = (width_cm / CELL_CM, height_cm / CELL_CM);
        let mut plan = Self { width, height, grey: vec![UNKNOWN; width * height] };
        plan.fill(WALL, [CELL_CM, CELL_CM, width_cm - CELL_CM, height_cm - CELL_CM]);
        plan.fill(FREE, [wall_cm, wall_cm, width_cm - wall_cm, height_cm - wall_cm]);
        plan
    }

    /// Left, bottom, right, top.
    fn fill(&mut self, grey: u8, [left, bottom, right, top]: [usize; 4]) {
        for (row, line) in self.grey.chunks_exact_mut(self.width).rev().enumerate() {
            if (bottom / CELL_CM..top / CELL_CM).contains(&row) {
                line[left / CELL_CM..right / CELL_CM].fill(grey);
            }
        }
    }

    fn walls(mut self, rectangles: &[[usize; 4]]) -> Self {
        rectangles.iter().for_each(|&rectangle| self.fill(WALL, rectangle));
        self
    }

    fn doors(mut self, rectangles: &[[usize; 4]]) -> Self {
        rectangles.iter().for_each(|&rectangle| self.fill(FREE, rectangle));
        self
    }
}

/// 24 x 16 m: rack rows with aisles of 2.3 m, a cross aisle, and an open packing area with pillars.
fn warehouse() -> Plan {
    Plan::hall(2400, 1600, 20)
        .walls(&[
            [300, 240, 1050, 350],
            [1350, 240, 2100, 350],
            [300, 580, 1050, 690],
            [1350, 580, 2100, 690],
            [300, 920, 1050, 1030],
            [1350, 920, 1800, 1030],
            [300, 1260, 1050, 1350],
            [1480, 1280, 1520, 1320],
            [1880, 1280, 1920, 1320],
        ])
        // A gap between two racks, as there is one in every warehouse.
        .doors(&[[640, 580, 780, 690]])
}

/// 12 x 9 m: living room and kitchen below, a hall in the middle, two bedrooms and a bath above.
fn home() -> Plan {
    Plan::hall(1200, 900, 15)
        .walls(&[
            [15, 450, 1185, 460],
            [15, 580, 1185, 590],
            [650, 15, 660, 450],
            [420, 590, 430, 885],
            [640, 590, 650, 885],
            // Kitchen cupboards and a wardrobe, up to the ceiling.
            [1125, 15, 1185, 380],
            [15, 800, 75, 885],
        ])
        .doors(&[
            [240, 450, 400, 460],
            [900, 450, 1000, 460],
            [650, 150, 660, 290],
            [280, 580, 380, 590],
            [485, 580, 585, 590],
            [780, 580, 880, 590],
        ])
}

/// 20 x 12 m: a corridor from end to end, four rooms on one side, two rooms and an open-plan office on the other.
fn office() -> Plan {
    Plan::hall(2000, 1200, 20)
        .walls(&[
            [20, 510, 1980, 520],
            [20, 700, 1980, 710],
            [490, 20, 500, 510],
            [990, 20, 1000, 510],
            [1490, 20, 1500, 510],
            [650, 710, 660, 1180],
            [1290, 710, 1300, 1180],
            // A pillar, a cupboard wall and the copy corner.
            [940, 940, 980, 980],
            [20, 20, 60, 380],
            [1780, 1080, 1980, 1180],
        ])
        .doors(&[
            [200, 510, 310, 520],
            [700, 510, 810, 520],
            [1200, 510, 1310, 520],
            [1700, 510, 1810, 520],
            [300, 700, 410, 710],
            [800, 700, 1150, 710],
            [1600, 700, 1710, 710],
            [490, 200, 500, 310],
        ])
}

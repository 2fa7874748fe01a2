//! Floor plans made in microseconds. In -> out: a kind of layout, how deep it must be, random numbers -> a building without furniture. No
//! routes, no doors that open: a place to look into, from a camera that stands somewhere in it.

mod plan;

use crate::{
    random::Random,
    scene::{Building, Style},
};
use plan::{CELL_M, Plan};
use std::f64::consts::PI;

/// How a place is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layout {
    /// One empty room.
    Room,
    /// A wide, deep hall.
    Hall,
    /// A corridor with shallow door recesses.
    Corridor,
    /// A room with one corner taken away.
    LShape,
    /// Long shelf rows with aisles between.
    ShelfAisle,
    /// A hall with square pillars.
    PillarHall,
    /// Thick walls with niches in them.
    Niches,
    /// Two rooms and the opening between them.
    Doorway,
    /// Partitions that stand out from one wall.
    Cubicles,
    /// A room with blocks along its walls.
    Storeroom,
    /// Four shelf blocks that leave a cross free.
    CrossAisle,
    /// A corridor that ends at another one.
    TJunction,
    /// A room with cut-off corners.
    Octagon,
    /// Short shelves that stand about.
    Islands,
    /// Corridors that continue with an offset.
    Staggered,
    /// A room around a block that juts out from a wall.
    UShape,
    /// A hall with round columns.
    Columns,
    /// A room that narrows in steps.
    Tapered,
}

impl Layout {
    /// Every layout.
    pub const ALL: [Self; 18] = [
        Self::Room,
        Self::Hall,
        Self::Corridor,
        Self::LShape,
        Self::ShelfAisle,
        Self::PillarHall,
        Self::Niches,
        Self::Doorway,
        Self::Cubicles,
        Self::Storeroom,
        Self::CrossAisle,
        Self::TJunction,
        Self::Octagon,
        Self::Islands,
        Self::Staggered,
        Self::UShape,
        Self::Columns,
        Self::Tapered,
    ];
}

/// A building of a layout in which something `depth_m` away can be looked at.
pub(super) fn build(layout: Layout, depth_m: f64, style: Style, random: &mut Random) -> Building {
    let plan = drawn(layout, depth_m, random);
    Building {
        resolution_m: CELL_M,
        width: plan.columns,
        height: plan.rows,
        origin_m: [0.0, 0.0],
        is_solid: plan.is_solid,
        ceiling_m: ceiling_m(random),
        style,
    }
}

/// A place around `middle_m` so wide that no wall is near: where a photograph stands for the building, or a thing is looked at alone.
pub(super) fn open_field(style: Style, middle_m: [f64; 2], ceiling_m: f64) -> Building {
    const SIDE: usize = 60;
    let is_solid = (0..SIDE * SIDE).map(|cell| [cell % SIDE, cell / SIDE].iter().any(|place| [0, SIDE - 1].contains(place))).collect();
    let origin_m = middle_m.map(|middle| middle - 0.5 * SIDE as f64);
    Building { resolution_m: 1.0, width: SIDE, height: SIDE, origin_m, is_solid, ceiling_m, style }
}

fn ceiling_m(random: &mut Random) -> f64 {
    match random.index(10) {
        0 | 1 => random.within(2.15, 2.45),
        2..=6 => random.within(2.45, 3.3),
        7 | 8 => random.within(3.3, 5.0),
        _ => random.within(5.0, 7.5),
    }
}

fn drawn(layout: Layout, depth_m: f64, random: &mut Random) -> Plan {
    match layout {
        Layout::Room => Plan::hall(depth_m + random.within(1.2, 4.0), random.within(3.0, 7.0)),
        Layout::Hall => Plan::hall(depth_m + random.within(3.0, 8.0), random.within(7.0, 12.0)),
        Layout::Corridor => corridor(depth_m, random),
        Layout::LShape => l_shape(depth_m, random),
        Layout::ShelfAisle => shelf_aisle(depth_m, random),
        Layout::PillarHall => pillars(depth_m, random, |plan, [x, y], half| plan.block([x - half, y - half, x + half, y + half])),
        Layout::Columns => pillars(depth_m, random, |plan, middle, half| plan.column(middle, half * 1.3)),
        Layout::Niches => niches(depth_m, random),
        Layout::Doorway => doorway(depth_m, random),
        Layout::Cubicles => cubicles(depth_m, random),
        Layout::Storeroom => storeroom(depth_m, random),
        Layout::CrossAisle => cross_aisle(depth_m, random),
        Layout::TJunction => t_junction(depth_m, random),
        Layout::Octagon => octagon(depth_m, random),
        Layout::Islands => islands(depth_m, random),
        Layout::Staggered => staggered(depth_m, random),
        Layout::UShape => u_shape(depth_m, random),
        Layout::Tapered => tapered(depth_m, random),
    }
}

fn corridor(depth_m: f64, random: &mut Random) -> Plan {
    let (length, wide) = (depth_m + random.within(2.0, 6.0), random.within(1.7, 3.0));
    let recess = 0.3;
    let mut plan = Plan::solid(length, wide + 2.0 * recess);
    plan.clear([0.0, recess, length, recess + wide]);
    let mut x = random.within(0.5, 2.5);
    while x < length - 1.2 {
        let is_left = random.chance(0.5);
        plan.clear(if is_left { [x, recess + wide, x + 1.0, wide + 2.0 * recess] } else { [x, 0.0, x + 1.0, recess] });
        x += random.within(1.8, 4.0);
    }
    plan
}

fn l_shape(depth_m: f64, random: &mut Random) -> Plan {
    let (width, height) = (depth_m + random.within(1.5, 4.0), random.within(5.0, 8.0));
    let mut plan = Plan::hall(width, height);
    let (cut_x, cut_y) = (width * random.within(0.3, 0.6), height * random.within(0.35, 0.55));
    plan.block([cut_x, cut_y, width, height]);
    plan
}

fn shelf_aisle(depth_m: f64, random: &mut Random) -> Plan {
    let (aisle, shelf) = (random.within(1.8, 2.8), random.within(0.5, 1.1));
    let rows = 2 + random.index(2);
    let (width, height) = (depth_m + random.within(3.0, 6.0), aisle + (aisle + shelf) * rows as f64);
    let mut plan = Plan::hall(width, height);
    let (start, end) = (random.within(0.8, 1.6), width - random.within(0.8, 1.6));
    for row in 0..rows {
        let bottom = aisle + (aisle + shelf) * row as f64;
        plan.block([start, bottom, end, bottom + shelf]);
        if random.chance(0.4) {
            let gap = random.within(start + 0.5, (end - 1.7).max(start + 0.6));
            plan.clear([gap, bottom, gap + 1.2, bottom + shelf]);
        }
    }
    plan
}

fn pillars(depth_m: f64, random: &mut Random, stand: impl Fn(&mut Plan, [f64; 2], f64)) -> Plan {
    let (width, height) = (depth_m + random.within(2.0, 6.0), random.within(6.5, 11.0));
    let mut plan = Plan::hall(width, height);
    let (spacing, half) = (random.within(2.6, 4.2), random.within(0.15, 0.32));
    let (mut x, first_y) = (spacing * random.within(0.4, 0.9), spacing * random.within(0.4, 0.9));
    while x < width - 0.6 {
        let mut y = first_y;
        while y < height - 0.6 {
            stand(&mut plan, [x, y], half);
            y += spacing;
        }
        x += spacing;
    }
    plan
}

fn niches(depth_m: f64, random: &mut Random) -> Plan {
    let thick = random.within(0.6, 1.0);
    let (width, height) = (depth_m + random.within(1.5, 4.0), random.within(3.0, 5.0) + 2.0 * thick);
    let mut plan = Plan::solid(width, height);
    plan.clear([0.0, thick, width, height - thick]);
    let mut x = random.within(0.3, 1.2);
    while x < width - 1.0 {
        let wide = random.within(0.8, 1.8);
        if random.chance(0.7) {
            plan.clear([x, 0.0, x + wide, thick]);
        }
        if random.chance(0.7) {
            plan.clear([x, height - thick, x + wide, height]);
        }
        x += wide + random.within(0.4, 1.2);
    }
    plan
}

fn doorway(depth_m: f64, random: &mut Random) -> Plan {
    let (width, height) = (depth_m + random.within(2.5, 5.0), random.within(4.0, 7.0));
    let mut plan = Plan::hall(width, height);
    let (wall_x, opening) = (width * random.within(0.35, 0.65), random.within(1.2, 2.4));
    let door_y = random.within(0.5, height - opening - 0.5);
    plan.block([wall_x, 0.0, wall_x + 0.2, height]);
    plan.clear([wall_x, door_y, wall_x + 0.2, door_y + opening]);
    plan
}

fn cubicles(depth_m: f64, random: &mut Random) -> Plan {
    let (width, height) = (depth_m + random.within(2.0, 5.0), random.within(5.0, 7.5));
    let mut plan = Plan::hall(width, height);
    let (spacing, long) = (random.within(2.0, 3.0), random.within(1.5, 2.4));
    let mut x = spacing * random.within(0.5, 1.0);
    while x < width - 0.8 {
        plan.block([x, 0.0, x + 0.1, long]);
        x += spacing;
    }
    plan
}

fn storeroom(depth_m: f64, random: &mut Random) -> Plan {
    let (width, height) = (depth_m + random.within(1.5, 4.0), random.within(4.0, 7.0));
    let mut plan = Plan::hall(width, height);
    for _ in 0..4 + random.index(5) {
        let (wide, deep) = (random.within(0.5, 1.8), random.within(0.4, 0.9));
        let x = random.within(0.0, width - wide);
        plan.block(if random.chance(0.5) { [x, 0.0, x + wide, deep] } else { [x, height - deep, x + wide, height] });
    }
    plan
}

fn cross_aisle(depth_m: f64, random: &mut Random) -> Plan {
    let (aisle, margin) = (random.within(2.0, 3.2), random.within(1.4, 2.0));
    let (width, height) = (depth_m + random.within(3.0, 5.0), 2.0 * margin + aisle + 2.0 * random.within(0.8, 1.6));
    let mut plan = Plan::hall(width, height);
    let (middle_x, middle_y) = (width * random.within(0.4, 0.6), 0.5 * height);
    let half = 0.5 * aisle;
    for [left, right] in [[margin, middle_x - half], [middle_x + half, width - margin]] {
        plan.block([left, margin, right, middle_y - half]);
        plan.block([left, middle_y + half, right, height - margin]);
    }
    plan
}

fn t_junction(depth_m: f64, random: &mut Random) -> Plan {
    let (length, height) = (depth_m + random.within(2.0, 4.0), random.within(6.0, 9.0));
    let (wide, cross) = (random.within(1.8, 3.0), random.within(2.0, 3.2));
    let mut plan = Plan::solid(length, height);
    let bottom = 0.5 * (height - wide);
    plan.clear([0.0, bottom, length, bottom + wide]);
    plan.clear([length - cross, 0.0, length, height]);
    plan
}

fn octagon(depth_m: f64, random: &mut Random) -> Plan {
    let (width, height) = (depth_m + random.within(2.0, 4.0), random.within(5.0, 8.5));
    let mut plan = Plan::hall(width, height);
    let cut = random.within(1.0, 0.38 * height);
    let mut step = 0.0;
    while step < cut {
        let inset = cut - step;
        for [low, high] in [[step, step + CELL_M], [height - step - CELL_M, height - step]] {
            plan.block([0.0, low, inset, high]);
            plan.block([width - inset, low, width, high]);
        }
        step += CELL_M;
    }
    plan
}

fn islands(depth_m: f64, random: &mut Random) -> Plan {
    let (width, height) = (depth_m + random.within(3.0, 6.0), random.within(6.5, 10.0));
    let mut plan = Plan::hall(width, height);
    for _ in 0..3 + random.index(4) {
        let (long, deep) = (random.within(1.2, 2.4), random.within(0.4, 0.7));
        let [w, h] = if random.chance(0.5) { [long, deep] } else { [deep, long] };
        let (x, y) = (random.within(1.0, width - w - 1.0), random.within(1.0, height - h - 1.0));
        plan.block([x, y, x + w, y + h]);
    }
    plan
}

fn staggered(depth_m: f64, random: &mut Random) -> Plan {
    let (length, wide) = (depth_m + random.within(3.0, 6.0), random.within(2.4, 3.6));
    let shift = random.within(0.6, 0.55 * wide);
    let mut plan = Plan::solid(length, wide + shift);
    let (mut x, mut is_up) = (0.0, random.chance(0.5));
    while x < length {
        let next = x + random.within(1.8, 3.5);
        let bottom = if is_up { shift } else { 0.0 };
        plan.clear([x, bottom, next, bottom + wide]);
        (x, is_up) = (next, !is_up);
    }
    plan
}

fn u_shape(depth_m: f64, random: &mut Random) -> Plan {
    let (width, height) = (depth_m + random.within(2.0, 4.0), random.within(6.0, 8.5));
    let mut plan = Plan::hall(width, height);
    let (left, right) = (width * random.within(0.3, 0.42), width * random.within(0.56, 0.7));
    plan.block([left, height * random.within(0.38, 0.5), right, height]);
    plan
}

fn tapered(depth_m: f64, random: &mut Random) -> Plan {
    let (length, wide) = (depth_m + random.within(1.5, 4.0), random.within(4.5, 7.5));
    let mut plan = Plan::solid(length, wide);
    let (steps, end) = (3 + random.index(3), random.within(0.35, 0.55));
    for step in 0..steps {
        let share = step as f64 / steps as f64;
        // A cosine rather than a line, so that the steps differ.
        let half = 0.5 * wide * (end + (1.0 - end) * (0.5 + 0.5 * (PI * share).cos()));
        plan.clear([length * share, 0.5 * wide - half, length * (share + 1.0 / steps as f64), 0.5 * wide + half]);
    }
    plan
}

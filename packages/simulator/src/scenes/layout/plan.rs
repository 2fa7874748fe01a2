//! A floor plan while it is drawn. In -> out: rectangles and circles in metres -> solid cells. Coordinates count from the inside of a shell that
//! stays closed whatever is drawn.

/// Side of a cell, metres: coarse, because each scene has its own building.
pub(super) const CELL_M: f64 = 0.1;
/// Thickness of the outer walls, metres.
const SHELL_M: f64 = 0.2;

/// Rows of cells from the lowest y up.
pub(super) struct Plan {
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) is_solid: Vec<bool>,
}

impl Plan {
    /// Open floor within a shell.
    pub(super) fn hall(width_m: f64, height_m: f64) -> Self {
        let mut plan = Self::solid(width_m, height_m);
        plan.clear([0.0, 0.0, width_m, height_m]);
        plan
    }

    /// Nothing but wall; coordinates count from the inside of the shell.
    pub(super) fn solid(width_m: f64, height_m: f64) -> Self {
        let cells = |metres: f64| ((metres + 2.0 * SHELL_M) / CELL_M).round() as usize;
        let (columns, rows) = (cells(width_m), cells(height_m));
        Self { columns, rows, is_solid: vec![true; columns * rows] }
    }

    pub(super) fn clear(&mut self, rectangle_m: [f64; 4]) {
        self.fill(false, rectangle_m);
    }

    pub(super) fn block(&mut self, rectangle_m: [f64; 4]) {
        self.fill(true, rectangle_m);
    }

    /// Left, bottom, right, top, metres; the shell stays.
    fn fill(&mut self, is_solid: bool, [left, bottom, right, top]: [f64; 4]) {
        let shell = (SHELL_M / CELL_M).round() as usize;
        let cell = |metres: f64, count: usize| ((metres.max(0.0) / CELL_M).round() as usize + shell).min(count - shell);
        let (left, right) = (cell(left, self.columns), cell(right, self.columns));
        for row in cell(bottom, self.rows)..cell(top, self.rows) {
            if let Some(line) = self.is_solid.get_mut(row * self.columns + left..row * self.columns + right.max(left)) {
                line.fill(is_solid);
            }
        }
    }

    /// A round column.
    pub(super) fn column(&mut self, middle_m: [f64; 2], radius_m: f64) {
        let steps = (2.0 * radius_m / CELL_M).ceil() as i32;
        for step in 0..=steps {
            let y = -radius_m + 2.0 * radius_m * f64::from(step) / f64::from(steps);
            let half = (radius_m * radius_m - y * y).max(0.0).sqrt();
            let [cx, cy] = middle_m;
            self.block([cx - half, cy + y - 0.5 * CELL_M, cx + half, cy + y + 0.5 * CELL_M]);
        }
    }
}

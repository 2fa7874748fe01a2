//! What hangs in the air: flames, smoke, gas and steam.
//!
//! In -> out: plumes in the view frame, nearest first -> a veil of light over the band and how much of what is behind comes through. A plume
//! is computed for every few pixels and straight between them; where it is cut by a body it is cut at each pixel.
//! Deliberately absent: shadows of smoke on the floor, and plumes inside each other (the nearer one counts as wholly in front).

use super::{
    Frame,
    billows::Billows,
    canvas::{Canvas, FLAT, NOBODY},
    flames::Flames,
    vector::{V3, add, scale},
    view::Bounds,
};

pub(super) enum Body {
    Flames(Flames),
    Billows(Billows),
}

pub(super) struct Plume {
    pub(super) owner: u16,
    pub(super) body: Body,
    pub(super) bounds: Bounds,
    /// Of its middle, metres forward.
    pub(super) depth: f32,
    /// Half of how deep it is, metres.
    pub(super) half_depth: f32,
}

/// What a plume adds and hides along one ray.
#[derive(Clone, Copy, Default)]
pub(super) struct Sample {
    /// Its light, already weighted.
    pub(super) light: V3,
    /// Share of what is behind that it hides.
    pub(super) hides: f32,
}

impl Sample {
    fn mix(self, other: Self, share: f32) -> Self {
        Self { light: super::vector::mix(self.light, other.light, share), hides: self.hides + (other.hides - self.hides) * share }
    }
}

impl Plume {
    /// Samples of a row at these columns.
    fn samples(&self, frame: &Frame, row: usize, columns: impl Iterator<Item = usize>) -> Vec<Sample> {
        let ray = frame.view.row(row);
        match &self.body {
            Body::Flames(flames) => {
                let line = flames.row(ray.slope, frame.view.eye_m);
                columns.map(|column| line.sample(ray.aside(column))).collect()
            }
            Body::Billows(billows) => {
                let line = billows.row(ray.slope, frame.view.eye_m);
                columns.map(|column| line.sample(ray.aside(column))).collect()
            }
        }
    }

    /// Pixels from sample to sample; flames have finer edges than smoke.
    fn stride(&self, width: usize) -> usize {
        let fine = if width > 400 { 2 } else { 1 };
        match self.body {
            Body::Flames(_) => fine,
            Body::Billows(_) => fine * 2,
        }
    }

    pub(super) fn paint(&self, frame: &Frame, canvas: &mut Canvas) {
        let rows = self.bounds.rows(canvas.top, canvas.bottom);
        let stride = self.stride(canvas.width);
        let first = self.bounds.left / stride;
        let count = (self.bounds.right - 1) / stride + 2 - first;
        let line = |lattice_row: usize| self.samples(frame, lattice_row * stride, (first..first + count).map(|number| number * stride));
        // The lattice rows above and below the current row; the lower one is the next upper one.
        let mut known: Option<(usize, Vec<Sample>, Vec<Sample>)> = None;
        for row in rows {
            let lattice_row = row / stride;
            let (number, upper, lower) = match known.take() {
                Some(same) if same.0 == lattice_row => same,
                Some((number, _, lower)) if number + 1 == lattice_row => (lattice_row, lower, line(lattice_row + 1)),
                _ => (lattice_row, line(lattice_row), line(lattice_row + 1)),
            };
            self.paint_row(canvas, row, (first, stride), &upper, &lower);
            known = Some((number, upper, lower));
        }
    }

    fn paint_row(&self, canvas: &mut Canvas, row: usize, (first, stride): (usize, usize), upper: &[Sample], lower: &[Sample]) {
        let down = (row % stride) as f32 / stride as f32;
        for column in self.bounds.left..self.bounds.right {
            let number = column / stride - first;
            let sample = if stride == 1 {
                upper[number]
            } else {
                let right = (column % stride) as f32 / stride as f32;
                let top = upper[number].mix(upper[number + 1], right);
                top.mix(lower[number].mix(lower[number + 1], right), down)
            };
            if sample.hides < 0.003 && sample.light[0] < 0.003 {
                continue;
            }
            let index = canvas.index(column, row);
            let ahead = (canvas.depth[index] - self.depth + self.half_depth) / (2.0 * self.half_depth);
            let free = ahead.clamp(0.0, 1.0);
            let through = canvas.through[index];
            if free <= 0.0 || through < 0.01 {
                continue;
            }
            let hides = sample.hides * free;
            canvas.has_air = true;
            canvas.veil[index] = add(canvas.veil[index], scale(sample.light, free * through));
            canvas.through[index] = through * (1.0 - hides);
            if hides * through > 0.2 {
                canvas.tally.add(self.owner, column, row, true);
                // Its own solid parts behind it count once.
                if canvas.owner[index] & !FLAT == self.owner {
                    canvas.owner[index] = NOBODY;
                }
            }
        }
    }
}

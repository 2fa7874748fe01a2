//! A photograph in place of walls, floor and ceiling.
//!
//! In -> out: a photograph, a view and the light in the scene -> a colour in linear light for each pixel. Deliberately absent: any notion of
//! what is in the photograph; the floor plan says where its floor is.

use super::{
    light::Lamps,
    vector::{V3, scale},
    view::View,
};
use vedette_types::RgbPixels;

/// Albedo that the mean of a photograph stands for.
const MEAN_ALBEDO: f32 = 0.35;

pub(super) struct Photo {
    width: usize,
    height: usize,
    pixels: Vec<V3>,
}

impl Photo {
    /// Fills the view; what is too wide or too high is cut off on both sides.
    pub(super) fn new(photo: &RgbPixels, view: &View, lamps: &Lamps) -> Self {
        let (width, height) = (photo.width() as usize, photo.height() as usize);
        let linear = linear();
        let per_pixel = (width as f32 / view.width as f32).min(height as f32 / view.height as f32);
        // Few samples for each pixel where the photograph is much larger.
        let samples = (per_pixel.ceil() as usize).clamp(1, 3);
        let at = |place: f32, middle: usize, of: usize| {
            let place = (place - middle as f32 * 0.5) * per_pixel + of as f32 * 0.5;
            (place.max(0.0) as usize).min(of - 1)
        };
        let steps: Vec<f32> = (0..samples).map(|number| (number as f32 + 0.5) / samples as f32).collect();
        let columns: Vec<usize> = (0..view.width)
            .flat_map(|column| steps.iter().map(move |step| column as f32 + step))
            .map(|x| at(x, view.width, width))
            .collect();
        let share = 1.0 / (samples * samples) as f32;
        let mut pixels = Vec::with_capacity(view.width * view.height);
        for row in 0..view.height {
            let rows: Vec<usize> = steps.iter().map(|step| at(row as f32 + step, view.height, height)).collect();
            for columns in columns.chunks_exact(samples) {
                let mut sum = [0.0; 3];
                for place in rows.iter().flat_map(|row| columns.iter().map(move |column| (row * width + column) * 3)) {
                    for channel in 0..3 {
                        sum[channel] += linear[usize::from(photo.rgb()[place + channel])];
                    }
                }
                pixels.push(scale(sum, share));
            }
        }
        let mean = pixels.iter().map(|pixel| pixel[1].min(1.5)).sum::<f32>() / pixels.len().max(1) as f32;
        let level = lamps.falling_on([2.0, 0.0, 0.0], [0.0, 0.0, 1.0])[1] * MEAN_ALBEDO;
        let gain = (level / mean.max(0.02)).clamp(0.1, 2.5);
        for pixel in &mut pixels {
            *pixel = scale(*pixel, gain);
        }
        Self { width: view.width, height: view.height, pixels }
    }

    #[inline]
    pub(super) fn at(&self, column: usize, row: usize) -> V3 {
        self.pixels[row.min(self.height - 1) * self.width + column.min(self.width - 1)]
    }
}

/// Light behind a display value: the inverse of what `finish` does.
fn linear() -> [f32; 256] {
    std::array::from_fn(|value| {
        let shown = value as f32 / 255.0;
        let shown = if shown <= 0.040_45 { shown / 12.92 } else { ((shown + 0.055) / 1.055).powf(2.4) };
        if shown <= 0.5 { shown } else { 0.25 / (1.0 - shown).max(0.06) }
    })
}

//! A contact sheet: many pictures on one, each with a few lines below it. In -> out: pictures and words -> one picture, cells of one size.
//!
//! Deliberately absent: files, and which pictures belong on it.

use crate::annotate::text;
use crate::font::{HEIGHT, WIDTH};
use image::imageops::{overlay, thumbnail};
use image::{Rgb, RgbImage};
use vedette_types::RgbPixels;

/// Cells side by side.
const COLUMNS: usize = 4;
/// Box of a picture; one of another shape is fitted into it.
const CELL_WIDTH_PX: u32 = 320;
const CELL_HEIGHT_PX: u32 = 240;
const MARGIN_PX: u32 = 6;
const LINE_PX: u32 = HEIGHT + 4;
/// Letters that fit below a picture.
const LINE_CHARS: usize = (CELL_WIDTH_PX / (WIDTH + 1)) as usize;
/// Lines that a long text is broken into at most.
const LINES_MAX: usize = 6;

/// One picture with the lines below it; long ones are broken, what still does not fit is cut off.
#[derive(Clone, Debug)]
pub struct SheetCell {
    /// The picture.
    pub pixels: RgbPixels,
    /// The words.
    pub lines: Vec<String>,
}

/// The pictures four abreast. `None` without any.
pub fn contact_sheet(cells: &[SheetCell]) -> Option<RgbPixels> {
    let broken: Vec<Vec<String>> =
        cells.iter().map(|cell| cell.lines.iter().flat_map(|line| broken(line)).take(LINES_MAX).collect()).collect();
    let lines = broken.iter().map(Vec::len).max()? as u32;
    let (across, down) = (CELL_WIDTH_PX + MARGIN_PX, CELL_HEIGHT_PX + MARGIN_PX + lines * LINE_PX);
    let rows = cells.len().div_ceil(COLUMNS) as u32;
    let (width, height) = (MARGIN_PX + across * cells.len().min(COLUMNS) as u32, MARGIN_PX + down * rows);
    let mut canvas = RgbImage::from_pixel(width, height, Rgb([24; 3]));
    for (number, (cell, words)) in cells.iter().zip(&broken).enumerate() {
        let (left, top) = (MARGIN_PX + (number % COLUMNS) as u32 * across, MARGIN_PX + (number / COLUMNS) as u32 * down);
        let picture = fitted(&cell.pixels)?;
        let (x, y) = (left + (CELL_WIDTH_PX - picture.width()) / 2, top + (CELL_HEIGHT_PX - picture.height()) / 2);
        overlay(&mut canvas, &picture, i64::from(x), i64::from(y));
        for (line, words) in (0..).zip(words) {
            text(&mut canvas, (left, top + CELL_HEIGHT_PX + 3 + line * LINE_PX), 1, words, Rgb([225; 3]));
        }
    }
    RgbPixels::new(width, height, canvas.into_raw())
}

fn fitted(pixels: &RgbPixels) -> Option<RgbImage> {
    let picture = RgbImage::from_raw(pixels.width(), pixels.height(), pixels.rgb().to_vec())?;
    let scale = (f64::from(CELL_WIDTH_PX) / f64::from(pixels.width())).min(f64::from(CELL_HEIGHT_PX) / f64::from(pixels.height()));
    let side = |length: u32, most: u32| ((f64::from(length) * scale).round() as u32).clamp(1, most);
    Some(thumbnail(&picture, side(pixels.width(), CELL_WIDTH_PX), side(pixels.height(), CELL_HEIGHT_PX)))
}

/// `line` in pieces that fit, broken at spaces where there are any.
fn broken(line: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for word in line.split(' ') {
        let mut rest: String = word.to_owned();
        while let Some(piece) = pieces.last_mut() {
            let gap = usize::from(!piece.is_empty());
            let (taken, length) = (piece.chars().count() + gap, rest.chars().count());
            if taken + length <= LINE_CHARS {
                if gap > 0 {
                    piece.push(' ');
                }
                piece.push_str(&rest);
                break;
            }
            if piece.is_empty() {
                let cut: String = rest.chars().take(LINE_CHARS).collect();
                rest = rest.chars().skip(LINE_CHARS).collect();
                *piece = cut;
            }
            pieces.push(String::new());
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(width: u32, height: u32, line: &str) -> SheetCell {
        let pixels = RgbPixels::new(width, height, vec![200; (width * height * 3) as usize]).expect("a picture");
        SheetCell { pixels, lines: vec![line.to_owned()] }
    }

    #[test]
    fn every_picture_is_on_the_sheet_whatever_its_shape() {
        assert_eq!(contact_sheet(&[]), None);
        let shapes = [(1, 1), (1, 900), (900, 1), (320, 240), (2000, 1500)];
        let cells: Vec<SheetCell> = shapes.into_iter().map(|(width, height)| cell(width, height, "x")).collect();
        let sheet = contact_sheet(&cells).expect("five pictures");
        assert_eq!((sheet.width(), sheet.height()), (6 + 4 * 326, 6 + 2 * (246 + 11)));
        // The middle of every cell is its picture, however thin.
        for number in 0..5_u32 {
            let (x, y) = (6 + number % 4 * 326 + 160, 6 + number / 4 * 257 + 120);
            let has_picture =
                [(0, 0), (1, 0), (0, 1)].iter().any(|(dx, dy)| sheet.rgb()[(((y - dy) * sheet.width() + x - dx) * 3) as usize] == 200);
            assert!(has_picture, "cell {number}");
        }
    }

    #[test]
    fn long_lines_are_broken_at_spaces() {
        let pieces = broken("there: fire high left near, smoke high left near, person_down high ahead middle");
        assert!(pieces.len() == 2 && pieces.iter().all(|piece| piece.chars().count() <= LINE_CHARS), "{pieces:?}");
        assert_eq!(pieces.join(" "), "there: fire high left near, smoke high left near, person_down high ahead middle");
        assert_eq!(broken(&"x".repeat(LINE_CHARS * 2)).concat(), "x".repeat(LINE_CHARS * 2));
        assert_eq!(broken(""), [""]);
    }
}

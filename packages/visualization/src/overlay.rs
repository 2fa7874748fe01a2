//! Where hazards are in a picture. In -> out: hazards and the view of a camera -> vertical bands with labels and colours.
//!
//! A hazard has a bearing, not an outline: the band is the sector of a fifth of the picture that the model named. Deliberately absent:
//! drawing.

use vedette_types::{CameraIntrinsics, Hazard, Observation, Response, RgbPixels, Severity, Verdict};

/// What a camera sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
    pub(crate) horizontal_fov_rad: f64,
}

/// One hazard in the picture.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    /// Left edge, pixels.
    pub(crate) left_px: f32,
    /// Right edge, pixels.
    pub(crate) right_px: f32,
    pub(crate) label: String,
    pub(crate) rgb: [u8; 3],
}

impl View {
    /// The view of an observation in a picture of it, whatever its size; `default_horizontal_fov_rad` where the camera sent no calibration.
    pub(crate) fn of(observation: &Observation, picture: &RgbPixels, default_horizontal_fov_rad: f64) -> Self {
        let fov = observation.intrinsics.as_ref().map(CameraIntrinsics::horizontal_fov_rad);
        Self { width_px: picture.width(), height_px: picture.height(), horizontal_fov_rad: fov.unwrap_or(default_horizontal_fov_rad) }
    }

    /// Left and right edge of the sector around `bearing_rad`; the whole picture when the bearing is unknown or not in it.
    pub(crate) fn sector_px(&self, bearing_rad: Option<f64>) -> (f32, f32) {
        sector_px(self.width_px, self.horizontal_fov_rad, bearing_rad)
    }

    /// The marks of `hazards`.
    pub(crate) fn marks(&self, hazards: &[Hazard]) -> Vec<Mark> {
        let mark = |hazard: &Hazard| {
            let (left_px, right_px) = self.sector_px(hazard.bearing_rad);
            Mark { left_px, right_px, label: hazard_text(hazard), rgb: severity_rgb(hazard.severity) }
        };
        hazards.iter().map(mark).collect()
    }
}

/// Left and right edge of the sector around `bearing_rad` in a picture of this width; the whole picture when the bearing is unknown or not in
/// it.
#[must_use]
pub fn sector_px(width_px: u32, horizontal_fov_rad: f64, bearing_rad: Option<f64>) -> (f32, f32) {
    let width = f64::from(width_px);
    // The inverse of `BearingSector::bearing_rad`.
    let middle = bearing_rad.map(|bearing| width / 2.0 * (1.0 - bearing.tan() / (horizontal_fov_rad / 2.0).tan()));
    match middle {
        Some(middle) if (0.0..=width).contains(&middle) && bearing_rad.is_some_and(|bearing| bearing.cos() > 0.0) => {
            let edge = |side: f64| (middle + side * width / 10.0).clamp(0.0, width) as f32;
            (edge(-1.0), edge(1.0))
        }
        _ => (0.0, width as f32),
    }
}

/// `fire high 0.91 3.5 m`
pub(crate) fn hazard_text(hazard: &Hazard) -> String {
    let text = format!("{} {} {:.2}", hazard.kind, hazard.severity, hazard.confidence.get());
    match hazard.range_m {
        Some(range_m) if range_m.is_finite() => format!("{text} {range_m:.1} m"),
        _ => text,
    }
}

/// Colour of a severity.
pub(crate) const fn severity_rgb(severity: Severity) -> [u8; 3] {
    match severity {
        Severity::Low => [255, 214, 10],
        Severity::Medium => [255, 140, 0],
        Severity::High => [230, 30, 40],
    }
}

/// Colour of a verdict: unknown never looks like clear.
pub(crate) const fn verdict_rgb(verdict: Verdict) -> [u8; 3] {
    match verdict {
        Verdict::Hazard => [200, 20, 30],
        Verdict::Clear => [20, 130, 60],
        Verdict::Unknown => [110, 80, 160],
    }
}

/// Colour of a response.
pub(crate) const fn response_rgb(response: Response) -> [u8; 3] {
    match response {
        Response::Continue => [20, 130, 60],
        Response::Limit => [255, 214, 10],
        Response::SlowDown => [255, 140, 0],
        Response::Stop => [230, 30, 40],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_types::BearingSector;

    const VIEW: View = View { width_px: 640, height_px: 480, horizontal_fov_rad: 1.2 };

    #[test]
    fn each_sector_is_its_fifth_of_the_picture() {
        for (index, sector) in BearingSector::ALL.iter().enumerate() {
            let (left, right) = VIEW.sector_px(Some(sector.bearing_rad(1.2)));
            let wanted = (index as f32 * 128.0, (index + 1) as f32 * 128.0);
            assert!((left - wanted.0).abs() < 0.01 && (right - wanted.1).abs() < 0.01, "{sector}: {left} {right}");
        }
    }

    #[test]
    fn a_bearing_that_is_not_in_the_picture_marks_all_of_it() {
        for odd in [None, Some(f64::NAN), Some(f64::INFINITY), Some(3.0), Some(-1.5), Some(1e300)] {
            assert_eq!(VIEW.sector_px(odd), (0.0, 640.0), "{odd:?}");
        }
        let narrow = View { horizontal_fov_rad: f64::NAN, ..VIEW };
        assert_eq!(narrow.sector_px(Some(0.1)), (0.0, 640.0));
    }
}

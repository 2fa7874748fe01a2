//! The parameters of the recorder and the rules between them. In -> out: a declaration -> struct, checks, bounds of the files.

use vedette_params::ParamError;
use vedette_trajectory::Rotation;

vedette_params::params! {
    /// What is written down, and where.
    pub struct RecorderParams: "recorder", validate = validate {
        /// Folder that the recordings go to, one folder each.
        folder: String = "recordings";
        /// Whether raw pictures are written down; compressed ones always are. Raw ones take 28 MB/s at 640x480 and 30 Hz.
        raw_images: bool = false;
        /// A file of a recording ends at this size and the next one begins; 0 is never. Each can be read alone.
        max_file_bytes: i64 = 1_073_741_824, range 0..=1_125_899_906_842_624, unit "bytes";
        /// A file ends when it spans this much time; 0 is never.
        max_file_secs: f64 = 0.0, range 0.0..=604_800.0, unit "s";
        /// A recording ends when its files together have this size; 0 is never.
        max_total_bytes: i64 = 0, range 0..=1_125_899_906_842_624, unit "bytes";
        /// Whether, instead of ending, the oldest closed file of the recording is deleted.
        delete_oldest: bool = false;
    }
}

/// Smaller files would be little but schemas.
const FEWEST_BYTES: i64 = 65_536;

fn validate(params: &RecorderParams) -> Result<(), ParamError> {
    let RecorderParams { max_file_bytes, max_total_bytes, delete_oldest, .. } = *params;
    if max_file_bytes != 0 && max_file_bytes < FEWEST_BYTES {
        let rule = format!("must be 0 or at least {FEWEST_BYTES}");
        return Err(ParamError::inconsistent("recorder.max_file_bytes", rule, &max_file_bytes));
    }
    if max_total_bytes != 0 && (max_file_bytes == 0 || max_total_bytes < 2 * max_file_bytes) {
        let rule = "must be 0 or at least twice recorder.max_file_bytes, so that one file can go and one be written".to_owned();
        return Err(ParamError::inconsistent("recorder.max_total_bytes", rule, &max_total_bytes));
    }
    if delete_oldest && max_total_bytes == 0 {
        let rule = "needs recorder.max_total_bytes, or nothing is ever deleted".to_owned();
        return Err(ParamError::inconsistent("recorder.delete_oldest", rule, &delete_oldest));
    }
    Ok(())
}

impl RecorderParams {
    /// The bounds of a recording's files.
    pub(super) fn rotation(&self) -> Rotation {
        let bytes = |value: i64| u64::try_from(value).unwrap_or_default();
        Rotation {
            max_file_bytes: bytes(self.max_file_bytes),
            max_file_secs: self.max_file_secs,
            max_total_bytes: bytes(self.max_total_bytes),
            delete_oldest: self.delete_oldest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_params::ParamSet as _;

    #[test]
    fn bounds_that_contradict_each_other_are_refused() {
        let checked = |max_file_bytes, max_total_bytes, delete_oldest| {
            RecorderParams { max_file_bytes, max_total_bytes, delete_oldest, ..RecorderParams::default() }.check().is_ok()
        };
        assert!(checked(0, 0, false) && checked(65_536, 131_072, true));
        assert!(!checked(1, 0, false) && !checked(65_536, 65_536, true) && !checked(0, 1 << 30, true) && !checked(65_536, 0, true));
    }
}

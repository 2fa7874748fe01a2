//! `completions.jsonl`: what the model answered, one line each. In -> out: a `Completion` -> its line; a file -> all completions, so that a run
//! can be repeated without the model.
//!
//! A last line that a killed process left half written is dropped and reported; any other line that cannot be read is an error with its number.

use crate::RunError;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use vedette_types::Completion;

/// Longest line that is read, bytes. An answer has a token cap, so a longer line is not ours; the bound keeps a wrong file out of memory.
const LINE_MAX_BYTES: u64 = 16 << 20;

/// What a completions file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Completions {
    /// The completions in file order.
    pub completions: Vec<Completion>,
    /// Number of the half-written last line that was dropped; worth a warning.
    pub torn_line: Option<usize>,
}

/// The line of a completion, without line break.
///
/// # Errors
/// [`RunError::Encode`], which no value of today's type causes.
pub fn completion_line(completion: &Completion) -> Result<String, RunError> {
    let mut completion = completion.clone();
    let timings = &mut completion.timings;
    for millis in [&mut timings.encode_millis, &mut timings.prefill_millis, &mut timings.decode_millis, &mut timings.total_millis] {
        // JSON has no NaN: it would be written as null and the line could not be read back.
        if !millis.is_finite() {
            *millis = 0.0;
        }
    }
    serde_json::to_string(&completion).map_err(|error| RunError::Encode { what: "completion".into(), detail: error.to_string() })
}

/// Reads a `completions.jsonl`. Empty lines are skipped.
///
/// # Errors
/// [`RunError::Read`] when the file cannot be read, [`RunError::Line`] with the number of the first line that is not a completion.
pub fn read_completions(path: &Path) -> Result<Completions, RunError> {
    let file = File::open(path).map_err(|source| RunError::read(path, source))?;
    let mut reader = BufReader::new(file);
    let mut read = Completions::default();
    let mut bytes = Vec::new();
    for line in 1.. {
        bytes.clear();
        let length = reader.by_ref().take(LINE_MAX_BYTES).read_until(b'\n', &mut bytes).map_err(|source| RunError::read(path, source))?;
        if length == 0 {
            break;
        }
        let is_whole = bytes.last() == Some(&b'\n');
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice(&bytes) {
            Ok(completion) => read.completions.push(completion),
            Err(_) if !is_whole && (length as u64) < LINE_MAX_BYTES => read.torn_line = Some(line),
            Err(error) => return Err(RunError::Line { path: path.to_owned(), line, detail: error.to_string() }),
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vedette_types::{Finish, Probability, Sha256, Stamp, StreamId, Timings, VerdictProbabilities};

    fn completion(text: &str, hazard: f64) -> Completion {
        let [hazard, clear, unknown] = [hazard, 1.0 - hazard, 0.0].map(Probability::saturating);
        Completion {
            image_stamp: Stamp::from_nanos(1),
            camera: StreamId::new("/camera/image_raw"),
            prompt_sha256: Sha256([1; 32]),
            image_sha256: Sha256([2; 32]),
            model_sha256: Sha256([3; 32]),
            adapter: None,
            is_model_trained: true,
            text: text.into(),
            tokens: 12,
            finish: Finish::Stop,
            verdict_probabilities: Some(VerdictProbabilities { hazard, clear, unknown }),
            arrived: Stamp::from_nanos(2),
            timings: Timings { encode_millis: 1.5, ..Timings::default() },
        }
    }

    fn file_with(content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
        let dir = tempfile::tempdir().expect("scratch folder");
        let path = dir.path().join("completions.jsonl");
        std::fs::write(&path, content).expect("scratch file");
        (dir, path)
    }

    #[test]
    fn the_first_keys_are_those_of_the_interface() {
        let line = completion_line(&completion("{}", 0.5)).expect("line");
        assert!(line.starts_with(r#"{"stamp_nanos":1,"camera":"/camera/image_raw","prompt_sha256":"0101"#), "{line}");
        assert!(line.contains(r#""finish":"stop""#) && line.contains(r#""arrived_nanos":2,"encode_millis":1.5"#), "{line}");
    }

    #[test]
    fn a_torn_last_line_is_dropped_wherever_it_was_cut() {
        let whole = completion_line(&completion("one", 0.5)).expect("line");
        for cut in 1..whole.len() {
            let (_dir, path) = file_with(format!("{whole}\n{}", &whole[..cut]).as_bytes());
            let read = read_completions(&path).expect("readable");
            assert_eq!((read.completions.len(), read.torn_line), (1, Some(2)), "cut at {cut}");
        }
        let (_dir, path) = file_with(format!("{whole}\n\n{whole}").as_bytes());
        assert_eq!(read_completions(&path).expect("readable").completions.len(), 2, "only the line break is missing");
    }

    #[test]
    fn a_broken_line_elsewhere_is_named() {
        let whole = completion_line(&completion("one", 0.5)).expect("line");
        let (_dir, path) = file_with(format!("{whole}\n{{\"stamp_nanos\":\n{whole}\n").as_bytes());
        let error = read_completions(&path).expect_err("line 2").to_string();
        assert!(error.contains("completions.jsonl:2:"), "{error}");
        let (_dir, path) = file_with(b"\xff\xfe\x00\n");
        assert!(matches!(read_completions(&path), Err(RunError::Line { line: 1, .. })));
        assert!(matches!(read_completions(Path::new("/nonexistent/c.jsonl")), Err(RunError::Read { .. })));
    }

    #[test]
    fn a_measured_time_that_is_not_a_number_reads_back() {
        let mut odd = completion("", 0.1);
        odd.timings.total_millis = f64::NAN;
        odd.verdict_probabilities = None;
        let (_dir, path) = file_with(completion_line(&odd).expect("line").as_bytes());
        assert_eq!(read_completions(&path).expect("readable").completions[0].timings.total_millis, 0.0);
    }

    proptest! {
        /// Probabilities come back to the last bit: a repeated run takes the same side of every threshold.
        #[test]
        fn completions_round_trip_exactly(text in any::<String>(), hazard in 0.0..=1.0_f64) {
            let original = completion(&text, hazard);
            let back: Completion = serde_json::from_str(&completion_line(&original).expect("line")).expect("our own line");
            prop_assert_eq!(back, original);
        }
    }
}

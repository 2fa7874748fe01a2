//! Grey pictures as PGM P5, 8 bit. In -> out: bytes <-> grey values. Text PGM (P2), 16 bit and colour are refused; every length is checked
//! before memory is taken.

use super::{Picture, check_size};

/// What is wrong with a PGM.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum PgmError {
    #[error("the PGM header must be `P5 width height 255`, {what} is missing or no number")]
    Header { what: &'static str },
    #[error("{reason}")]
    Size { reason: String },
    #[error("only 8 bit PGM with values up to 255 is supported, got {max}")]
    Depth { max: usize },
    #[error("the PGM is cut: {width} x {height} needs {wanted_bytes} bytes of pixels, got {got_bytes}")]
    Cut { width: usize, height: usize, wanted_bytes: usize, got_bytes: usize },
}

/// Reads a P5 picture.
pub(super) fn decode(bytes: &[u8]) -> Result<Picture, PgmError> {
    let rest = bytes.strip_prefix(b"P5").ok_or(PgmError::Header { what: "the magic number" })?;
    let (width, rest) = number(rest).ok_or(PgmError::Header { what: "width" })?;
    let (height, rest) = number(rest).ok_or(PgmError::Header { what: "height" })?;
    let (max, rest) = number(rest).ok_or(PgmError::Header { what: "the largest value" })?;
    check_size(width, height).map_err(|reason| PgmError::Size { reason })?;
    if max != 255 {
        return Err(PgmError::Depth { max });
    }
    // Exactly one white space stands between the header and the pixels.
    let pixels = rest.get(1..).unwrap_or_default();
    let wanted_bytes = width * height;
    let Some(grey) = pixels.get(..wanted_bytes) else {
        return Err(PgmError::Cut { width, height, wanted_bytes, got_bytes: pixels.len() });
    };
    Ok(Picture { width, height, grey: grey.to_vec() })
}

/// Writes a P5 picture.
pub(super) fn encode(width: usize, height: usize, grey: &[u8]) -> Vec<u8> {
    let mut bytes = format!("P5\n{width} {height}\n255\n").into_bytes();
    bytes.extend_from_slice(grey);
    bytes
}

/// A decimal number after white space and comments, and what follows it.
fn number(mut bytes: &[u8]) -> Option<(usize, &[u8])> {
    loop {
        let start = bytes.iter().position(|byte| !byte.is_ascii_whitespace())?;
        bytes = bytes.get(start..)?;
        if bytes.first() != Some(&b'#') {
            break;
        }
        let end = bytes.iter().position(|&byte| byte == b'\n')?;
        bytes = bytes.get(end..)?;
    }
    let len = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let (digits, rest) = bytes.split_at_checked(len)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::{PgmError, decode, encode};
    use proptest::prelude::*;

    #[test]
    fn comments_and_any_white_space_are_read() {
        let picture = decode(b"P5 # made by hand\n# twice\n 3\t2\n255\n\x00\x01\x02\x03\x04\x05trailing").expect("a picture");
        assert_eq!((picture.width, picture.height, picture.grey), (3, 2, vec![0, 1, 2, 3, 4, 5]));
    }

    #[test]
    fn faults_are_named() {
        let check = |bytes: &[u8], expected: &str| {
            let error = decode(bytes).map(|_| ()).expect_err("a fault").to_string();
            assert!(error.contains(expected), "{error}");
        };
        check(b"P5\n", "width is missing");
        check(b"P5\n4 x", "height is missing");
        check(b"P5\n4 4\n# no end", "the largest value is missing");
        check(b"P5\n0 4\n255\n", "1 to 16000000 cells, got 0 x 4");
        check(b"P5\n99999999999 99999999999\n255\n", "cells, got 99999999999 x 99999999999");
        check(b"P5\n4 4\n65535\n", "got 65535");
        check(b"P5\n4 4\n255\n123", "needs 16 bytes of pixels, got 3");
        assert_eq!(decode(b"P2\n1 1\n255\n0").map(|_| ()), Err(PgmError::Header { what: "the magic number" }));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes);
            bytes.splice(0..0, *b"P5\n3 3\n255\n");
            let _ = decode(&bytes);
        }

        #[test]
        fn what_is_written_reads_back(width in 1_usize..20, height in 1_usize..20, seed in any::<u8>()) {
            let grey: Vec<u8> = (0..width * height).map(|i| (i as u8).wrapping_mul(31) ^ seed).collect();
            let picture = decode(&encode(width, height, &grey)).expect("a picture");
            prop_assert_eq!((picture.width, picture.height, picture.grey), (width, height, grey));
        }
    }
}

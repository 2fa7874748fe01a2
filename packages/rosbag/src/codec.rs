//! zstd and lz4 in memory: compressed bytes -> bytes, never more than allowed, never an allocation from an unchecked length.
//!
//! A buffer is reserved from a declared size only while that size is plausible for the input; beyond, it grows with what really comes out.
//! On an error the output keeps what was decoded before it: a cut chunk is read that way.

use lz4_flex::frame::FrameDecoder;
use std::io::BufRead as _;
use zstd::{
    bulk::Decompressor,
    stream::raw::{Decoder, InBuffer, Operation as _, OutBuffer},
};

/// zstd frame magic, RFC 8878 section 3.1.1.
pub(crate) const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// lz4 frame magic, LZ4 frame format section "General structure".
pub(crate) const LZ4_MAGIC: [u8; 4] = [0x04, 0x22, 0x4d, 0x18];
/// A declared size up to this is reserved without a further look.
const PLAUSIBLE_BYTES: usize = 4 << 20;
/// A declared size up to this multiple of the input is reserved: camera images seldom compress better.
const PLAUSIBLE_RATIO: usize = 64;

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    Zstd,
    Lz4,
}

/// Why decoding stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CodecError {
    #[error("decompresses to more than the allowed bytes: {limit}")]
    TooLarge { limit: usize },
    #[error("the compressed data ends too early")]
    Truncated,
    #[error("{reason}")]
    Corrupt { reason: String },
}

impl From<std::io::Error> for CodecError {
    fn from(source: std::io::Error) -> Self {
        Self::Corrupt { reason: source.to_string() }
    }
}

/// Decompressor with its working memory, kept from chunk to chunk.
#[derive(Default)]
pub(crate) struct Codec {
    bulk: Option<Decompressor<'static>>,
    stream: Option<Decoder<'static>>,
}

impl Codec {
    /// Appends what `input` decompresses to. `declared` is the size that the file promises, `limit` the most that is accepted.
    pub(crate) fn decode(
        &mut self,
        compression: Compression,
        input: &[u8],
        declared: Option<usize>,
        limit: usize,
        output: &mut Vec<u8>,
    ) -> Result<(), CodecError> {
        match compression {
            Compression::Zstd => self.zstd(input, declared, limit, output),
            Compression::Lz4 => lz4(input, limit, output),
        }
    }

    fn zstd(&mut self, input: &[u8], declared: Option<usize>, limit: usize, output: &mut Vec<u8>) -> Result<(), CodecError> {
        // A hidden trap of one-shot decoding: it writes up to the *capacity*. The plausible size is therefore checked against the limit.
        let in_frame = zstd::zstd_safe::get_frame_content_size(input).ok().flatten().and_then(|n| usize::try_from(n).ok());
        let Some(size) = declared.or(in_frame).filter(|n| *n <= limit && plausible(*n, input.len())) else {
            return self.zstd_stream(input, limit, output);
        };
        if output.is_empty() {
            output.reserve_exact(size);
            if self.bulk.is_none() {
                self.bulk = Some(Decompressor::new()?);
            }
            if let Some(bulk) = &mut self.bulk
                && bulk.decompress_to_buffer(input, output).is_ok()
                && output.len() <= limit
            {
                return Ok(());
            }
            output.clear();
        }
        // Damaged, cut, or larger than it says: decode as far as it goes and say how it ends.
        self.zstd_stream(input, limit, output)
    }

    fn zstd_stream(&mut self, input: &[u8], limit: usize, output: &mut Vec<u8>) -> Result<(), CodecError> {
        let mut stream = match self.stream.take() {
            Some(mut stream) => {
                stream.reinit()?;
                stream
            }
            None => Decoder::new()?,
        };
        let mut source = InBuffer::around(input);
        let result = loop {
            if output.len() > limit {
                break Err(CodecError::TooLarge { limit });
            }
            if output.capacity() - output.len() < 1024 {
                output.reserve_exact(output.len().clamp(64 << 10, (limit - output.len()).max(64 << 10)));
            }
            let (read_before, written_before) = (source.pos(), output.len());
            let mut target = OutBuffer::around_pos(output, written_before);
            let wanted = match stream.run(&mut source, &mut target) {
                Ok(wanted) => wanted,
                Err(source) => break Err(source.into()),
            };
            let all_read = source.pos() >= input.len();
            if wanted == 0 && all_read {
                break Ok(());
            }
            let stuck = source.pos() == read_before && output.len() == written_before;
            if stuck || (all_read && output.len() < output.capacity()) {
                break Err(CodecError::Truncated);
            }
        };
        self.stream = Some(stream);
        result
    }
}

fn lz4(input: &[u8], limit: usize, output: &mut Vec<u8>) -> Result<(), CodecError> {
    let mut decoder = FrameDecoder::new(input);
    loop {
        let block = decoder.fill_buf()?;
        let length = block.len();
        if length == 0 {
            break;
        }
        if output.len() + length > limit {
            return Err(CodecError::TooLarge { limit });
        }
        output.extend_from_slice(block);
        decoder.consume(length);
    }
    Ok(())
}

fn plausible(size: usize, input: usize) -> bool {
    size <= PLAUSIBLE_BYTES.max(input.saturating_mul(PLAUSIBLE_RATIO))
}

#[cfg(test)]
mod tests {
    use super::{Codec, CodecError, Compression};
    use std::io::Write as _;

    fn text() -> Vec<u8> {
        (0..300_000_u32).map(|i| (i % 251) as u8 ^ (i / 7919) as u8).collect()
    }

    fn packed(compression: Compression, data: &[u8]) -> Vec<u8> {
        match compression {
            Compression::Zstd => zstd::encode_all(data, 1).unwrap(),
            Compression::Lz4 => {
                let mut encoder = lz4_flex::frame::FrameEncoder::new(Vec::new());
                encoder.write_all(data).unwrap();
                encoder.finish().unwrap()
            }
        }
    }

    #[test]
    fn comes_back_whatever_size_is_declared() {
        let data = text();
        for compression in [Compression::Zstd, Compression::Lz4] {
            let input = packed(compression, &data);
            for declared in [None, Some(0), Some(17), Some(data.len()), Some(usize::MAX)] {
                let mut output = Vec::new();
                Codec::default().decode(compression, &input, declared, data.len(), &mut output).unwrap();
                assert!(output == data, "{compression:?} {declared:?}");
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let zeros = vec![0; 64 << 20];
        for compression in [Compression::Zstd, Compression::Lz4] {
            let bomb = packed(compression, &zeros);
            let mut output = Vec::new();
            let error = Codec::default().decode(compression, &bomb, None, 1 << 20, &mut output).unwrap_err();
            assert!(matches!(error, CodecError::TooLarge { limit } if limit == 1 << 20), "{error}");
            assert!(output.capacity() <= 4 << 20, "{}", output.capacity());
        }
    }

    #[test]
    fn cut_input_gives_its_prefix_and_an_error() {
        let data = text();
        for compression in [Compression::Zstd, Compression::Lz4] {
            let input = packed(compression, &data);
            for cut in (0..input.len()).step_by(997) {
                let mut output = Vec::new();
                let result = Codec::default().decode(compression, &input[..cut], Some(data.len()), data.len(), &mut output);
                assert!(result.is_err() || output.len() < data.len(), "{compression:?} {cut}");
                assert!(data.starts_with(&output), "{compression:?} {cut}");
            }
        }
    }
}

//! Bytes as RustDDS wants them. In -> out: CDR with its 4-byte header <-> representation identifier and payload. Nothing is decoded here:
//! what the bytes mean is checked at the border to our own types, once.

use rustdds::RepresentationIdentifier;
use rustdds::bytes::Bytes;
use rustdds::no_key::{Decode, DefaultDecoder, DeserializerAdapter, SerializerAdapter};
use std::convert::Infallible;

/// CDR with its header.
pub(crate) struct Cdr(pub(crate) Vec<u8>);

/// Both directions.
pub(crate) struct CdrAdapter;

impl SerializerAdapter<Cdr> for CdrAdapter {
    type Error = Infallible;

    fn output_encoding() -> RepresentationIdentifier {
        RepresentationIdentifier::CDR_LE
    }

    fn to_bytes(value: &Cdr) -> Result<Bytes, Infallible> {
        Ok(Bytes::copy_from_slice(value.0.get(4..).unwrap_or_default()))
    }
}

impl DeserializerAdapter<Cdr> for CdrAdapter {
    type Error = Infallible;
    type Decoded = Cdr;

    fn supported_encodings() -> &'static [RepresentationIdentifier] {
        &[RepresentationIdentifier::CDR_BE, RepresentationIdentifier::CDR_LE]
    }

    fn transform_decoded(decoded: Cdr) -> Cdr {
        decoded
    }
}

impl DefaultDecoder<Cdr> for CdrAdapter {
    type Decoder = Whole;
    const DECODER: Whole = Whole;
}

/// Takes all bytes.
#[derive(Clone)]
pub(crate) struct Whole;

impl<'de> Decode<'de, Cdr> for Whole {
    type Error = Infallible;

    fn decode_bytes(self, input_bytes: &'de [u8], encoding: RepresentationIdentifier) -> Result<Cdr, Infallible> {
        let mut cdr = Vec::with_capacity(input_bytes.len() + 4);
        cdr.extend_from_slice(&encoding.to_bytes());
        cdr.extend_from_slice(&[0, 0]);
        cdr.extend_from_slice(input_bytes);
        Ok(Cdr(cdr))
    }
}

//! CDR, the byte form of ROS 2 messages. In -> out: message struct <-> 4-byte representation header and plain CDR. Written little-endian,
//! read in either order. Alignment counts from the byte after the header. It refuses XCDR2, parameter lists and text that is not UTF-8.
//!
//! The work is done by `cdr-encoding`: byte sequences and strings are cut out of the input before anything is allocated, other sequences
//! grow with the elements really decoded, so no announced length is ever trusted (test `mutated_messages_stay_small`).

use byteorder::{BigEndian, ByteOrder, LittleEndian};
use cdr_encoding::CdrDeserializer;
use serde::{Serialize, de::DeserializeOwned};

/// Plain CDR, little-endian, no options (DDSI-RTPS 2.3, table 10.3).
const HEADER_LITTLE_ENDIAN: [u8; 4] = [0, 1, 0, 0];

/// Bytes that are not a message of the expected type, or a message that has no byte form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CdrError {
    /// Not even a header.
    #[error("{type_name} needs a 4-byte CDR header, got {len_bytes} bytes in all")]
    NoHeader {
        /// The type expected.
        type_name: &'static str,
        /// Length of the input, bytes.
        len_bytes: usize,
    },
    /// A representation other than plain CDR.
    #[error("{type_name} is read as plain CDR (representation 0 or 1) only, got representation {representation}")]
    Representation {
        /// The type expected.
        type_name: &'static str,
        /// Representation identifier of the header.
        representation: u16,
    },
    /// The bytes do not follow the definition: truncated, a length beyond the end, a bad boolean, text that is not UTF-8.
    #[error("cannot decode {type_name}: {reason} at byte {offset_bytes} of {len_bytes}")]
    Decode {
        /// The type expected.
        type_name: &'static str,
        /// What the decoder said.
        reason: String,
        /// Where, bytes from the start of the input.
        offset_bytes: usize,
        /// Length of the input, bytes.
        len_bytes: usize,
    },
    /// A value that CDR cannot hold.
    #[error("cannot encode {type_name}: {reason}")]
    Encode {
        /// The type given.
        type_name: &'static str,
        /// What the encoder said.
        reason: String,
    },
}

/// A ROS 2 message type.
pub trait RosMsg: Sized + Serialize + DeserializeOwned {
    /// Name of the type: `sensor_msgs/msg/Image`.
    const TYPE: &'static str;
    /// Type hash, `RIHS01_` and 64 hexadecimal digits (REP 2011).
    const RIHS01: &'static str;
    /// Schema text of encoding `ros2msg`, with all dependencies, as MCAP wants it.
    const DEFINITION: &'static str;

    /// The message as CDR with its header, little-endian.
    ///
    /// # Errors
    /// [`CdrError::Encode`]; no generated type is known to cause it.
    fn to_cdr(&self) -> Result<Vec<u8>, CdrError> {
        let mut bytes = HEADER_LITTLE_ENDIAN.to_vec();
        cdr_encoding::to_writer::<_, LittleEndian, _>(&mut bytes, self)
            .map_err(|error| CdrError::Encode { type_name: Self::TYPE, reason: error.to_string() })?;
        Ok(bytes)
    }

    /// The message in `bytes`: CDR with its header, either byte order. Bytes after the message are ignored, because writers pad.
    ///
    /// # Errors
    /// Every [`CdrError`] but `Encode`.
    fn from_cdr(bytes: &[u8]) -> Result<Self, CdrError> {
        let Some((header, body)) = bytes.split_first_chunk::<4>() else {
            return Err(CdrError::NoHeader { type_name: Self::TYPE, len_bytes: bytes.len() });
        };
        let [high, low, ..] = *header;
        match u16::from_be_bytes([high, low]) {
            0 => decode::<Self, BigEndian>(body),
            1 => decode::<Self, LittleEndian>(body),
            representation => Err(CdrError::Representation { type_name: Self::TYPE, representation }),
        }
    }
}

fn decode<M: RosMsg, Order: ByteOrder>(body: &[u8]) -> Result<M, CdrError> {
    let mut decoder = CdrDeserializer::<Order>::new(body);
    M::deserialize(&mut decoder).map_err(|error| CdrError::Decode {
        type_name: M::TYPE,
        reason: error.to_string(),
        offset_bytes: decoder.bytes_consumed() + 4,
        len_bytes: body.len() + 4,
    })
}

//! How services travel over DDS. In -> out: a request as it came, with what DDS says about it -> who asks, and the request; an answer ->
//! its bytes. There are two ways that do not understand each other: rmw_fastrtps says who asks beside the data ("enhanced" in OMG RPC over
//! DDS 1.0, 7.2.4), rmw_cyclonedds in 16 bytes before the data.
//! Deliberately absent: DDS itself. A request must be whole and nothing else: one of the other mapping is refused, since read wrongly it
//! could ask for anything.

use vedette_messages::RosMsg;

/// CDR header, and cyclone's 16 bytes after it.
const HEADER: usize = 4;
const CYCLONE: usize = 16;

/// No number: that of the message counts (SEQUENCENUMBER_UNKNOWN, RTPS 2.5, 8.3.5.4).
const UNKNOWN_SEQUENCE: i64 = (u32::MAX as i64) << 32;

/// Which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapping {
    /// rmw_fastrtps_cpp
    FastDds,
    /// rmw_cyclonedds_cpp
    Cyclone,
}

impl Mapping {
    /// The word of parameter `node.service_mapping`.
    pub fn parse(word: &str) -> Self {
        if word == "cyclone" { Self::Cyclone } else { Self::FastDds }
    }
}

/// Who asks: a writer and its count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity {
    /// GUID of the client's writer.
    pub writer: [u8; 16],
    /// Sequence number.
    pub sequence: i64,
}

/// What DDS says about a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The message itself.
    pub own: Identity,
    /// What it says it is related to.
    pub related: Option<Identity>,
}

/// Where an answer goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnAddress {
    /// Beside the data.
    FastDds(Identity),
    /// Before the data, as it came, little-endian.
    Cyclone([u8; CYCLONE]),
}

/// A request that is not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It does not say who asks where this mapping has it.
    #[error("the request does not say who asks: the client seems to use another middleware; set node.service_mapping to {other}")]
    Nobody {
        /// The other mapping.
        other: &'static str,
    },
    /// The bytes are not one request of this type.
    #[error("the request is not a {type_name} and nothing else ({len_bytes} bytes); does the client use the same node.service_mapping?")]
    Malformed {
        /// The type.
        type_name: &'static str,
        /// Length.
        len_bytes: usize,
    },
}

/// The request in `cdr` (with its header) and where its answer goes.
///
/// # Errors
/// [`RequestError`]; nothing may be done then.
pub(crate) fn read<M: RosMsg>(mapping: Mapping, cdr: &[u8], sample: Sample) -> Result<(ReturnAddress, M), RequestError> {
    let malformed = || RequestError::Malformed { type_name: M::TYPE, len_bytes: cdr.len() };
    match mapping {
        Mapping::FastDds => {
            let related = sample.related.ok_or(RequestError::Nobody { other: "cyclone" })?;
            // rmw_fastrtps names its reader and leaves the number unknown: it is that of the message (SEQUENCENUMBER_UNKNOWN, RTPS 2.5, 8.3.5.4).
            let sequence =
                if related.sequence == UNKNOWN_SEQUENCE || related.sequence <= 0 { sample.own.sequence } else { related.sequence };
            let request = whole(cdr).ok_or_else(malformed)?;
            Ok((ReturnAddress::FastDds(Identity { sequence, ..related }), request))
        }
        Mapping::Cyclone => {
            let (header, rest) = cdr.split_at_checked(HEADER).ok_or_else(malformed)?;
            let (address, body) = rest.split_first_chunk::<CYCLONE>().ok_or_else(malformed)?;
            let mut address = *address;
            if header.get(1) == Some(&0) {
                // Big-endian: answers are little-endian, number by number of eight bytes.
                address.chunks_exact_mut(8).for_each(<[u8]>::reverse);
            }
            let request = whole(&[header, body].concat()).ok_or_else(malformed)?;
            Ok((ReturnAddress::Cyclone(address), request))
        }
    }
}

/// The answer's CDR with its header, and what it is related to where DDS says that beside it.
///
/// # Errors
/// When the answer has no byte form.
pub(crate) fn write<M: RosMsg>(address: ReturnAddress, answer: &M) -> Result<(Vec<u8>, Option<Identity>), vedette_messages::CdrError> {
    Ok(write_cdr(address, answer.to_cdr()?))
}

/// As [`write`], of an answer that is encoded already (little-endian).
pub(crate) fn write_cdr(address: ReturnAddress, mut cdr: Vec<u8>) -> (Vec<u8>, Option<Identity>) {
    match address {
        ReturnAddress::FastDds(identity) => (cdr, Some(identity)),
        ReturnAddress::Cyclone(header) => {
            cdr.splice(HEADER..HEADER, header);
            (cdr, None)
        }
    }
}

/// How a client of services is known in the answers that are meant for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// GUID of the reader of its answers (`fastdds`).
    pub(crate) reader: [u8; 16],
    /// What it calls itself (`cyclone`), unlike any other.
    pub(crate) name: [u8; 8],
}

/// The bytes of a request (little-endian), and what it is related to where DDS says that beside it. `count` is of no use to `fastdds`: its number
/// is the one that DDS gives the message.
pub(crate) fn ask(mapping: Mapping, caller: &Caller, count: i64, mut cdr: Vec<u8>) -> (Vec<u8>, Option<Identity>) {
    match mapping {
        // As rmw_fastrtps writes it: the reader of the answers, and no number.
        Mapping::FastDds => (cdr, Some(Identity { writer: caller.reader, sequence: UNKNOWN_SEQUENCE })),
        Mapping::Cyclone => {
            cdr.splice(HEADER..HEADER, [caller.name, count.to_le_bytes()].concat());
            (cdr, None)
        }
    }
}

/// The number of the request that an answer is for, and the answer's CDR; `None` for what is meant for another client. Every client of a service
/// hears every answer.
pub(crate) fn answered(mapping: Mapping, caller: &Caller, cdr: &[u8], sample: Sample) -> Option<(i64, Vec<u8>)> {
    match mapping {
        Mapping::FastDds => {
            let related = sample.related.filter(|related| related.writer == caller.reader)?;
            Some((related.sequence, cdr.to_vec()))
        }
        Mapping::Cyclone => {
            let (header, rest) = cdr.split_at_checked(HEADER)?;
            let (name, rest) = rest.split_first_chunk::<8>()?;
            let (count, body) = rest.split_first_chunk::<8>()?;
            // An answer of a big-endian server turns both numbers round.
            let is_little = header.get(1) == Some(&1);
            let turned = |mut bytes: [u8; 8]| {
                if !is_little {
                    bytes.reverse();
                }
                bytes
            };
            (turned(*name) == caller.name).then(|| (i64::from_le_bytes(turned(*count)), [header, body].concat()))
        }
    }
}

/// The message when the bytes are that message and at most three of padding.
fn whole<M: RosMsg>(cdr: &[u8]) -> Option<M> {
    let message = M::from_cdr(cdr).ok()?;
    let again = message.to_cdr().ok()?;
    let is_little = cdr.get(1) == Some(&1);
    let left = cdr.len().checked_sub(again.len())?;
    let is_same = !is_little || cdr.get(HEADER..again.len()) == again.get(HEADER..);
    (left < 4 && is_same && cdr.get(again.len()..)?.iter().all(|byte| *byte == 0)).then_some(message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vedette_messages::lifecycle_msgs::{ChangeStateRequest, ChangeStateResponse, GetStateRequest, Transition};
    use vedette_messages::rcl_interfaces::SetParametersRequest;

    const OWN: Identity = Identity { writer: [7; 16], sequence: 5 };
    const CLIENT: Identity = Identity { writer: [1; 16], sequence: (u32::MAX as i64) << 32 };

    fn request() -> Vec<u8> {
        let transition = Transition { id: 1, label: "configure".to_owned() };
        ChangeStateRequest { transition }.to_cdr().expect("encodes")
    }

    fn cyclone(cdr: &[u8]) -> Vec<u8> {
        [&cdr[..4], &[9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0], &cdr[4..]].concat()
    }

    #[test]
    fn each_mapping_reads_its_own() {
        let sample = Sample { own: OWN, related: Some(CLIENT) };
        let (address, found) = read::<ChangeStateRequest>(Mapping::FastDds, &request(), sample).expect("good");
        assert_eq!(found.transition.label, "configure");
        assert_eq!(address, ReturnAddress::FastDds(Identity { writer: [1; 16], sequence: 5 }));
        let alone = Sample { own: OWN, related: None };
        let (address, found) = read::<ChangeStateRequest>(Mapping::Cyclone, &cyclone(&request()), alone).expect("good");
        assert_eq!(found.transition.id, 1);
        let (cdr, related) = write(address, &ChangeStateResponse { success: true }).expect("encodes");
        assert_eq!((cdr, related), (cyclone(&[0, 1, 0, 0, 1]), None));
    }

    #[test]
    fn a_request_of_the_other_mapping_asks_for_nothing() {
        let sample = Sample { own: OWN, related: Some(CLIENT) };
        let alone = Sample { own: OWN, related: None };
        assert_eq!(read::<ChangeStateRequest>(Mapping::FastDds, &request(), alone), Err(RequestError::Nobody { other: "cyclone" }));
        assert!(read::<ChangeStateRequest>(Mapping::FastDds, &cyclone(&request()), sample).is_err());
        assert!(read::<ChangeStateRequest>(Mapping::Cyclone, &request(), sample).is_err());
        let empty = GetStateRequest::default().to_cdr().expect("encodes");
        assert!(read::<GetStateRequest>(Mapping::FastDds, &cyclone(&empty), sample).is_err());
        assert!(read::<GetStateRequest>(Mapping::Cyclone, &empty, sample).is_err());
        assert!(read::<GetStateRequest>(Mapping::FastDds, &empty, sample).is_ok());
    }

    #[test]
    fn a_client_knows_the_answers_that_are_meant_for_it() {
        let caller = Caller { reader: [1; 16], name: [9, 8, 7, 6, 5, 4, 3, 2] };
        let response = ChangeStateResponse { success: true };
        for mapping in [Mapping::FastDds, Mapping::Cyclone] {
            let (cdr, related) = ask(mapping, &caller, 5, request());
            // Our own server reads it; its answer comes back under the number of the request.
            let (address, found) = read::<ChangeStateRequest>(mapping, &cdr, Sample { own: OWN, related }).expect("good");
            assert_eq!(found.transition.label, "configure");
            let (cdr, related) = write(address, &response).expect("encodes");
            let sample = Sample { own: OWN, related };
            assert_eq!(answered(mapping, &caller, &cdr, sample), Some((5, response.to_cdr().expect("encodes"))), "{mapping:?}");
            let other = Caller { reader: [2; 16], name: [1; 8] };
            assert_eq!(answered(mapping, &other, &cdr, sample), None, "{mapping:?}");
        }
        let big = [&[0, 0, 0, 0][..], &[2, 3, 4, 5, 6, 7, 8, 9], &[0, 0, 0, 0, 0, 0, 0, 6], &[1]].concat();
        let alone = Sample { own: OWN, related: None };
        assert_eq!(answered(Mapping::Cyclone, &caller, &big, alone), Some((6, vec![0, 0, 0, 0, 1])));
        assert_eq!(answered(Mapping::Cyclone, &caller, &[0, 1, 0, 0, 9], alone), None);
    }

    #[test]
    fn big_endian_clients_get_their_address_back() {
        let cdr = [&[0, 0, 0, 0][..], &[1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0, 0, 0, 0, 0, 9], &[0]].concat();
        let alone = Sample { own: OWN, related: None };
        let (address, _) = read::<GetStateRequest>(Mapping::Cyclone, &cdr, alone).expect("good");
        assert_eq!(address, ReturnAddress::Cyclone([8, 7, 6, 5, 4, 3, 2, 1, 9, 0, 0, 0, 0, 0, 0, 0]));
    }

    proptest! {
        #[test]
        fn noise_never_panics_and_padding_is_no_request(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let sample = Sample { own: OWN, related: Some(CLIENT) };
            for mapping in [Mapping::FastDds, Mapping::Cyclone] {
                let _ = read::<SetParametersRequest>(mapping, &bytes, sample);
            }
        }
    }
}

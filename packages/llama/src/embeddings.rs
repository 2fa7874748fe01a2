//! Embeddings of the pictures seen last, by the hash of their pixels: a camera that sees the same again costs no second encode. Bounded by
//! bytes, the longest unused goes first. Never an answer: only what the vision tower makes of a picture, the same bits as a fresh encode.

use std::collections::VecDeque;
use vedette_types::Sha256;

/// The kept embeddings.
pub(crate) struct Embeddings {
    /// Used longest ago first.
    kept: VecDeque<(Sha256, Vec<f32>)>,
    capacity_bytes: usize,
}

impl Embeddings {
    /// Keeps at most `capacity_bytes` of numbers; 0 keeps nothing.
    pub(crate) fn new(capacity_bytes: usize) -> Self {
        Self { kept: VecDeque::new(), capacity_bytes }
    }

    /// The embeddings of the picture with this hash.
    pub(crate) fn get(&mut self, sha256: &Sha256) -> Option<&[f32]> {
        let index = self.kept.iter().position(|(kept, _)| kept == sha256)?;
        let found = self.kept.remove(index)?;
        self.kept.push_back(found);
        self.kept.back().map(|(_, embeddings)| embeddings.as_slice())
    }

    /// Keeps `embeddings`, if they are not larger than the whole room.
    pub(crate) fn insert(&mut self, sha256: Sha256, embeddings: &[f32]) {
        self.kept.retain(|(kept, _)| *kept != sha256);
        let wanted = size_of_val(embeddings);
        if wanted > self.capacity_bytes {
            return;
        }
        while self.len_bytes() + wanted > self.capacity_bytes {
            self.kept.pop_front();
        }
        self.kept.push_back((sha256, embeddings.to_vec()));
    }

    fn len_bytes(&self) -> usize {
        self.kept.iter().map(|(_, embeddings)| size_of_val(embeddings.as_slice())).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sha256(byte: u8) -> Sha256 {
        Sha256([byte; 32])
    }

    #[test]
    fn the_longest_unused_goes_first() {
        let mut embeddings = Embeddings::new(32);
        embeddings.insert(sha256(1), &[1.0; 4]);
        embeddings.insert(sha256(2), &[2.0; 4]);
        assert_eq!(embeddings.get(&sha256(1)), Some(&[1.0; 4][..]));
        embeddings.insert(sha256(3), &[3.0; 4]);
        assert_eq!(embeddings.get(&sha256(2)), None);
        assert_eq!(embeddings.get(&sha256(1)), Some(&[1.0; 4][..]));
        embeddings.insert(sha256(4), &[4.0; 9]);
        assert_eq!(embeddings.get(&sha256(4)), None, "larger than the whole room");
        assert_eq!(embeddings.get(&sha256(3)), Some(&[3.0; 4][..]), "and it drove nothing out");
    }

    proptest! {
        #[test]
        fn memory_stays_in_bounds(capacity in 0_usize..200, inserts in prop::collection::vec((0_u8..12, 0_usize..40), 0..60)) {
            let mut embeddings = Embeddings::new(capacity);
            for (name, len) in inserts {
                embeddings.insert(sha256(name), &vec![f32::from(name); len]);
                prop_assert!(embeddings.len_bytes() <= capacity);
                if let Some(found) = embeddings.get(&sha256(name)) {
                    prop_assert_eq!(found, vec![f32::from(name); len]);
                } else {
                    prop_assert!(len * 4 > capacity);
                }
            }
        }
    }
}

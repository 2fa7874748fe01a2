//! What the KV cache is known to hold, and how much of it the next prompt can keep.
//!
//! A prompt is kept part by part (static text, picture, changing text), never up to a token in the middle of one: llama.cpp's sums depend on
//! how many tokens are computed at once, so only parts that are always computed whole give the same bits with and without a kept prefix.

use vedette_types::Sha256;

/// One part of a prompt, by its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Text tokens.
    Text(Vec<i32>),
    /// A picture.
    Picture {
        /// Hash of the square picture.
        sha256: Sha256,
        /// Text tokens it becomes.
        tokens: usize,
    },
}

impl Part {
    /// Number of tokens.
    pub(crate) fn tokens(&self) -> usize {
        match self {
            Self::Text(tokens) => tokens.len(),
            Self::Picture { tokens, .. } => *tokens,
        }
    }
}

/// The parts that lie whole in the cache, from position 0 on. What follows them there (a part cut short, an answer) is unknown.
#[derive(Debug, Default)]
pub(crate) struct Prefix {
    parts: Vec<Part>,
}

impl Prefix {
    /// Number of leading parts that `prompt` has in common with the cache. Never all of it: the last part has to be computed for its scores.
    pub(crate) fn shared(&self, prompt: &[Part]) -> usize {
        let last = prompt.len().saturating_sub(1);
        self.parts.iter().zip(prompt).take(last).take_while(|(kept, wanted)| kept == wanted).count()
    }

    /// Forgets all but the first `parts`; gives back the tokens of those.
    pub(crate) fn keep(&mut self, parts: usize) -> usize {
        self.parts.truncate(parts);
        self.parts.iter().map(Part::tokens).sum()
    }

    /// One more part lies whole in the cache.
    pub(crate) fn push(&mut self, part: Part) {
        self.parts.push(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(tokens: &[i32]) -> Part {
        Part::Text(tokens.to_vec())
    }

    fn picture(byte: u8) -> Part {
        Part::Picture { sha256: Sha256([byte; 32]), tokens: 16 }
    }

    #[test]
    fn whole_leading_parts_are_shared_and_never_the_last() {
        let mut prefix = Prefix::default();
        let before = [text(&[1, 2, 3]), picture(1), text(&[4, 5])];
        assert_eq!(prefix.shared(&before), 0);
        before.iter().cloned().for_each(|part| prefix.push(part));
        assert_eq!(prefix.shared(&before), 2, "the same again");
        assert_eq!(prefix.shared(&[text(&[1, 2, 3]), picture(1), text(&[9])]), 2, "other text");
        assert_eq!(prefix.shared(&[text(&[1, 2, 3]), picture(2), text(&[4, 5])]), 1, "another picture");
        assert_eq!(prefix.shared(&[text(&[1, 2]), picture(1), text(&[4, 5])]), 0, "a shorter beginning");
        assert_eq!(prefix.shared(&[text(&[1, 2, 3])]), 0, "the last part of a prompt");
        assert_eq!(prefix.shared(&[]), 0);
        assert_eq!(prefix.keep(2), 19);
        assert_eq!(prefix.keep(0), 0);
        assert_eq!(prefix.shared(&before), 0);
    }
}

//! Text to tokens by llama.cpp's rules for SentencePiece vocabularies (`llm_tokenizer_spm`): of all adjacent pairs whose joint text is a token the one with the
//! highest score is joined first, of equals the left one; what is no token is spelled in bytes. Control tokens are found whole.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};
use vedette_llama::tiny::{TinyToken, TokenKind};

/// SentencePiece's sign for a space.
const SPACE: &str = "\u{2581}";
const BEGIN: &str = "<bos>";
const BEGIN_PICTURE: &str = "<start_of_image>";
const END_PICTURE: &str = "<end_of_image>";
const END_OF_TURN: &str = "<end_of_turn>";

/// A vocabulary that can be asked for the tokens of a text.
#[derive(Clone, Debug)]
pub struct Tokenizer {
    ids: HashMap<String, (u32, f32)>,
    controls: Vec<(String, u32)>,
    bytes: Vec<u32>,
}

/// A pair that could be joined.
struct Pair {
    score: f32,
    left: usize,
    right: usize,
    len: usize,
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Pair {}
impl PartialOrd for Pair {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Pair {
    fn cmp(&self, other: &Self) -> Ordering {
        self.score.total_cmp(&other.score).then(other.left.cmp(&self.left))
    }
}

/// A piece of text in the list of pieces; `start == end` once it was joined to its left neighbour.
struct Symbol {
    start: usize,
    end: usize,
    before: Option<usize>,
    after: Option<usize>,
}

impl Tokenizer {
    /// A tokenizer of this vocabulary.
    pub fn new(vocabulary: &[TinyToken]) -> Self {
        let mut tokenizer = Self { ids: HashMap::new(), controls: Vec::new(), bytes: vec![0; 256] };
        for (id, token) in (0..).zip(vocabulary) {
            match token.kind {
                TokenKind::Normal => {
                    tokenizer.ids.insert(token.text.clone(), (id, token.score));
                }
                TokenKind::Control => tokenizer.controls.push((token.text.clone(), id)),
                TokenKind::Byte => {
                    let byte = token.text.get(3..5).and_then(|digits| u8::from_str_radix(digits, 16).ok());
                    if let Some(place) = byte.and_then(|byte| tokenizer.bytes.get_mut(usize::from(byte))) {
                        *place = id;
                    }
                }
                TokenKind::Unknown | TokenKind::Unused => {}
            }
        }
        tokenizer
    }

    /// The one token with this text, for texts without spaces.
    pub fn token(&self, text: &str) -> Option<u32> {
        let control = || self.controls.iter().find(|(name, _)| name == text).map(|(_, id)| *id);
        self.ids.get(text).map(|(id, _)| *id).or_else(control)
    }

    /// The token that ends a turn.
    pub fn end_of_turn(&self) -> Option<u32> {
        self.token(END_OF_TURN)
    }

    /// Tokens of a prompt around its picture: BOS and what is before it with the picture's opening mark; its closing mark and what follows.
    /// `None` where the prompt has not exactly one picture.
    pub fn around_picture(&self, prompt: &str) -> Option<(Vec<u32>, Vec<u32>)> {
        let (before, after) = prompt.split_once(vedette_reasoning::MEDIA_MARKER)?;
        if after.contains(vedette_reasoning::MEDIA_MARKER) {
            return None;
        }
        Some((self.tokens(&format!("{BEGIN}{before}{BEGIN_PICTURE}")), self.tokens(&format!("{END_PICTURE}{after}"))))
    }

    /// Tokens of a text; names of control tokens in it are those.
    pub fn tokens(&self, text: &str) -> Vec<u32> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let next = self.controls.iter().filter_map(|(name, id)| rest.find(name.as_str()).map(|at| (at, name.len(), *id)));
            // Of two at the same place the longer one.
            match next.min_by_key(|(at, len, _)| (*at, usize::MAX - len)) {
                Some((at, len, id)) => {
                    self.spell(&rest[..at], &mut tokens);
                    tokens.push(id);
                    rest = &rest[at + len..];
                }
                None => {
                    self.spell(rest, &mut tokens);
                    rest = "";
                }
            }
        }
        tokens
    }

    fn spell(&self, text: &str, tokens: &mut Vec<u32>) {
        let text = text.replace(' ', SPACE);
        let mut symbols: Vec<Symbol> = text
            .char_indices()
            .enumerate()
            .map(|(number, (start, c))| Symbol { start, end: start + c.len_utf8(), before: number.checked_sub(1), after: Some(number + 1) })
            .collect();
        if let Some(last) = symbols.last_mut() {
            last.after = None;
        }
        let mut pairs = BinaryHeap::new();
        for right in 1..symbols.len() {
            self.consider(&text, &symbols, right - 1, right, &mut pairs);
        }
        while let Some(pair) = pairs.pop() {
            let (left, right) = (&symbols[pair.left], &symbols[pair.right]);
            let is_stale = left.start == left.end || right.start == right.end || right.end - left.start != pair.len;
            if is_stale {
                continue;
            }
            let (end, after) = (right.end, right.after);
            symbols[pair.left].end = end;
            symbols[pair.left].after = after;
            symbols[pair.right].end = symbols[pair.right].start;
            if let Some(after) = after {
                symbols[after].before = Some(pair.left);
                self.consider(&text, &symbols, pair.left, after, &mut pairs);
            }
            if let Some(before) = symbols[pair.left].before {
                self.consider(&text, &symbols, before, pair.left, &mut pairs);
            }
        }
        for symbol in symbols.iter().filter(|symbol| symbol.start < symbol.end) {
            let piece = &text[symbol.start..symbol.end];
            match self.ids.get(piece) {
                Some((id, _)) => tokens.push(*id),
                None => tokens.extend(piece.bytes().filter_map(|byte| self.bytes.get(usize::from(byte)))),
            }
        }
    }

    fn consider(&self, text: &str, symbols: &[Symbol], left: usize, right: usize, pairs: &mut BinaryHeap<Pair>) {
        let (start, end) = (symbols[left].start, symbols[right].end);
        if let Some((_, score)) = self.ids.get(&text[start..end]) {
            pairs.push(Pair { score: *score, left, right, len: end - start });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_llama::tiny::tiny_vocabulary;

    #[test]
    fn texts_come_back_from_their_tokens() {
        let vocabulary = tiny_vocabulary();
        let tokenizer = Tokenizer::new(&vocabulary);
        for text in ["Sensors: gas co 12 ppm; clearance ahead 1.80 m.", "a  b\nc", "", "hazard hazards hazardous"] {
            let pieces: String = tokenizer.tokens(text).iter().map(|id| vocabulary[*id as usize].text.as_str()).collect();
            assert_eq!(pieces.replace(SPACE, " "), text);
        }
        // Spelled in bytes: not in the corpus.
        assert_eq!(tokenizer.tokens("\u{e9}").len(), 2);
    }

    #[test]
    fn control_tokens_are_found_whole() {
        let tokenizer = Tokenizer::new(&tiny_vocabulary());
        let (before, after) = tokenizer.around_picture("<start_of_turn>user\nLook.\n<__media__>\nSensors: none.<end_of_turn>\n").unwrap();
        assert_eq!((before[0], before[1]), (2, 5));
        assert_eq!(before.last(), Some(&7));
        assert_eq!(after[0], 8);
        assert_eq!(after.iter().filter(|id| **id == 6).count(), 1);
        assert!(tokenizer.around_picture("no picture").is_none());
    }
}

//! Which tokens keep an answer within its JSON schema (llguidance).

use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{TokEnv, TokTrie};
use llguidance::{Matcher, ParserFactory};
use std::sync::Arc;

/// Schemas kept compiled. A run uses one or two.
const KEPT: usize = 4;

/// A schema that cannot be enforced.
#[derive(Debug, thiserror::Error)]
#[error("the answer's schema cannot be enforced: {detail}")]
pub(crate) struct GrammarFault {
    /// What llguidance said.
    pub(crate) detail: String,
}

/// The rest of the answer, where the schema leaves no choice in it.
pub(crate) fn forced_rest(matcher: &Matcher, trie: &TokTrie) -> Option<Vec<u8>> {
    let mut matcher = matcher.deep_clone();
    let mut rest = Vec::new();
    loop {
        let bytes = matcher.compute_ff_bytes();
        if bytes.is_empty() {
            // With nothing forced the answer has to be complete; more could follow only if the schema left it open.
            let is_complete = matcher.is_stopped() || matcher.is_accepting().unwrap_or(false);
            return (is_complete && matcher.get_error().is_none()).then_some(rest);
        }
        matcher.consume_tokens(&trie.greedy_tokenize(&bytes)).ok()?;
        rest.extend_from_slice(&bytes);
    }
}

/// Compiler of schemas for one vocabulary.
pub(crate) struct Grammars {
    factory: ParserFactory,
    compiled: Vec<(Arc<str>, Matcher)>,
}

impl Grammars {
    pub(crate) fn new(vocabulary: &TokEnv) -> Result<Self, GrammarFault> {
        let mut factory = ParserFactory::new_simple(vocabulary).map_err(|error| GrammarFault { detail: error.to_string() })?;
        factory.quiet();
        Ok(Self { factory, compiled: Vec::new() })
    }

    /// A matcher at the start of an answer. Each is a deep copy of a fresh one: no state passes from one answer to the next.
    pub(crate) fn matcher(&mut self, schema: &Arc<str>) -> Result<Matcher, GrammarFault> {
        if let Some((_, matcher)) = self.compiled.iter().find(|(known, _)| known == schema) {
            return Ok(matcher.deep_clone());
        }
        let fault = |detail: String| GrammarFault { detail };
        let json = serde_json::from_str(schema).map_err(|error| fault(format!("it is not JSON: {error}")))?;
        let parser = self.factory.create_parser(TopLevelGrammar::from_json_schema(json)).map_err(|error| fault(format!("{error:#}")))?;
        let matcher = Matcher::new(Ok(parser));
        if let Some(error) = matcher.get_error() {
            return Err(fault(error));
        }
        if self.compiled.len() == KEPT {
            self.compiled.remove(0);
        }
        self.compiled.push((Arc::clone(schema), matcher.deep_clone()));
        Ok(matcher)
    }
}

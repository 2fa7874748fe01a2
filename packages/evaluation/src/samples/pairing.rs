//! Which named hazard stands for which real one, within one sample. In -> out: two lists -> pairs, what was missed, what was made up.
//!
//! By kind; several of one kind are paired by nearest sector, all pairs together, so that no choice depends on the order of a list. What is
//! left over on both sides is paired once more across kinds, again by nearest sector: that is what one kind was taken for. Deliberately
//! absent: severity and range, which never decide who is meant.

use super::SampleHazard;
use vedette_types::BearingSector;

/// Sectors between two places, where both are known.
const UNKNOWN_SECTORS: usize = 5;

/// Two lists of hazards held against each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairing<'a> {
    /// (there, named) of the same kind.
    pub found: Vec<(&'a SampleHazard, &'a SampleHazard)>,
    /// There, and nothing of that kind was named for it.
    pub missed: Vec<&'a SampleHazard>,
    /// Named, and nothing of that kind was there for it.
    pub made_up: Vec<&'a SampleHazard>,
    /// (there, named) of different kinds: one for each of `missed` and `made_up` as long as there are both.
    pub taken_for: Vec<(&'a SampleHazard, &'a SampleHazard)>,
}

/// Pairs what was there with what was named.
pub fn pair<'a>(there: &'a [SampleHazard], named: &'a [SampleHazard]) -> Pairing<'a> {
    let (there, named): (Vec<_>, Vec<_>) = (there.iter().collect(), named.iter().collect());
    let (found, missed, made_up) = nearest_pairs(&there, &named, |a, b| a.kind == b.kind);
    let (taken_for, _, _) = nearest_pairs(&missed, &made_up, |_, _| true);
    Pairing { found, missed, made_up, taken_for }
}

type Halves<'a> = (Vec<(&'a SampleHazard, &'a SampleHazard)>, Vec<&'a SampleHazard>, Vec<&'a SampleHazard>);

/// Nearest pair first. With at most three hazards in an answer this is the best assignment but for ties.
fn nearest_pairs<'a>(
    there: &[&'a SampleHazard],
    named: &[&'a SampleHazard],
    may_pair: impl Fn(&SampleHazard, &SampleHazard) -> bool,
) -> Halves<'a> {
    let all = there.iter().enumerate().flat_map(|(i, a)| named.iter().enumerate().map(move |(j, b)| (i, *a, j, *b)));
    let mut candidates: Vec<_> =
        all.filter(|(_, a, _, b)| may_pair(a, b)).map(|(i, a, j, b)| (sectors_between(a, b), i, j, a, b)).collect();
    candidates.sort_by_key(|(sectors, i, j, ..)| (*sectors, *i, *j));
    let (mut is_there_taken, mut is_named_taken) = (vec![false; there.len()], vec![false; named.len()]);
    let mut pairs = Vec::new();
    for (_, i, j, a, b) in candidates {
        let (Some(first), Some(second)) = (is_there_taken.get_mut(i), is_named_taken.get_mut(j)) else { continue };
        if !*first && !*second {
            (*first, *second) = (true, true);
            pairs.push((a, b));
        }
    }
    let left = |hazards: &[&'a SampleHazard], taken: &[bool]| -> Vec<&'a SampleHazard> {
        hazards.iter().zip(taken).filter(|(_, is_taken)| !**is_taken).map(|(hazard, _)| *hazard).collect()
    };
    (pairs, left(there, &is_there_taken), left(named, &is_named_taken))
}

fn sectors_between(a: &SampleHazard, b: &SampleHazard) -> usize {
    let place = |bearing: BearingSector| bearing as usize;
    match (a.bearing, b.bearing) {
        (Some(a), Some(b)) => place(a).abs_diff(place(b)),
        // Out of the picture, and said to be.
        (None, None) => 0,
        _ => UNKNOWN_SECTORS,
    }
}

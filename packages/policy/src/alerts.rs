//! The life of alerts: raised at once, cleared late, kept until an operator has seen them where they matter.
//!
//! In -> out: the policy's knowledge, time, acknowledgements -> the alerts that are listed, and whether the list changed.
//! Deliberately absent: judgement of what is dangerous, and files: a process that starts anew begins with an empty list.

use crate::{Policy, Source, Testimony};
use std::collections::{BTreeMap, BTreeSet};
use vedette_types::{Acknowledgement, Alert, Hazard, KindId, Severity, Stamp};

/// Kinds come out of messages: without a bound a broken agent could fill the memory.
const MAX_ALERTS: usize = 64;

/// Longest name of an operator that is kept, characters.
const MAX_NAME_CHARS: usize = 64;

vedette_params::params! {
    /// The operator's alerts: when they end, and which of them wait for an operator.
    pub struct AlertParams: "alerts" {
        /// An alert ends when every source that spoke for it has spoken against it for this long. Silence ends nothing.
        clear_secs: f64 = 5.0, range 0.0..=3600.0, unit "s";
        /// An alert of this severity or worse stays listed after its end until an operator acknowledges it.
        latched_severity: String = "high", one_of ["low", "medium", "high"];
        /// Any other alert stays listed as ended for this long.
        ended_secs: f64 = 5.0, range 0.0..=3600.0, unit "s";
    }
}

/// An acknowledgement that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeError {
    /// There is no such alert.
    #[error("no alert `{id}` is listed; there are: {known}")]
    Unknown {
        /// What was asked for, cut.
        id: String,
        /// The ids there are.
        known: String,
    },
    /// Somebody was first.
    #[error("alert `{id}` is acknowledged already by {by}")]
    Already {
        /// The alert.
        id: String,
        /// Who was first.
        by: String,
    },
    /// An acknowledgement without a name says nothing.
    #[error("say who acknowledges: the name of the operator is empty")]
    Nameless,
}

/// The alerts that are listed.
#[derive(Clone, Debug)]
pub struct Alerts {
    params: AlertParams,
    listed: Vec<Entry>,
    refused: u64,
}

#[derive(Clone, Debug)]
struct Entry {
    alert: Alert,
    /// Who ever spoke for it.
    sources: BTreeSet<Source>,
    /// Since when all of them speak against it.
    absent_since: Option<Stamp>,
}

impl Alerts {
    /// No alerts yet.
    pub const fn new(params: AlertParams) -> Self {
        Self { params, listed: Vec::new(), refused: 0 }
    }

    /// Other parameters from now on.
    pub fn set_params(&mut self, params: AlertParams) {
        self.params = params;
    }

    /// The alerts, in the order in which they were raised.
    pub fn listed(&self) -> impl Iterator<Item = &Alert> {
        self.listed.iter().map(|entry| &entry.alert)
    }

    /// Alerts that found no place in the list, which holds 64.
    pub const fn refused(&self) -> u64 {
        self.refused
    }

    /// Follows what the policy knows at `now`; true when the list says something else than before.
    pub fn update(&mut self, now: Stamp, policy: &Policy) -> bool {
        let before: Vec<Alert> = self.listed().cloned().collect();
        let present = worst_by_kind(&policy.current().hazards);
        for (kind, severity) in &present {
            self.see(now, policy, kind, *severity);
        }
        for entry in self.listed.iter_mut().filter(|entry| entry.alert.is_active() && !present.contains_key(&entry.alert.kind)) {
            entry.miss(now, policy, self.params.clear_secs);
        }
        let (latched, ended_secs) = (self.latched_severity(), self.params.ended_secs);
        self.listed.retain(|entry| entry.is_to_stay(now, latched, ended_secs));
        !self.listed().eq(&before)
    }

    /// An operator has seen the alert `id`.
    ///
    /// # Errors
    /// [`AcknowledgeError`]; nothing has changed then.
    pub fn acknowledge(&mut self, now: Stamp, id: &str, by: &str) -> Result<(), AcknowledgeError> {
        let by: String = by.trim().chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect();
        if by.is_empty() {
            return Err(AcknowledgeError::Nameless);
        }
        let known = || self.listed().map(|alert| alert.id.as_str()).collect::<Vec<_>>().join(", ");
        let Some(place) = self.listed.iter().position(|entry| entry.alert.id == id) else {
            let id = id.chars().filter(|c| !c.is_control()).take(MAX_NAME_CHARS).collect();
            return Err(AcknowledgeError::Unknown { id, known: if self.listed.is_empty() { "none".to_owned() } else { known() } });
        };
        let Some(entry) = self.listed.get_mut(place) else { return Ok(()) };
        if let Some(first) = &entry.alert.acknowledged {
            return Err(AcknowledgeError::Already { id: id.to_owned(), by: first.by.clone() });
        }
        entry.alert.acknowledged = Some(Acknowledgement { by, at: now });
        Ok(())
    }

    fn latched_severity(&self) -> Severity {
        // The declaration allows the three words only.
        self.params.latched_severity.parse().unwrap_or(Severity::Low)
    }

    fn see(&mut self, now: Stamp, policy: &Policy, kind: &KindId, severity: Severity) {
        let witnesses = policy.witnesses(kind);
        let place = self.listed.iter().position(|entry| entry.alert.kind == *kind).or_else(|| self.raise(now, kind, severity));
        let Some(entry) = place.and_then(|place| self.listed.get_mut(place)) else {
            self.refused = self.refused.saturating_add(1);
            return;
        };
        if severity > entry.alert.severity {
            // Worse than what the operator has seen.
            (entry.alert.severity, entry.alert.acknowledged) = (severity, None);
        }
        if entry.alert.cleared.take().is_some() {
            entry.alert.acknowledged = None;
        }
        entry.absent_since = None;
        entry.alert.text = format!("{kind} ({})", entry.alert.severity);
        entry.alert.reasons = witnesses.iter().map(|witness| witness.clause.clone()).collect();
        entry.sources.extend(witnesses.into_iter().map(|witness| witness.source));
    }

    /// The place of a new alert, unless there is none.
    fn raise(&mut self, now: Stamp, kind: &KindId, severity: Severity) -> Option<usize> {
        if self.listed.len() >= MAX_ALERTS {
            let ended = self.listed.iter().position(|entry| !entry.alert.is_active())?;
            self.listed.remove(ended);
        }
        let alert = Alert {
            id: format!("{kind}-{}", now.nanos()),
            kind: kind.clone(),
            severity,
            raised: now,
            cleared: None,
            acknowledged: None,
            text: String::new(),
            reasons: Vec::new(),
        };
        self.listed.push(Entry { alert, sources: BTreeSet::new(), absent_since: None });
        Some(self.listed.len() - 1)
    }
}

impl Entry {
    /// No decision names it any more.
    fn miss(&mut self, now: Stamp, policy: &Policy, clear_secs: f64) {
        let kind = &self.alert.kind;
        let all_against = self.sources.iter().all(|source| policy.testimony(source, kind) == Testimony::Against);
        if !all_against || self.sources.is_empty() {
            self.absent_since = None;
            self.alert.text = format!("{kind} ({}): not heard of any more, which is not that it is over", self.alert.severity);
            return;
        }
        // Time that went back begins anew.
        let since = self.absent_since.filter(|since| *since <= now).unwrap_or(now);
        self.absent_since = Some(since);
        if now.secs_since(since) >= clear_secs {
            self.alert.cleared = Some(now);
            self.alert.text = format!("{kind} ({}): over", self.alert.severity);
        }
    }

    fn is_to_stay(&self, now: Stamp, latched: Severity, ended_secs: f64) -> bool {
        let Some(cleared) = self.alert.cleared else { return true };
        let waits = self.alert.acknowledged.is_none() && self.alert.severity >= latched;
        // Time that went back ends it as well: nobody waits for it.
        waits || (0.0..ended_secs).contains(&now.secs_since(cleared))
    }
}

fn worst_by_kind(hazards: &[Hazard]) -> BTreeMap<KindId, Severity> {
    let mut worst = BTreeMap::new();
    for hazard in hazards {
        let severity = worst.entry(hazard.kind.clone()).or_insert(hazard.severity);
        *severity = (*severity).max(hazard.severity);
    }
    worst
}

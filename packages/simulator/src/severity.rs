//! How bad a danger is. In -> out: what it looks like and how far it has grown -> severity. The one place that says so: labels of scenes and the
//! truth of patrols both ask here. It knows nothing of distances, sensors or who asks.

use crate::scene::Look;
use vedette_types::Severity;

/// Steps of a kind: from the stage on, this severity.
type Steps = &'static [(f64, Severity)];

const fn steps(look: Look) -> Steps {
    match look {
        Look::Fire => &[(0.0, Severity::Medium), (0.35, Severity::High)],
        Look::Smoke => &[(0.0, Severity::Low), (0.35, Severity::Medium), (0.7, Severity::High)],
        Look::GasLeak => &[(0.0, Severity::Medium), (0.5, Severity::High)],
        Look::LiquidSpill | Look::BlockedPath => &[(0.0, Severity::Low), (0.5, Severity::Medium)],
        Look::PersonDown => &[(0.0, Severity::High)],
        _ => &[],
    }
}

/// Severity of a danger of this look at a stage (0 just begun, 1 full); `None` for what is harmless. A stage that is not a number counts as 0.
pub fn severity_of(look: Look, stage: f64) -> Option<Severity> {
    let steps = steps(look);
    steps.iter().rev().find(|(from, _)| stage >= *from).or(steps.first()).map(|(_, severity)| *severity)
}

/// Stages at which the severity changes, ascending.
pub(crate) fn severity_borders(look: Look) -> impl Iterator<Item = f64> {
    steps(look).iter().skip(1).map(|(from, _)| *from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_grows_with_the_stage() {
        use Severity::{High, Low, Medium};
        let check = |look, stage, expected| assert_eq!(severity_of(look, stage), expected, "{look:?} {stage}");
        check(Look::Fire, 0.34, Some(Medium));
        check(Look::Fire, 0.35, Some(High));
        check(Look::Smoke, 0.1, Some(Low));
        check(Look::Smoke, 0.5, Some(Medium));
        check(Look::Smoke, 0.7, Some(High));
        check(Look::GasLeak, 0.49, Some(Medium));
        check(Look::GasLeak, 1.0, Some(High));
        check(Look::LiquidSpill, 0.2, Some(Low));
        check(Look::LiquidSpill, 0.9, Some(Medium));
        check(Look::PersonDown, 0.0, Some(High));
        check(Look::BlockedPath, 0.5, Some(Medium));
        check(Look::BlockedPath, f64::NAN, Some(Low));
        check(Look::OrangeCone, 1.0, None);
    }

    #[test]
    fn every_kind_has_a_severity_and_nothing_else_has() {
        for look in Look::ALL {
            assert_eq!(severity_of(look, 0.5).is_some(), look.kind().is_some(), "{look:?}");
            assert!(severity_borders(look).all(|stage| severity_of(look, stage) > severity_of(look, stage - 0.01)));
        }
    }
}

//! Which moments get a picture.

use crate::scene::{any_run, any_truth, completion, decision, run, secs, there, truth};
use proptest::prelude::*;
use vedette_evaluation::{KEY_FRAMES_MAX, MatchRules, RunData, TrueHazard, key_moments};
use vedette_types::Verdict;

#[test]
fn misses_false_alarms_first_alerts_and_the_longest_unknown() {
    // A spill that is largest at 6.2 s and missed; a fire found from the picture of 11.5 s; a false smoke from that of 16.5 s.
    let scene = truth(30.0, |t| {
        let sized = |kind: &str, height: f64| TrueHazard { bbox_xywh: Some([0.0, 0.0, 50.0, height]), ..there(kind) };
        match t {
            t if (4.0..8.0).contains(&t) => vec![sized("liquid_spill", 60.0 - 10.0 * (t - 6.2).abs())],
            t if (11.0..14.0).contains(&t) => vec![sized("fire", 40.0)],
            _ => Vec::new(),
        }
    });
    let decisions = vec![
        decision(1.0, Verdict::Clear, &[]),
        decision(12.0, Verdict::Hazard, &["fire"]),
        decision(13.0, Verdict::Hazard, &["fire"]),
        decision(15.0, Verdict::Clear, &[]),
        decision(17.0, Verdict::Hazard, &["smoke"]),
        decision(20.0, Verdict::Unknown, &[]),
    ];
    let completions = (0..60).map(|i| completion(f64::from(i) * 0.5, if i == 5 { 0.99 } else { 0.1 }, 100.0)).collect();
    let run = RunData { completions, ..run(decisions) };
    let moments = |run: &RunData, truth| key_moments(run, truth, &MatchRules::default()).into_iter().map(secs).collect::<Vec<_>>();
    // 2.5: highest P(hazard); 6.0: assessed picture next to 6.2; 25: middle of the unknown spell that ends at 30.
    assert_eq!(moments(&run, Some(&scene)), [2.5, 6.0, 11.5, 16.5, 25.0]);
    assert_eq!(moments(&run, None), [2.5, 11.5, 16.5, 25.0]);
    assert_eq!(moments(&RunData::default(), None), [0.0; 0]);
}

proptest! {
    #[test]
    fn never_more_than_fit(run in any_run(), truth in any_truth()) {
        let moments = key_moments(&run, Some(&truth), &MatchRules::default());
        prop_assert!(moments.len() <= KEY_FRAMES_MAX && moments.is_sorted());
    }
}

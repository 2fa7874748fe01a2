use super::*;
use proptest::prelude::*;

const MB: u64 = 1_000_000;

fn calm() -> MachineReading {
    MachineReading { available_bytes: Some(4000 * MB), stall_percent: Some(0.0), celsius: Some(40.0) }
}

fn low() -> MachineReading {
    MachineReading { available_bytes: Some(100 * MB), ..calm() }
}

fn at(secs: f64) -> Stamp {
    Stamp::default().plus_secs(secs)
}

fn ladder() -> Ladder {
    Ladder::new(LadderParams::default(), &[Level::SmallContext, Level::SmallModel])
}

/// Looks once a second over `secs`; the steps, as second and level.
fn run(ladder: &mut Ladder, from: u32, secs: u32, reading: &MachineReading) -> Vec<(u32, Level)> {
    (from..from + secs).filter_map(|sec| ladder.step(at(f64::from(sec)), reading).map(|change| (sec, change.to))).collect()
}

#[test]
fn pressure_goes_down_rung_by_rung_and_calm_up_again() {
    let mut ladder = ladder();
    assert_eq!(run(&mut ladder, 0, 60, &calm()), []);
    let down = run(&mut ladder, 60, 30, &low());
    assert_eq!(down, [(62, Level::SmallContext), (64, Level::SmallModel), (66, Level::ReflexOnly)]);
    let up = run(&mut ladder, 90, 100, &calm());
    assert_eq!(up, [(120, Level::SmallModel), (150, Level::SmallContext), (180, Level::Full)]);
}

#[test]
fn each_kind_of_pressure_counts_and_says_so() {
    let hot = MachineReading { celsius: Some(95.0), ..calm() };
    let stalled = MachineReading { stall_percent: Some(35.0), ..calm() };
    for (reading, word) in [(low(), "100 MB"), (hot, "95 degrees"), (stalled, "35 %")] {
        let mut ladder = ladder();
        assert_eq!(ladder.step(at(0.0), &reading), None);
        let change = ladder.step(at(2.0), &reading).unwrap();
        assert_eq!((change.from, change.to, change.stamp), (Level::Full, Level::SmallContext, at(2.0)));
        assert!(change.reason.contains(word), "{}", change.reason);
    }
}

#[test]
fn missed_deadlines_in_a_row_are_a_step_and_one_answer_breaks_the_row() {
    let mut ladder = ladder();
    for answers in [[false, false, true], [false, true, false], [false, true, true]] {
        answers.into_iter().for_each(|in_time| ladder.answered(in_time));
        assert_eq!(ladder.step(at(1.0), &calm()), None);
    }
    (0..3).for_each(|_| ladder.answered(false));
    assert!(ladder.step(at(2.0), &calm()).unwrap().reason.contains("3 deadlines"));
    assert_eq!(ladder.step(at(2.5), &calm()), None, "the next rung has its own chance");
}

#[test]
fn a_short_pressure_is_no_step_and_between_the_thresholds_nothing_moves() {
    let mut ladder = ladder();
    for sec in 0..40 {
        let reading = if sec % 2 == 0 { low() } else { calm() };
        assert_eq!(ladder.step(at(f64::from(sec)), &reading), None);
    }
    let between = MachineReading { available_bytes: Some(400 * MB), ..calm() };
    run(&mut ladder, 40, 4, &low());
    assert_eq!(ladder.level(), Level::SmallContext);
    assert_eq!(run(&mut ladder, 44, 500, &between), []);
    assert_eq!(run(&mut ladder, 544, 500, &MachineReading::default()), [], "what is not known is not calm");
}

#[test]
fn a_step_up_that_was_taken_back_doubles_the_wait() {
    let mut ladder = Ladder::new(LadderParams::default(), &[]);
    let mut now = 0;
    let mut waits = Vec::new();
    for _ in 0..6 {
        // Again at once, as if the model that came back had eaten the memory.
        assert_eq!(run(&mut ladder, now, 3, &low()), [(now + 2, Level::ReflexOnly)]);
        let begin = now + 3;
        now = (begin..).find(|sec| ladder.step(at(f64::from(*sec)), &calm()).is_some()).unwrap();
        waits.push(now - begin);
        now += 1;
    }
    assert_eq!(waits, [30, 60, 120, 240, 480, 480]);
    // A long calm at the top is trust again.
    run(&mut ladder, now, 1000, &calm());
    run(&mut ladder, now + 1000, 3, &low());
    assert_eq!(run(&mut ladder, now + 1003, 40, &calm()), [(now + 1033, Level::Full)]);
}

#[test]
fn a_clock_that_goes_back_begins_anew() {
    let mut ladder = ladder();
    assert_eq!(ladder.step(at(100.0), &low()), None);
    assert_eq!(ladder.step(at(10.0), &low()), None);
    assert_eq!(ladder.step(at(11.0), &low()), None);
    assert!(ladder.step(at(12.0), &low()).is_some());
}

#[test]
fn rules_between_parameters() {
    use vedette_params::ParamSet;
    LadderParams::default().check().unwrap();
    let wrong = |change: fn(&mut LadderParams)| {
        let mut params = LadderParams::default();
        change(&mut params);
        params.check().unwrap_err().to_string()
    };
    assert!(wrong(|params| params.calm_available_bytes = 1).contains("low_available_bytes"));
    assert!(wrong(|params| params.cool_celsius = 99.0).contains("hot_celsius"));
    assert!(wrong(|params| params.calm_stall_percent = 50.0).contains("high_stall_percent"));
    assert!(wrong(|params| params.model = "small.gguf".to_owned()).contains("ladder.mmproj"));
}

proptest! {
    /// Whatever is read: one rung at a time, never down without pressure or missed deadlines, never up without calm.
    #[test]
    fn steps_have_their_reason(
        readings in prop::collection::vec((prop::option::of(0_u64..2000), prop::option::of(0.0_f64..100.0), prop::option::of(0.0_f64..120.0), 0.0_f64..20.0, any::<bool>()), 1..200)
    ) {
        let mut ladder = ladder();
        let mut now = 0.0;
        for (megabytes, stall_percent, celsius, secs, in_time) in readings {
            now += secs;
            let reading = MachineReading { available_bytes: megabytes.map(|mb| mb * MB), stall_percent, celsius };
            ladder.answered(in_time);
            let (before, missed) = (ladder.level(), ladder.missed);
            let Some(change) = ladder.step(at(now), &reading) else {
                prop_assert_eq!(ladder.level(), before);
                continue;
            };
            let params = LadderParams::default();
            prop_assert_eq!((change.from, change.to), (before, ladder.level()));
            prop_assert_eq!((before as i32 - change.to as i32).abs(), 1);
            if change.to > before {
                prop_assert!(missed >= params.missed_deadlines || params.pressure(&reading).is_some());
            } else {
                prop_assert!(params.is_calm(&reading));
            }
        }
    }
}

//! Rules about what the model says.

use crate::script::check;

#[test]
fn nothing_known_is_unknown() {
    check(
        "",
        "
        0.0 tick => unknown slow_down | no assessment yet
        1.0 tick => -
        1.1 image => unknown slow_down | no assessment of /camera yet
    ",
    );
    check("unknown_response=stop", "0.0 tick => unknown stop | no assessment yet");
}

#[test]
fn a_clear_assessment_is_clear_until_it_expires() {
    check(
        "",
        "
        1.0 clear 0.97 => clear continue | clear by /camera at 0.97
        2.0 tick => -
        5.4 tick => -
        5.5 tick => unknown slow_down | assessment of /camera expired
        5.6 tick => -
        6.0 clear 0.9 => clear continue | clear by /camera at 0.90
    ",
    );
}

#[test]
fn a_hazard_acts_at_once_and_is_released_by_two_assessments() {
    check(
        "",
        "
        1.0 hazard 0.93 fire => hazard stop | fire seen by /camera at 0.93
        2.0 clear 0.9 => hazard stop | fire seen by /camera at 0.93
        3.0 clear 0.9 => clear continue | clear by /camera at 0.90
    ",
    );
    check(
        "release_count=1",
        "
        1.0 hazard 0.93 fire => hazard stop | fire seen by /camera at 0.93
        2.0 clear 0.9 => clear continue | clear by /camera at 0.90
    ",
    );
}

#[test]
fn an_unknown_assessment_never_releases() {
    check(
        "",
        "
        1.0 hazard 0.93 fire => hazard stop | fire seen by /camera at 0.93
        2.0 clear 0.9 => hazard stop | fire seen by /camera at 0.93
        3.0 unknown 0.9 => hazard stop | fire seen by /camera at 0.93 | /camera unknown: not decidable from the image
        4.0 unknown 0.9 => hazard stop | fire seen by /camera at 0.93 | /camera unknown: not decidable from the image
        5.0 clear 0.3 => hazard stop | fire seen by /camera at 0.93 | /camera unknown: only sure at 0.3
        6.0 clear 0.9 => clear continue | clear by /camera at 0.90
    ",
    );
}

#[test]
fn debounce_counts_assessments_and_not_ticks() {
    check(
        "trigger_count=2",
        "
        1.0 hazard 0.93 fire => unknown slow_down | fire seen by /camera, to be confirmed
        1.1 tick => -
        1.2 tick => -
        2.0 hazard 0.95 fire => hazard stop | fire seen by /camera at 0.95
        2.5 tick => -
        2.6 clear 0.9 => hazard stop | fire seen by /camera at 0.95
        2.7 tick => -
        2.8 clear 0.9 => clear continue | clear by /camera at 0.90
    ",
    );
    check(
        "trigger_count=2",
        "
        1.0 hazard 0.93 fire => unknown slow_down | fire seen by /camera, to be confirmed
        2.0 clear 0.9 => clear continue | clear by /camera at 0.90
        3.0 hazard 0.93 fire => unknown slow_down | fire seen by /camera, to be confirmed
    ",
    );
    check(
        "trigger_count=2",
        "
        1.0 hazard 0.93 fire => unknown slow_down | fire seen by /camera, to be confirmed
        2.0 unknown 0.9 => unknown slow_down | fire seen by /camera, to be confirmed | /camera unknown: not decidable from the image
        3.0 hazard 0.93 fire => hazard stop | fire seen by /camera at 0.93
    ",
    );
}

#[test]
fn silence_expires() {
    check(
        "",
        "
        1.0 hazard 0.93 fire => hazard stop | fire seen by /camera at 0.93
        5.4 tick => -
        5.5 tick => hazard stop | fire seen by /camera at 0.93 | assessment of /camera expired
        10.4 tick => -
        10.5 tick => unknown slow_down | fire no longer seen by /camera, to be released | assessment of /camera expired
        20.0 tick => -
    ",
    );
    // A hazard that ran out before it was released is not over: clear takes the assessments that release it.
    check(
        "",
        "
        1.0 hazard 0.93 fire => hazard stop | fire seen by /camera at 0.93
        10.5 tick => unknown slow_down | fire no longer seen by /camera, to be released | assessment of /camera expired
        11.0 clear 0.9 => unknown slow_down | fire no longer seen by /camera, to be released
        12.0 clear 0.9 => clear continue | clear by /camera at 0.90
    ",
    );
    check(
        "max_valid_secs=1",
        "
        1.0 hazard 0.93 fire => hazard stop | fire seen by /camera at 0.93
        2.0 tick => unknown slow_down | fire no longer seen by /camera, to be released | assessment of /camera expired
        3.0 clear 0.9 => unknown slow_down | fire no longer seen by /camera, to be released
        4.0 clear 0.9 => clear continue | clear by /camera at 0.90
        5.0 tick => unknown slow_down | assessment of /camera expired
    ",
    );
}

#[test]
fn low_confidence_is_unknown() {
    check(
        "",
        "
        1.0 clear 0.64 => unknown slow_down | /camera unknown: only sure at 0.64
        2.0 hazard 0.64 fire => unknown slow_down | /camera unknown: only sure at 0.64
        3.0 clear 0.65 => clear continue | clear by /camera at 0.65
    ",
    );
}

#[test]
fn the_strongest_response_wins_and_low_severity_caps_it() {
    check(
        "",
        "
        1.0 hazard 0.8 liquid_spill => hazard slow_down | liquid_spill seen by /camera at 0.80
        2.0 hazard 0.8 liquid_spill fire/medium => hazard stop | fire seen by /camera at 0.80 | liquid_spill seen by /camera at 0.80
        3.0 hazard 0.8 fire/low => hazard slow_down | fire seen by /camera at 0.80 | liquid_spill seen by /camera at 0.80
    ",
    );
    check("", "1.0 hazard 0.8 fire/low => hazard limit | fire seen by /camera at 0.80");
    check("", "1.0 hazard 0.8 unheard_of => hazard stop | unheard_of seen by /camera at 0.80");
    check("", "1.0 hazard 0.8 fire fire/low smoke => hazard stop | fire seen by /camera at 0.80 | smoke seen by /camera at 0.80");
}

#[test]
fn every_camera_counts_on_its_own() {
    check(
        "",
        "
        1.0 clear /left 0.9 => clear continue | clear by /left at 0.90
        1.1 clear /right 0.8 => clear continue | clear by /left at 0.90 | clear by /right at 0.80
        2.0 hazard /left 0.9 smoke => hazard slow_down | smoke seen by /left at 0.90
        2.1 clear /right 0.8 => hazard slow_down | smoke seen by /left at 0.90
        3.0 clear /left 0.9 => hazard slow_down | smoke seen by /left at 0.90
        3.1 clear /right 0.8 => hazard slow_down | smoke seen by /left at 0.90
        4.0 clear /left 0.9 => clear continue | clear by /left at 0.90 | clear by /right at 0.80
        4.1 unknown /right 0.8 => unknown slow_down | /right unknown: not decidable from the image
    ",
    );
    // A camera that only sends pictures is not clear.
    check(
        "",
        "
        1.0 image /left => unknown slow_down | no assessment of /left yet
        1.0 image /right => unknown slow_down | no assessment of /left yet | no assessment of /right yet
        1.5 clear /left 0.9 => unknown slow_down | no assessment of /right yet
        1.6 clear /right 0.9 => clear continue | clear by /left at 0.90 | clear by /right at 0.90
    ",
    );
}

#[test]
fn a_silent_camera_is_unknown() {
    check(
        "",
        "
        1.0 image => unknown slow_down | no assessment of /camera yet
        1.5 clear 0.9 => clear continue | clear by /camera at 0.90
        3.0 tick => -
        3.1 tick => unknown slow_down | no image from /camera
        3.2 image => clear continue | clear by /camera at 0.90
    ",
    );
}

#[test]
fn the_clock_going_back_starts_over() {
    check(
        "",
        "
        100.0 hazard 0.9 fire => hazard stop | fire seen by /camera at 0.90
        100.1 gas co 90 => hazard stop | gas co 90 ppm above 50 ppm on /gas | fire seen by /camera at 0.90
        50.0 tick => unknown slow_down | clock jumped, starting over | no gas co reading on /gas | no assessment of /camera yet
        50.1 tick => -
        50.2 clear 0.9 => unknown slow_down | no gas co reading on /gas
        50.3 gas co 1 => clear continue | clear by /camera at 0.90
        50.25 tick => -
        70.0 jump => unknown slow_down | clock jumped, starting over | no gas co reading on /gas | no assessment of /camera yet
        70.1 clear 0.9 => unknown slow_down | no gas co reading on /gas
    ",
    );
}

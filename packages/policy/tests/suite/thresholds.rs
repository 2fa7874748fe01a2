//! Rules about raw readings.

use crate::script::check;

#[test]
fn gas_has_hysteresis_per_gas() {
    check(
        "",
        "
        1.0 clear 0.9 => clear continue | clear by /camera at 0.90
        1.1 gas co 10 => -
        1.2 gas co 50 => -
        1.3 gas CO 50.1 => hazard stop | gas co 50.1 ppm above 50 ppm on /gas
        1.4 gas co 36 => -
        1.5 gas methane 900 => -
        1.6 gas co 35 => clear continue | clear by /camera at 0.90
        1.7 gas co 36 => -
        1.8 gas radon 1000.4 => hazard stop | gas radon 1000.4 ppm above 1000 ppm on /gas
        1.9 gas lpg 2500 => hazard stop | gas lpg 2500 ppm above 2000 ppm on /gas | gas radon 1000.4 ppm above 1000 ppm on /gas
    ",
    );
}

#[test]
fn temperature_has_hysteresis() {
    check(
        "",
        "
        1.0 clear 0.9 => clear continue | clear by /camera at 0.90
        1.1 temperature 57 => -
        1.2 temperature 57.126 => hazard stop | temperature 57.13 degC above 57 degC on /temperature
        1.3 temperature 51 => -
        1.4 temperature 50 => clear continue | clear by /camera at 0.90
        1.5 temperature 51 => -
    ",
    );
    check(
        "temperature_kind=smoke temperature_response=limit",
        "1.0 temperature 60 => hazard slow_down | temperature 60 degC above 57 degC on /temperature | no assessment yet",
    );
}

#[test]
fn range_follows_rep_117() {
    check(
        "",
        "
        1.0 clear 0.9 => clear continue | clear by /camera at 0.90
        1.1 range 0.3 => -
        1.2 range 0.29 => hazard stop | range 0.29 m below 0.3 m on /range
        1.3 range 0.4 => -
        1.4 range NaN => -
        1.5 range inf => clear continue | clear by /camera at 0.90
        1.6 range -inf => hazard stop | range too close on /range
        1.7 range 0.45 => clear continue | clear by /camera at 0.90
        1.8 range 0.01 => hazard stop | range too close on /range
        1.9 range 5.0 => clear continue | clear by /camera at 0.90
        2.0 range NaN => -
        5.0 tick => unknown slow_down | no range reading on /range
    ",
    );
}

#[test]
fn an_alarm_outlives_the_models_opinion() {
    check(
        "",
        "
        1.0 gas co 82 => hazard stop | gas co 82 ppm above 50 ppm on /gas | no assessment yet
        1.5 clear 0.99 => hazard stop | gas co 82 ppm above 50 ppm on /gas
        2.0 gas co 80 => -
        2.5 clear 0.99 => hazard stop | gas co 80 ppm above 50 ppm on /gas
        2.6 unknown 0.9 => hazard stop | gas co 80 ppm above 50 ppm on /gas | /camera unknown: not decidable from the image
        2.7 hazard 0.9 smoke => hazard stop | gas co 80 ppm above 50 ppm on /gas | smoke seen by /camera at 0.90
    ",
    );
}

#[test]
fn an_alarm_is_renewed_while_it_lasts_and_expires_in_silence() {
    check(
        "",
        "
        1.0 gas co 82 => hazard stop | gas co 82 ppm above 50 ppm on /gas | no assessment yet
        2.0 gas co 83 => -
        3.0 gas co 84 => -
        3.5 gas co 85 => hazard stop | gas co 85 ppm above 50 ppm on /gas | no assessment yet
        4.0 gas co 86 => -
        7.0 tick => hazard stop | gas co 86 ppm above 50 ppm on /gas | no assessment yet
        7.1 tick => hazard stop | gas co 86 ppm above 50 ppm on /gas | no gas co reading on /gas | no assessment yet
        8.9 tick => -
        9.0 tick => unknown slow_down | no gas co reading on /gas | no assessment yet
        9.1 clear 0.9 => unknown slow_down | no gas co reading on /gas
        9.2 gas co 40 => hazard stop | gas co 40 ppm still above 35 ppm on /gas
        9.3 gas co 20 => clear continue | clear by /camera at 0.90
    ",
    );
}

#[test]
fn an_alarm_that_ran_out_is_not_over() {
    check(
        "alarm_valid_secs=1",
        "
        1.0 clear 0.9 => clear continue | clear by /camera at 0.90
        1.1 gas co 82 => hazard stop | gas co 82 ppm above 50 ppm on /gas
        2.1 tick => unknown slow_down | no gas co reading on /gas
        2.2 gas co 36 => hazard stop | gas co 36 ppm still above 35 ppm on /gas
        2.3 gas co 35 => clear continue | clear by /camera at 0.90
    ",
    );
}

#[test]
fn a_sensor_heard_once_must_not_fall_silent() {
    check(
        "",
        "
        1.0 clear 0.9 => clear continue | clear by /camera at 0.90
        1.1 temperature 20 => -
        4.0 clear 0.9 => clear continue | clear by /camera at 0.90
        4.1 tick => -
        4.2 tick => unknown slow_down | no temperature reading on /temperature
        4.3 temperature 20 => clear continue | clear by /camera at 0.90
    ",
    );
}

#[test]
fn required_streams_must_be_heard() {
    check(
        "required_streams=[gas,scan]",
        "
        1.0 clear 0.9 => unknown slow_down | no gas stream yet | no scan stream yet
        1.1 gas co 5 => unknown slow_down | no scan stream yet
        1.2 scan => clear continue | clear by /camera at 0.90
        1.3 scan => -
        4.2 gas co 5 => -
        4.4 tick => unknown slow_down | no scan reading on /scan
    ",
    );
    check(
        "",
        "
        1.0 clear 0.9 => clear continue | clear by /camera at 0.90
        1.1 scan => -
        9.0 scan => -
        9.0 tick => unknown slow_down | assessment of /camera expired
    ",
    );
}

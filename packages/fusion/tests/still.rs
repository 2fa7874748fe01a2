//! Values beside a still picture are worded as live streams are.

mod rig;

use rig::{Rig, battery, gas, grey_picture, imu, odometry, range, scan, temperature};
use vedette_fusion::{FusionParams, Still, sensor_context};
use vedette_types::{FreeDistance, RgbPixels, SensorQuantity, SensorValue, Sha256, Stamp};

fn text(values: &[SensorValue]) -> String {
    sensor_context(&FusionParams::default(), values).text
}

fn gas_value(gas: &str, ppm: f64) -> SensorQuantity {
    SensorQuantity::Gas { gas: gas.to_owned(), ppm }
}

fn clearance(ahead: FreeDistance, left: FreeDistance, right: FreeDistance) -> SensorQuantity {
    SensorQuantity::Clearance { ahead, left, right }
}

#[test]
fn the_words_are_those_of_live_streams() {
    let mut rig = Rig::new();
    rig.put("/gas", gas(6.8, "co", 3.0));
    rig.put("/temperature", temperature(9.4, "board", 24.46));
    rig.put("/battery_state", battery(9.95, Some(12.0), Some(0.764)));
    rig.put("/imu/data", imu(9.99, Some([0.03, 0.0, 1.0]), [0.0, 0.0, 9.8]));
    rig.put("/odom", odometry(9.98, 1.0));
    rig.put("/range", range(9.96, "bumper", 0.85));
    rig.put("/scan", scan(9.96, 1.8));
    rig.put("/gas", gas(9.95, "lpg", 12.3));
    rig.put(rig::CAMERA, grey_picture(10.0, 9));
    let live = rig.observe(10.0);

    let value = |age_secs: f64, quantity| SensorValue { quantity, age_secs, is_stale: false };
    let free = FreeDistance::Obstacle(1.8);
    let values = [
        SensorValue { quantity: gas_value("co", 3.0), age_secs: 3.2, is_stale: true },
        value(0.05, SensorQuantity::Battery { charge: 0.764 }),
        value(0.01, SensorQuantity::Tilt { rad: 0.03 }),
        value(0.02, SensorQuantity::Motion { speed_mps: 0.4, yaw_rate_radps: 0.1 }),
        value(0.04, SensorQuantity::Range(FreeDistance::Obstacle(0.85))),
        value(0.04, clearance(free, free, free)),
        value(0.6, SensorQuantity::Temperature { celsius: 24.46 }),
        value(0.05, gas_value("lpg", 12.3)),
    ];
    let still = sensor_context(&FusionParams::default(), &values);
    assert_eq!(still.text, live.context_text);
    assert!(still.text.contains("temperature 24.5 degC (0.6 s old)") && still.text.ends_with("missing: gas co 3.2 s old"));
    let words = |items: &[vedette_types::ContextItem]| -> Vec<(String, &'static str)> {
        items.iter().map(|item| (item.channel.clone(), item.unit)).collect()
    };
    assert_eq!(words(&still.items), words(&live.context));
}

#[test]
fn every_sector_has_its_own_distance() {
    let sectors = |ahead, left, right| text(&[SensorValue::now(clearance(ahead, left, right))]);
    use FreeDistance::{Obstacle, OpenTo, Unmeasured};
    assert_eq!(sectors(Obstacle(1.234), OpenTo(12.05), OpenTo(11.95)), "clearance ahead 1.23 m, left over 12.05 m, right over 11.95 m");
    assert_eq!(
        sectors(Obstacle(0.4), Unmeasured, Obstacle(7.0)),
        "clearance ahead 0.40 m, right 7.00 m; missing: clearance left unmeasured"
    );
    let silent = SensorValue { quantity: clearance(Unmeasured, Unmeasured, Unmeasured), age_secs: 4.0, is_stale: true };
    assert_eq!(text(&[silent]), "missing: scan 4.0 s old");
    assert_eq!(text(&[SensorValue::now(SensorQuantity::Range(OpenTo(4.0)))]), "range over 4.00 m");
    assert_eq!(text(&[]), "");
}

#[test]
fn a_still_keeps_its_picture_and_field_of_view() {
    let pixels = RgbPixels::new(4, 2, (0..24).collect()).expect("pixels");
    let context = sensor_context(&FusionParams::default(), &[SensorValue::now(gas_value("co", 12.0))]);
    let still =
        Still { stamp: Stamp::default(), pixels: pixels.clone(), image_sha256: Sha256([7; 32]), horizontal_fov_rad: Some(1.1), context };
    let observation = still.into_observation();
    assert_eq!(vedette_fusion::decode(&observation.image.data, 100).expect("decodable"), pixels);
    assert!((observation.intrinsics.expect("known").horizontal_fov_rad() - 1.1).abs() < 1e-12);
    assert_eq!(observation.context_text, "gas co 12 ppm");
}

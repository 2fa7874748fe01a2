//! What the senses of a scene say at its moment, with the ages that readings have on a robot. In -> out: a sample -> sensor values for
//! `vedette_fusion::sensor_context`. It measures nothing: the readings are `senses`'.
//!
//! On a patrol slow sensors are nearly always late (`gas lpg 12 ppm (0.4 s old)`), tilt is always told, and the battery is missing until its
//! period is known. A model that learned from readings of the very moment alone would meet these words for the first time on the robot.

use super::SceneSample;
use super::senses::{FreeWay, HEAT_CELSIUS, Senses};
use crate::random::Random;
use vedette_types::{FreeDistance, SensorQuantity, SensorValue};

/// Robots whose sensors are all read at the moment of the picture, as a share.
const PUNCTUAL: f64 = 0.25;
/// Oldest reading of a sensor that works, seconds: its period (2 Hz, 1 Hz, 0.2 Hz on the simulated robot) and some more.
const GAS_AGE_SECS: f64 = 0.6;
const TEMPERATURE_AGE_SECS: f64 = 1.1;
const BATTERY_AGE_SECS: f64 = 5.5;
/// Fast sensors; below a tenth of a second no age is told.
const FAST_AGE_SECS: f64 = 0.09;
/// How often a sensor has fallen silent, and the battery, which is known late.
const SILENT: f64 = 0.03;
const BATTERY_SILENT: f64 = 0.15;
const SILENT_AGES_SECS: [f64; 2] = [1.1, 12.0];
const HAS_TILT: f64 = 0.75;

impl SceneSample {
    /// The readings as values beside the picture. The same for the same seed. What makes a sensor's alarm is never silent: the labels rest
    /// on it.
    pub fn sensor_values(&self) -> Vec<SensorValue> {
        self.values_of(&self.senses, self.seed)
    }

    /// Other readings that the same label is right for: each on the same side of the limits that labels rest on, ages drawn anew.
    pub fn other_sensor_values(&self, telling: u64) -> Vec<SensorValue> {
        let mut random = Random::new(self.seed ^ telling.wrapping_mul(0x9e37_79b9_7f4a_7c15), "scene/telling");
        let senses = self.senses.told_otherwise(&mut random);
        self.values_of(&senses, random.bits())
    }

    fn values_of(&self, senses: &Senses, seed: u64) -> Vec<SensorValue> {
        if !self.has_sensors {
            return Vec::new();
        }
        let mut random = Random::new(seed, "scene/moment");
        let is_punctual = random.chance(PUNCTUAL);
        let mut values = Vec::new();
        // Drawn whether it is there or not, so that one sensor more changes nothing about the others.
        let mut tell = |quantity: Option<SensorQuantity>, age_secs: f64, silent: f64| {
            let (age_secs, is_silent) = (random.within(0.0, age_secs), random.chance(silent));
            let silent_secs = random.within(SILENT_AGES_SECS[0], SILENT_AGES_SECS[1]);
            let Some(quantity) = quantity else { return };
            let age_secs = if is_punctual { 0.0 } else { age_secs };
            let is_stale = is_silent && !is_punctual;
            values.push(SensorValue { quantity, age_secs: if is_stale { silent_secs } else { age_secs }, is_stale });
        };
        let is_gas_news = senses.gas.is_some_and(|(gas, ppm)| ppm > 0.5 * gas.noticeable_ppm());
        let is_heat_news = senses.celsius.is_some_and(|celsius| celsius > 0.75 * HEAT_CELSIUS);
        let silent = |is_news: bool| if is_news { 0.0 } else { SILENT };
        let gas = senses.gas.map(|(gas, ppm)| SensorQuantity::Gas { gas: gas.name().to_owned(), ppm });
        tell(gas, GAS_AGE_SECS, silent(is_gas_news));
        tell(senses.celsius.map(|celsius| SensorQuantity::Temperature { celsius }), TEMPERATURE_AGE_SECS, silent(is_heat_news));
        let clearance = senses.clearance.map(|free| SensorQuantity::Clearance {
            ahead: distance(free.ahead),
            left: distance(free.left),
            right: distance(free.right),
        });
        tell(clearance, FAST_AGE_SECS, SILENT);
        let motion =
            senses.motion.map(|motion| SensorQuantity::Motion { speed_mps: motion.speed_mps, yaw_rate_radps: motion.yaw_rate_radps });
        tell(motion, FAST_AGE_SECS, SILENT);
        tell(self.tilt(), FAST_AGE_SECS, SILENT);
        tell(senses.charge.map(|charge| SensorQuantity::Battery { charge }), BATTERY_AGE_SECS, BATTERY_SILENT);
        values
    }

    /// Level floors, a ramp now and then.
    fn tilt(&self) -> Option<SensorQuantity> {
        let mut random = Random::new(self.seed, "scene/tilt");
        let has_tilt = random.chance(HAS_TILT);
        let most_rad = if random.chance(0.1) { 0.12 } else { 0.012 };
        has_tilt.then(|| SensorQuantity::Tilt { rad: random.within(0.0, most_rad) })
    }
}

const fn distance(way: FreeWay) -> FreeDistance {
    if way.is_open { FreeDistance::OpenTo(way.distance_m) } else { FreeDistance::Obstacle(way.distance_m) }
}

#[cfg(test)]
mod tests {
    use super::super::senses::{GREAT_HEAT_CELSIUS, GREAT_LEAK};
    use super::*;
    use crate::scenario::Gas;
    use crate::{Family, SceneOptions};

    #[test]
    fn ages_are_those_of_a_robot_and_alarms_are_never_silent() {
        let samples: Vec<SceneSample> = (0..300).map(|seed| SceneSample::generate(Family::Train, seed, &SceneOptions::default())).collect();
        let (mut late, mut gases) = (0, 0);
        for sample in &samples {
            let values = sample.sensor_values();
            assert_eq!(values, sample.sensor_values());
            for value in &values {
                assert!(value.is_stale || (0.0..=5.5).contains(&value.age_secs));
                if let SensorQuantity::Gas { ppm, .. } = value.quantity {
                    gases += 1;
                    late += usize::from(value.age_secs > 0.1);
                    let limit_ppm = sample.senses.gas.map_or(0.0, |(gas, _)| gas.noticeable_ppm());
                    assert!(!(value.is_stale && ppm >= limit_ppm));
                }
            }
        }
        assert!(gases > 150 && late > gases / 2 && late < gases, "{late} of {gases}");
    }

    #[test]
    fn a_robot_with_nothing_but_a_camera_knows_what_it_sees() {
        let options = |has_sensors| SceneOptions { has_sensors, alarm_scale: 4.0, width_px: 64, height_px: 48, ..SceneOptions::default() };
        let mut told = [0; 2];
        for seed in 0..40 {
            for (has_sensors, told) in [false, true].into_iter().zip(&mut told) {
                let (sample, picture) = SceneSample::draw(Family::Train, seed, &options(has_sensors), 1).unwrap();
                let is_told = |hazard: &crate::LabelledHazard| hazard.seen.is_none();
                *told += usize::from(!sample.sensor_values().is_empty()) + picture.hazards.iter().filter(|hazard| is_told(hazard)).count();
            }
        }
        assert!(told[0] == 0 && told[1] > 40, "{told:?}");
    }

    /// Which of the bands between limits a reading is in, and how many readings are near a limit.
    fn bands(sample: &SceneSample, values: &[SensorValue]) -> Vec<usize> {
        let band = |value: f64, limits: [f64; 2]| limits.iter().filter(|limit| value >= **limit).count();
        let of_value = |value: &SensorValue| match &value.quantity {
            SensorQuantity::Gas { gas, ppm } => {
                let limit_ppm = if gas == Gas::Co.name() { Gas::Co.noticeable_ppm() } else { Gas::Lpg.noticeable_ppm() };
                Some(band(*ppm / limit_ppm, [1.0, GREAT_LEAK]))
            }
            SensorQuantity::Temperature { celsius } => Some(band(*celsius, [HEAT_CELSIUS, GREAT_HEAT_CELSIUS])),
            _ => None,
        };
        assert_eq!(sample.senses.gas.is_some(), values.iter().any(|value| matches!(value.quantity, SensorQuantity::Gas { .. })));
        values.iter().filter_map(of_value).collect()
    }

    #[test]
    fn readings_told_otherwise_mean_the_same() {
        let (mut alarms, mut differ) = (0, 0);
        for seed in 0..300 {
            let sample = SceneSample::generate(Family::Train, seed, &SceneOptions { alarm_scale: 4.0, ..SceneOptions::default() });
            let expected = bands(&sample, &sample.sensor_values());
            alarms += usize::from(expected.iter().any(|band| *band > 0));
            for telling in 1..4 {
                let values = sample.other_sensor_values(telling);
                assert_eq!(bands(&sample, &values), expected, "seed {seed}, telling {telling}");
                assert_eq!(values, sample.other_sensor_values(telling));
                differ += usize::from(values != sample.sensor_values());
            }
        }
        assert!(alarms > 30 && differ > 850, "{alarms} alarms, {differ} of 900 differ");
    }
}

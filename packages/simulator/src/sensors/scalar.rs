//! Gas sensor, thermometer and battery. In -> out: what surrounds them -> slow, noisy readings. A gas sensor knows one gas; the battery only
//! drains.

use super::{Payload, SensorMessage, frames};
use crate::{random::Random, scenario::Gas};
use vedette_messages::{
    sensor_msgs::{BatteryState, Temperature},
    to_ros,
    vedette_msgs::GasReading,
};
use vedette_types::{FrameId, Stamp};

/// Time constants, seconds: a fast electrochemical cell, and a bare thermistor in moving air.
const GAS_LAG_SECS: f64 = 1.5;
const TEMPERATURE_LAG_SECS: f64 = 2.0;
/// Share of the charge used in a second: three hours from full to empty.
const DRAIN_PER_SEC: f64 = 1.0 / 10_800.0;
/// Six lithium cells: volts at full and at empty.
const FULL_VOLTS: f64 = 25.2;
const EMPTY_VOLTS: f64 = 19.8;
const CAPACITY_AH: f64 = 5.0;

/// State of the three.
#[derive(Clone, Debug)]
pub(crate) struct Scalars {
    gas: Gas,
    ppm: f64,
    celsius: Option<f64>,
    start_charge: f64,
    gas_noise: Random,
    temperature_noise: Random,
    battery_noise: Random,
}

impl Scalars {
    pub(super) fn new(seed: u64, gas: Gas) -> Self {
        Self {
            gas,
            ppm: gas.background_ppm(),
            celsius: None,
            start_charge: Random::new(seed, "charge").within(0.55, 0.98),
            gas_noise: Random::new(seed, "gas"),
            temperature_noise: Random::new(seed, "temperature"),
            battery_noise: Random::new(seed, "battery"),
        }
    }

    /// First-order lag towards the surroundings over `secs`.
    pub(super) fn breathe(&mut self, ppm: f64, celsius: f64, secs: f64) {
        self.ppm += (ppm - self.ppm) * (secs / GAS_LAG_SECS).min(1.0);
        let before = self.celsius.unwrap_or(celsius);
        self.celsius = Some(before + (celsius - before) * (secs / TEMPERATURE_LAG_SECS).min(1.0));
    }

    pub(super) fn gas(&mut self, stamp: Stamp) -> SensorMessage {
        let deviation = 0.02 * self.ppm + 0.1 * self.gas.background_ppm();
        let ppm = (self.ppm + deviation * self.gas_noise.normal()).max(0.0);
        let header = to_ros::header(stamp, &FrameId::new(frames::NOSE));
        SensorMessage::new(stamp, Payload::Gas(GasReading { header, gas: self.gas.name().to_owned(), ppm }))
    }

    pub(super) fn temperature(&mut self, stamp: Stamp) -> SensorMessage {
        let temperature = self.celsius.unwrap_or_default() + 0.15 * self.temperature_noise.normal();
        let header = to_ros::header(stamp, &FrameId::new(frames::NOSE));
        SensorMessage::new(stamp, Payload::Temperature(Temperature { header, temperature, variance: 0.15 * 0.15 }))
    }

    pub(super) fn battery(&mut self, stamp: Stamp, secs: f64) -> SensorMessage {
        let charge = (self.start_charge - DRAIN_PER_SEC * secs).max(0.0);
        let volts = EMPTY_VOLTS + (FULL_VOLTS - EMPTY_VOLTS) * charge + 0.01 * self.battery_noise.normal();
        let battery = BatteryState {
            header: to_ros::header(stamp, &FrameId::new(frames::BASE)),
            voltage: volts as f32,
            temperature: f32::NAN,
            current: -(CAPACITY_AH * 3_600.0 * DRAIN_PER_SEC) as f32,
            charge: (CAPACITY_AH * charge) as f32,
            capacity: CAPACITY_AH as f32,
            design_capacity: CAPACITY_AH as f32,
            percentage: charge as f32,
            power_supply_status: BatteryState::POWER_SUPPLY_STATUS_DISCHARGING,
            power_supply_health: BatteryState::POWER_SUPPLY_HEALTH_GOOD,
            power_supply_technology: BatteryState::POWER_SUPPLY_TECHNOLOGY_LION,
            present: true,
            ..BatteryState::default()
        };
        SensorMessage::new(stamp, Payload::Battery(battery))
    }
}

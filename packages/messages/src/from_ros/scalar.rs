//! Single values. In -> out: `Temperature`, `BatteryState`, `GasReading` -> finite numbers. NaN in a battery message means "not measured"
//! and stays that; it does not judge whether a value is plausible.

use super::{finite, frame, stamp};
use crate::rejection::quoted;
use crate::{Rejection, sensor_msgs, vedette_msgs};
use vedette_types::{Battery, Gas, Temperature};

pub(super) fn temperature(msg: &sensor_msgs::Temperature) -> Result<Temperature, Rejection> {
    let celsius = finite("temperature", msg.temperature)?;
    Ok(Temperature { stamp: stamp(&msg.header), frame: frame(&msg.header.frame_id)?, celsius })
}

/// A charge outside 0..=1 is dropped and not read as percent: at 1 and below the two could not be told apart.
pub(super) fn battery(msg: &sensor_msgs::BatteryState) -> Result<Battery, Rejection> {
    frame(&msg.header.frame_id)?;
    let volts = Some(f64::from(msg.voltage)).filter(|volts| volts.is_finite());
    let charge = Some(f64::from(msg.percentage)).filter(|charge| (0.0..=1.0).contains(charge));
    Ok(Battery { stamp: stamp(&msg.header), volts, charge })
}

/// The name goes into the prompt, hence the narrow alphabet: text from a topic is data and never an instruction.
pub(super) fn gas(msg: &vedette_msgs::GasReading) -> Result<Gas, Rejection> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if !(1..=32).contains(&msg.gas.len()) || !msg.gas.chars().all(is_name) {
        let text = quoted(&msg.gas);
        return Err(Rejection::BadName { what: "gas", wanted: "1 to 32 letters, digits or _ - .", text });
    }
    let ppm = finite("gas ppm", msg.ppm)?;
    if ppm < 0.0 {
        return Err(Rejection::OutOfRange { what: "gas ppm", wanted: "0 or more", value: ppm });
    }
    Ok(Gas { stamp: stamp(&msg.header), frame: frame(&msg.header.frame_id)?, gas: msg.gas.clone(), ppm })
}

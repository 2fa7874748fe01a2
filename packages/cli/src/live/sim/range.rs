//! A range finder that looks ahead. In -> out: a scan -> the nearest of its rays within a narrow cone, as an ultrasonic sensor in the
//! lidar's place would tell it. The records of a demo have none.

use vedette_messages::sensor_msgs::{LaserScan, Range};

/// Half of the opening angle: about that of small ultrasonic sensors, radians.
const HALF_CONE_RAD: f32 = 0.13;

/// What it says at the moment of `scan`.
pub(super) fn ahead(scan: &LaserScan) -> Range {
    let angle_rad = |ray: usize| scan.angle_min + scan.angle_increment * ray as f32;
    let within = scan.ranges.iter().enumerate().filter(|(ray, _)| angle_rad(*ray).abs() <= HALF_CONE_RAD);
    Range {
        header: scan.header.clone(),
        radiation_type: Range::ULTRASOUND,
        field_of_view: 2.0 * HALF_CONE_RAD,
        min_range: scan.range_min,
        max_range: scan.range_max,
        // +Inf nothing there, -Inf too near (REP 117): both are kept by `min`.
        range: within.map(|(_, range)| *range).fold(f32::INFINITY, f32::min),
        ..Range::default()
    }
}

#[cfg(test)]
mod tests {
    use super::ahead;
    use vedette_messages::sensor_msgs::LaserScan;
    use vedette_simulator::{Emission, Map, Payload, Scenario, SensorMessage, World};

    #[test]
    fn the_nearest_ray_ahead_counts_and_no_other() {
        let mut scan = LaserScan { angle_min: -1.0, angle_increment: 0.1, range_min: 0.1, range_max: 9.0, ..LaserScan::default() };
        scan.ranges = vec![f32::INFINITY; 21];
        assert_eq!(ahead(&scan).range, f32::INFINITY);
        (scan.ranges[10], scan.ranges[11], scan.ranges[12]) = (2.0, 1.5, 0.5);
        assert_eq!(ahead(&scan).range, 1.5, "the ray at 0.2 rad is outside");
        scan.ranges[9] = f32::NEG_INFINITY;
        assert_eq!(ahead(&scan).range, f32::NEG_INFINITY);
    }

    /// Below 0.3 m the guardian raises an alarm: on a patrol that keeps clear of everything it has no reason to.
    #[test]
    fn a_patrol_gives_no_reason_for_an_alarm() {
        for map in Map::BUNDLED {
            let mut world = World::new(Scenario::generate(&Map::bundled(map).expect("a map"), 1, 1.0).expect("a scenario"));
            let (mut emissions, mut nearest) = (Vec::new(), f32::INFINITY);
            while !world.is_finished() {
                world.step(&mut emissions);
                for emission in emissions.drain(..) {
                    if let Emission::Message(SensorMessage { payload: Payload::Scan(scan), .. }) = emission {
                        nearest = nearest.min(ahead(&scan).range);
                    }
                }
            }
            assert!((0.3..2.0).contains(&nearest), "{map}: {nearest} m");
        }
    }
}

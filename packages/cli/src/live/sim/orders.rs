//! What the simulated robot is told. In -> out: CDR of a command or a speed limit -> what it means for the base, or why it is refused.
//! Sideways and vertical parts of a command mean nothing to a differential drive.

use anyhow::{Result, ensure};
use vedette_messages::{RosMsg, geometry_msgs, nav2_msgs};
use vedette_simulator::{Velocity, World};

/// `geometry_msgs/msg/Twist`
pub(super) fn twist(cdr: &[u8]) -> Result<Velocity> {
    velocity(&geometry_msgs::Twist::from_cdr(cdr)?)
}

/// `geometry_msgs/msg/TwistStamped`; its stamp is the sender's affair, as its arrival is what the watchdog counts from.
pub(super) fn twist_stamped(cdr: &[u8]) -> Result<Velocity> {
    velocity(&geometry_msgs::TwistStamped::from_cdr(cdr)?.twist)
}

fn velocity(twist: &geometry_msgs::Twist) -> Result<Velocity> {
    let (speed_mps, yaw_rate_radps) = (twist.linear.x, twist.angular.z);
    let is_finite = speed_mps.is_finite() && yaw_rate_radps.is_finite();
    ensure!(is_finite, "linear.x and angular.z must be finite: got {speed_mps} and {yaw_rate_radps}");
    Ok(Velocity { speed_mps, yaw_rate_radps })
}

/// `nav2_msgs/msg/SpeedLimit` as Nav2's controllers read it: 0 is no limit. m/s.
pub(super) fn speed_limit_mps(cdr: &[u8]) -> Result<f64> {
    let nav2_msgs::SpeedLimit { percentage, speed_limit, .. } = nav2_msgs::SpeedLimit::from_cdr(cdr)?;
    ensure!(speed_limit.is_finite() && speed_limit >= 0.0, "a speed limit is 0, which is none, or above: got {speed_limit}");
    Ok(match (percentage, speed_limit) {
        (_, 0.0) => World::FULL_SPEED_MPS,
        (true, percent) => World::FULL_SPEED_MPS * percent / 100.0,
        (false, mps) => mps,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_messages::geometry_msgs::{Twist, TwistStamped, Vector3};

    #[test]
    fn both_forms_of_a_command_mean_the_same_and_no_number_is_refused() {
        let of = |x, z| Twist { linear: Vector3 { x, y: 9.0, z: 9.0 }, angular: Vector3 { x: 9.0, y: 9.0, z } };
        let wanted = Velocity { speed_mps: 0.2, yaw_rate_radps: -0.4 };
        assert_eq!(twist(&of(0.2, -0.4).to_cdr().expect("bytes")).expect("a command"), wanted);
        let stamped = TwistStamped { twist: of(0.2, -0.4), ..TwistStamped::default() };
        assert_eq!(twist_stamped(&stamped.to_cdr().expect("bytes")).expect("a command"), wanted);
        let refusal = twist(&of(f64::NAN, 0.0).to_cdr().expect("bytes")).expect_err("a refusal").to_string();
        assert_eq!(refusal, "linear.x and angular.z must be finite: got NaN and 0");
        assert!(twist(&[0, 1, 0, 0, 1, 2]).is_err(), "cut short");
    }

    #[test]
    fn a_limit_is_read_as_nav2_reads_it() {
        let of = |percentage, speed_limit| {
            let message = nav2_msgs::SpeedLimit { percentage, speed_limit, ..nav2_msgs::SpeedLimit::default() };
            speed_limit_mps(&message.to_cdr().expect("bytes")).ok()
        };
        let full = Some(World::FULL_SPEED_MPS);
        assert_eq!([of(false, 0.0), of(true, 0.0), of(true, 50.0), of(false, 0.3)], [full, full, full.map(|full| full / 2.0), Some(0.3)]);
        assert_eq!([of(false, f64::NAN), of(true, -1.0), of(false, f64::INFINITY)], [None; 3]);
    }
}

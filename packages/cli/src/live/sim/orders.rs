//! What the simulated robot is told. In -> out: CDR of a command or a speed limit -> what it means for the base, or why it is refused.
//! Sideways and vertical parts of a command mean nothing to a differential drive.

use anyhow::{Result, ensure};
use vedette_messages::{RosMsg, geometry_msgs, nav2_msgs};
use vedette_simulator::{Velocity, World};

/// A Twist is as long as this in CDR, header included; a TwistStamped has at least 16 bytes more.
const TWIST_BYTES: usize = 52;

/// `geometry_msgs/msg/Twist` or `TwistStamped`. RustDDS brings readers and writers together by the name of the topic alone, so either may come
/// by either subscription. The stamp is the sender's affair: the watchdog counts from the arrival.
pub(super) fn command(cdr: &[u8]) -> Result<Velocity> {
    velocity(&if cdr.len() <= TWIST_BYTES {
        geometry_msgs::Twist::from_cdr(cdr)?
    } else {
        geometry_msgs::TwistStamped::from_cdr(cdr)?.twist
    })
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
    use vedette_messages::to_ros;
    use vedette_types::{FrameId, Stamp};

    #[test]
    fn both_forms_of_a_command_mean_the_same_and_no_number_is_refused() {
        let of = |x, z| Twist { linear: Vector3 { x, y: 9.0, z: 9.0 }, angular: Vector3 { x: 9.0, y: 9.0, z } };
        let wanted = Velocity { speed_mps: 0.2, yaw_rate_radps: -0.4 };
        let plain = of(0.2, -0.4).to_cdr().expect("bytes");
        assert_eq!((plain.len(), command(&plain).expect("a command")), (TWIST_BYTES, wanted));
        for frame in ["", "base_link"] {
            let header = to_ros::header(Stamp::from_ros(1, 2), &FrameId::new(frame));
            let stamped = TwistStamped { header, twist: of(0.2, -0.4) }.to_cdr().expect("bytes");
            assert!(stamped.len() >= TWIST_BYTES + 16);
            assert_eq!(command(&stamped).expect("a command"), wanted, "{frame}");
        }
        let refusal = command(&of(f64::NAN, 0.0).to_cdr().expect("bytes")).expect_err("a refusal").to_string();
        assert_eq!(refusal, "linear.x and angular.z must be finite: got NaN and 0");
        assert!(command(&[0, 1, 0, 0, 1, 2]).is_err() && command(&plain[..40]).is_err(), "cut short");
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

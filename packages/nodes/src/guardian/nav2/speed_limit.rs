//! A speed limit for Nav2's controller. In -> out: responses and time -> messages of `speed_limit`. Off until a parameter turns it on.
//!
//! What Nav2 makes of such a message (nav2_controller, `speedLimitCallback`): 0 means *no limit*, so a stop is never 0; a limit has no end
//! and is not kept for late joiners, so it is said again while it holds, and taken back when it does not. The last writer wins: with
//! Nav2's SpeedFilter on the same topic one of the two must be off.

use super::Nav2Params;
use vedette_messages::nav2_msgs::SpeedLimit;
use vedette_messages::{std_msgs, to_ros};
use vedette_types::{Response, Stamp};

/// What was last said.
#[derive(Clone, Debug)]
pub(super) struct SpeedLimiter {
    params: Nav2Params,
    /// Since the start nothing was said: a limit of an earlier life of this node may still hold.
    said: Option<(Response, Stamp)>,
}

impl SpeedLimiter {
    pub(super) fn new(params: Nav2Params) -> Self {
        Self { params, said: None }
    }

    /// A decision was taken. The first one is always said, `continue` too: it takes back what a killed guardian left behind.
    pub(super) fn decide(&mut self, response: Response, now: Stamp) -> Option<SpeedLimit> {
        let is_same = self.said.is_some_and(|(said, _)| said == response);
        if !self.params.speed_limit_enabled || is_same {
            return None;
        }
        Some(self.say(response, now))
    }

    /// A limit that holds is said again when it is time to.
    pub(super) fn tick(&mut self, now: Stamp) -> Option<SpeedLimit> {
        let (response, at) = self.said?;
        let age_secs = now.secs_since(at);
        // Time that went back says it again as well.
        let is_due = age_secs >= self.params.repeat_secs || age_secs < 0.0;
        (response != Response::Continue && is_due).then(|| self.say(response, now))
    }

    /// Takes back a limit that holds.
    pub(super) fn release(&mut self, now: Stamp) -> Option<SpeedLimit> {
        let (response, _) = self.said.take()?;
        (response != Response::Continue).then(|| message(&self.params, Response::Continue, now))
    }

    fn say(&mut self, response: Response, now: Stamp) -> SpeedLimit {
        self.said = Some((response, now));
        message(&self.params, response, now)
    }
}

fn message(params: &Nav2Params, response: Response, now: Stamp) -> SpeedLimit {
    let (percentage, speed_limit) = match response {
        Response::Continue => (false, 0.0),
        Response::Limit => (false, params.limit_mps),
        Response::SlowDown => (true, params.slow_down_percent),
        Response::Stop => (true, params.stop_percent),
    };
    SpeedLimit { header: std_msgs::Header { stamp: to_ros::time(now), frame_id: String::new() }, percentage, speed_limit }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter() -> SpeedLimiter {
        SpeedLimiter::new(Nav2Params { speed_limit_enabled: true, ..Nav2Params::default() })
    }

    fn at(millis: i64) -> Stamp {
        Stamp::from_ros(100, 0).plus_millis(millis)
    }

    #[test]
    fn off_says_nothing() {
        let mut off = SpeedLimiter::new(Nav2Params::default());
        assert_eq!((off.decide(Response::Stop, at(0)), off.tick(at(5000)), off.release(at(6000))), (None, None, None));
    }

    #[test]
    fn only_no_limit_is_ever_zero() {
        for response in Response::ALL {
            let said = limiter().decide(*response, at(0)).expect("the first is said");
            assert_eq!(said.speed_limit == 0.0, *response == Response::Continue, "{response}");
        }
    }

    #[test]
    fn a_limit_is_repeated_while_it_holds_and_taken_back_once() {
        let mut limiter = limiter();
        assert!(limiter.decide(Response::SlowDown, at(0)).is_some_and(|m| m.percentage && m.speed_limit == 50.0));
        assert_eq!(limiter.decide(Response::SlowDown, at(100)), None);
        assert_eq!(limiter.tick(at(900)), None);
        assert!(limiter.tick(at(1000)).is_some() && limiter.tick(at(1900)).is_none() && limiter.tick(at(500)).is_some());
        assert!(limiter.decide(Response::Continue, at(2000)).is_some_and(|m| m.speed_limit == 0.0));
        assert_eq!((limiter.tick(at(9000)), limiter.release(at(9000))), (None, None));
    }

    #[test]
    fn leaving_takes_a_limit_back() {
        let mut limiter = limiter();
        limiter.decide(Response::Stop, at(0));
        assert!(limiter.release(at(10)).is_some_and(|m| !m.percentage && m.speed_limit == 0.0));
        assert_eq!(limiter.release(at(20)), None);
    }
}

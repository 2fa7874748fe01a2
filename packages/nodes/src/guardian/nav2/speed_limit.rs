//! A speed limit for Nav2's controller. In -> out: responses, limits of others, time -> messages of `speed_limit`. Off until a parameter turns it on.
//!
//! What Nav2 makes of such a message (nav2_controller, `speedLimitCallback`): 0 means *no limit*, so a stop is never 0; a limit has no end
//! and is not kept for late joiners, so it is said again while it holds, and taken back when it does not. The last writer wins, and Nav2's
//! SpeedFilter writes the same topic, when its limit changes and not again: it is heard, what is said is the stricter of both, and what is given
//! back in the end is the filter's.

use super::Nav2Params;
use std::collections::VecDeque;
use vedette_messages::nav2_msgs::SpeedLimit;
use vedette_messages::{std_msgs, to_ros};
use vedette_types::{Response, Stamp};

/// Own messages that may still come back from the topic.
const ECHOES: usize = 16;

/// What was last said.
#[derive(Clone, Debug)]
pub(super) struct SpeedLimiter {
    params: Nav2Params,
    /// Since the start nothing was said: a limit of an earlier life of this node may still hold.
    said: Option<(Response, Stamp)>,
    /// What somebody else last said; `None` is no limit.
    others: Option<Limit>,
    /// What was sent, to know it again on the topic.
    echoes: VecDeque<SpeedLimit>,
}

/// A limit in Nav2's two forms.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Limit {
    is_percentage: bool,
    value: f64,
}

impl SpeedLimiter {
    pub(super) fn new(params: Nav2Params) -> Self {
        Self { params, said: None, others: None, echoes: VecDeque::new() }
    }

    /// One that has said nothing, with what this one heard.
    pub(super) fn anew(&mut self, params: Nav2Params) -> Self {
        Self { params, said: None, others: self.others, echoes: std::mem::take(&mut self.echoes) }
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

    /// Takes back a limit that holds: what others said holds again.
    pub(super) fn release(&mut self, now: Stamp) -> Option<SpeedLimit> {
        let (response, _) = self.said.take()?;
        (response != Response::Continue).then(|| self.message(Response::Continue, now))
    }

    /// A message of the topic, our own among them. Where it took the place of a limit of ours that holds, the stricter of both is said.
    ///
    /// # Errors
    /// What is wrong with it; it counts as not said.
    pub(super) fn hear(&mut self, heard: &SpeedLimit, now: Option<Stamp>) -> Result<Option<SpeedLimit>, &'static str> {
        if self.echoes.contains(heard) {
            return Ok(None);
        }
        if !heard.speed_limit.is_finite() || heard.speed_limit < 0.0 {
            return Err("a speed limit must be a number and not below 0");
        }
        self.others = (heard.speed_limit > 0.0).then_some(Limit { is_percentage: heard.percentage, value: heard.speed_limit });
        let holding = self.said.map(|(response, _)| response).filter(|response| *response != Response::Continue);
        // What was said last and stands is not said again: two writers that both answer would never fall silent.
        let said = self.echoes.back().map(|said| (said.percentage, said.speed_limit));
        let holding = holding.filter(|response| {
            let next = self.stricter(ours(&self.params, *response), self.others);
            next != self.others || said != Some((heard.percentage, heard.speed_limit))
        });
        Ok(holding.zip(now).map(|(response, now)| self.say(response, now)))
    }

    fn say(&mut self, response: Response, now: Stamp) -> SpeedLimit {
        self.said = Some((response, now));
        self.message(response, now)
    }

    fn message(&mut self, response: Response, now: Stamp) -> SpeedLimit {
        let limit = self.stricter(ours(&self.params, response), self.others);
        let (percentage, speed_limit) = limit.map_or((false, 0.0), |limit| (limit.is_percentage, limit.value));
        let header = std_msgs::Header { stamp: to_ros::time(now), frame_id: String::new() };
        let message = SpeedLimit { header, percentage, speed_limit };
        if self.echoes.len() >= ECHOES {
            self.echoes.pop_front();
        }
        self.echoes.push_back(message.clone());
        message
    }

    fn stricter(&self, ours: Option<Limit>, others: Option<Limit>) -> Option<Limit> {
        let (Some(ours), Some(others)) = (ours, others) else { return ours.or(others) };
        let mps = |limit: Limit| if limit.is_percentage { limit.value / 100.0 * self.params.full_speed_mps } else { limit.value };
        Some(if mps(others) < mps(ours) { others } else { ours })
    }
}

fn ours(params: &Nav2Params, response: Response) -> Option<Limit> {
    match response {
        Response::Continue => None,
        Response::Limit => Some(Limit { is_percentage: false, value: params.limit_mps }),
        Response::SlowDown => Some(Limit { is_percentage: true, value: params.slow_down_percent }),
        Response::Stop => Some(Limit { is_percentage: true, value: params.stop_percent }),
    }
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

    fn filter(percentage: bool, speed_limit: f64) -> SpeedLimit {
        let header = std_msgs::Header { stamp: to_ros::time(at(7)), frame_id: "map".to_owned() };
        SpeedLimit { header, percentage, speed_limit }
    }

    #[test]
    fn what_was_heard_before_limits_were_on_counts() {
        let mut off = SpeedLimiter::new(Nav2Params::default());
        assert_eq!(off.hear(&filter(true, 20.0), Some(at(0))), Ok(None));
        let said = off.anew(Nav2Params { speed_limit_enabled: true, ..Nav2Params::default() }).decide(Response::SlowDown, at(10));
        assert!(said.is_some_and(|said| said.percentage && said.speed_limit == 20.0));
    }

    #[test]
    fn two_that_answer_each_other_fall_silent() {
        let (mut one, mut two) = (limiter(), limiter());
        two.decide(Response::Stop, at(0));
        let mut heard = one.decide(Response::SlowDown, at(0)).expect("said");
        for round in 0..10 {
            let answer = if round % 2 == 0 { two.hear(&heard, Some(at(1))) } else { one.hear(&heard, Some(at(1))) };
            match answer.expect("numbers") {
                Some(next) => heard = next,
                None => return assert_eq!((heard.percentage, heard.speed_limit, round), (true, 1.0, 2), "the stricter stands"),
            }
        }
        panic!("they go on for ever");
    }

    #[test]
    fn the_stricter_of_two_writers_is_said_and_the_other_given_back() {
        let mut limiter = limiter();
        let figures = |said: Option<SpeedLimit>| said.map(|said| (said.percentage, said.speed_limit));
        // Alone, the filter's word stands as it is.
        assert_eq!(limiter.hear(&filter(true, 20.0), Some(at(0))), Ok(None));
        // Ours is looser (50 %), then stricter; the filter's goes on behind it.
        assert_eq!(figures(limiter.decide(Response::SlowDown, at(10))), Some((true, 20.0)));
        let stop = limiter.decide(Response::Stop, at(20)).expect("said");
        assert_eq!((stop.percentage, stop.speed_limit), (true, 1.0));
        // Our own message comes back and is nobody else's.
        assert_eq!(limiter.hear(&stop, Some(at(25))), Ok(None));
        // The filter lifts its limit, and later sets one in m/s: each took the place of ours, which is said at once.
        assert_eq!(limiter.hear(&filter(false, 0.0), Some(at(30))).map(figures), Ok(Some((true, 1.0))));
        assert_eq!(limiter.hear(&filter(false, 0.2), Some(at(40))).map(figures), Ok(Some((true, 1.0))));
        // 0.2 m/s is stricter than 50 % of 0.5 m/s; in the end the filter's holds again.
        assert_eq!(figures(limiter.decide(Response::SlowDown, at(50))), Some((false, 0.2)));
        assert_eq!(figures(limiter.release(at(60))), Some((false, 0.2)));
        assert!(limiter.hear(&filter(true, f64::NAN), None).is_err() && limiter.hear(&filter(false, -1.0), None).is_err());
        let params = limiter.params.clone();
        assert_eq!(
            figures(limiter.anew(params).decide(Response::Continue, at(70))),
            Some((false, 0.2)),
            "what was heard outlives a change"
        );
    }
}

//! One side of a bond. In -> out: heartbeats of the other side and the time -> heartbeats to send, and whether the bond broke. Protocol and
//! times of bond_core as Nav2's lifecycle manager uses it: the id is the node's name, each side has an instance of its own.
//! Deliberately absent: the topic and the clock. Times are nanoseconds of a steady clock.

use vedette_messages::bond::Status;
use vedette_messages::std_msgs::Header;

/// Time between heartbeats.
const PERIOD_NANOS: i64 = 250_000_000;
/// Without a heartbeat of the other side for this long it is dead.
const TIMEOUT_NANOS: i64 = 4_000_000_000;
/// How long the end of a bond is announced.
const FAREWELL_NANOS: i64 = 2_000_000_000;

/// Where the other side stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sister {
    /// Never heard, or gone and waited for again.
    Awaited,
    /// Heard within the timeout.
    Alive,
}

/// One end.
#[derive(Clone, Debug)]
pub struct Bond {
    id: String,
    instance_id: String,
    sister: Sister,
    heard_nanos: i64,
    sent_nanos: Option<i64>,
    /// Set when this side ends the bond.
    farewell_since_nanos: Option<i64>,
}

impl Bond {
    /// A bond of the node `id`; `instance_id` differs between processes.
    pub fn new(id: &str, instance_id: String) -> Self {
        Self { id: id.to_owned(), instance_id, sister: Sister::Awaited, heard_nanos: 0, sent_nanos: None, farewell_since_nanos: None }
    }

    /// Where the other side stands.
    pub fn sister(&self) -> Sister {
        self.sister
    }

    /// A heartbeat from the topic. Those of other bonds and our own are not ours to judge.
    pub fn hear(&mut self, status: &Status, now_nanos: i64) {
        if status.id != self.id || status.instance_id == self.instance_id {
            return;
        }
        self.heard_nanos = now_nanos;
        self.sister = if status.active { Sister::Alive } else { Sister::Awaited };
    }

    /// Ends the bond: the end is announced until the other side has ended too, two seconds at most.
    pub fn end(&mut self, now_nanos: i64) {
        self.farewell_since_nanos.get_or_insert(now_nanos);
    }

    /// Whether nothing more is to be sent.
    pub fn is_over(&self, now_nanos: i64) -> bool {
        self.farewell_since_nanos
            .is_some_and(|since| (self.sent_nanos.is_some() && self.sister == Sister::Awaited) || now_nanos - since > FAREWELL_NANOS)
    }

    /// The heartbeat that is due. The second value is true once when the other side fell silent.
    pub fn tick(&mut self, now_nanos: i64) -> (Option<Status>, bool) {
        let is_broken = self.sister == Sister::Alive && now_nanos - self.heard_nanos > TIMEOUT_NANOS;
        if is_broken {
            // Waited for again: a lifecycle manager that was restarted bonds anew.
            self.sister = Sister::Awaited;
        }
        if self.sent_nanos.is_some_and(|sent| now_nanos - sent < PERIOD_NANOS) || self.is_over(now_nanos) {
            return (None, is_broken);
        }
        self.sent_nanos = Some(now_nanos);
        let status = Status {
            header: Header::default(),
            id: self.id.clone(),
            instance_id: self.instance_id.clone(),
            active: self.farewell_since_nanos.is_none(),
            heartbeat_timeout: 4.0,
            heartbeat_period: 0.25,
        };
        (Some(status), is_broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    fn beat(instance: &str, active: bool) -> Status {
        Status { id: "guardian".to_owned(), instance_id: instance.to_owned(), active, ..Status::default() }
    }

    #[test]
    fn heartbeats_are_a_period_apart_and_silence_breaks_the_bond_once() {
        let mut bond = Bond::new("guardian", "me".to_owned());
        let sent = (0..40).filter(|i| bond.tick(i * SECOND / 20).0.is_some()).count();
        assert_eq!((sent, bond.sister()), (8, Sister::Awaited));
        bond.hear(&beat("manager", true), 2 * SECOND);
        assert_eq!(bond.sister(), Sister::Alive);
        assert!(!bond.tick(6 * SECOND).1);
        assert!(bond.tick(6 * SECOND + 1).1 && !bond.tick(7 * SECOND).1);
        bond.hear(&beat("manager again", true), 8 * SECOND);
        assert_eq!(bond.sister(), Sister::Alive);
    }

    #[test]
    fn other_bonds_and_our_own_echo_are_not_heard() {
        let mut bond = Bond::new("guardian", "me".to_owned());
        bond.hear(&beat("me", true), 0);
        bond.hear(&Status { id: "agent".to_owned(), ..beat("manager", true) }, 0);
        assert_eq!(bond.sister(), Sister::Awaited);
    }

    #[test]
    fn the_end_is_announced_until_the_other_side_has_ended() {
        let mut bond = Bond::new("guardian", "me".to_owned());
        bond.hear(&beat("manager", true), 0);
        bond.end(SECOND);
        let farewell = bond.tick(SECOND).0.expect("farewell");
        assert!(!farewell.active && !bond.is_over(SECOND));
        bond.hear(&beat("manager", false), SECOND + 1);
        assert!(bond.is_over(SECOND + 2) && bond.tick(2 * SECOND).0.is_none());
        let mut alone = Bond::new("guardian", "me".to_owned());
        alone.end(0);
        assert!(alone.tick(0).0.is_some() && alone.is_over(0), "nobody has to hear it");
    }
}

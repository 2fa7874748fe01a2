//! Drives up to a hazard for a closer look, through Nav2's action `navigate_to_pose`. In -> out: what holds now (alerts, places, whether the robot
//! may drive), what Nav2 says, steady time -> at most one goal, its cancellation, and in words how it went.
//! Deliberately absent: DDS, and any goal while a stop or anything unknown stands. Off until a parameter turns it on.

use vedette_messages::action::NavigateToPose;
use vedette_messages::geometry_msgs::{Point, Pose, PoseStamped, Quaternion};
use vedette_messages::nav2_msgs::NavigateToPoseGoal;
use vedette_messages::{std_msgs, to_ros};
use vedette_ros::{GoalId, GoalState, GoalUpdate};
use vedette_types::Stamp;

/// Alerts whose inspection is remembered; the oldest is forgotten first.
const MOST_TRIED: usize = 64;

/// A way shorter than this is none: the robot sees the hazard from where it stands.
const SHORTEST_WAY_M: f64 = 0.5;

vedette_params::params! {
    /// Driving up to a hazard for a closer look. Off until turned on.
    pub struct InspectionParams: "inspection" {
        /// Whether Nav2 (`navigate_to_pose`) is sent to look at hazards that are answered with less than a stop. It replaces a goal that Nav2
        /// pursues for somebody else: turn it on only where the guardian may choose the robot's way.
        enabled: bool = false;
        /// How far before the hazard the robot stops.
        standoff_m: f64 = 1.5, range 0.3..=20.0, unit "m";
        /// Longest drive; then the goal is cancelled.
        goal_secs: f64 = 120.0, range 1.0..=3600.0, unit "s";
        /// How long Nav2 has to answer, and to be found.
        answer_secs: f64 = 5.0, range 0.5..=60.0, unit "s";
        /// An alert whose inspection found no Nav2 is tried again after this long. One that Nav2 took on is not.
        retry_secs: f64 = 60.0, range 1.0..=3600.0, unit "s";
    }
}

/// A hazard of an active alert that may be looked at.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Target {
    /// Id of the alert.
    pub(super) alert: String,
    /// On the map, metres.
    pub(super) at_m: [f64; 2],
}

/// What holds now.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    /// Why the robot must not drive for this, if it must not.
    pub(super) refusal: Option<String>,
    /// Worst first.
    pub(super) targets: Vec<Target>,
    /// Ids of the alerts that are active.
    pub(super) active: Vec<String>,
    /// The robot's base on the map; or why that is not known.
    pub(super) robot_m: Result<[f64; 2], String>,
    /// Whether there is an action server.
    pub(super) has_server: bool,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Wish {
    /// Ask Nav2 for a drive; tell [`Inspector::begun`].
    Drive { alert: String, at_m: [f64; 2], yaw_rad: f64 },
    /// Ask Nav2 to give a goal up.
    Cancel(GoalId),
    /// The same, and listen no more.
    Abandon(GoalId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nav2 has not answered.
    Asked,
    /// Nav2 drives.
    Driving,
    /// It is to give up.
    Cancelling,
}

#[derive(Clone, Debug)]
struct Drive {
    alert: String,
    goal: GoalId,
    stage: Stage,
    /// When the stage began, steady seconds.
    since_secs: f64,
    left_m: Option<f64>,
    /// Why it is to be given up.
    why: String,
}

/// One goal at most.
#[derive(Clone, Debug)]
pub(super) struct Inspector {
    params: InspectionParams,
    drive: Option<Drive>,
    /// Alerts that were tried, and when again, steady seconds.
    tried: Vec<(String, f64)>,
    /// Since when Nav2 is missed.
    missed_secs: Option<f64>,
    /// How the last one ended, and whether that is well.
    outcome: Option<(bool, String)>,
}

impl Inspector {
    pub(super) fn new(params: InspectionParams) -> Self {
        Self { params, drive: None, tried: Vec::new(), missed_secs: None, outcome: None }
    }

    /// Other parameters from now on.
    pub(super) fn set_params(&mut self, params: InspectionParams) {
        self.params = params;
    }

    pub(super) fn is_enabled(&self) -> bool {
        self.params.enabled
    }

    /// What is to be done at `now_secs`.
    pub(super) fn step(&mut self, now_secs: f64, scene: &Scene) -> Option<Wish> {
        let refusal = if self.params.enabled { scene.refusal.clone() } else { Some("it is turned off".to_owned()) };
        match &self.drive {
            Some(_) => self.watch(now_secs, refusal, scene),
            None if refusal.is_none() => self.choose(now_secs, scene),
            None => {
                self.missed_secs = None;
                None
            }
        }
    }

    /// The drive that was wished for is asked for as `goal`.
    pub(super) fn begun(&mut self, now_secs: f64, alert: String, goal: GoalId) {
        self.outcome = None;
        self.drive = Some(Drive { alert, goal, stage: Stage::Asked, since_secs: now_secs, left_m: None, why: String::new() });
    }

    /// The drive that was wished for could not be asked for.
    pub(super) fn failed(&mut self, now_secs: f64, alert: String, reason: &str) {
        self.conclude(false, format!("alert {alert}: Nav2 could not be asked: {reason}"));
        self.try_again(alert, now_secs + self.params.retry_secs);
    }

    /// Nav2 says something.
    pub(super) fn hear(&mut self, now_secs: f64, goal: GoalId, update: &GoalUpdate<'_, NavigateToPose>) {
        let Some(drive) = self.drive.as_mut().filter(|drive| drive.goal == goal) else { return };
        let alert = drive.alert.clone();
        let why = if drive.why.is_empty() { String::new() } else { format!(" ({})", drive.why) };
        let (is_well, text) = match update {
            GoalUpdate::Accepted => {
                if drive.stage == Stage::Asked {
                    (drive.stage, drive.since_secs) = (Stage::Driving, now_secs);
                }
                return;
            }
            GoalUpdate::Feedback(feedback) => {
                drive.left_m = Some(f64::from(feedback.distance_remaining)).filter(|left| left.is_finite());
                return;
            }
            // Its end follows, or the time for it runs out.
            GoalUpdate::Canceling(_) => return,
            GoalUpdate::Rejected => (false, "Nav2 rejected the goal".to_owned()),
            GoalUpdate::Ended(GoalState::Succeeded, _) => (true, "looked at".to_owned()),
            GoalUpdate::Ended(GoalState::Canceled, _) => (!drive.why.is_empty(), format!("cancelled{why}")),
            GoalUpdate::Ended(state, result) => {
                let code = result.filter(|result| result.error_code != 0);
                let code =
                    code.map_or_else(String::new, |result| format!(", error {} {}", result.error_code, printable(&result.error_msg)));
                (false, format!("Nav2 ended the goal as {}{code}{why}", state.word()))
            }
            GoalUpdate::Lost => (false, format!("Nav2 is gone{why}")),
        };
        self.drive = None;
        self.conclude(is_well, format!("alert {alert}: {text}"));
    }

    /// The outputs shut: the goal to be given up.
    pub(super) fn leave(&mut self, reason: &str) -> Option<GoalId> {
        let drive = self.drive.take()?;
        self.conclude(true, format!("alert {}: cancelled ({reason})", drive.alert));
        Some(drive.goal)
    }

    /// For `/diagnostics`: whether all is well, how it stands, and the figures.
    pub(super) fn report(&self) -> (bool, String, Vec<(&'static str, String)>) {
        if let Some(drive) = &self.drive {
            let (is_well, text) = match drive.stage {
                Stage::Asked => (true, "asked".to_owned()),
                Stage::Driving => (true, "drives".to_owned()),
                Stage::Cancelling => (true, format!("gives up ({})", drive.why)),
            };
            let left = drive.left_m.map_or_else(|| "not known".to_owned(), |left| format!("{left:.1}"));
            let values = vec![("goal", drive.goal.to_string()), ("alert", drive.alert.clone()), ("distance_remaining_m", left)];
            return (is_well, format!("alert {}: {text}", drive.alert), values);
        }
        match &self.outcome {
            _ if !self.params.enabled => (true, "turned off".to_owned(), Vec::new()),
            Some((is_well, text)) => (*is_well, text.clone(), Vec::new()),
            None => (true, "nothing to look at".to_owned(), Vec::new()),
        }
    }

    /// A drive under way goes on only while everything that allowed it holds.
    fn watch(&mut self, now_secs: f64, refusal: Option<String>, scene: &Scene) -> Option<Wish> {
        let InspectionParams { answer_secs, goal_secs, .. } = self.params;
        let drive = self.drive.as_mut()?;
        let (goal, alert, age_secs) = (drive.goal, drive.alert.clone(), now_secs - drive.since_secs);
        match drive.stage {
            Stage::Cancelling if age_secs >= answer_secs => {
                let text = format!("alert {alert}: Nav2 did not say that it gave up ({})", drive.why);
                self.drive = None;
                self.conclude(false, text);
                return Some(Wish::Abandon(goal));
            }
            Stage::Cancelling => return None,
            Stage::Asked if age_secs >= answer_secs => {
                self.drive = None;
                self.conclude(false, format!("alert {alert}: Nav2 did not answer within {answer_secs} s"));
                // It may have taken the goal on all the same.
                self.try_again(alert, now_secs + self.params.retry_secs);
                return Some(Wish::Abandon(goal));
            }
            Stage::Asked | Stage::Driving => {}
        }
        let is_over = || (!scene.active.contains(&alert)).then(|| "the alert is over".to_owned());
        let is_late = || (drive.stage == Stage::Driving && age_secs >= goal_secs).then(|| format!("it took longer than {goal_secs} s"));
        let why = refusal.or_else(is_over).or_else(is_late)?;
        tracing::info!("inspection of {alert} is given up: {why}");
        (drive.stage, drive.since_secs, drive.why) = (Stage::Cancelling, now_secs, why);
        Some(Wish::Cancel(goal))
    }

    fn choose(&mut self, now_secs: f64, scene: &Scene) -> Option<Wish> {
        self.tried.retain(|(alert, _)| scene.active.contains(alert));
        let is_due = |target: &&Target| !self.tried.iter().any(|(alert, again)| *alert == target.alert && now_secs < *again);
        let Some(target) = scene.targets.iter().find(is_due).cloned() else {
            self.missed_secs = None;
            return None;
        };
        let robot_m = scene.robot_m.as_ref().ok()?;
        let (at_m, yaw_rad) = vantage(*robot_m, target.at_m, self.params.standoff_m)?;
        if !scene.has_server {
            let missed = *self.missed_secs.get_or_insert(now_secs);
            if now_secs - missed >= self.params.answer_secs {
                self.missed_secs = None;
                self.conclude(false, format!("alert {}: no action server navigate_to_pose", target.alert));
                self.try_again(target.alert, now_secs + self.params.retry_secs);
            }
            return None;
        }
        self.missed_secs = None;
        self.try_again(target.alert.clone(), f64::INFINITY);
        Some(Wish::Drive { alert: target.alert, at_m, yaw_rad })
    }

    fn try_again(&mut self, alert: String, at_secs: f64) {
        self.tried.retain(|(tried, _)| *tried != alert);
        if self.tried.len() >= MOST_TRIED {
            self.tried.remove(0);
        }
        self.tried.push((alert, at_secs));
    }

    fn conclude(&mut self, is_well: bool, text: String) {
        if is_well {
            tracing::info!("inspection: {text}");
        } else {
            tracing::warn!("inspection: {text}");
        }
        self.outcome = Some((is_well, text));
    }
}

/// Where to look from and in which direction: on the straight line, `standoff_m` before the hazard. `None` where the robot is there already.
fn vantage(robot_m: [f64; 2], hazard_m: [f64; 2], standoff_m: f64) -> Option<([f64; 2], f64)> {
    let [dx, dy] = [hazard_m[0] - robot_m[0], hazard_m[1] - robot_m[1]];
    let distance_m = dx.hypot(dy);
    if !distance_m.is_finite() || distance_m < standoff_m + SHORTEST_WAY_M {
        return None;
    }
    let share = standoff_m / distance_m;
    Some(([hazard_m[0] - dx * share, hazard_m[1] - dy * share], dy.atan2(dx)))
}

/// The goal for Nav2, with its default behaviour tree.
pub(super) fn goal(now: Stamp, map_frame: &str, [x, y]: [f64; 2], yaw_rad: f64) -> NavigateToPoseGoal {
    let header = std_msgs::Header { stamp: to_ros::time(now), frame_id: map_frame.to_owned() };
    let (z, w) = (0.5 * yaw_rad).sin_cos();
    let pose = Pose { position: Point { x, y, z: 0.0 }, orientation: Quaternion { x: 0.0, y: 0.0, z, w } };
    NavigateToPoseGoal { pose: PoseStamped { header, pose }, behavior_tree: String::new() }
}

/// A text from outside, short and on one line.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use vedette_messages::nav2_msgs::{NavigateToPoseFeedback, NavigateToPoseResult};

    const GOAL: GoalId = GoalId([7; 16]);

    fn scene() -> Scene {
        let target = Target { alert: "smoke-1".to_owned(), at_m: [4.0, 3.0] };
        Scene { refusal: None, active: vec![target.alert.clone()], targets: vec![target], robot_m: Ok([0.0, 0.0]), has_server: true }
    }

    fn inspector() -> Inspector {
        Inspector::new(InspectionParams { enabled: true, ..InspectionParams::default() })
    }

    /// One that drives since second 0.
    fn driving() -> Inspector {
        let mut inspector = inspector();
        assert!(matches!(inspector.step(0.0, &scene()), Some(Wish::Drive { .. })));
        inspector.begun(0.0, "smoke-1".to_owned(), GOAL);
        inspector.hear(0.0, GOAL, &GoalUpdate::Accepted);
        inspector
    }

    fn said(inspector: &Inspector) -> (bool, String) {
        let (is_well, text, _) = inspector.report();
        (is_well, text)
    }

    #[test]
    fn it_looks_from_before_the_hazard_and_once_an_alert() {
        let mut off = Inspector::new(InspectionParams::default());
        assert_eq!((off.step(0.0, &scene()), said(&off).1.as_str()), (None, "turned off"));
        let mut inspector = inspector();
        let Some(Wish::Drive { at_m: [x, y], yaw_rad, .. }) = inspector.step(0.0, &scene()) else { panic!("no drive") };
        assert!((x - 2.8).abs() < 1e-9 && (y - 2.1).abs() < 1e-9 && (yaw_rad - 0.75_f64.atan()).abs() < 1e-9, "{x} {y} {yaw_rad}");
        inspector.begun(0.0, "smoke-1".to_owned(), GOAL);
        assert_eq!(inspector.step(1.0, &scene()), None, "one goal at most");
        inspector.hear(1.0, GOAL, &GoalUpdate::Accepted);
        let feedback = NavigateToPoseFeedback { distance_remaining: 2.5, ..NavigateToPoseFeedback::default() };
        inspector.hear(1.0, GOAL, &GoalUpdate::Feedback(&feedback));
        assert!(inspector.report().2.contains(&("distance_remaining_m", "2.5".to_owned())));
        inspector.hear(2.0, GOAL, &GoalUpdate::Ended(GoalState::Succeeded, None));
        assert_eq!(said(&inspector), (true, "alert smoke-1: looked at".to_owned()));
        assert_eq!(inspector.step(1e6, &scene()), None, "it was looked at");
    }

    #[test]
    fn nothing_is_driven_to_where_something_is_missing() {
        let nowhere = |scene: &Scene| inspector().step(0.0, scene);
        assert_eq!(nowhere(&Scene { refusal: Some("a stop stands".to_owned()), ..scene() }), None);
        assert_eq!(nowhere(&Scene { targets: Vec::new(), ..scene() }), None);
        assert_eq!(nowhere(&Scene { robot_m: Err("no transform".to_owned()), ..scene() }), None);
        assert_eq!(nowhere(&Scene { robot_m: Ok([3.0, 2.0]), ..scene() }), None, "near enough");
        assert_eq!(nowhere(&Scene { robot_m: Ok([f64::NAN, 2.0]), ..scene() }), None);
    }

    #[test]
    fn what_ends_its_reasons_ends_the_goal() {
        for (change, why) in [
            (Scene { refusal: Some("a stop stands".to_owned()), ..scene() }, "a stop stands"),
            (Scene { active: Vec::new(), targets: Vec::new(), ..scene() }, "the alert is over"),
        ] {
            let mut inspector = driving();
            assert_eq!(inspector.step(1.0, &change), Some(Wish::Cancel(GOAL)));
            assert_eq!(inspector.step(1.1, &scene()), None, "asked once");
            inspector.hear(2.0, GOAL, &GoalUpdate::Canceling(true));
            inspector.hear(2.0, GOAL, &GoalUpdate::Ended(GoalState::Canceled, None));
            assert_eq!(said(&inspector), (true, format!("alert smoke-1: cancelled ({why})")));
        }
        let mut inspector = driving();
        assert_eq!(inspector.step(120.0, &scene()), Some(Wish::Cancel(GOAL)));
        assert_eq!(inspector.step(125.0, &scene()), Some(Wish::Abandon(GOAL)));
        assert!(said(&inspector).1.contains("did not say that it gave up (it took longer than 120 s)"));
        let mut inspector = driving();
        inspector.set_params(InspectionParams::default());
        assert_eq!(inspector.step(1.0, &scene()), Some(Wish::Cancel(GOAL)), "turned off");
        assert_eq!(driving().leave("inactive"), Some(GOAL));
        assert_eq!(Inspector::new(InspectionParams::default()).leave("inactive"), None, "nothing to give up");
    }

    #[test]
    fn a_nav2_that_is_not_there_is_told_and_not_waited_for() {
        let mut inspector = inspector();
        let alone = Scene { has_server: false, ..scene() };
        assert_eq!((inspector.step(0.0, &alone), inspector.step(4.9, &alone)), (None, None));
        assert_eq!(said(&inspector).1, "nothing to look at");
        assert_eq!(inspector.step(5.0, &alone), None);
        assert_eq!(said(&inspector), (false, "alert smoke-1: no action server navigate_to_pose".to_owned()));
        assert_eq!(inspector.step(64.9, &scene()), None, "not before its time");
        assert!(inspector.step(65.0, &scene()).is_some());
    }

    #[test]
    fn what_nav2_says_is_told() {
        let result = NavigateToPoseResult { error_code: 9003, error_msg: "too\nlate".to_owned() };
        for (update, text) in [
            (GoalUpdate::Rejected, "alert smoke-1: Nav2 rejected the goal"),
            (GoalUpdate::Ended(GoalState::Aborted, Some(&result)), "alert smoke-1: Nav2 ended the goal as aborted, error 9003 toolate"),
            (GoalUpdate::Ended(GoalState::Unknown, None), "alert smoke-1: Nav2 ended the goal as unknown"),
            (GoalUpdate::Ended(GoalState::Canceled, None), "alert smoke-1: cancelled"),
            (GoalUpdate::Lost, "alert smoke-1: Nav2 is gone"),
        ] {
            let mut inspector = driving();
            inspector.hear(1.0, GoalId([8; 16]), &update);
            assert_eq!(said(&inspector).1, "alert smoke-1: drives", "of another goal");
            inspector.hear(1.0, GOAL, &update);
            assert_eq!(said(&inspector), (false, text.to_owned()));
        }
        let mut inspector = inspector();
        assert!(inspector.step(0.0, &scene()).is_some());
        inspector.begun(0.0, "smoke-1".to_owned(), GOAL);
        assert_eq!(inspector.step(5.0, &scene()), Some(Wish::Abandon(GOAL)), "no answer");
        assert!(said(&inspector).1.ends_with("did not answer within 5 s"));
    }

    proptest! {
        #[test]
        fn there_is_never_more_than_one_goal_and_none_while_it_is_refused(
            events in prop::collection::vec((0u8..8, any::<bool>(), any::<bool>(), any::<bool>()), 0..200)
        ) {
            let (mut inspector, mut open, mut number) = (inspector(), None::<GoalId>, 0u8);
            for (second, (event, refused, active, has_server)) in events.into_iter().enumerate() {
                let now = second as f64 * 3.0;
                let mut scene = Scene { refusal: refused.then(|| "no".to_owned()), has_server, ..scene() };
                if !active {
                    (scene.active, scene.targets) = (Vec::new(), Vec::new());
                }
                match inspector.step(now, &scene) {
                    Some(Wish::Drive { alert, .. }) => {
                        prop_assert!(open.is_none() && !refused && active && has_server);
                        number = number.wrapping_add(1);
                        open = Some(GoalId([number; 16]));
                        inspector.begun(now, alert, GoalId([number; 16]));
                    }
                    Some(Wish::Cancel(goal)) => prop_assert_eq!(open, Some(goal)),
                    Some(Wish::Abandon(goal)) => prop_assert_eq!(open.take(), Some(goal)),
                    None => {}
                }
                if let Some(goal) = open {
                    let update = match event {
                        0 => GoalUpdate::Accepted,
                        1 => GoalUpdate::Canceling(true),
                        2 => GoalUpdate::Ended(GoalState::Aborted, None),
                        3 => GoalUpdate::Lost,
                        _ => continue,
                    };
                    if event > 1 {
                        open = None;
                    }
                    inspector.hear(now, goal, &update);
                }
            }
        }
    }
}

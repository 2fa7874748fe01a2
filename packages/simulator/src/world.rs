//! A patrol as it happens. In -> out: a scenario, one step after the other, and what the robot was told to do -> sensor messages, camera
//! shots, and (by its own door) the truth. A world can be cloned at any step and goes on the same way. It renders nothing: a shot holds what
//! is needed for that.

pub(crate) mod air;
mod helm;

use crate::{
    footprint::Footprint,
    random::Random,
    robot::{CRUISE_MPS, FloorPose, Robot, Velocity},
    route::ROBOT_RADIUS_M,
    scenario::{HazardEvent, Scenario},
    scene::{Scene, Thing, Visible},
    sensors::{CameraShot, SensorMessage, Sensors, camera_shot},
    severity::severity_of,
    truth::{HazardTruth, Truth},
};
use helm::Helm;
use std::sync::Arc;
use vedette_types::{KindId, Response, Severity, Stamp};

/// Stamp of the start of a patrol where nothing else is said: 2023-11-14, far from zero and from 2038.
const START: Stamp = Stamp::from_ros(1_700_000_000, 0);
/// Steps between two decisions of the robot's own steering: 20 Hz.
const STEER_STEPS: u64 = 10;
/// The robot waits when something solid is nearer than this to its way ahead, metres. Less than what placement keeps free.
const WAIT_WITHIN_M: f64 = 0.3;
/// How far it looks for that beyond the point it follows, metres: it comes to rest about 0.8 m before the body.
const WAIT_AHEAD_M: f64 = 0.25;
/// A danger that is over stays in the truth for so long, seconds.
const TRUTH_AFTERGLOW_SECS: f64 = 5.0;
/// Beyond this nothing is in the field of view, metres.
const VIEW_RANGE_M: f64 = 12.0;

/// What one step brought about.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "49 of 50 emissions are messages: boxing them would cost more than the room")]
pub enum Emission {
    /// A message of a sensor.
    Message(SensorMessage),
    /// The camera fired: render `scene` as `camera` and make the message with [`crate::compressed_image`].
    Shot(Box<CameraShot>),
}

/// What never changes after the start.
#[derive(Debug)]
struct Fixed {
    scenario: Scenario,
    /// Bodies of the harmless things.
    bodies: Vec<Footprint>,
    /// Bodies of the dangers that have one, by index into the scenario's hazards.
    hazard_bodies: Vec<(usize, Footprint)>,
}

impl Fixed {
    /// Bodies that stand in the building at a time.
    fn bodies_at(&self, secs: f64) -> impl Iterator<Item = &Footprint> {
        let is_there = move |index: usize| self.scenario.hazards.get(index).is_some_and(|event| event.is_active_at(secs));
        let hazards = self.hazard_bodies.iter().filter(move |(index, _)| is_there(*index)).map(|(_, body)| body);
        self.bodies.iter().chain(hazards)
    }
}

/// A patrol under way.
#[derive(Clone, Debug)]
pub struct World {
    fixed: Arc<Fixed>,
    /// Stamp of step 0.
    start: Stamp,
    /// Steps since the start; `None` before the first, which only opens time at 0.
    step: Option<u64>,
    robot: Robot,
    helm: Helm,
    is_waiting: bool,
    sensors: Sensors,
}

impl World {
    /// Speed of the robot on an open stretch with no limit, m/s.
    pub const FULL_SPEED_MPS: f64 = CRUISE_MPS;

    /// Length of a step, nanoseconds: 200 Hz.
    pub const STEP_NANOS: i64 = 5_000_000;

    /// At the start of `scenario`, robot at rest.
    pub fn new(scenario: Scenario) -> Self {
        let robot = Robot::at_start(&scenario.route);
        let sensors = Sensors::new(&scenario, &robot);
        let bodies = scenario.things.iter().filter_map(Footprint::of).collect();
        let hazard_body = |(i, event): (usize, &HazardEvent)| Some((i, Footprint::of(&thing(event, 0.0))?));
        let hazard_bodies = scenario.hazards.iter().enumerate().filter(|(_, event)| event.is_visible).filter_map(hazard_body).collect();
        let fixed = Arc::new(Fixed { scenario, bodies, hazard_bodies });
        Self { fixed, start: START, step: None, robot, helm: Helm::default(), is_waiting: false, sensors }
    }

    /// Goes on by [`World::STEP_NANOS`] and appends what the sensors say at the new time. The first call stays at time 0, so that the first
    /// messages carry the start.
    pub fn step(&mut self, emissions: &mut Vec<Emission>) {
        let step = self.step.map_or(0, |step| step + 1);
        self.step = Some(step);
        if step > 0 {
            if step % STEER_STEPS == 1 {
                self.steer(step);
            }
            self.advance();
        }
        self.sense(step, emissions);
    }

    /// Whether the patrol is over; stepping on is allowed.
    pub fn is_finished(&self) -> bool {
        self.elapsed_secs() >= self.scenario().duration_secs
    }

    /// Seconds since the start.
    pub fn elapsed_secs(&self) -> f64 {
        self.stamp().secs_since(self.start)
    }

    /// The present time.
    pub fn stamp(&self) -> Stamp {
        self.start.plus_nanos(self.step.unwrap_or(0) as i64 * Self::STEP_NANOS)
    }

    /// The present moment is called `stamp` from now on; messages that are said already keep theirs.
    pub fn set_stamp(&mut self, stamp: Stamp) {
        self.start = self.start.plus_nanos(stamp.nanos_since(self.stamp()));
    }

    /// What the robot was told: it keeps to it on its patrol until told otherwise.
    pub fn set_speed_limit(&mut self, response: Response) {
        self.limit_speed(match response {
            Response::Continue => CRUISE_MPS,
            Response::Limit => 0.6 * CRUISE_MPS,
            Response::SlowDown => 0.4 * CRUISE_MPS,
            Response::Stop => 0.0,
        });
    }

    /// The speed that the patrol keeps to until told otherwise, m/s; [`World::FULL_SPEED_MPS`] and above is no limit.
    pub fn limit_speed(&mut self, limit_mps: f64) {
        self.helm.limit_mps = limit_mps;
    }

    /// Drives as wanted from now on, the patrol is left for good. A base that hears nothing for 0.5 s stops. It stands still before walls and
    /// bodies, and goes no faster than it can.
    pub fn drive(&mut self, wanted: Velocity) {
        self.helm.command(wanted, self.step.unwrap_or(0));
    }

    /// Whether [`World::drive`] has been called.
    pub fn is_driven(&self) -> bool {
        self.helm.is_commanded()
    }

    /// The scenario that is played.
    pub fn scenario(&self) -> &Scenario {
        &self.fixed.scenario
    }

    /// Whether the robot stands because something solid is in its way.
    pub fn is_waiting(&self) -> bool {
        self.is_waiting
    }

    /// Where the robot really is. Part of the truth: not for anything that runs on the robot.
    pub fn true_pose(&self) -> FloorPose {
        self.robot.pose
    }

    /// What a camera could see now.
    pub fn scene(&self) -> Scene {
        let (scenario, secs) = (self.scenario(), self.elapsed_secs());
        let hazards = scenario.hazards.iter().filter(|event| event.is_visible && event.is_active_at(secs));
        let mut things: Vec<Thing> = hazards.map(|event| thing(event, secs)).collect();
        things.extend(scenario.things.iter().map(|thing| Thing { phase_secs: secs, ..thing.clone() }));
        Scene {
            building: Arc::clone(scenario.map.building()),
            things,
            lights: scenario.lights.clone(),
            ambient: scenario.ambient,
            appearance_seed: scenario.appearance_seed,
            backdrop: None,
        }
    }

    /// The camera as it stands now, with the sensor noise of this moment.
    pub fn camera(&self) -> crate::scene::Camera {
        let noise_seed = Random::new(self.scenario().seed ^ self.step.unwrap_or(0), "camera").bits();
        crate::sensors::camera_at(&self.robot.pose, self.scenario().exposure, noise_seed)
    }

    /// What is really there, with what of it is in the picture when that is known. Not for anything that runs on the robot.
    pub fn truth(&self, visible: Option<&[Visible]>) -> Truth {
        let secs = self.elapsed_secs();
        let is_told = |event: &&HazardEvent| (event.onset_secs..event.end_secs + TRUTH_AFTERGLOW_SECS).contains(&secs);
        let hazards = self.scenario().hazards.iter().filter(is_told).map(|event| self.hazard_truth(event, secs)).collect();
        let mut truth = Truth { stamp: self.stamp(), robot: self.robot.pose, hazards };
        if let Some(visible) = visible {
            truth.add_visible(visible);
        }
        truth
    }

    fn hazard_truth(&self, event: &HazardEvent, secs: f64) -> HazardTruth {
        let (floor, camera) = (&self.scenario().map.floor, self.camera());
        let eye = FloorPose { x_m: camera.position_m[0], y_m: camera.position_m[1], yaw_rad: camera.yaw_rad };
        let (distance_m, bearing_rad) = eye.sight(event.position_m);
        let is_active = event.is_active_at(secs);
        let is_in_view = is_active
            && event.is_visible
            && distance_m < VIEW_RANGE_M
            && bearing_rad.abs() < 0.5 * camera.horizontal_fov_rad
            && floor.is_line_free(eye.position_m(), event.position_m);
        let at = self.robot.pose.position_m();
        let kind = event.look.kind().unwrap_or_else(|| KindId::new("none"));
        HazardTruth {
            id: event.id,
            kind: if self.scenario().is_truth_wrong { crate::truth::wrong_kind(&kind) } else { kind },
            position_m: event.position_m,
            stage: event.stage_at(secs),
            // Every event has a hazardous look; the worst is said of one that has not.
            severity: severity_of(event.look, event.stage_at(secs)).unwrap_or(Severity::High),
            is_active,
            distance_m,
            bearing_rad,
            in_field_of_view: is_in_view,
            bbox_xywh: None,
            pixels: None,
            ppm: air::is_gas(event).then(|| air::leak_ppm(self.scenario(), event, at, secs)),
            noticeable_ppm: air::is_gas(event).then(|| self.scenario().gas.noticeable_ppm()),
            rise_celsius: air::is_hot(event).then(|| air::rise_celsius(self.scenario(), event, at, secs)),
        }
    }

    fn steer(&mut self, step: u64) {
        if let Some(wanted) = self.helm.wanted(step) {
            self.is_waiting = false;
            return self.robot.obey(wanted);
        }
        self.is_waiting = self.is_way_blocked();
        let limit_mps = if self.is_waiting { 0.0 } else { self.helm.limit_mps };
        let fixed = Arc::clone(&self.fixed);
        self.robot.steer(&fixed.scenario.route, limit_mps);
    }

    fn advance(&mut self) {
        let before_m = self.robot.pose.position_m();
        self.robot.advance(Self::STEP_NANOS as f64 * 1e-9);
        // A patrol keeps clear by itself; whoever drives from outside may try to go through a wall.
        if self.helm.is_commanded() {
            let gap_m = self.gap_m(self.robot.pose.position_m());
            if gap_m < ROBOT_RADIUS_M && gap_m < self.gap_m(before_m) {
                self.robot.bump(before_m);
            }
        }
    }

    /// From a point to the nearest wall or body, metres.
    fn gap_m(&self, at_m: [f64; 2]) -> f64 {
        let bodies = self.fixed.bodies_at(self.elapsed_secs()).map(|body| body.distance_m(at_m));
        bodies.fold(self.scenario().map.floor.clearance_m(at_m), f64::min)
    }

    /// What every base controller does, hazards or not: it does not drive into solid things. They end, and the patrol goes on.
    fn is_way_blocked(&self) -> bool {
        let ahead_m = self.robot.way_ahead_m(WAIT_AHEAD_M);
        let route = &self.scenario().route;
        let step_m = 0.1;
        let count = ((ahead_m.end - ahead_m.start) / step_m) as usize;
        let mut near = self.fixed.bodies_at(self.elapsed_secs()).filter(|body| {
            let [dx, dy] = [0, 1].map(|axis| body.middle_m()[axis] - self.robot.pose.position_m()[axis]);
            dx.hypot(dy) < body.radius_m() + 2.5
        });
        near.any(|body| (0..=count).any(|i| body.distance_m(route.at(ahead_m.start + step_m * i as f64).0) < WAIT_WITHIN_M))
    }

    fn sense(&mut self, step: u64, emissions: &mut Vec<Emission>) {
        let (stamp, secs) = (self.stamp(), self.elapsed_secs());
        let fixed = Arc::clone(&self.fixed);
        let scenario = &fixed.scenario;
        let mut say = |message| emissions.push(Emission::Message(message));
        if self.sensors.is_due(step, crate::sensors::AIR_STEPS) {
            let at = self.robot.pose.position_m();
            self.sensors.breathe(air::ppm(scenario, at, secs), air::celsius(scenario, at, secs));
        }
        self.sensors.sample(step, stamp, &self.robot, &mut say);
        if self.sensors.is_due(step, crate::sensors::SCAN_STEPS) {
            say(self.sensors.scan(stamp, &scenario.map.floor, fixed.bodies_at(secs), &self.robot.pose));
        }
        if self.sensors.is_due(step, crate::sensors::CAMERA_STEPS) {
            emissions.push(Emission::Message(crate::sensors::camera_info(stamp)));
            emissions.push(Emission::Shot(Box::new(camera_shot(stamp, self.scene(), self.camera()))));
        }
    }
}

fn thing(event: &HazardEvent, secs: f64) -> Thing {
    Thing {
        id: event.id,
        look: event.look,
        form: event.form,
        position_m: event.position_m,
        heading_rad: event.heading_rad,
        stage: event.stage_at(secs) as f32,
        // Flicker and drift count from the onset; a puddle does not care.
        phase_secs: (secs - event.onset_secs).max(0.0),
        seed: event.seed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::Map;

    #[test]
    fn the_robot_touches_nothing() {
        for (name, seed) in Map::BUNDLED.into_iter().flat_map(|name| (0..8).map(move |seed| (name, seed))) {
            let map = Map::bundled(name).expect("a map");
            let mut world = World::new(Scenario::generate(&map, seed, 1.5).expect("a scenario"));
            let mut emissions = Vec::new();
            while !world.is_finished() {
                world.step(&mut emissions);
                emissions.clear();
                let at = world.robot.pose.position_m();
                assert!(map.floor.clearance_m(at) > ROBOT_RADIUS_M, "{name} {seed}: wall at {at:?}");
                let gap = world.fixed.bodies_at(world.elapsed_secs()).map(|body| body.distance_m(at)).fold(f64::INFINITY, f64::min);
                assert!(gap > ROBOT_RADIUS_M, "{name} {seed}: {gap} m from a body after {} s", world.elapsed_secs());
            }
        }
    }
}

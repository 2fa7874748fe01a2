//! `vedette_sim`: the simulated robot as a node. In -> out: a patrol, the steady clock, `cmd_vel` and `speed_limit` -> sensor topics, `/clock`
//! where it is wanted, and the truth on a topic that nothing on a robot reads. The world is the demo's, paced.
//! It lives here and not beside the other nodes, because nothing that runs on a robot may use the simulator.
//! Deliberately absent: catching up. A world that falls behind goes on slower, and a camera that is busy misses a shot.

mod camera;
mod orders;
mod outputs;
mod pace;
mod range;

pub(super) use camera::Pictures;

use anyhow::{Context, Result};
use camera::Camera;
use outputs::Outputs;
use pace::Pace;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use vedette_messages::diagnostic_msgs::DiagnosticStatus;
use vedette_messages::topics;
use vedette_nodes::{Program, Refused};
use vedette_ros::{Node, NodeEvent, Outcome, State, Subscription, Transition};
use vedette_simulator::{Emission, Scenario, Velocity, World};

/// A world that stands is looked after this often.
const REST: Duration = Duration::from_millis(100);

/// What is played, and how.
pub(super) struct Setup {
    pub(super) scenario: Scenario,
    /// Threads of the renderer.
    pub(super) threads: usize,
    pub(super) pictures: Pictures,
    /// Simulated seconds a second.
    pub(super) rate: f64,
    /// Whether time is the world's own and goes out on `/clock`; otherwise it is the node's.
    pub(super) has_clock: bool,
}

/// The node.
pub(super) struct SimNode {
    node: Node,
    world: World,
    camera: Camera,
    pace: Pace,
    out: Outputs,
    /// The other subscriptions are commands.
    speed_limit: Subscription,
    has_clock: bool,
    /// Whether the world's stamps follow the time that they are to follow.
    is_on_time: bool,
    refused: Refused,
    /// Pictures that went out, and shots that the camera missed.
    pictures: u64,
    missed: u64,
    /// How often the world fell behind.
    delays: u64,
    started: Instant,
    /// Ends the process.
    stop: Arc<AtomicBool>,
}

impl SimNode {
    /// Name of the node.
    pub(super) const NAME: &'static str = "vedette_sim";

    /// The node with its topics; the world stands until the node is active.
    pub(super) fn open(program: &Program, setup: Setup) -> Result<Self> {
        let mut node = program.open(Self::NAME, &mut [])?;
        let out = Outputs::open(&mut node, &setup)?;
        // Writers look for a reader of their type; what is heard tells itself apart.
        let (plain, stamped) = (topics::CMD_VEL, topics::CMD_VEL_STAMPED);
        node.subscribe(plain.name, plain.type_name, plain.qos)?;
        if let Err(error) = node.subscribe(stamped.name, stamped.type_name, stamped.qos) {
            // Some middlewares have one type a topic, rmw_fastrtps among them.
            tracing::warn!("{} drives the robot, {} does not: {error}", plain.type_name, stamped.type_name);
        }
        let limit = topics::SPEED_LIMIT;
        let (speed_limit, _) = node.subscribe(limit.name, limit.type_name, limit.qos)?;
        Ok(Self {
            camera: Camera::start(setup.pictures, setup.threads, node.wake())?,
            node,
            world: World::new(setup.scenario),
            pace: Pace::new(setup.rate),
            out,
            speed_limit,
            has_clock: setup.has_clock,
            is_on_time: false,
            refused: Refused::default(),
            pictures: 0,
            missed: 0,
            delays: 0,
            started: instant(),
            stop: Arc::clone(&program.stop),
        })
    }

    /// Plays the patrol once, then stops the process; ends earlier when the process is to stop.
    pub(super) fn run(mut self) -> Result<()> {
        loop {
            let now = self.started.elapsed();
            let wake = if self.node.state() == State::Active { self.pace.wake(now) } else { now + REST };
            match self.node.next_event(&mut [], self.started + wake)? {
                NodeEvent::TimeUp if self.node.state() == State::Active => self.play()?,
                NodeEvent::Message { subscription, cdr } => self.obey(subscription, &cdr),
                NodeEvent::Woken => self.show()?,
                NodeEvent::Transition(transition) => {
                    if transition == Transition::Activate {
                        self.pace.begin(self.started.elapsed());
                        self.is_on_time = self.has_clock;
                    }
                    self.node.end_transition(Outcome::Success);
                }
                NodeEvent::ClockJumpedBack { .. } => self.is_on_time = self.has_clock,
                NodeEvent::TimeUp | NodeEvent::ParametersChanged(_) | NodeEvent::Call(_) => {}
                NodeEvent::GoalAsked(_) | NodeEvent::GoalCancelled(_) | NodeEvent::GoalNews(_) => {}
                NodeEvent::Over => return Ok(()),
            }
        }
    }

    /// Plays what is due.
    fn play(&mut self) -> Result<()> {
        let due = self.pace.take(self.started.elapsed());
        if due.is_behind {
            self.delays += 1;
            if self.delays.is_power_of_two() {
                tracing::warn!("the machine was too slow for the world, time {}: it goes on late", self.delays);
            }
            self.is_on_time = self.has_clock;
        }
        if !self.is_on_time {
            // Before the node has a time nothing can be stamped, so the world stands.
            let Some(now) = self.node.now() else { return Ok(()) };
            self.world.set_stamp(now);
            self.is_on_time = true;
        }
        let mut emissions = Vec::new();
        for _ in 0..due.steps {
            if self.world.is_finished() {
                tracing::info!("the patrol is over");
                self.stop.store(true, Ordering::Relaxed);
                break;
            }
            self.world.step(&mut emissions);
            self.out.time(self.world.stamp());
            for emission in emissions.drain(..) {
                self.say(emission)?;
            }
        }
        self.tell_health();
        Ok(())
    }

    fn say(&mut self, emission: Emission) -> Result<()> {
        match emission {
            Emission::Message(message) => self.out.sensor(&message)?,
            Emission::Shot(shot) => {
                let is_taken = self.camera.shoot(shot, self.world.truth(None))?;
                self.missed += u64::from(!is_taken);
            }
        }
        Ok(())
    }

    /// Publishes the pictures that are ready.
    fn show(&mut self) -> Result<()> {
        while let Some(picture) = self.camera.take() {
            self.out.picture(picture.context("cannot take a picture")?);
            self.pictures += 1;
        }
        Ok(())
    }

    fn obey(&mut self, subscription: Subscription, cdr: &[u8]) {
        let (topic, obeyed) = if subscription == self.speed_limit {
            (topics::SPEED_LIMIT, orders::speed_limit_mps(cdr).map(|limit_mps| self.world.limit_speed(limit_mps)))
        } else {
            (topics::CMD_VEL, orders::command(cdr).map(|wanted| self.drive(wanted)))
        };
        if let Err(fault) = obeyed {
            self.refused.tell(topic.name, &fault);
        }
    }

    fn drive(&mut self, wanted: Velocity) {
        if !self.world.is_driven() {
            tracing::info!("driven by cmd_vel from now on, the patrol is left");
        }
        self.world.drive(wanted);
    }

    fn tell_health(&mut self) {
        let (elapsed_secs, duration_secs) = (self.world.elapsed_secs(), self.world.scenario().duration_secs);
        let message = format!(
            "{elapsed_secs:.0} of {duration_secs:.0} s, {} pictures, {} missed, {} delays",
            self.pictures, self.missed, self.delays
        );
        self.node.set_health(DiagnosticStatus::OK, message);
    }
}

#[expect(clippy::disallowed_methods, reason = "a live world is paced by the steady clock")]
fn instant() -> Instant {
    Instant::now()
}

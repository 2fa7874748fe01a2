//! The whole flow: readings go in one by one, and whoever has a model free asks for the next frame worth looking at.
//!
//! In -> out: [`Fusion::insert`] for every reading, [`Fusion::look`] -> an observation, or why there is none.
//! Deliberately absent: calling the model. The caller says with [`Fusion::assessed`] what it sent, and with [`Fusion::forget`] that the answer
//! was of no use.

use crate::cameras::{Cameras, Counts, Pending};
use crate::decode::{DecodeError, decode};
use crate::freshness::{Moment, Order};
use crate::gate::{Grid, Opened, ScalarKind, Scalars, Sight, judge};
use crate::observe::Scene;
use crate::params::{FusionParams, count, nanos};
use crate::sensors::{Sample, Sensors};
use crate::{TransformBuffer, TransformFault, TransformLimits};
use vedette_types::{Observation, Probability, Reading, RgbPixels, Sha256, Stamp, StreamHealth, StreamId, Transforms};

/// What became of a reading.
#[derive(Clone, Debug, PartialEq)]
pub enum Insert {
    /// Kept.
    Accepted,
    /// Its stamp is before the newest of its stream. It was sorted in; a frame is dropped where a newer one was there.
    OutOfOrder {
        /// By how much, seconds.
        by_secs: f64,
    },
    /// Dropped: its stamp is too far before the newest of its stream.
    TooOld {
        /// By how much, seconds.
        by_secs: f64,
    },
    /// Kept. The clock of the stream went back; its earlier readings are forgotten.
    StreamRestarted {
        /// By how much, seconds.
        by_secs: f64,
    },
    /// The event clock went back; everything before is forgotten, but for static transforms and camera calibrations. The reading itself is
    /// kept where it could have been kept as the first of all.
    ClockJumpedBack {
        /// By how much, seconds.
        by_secs: f64,
    },
    /// Dropped: a picture of a topic that is no selected camera.
    NotSelected,
    /// Dropped. Of a transform message only the edges that cannot be are dropped; the first of them is named.
    Refused {
        /// Why.
        fault: InsertFault,
    },
}

/// Why a reading was refused.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InsertFault {
    /// The bound on streams is reached.
    #[error("`{stream}` not followed, raise fusion.max_streams: {limit}")]
    TooManyStreams {
        /// The stream.
        stream: StreamId,
        /// Most streams and channels.
        limit: usize,
    },
    /// An edge does not fit into the transform tree.
    #[error(transparent)]
    Transform(#[from] TransformFault),
}

/// What there was to look at.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// No frame, or none whose gate period is over.
    Nothing,
    /// The gate is closed: as it was when last assessed.
    Skipped {
        /// Camera.
        camera: StreamId,
        /// Stamp of the image.
        stamp: Stamp,
        /// How much the picture changed.
        change: Probability,
        /// For the journal.
        reason: String,
    },
    /// The picture cannot be used.
    Undecodable {
        /// Camera.
        camera: StreamId,
        /// Stamp of the image.
        stamp: Stamp,
        /// Why.
        fault: DecodeError,
    },
    /// The newest picture is older than the stale horizon.
    Stale {
        /// Camera.
        camera: StreamId,
        /// Stamp of the image.
        stamp: Stamp,
        /// Its age, seconds.
        age_secs: f64,
    },
    /// Worth the model's time.
    Ready {
        /// Everything known at the image stamp.
        observation: Box<Observation>,
        /// Why the gate is open.
        opened: Opened,
    },
}

/// A frame that was taken and not looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct PassedOver {
    /// Camera.
    pub camera: StreamId,
    /// Stamp of the image.
    pub stamp: Stamp,
    /// Event time of its arrival.
    pub arrived: Stamp,
    /// Hash of its payload.
    pub sha256: Sha256,
}

/// Why nothing can be shown.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoView {
    /// No frame of that camera came.
    #[error("no picture of that camera has come; cameras are: {known}")]
    NoFrame {
        /// The cameras that are known.
        known: String,
    },
    /// The newest frame is too old to be the present.
    #[error("the newest picture of {camera} is {age_secs:.1} s old")]
    Stale {
        /// Camera.
        camera: StreamId,
        /// Its age, seconds.
        age_secs: f64,
    },
    /// It cannot be used.
    #[error(transparent)]
    Undecodable(#[from] DecodeError),
}

/// Streams in, observations out.
#[derive(Clone, Debug)]
pub struct Fusion {
    params: FusionParams,
    cameras: Cameras,
    sensors: Sensors,
    transforms: TransformBuffer,
    counts: Counts,
    newest_arrival: Option<Stamp>,
}

impl Fusion {
    /// Nothing seen yet.
    pub fn new(params: FusionParams) -> Self {
        let transforms = TransformBuffer::new(TransformLimits::from(&params));
        Self {
            params,
            cameras: Cameras::default(),
            sensors: Sensors::default(),
            transforms,
            counts: Counts::default(),
            newest_arrival: None,
        }
    }

    /// Takes one reading. `arrived` is its event time; `sha256` the hash of its payload, which an observation carries for its picture.
    pub fn insert(&mut self, arrived: Stamp, stream: &StreamId, reading: Reading, sha256: Sha256) -> Insert {
        let went_back_nanos = self.newest_arrival.map_or(0, |newest| newest.nanos_since(arrived));
        let has_jumped = went_back_nanos > nanos(self.params.jump_back_secs);
        if has_jumped {
            self.forget_time(arrived);
        }
        self.newest_arrival = Some(self.newest_arrival.map_or(arrived, |newest| newest.max(arrived)));
        let outcome = match reading {
            Reading::Image(frame) => self.insert_frame(stream, Pending { arrived, frame, sha256 }),
            reading => self.insert_reading(arrived, stream, reading),
        };
        match &outcome {
            Insert::OutOfOrder { .. } => self.counts.readings_out_of_order += 1,
            Insert::TooOld { .. } => self.counts.readings_too_old += 1,
            Insert::StreamRestarted { .. } => self.counts.clock_jumps += 1,
            Insert::Refused { .. } => self.counts.readings_refused += 1,
            Insert::Accepted | Insert::ClockJumpedBack { .. } | Insert::NotSelected => {}
        }
        if has_jumped { Insert::ClockJumpedBack { by_secs: went_back_nanos as f64 * 1e-9 } } else { outcome }
    }

    fn forget_time(&mut self, now: Stamp) {
        self.counts.clock_jumps += 1;
        self.newest_arrival = None;
        self.sensors.forget(now);
        self.cameras.forget(&mut self.counts, now);
        self.transforms.forget_dynamic();
    }

    fn insert_frame(&mut self, stream: &StreamId, pending: Pending) -> Insert {
        if !self.cameras.selects(&self.params, stream) {
            return Insert::NotSelected;
        }
        if !self.cameras.contains(stream)
            && let Some(fault) = self.no_room(stream)
        {
            return Insert::Refused { fault };
        }
        Insert::from(self.cameras.insert(&self.params, &mut self.counts, stream, pending))
    }

    fn insert_reading(&mut self, arrived: Stamp, stream: &StreamId, reading: Reading) -> Insert {
        if self.sensors.is_new(stream, &reading)
            && let Some(fault) = self.no_room(stream)
        {
            return Insert::Refused { fault };
        }
        let Reading::Transforms(transforms) = reading else {
            return Insert::from(self.sensors.insert(&self.params, arrived, stream, reading));
        };
        let outcome = self.insert_edges(arrived, &transforms);
        self.sensors.insert(&self.params, arrived, stream, Reading::Transforms(transforms));
        outcome
    }

    /// Every edge has its own publisher and order; the message is as good as its worst edge.
    fn insert_edges(&mut self, arrived: Stamp, transforms: &Transforms) -> Insert {
        let mut outcome = Insert::Accepted;
        for edge in &transforms.edges {
            let of_edge = match self.transforms.insert_ordered(arrived, edge, transforms.is_static) {
                Ok(order) => Insert::from(order),
                Err(fault) => Insert::Refused { fault: InsertFault::from(fault) },
            };
            if severity(&of_edge) > severity(&outcome) {
                outcome = of_edge;
            }
        }
        outcome
    }

    fn no_room(&self, stream: &StreamId) -> Option<InsertFault> {
        let limit = count(self.params.max_streams);
        let is_full = self.sensors.len().saturating_add(self.cameras.len()) >= limit;
        is_full.then(|| InsertFault::TooManyStreams { stream: stream.clone(), limit })
    }

    /// Looks at the newest frame not looked at yet, of the camera assessed longest ago. Call until it says `Ready` or `Nothing`: with several
    /// cameras, one whose gate is closed does not hide the next.
    pub fn look(&mut self, now: Stamp) -> Look {
        let Some((camera, clock, pending)) = self.cameras.take_next(&self.params, now) else { return Look::Nothing };
        let stamp = pending.frame.stamp;
        let age_secs = Moment::event(now, self.params.max_latency_secs).on(&clock).secs_since(stamp);
        if age_secs > self.params.stale_horizon_secs {
            self.counts.frames_stale += 1;
            return Look::Stale { camera, stamp, age_secs };
        }
        let pixels = match decode(&pending.frame.data, self.params.max_image_pixels.unsigned_abs()) {
            Ok(pixels) => pixels,
            Err(fault) => {
                self.counts.frames_undecodable += 1;
                return Look::Undecodable { camera, stamp, fault };
            }
        };
        let moment = Moment::header(stamp, clock, self.params.max_latency_secs);
        let event_stamp = event_time(now, age_secs);
        let samples: Vec<Sample<'_>> = self.sensors.samples(&self.params, &moment, event_stamp).collect();
        let sight = Sight { grid: Grid::of(&pixels), scalars: scalars(&samples), looked: now };
        let reference = self.cameras.get_mut(&camera).and_then(|camera| camera.reference.as_ref());
        let (change, opened) = judge(&self.params, reference, &sight);
        let Some(opened) = opened else {
            self.counts.frames_skipped += 1;
            let reason = format!("unchanged since the last assessed frame, change {:.3}", change.get());
            return Look::Skipped { camera, stamp, change, reason };
        };
        let observation = self.observation(&camera, pending, pixels, &samples, (moment, event_stamp), change);
        if let Some(camera) = self.cameras.get_mut(&camera) {
            camera.handed_out = Some((stamp, sight));
        }
        self.counts.frames_ready += 1;
        Look::Ready { observation: Box::new(observation), opened }
    }

    /// What the newest frame of `camera` (a topic; `None`: of whichever camera has the newest) shows, for somebody who asks. Neither mailbox
    /// nor gate are touched: the next look is what it would have been.
    ///
    /// # Errors
    /// [`NoView`].
    pub fn view(&self, now: Stamp, camera: Option<&str>) -> Result<Box<Observation>, NoView> {
        let (camera, clock, pending) = self.cameras.newest(camera).map_err(|known| {
            let known: Vec<&str> = known.into_iter().map(StreamId::as_str).collect();
            NoView::NoFrame { known: if known.is_empty() { "none".to_owned() } else { known.join(", ") } }
        })?;
        let age_secs = Moment::event(now, self.params.max_latency_secs).on(&clock).secs_since(pending.frame.stamp);
        if age_secs > self.params.stale_horizon_secs {
            return Err(NoView::Stale { camera: camera.clone(), age_secs });
        }
        let pixels = decode(&pending.frame.data, self.params.max_image_pixels.unsigned_abs())?;
        let moment = Moment::header(pending.frame.stamp, clock, self.params.max_latency_secs);
        let event_stamp = event_time(now, age_secs);
        let samples: Vec<Sample<'_>> = self.sensors.samples(&self.params, &moment, event_stamp).collect();
        Ok(Box::new(self.observation(camera, pending.clone(), pixels, &samples, (moment, event_stamp), Probability::ONE)))
    }

    /// Everything known at the stamp of a frame.
    fn observation(
        &self,
        camera: &StreamId,
        pending: Pending,
        pixels: RgbPixels,
        samples: &[Sample<'_>],
        (moment, event_stamp): (Moment, Stamp),
        change: Probability,
    ) -> Observation {
        let health = self.health_at(&moment, event_stamp);
        let scene = Scene { params: &self.params, sensors: &self.sensors, transforms: &self.transforms, moment };
        let around = scene.surroundings(camera, &pending.frame, samples);
        Observation {
            stamp: pending.frame.stamp,
            arrived: pending.arrived,
            camera: camera.clone(),
            image: pending.frame,
            image_sha256: pending.sha256,
            pixels,
            intrinsics: around.intrinsics,
            base_from_camera: around.base_from_camera,
            robot_pose: around.robot_pose,
            context: around.context.items,
            context_text: around.context.text,
            health,
            change,
        }
    }

    /// Takes the frame that [`Self::look`] would look at, when there is no model to look at it: it is neither decoded nor compared.
    pub fn pass_over(&mut self, now: Stamp) -> Option<PassedOver> {
        let (camera, _, Pending { arrived, frame, sha256 }) = self.cameras.take_next(&self.params, now)?;
        self.counts.frames_passed_over += 1;
        Some(PassedOver { camera, stamp: frame.stamp, arrived, sha256 })
    }

    /// The observation of `camera` with the image stamp `stamp` went to the model: the gate compares with it from now on. False, and without
    /// effect, when it is not the last one handed out for that camera.
    pub fn assessed(&mut self, camera: &StreamId, stamp: Stamp) -> bool {
        self.cameras.assessed(camera, stamp)
    }

    /// The model gave no usable answer for `camera`: its next frame passes the gate whatever it shows.
    pub fn forget(&mut self, camera: &StreamId) {
        if let Some(camera) = self.cameras.get_mut(camera) {
            camera.reference = None;
        }
    }

    /// Freshness of every stream seen so far, ordered by name.
    pub fn health(&self, now: Stamp) -> Vec<StreamHealth> {
        self.health_at(&Moment::event(now, self.params.max_latency_secs), now)
    }

    fn health_at(&self, moment: &Moment, now: Stamp) -> Vec<StreamHealth> {
        let sensors = self.sensors.health(&self.params, moment, now);
        let mut health: Vec<StreamHealth> = sensors.chain(self.cameras.health(&self.params, moment, now)).collect();
        health.sort_by(|a, b| a.stream.cmp(&b.stream));
        health
    }

    /// What happened to frames and readings since the start.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The transform tree, for whoever shows or logs poses.
    pub fn transforms(&self) -> &TransformBuffer {
        &self.transforms
    }

    /// The parameters in use.
    pub fn params(&self) -> &FusionParams {
        &self.params
    }

    /// Whether frames of `stream` are looked at. Says nothing about a raw or compressed twin before one of the two was seen.
    pub fn selects_camera(&self, stream: &StreamId) -> bool {
        self.cameras.selects(&self.params, stream)
    }
}

impl From<Order> for Insert {
    fn from(order: Order) -> Self {
        let secs = |nanos: i64| nanos as f64 * 1e-9;
        match order {
            Order::Next => Self::Accepted,
            Order::Late { by_nanos } => Self::OutOfOrder { by_secs: secs(by_nanos) },
            Order::TooOld { by_nanos } => Self::TooOld { by_secs: secs(by_nanos) },
            Order::Restarted { by_nanos } => Self::StreamRestarted { by_secs: secs(by_nanos) },
        }
    }
}

const fn severity(insert: &Insert) -> u8 {
    match insert {
        Insert::Accepted | Insert::NotSelected => 0,
        Insert::OutOfOrder { .. } => 1,
        Insert::TooOld { .. } => 2,
        Insert::StreamRestarted { .. } | Insert::ClockJumpedBack { .. } => 3,
        Insert::Refused { .. } => 4,
    }
}

/// The event time at which a picture was taken that is `age_secs` old now.
fn event_time(now: Stamp, age_secs: f64) -> Stamp {
    now.plus_secs(-age_secs)
}

/// The scalars that the gate watches, whatever the context tells the model.
fn scalars(samples: &[Sample<'_>]) -> Scalars {
    let scalar = |sample: &Sample<'_>| match sample.reading? {
        Reading::Gas(gas) => Some((ScalarKind::Gas, gas.ppm)),
        Reading::Temperature(temperature) => Some((ScalarKind::Temperature, temperature.celsius)),
        _ => None,
    };
    samples
        .iter()
        .filter_map(|sample| scalar(sample).map(|(kind, value)| ((kind, format!("{} {}", sample.stream, sample.channel)), value)))
        .collect()
}

//! A recording. In -> out: rows for entities -> chunks of up to 256 rows, as the rerun viewer 0.36 takes them, for a sink.
//!
//! A chunk per row would cost 0.3 ms each and an entry of the file's index, which the encoder keeps in memory. Rows of a whole run wait at most
//! half a minute of event time, those of a live one less. The same file holds a second store, the layout of the views, which the viewer takes as its blueprint.
//! Deliberately absent: what the rows mean.

use crate::RrdError;
use crate::blueprint::{self, Eye, Playing};
use crate::sink::{FileSink, Role, Sink};
use re_chunk::{Chunk, ChunkBuilder, ChunkId, TimeColumn, TimePoint};
use re_log_types::{
    BlueprintActivationCommand, EntityPath, EntityPathPart, LogMsg, SetStoreInfo, StoreId, StoreInfo, StoreKind, StoreSource, TimeInt,
    Timeline,
};
use re_sdk_types::components::TransformFrameId;
use re_sdk_types::{AsComponents, archetypes};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use vedette_types::Stamp;

/// Rows of one entity that make a chunk.
const CHUNK_ROWS: usize = 256;

/// Bytes of pictures that make a chunk.
const CHUNK_BYTES: usize = 1 << 20;

/// Longest that rows wait for their chunk in a file of a whole run, event time.
const CHUNK_SECS: f64 = 30.0;

/// Entities in one recording, and entities with something that always holds. A bag names its own topics and frames; one with a new name in every message must not fill the memory.
const MAX_ENTITIES: usize = 2_000;

/// The application that the viewer shows recordings of; a blueprint belongs to one.
const APPLICATION: &str = "vedette";

/// Timeline of the rows of a blueprint.
const BLUEPRINT_TIME: &str = "blueprint";

/// Timeline of the event time.
const EVENT_TIME: &str = "event_time";

/// Timeline of the image (or measurement) stamp.
const IMAGE_TIME: &str = "image_time";

/// Where a row stands on the two timelines.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moment {
    /// When it happened to the agent.
    pub(crate) event: Stamp,
    /// The stamp of the image or measurement it is about.
    pub(crate) image: Stamp,
}

impl Moment {
    fn time_point(self) -> TimePoint {
        let at = |stamp: Stamp| TimeInt::new_temporal(stamp.nanos());
        TimePoint::default()
            .with(Timeline::new_timestamp(EVENT_TIME), at(self.event))
            .with(Timeline::new_timestamp(IMAGE_TIME), at(self.image))
    }
}

/// The path of an entity: `root`, then the parts of `name` between slashes, taken literally.
pub(crate) fn entity(root: &str, name: &str, leaf: &str) -> EntityPath {
    let parts = [root, name, leaf].into_iter().flat_map(|text| text.split('/')).filter(|part| !part.is_empty());
    EntityPath::new(parts.map(EntityPathPart::from).collect())
}

/// Rows of one entity that wait for their chunk.
enum Batch {
    Rows { builder: ChunkBuilder, rows: usize, bytes: usize },
    Scalars { event_nanos: Vec<i64>, image_nanos: Vec<i64>, values: Vec<f64> },
}

/// A recording while it is being written.
pub(crate) struct Recording {
    path: PathBuf,
    store: StoreId,
    /// `None` once a write failed.
    sink: Option<Box<dyn Sink>>,
    playing: Playing,
    chunk_secs: f64,
    batches: BTreeMap<EntityPath, Option<Batch>>,
    fixed: BTreeSet<EntityPath>,
    flushed_at: Option<Stamp>,
    blueprint: StoreId,
    frame: Option<TransformFrameId>,
    is_frame_fixed: bool,
    eye: Option<Eye>,
    /// How many times the layout was written.
    layouts: i64,
    /// The number of entities and the frame that the layout was written for.
    laid_out: (usize, Option<TransformFrameId>),
}

impl Recording {
    /// Starts a recording called `name` of a whole run that goes to `write`; `path` is for messages.
    pub(crate) fn start(path: &Path, name: &str, write: Box<dyn Write + Send>) -> Result<Self, RrdError> {
        let sink = FileSink::begin(path, write)?;
        Self::begin(path, name, Box::new(sink), Playing::FromStart, CHUNK_SECS)
    }

    /// Starts a recording whose rows wait at most `chunk_secs` of event time before they go to `sink`.
    pub(crate) fn begin(path: &Path, name: &str, sink: Box<dyn Sink>, playing: Playing, chunk_secs: f64) -> Result<Self, RrdError> {
        let store = StoreId::recording(APPLICATION, name);
        let mut recording = Self {
            path: path.to_owned(),
            store: store.clone(),
            sink: Some(sink),
            playing,
            chunk_secs,
            batches: BTreeMap::new(),
            fixed: BTreeSet::new(),
            flushed_at: None,
            blueprint: StoreId::new(StoreKind::Blueprint, APPLICATION, name),
            frame: None,
            is_frame_fixed: false,
            eye: None,
            layouts: 0,
            laid_out: (0, None),
        };
        recording.begin_store(store)?;
        recording.fixed(EntityPath::properties(), &archetypes::RecordingInfo::new().with_name(name))?;
        Ok(recording)
    }

    /// Makes `frame` the one that the 3D view stands in: the fixed frame of the run.
    pub(crate) fn stand_in(&mut self, frame: &TransformFrameId) {
        self.frame = Some(frame.clone());
        self.is_frame_fixed = true;
    }

    /// Makes `frame` the one that the 3D view stands in where no fixed frame is known.
    pub(crate) fn may_stand_in(&mut self, frame: &TransformFrameId) {
        if !self.is_frame_fixed {
            self.frame.get_or_insert_with(|| frame.clone());
        }
    }

    /// Where the eye of the 3D view stands at first.
    pub(crate) fn look(&mut self, eye: Eye) {
        self.eye = Some(eye);
    }

    /// Adds a value that holds for the whole recording, in place of an earlier one of the entity.
    pub(crate) fn fixed(&mut self, entity: EntityPath, value: &dyn AsComponents) -> Result<(), RrdError> {
        if self.fixed.len() >= MAX_ENTITIES && !self.fixed.contains(&entity) {
            return Ok(());
        }
        self.fixed.insert(entity.clone());
        let builder = Chunk::builder(entity.clone()).with_archetype_auto_row(TimePoint::default(), value);
        self.put(Role::Fixed(entity), builder)
    }

    /// Sends the rows that have waited long enough by `now`.
    pub(crate) fn flush(&mut self, now: Stamp) -> Result<(), RrdError> {
        let since_secs = self.flushed_at.map(|at| now.secs_since(at));
        if since_secs.is_none_or(|secs| !(0.0..self.chunk_secs).contains(&secs)) {
            self.put_all()?;
            self.flushed_at = Some(now);
        }
        Ok(())
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, entity: &EntityPath, moment: Moment, value: &dyn AsComponents) -> Result<(), RrdError> {
        self.large_row(entity, moment, value, 0)
    }

    /// Adds a row with a picture of `row_bytes`.
    pub(crate) fn large_row(
        &mut self,
        entity: &EntityPath,
        moment: Moment,
        value: &dyn AsComponents,
        row_bytes: usize,
    ) -> Result<(), RrdError> {
        let Some(slot) = self.slot(entity, moment)? else { return Ok(()) };
        let (builder, rows, bytes) = match slot.take() {
            Some(Batch::Rows { builder, rows, bytes }) => (builder, rows, bytes),
            _ => (Chunk::builder(entity.clone()), 0, 0),
        };
        let builder = builder.with_archetype_auto_row(moment.time_point(), value);
        let (rows, bytes) = (rows + 1, bytes + row_bytes);
        if rows < CHUNK_ROWS && bytes < CHUNK_BYTES {
            *slot = Some(Batch::Rows { builder, rows, bytes });
            return Ok(());
        }
        self.put(Role::Rows, builder)
    }

    /// Adds a number; what is not finite is left out, which shows as a gap.
    pub(crate) fn scalar(&mut self, entity: &EntityPath, moment: Moment, value: f64) -> Result<(), RrdError> {
        if !value.is_finite() {
            return Ok(());
        }
        let Some(slot) = self.slot(entity, moment)? else { return Ok(()) };
        if !matches!(slot, Some(Batch::Scalars { .. })) {
            *slot = Some(Batch::Scalars { event_nanos: Vec::new(), image_nanos: Vec::new(), values: Vec::new() });
        }
        if let Some(Batch::Scalars { event_nanos, image_nanos, values }) = slot {
            // i64::MIN is rerun's mark for "static".
            event_nanos.push(moment.event.nanos().max(-i64::MAX));
            image_nanos.push(moment.image.nanos().max(-i64::MAX));
            values.push(value);
            if values.len() < CHUNK_ROWS {
                return Ok(());
            }
        }
        let batch = slot.take();
        self.put_batch(entity.clone(), batch)
    }

    /// Writes what waits, the index and the end mark.
    pub(crate) fn finish(mut self) -> Result<(), RrdError> {
        self.put_all()?;
        let Some(mut sink) = self.sink.take() else { return Err(self.closed()) };
        sink.finish()
    }

    /// Where the rows of `entity` wait; `None` when there are too many entities.
    fn slot(&mut self, entity: &EntityPath, moment: Moment) -> Result<Option<&mut Option<Batch>>, RrdError> {
        if self.sink.is_none() {
            return Err(self.closed());
        }
        self.flush(moment.event)?;
        if self.batches.len() >= MAX_ENTITIES && !self.batches.contains_key(entity) {
            return Ok(None);
        }
        Ok(Some(self.batches.entry(entity.clone()).or_default()))
    }

    fn put_all(&mut self) -> Result<(), RrdError> {
        let waiting: Vec<_> = self.batches.iter_mut().filter_map(|(entity, batch)| Some((entity.clone(), batch.take()?))).collect();
        waiting.into_iter().try_for_each(|(entity, batch)| self.put_batch(entity, Some(batch)))?;
        self.put_layout()
    }

    /// Writes the layout, again where there are new entities: a run that is killed has one all the same.
    fn put_layout(&mut self) -> Result<(), RrdError> {
        let laid_out = (self.batches.len(), self.frame.clone());
        if self.batches.is_empty() || self.laid_out == laid_out {
            return Ok(());
        }
        if self.layouts == 0 {
            self.begin_store(self.blueprint.clone())?;
        }
        let tick = Timeline::new_sequence(BLUEPRINT_TIME);
        for row in blueprint::rows(self.batches.keys(), self.frame.as_ref(), self.eye, EVENT_TIME, self.playing) {
            let at = if row.is_static { TimePoint::default() } else { TimePoint::default().with(tick, self.layouts) };
            let chunk = Chunk::builder(row.entity).with_archetype_auto_row(at, row.value.as_ref()).build();
            let chunk = chunk.map_err(|error| RrdError::encode(&self.path, &error))?;
            let message = chunk.to_arrow_msg().map_err(|error| RrdError::encode(&self.path, &error))?;
            self.append(Role::Layout(self.layouts), LogMsg::ArrowMsg(self.blueprint.clone(), message))?;
        }
        let activation = BlueprintActivationCommand::make_active(self.blueprint.clone());
        self.append(Role::Layout(self.layouts), LogMsg::BlueprintActivationCommand(activation))?;
        self.layouts += 1;
        self.laid_out = laid_out;
        Ok(())
    }

    fn begin_store(&mut self, store: StoreId) -> Result<(), RrdError> {
        let info = StoreInfo::new(store, StoreSource::Other(APPLICATION.into()));
        self.append(Role::Store, LogMsg::SetStoreInfo(SetStoreInfo { row_id: *re_chunk::RowId::new(), info }))
    }

    fn put_batch(&mut self, entity: EntityPath, batch: Option<Batch>) -> Result<(), RrdError> {
        match batch {
            None => Ok(()),
            Some(Batch::Rows { builder, .. }) => self.put(Role::Rows, builder),
            Some(Batch::Scalars { event_nanos, image_nanos, values }) => {
                let columns =
                    archetypes::Scalars::new(values).columns_of_unit_batches().map_err(|error| RrdError::encode(&self.path, &error))?;
                let times = [
                    TimeColumn::new_timestamp_nanos_since_epoch(EVENT_TIME, event_nanos),
                    TimeColumn::new_timestamp_nanos_since_epoch(IMAGE_TIME, image_nanos),
                ];
                let times = times.into_iter().map(|column| (*column.timeline().name(), column)).collect();
                let chunk = Chunk::from_auto_row_ids(ChunkId::new(), entity, times, columns.collect());
                self.put_chunk(Role::Rows, &chunk.map_err(|error| RrdError::encode(&self.path, &error))?)
            }
        }
    }

    fn put(&mut self, role: Role, builder: ChunkBuilder) -> Result<(), RrdError> {
        let chunk = builder.build().map_err(|error| RrdError::encode(&self.path, &error))?;
        self.put_chunk(role, &chunk)
    }

    fn put_chunk(&mut self, role: Role, chunk: &Chunk) -> Result<(), RrdError> {
        let message = chunk.to_arrow_msg().map_err(|error| RrdError::encode(&self.path, &error))?;
        self.append(role, LogMsg::ArrowMsg(self.store.clone(), message))
    }

    fn append(&mut self, role: Role, message: LogMsg) -> Result<(), RrdError> {
        let Some(sink) = &mut self.sink else { return Err(self.closed()) };
        sink.append(role, message).inspect_err(|_| self.sink = None)
    }

    fn closed(&self) -> RrdError {
        RrdError::Closed { path: self.path.clone() }
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        // A run that ends early, by an error elsewhere, leaves a finished file all the same.
        drop(self.put_all());
    }
}

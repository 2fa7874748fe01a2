//! What Nav2 is told. In -> out: decisions, assessments, transforms, the map, time -> speed limit, masks, polygons; each off until a parameter
//! turns it on, all of them off while an operator says so, and each taken back when it ends.
//! Deliberately absent: `cmd_vel`. The guardian advises Nav2 and never drives.

mod mask;
mod params;
mod places;
mod polygons;
mod speed_limit;

use super::placing::{Placer, PlacingParams};
use crate::incoming::Sources;
use anyhow::Result;
use mask::{Area, Kind, Mask, MaskStyle};
pub use params::Nav2Params;
use params::area;
use places::Places;
use polygons::{PolygonStyle, Polygons};
use speed_limit::SpeedLimiter;
use vedette_messages::topics::{self, Topic};
use vedette_messages::{RosMsg, geometry_msgs, nav_msgs, nav2_msgs, std_msgs, to_ros};
use vedette_params::HazardCatalogue;
use vedette_policy::response_to;
use vedette_ros::{Node, Publisher, Subscription};
use vedette_types::{Assessment, Decision, Hazard, Response, Stamp, Transforms};

/// All outputs for Nav2.
pub(super) struct Nav2 {
    params: Nav2Params,
    placing: PlacingParams,
    out: Outputs,
    /// Whether the operator wants any of it.
    is_on: bool,
    /// Somebody else wants to know where hazards and the robot are.
    is_followed: bool,
    limiter: SpeedLimiter,
    /// Where other writers of `speed_limit` are heard, and our own echoes.
    limits: Subscription,
    placer: Placer,
    places: Places,
    keepout: Mask,
    speed: Mask,
    polygons: Polygons,
    has_told_keepout: bool,
    has_told_speed: bool,
    map: Option<Subscription>,
    map_area: Option<Area>,
    looked: Option<Stamp>,
    /// Hazards that are on no map, and why.
    unplaced: Vec<String>,
}

struct Outputs {
    speed_limit: Publisher<nav2_msgs::SpeedLimit>,
    keepout_info: Publisher<nav2_msgs::CostmapFilterInfo>,
    keepout_mask: Publisher<nav_msgs::OccupancyGrid>,
    speed_info: Publisher<nav2_msgs::CostmapFilterInfo>,
    speed_mask: Publisher<nav_msgs::OccupancyGrid>,
    polygons: Publisher<geometry_msgs::PolygonInstanceStamped>,
}

impl Nav2 {
    pub(super) fn open(node: &mut Node, params: &Nav2Params, placing: &PlacingParams) -> Result<Self> {
        let out = Outputs {
            speed_limit: node.publisher(&topics::SPEED_LIMIT)?,
            keepout_info: node.publisher(&topics::KEEPOUT_INFO)?,
            keepout_mask: node.publisher(&topics::KEEPOUT_MASK)?,
            speed_info: node.publisher(&topics::SPEED_INFO)?,
            speed_mask: node.publisher(&topics::SPEED_MASK)?,
            polygons: node.publisher(&topics::POLYGONS)?,
        };
        // Heard from the start, whether or not limits are on: Nav2's SpeedFilter says its limit once, and nobody keeps it for late joiners.
        let Topic { name, type_name, qos } = topics::SPEED_LIMIT;
        let (limits, _) = node.subscribe(name, type_name, qos)?;
        Ok(Self {
            limiter: SpeedLimiter::new(params.clone()),
            limits,
            placer: Placer::new(placing.clone()),
            places: Places::new(params.hold_secs, params.merge_m),
            params: params.clone(),
            placing: placing.clone(),
            out,
            is_on: true,
            is_followed: false,
            keepout: Mask::new(Kind::Keepout),
            speed: Mask::new(Kind::Speed),
            polygons: Polygons::default(),
            has_told_keepout: false,
            has_told_speed: false,
            map: None,
            map_area: None,
            looked: None,
            unplaced: Vec::new(),
        })
    }

    /// Listens to transforms and the map where that is of use.
    pub(super) fn listen(&mut self, node: &mut Node, sources: &mut Sources) -> Result<()> {
        if self.map.is_some() || !self.needs_places() {
            return Ok(());
        }
        let Topic { name, type_name, qos } = topics::MAP;
        self.map = Some(node.subscribe(name, type_name, qos)?.0);
        for topic in [topics::TF, topics::TF_STATIC] {
            sources.listen(node, topic.name, &topic)?;
        }
        Ok(())
    }

    /// Whether somebody else wants to know where hazards and the robot are; [`Self::listen`] follows.
    pub(super) fn follow(&mut self, is_followed: bool) {
        self.is_followed = is_followed;
    }

    /// Whether an operator wants any of it.
    pub(super) fn is_on(&self) -> bool {
        self.is_on
    }

    /// Where a hazard of a decision is on the map, metres; or why that is not known.
    pub(super) fn place(&self, hazard: &Hazard) -> Result<[f64; 2], String> {
        self.placer.place(hazard)
    }

    /// Where the robot is on the map, metres; or why that is not known.
    pub(super) fn robot(&self, now: Stamp) -> Result<[f64; 2], String> {
        self.placer.robot(now)
    }

    fn needs_places(&self) -> bool {
        self.is_followed || self.params.needs_places()
    }

    pub(super) fn is_map(&self, subscription: Subscription) -> bool {
        self.map == Some(subscription)
    }

    /// Takes a map; what is wrong with it otherwise.
    pub(super) fn hear_map(&mut self, cdr: &[u8]) -> Result<(), String> {
        let map = nav_msgs::OccupancyGrid::from_cdr(cdr).map_err(|error| error.to_string())?;
        if map.header.frame_id.trim_start_matches('/') != self.placing.map_frame {
            return Err(format!("its frame is `{}` and not `{}`: see placing.map_frame", map.header.frame_id, self.placing.map_frame));
        }
        self.map_area = Some(Area::of_map(&map.info).ok_or("it has no area: resolution and size must be above 0")?);
        Ok(())
    }

    pub(super) fn is_limit(&self, subscription: Subscription) -> bool {
        self.limits == subscription
    }

    /// Takes a speed limit of another writer; what is wrong with it otherwise.
    pub(super) fn hear_limit(&mut self, now: Option<Stamp>, cdr: &[u8]) -> Result<(), String> {
        let heard = nav2_msgs::SpeedLimit::from_cdr(cdr).map_err(|error| error.to_string())?;
        if let Some(limit) = self.limiter.hear(&heard, now)? {
            self.out.speed_limit.publish_or_log(&limit);
        }
        Ok(())
    }

    pub(super) fn hear_transforms(&mut self, now: Stamp, heard: &Transforms) -> Result<(), vedette_fusion::TransformFault> {
        self.placer.hear(now, heard)
    }

    pub(super) fn note(&mut self, now: Stamp, assessment: &Assessment) {
        if self.needs_places() {
            self.placer.note(now, assessment);
        }
    }

    /// Time went back.
    pub(super) fn forget(&mut self) {
        self.placer.forget();
        self.places.clear();
    }

    /// A decision was taken.
    pub(super) fn decide(&mut self, now: Stamp, decision: &Decision, catalogue: &HazardCatalogue) {
        if self.is_on
            && let Some(limit) = self.limiter.decide(decision.response, now)
        {
            self.out.speed_limit.publish_or_log(&limit);
        }
        self.look(now, decision, catalogue);
        self.tell_places(now);
    }

    /// What holds is said again, what is over is taken back.
    pub(super) fn tick(&mut self, now: Stamp, last: Option<&Decision>, catalogue: &HazardCatalogue) {
        if let Some(limit) = self.limiter.tick(now) {
            self.out.speed_limit.publish_or_log(&limit);
        }
        // A transform may have come after its picture.
        if let Some(last) = last
            && self.looked.is_none_or(|looked| !(0.0..1.0).contains(&now.secs_since(looked)))
        {
            self.look(now, last, catalogue);
        }
        self.tell_places(now);
    }

    /// The outputs shut: everything is taken back.
    pub(super) fn leave(&mut self, now: Stamp) {
        if let Some(limit) = self.limiter.release(now) {
            self.out.speed_limit.publish_or_log(&limit);
        }
        self.places.clear();
        self.unplaced.clear();
        let style = self.mask_style();
        if let Some(mask) = self.keepout.release(now, &style) {
            self.out.keepout_mask.publish_or_log(&mask);
        }
        if let Some(mask) = self.speed.release(now, &style) {
            self.out.speed_mask.publish_or_log(&mask);
        }
        for polygon in self.polygons.release(now, &self.polygon_style()) {
            self.out.polygons.publish_or_log(&polygon);
        }
    }

    /// An operator turns all of it off or on again; the answer for the operator.
    pub(super) fn enable(&mut self, is_on: bool, now: Option<Stamp>, last: Option<&Decision>) -> String {
        if let Some(now) = now
            && is_on != self.is_on
        {
            self.restart(now, last.filter(|_| is_on).map(|last| last.response));
        }
        self.is_on = is_on;
        let on = self.params.turned_on();
        if is_on { format!("Nav2 outputs are on: {on}") } else { format!("Nav2 outputs are off ({on}); alerts and decisions go on") }
    }

    /// Other parameters from now on.
    pub(super) fn set_params(&mut self, params: &Nav2Params, placing: &PlacingParams, now: Option<Stamp>, last: Option<&Decision>) {
        if let Some(now) = now {
            self.leave(now);
        }
        if *placing != self.placing {
            self.placer = Placer::new(placing.clone());
            self.placing = placing.clone();
        }
        self.params = params.clone();
        self.places.adjust(params.hold_secs, params.merge_m);
        self.looked = None;
        self.limiter = self.limiter.anew(params.clone());
        if let Some((now, last)) = now.zip(last).filter(|_| self.is_on) {
            self.restart(now, Some(last.response));
        }
    }

    /// For `/diagnostics`: hazards that are on no map.
    pub(super) fn complaint(&self) -> Option<String> {
        (!self.unplaced.is_empty()).then(|| format!("not on any map: {}", self.unplaced.join("; ")))
    }

    fn restart(&mut self, now: Stamp, response: Option<Response>) {
        if let Some(limit) = self.limiter.release(now) {
            self.out.speed_limit.publish_or_log(&limit);
        }
        self.limiter = self.limiter.anew(self.params.clone());
        if let Some(limit) = response.and_then(|response| self.limiter.decide(response, now)) {
            self.out.speed_limit.publish_or_log(&limit);
        }
    }

    /// Takes the hazards of a decision to their places.
    fn look(&mut self, now: Stamp, decision: &Decision, catalogue: &HazardCatalogue) {
        self.looked = Some(now);
        self.unplaced.clear();
        if self.needs_places() {
            self.placer.retry();
        }
        if !self.params.needs_places() {
            return;
        }
        let area = self.mask_style().area;
        for hazard in decision.hazards.iter().filter(|hazard| now < hazard.valid_until) {
            match self.placer.place(hazard) {
                Ok(at_m) if area.contains(at_m) || self.params.polygons_enabled => {
                    self.places.see(hazard, response_to(hazard, catalogue), at_m);
                }
                Ok([x, y]) => self.unplaced.push(format!("{} at ({x:.1}, {y:.1}) is outside it", hazard.kind)),
                Err(why) => self.unplaced.push(format!("{}: {why}", hazard.kind)),
            }
        }
        self.unplaced.dedup();
    }

    /// Masks and polygons as they are to be now.
    fn tell_places(&mut self, now: Stamp) {
        self.places.expire(now);
        let style = self.mask_style();
        let places = if self.is_on { self.places.list() } else { &[] };
        if self.params.keepout_enabled {
            if !std::mem::replace(&mut self.has_told_keepout, true) {
                self.out.keepout_info.publish_or_log(&info(now, &self.placing, 0, self.out.keepout_mask.name()));
            }
            if let Some(mask) = self.keepout.update(now, &style, places) {
                self.out.keepout_mask.publish_or_log(&mask);
            }
        }
        if self.params.speed_mask_enabled {
            if !std::mem::replace(&mut self.has_told_speed, true) {
                self.out.speed_info.publish_or_log(&info(now, &self.placing, 1, self.out.speed_mask.name()));
            }
            if let Some(mask) = self.speed.update(now, &style, places) {
                self.out.speed_mask.publish_or_log(&mask);
            }
        }
        if self.params.polygons_enabled {
            for polygon in self.polygons.tick(now, &self.polygon_style(), places) {
                self.out.polygons.publish_or_log(&polygon);
            }
        }
    }

    fn mask_style(&self) -> MaskStyle {
        let anywhere = Area { min_m: [-1.0; 2], max_m: [1.0; 2] };
        MaskStyle {
            frame: self.placing.map_frame.clone(),
            // The parameter was checked; the map, once heard, is what Nav2 plans on.
            area: self.map_area.or_else(|| area(&self.params)).unwrap_or(anywhere),
            resolution_m: self.params.mask_resolution_m,
            keepout_radius_m: self.params.keepout_radius_m,
            speed_radius_m: self.params.speed_radius_m,
            speed_percent: self.params.slow_down_percent,
            restore_secs: self.params.restore_secs,
        }
    }

    fn polygon_style(&self) -> PolygonStyle {
        PolygonStyle {
            map_frame: self.placing.map_frame.clone(),
            base_frame: self.placing.base_frame.clone(),
            radius_m: self.params.polygon_radius_m,
            source_timeout_secs: self.params.polygon_source_timeout_secs,
        }
    }
}

/// What a filter is told: `kind` 0 keepout, 1 speed in percent (nav2_costmap_2d, `filter_values.hpp`); cells count as they are.
fn info(now: Stamp, placing: &PlacingParams, kind: u8, mask: &str) -> nav2_msgs::CostmapFilterInfo {
    nav2_msgs::CostmapFilterInfo {
        header: std_msgs::Header { stamp: to_ros::time(now), frame_id: placing.map_frame.clone() },
        r#type: kind,
        filter_mask_topic: mask.to_owned(),
        base: 0.0,
        multiplier: 1.0,
    }
}

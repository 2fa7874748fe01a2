//! The sensor context: what the other sensors say at the image stamp, as items and as one line for the prompt.
//!
//! In -> out: the sample of each channel -> [`ContextItem`]s in a fixed order and text with units, as in
//! `gas co 12 ppm; temperature 24.5 degC; clearance ahead 1.80 m, left 0.90 m, right over 10.00 m; missing: scan 3.2 s old`.
//! Deliberately absent: thresholds and advice. What is stale or unmeasured is named as missing, never left out, and a value that is not from
//! the image's own moment says how old it is.

use crate::clearance::{Clearance, Clearances, Ray, Sector, ray};
use crate::params::FusionParams;
use crate::sensors::Sample;
use crate::wording::{plain, quantity};
use nalgebra::{UnitQuaternion, Vector3};
use vedette_types::{ContextItem, FrameId, Imu, Isometry3, Reading};

/// Values of one kind that the text spells out; further ones are counted. A prompt has to stay short.
const ITEMS_PER_KIND: usize = 8;
/// Missing channels that the text names; further ones are counted.
const MISSING_NAMED: usize = 8;
const NAME_CHARS: usize = 32;
const STANDARD_GRAVITY_MPS2: f64 = 9.806_65;

/// Items and text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Context {
    pub(crate) items: Vec<ContextItem>,
    pub(crate) text: String,
}

/// Builds the context. `base_from` gives the pose of a sensor frame in the robot's base, where it is known.
pub(crate) fn build(params: &FusionParams, samples: &[Sample<'_>], base_from: impl Fn(&FrameId) -> Option<Isometry3>) -> Context {
    let mut writer = Writer { params, samples, items: Vec::new(), phrases: Vec::new(), missing: Vec::new() };
    let tells = |channel: &str| params.context_channels.iter().any(|wanted| wanted == channel);
    if tells("gas") {
        writer.each("gas", |reading| match reading {
            Reading::Gas(gas) => vec![("gas", gas.ppm, "ppm")],
            _ => Vec::new(),
        });
    }
    if tells("temperature") {
        writer.each("temperature", |reading| match reading {
            Reading::Temperature(temperature) => vec![("temperature", temperature.celsius, "degC")],
            _ => Vec::new(),
        });
    }
    if tells("clearance") {
        writer.clearance(&base_from);
    }
    if tells("range") {
        writer.ranges();
    }
    if tells("motion") {
        writer.each("odom", |reading| match reading {
            Reading::Odometry(odom) => vec![("speed", odom.speed_mps, "m/s"), ("turning", odom.yaw_rate_radps, "rad/s")],
            _ => Vec::new(),
        });
    }
    if tells("tilt") {
        writer.each("imu", |reading| match reading {
            Reading::Imu(imu) => tilt_deg(imu, base_from(&imu.frame)).map(|tilt| ("tilt", tilt, "deg")).into_iter().collect(),
            _ => Vec::new(),
        });
    }
    if tells("battery") {
        writer.each("battery", |reading| match reading {
            Reading::Battery(battery) => match (battery.charge, battery.volts) {
                (Some(charge), _) => vec![("battery", charge * 100.0, "%")],
                (None, Some(volts)) => vec![("battery", volts, "V")],
                (None, None) => Vec::new(),
            },
            _ => Vec::new(),
        });
    }
    writer.finish()
}

struct Writer<'a> {
    params: &'a FusionParams,
    samples: &'a [Sample<'a>],
    items: Vec<ContextItem>,
    phrases: Vec<String>,
    missing: Vec<String>,
}

impl<'a> Writer<'a> {
    fn of_kind(&self, kind: &'a str) -> impl Iterator<Item = &'a Sample<'a>> + use<'a> {
        self.samples.iter().filter(move |sample| sample.kind == kind)
    }

    /// ` co`, ` front/range`: the gas, or what tells several channels of a kind apart; empty for a channel without siblings.
    fn label(&self, sample: &Sample<'_>) -> String {
        let siblings = || self.samples.iter().filter(|other| other.kind == sample.kind);
        let is_alone = siblings().count() == 1;
        let shares_its_stream = siblings().filter(|other| other.stream == sample.stream).count() > 1;
        let shares_its_channel = siblings().filter(|other| other.channel == sample.channel).count() > 1;
        let stream = || plain(sample.stream.as_str(), NAME_CHARS);
        let channel = || plain(sample.channel, NAME_CHARS);
        match sample.kind {
            "gas" if shares_its_channel => format!(" {} {}", channel(), stream()),
            "gas" => format!(" {}", channel()),
            _ if is_alone => String::new(),
            _ if shares_its_stream => format!(" {}", channel()),
            _ => format!(" {}", stream()),
        }
    }

    /// Every channel of `kind`: the (word, value, unit) that `values` finds in its reading.
    fn each(&mut self, kind: &'a str, values: impl Fn(&Reading) -> Vec<(&'static str, f64, &'static str)>) {
        let mut left_out = 0;
        for (place, sample) in self.of_kind(kind).enumerate() {
            let label = self.label(sample);
            let Some(reading) = sample.reading else {
                self.stale(sample);
                continue;
            };
            let values = values(reading);
            if values.is_empty() {
                self.missing.push(format!("{}{label} without a value", word_of(kind)));
            }
            for (word, value, unit) in values {
                let text = quantity(value, unit);
                // The gas is part of the name, else the word alone says what it is.
                self.item(sample, format!("{word}{label}"), value, unit);
                if place < ITEMS_PER_KIND {
                    self.phrases.push(format!("{word}{label} {text}{}", self.age(sample.age_secs)));
                } else {
                    left_out += 1;
                }
            }
        }
        self.count_left_out(kind, left_out);
    }

    fn count_left_out(&mut self, kind: &str, left_out: usize) {
        if left_out > 0 {
            self.phrases.push(format!("{left_out} more of {}", word_of(kind)));
        }
    }

    fn ranges(&mut self) {
        let mut left_out = 0;
        for (place, sample) in self.of_kind("range").enumerate() {
            let label = self.label(sample);
            let Some(Reading::Range(range)) = sample.reading else {
                self.stale(sample);
                continue;
            };
            let (distance_m, over) = match ray(range.range_m, range.min_m, range.max_m) {
                Ray::Hit(distance_m) => (distance_m, ""),
                Ray::ClearTo(distance_m) => (distance_m, "over "),
                Ray::Unmeasured => {
                    self.missing.push(format!("range{label} unmeasured"));
                    continue;
                }
            };
            self.item(sample, format!("range{label}"), distance_m, "m");
            if place < ITEMS_PER_KIND {
                self.phrases.push(format!("range{label} {over}{}{}", quantity(distance_m, "m"), self.age(sample.age_secs)));
            } else {
                left_out += 1;
            }
        }
        self.count_left_out("range", left_out);
    }

    fn clearance(&mut self, base_from: &impl Fn(&FrameId) -> Option<Isometry3>) {
        let mut clearances = Clearances::default();
        let mut has_sensor = false;
        for (source, sample) in self.samples.iter().enumerate().filter(|(_, sample)| matches!(sample.kind, "scan" | "points")) {
            match sample.reading {
                Some(Reading::Scan(scan)) => clearances.add_scan(scan, base_from(&scan.frame).as_ref(), source),
                Some(Reading::PointCloud(cloud)) => clearances.add_cloud(self.params, cloud, base_from(&cloud.frame).as_ref(), source),
                _ => {
                    self.stale(sample);
                    continue;
                }
            }
            has_sensor = true;
        }
        if !has_sensor {
            return;
        }
        let mut parts = Vec::new();
        for (word, sector) in [("ahead", Sector::Ahead), ("left", Sector::Left), ("right", Sector::Right)] {
            let clearance = clearances.in_sector(sector);
            if clearance.is_none_or(|clearance| clearance.is_partial) {
                let how = if clearance.is_some() { "partly unmeasured" } else { "unmeasured" };
                self.missing.push(format!("clearance {word} {how}"));
            }
            let found = clearance.and_then(|clearance| self.samples.get(clearance.source).map(|sample| (clearance, sample)));
            if let Some((Clearance { distance_m, is_open, .. }, sample)) = found {
                self.item(sample, format!("clearance {word}"), distance_m, "m");
                let over = if is_open { "over " } else { "" };
                parts.push(format!("{word} {over}{}{}", quantity(distance_m, "m"), self.age(sample.age_secs)));
            }
        }
        if !parts.is_empty() {
            self.phrases.push(format!("clearance {}", parts.join(", ")));
        }
    }

    fn item(&mut self, sample: &Sample<'_>, channel: String, value: f64, unit: &'static str) {
        self.items.push(ContextItem { channel, value, unit, stream: sample.stream.clone(), age_secs: sample.age_secs });
    }

    fn stale(&mut self, sample: &Sample<'_>) {
        let label = self.label(sample);
        self.missing.push(format!("{}{label} {} old", word_of(sample.kind), quantity(sample.age_secs, "s")));
    }

    /// Says so when a value is not from the image's own moment.
    fn age(&self, age_secs: f64) -> String {
        if age_secs.abs() <= self.params.max_interval_secs {
            return String::new();
        }
        let word = if age_secs > 0.0 { "old" } else { "later" };
        format!(" ({} {word})", quantity(age_secs.abs(), "s"))
    }

    fn finish(mut self) -> Context {
        let unnamed = self.missing.len().saturating_sub(MISSING_NAMED);
        self.missing.truncate(MISSING_NAMED);
        if unnamed > 0 {
            self.missing.push(format!("{unnamed} more"));
        }
        if !self.missing.is_empty() {
            self.phrases.push(format!("missing: {}", self.missing.join(", ")));
        }
        Context { items: self.items, text: self.phrases.join("; ") }
    }
}

fn word_of(kind: &str) -> &str {
    match kind {
        "odom" => "motion",
        "imu" => "tilt",
        "points" => "point cloud",
        kind => kind,
    }
}

/// Angle between the robot's z axis and up, degrees: from the orientation where the sensor gives one, else from gravity while nothing else
/// accelerates the robot. Without the pose of the sensor it is taken to be mounted level.
fn tilt_deg(imu: &Imu, base_from_sensor: Option<Isometry3>) -> Option<f64> {
    let base_from_sensor = base_from_sensor.map_or_else(UnitQuaternion::identity, |pose| pose.rotation);
    let up_in_sensor = match imu.roll_pitch_yaw_rad {
        Some([roll, pitch, yaw]) => UnitQuaternion::from_euler_angles(roll, pitch, yaw).inverse() * Vector3::z(),
        None => {
            let acceleration = Vector3::from(imu.linear_acceleration_mps2);
            let is_gravity = (acceleration.norm() - STANDARD_GRAVITY_MPS2).abs() < 0.5;
            is_gravity.then(|| acceleration.normalize())?
        }
    };
    Some((base_from_sensor * up_in_sensor).z.clamp(-1.0, 1.0).acos().to_degrees())
}

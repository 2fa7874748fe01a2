//! Why a message could not become a reading. In -> out: what was found -> one line for a log or summary that says what to do. Text taken
//! from a message is quoted, cut to 64 characters and stripped of control characters, so that it cannot forge log lines.

use crate::CdrError;

/// A message that was refused at the border.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Rejection {
    /// No reading is made of this type.
    #[error("messages of type {type_name} are not read; leave the topic out or convert it")]
    UnsupportedType {
        /// The type as it was named.
        type_name: String,
    },
    /// The bytes are not a message of that type.
    #[error(transparent)]
    Malformed(#[from] CdrError),
    /// A number that must be finite is not.
    #[error("{what} must be finite; check the driver: {value}")]
    NotFinite {
        /// Which field.
        what: &'static str,
        /// What it was.
        value: f64,
    },
    /// A number out of its meaningful interval.
    #[error("{what} must be {wanted}; check the driver: {value}")]
    OutOfRange {
        /// Which field.
        what: &'static str,
        /// The interval.
        wanted: &'static str,
        /// What it was.
        value: f64,
    },
    /// A rotation that is none.
    #[error("{what} is a quaternion of length 0, which is no rotation; an unset orientation is (0, 0, 0, 1)")]
    ZeroQuaternion {
        /// Which field.
        what: &'static str,
    },
    /// A transform between two frames that are not two named frames.
    #[error("a transform needs two different, named frames: parent {parent:?}, child {child:?}")]
    BadEdge {
        /// `header.frame_id`.
        parent: String,
        /// `child_frame_id`.
        child: String,
    },
    /// A name with characters that no name has.
    #[error("{what} must be {wanted}: {text:?}")]
    BadName {
        /// Which field.
        what: &'static str,
        /// What is allowed.
        wanted: &'static str,
        /// What it was.
        text: String,
    },
    /// A picture, cloud or scan without content.
    #[error("{what} is empty; check that the sensor delivers data: {width} x {height}")]
    Empty {
        /// What is empty.
        what: &'static str,
        /// Columns, or elements.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Sizes that contradict each other.
    #[error(
        "{what} needs at least {wanted_bytes} bytes for {width} x {height}, so the message is cut or its fields are wrong: {got_bytes}"
    )]
    TooShort {
        /// `step`, `data`, ...
        what: &'static str,
        /// Bytes needed.
        wanted_bytes: u64,
        /// Bytes there.
        got_bytes: u64,
        /// Columns.
        width: u32,
        /// Rows.
        height: u32,
    },
    /// Packed 4:2:2 pixels come in pairs.
    #[error("a yuv422 picture needs an even width: {width}")]
    OddWidth {
        /// Columns.
        width: u32,
    },
    /// Pixels in a layout that is not known.
    #[error("image encoding must be one of {known}; set the camera driver to rgb8: {encoding:?}")]
    UnknownEncoding {
        /// What the message said.
        encoding: String,
        /// Those that are read.
        known: &'static str,
    },
    /// Distances, not a picture.
    #[error("{encoding:?} is a depth image and not a picture; leave the topic out of the cameras")]
    Depth {
        /// What the message said.
        encoding: String,
    },
    /// Compression that is not known.
    #[error("compressed image format must name jpeg or png; set the transport to one of them: {format:?}")]
    UnknownFormat {
        /// What the message said.
        format: String,
    },
    /// Compressed bytes that are neither JPEG nor PNG.
    #[error("compressed image ({format:?}) starts like neither JPEG nor PNG; check the camera driver: {len_bytes} bytes")]
    NeitherJpegNorPng {
        /// What the message said.
        format: String,
        /// Length, bytes.
        len_bytes: usize,
    },
    /// A compressed picture whose end is missing.
    #[error("{what} has no end marker, so the picture is cut; check the link to the camera: {len_bytes} bytes")]
    Truncated {
        /// `JPEG` or `PNG`.
        what: &'static str,
        /// Length, bytes.
        len_bytes: usize,
    },
    /// A camera without calibration.
    #[error("the camera is not calibrated (focal lengths must be above 0); calibrate it or leave camera_info out: fx {fx}, fy {fy}")]
    Uncalibrated {
        /// `k[0]`, pixels.
        fx: f64,
        /// `k[4]`, pixels.
        fy: f64,
    },
    /// A point cloud whose coordinates cannot be found.
    #[error("a point cloud needs x, y and z as one FLOAT32 each inside point_step; at fault: field `{field}`, {fault}")]
    BadPointField {
        /// `x`, `y` or `z`.
        field: &'static str,
        /// What is wrong with it.
        fault: &'static str,
    },
}

/// Text from a message, safe to print.
pub(crate) fn quoted(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(64).collect()
}

//! The visualizer's own parameters. In -> out: values -> where a live recording goes.

use vedette_visualization::LiveOptions;

vedette_params::params! {
    /// Where the live rerun recording goes, and how much of it is kept.
    pub struct VisualizerParams: "visualizer" {
        /// Folder of the files `live-000001.rrd`, ...; empty writes none.
        folder: String = "visualizer";
        /// Size at which the next file begins, without what every file begins with (map, layout).
        file_max_mib: i64 = 64, range 1..=4096, unit "MiB";
        /// Files kept in the folder, those of earlier starts among them; the oldest are removed.
        files: i64 = 4, range 1..=1000;
        /// Address of a rerun viewer, `host:port`, for example 127.0.0.1:9876; empty connects to nothing. The connection is not encrypted:
        /// pictures of the robot's cameras go over it.
        viewer: String = "";
        /// How often the newest picture of each camera is drawn.
        picture_hz: f64 = 5.0, range 0.1..=30.0, unit "Hz";
        /// What may wait for a slow disk, and again for a slow viewer; beyond it the oldest is left out.
        queue_max_mib: i64 = 32, range 1..=1024, unit "MiB";
    }
}

impl VisualizerParams {
    /// As the recording takes them.
    pub(super) fn options(&self) -> LiveOptions {
        let mib = |count: i64| count.unsigned_abs().saturating_mul(1 << 20);
        LiveOptions {
            folder: (!self.folder.is_empty()).then(|| self.folder.clone().into()),
            file_max_bytes: mib(self.file_max_mib),
            files: usize::try_from(self.files).unwrap_or(1),
            viewer: (!self.viewer.is_empty()).then(|| self.viewer.clone()),
            queue_max_bytes: usize::try_from(mib(self.queue_max_mib)).unwrap_or(usize::MAX),
        }
    }
}

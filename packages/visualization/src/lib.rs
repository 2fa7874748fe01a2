//! A run as a rerun recording (.rrd) and annotated images.

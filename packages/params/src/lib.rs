//! Declare a parameter once: struct, range check, ROS descriptor, YAML, README table.

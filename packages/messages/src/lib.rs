//! ROS 2 messages: generated structs, CDR, schema text, topics and QoS, conversions.

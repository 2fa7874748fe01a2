//! Vocabulary of Vedette: stamps, poses, readings, observations, assessments, decisions.

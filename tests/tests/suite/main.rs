//! Tests that cross crates, one binary so that everything heavy is linked once.

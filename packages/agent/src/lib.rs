//! The whole flow as step(event) -> effects, and the virtual-clock driver.

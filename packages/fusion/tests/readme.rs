//! The README's table of parameters is the declaration's.

use vedette_fusion::FusionParams;
use vedette_params::{ParamSet, Value, markdown_table};

#[test]
fn the_parameter_table_is_fresh() {
    let table = markdown_table(&[&FusionParams::default()]);
    assert!(include_str!("../README.md").contains(&table), "put this table into packages/fusion/README.md:\n{table}");
}

#[test]
fn heights_that_hold_nothing_are_refused() {
    let mut params = FusionParams::default();
    assert!(params.validate().is_ok());
    assert!(params.set("fusion.clearance_min_height_m", Value::Float(3.0)).is_ok());
    let fault = params.validate().map_err(|fault| fault.to_string());
    assert_eq!(fault, Err("parameter `fusion.clearance_min_height_m` must be below fusion.clearance_max_height_m: got 3 and 2".to_owned()));
}

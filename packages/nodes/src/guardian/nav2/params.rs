//! The parameters of what Nav2 is told, and the rules between them. In -> out: a declaration -> struct, descriptors, checks.

use super::mask::Area;
use vedette_params::ParamError;

vedette_params::params! {
    /// What Nav2 is told. Off until turned on.
    pub struct Nav2Params: "nav2", validate = validate {
        /// Whether responses become speed limits on `speed_limit`. Nav2's SpeedFilter may write there too: the stricter of both is said.
        speed_limit_enabled: bool = false;
        /// Speed of the response `limit`.
        limit_mps: f64 = 0.3, range 0.01..=10.0, unit "m/s";
        /// Share of the full speed of the response `slow_down`, and of the speed mask.
        slow_down_percent: f64 = 50.0, range 0.1..=100.0, unit "%";
        /// Share of the full speed of the response `stop`. Nav2 takes 0 for no limit, so this crawls; a real stop is the collision monitor's.
        stop_percent: f64 = 1.0, range 0.1..=100.0, unit "%";
        /// The controller's greatest speed: what a limit in percent is held against one in m/s by, where Nav2's SpeedFilter sets one.
        full_speed_mps: f64 = 0.5, range 0.05..=10.0, unit "m/s";
        /// How often a limit that holds is said again.
        repeat_secs: f64 = 1.0, range 0.1..=10.0, unit "s";
        /// Whether hazards answered with a stop are drawn on `hazard_filter_mask`, for Nav2's KeepoutFilter.
        keepout_enabled: bool = false;
        /// Whether hazards are drawn on `hazard_speed_filter_mask`, for Nav2's SpeedFilter.
        speed_mask_enabled: bool = false;
        /// Whether hazards answered with a stop are obstacles on `hazard_polygons`, for Nav2's collision monitor. The robot then stops when
        /// the guardian is not active.
        polygons_enabled: bool = false;
        /// How far around a hazard the robot must not go.
        keepout_radius_m: f64 = 0.5, range 0.05..=10.0, unit "m";
        /// How far around a hazard the robot goes slowly.
        speed_radius_m: f64 = 2.0, range 0.05..=50.0, unit "m";
        /// Radius of an obstacle for the collision monitor.
        polygon_radius_m: f64 = 0.3, range 0.05..=2.0, unit "m";
        /// `source_timeout` of the collision monitor: polygons are said again three times within it.
        polygon_source_timeout_secs: f64 = 2.0, range 0.5..=60.0, unit "s";
        /// Side of a mask's cells; larger where a mask would have more than 120,000.
        mask_resolution_m: f64 = 0.1, range 0.02..=2.0, unit "m";
        /// What masks cover where no `map` is heard: least x and y, greatest x and y, in the map frame.
        mask_area_m: Vec<f64> = [-15.0, -15.0, 15.0, 15.0], range -10_000.0..=10_000.0, unit "m";
        /// A hazard stays on masks and polygons this long after it was last known to be there.
        hold_secs: f64 = 20.0, range 0.0..=3600.0, unit "s";
        /// Hazards of one kind nearer than this are one.
        merge_m: f64 = 1.0, range 0.0..=20.0, unit "m";
        /// After a start, masks without a hazard wait this long: a guardian that was killed judges anew before it takes back what it left.
        restore_secs: f64 = 3.0, range 0.0..=4.0, unit "s";
    }
}

fn validate(params: &Nav2Params) -> Result<(), ParamError> {
    if area(params).is_none() {
        let rule = "must be four figures, least x and y and then greater x and y";
        return Err(ParamError::inconsistent("nav2.mask_area_m", rule, &format!("{:?}", params.mask_area_m)));
    }
    Ok(())
}

/// What masks cover where no map is heard.
pub(super) fn area(params: &Nav2Params) -> Option<Area> {
    let [min_x, min_y, max_x, max_y] = *params.mask_area_m.as_slice() else { return None };
    Area::new([min_x, min_y], [max_x, max_y])
}

impl Nav2Params {
    /// Whether any output needs to know where hazards are.
    pub(super) fn needs_places(&self) -> bool {
        self.keepout_enabled || self.speed_mask_enabled || self.polygons_enabled
    }

    /// For an operator: what is turned on.
    pub(super) fn turned_on(&self) -> String {
        let all = [
            (self.speed_limit_enabled, "speed limit"),
            (self.keepout_enabled, "keepout mask"),
            (self.speed_mask_enabled, "speed mask"),
            (self.polygons_enabled, "polygons"),
        ];
        let on: Vec<&str> = all.iter().filter(|(is_on, _)| *is_on).map(|(_, name)| *name).collect();
        if on.is_empty() { "none is turned on by a parameter".to_owned() } else { on.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vedette_params::ParamSet as _;

    #[test]
    fn an_area_that_is_none_is_refused() {
        let refusal = |params: Nav2Params| params.check().map_err(|error| error.to_string());
        let default = Nav2Params::default;
        assert_eq!(refusal(default()), Ok(()));
        for wrong in [vec![], vec![0.0, 0.0, 1.0], vec![1.0, 0.0, 0.0, 1.0]] {
            assert!(refusal(Nav2Params { mask_area_m: wrong, ..default() }).is_err_and(|text| text.contains("nav2.mask_area_m")));
        }
    }
}

//! `rmw_dds_common`: plain structs generated from the standard definitions of ROS 2 Jazzy by `cargo xtask messages`. In -> out: CDR bytes <-> struct. Values are as
//! they arrived: nothing is checked here, `from_ros` does that. Not edited by hand.

use crate::RosMsg;
use serde::{Deserialize, Serialize};

/// `rmw_dds_common/msg/Gid`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gid {
    /// `uint8[16]`
    pub data: [u8; 16],
}

impl RosMsg for Gid {
    const TYPE: &'static str = "rmw_dds_common/msg/Gid";
    const RIHS01: &'static str = "RIHS01_ab6f21cfbb0a6dbb837161e1110c2051a2850ed9f9c53944d7115d9bcebedf71";
    const DEFINITION: &'static str = r##"uint8[16] data
"##;
}

/// `rmw_dds_common/msg/NodeEntitiesInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct NodeEntitiesInfo {
    /// `string`
    pub node_namespace: String,
    /// `string`
    pub node_name: String,
    /// `Gid[]`
    pub reader_gid_seq: Vec<Gid>,
    /// `Gid[]`
    pub writer_gid_seq: Vec<Gid>,
}

impl RosMsg for NodeEntitiesInfo {
    const TYPE: &'static str = "rmw_dds_common/msg/NodeEntitiesInfo";
    const RIHS01: &'static str = "RIHS01_8ffef65ee2d088c63b1e8fcd31e800ba9fc8dbe0ee15ca60d1676de5218087a7";
    const DEFINITION: &'static str = r##"string<=256 node_namespace
string<=256 node_name
Gid[] reader_gid_seq
Gid[] writer_gid_seq
================================================================================
MSG: rmw_dds_common/Gid
uint8[16] data
"##;
}

/// `rmw_dds_common/msg/ParticipantEntitiesInfo`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ParticipantEntitiesInfo {
    /// `Gid`
    pub gid: Gid,
    /// `NodeEntitiesInfo[]`
    pub node_entities_info_seq: Vec<NodeEntitiesInfo>,
}

impl RosMsg for ParticipantEntitiesInfo {
    const TYPE: &'static str = "rmw_dds_common/msg/ParticipantEntitiesInfo";
    const RIHS01: &'static str = "RIHS01_91a0593bacdcc50ea9bdcf849a938b128412cc1ea821245c663bcd26f83c295e";
    const DEFINITION: &'static str = r##"Gid gid
NodeEntitiesInfo[] node_entities_info_seq
================================================================================
MSG: rmw_dds_common/Gid
uint8[16] data
================================================================================
MSG: rmw_dds_common/NodeEntitiesInfo
string<=256 node_namespace
string<=256 node_name
Gid[] reader_gid_seq
Gid[] writer_gid_seq
"##;
}

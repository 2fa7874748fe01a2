//! The same seed says the same, a clone goes on the same way, and the truth has no way into the sensors.

use crate::{messages, world};
use sha2::{Digest, Sha256};
use vedette_messages::RosMsg;
use vedette_simulator::{Emission, Map, Scenario, SensorMessage, World, truth_line};

/// Hash of topics, stamps and bytes.
fn hash(messages: &[SensorMessage]) -> String {
    let mut hasher = Sha256::new();
    for message in messages {
        hasher.update(message.topic);
        hasher.update(message.stamp.nanos().to_le_bytes());
        hasher.update(message.to_cdr().expect("bytes"));
    }
    format!("{:x?}", hasher.finalize())
}

#[test]
fn the_same_seed_says_the_same_and_another_does_not() {
    for name in Map::BUNDLED {
        let run = |seed| hash(&messages(&mut world(name, seed, 1.0), 30.0));
        assert_eq!(run(7), run(7), "{name}");
        assert_ne!(run(7), run(8), "{name}");
    }
}

#[test]
fn a_clone_goes_on_the_same_way() {
    let mut world = world("office", 3, 1.0);
    messages(&mut world, 17.3);
    let mut clone = world.clone();
    assert_eq!(hash(&messages(&mut world, 10.0)), hash(&messages(&mut clone, 10.0)));
    assert_eq!(world.truth(None), clone.truth(None));
    clone.set_speed_limit(vedette_types::Response::Stop);
    assert_ne!(hash(&messages(&mut world, 3.0)), hash(&messages(&mut clone, 3.0)), "worlds are independent");
}

#[test]
fn a_wrong_truth_leaves_the_sensors_alone() {
    let map = Map::bundled("warehouse").expect("a map");
    let scenario = Scenario::generate(&map, 11, 1.0).expect("a scenario");
    let mut honest = World::new(scenario.clone());
    let mut lying = World::new(scenario.with_wrong_truth());
    let shots = |world: &mut World| {
        let mut emissions = Vec::new();
        (0..12_000).for_each(|_| world.step(&mut emissions));
        let (mut messages, mut scenes) = (Vec::new(), String::new());
        for emission in emissions {
            match emission {
                Emission::Message(message) => messages.push(message),
                Emission::Shot(shot) => scenes += &format!("{:?}{:?}", shot.scene.things, shot.camera),
            }
        }
        (hash(&messages), scenes)
    };
    assert_eq!(shots(&mut honest), shots(&mut lying));
    let (told, lied) = (honest.truth(None), lying.truth(None));
    assert!(!told.hazards.is_empty());
    for (told, lied) in told.hazards.iter().zip(&lied.hazards) {
        assert_ne!(told.kind, lied.kind);
        assert_eq!((told.id, told.position_m), (lied.id, lied.position_m));
    }
    assert_ne!(truth_line(&told).expect("a line"), truth_line(&lied).expect("a line"));
}

#[test]
fn every_message_names_its_type() {
    let mut seen = std::collections::BTreeMap::new();
    for message in messages(&mut world("home", 1, 1.0), 5.0) {
        seen.entry(message.topic).or_insert((message.type_name(), message.definition()));
    }
    for (topic, constant) in SensorMessage::TOPICS {
        if topic != "/camera/image_raw/compressed" {
            assert_eq!(seen.get(topic).map(|(name, _)| *name), Some(constant.type_name), "{topic}");
        }
    }
    assert_eq!(seen["/imu/data"].1, vedette_messages::sensor_msgs::Imu::DEFINITION);
}

//! The backends that can run here, each in a network namespace of its own with nothing but loopback: a test starts itself again inside it, once a case.
//! What cannot run is said in a line.

use std::process::{Command, Stdio};
use vedette_ros::{Backend, Mapping, Network};

/// Of every test.
pub(crate) const DOMAIN: u16 = 9;
/// Set inside the namespace: which case runs there.
const CASE: &str = "VEDETTE_TEST_CASE";

/// A backend, and how services look on the wire.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) backend: Backend,
    pub(crate) mapping: Mapping,
}

impl Case {
    /// Both in words.
    pub(crate) fn word(self) -> String {
        format!("{} {}", self.backend.word(), self.mapping_word())
    }

    /// The word of `node.service_mapping`.
    pub(crate) const fn mapping_word(self) -> &'static str {
        match self.mapping {
            Mapping::FastDds => "fastdds",
            Mapping::Cyclone => "cyclone",
        }
    }

    /// Where its nodes are; for r2r it must be what the environment says.
    pub(crate) fn network(self) -> Network {
        Network { domain: DOMAIN, is_loopback_only: self.backend == Backend::Native, backend: self.backend }
    }

    /// Every case that can run here; the others are said to be left out.
    fn all() -> Vec<Self> {
        let mut cases: Vec<_> =
            [Mapping::FastDds, Mapping::Cyclone].map(|mapping| Self { backend: Backend::Native, mapping }).into_iter().collect();
        let reason = match Backend::ALL.iter().find(|backend| **backend != Backend::Native) {
            None => "built without the feature r2r, which needs a sourced ROS 2".to_owned(),
            Some(_) if std::env::var_os("AMENT_PREFIX_PATH").is_none() => "no ROS 2 is sourced".to_owned(),
            Some(&backend) => match std::env::var("RMW_IMPLEMENTATION").as_deref() {
                Err(_) | Ok("rmw_fastrtps_cpp") => {
                    cases.push(Self { backend, mapping: Mapping::FastDds });
                    return cases;
                }
                Ok("rmw_cyclonedds_cpp") => {
                    cases.push(Self { backend, mapping: Mapping::Cyclone });
                    return cases;
                }
                Ok(other) => format!("the peer of this test cannot talk to {other}"),
            },
        };
        println!("conformance of the r2r backend: not run, {reason}");
        cases
    }
}

/// Runs `inside` for each case; `test` is the name of the test that calls this.
pub(crate) fn each(test: &str, inside: fn(Case)) {
    if let Ok(word) = std::env::var(CASE) {
        return inside(Case::all().into_iter().find(|case| case.word() == word).expect("a case"));
    }
    let program = std::env::current_exe().expect("this test has a path");
    let set_up = "ip link set lo up && ip link set lo multicast on && ip route add 239.0.0.0/8 dev lo && exec \"$@\"";
    let is_allowed = |unshare: &&str| Command::new("unshare").args([unshare, "true"]).output().is_ok_and(|output| output.status.success());
    let Some(unshare) = ["-n", "-Urn"].into_iter().find(is_allowed) else {
        println!("skipped: network namespaces are not allowed here");
        return;
    };
    // Each in a namespace of its own, all at once: they wait more than they work.
    let running: Vec<_> = Case::all()
        .into_iter()
        .map(|case| {
            let mut command = Command::new("unshare");
            command.args([unshare, "sh", "-c", set_up, "sh"]).arg(&program);
            command.args([test, "--exact", "--nocapture"]).env(CASE, case.word());
            // The namespace has loopback and nothing else; LOCALHOST would make rmw_cyclonedds do without the multicast by which the peer is found.
            command
                .env("ROS_DOMAIN_ID", DOMAIN.to_string())
                .env("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")
                .env_remove("ROS_LOCALHOST_ONLY");
            let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("unshare starts");
            (case, child)
        })
        .collect();
    for (case, child) in running {
        let output = child.wait_with_output().expect("unshare ends");
        println!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{} failed inside the namespace: see above", case.word());
    }
}

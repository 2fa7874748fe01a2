//! Which network a node is on, and through what. In -> out: environment variables of ROS 2, and one of ours -> [`Network`].
//! Deliberately absent: joining it.

/// Which network a node is on, and through what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// `ROS_DOMAIN_ID`
    pub domain: u16,
    /// Nothing leaves this machine: `ROS_AUTOMATIC_DISCOVERY_RANGE=LOCALHOST`, or `ROS_LOCALHOST_ONLY=1` of older versions.
    pub is_loopback_only: bool,
    /// What carries the bytes.
    pub backend: Backend,
}

/// A value of an environment variable that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{variable} must be {wanted}: got `{found}`")]
pub struct NetworkError {
    /// The variable.
    pub variable: &'static str,
    /// What it may be.
    pub wanted: &'static str,
    /// What it is.
    pub found: String,
}

impl Network {
    /// From environment variables; `read` gives the value of one.
    ///
    /// # Errors
    /// [`NetworkError`]: a robot that silently joins another domain, or the whole network, is worse than one that does not start.
    pub fn from_environment(read: impl Fn(&str) -> Option<String>) -> Result<Self, NetworkError> {
        let read = |name: &str| read(name).filter(|text| !text.is_empty());
        let domain = match read("ROS_DOMAIN_ID") {
            None => 0,
            // 232 is the last domain whose ports exist (RTPS 2.5, 9.6.2.1).
            Some(text) => text.trim().parse().ok().filter(|domain| *domain <= 232).ok_or(NetworkError {
                variable: "ROS_DOMAIN_ID",
                wanted: "a number from 0 to 232",
                found: text,
            })?,
        };
        let range = read("ROS_AUTOMATIC_DISCOVERY_RANGE");
        let is_loopback_only = match range.as_deref() {
            Some("LOCALHOST") => true,
            Some("SUBNET" | "SYSTEM_DEFAULT") => false,
            None => read("ROS_LOCALHOST_ONLY").as_deref() == Some("1"),
            Some(found) => {
                return Err(NetworkError {
                    variable: "ROS_AUTOMATIC_DISCOVERY_RANGE",
                    wanted: "LOCALHOST, SUBNET or SYSTEM_DEFAULT (OFF is not supported)",
                    found: found.to_owned(),
                });
            }
        };
        Ok(Self { domain, is_loopback_only, backend: Backend::from_environment(read)? })
    }
}

/// What carries a node's bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// A DDS participant of our own (RustDDS); needs no ROS.
    #[cfg_attr(not(feature = "r2r"), default)]
    Native,
    /// The installed ROS 2 with the middleware that it is set to, through r2r. It reads domain and range from the environment itself.
    #[cfg(feature = "r2r")]
    #[default]
    R2r,
}

impl Backend {
    /// Every one of this build.
    pub const ALL: &[Self] = &[
        Self::Native,
        #[cfg(feature = "r2r")]
        Self::R2r,
    ];

    /// Its word in `VEDETTE_ROS_BACKEND`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            #[cfg(feature = "r2r")]
            Self::R2r => "r2r",
        }
    }

    fn from_environment(read: impl Fn(&str) -> Option<String>) -> Result<Self, NetworkError> {
        let variable = "VEDETTE_ROS_BACKEND";
        let Some(found) = read(variable) else { return Ok(Self::default()) };
        let wanted = if cfg!(feature = "r2r") { "native or r2r" } else { "native (r2r needs a build with the feature r2r)" };
        Self::ALL.iter().copied().find(|backend| backend.word() == found).ok_or(NetworkError { variable, wanted, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_says_which_network() {
        let network = |pairs: &[(&str, &str)]| {
            Network::from_environment(|name| pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
        };
        assert_eq!(network(&[]), Ok(Network { domain: 0, is_loopback_only: false, backend: Backend::default() }));
        let local = network(&[("ROS_DOMAIN_ID", "42"), ("ROS_AUTOMATIC_DISCOVERY_RANGE", "LOCALHOST")]);
        assert_eq!(local, Ok(Network { domain: 42, is_loopback_only: true, backend: Backend::default() }));
        assert_eq!(network(&[("ROS_LOCALHOST_ONLY", "1")]).map(|n| n.is_loopback_only), Ok(true));
        assert_eq!(
            network(&[("ROS_LOCALHOST_ONLY", "1"), ("ROS_AUTOMATIC_DISCOVERY_RANGE", "SUBNET")]).map(|n| n.is_loopback_only),
            Ok(false)
        );
        for wrong in [
            ("ROS_DOMAIN_ID", "233"),
            ("ROS_DOMAIN_ID", "x"),
            ("ROS_AUTOMATIC_DISCOVERY_RANGE", "localhost"),
            ("VEDETTE_ROS_BACKEND", "dds"),
        ] {
            assert!(network(&[wrong]).is_err_and(|error| error.to_string().starts_with(wrong.0)), "{wrong:?}");
        }
        assert_eq!(network(&[("VEDETTE_ROS_BACKEND", "native")]).map(|network| network.backend), Ok(Backend::Native));
    }
}

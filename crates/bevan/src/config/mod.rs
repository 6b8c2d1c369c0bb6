//! The configuration: one TOML file, every key overridable as `BEVAN_SECTION_KEY`, unknown keys are errors.
//!
//! Order of precedence: command line, environment, file, default.

mod messages;
pub mod outside;
mod overlay;
mod sign_in;

use catalogue::Language;
use hl7v2::admission::{Admission, PROCESSING_IDS};
pub use messages::Messages;
use serde::{Deserialize, Serialize};
pub use sign_in::SignIn;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// What is wrong with a configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML, or a key is unknown or of the wrong kind.
    #[error("{0}")]
    Malformed(String),
    /// A `BEVAN_…` variable names no key or holds the wrong kind of value.
    #[error("environment variable {name}: {reason}")]
    Variable {
        /// The variable.
        name: String,
        /// Why it is refused.
        reason: String,
    },
    /// A file that a key names cannot be used.
    #[error("{key}: cannot read {path}: {reason}")]
    File {
        /// The key.
        key: String,
        /// The file.
        path: PathBuf,
        /// Why; never what it holds.
        reason: String,
    },
    /// Values that do not go together.
    #[error("{0}")]
    Contradiction(String),
}

/// Everything that can be set.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Where it listens and keeps its data.
    pub server: Server,
    /// The record store.
    pub store: StoreLimits,
    /// The FHIR door.
    pub fhir: FhirDoor,
    /// The HL7 v2 door.
    pub mllp: MllpDoor,
    /// Other systems of referrals and hospital appointments.
    pub referrals: Referrals,
    /// Where to go now, and self-care.
    pub triage: Guidance,
    /// Bringing messages to people.
    pub messages: Messages,
    /// Logging.
    pub log: Log,
    /// The national login that patients use.
    pub sign_in: SignIn,
}

/// Other systems of referrals and hospital appointments.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Referrals {
    /// Each is asked when somebody opens their list of appointments.
    pub sources: Vec<OtherSource>,
}

/// One other system, which speaks FHIR R4.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct OtherSource {
    /// What people know it as.
    pub name: String,
    /// The address of its FHIR base.
    pub base: String,
    /// A file with the bearer token that it wants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_file: Option<PathBuf>,
    /// A file with the certificates, in PEM, that its certificate is checked against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorities_file: Option<PathBuf>,
    /// How long it is waited for, in milliseconds; 8,000 at most.
    #[serde(default = "five_seconds")]
    pub limit_ms: u64,
}

impl OtherSource {
    /// One of its keys, as it is named to the operator.
    #[must_use]
    pub fn key(&self, key: &str) -> String {
        format!("{key} of the referral source {:?}", self.name)
    }
}

fn five_seconds() -> u64 {
    5_000
}

/// Where it listens and keeps its data.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    /// Directory that holds everything.
    pub data: PathBuf,
    /// Address of the pages and of FHIR.
    pub http: SocketAddr,
    /// Address of the HL7 v2 listener.
    pub mllp: SocketAddr,
    /// Demo sign-in and demo tokens.
    pub demo: bool,
    /// Allow `demo` on an address others can reach.
    pub demo_on_public_address: bool,
    /// The address people use, when it differs from `http` (behind a proxy); empty means `http`.
    pub public_url: String,
    /// The help line that every patient page names, as it is dialled; empty where nobody answers a phone.
    pub help_phone: String,
    /// The language that patients read: `en-GB`. `marked` is English with every message of the catalogue in brackets, for those
    /// who translate it and for tests.
    pub language: String,
}

/// Limits of the record store.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreLimits {
    /// Reader threads.
    pub readers: usize,
}

/// Limits of the FHIR door.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct FhirDoor {
    /// Largest request body in MiB; beyond it the answer is 413.
    pub max_body_mib: usize,
}

/// Limits of the HL7 v2 door.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct MllpDoor {
    /// Largest message in KiB.
    pub max_message_kib: usize,
    /// Connections at once.
    pub max_connections: usize,
    /// Of these, connections from one address.
    pub max_connections_per_peer: usize,
    /// Seconds of silence after which a connection is closed.
    pub idle_timeout_s: u64,
    /// Sending facilities (MSH-4) that may connect; empty means all.
    pub facilities: Vec<String>,
    /// Processing ids (MSH-11) that are taken: `P` production, `T` training, `D` debugging. Demo mode takes all three.
    pub processing_ids: Vec<String>,
}

/// Which questions and advice public pages show; empty means the demonstration of this program.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Guidance {
    /// A file with a set of pathways.
    pub pathways: PathBuf,
    /// A file with pages on self-care and conditions.
    pub advice: PathBuf,
}

/// Logging.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info`, `debug` or `trace`.
    pub level: String,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            data: crate::cli::DEFAULT_DATA.into(),
            http: SocketAddr::from(([127, 0, 0, 1], 8080)),
            mllp: SocketAddr::from(([127, 0, 0, 1], 2575)),
            demo: false,
            demo_on_public_address: false,
            public_url: String::new(),
            help_phone: String::new(),
            language: "en-GB".into(),
        }
    }
}

impl Default for StoreLimits {
    fn default() -> Self {
        Self { readers: 4 }
    }
}

impl Default for FhirDoor {
    fn default() -> Self {
        Self { max_body_mib: 64 }
    }
}

impl Default for MllpDoor {
    fn default() -> Self {
        Self {
            max_message_kib: 4096,
            max_connections: 64,
            max_connections_per_peer: 32,
            idle_timeout_s: 600,
            facilities: Vec::new(),
            processing_ids: vec!["P".into()],
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".into() }
    }
}

impl Config {
    /// Reads the file, lays the environment over it and checks the whole.
    ///
    /// # Errors
    /// [`ConfigError`] says which key or variable is wrong and why.
    pub fn load(file: Option<&Path>, variables: &[(String, String)]) -> Result<Self, ConfigError> {
        let text = match file {
            Some(path) => std::fs::read_to_string(path)
                .map_err(|source| ConfigError::Unreadable { path: path.to_path_buf(), source })?,
            None => String::new(),
        };
        // Read once on its own, so that a mistake in the file is reported with its line.
        let _: Self = toml::from_str(&text).map_err(|error| malformed(file, &error))?;
        let table: toml::Table = toml::from_str(&text).map_err(|error| malformed(file, &error))?;
        let config: Self = overlay::lay(table, variables)?
            .try_into()
            .map_err(|error: toml::de::Error| ConfigError::Malformed(error.to_string()))?;
        Ok(config)
    }

    /// Checks values against one another. Called once the command line is laid over the rest.
    ///
    /// # Errors
    /// [`ConfigError::Contradiction`] in words for the operator.
    pub fn check(&self) -> Result<(), ConfigError> {
        let contradiction = |text: String| Err(ConfigError::Contradiction(text));
        let open =
            [self.server.http, self.server.mllp].into_iter().find(|address| !address.ip().is_loopback());
        if let (true, false, Some(address)) = (self.server.demo, self.server.demo_on_public_address, open) {
            return contradiction(format!(
                "demo mode lets anyone sign in as anyone, and {address} can be reached by others: \
                 use a loopback address, or say --demo-on-public-address if every record here is made up"
            ));
        }
        if self.server.http == self.server.mllp && self.server.http.port() != 0 {
            return contradiction(format!(
                "server.http and server.mllp are both {}: two addresses, one for each",
                self.server.http
            ));
        }
        let public = self.server.public_url.as_str();
        if !public.is_empty() && outside::web_address("server.public_url", public)?.path() != "/" {
            let why = "pages stand at the root of their site, so it is an address without a path";
            return contradiction(format!("server.public_url is {public:?}: {why}"));
        }
        if Language::of(&self.server.language).is_none() {
            return contradiction(format!("server.language is {:?}: en-GB or marked", self.server.language));
        }
        if !matches!(self.log.level.as_str(), "error" | "warn" | "info" | "debug" | "trace") {
            return contradiction(format!(
                "log.level is {:?}: error, warn, info, debug or trace",
                self.log.level
            ));
        }
        let known = |id: &String| PROCESSING_IDS.contains(&id.as_str());
        if self.mllp.processing_ids.is_empty() || !self.mllp.processing_ids.iter().all(known) {
            return contradiction(format!(
                "mllp.processing_ids is {:?}: at least one of P (production), T (training) and D (debugging)",
                self.mllp.processing_ids
            ));
        }
        for (key, value) in [
            ("store.readers", self.store.readers),
            ("fhir.max_body_mib", self.fhir.max_body_mib),
            ("mllp.max_message_kib", self.mllp.max_message_kib),
            ("mllp.max_connections", self.mllp.max_connections),
            ("mllp.max_connections_per_peer", self.mllp.max_connections_per_peer),
        ] {
            if value == 0 {
                return contradiction(format!("{key} is 0: at least 1"));
            }
        }
        self.messages.check()?;
        if self.mllp.idle_timeout_s == 0 {
            let why = "every connection would be closed at once: at least 1 second";
            return contradiction(format!("mllp.idle_timeout_s is 0, and {why}"));
        }
        if let Some(source) = self.referrals.sources.iter().find(|source| source.limit_ms == 0) {
            let why = "it would never be waited for: at least 1 millisecond";
            return contradiction(format!("{} is 0, and {why}", source.key("limit_ms")));
        }
        for source in &self.referrals.sources {
            let base = outside::web_address(&source.key("base"), &source.base)?;
            if base.scheme_str() == Some("https") && source.authorities_file.is_none() {
                let key = source.key("authorities_file");
                let why = "its certificate could not be checked, and it would never be asked";
                return contradiction(format!("{key} is missing: {why}"));
            }
        }
        self.sign_in.check()
    }

    /// Which HL7 v2 messages are taken. Training and debugging messages get into a real record only when it says so.
    #[must_use]
    pub fn admission(&self) -> Admission {
        match self.server.demo {
            true => Admission::any(),
            false => Admission { processing_ids: self.mllp.processing_ids.clone() },
        }
    }

    /// The address of the FHIR base that people and programs use, as far as it is known before listening.
    #[must_use]
    pub fn fhir_base(&self) -> Option<String> {
        let public = self.server.public_url.trim_end_matches('/');
        match (public.is_empty(), self.server.http.port()) {
            (false, _) => Some(format!("{public}/fhir")),
            (true, 0) => None,
            (true, _) => Some(format!("http://{}/fhir", self.server.http)),
        }
    }

    /// The configuration in force, as TOML.
    #[must_use]
    pub fn print(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }
}

fn malformed(file: Option<&Path>, error: &toml::de::Error) -> ConfigError {
    let path = file.map(|path| path.display().to_string()).unwrap_or_default();
    ConfigError::Malformed(format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("bevan.toml");
        std::fs::write(&path, text).unwrap();
        (folder, path)
    }

    fn variables(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let (_folder, path) = file("[server]\nhttp = \"127.0.0.1:1\"\n[mllp]\nidle_timeout_s = 5\n");
        let set = variables(&[
            ("BEVAN_SERVER_HTTP", "127.0.0.1:2"),
            ("BEVAN_MLLP_FACILITIES", "X1A,X2B"),
            ("HOME", "/"),
        ]);
        let config = Config::load(Some(&path), &set).unwrap();
        assert_eq!(config.server.http.port(), 2);
        assert_eq!(config.mllp.idle_timeout_s, 5);
        assert_eq!(config.mllp.facilities, ["X1A", "X2B"]);
    }

    #[test]
    fn a_variable_may_hold_a_list_as_it_stands_in_the_file() {
        let set = variables(&[
            ("BEVAN_MESSAGES_SMS_COMMAND", r#"["/bin/send", "--to=a,b"]"#),
            ("BEVAN_REFERRALS_SOURCES", r#"[{ name = "Coast", base = "https://r.example/fhir" }]"#),
        ]);
        let config = Config::load(None, &set).unwrap();
        assert_eq!(config.messages.sms_command, ["/bin/send", "--to=a,b"]);
        assert_eq!(config.referrals.sources[0].name, "Coast");
        for wrong in ["[1, ", "[1]\n[server]\ndemo = true"] {
            let error = Config::load(None, &variables(&[("BEVAN_MLLP_FACILITIES", wrong)])).unwrap_err();
            assert!(error.to_string().contains("BEVAN_MLLP_FACILITIES"), "{error}");
        }
        assert!(Config::load(None, &variables(&[("BEVAN_REFERRALS_SOURCES", "[{ nam = 1 }]")])).is_err());
    }

    #[test]
    fn unknown_keys_are_errors() {
        let (_folder, path) = file("[server]\nhtpp = \"127.0.0.1:1\"\n");
        let error = Config::load(Some(&path), &[]).unwrap_err().to_string();
        assert!(error.contains("htpp"), "{error}");
        let error = Config::load(None, &variables(&[("BEVAN_SERVER_HTPP", "x")])).unwrap_err().to_string();
        assert!(error.contains("BEVAN_SERVER_HTPP"), "{error}");
        let error =
            Config::load(None, &variables(&[("BEVAN_STORE_READERS", "many")])).unwrap_err().to_string();
        assert!(error.contains("whole number"), "{error}");
    }

    #[test]
    fn demo_mode_stays_on_loopback() {
        let mut config = Config::default();
        config.server.demo = true;
        assert!(config.check().is_ok());
        config.server.http = "0.0.0.0:8080".parse().unwrap();
        assert!(config.check().is_err());
        config.server.demo_on_public_address = true;
        assert!(config.check().is_ok());
    }

    #[test]
    fn a_real_record_takes_production_messages_unless_it_is_told_otherwise() {
        let mut config = Config::default();
        assert_eq!(config.admission().processing_ids, ["P"]);
        config.server.demo = true;
        assert_eq!(config.admission().processing_ids, ["P", "T", "D"]);
        let config = Config::load(None, &variables(&[("BEVAN_MLLP_PROCESSING_IDS", "P,T")])).unwrap();
        assert_eq!(config.admission().processing_ids, ["P", "T"]);
        assert!(config.check().is_ok());
        for wrong in ["P,X", "p", ""] {
            let config = Config::load(None, &variables(&[("BEVAN_MLLP_PROCESSING_IDS", wrong)])).unwrap();
            let error = config.check().unwrap_err().to_string();
            assert!(error.contains("mllp.processing_ids"), "{error}");
        }
    }

    #[test]
    fn nothing_is_limited_to_nothing() {
        for name in [
            "BEVAN_STORE_READERS",
            "BEVAN_FHIR_MAX_BODY_MIB",
            "BEVAN_MLLP_MAX_MESSAGE_KIB",
            "BEVAN_MLLP_MAX_CONNECTIONS",
            "BEVAN_MLLP_MAX_CONNECTIONS_PER_PEER",
            "BEVAN_MLLP_IDLE_TIMEOUT_S",
        ] {
            let config = Config::load(None, &variables(&[(name, "0")])).unwrap();
            let error = config.check().unwrap_err().to_string();
            let key = name.trim_start_matches("BEVAN_").to_lowercase().replacen('_', ".", 1);
            assert!(error.contains(&key), "{name}: {error}");
            assert!(Config::load(None, &variables(&[(name, "1")])).unwrap().check().is_ok(), "{name}");
        }
        let (_folder, path) =
            file("[[referrals.sources]]\nname = \"R\"\nbase = \"https://r.example\"\nlimit_ms = 0\n");
        let error = Config::load(Some(&path), &[]).unwrap().check().unwrap_err().to_string();
        assert!(error.contains("limit_ms"), "{error}");
    }

    #[test]
    fn the_base_is_the_public_one_or_where_it_listens() {
        let mut config = Config::default();
        assert_eq!(config.fhir_base().as_deref(), Some("http://127.0.0.1:8080/fhir"));
        config.server.http.set_port(0);
        assert_eq!(config.fhir_base(), None);
        config.server.public_url = "https://health.example/".into();
        assert_eq!(config.fhir_base().as_deref(), Some("https://health.example/fhir"));
    }

    #[test]
    fn what_it_prints_it_reads() {
        let (_folder, path) = file(&Config::default().print());
        assert_eq!(Config::load(Some(&path), &[]).unwrap(), Config::default());
    }
}

//! Speaking to the login service: short questions with a limit on time and size, no redirects, blocking on a thread of its
//! own. Certificates are checked against the authorities that the binary was given.

use super::SignInFault;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::http::StatusCode;
use ureq::tls::{Certificate, RootCerts, TlsConfig};

/// A person waits: after this long the login service does not answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// More than any of its answers.
const LIMIT_BYTES: u64 = 256 * 1024;

/// The way to the login service.
#[derive(Clone)]
pub struct Transport(Agent);

/// A question.
pub enum Question {
    /// GET, with a bearer token when there is one.
    Get {
        /// Where.
        url: String,
        /// The token.
        bearer: Option<String>,
    },
    /// POST of a form.
    Post {
        /// Where.
        url: String,
        /// The fields.
        form: Vec<(&'static str, String)>,
    },
}

impl Transport {
    /// `authorities` are certificates in PEM; may be empty where the login service is on this machine.
    pub fn new(authorities: &[u8]) -> Self {
        let certificates: Vec<Certificate<'static>> = ureq::tls::parse_pem(authorities)
            .filter_map(|item| match item {
                Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(certificate),
                _ => None,
            })
            .collect();
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::Specific(Arc::new(certificates)))
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .proxy(None)
            .tls_config(tls)
            .build();
        Self(config.new_agent())
    }

    /// The answer to a question.
    pub async fn ask(&self, question: Question) -> Result<Value, SignInFault> {
        let agent = self.0.clone();
        let asked = tokio::task::spawn_blocking(move || ask(&agent, question)).await;
        asked.map_err(|_| SignInFault::Unreachable("the question was given up".into()))?
    }
}

fn ask(agent: &Agent, question: Question) -> Result<Value, SignInFault> {
    let unreachable = |error: ureq::Error| SignInFault::Unreachable(error.to_string());
    let answer = match question {
        Question::Get { url, bearer } => {
            let mut asking = agent.get(&url).header("accept", "application/json");
            if let Some(bearer) = bearer {
                asking = asking.header("authorization", format!("Bearer {bearer}"));
            }
            asking.call()
        }
        Question::Post { url, form } => {
            let fields = form.iter().map(|(name, value)| (*name, value.as_str()));
            agent.post(&url).header("accept", "application/json").send_form(fields)
        }
    };
    let mut answer = answer.map_err(unreachable)?;
    let status = answer.status();
    let text = answer.body_mut().with_config().limit(LIMIT_BYTES).read_to_string().map_err(unreachable)?;
    let said: Option<Value> = serde_json::from_str(&text).ok();
    match (status, said) {
        (StatusCode::OK, Some(said)) => Ok(said),
        (StatusCode::OK, None) => Err(SignInFault::Unreachable("its answer is not JSON".into())),
        (status, said) => {
            let code = said.as_ref().and_then(|said| said.get("error")).and_then(Value::as_str);
            Err(SignInFault::Refused(format!("{} {}", status.as_u16(), code.unwrap_or("without a code"))))
        }
    }
}

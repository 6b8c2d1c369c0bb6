//! The relying party: begins an attempt, and finishes it when the person comes back. Keeps what the login service says of
//! itself for an hour, and asks for its keys again when a token names one that is new.

use super::SignInFault;
use super::assertion::{SigningKey, sign};
use super::proof::Proof;
use super::provider::{self, Provider};
use super::request::{Attempt, address_of};
use super::token::{Expected, Fault, check};
use super::transport::{Question, Transport};
use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::EncodingKey;
use serde_json::Value;
use std::sync::{Arc, Mutex, PoisonError};

/// What the login service says of itself is asked again after this long.
const KNOWN_FOR: SignedDuration = SignedDuration::from_hours(1);
/// Its keys are not asked for more often than this, whatever tokens name.
const KEYS_AGAIN: SignedDuration = SignedDuration::from_secs(60);
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// What was agreed with the login service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The login service's issuer, exactly as it names itself.
    pub issuer: String,
    /// Our name there.
    pub client: String,
    /// The name of our key there.
    pub key_id: String,
    /// Our private key in PEM.
    pub key_pem: Vec<u8>,
    /// Where it sends people back to: our `/sign-in/return`.
    pub redirect: String,
    /// Certificates of the authorities we trust, in PEM.
    pub authorities_pem: Vec<u8>,
}

/// The relying party.
pub struct Party {
    issuer: String,
    client: String,
    redirect: String,
    key: SigningKey,
    transport: Transport,
    known: Mutex<Option<(Timestamp, Arc<Provider>)>>,
}

impl Party {
    /// Takes a registration.
    ///
    /// # Errors
    /// [`SignInFault::Registration`] when the key cannot be read or the issuer is not an https address.
    pub fn new(registration: Registration) -> Result<Self, SignInFault> {
        if !provider::is_fit(&registration.issuer) {
            return Err(SignInFault::Registration("the issuer is not an https address".into()));
        }
        let key = EncodingKey::from_rsa_pem(&registration.key_pem)
            .map_err(|_| SignInFault::Registration("the private key is not an RSA key in PEM".into()))?;
        Ok(Self {
            issuer: registration.issuer,
            client: registration.client,
            redirect: registration.redirect,
            key: SigningKey { key, id: registration.key_id },
            transport: Transport::new(&registration.authorities_pem),
            known: Mutex::new(None),
        })
    }

    /// The address at the login service that begins an attempt.
    ///
    /// # Errors
    /// [`SignInFault`] when it does not answer.
    pub async fn begin(&self, attempt: &Attempt, now: Timestamp) -> Result<String, SignInFault> {
        let provider = self.provider(now, KNOWN_FOR).await?;
        Ok(address_of(&provider.endpoints, &self.client, &self.redirect, attempt))
    }

    /// Whoever came back with a code. `jti` is unguessable and new.
    ///
    /// # Errors
    /// [`SignInFault`]: nobody is signed in.
    pub async fn finish(
        &self,
        attempt: &Attempt,
        code: &str,
        jti: &str,
        now: Timestamp,
    ) -> Result<Proof, SignInFault> {
        let provider = self.provider(now, KNOWN_FOR).await?;
        let tokens = self.tokens(&provider, attempt, code, (jti, now)).await?;
        let text = |name: &str| {
            let value = tokens.get(name).and_then(Value::as_str);
            value.ok_or_else(|| SignInFault::Unreachable(format!("it sent no {name}")))
        };
        let (token, access) = (text("id_token")?, text("access_token")?);
        let expected = Expected {
            issuer: &self.issuer,
            client: &self.client,
            nonce: &attempt.nonce,
            asked: attempt.asked,
            now,
        };
        let (subject, level) = match check(token, &provider.keys, &expected) {
            Err(Fault::UnknownKey) => check(token, &self.provider(now, KEYS_AGAIN).await?.keys, &expected)?,
            checked => checked?,
        };
        let question =
            Question::Get { url: provider.endpoints.userinfo.clone(), bearer: Some(access.to_owned()) };
        let said = self.transport.ask(question).await?;
        Proof::of(&subject, level, &said).ok_or(SignInFault::Untrue(Fault::Subject))
    }

    async fn tokens(
        &self,
        provider: &Provider,
        attempt: &Attempt,
        code: &str,
        (jti, now): (&str, Timestamp),
    ) -> Result<Value, SignInFault> {
        let url = provider.endpoints.token.clone();
        let form = vec![
            ("grant_type", "authorization_code".to_owned()),
            ("code", code.to_owned()),
            ("redirect_uri", self.redirect.clone()),
            ("code_verifier", attempt.verifier.clone()),
            ("client_id", self.client.clone()),
            ("client_assertion_type", ASSERTION.to_owned()),
            ("client_assertion", sign(&self.key, &self.client, &url, jti, now)?),
        ];
        self.transport.ask(Question::Post { url, form }).await
    }

    /// The login service as it described itself, not longer ago than `fresh`.
    async fn provider(&self, now: Timestamp, fresh: SignedDuration) -> Result<Arc<Provider>, SignInFault> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((since, provider)) = known
            && now.duration_since(since) < fresh
        {
            return Ok(provider);
        }
        let get = |url: String| self.transport.ask(Question::Get { url, bearer: None });
        let endpoints = provider::endpoints(&self.issuer, &get(provider::description(&self.issuer)).await?)?;
        let keys = provider::keys(&get(endpoints.keys.clone()).await?)?;
        let provider = Arc::new(Provider { endpoints, keys });
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, Arc::clone(&provider)));
        Ok(provider)
    }
}

//! Other systems that hold referrals and hospital appointments, asked over FHIR R4 when somebody opens their list: a
//! client that searches by POST, so that no NHS number stands in an address or a log.
//!
//! A person there is theirs only when NHS number, date of birth and family name agree. What does not answer in time, or
//! not with FHIR, is silent; nothing of it is shown, and the page names it.

use crate::config::{ConfigError, OtherSource, outside};
use anyhow::{Result, anyhow, bail};
use care::appointments::Elsewhere;
use care::appointments::elsewhere::{Asked, LONGEST, Person, Silent};
use fhir::json::{Limits, Value, parse};
use fhir::views::Patient;
use std::sync::Arc;
use std::time::Duration;
use ureq::Agent;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig};

/// More than a page of any answer.
const LIMIT_BYTES: u64 = 8 << 20;
/// Pages of one search; more is no answer.
const PAGES_MAX: usize = 10;
/// SNOMED CT: patient referral.
const REFERRAL: &str = "http://snomed.info/sct|3457005";

/// One other system.
struct Source {
    name: String,
    base: String,
    token: Option<String>,
    agent: Agent,
}

/// The other systems of a configuration.
///
/// # Errors
/// [`ConfigError`] with the key.
pub fn sources(configured: &[OtherSource]) -> Result<Vec<Elsewhere>, ConfigError> {
    configured.iter().map(one).collect()
}

fn one(configured: &OtherSource) -> Result<Elsewhere, ConfigError> {
    let limit = Duration::from_millis(configured.limit_ms).min(LONGEST);
    let token = configured.token_file.as_deref();
    let token = token.map(|path| outside::secret(&configured.key("token_file"), path)).transpose()?;
    let authorities = configured.authorities_file.as_deref();
    let authorities = authorities
        .map(|path| outside::certificates(&configured.key("authorities_file"), path))
        .transpose()?;
    let source = Arc::new(Source {
        name: configured.name.clone(),
        base: configured.base.trim_end_matches('/').to_owned(),
        token: token.map(|token| token.trim().to_owned()),
        agent: agent(authorities.as_deref().unwrap_or_default(), limit),
    });
    Ok(Elsewhere {
        name: configured.name.clone(),
        limit,
        ask: Arc::new(move |person| ask(Arc::clone(&source), person)),
    })
}

fn agent(authorities: &[u8], limit: Duration) -> Agent {
    let certificates: Vec<Certificate<'static>> = ureq::tls::parse_pem(authorities)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::Specific(Arc::new(certificates)))
        .unversioned_rustls_crypto_provider(provider)
        .build();
    Agent::config_builder()
        .timeout_global(Some(limit))
        .max_redirects(0)
        .proxy(None)
        .tls_config(tls)
        .build()
        .new_agent()
}

fn ask(source: Arc<Source>, person: Person) -> Asked {
    Box::pin(async move {
        let name = source.name.clone();
        let asked = tokio::task::spawn_blocking(move || source.documents(&person)).await;
        let fault = match asked {
            Ok(Ok(documents)) => return Ok(documents),
            Ok(Err(error)) => error,
            Err(_) => anyhow!("the question was given up"),
        };
        tracing::warn!(source = name, %fault, "another source of referrals did not answer");
        Err(Silent)
    })
}

impl Source {
    /// What it holds about a person; nothing when it does not know them for certain.
    fn documents(&self, person: &Person) -> Result<Vec<Value>> {
        let number = format!("{}|{}", fhir::systems::NHS_NUMBER, person.nhs_number);
        let patients = self.search("Patient", &[("identifier", &number)])?;
        let known: Vec<&Value> = patients.iter().filter(|one| is_theirs(Patient(one), person)).collect();
        let [patient] = known.as_slice() else { return Ok(Vec::new()) };
        let Some(id) = patient.text_at(&["id"]) else { bail!("a patient without an id") };
        let subject = format!("Patient/{id}");
        let list = format!("{}|waiting-list", fhir::systems::CARE_PLAN_CATEGORY);
        let mut documents = self.search("Appointment", &[("patient", &subject)])?;
        documents.extend(self.search("ServiceRequest", &[("subject", &subject), ("category", REFERRAL)])?);
        documents.extend(self.search("CarePlan", &[("subject", &subject), ("category", &list)])?);
        documents.retain(|one| is_about(one, &subject, &self.base));
        Ok(documents)
    }

    /// The matches of a search, page after page.
    fn search(&self, type_: &str, pairs: &[(&str, &str)]) -> Result<Vec<Value>> {
        let url = format!("{}/{type_}/_search", self.base);
        let mut request = self.agent.post(&url).header("accept", "application/fhir+json");
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let mut page = self.read(request.send_form(pairs.iter().copied()))?;
        let mut found = Vec::new();
        for _ in 0..PAGES_MAX {
            let next = next(&page).map(str::to_owned);
            found.extend(matches(page, type_));
            let Some(next) = next else { return Ok(found) };
            if !next.starts_with(&format!("{}/", self.base)) {
                bail!("the next page is somewhere else");
            }
            let mut request = self.agent.get(&next).header("accept", "application/fhir+json");
            if let Some(token) = &self.token {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            page = self.read(request.call())?;
        }
        bail!("more than {PAGES_MAX} pages")
    }

    fn read(&self, answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Result<Value> {
        // The error of a client may hold the address, which holds no personal value here.
        let mut answer = answer?;
        let bytes = answer.body_mut().with_config().limit(LIMIT_BYTES).read_to_vec()?;
        let bundle = parse(&bytes, &Limits::default()).map_err(|_| anyhow!("the answer is not FHIR JSON"))?;
        if bundle.text_at(&["resourceType"]) != Some("Bundle") {
            bail!("the answer is no Bundle");
        }
        Ok(bundle)
    }
}

/// Whether a patient of another system is the person who was asked about. Held against all that was asked: a system that
/// passes over a word of a question answers with everybody.
fn is_theirs(patient: Patient<'_>, person: &Person) -> bool {
    let plain = |text: &str| text.trim().to_lowercase();
    let named = |family: Option<&str>| family.is_some_and(|family| plain(family) == plain(&person.family));
    patient.nhs_number() == Some(person.nhs_number.as_str())
        && patient.birth_date() == Some(person.born.as_str())
        && patient.names().any(|name| named(name.family()))
}

/// Whether a document is about that patient of the system at `base`: its subject, or one who takes part.
fn is_about(document: &Value, subject: &str, base: &str) -> bool {
    let people = document.items("participant").iter().filter_map(|one| one.get("actor"));
    let mut named = people.chain(document.get("subject")).filter_map(|one| one.text_at(&["reference"]));
    named.any(|text| text.strip_prefix(base).map_or(text, |rest| rest.trim_start_matches('/')) == subject)
}

fn next(bundle: &Value) -> Option<&str> {
    let mut links = bundle.items("link").iter();
    links.find(|link| link.text_at(&["relation"]) == Some("next"))?.text_at(&["url"])
}

/// The resources of that type on a page.
fn matches(page: Value, type_: &str) -> Vec<Value> {
    let entries = page.items("entry").iter().filter_map(|entry| entry.get("resource"));
    entries.filter(|one| one.text_at(&["resourceType"]) == Some(type_)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_twin_or_a_namesake_is_somebody_else() {
        let person =
            Person { nhs_number: "9990079196".into(), born: "1970-02-03".into(), family: "Example".into() };
        for (number, born, family, theirs) in [
            ("9990079196", "1970-02-03", "EXAMPLE ", true),
            ("9990237573", "1970-02-03", "Example", false),
            ("9990079196", "1970-02-04", "Example", false),
            ("9990079196", "1970-02-03", "Sample", false),
        ] {
            let text = format!(
                r#"{{"birthDate":"{born}","name":[{{"family":"{family}"}}],
                    "identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}]}}"#
            );
            let patient = parse(text.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(is_theirs(Patient(&patient), &person), theirs, "{text}");
        }
    }

    #[test]
    fn a_document_is_about_whom_it_names() {
        let base = "https://other.example/fhir";
        for (document, about) in [
            (r#"{"subject":{"reference":"Patient/a"}}"#, true),
            (r#"{"subject":{"reference":"https://other.example/fhir/Patient/a"}}"#, true),
            (
                r#"{"participant":[{"actor":{"reference":"Location/l"}},{"actor":{"reference":"Patient/a"}}]}"#,
                true,
            ),
            (r#"{"subject":{"reference":"Patient/ab"}}"#, false),
            (r#"{"subject":{"reference":"https://third.example/fhir/Patient/a"}}"#, false),
            (r#"{"participant":[{"actor":{"reference":"Patient/b"}}]}"#, false),
            (r#"{"subject":{"display":"Patient/a"}}"#, false),
            ("{}", false),
        ] {
            let read = parse(document.as_bytes(), &Limits::default()).unwrap();
            assert_eq!(is_about(&read, "Patient/a", base), about, "{document}");
        }
    }
}

//! Signing in with the national login: off to the login service, and back. What is kept while somebody is away is tied to
//! the browser that began it, is used once, and ends after a quarter of an hour.

use crate::component::Button;
use crate::layout::Document;
use crate::openid::{Asked, Attempt, Party, Proof, SignInFault};
use crate::pages::address;
use crate::session::{Level, Person, Session, fresh_id, hash};
use crate::state::State;
use crate::unsent;
use crate::visit::{Answer, Outcome, Problem, SessionChange, Visit};
use crate::words::{say, weave};
use axum::http::StatusCode;
use care::kept::Kept;
use care::sign_in::{Claimed, Known, Refusal};
use care::{Care, Role};
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

const KIND: &str = "openid";
const AWAY: SignedDuration = SignedDuration::from_mins(15);

/// Why nobody was signed in, for the page that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSignedIn {
    /// The person turned back, or the login service says no.
    TurnedBack,
    /// The way back is not one that began in this browser, or took too long.
    LostTheWay,
    /// The login service does not answer.
    Unreachable,
    /// Nobody's record fits.
    NoRecord,
    /// Under 13.
    TooYoung,
}

/// Where the way to the login service begins. `next` is the address to come back to.
pub fn begins(next: Option<&str>, asked: Asked) -> String {
    let next = next.map(|next| format!("&next={}", address(next))).unwrap_or_default();
    format!("/sign-in/start?level={}{next}", asked.word())
}

fn party(state: &State) -> Result<&Party, Problem> {
    state.openid.as_deref().ok_or(Problem::NotFound)
}

/// Off to the login service.
pub async fn start(state: &State, visit: &Visit) -> Outcome {
    let party = party(state)?;
    let asked = Asked::of_word(visit.query.text("level")).unwrap_or(Asked::AnyLevel);
    let next = unsent::next(visit).unwrap_or_default();
    let attempt = Attempt::new(state.entropy.as_ref(), asked, &visit.browser, next);
    let row = Kept {
        kind: KIND,
        key: hash(&attempt.state),
        owner: String::new(),
        body: attempt.lines(),
        ends_at: visit.now.checked_add(AWAY).map_err(|_| Problem::Failed)?,
    };
    match party.begin(&attempt, visit.now).await {
        Ok(place) => {
            state.care.keep(row).await?;
            Answer::see(place)
        }
        Err(fault) => refused(visit, NotSignedIn::Unreachable, &fault.to_string()),
    }
}

/// Back from the login service.
pub async fn arrive(state: &State, visit: &Visit) -> Outcome {
    let party = party(state)?;
    let back = (visit.query.text("state"), visit.browser.as_str());
    let Some(attempt) = attempt(&state.care, back, visit.now).await? else {
        return refused(visit, NotSignedIn::LostTheWay, "no attempt of this browser");
    };
    let Some(code) = visit.query.get("code").filter(|code| !code.is_empty()) else {
        return refused(visit, NotSignedIn::TurnedBack, "the login service sent no code");
    };
    let jti = fresh_id(state.entropy.as_ref());
    match party.finish(&attempt, code, &jti, visit.now).await {
        Ok(proof) => admit(state, visit, &attempt, &proof).await,
        Err(fault @ SignInFault::Refused(_)) => refused(visit, NotSignedIn::TurnedBack, &fault.to_string()),
        Err(fault) => refused(visit, NotSignedIn::Unreachable, &fault.to_string()),
    }
}

/// The attempt that this way back belongs to. It is gone with the first look, whatever comes of it.
async fn attempt(
    care: &Care,
    (sent, browser): (&str, &str),
    now: Timestamp,
) -> Result<Option<Attempt>, Problem> {
    if sent.len() != 64 {
        return Ok(None);
    }
    let key = hash(sent);
    // Looked at first, so that a guess costs no commit; of two who come back at once, one gets it.
    if care.kept(KIND, &key, now).await?.is_none() {
        return Ok(None);
    }
    let Some(row) = care.forget(KIND, &key).await? else { return Ok(None) };
    Ok(Attempt::of_lines(sent, &row.body).filter(|attempt| attempt.browser == browser))
}

async fn admit(state: &State, visit: &Visit, attempt: &Attempt, proof: &Proof) -> Outcome {
    let person = match (proof.level, &proof.nhs_number, &proof.birth_date) {
        (Level::P9, Some(number), Some(born)) => {
            let claimed = Claimed { nhs_number: number.clone(), birth_date: born.clone() };
            match state.care.sign_in(&visit.trace, claimed, visit.now).await? {
                Ok(known) => patient(known),
                Err(Refusal::NoRecord) => return refused(visit, NotSignedIn::NoRecord, "no record fits"),
                Err(Refusal::TooYoung) => return refused(visit, NotSignedIn::TooYoung, "under 13"),
            }
        }
        (Level::P9, _, _) => return refused(visit, NotSignedIn::NoRecord, "no NHS number was vouched for"),
        (Level::P0 | Level::P5, _, _) => unproven(proof),
    };
    let next = attempt.next.clone();
    let session = Session::new(person, proof.level, visit.now);
    let place = if next.is_empty() { "/home".to_owned() } else { next };
    Ok(Answer::Session(Box::new(SessionChange::Begin(session)), place))
}

fn patient(known: Known) -> Person {
    Person {
        key: known.patient.clone(),
        name: known.name,
        title: String::new(),
        organisation: String::new(),
        ods_code: care::Text::default(),
        id: format!("Patient/{}", known.patient).into(),
        role: Role::Patient { patient: known.patient.into() },
    }
}

/// Somebody who signed in without proving who they are: nobody to the record.
fn unproven(proof: &Proof) -> Person {
    let reference = proof.reference();
    Person {
        key: reference.clone(),
        name: say("access-unproven-name").to_owned(),
        title: String::new(),
        organisation: String::new(),
        ods_code: care::Text::default(),
        id: format!("login/{reference}").into(),
        role: Role::Unproven,
    }
}

/// Says that nobody was signed in, and what to do. The log has the reason, without anything that was sent.
fn refused(visit: &Visit, why: NotSignedIn, reason: &str) -> Outcome {
    tracing::warn!(trace = %visit.trace, reason, "nobody was signed in");
    let status = match why {
        NotSignedIn::Unreachable => StatusCode::SERVICE_UNAVAILABLE,
        NotSignedIn::TurnedBack | NotSignedIn::LostTheWay => StatusCode::BAD_REQUEST,
        NotSignedIn::NoRecord | NotSignedIn::TooYoung => StatusCode::FORBIDDEN,
    };
    Ok(Answer::With(status, Box::new(not_signed_in_page(why))))
}

/// Prints the page that says why nobody was signed in.
pub fn not_signed_in_page(why: NotSignedIn) -> Document {
    let (heading, words) = match why {
        NotSignedIn::TurnedBack => (say("access-turned-back"), say("access-turned-back-how")),
        NotSignedIn::LostTheWay => (say("access-lost"), say("access-lost-how")),
        NotSignedIn::Unreachable => (say("access-unreachable"), say("access-unreachable-how")),
        NotSignedIn::NoRecord => (say("access-no-record"), say("access-no-record-how")),
        NotSignedIn::TooYoung => (say("access-too-young"), say("access-too-young-how")),
    };
    let help = html! { a href="/help" { (say("access-prove-help")) } };
    let body = html! {
        h1 { (heading) }
        p { (words) }
        p { (weave("access-other-ways", &[("help", help)])) }
        @if !matches!(why, NotSignedIn::NoRecord | NotSignedIn::TooYoung) { (again()) }
    };
    Document::new(heading, body)
}

fn again() -> Markup {
    html! { (Button { href: Some("/sign-in".to_owned()), ..Button::new(say("access-try-again")) }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_has_a_page_with_another_way() {
        let all = [
            NotSignedIn::TurnedBack,
            NotSignedIn::LostTheWay,
            NotSignedIn::Unreachable,
            NotSignedIn::NoRecord,
            NotSignedIn::TooYoung,
        ];
        let mut headings = std::collections::HashSet::new();
        for why in all {
            let page = not_signed_in_page(why);
            let html = page.body.into_string();
            assert!(html.contains("href=\"/help\""), "{why:?}");
            let may_help = !matches!(why, NotSignedIn::NoRecord | NotSignedIn::TooYoung);
            assert_eq!(html.contains("href=\"/sign-in\""), may_help, "{why:?}");
            assert!(headings.insert(page.heading), "{why:?}");
        }
    }

    #[test]
    fn the_way_back_is_an_address_of_ours() {
        assert_eq!(begins(None, Asked::AnyLevel), "/sign-in/start?level=any");
        assert_eq!(begins(Some("/record"), Asked::Proven), "/sign-in/start?level=proven&next=%2Frecord");
    }

    struct Counted(std::sync::atomic::AtomicU8);

    impl care::Entropy for Counted {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        }
    }

    #[test]
    fn an_attempt_is_taken_once_by_however_many_at_once() {
        let threads = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().unwrap();
        let now = care::view::SAMPLE_NOW;
        threads.block_on(async {
            for _ in 0..500 {
                let care = Care::samples(care::view::Plant::Full);
                let begun = Attempt::new(&Counted(0.into()), Asked::AnyLevel, "browser", "");
                let (kind, key, owner) = (KIND, hash(&begun.state), String::new());
                let ends_at = now + AWAY;
                care.keep(Kept { kind, key, owner, body: begun.lines(), ends_at }).await.unwrap();
                let gate = std::sync::Arc::new(tokio::sync::Barrier::new(4));
                let mut tasks = tokio::task::JoinSet::new();
                for _ in 0..4 {
                    let (care, gate, sent) = (care.clone(), gate.clone(), begun.state.clone());
                    tasks.spawn(async move {
                        gate.wait().await;
                        attempt(&care, (&sent, "browser"), now).await.unwrap().is_some()
                    });
                }
                let taken = tasks.join_all().await.into_iter().filter(|taken| *taken).count();
                assert_eq!(taken, 1);
            }
        });
    }
}

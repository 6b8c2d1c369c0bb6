//! Brings messages to people: asks `care::messages` what is due, hands it to a transport, and notes how that ended. What
//! was sent and not yet noted when the process was killed is sent again; nothing is left out. An email carries the same
//! Message-ID, and a file the same name, each time, so that a second copy can be recognised.
//!
//! Must never put anything of a message into an email or a text message.

mod outbox;
mod smtp;

use crate::config::{ConfigError, Messages};
use care::messages::{Parcel, Patience, State, Step, due, fragments, settle, tried};
use care::profile::Channel;
use care::view::Unseen;
use jiff::SignedDuration;
use outbox::Outbox;
use smtp::Mail;
use std::path::Path;
use std::time::Duration;
use store::Store;
use tokio::sync::watch;

/// It looks at least this often, as far as what it finds allows.
const EVERY: Duration = Duration::from_secs(60);
/// A text message has at most so many parts.
const FRAGMENTS_MAX: usize = 2;

/// The transports of a house.
pub struct Post {
    outbox: Outbox,
    mail: Option<Mail>,
    patience: Patience,
    pause: Duration,
    subject: String,
    notice: String,
}

/// How a try ended, and why when it failed.
type Outcome = Result<(), Failure>;

/// Why a transport did not take something. Holds no address and nothing of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// For now.
    Later(String),
    /// For good.
    Never(String),
}

impl Post {
    /// The transports of a configuration; `site` is the address that people use.
    ///
    /// # Errors
    /// [`ConfigError`] with the key when the mail server cannot be used as it is set.
    pub fn new(config: &Messages, (data, site): (&Path, &str)) -> Result<Self, ConfigError> {
        let folder =
            if config.outbox.as_os_str().is_empty() { data.join("outbox") } else { config.outbox.clone() };
        let mail = if config.smtp.is_empty() { None } else { Some(Mail::new(config)?) };
        let seconds = |some: u64| SignedDuration::from_secs(i64::try_from(some).unwrap_or(i64::MAX));
        let patience = Patience {
            unread: seconds(config.unread_s),
            noticed: seconds(config.noticed_s),
            again: seconds(config.again_s),
            failures: usize::try_from(config.failures).unwrap_or(usize::MAX),
        };
        let pause = Duration::from_secs(config.look_s).min(EVERY);
        let (subject, mut notice) = web::letters::notice(Some(site));
        if fragments(&notice) > FRAGMENTS_MAX {
            // A long address would break the message into too many parts; people know where to sign in.
            notice = web::letters::notice(None).1;
        }
        Ok(Self { outbox: Outbox::new(folder, config), mail, patience, pause, subject, notice })
    }

    async fn send(&self, parcel: &Parcel) -> Outcome {
        match (parcel.channel, &self.mail, &parcel.letter) {
            // What lies in the inbox is there already.
            (Channel::App, ..) => Ok(()),
            (Channel::Email, Some(mail), _) => {
                mail.send(&parcel.message, &parcel.address, (&self.subject, &self.notice)).await
            }
            (Channel::Email, None, _) => self.outbox.email(parcel, &self.subject, &self.notice).await,
            (Channel::Text, ..) => self.outbox.sms(parcel, &self.notice).await,
            (Channel::Letter, _, Some(letter)) => {
                self.outbox.letter(parcel, web::letters::page(letter)).await
            }
            (Channel::Letter, _, None) => Err(Failure::Later(String::from("the letter is not written"))),
        }
    }
}

/// Tries that the record has not been told of yet. What is among them is not sent again before the record knows.
type Unnoted = Vec<(String, Step)>;

/// Brings messages until told to stop. What changes in the record does not hurry it: a busy house would have it look all
/// the time. It rests twenty times as long as a look took, so that many messages that wait cost little.
pub async fn keep(store: Store, post: Post, mut stop: watch::Receiver<bool>) {
    let mut unnoted = Unnoted::new();
    loop {
        let began = tokio::time::Instant::now();
        tokio::select! {
            _ = stop.wait_for(|stopped| *stopped) => return,
            looked = round(&store, &post, &mut unnoted) => if let Err(error) = looked {
                tracing::warn!(%error, "messages could not be looked at");
            },
        }
        let rest = began.elapsed().saturating_mul(20).clamp(post.pause, EVERY);
        if tokio::time::timeout(rest, stop.wait_for(|stopped| *stopped)).await.is_ok() {
            return;
        }
    }
}

/// Looks once at everything that is due. Nothing is sent while the record can take no note of what was sent before; a
/// message of which it will never take note holds up no other.
async fn round(store: &Store, post: &Post, unnoted: &mut Unnoted) -> Result<(), Unseen> {
    let mut refused = Unnoted::new();
    while let Some((message, step)) = unnoted.pop() {
        let noted = tried(store, &message, step.clone()).await;
        if let Err(error) = left_open(&message, noted) {
            refused.push((message, step));
            if error == Unseen::Unavailable {
                unnoted.append(&mut refused);
                return Err(error);
            }
        }
    }
    *unnoted = refused;
    let mut cursor = None;
    loop {
        let found = due(store, post.patience, cursor).await?;
        for (message, delivered) in &found.settled {
            match left_open(message, settle(store, message, *delivered).await) {
                Err(Unseen::Unavailable) => return Err(Unseen::Unavailable),
                Ok(()) if !delivered => tracing::warn!(message, "a message could not be brought in any way"),
                _ => {}
            }
        }
        for parcel in &found.parcels {
            if unnoted.iter().any(|(message, _)| *message == parcel.message) {
                continue;
            }
            let step = attempt(store, post, parcel).await;
            let noted = tried(store, &parcel.message, step.clone()).await;
            if let Err(error) = left_open(&parcel.message, noted) {
                unnoted.push((parcel.message.clone(), step));
                if error == Unseen::Unavailable {
                    return Err(error);
                }
            }
        }
        cursor = found.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

/// Hands one parcel to its transport, and says how that ended.
async fn attempt(store: &Store, post: &Post, parcel: &Parcel) -> Step {
    let (state, reason) = match post.send(parcel).await {
        Ok(()) => (State::Sent, None),
        Err(Failure::Later(reason)) => (State::Failed, Some(reason)),
        Err(Failure::Never(reason)) => (State::Refused, Some(reason)),
    };
    let (message, channel) = (&parcel.message, parcel.channel);
    tracing::info!(message, channel = channel.code(), state = state.code(), reason, "a message was tried");
    Step { channel, state, at: store.environment().clock.now(), reason }
}

/// What is left to be noted of a message. Of one that is gone there is nothing more to note.
fn left_open(message: &str, noted: Result<(), Unseen>) -> Result<(), Unseen> {
    match noted {
        Ok(()) | Err(Unseen::NotFound) => Ok(()),
        Err(error) => {
            tracing::error!(message, %error, "the record takes no note of what became of a message");
            Err(error)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::machine;
    use fhir::json::{Limits, parse};
    use store::{Actor, IfMatch, Options, Prepared};

    async fn put(store: &Store, text: &str) {
        let prepared = Prepared::new(parse(text.as_bytes(), &Limits::default()).unwrap()).unwrap();
        store.write(Actor::system("test"), move |t| t.update(&prepared, IfMatch::Any)).await.unwrap();
    }

    fn letters(folder: &Path) -> Vec<String> {
        let all = std::fs::read_dir(folder.join("outbox").join("letters")).into_iter().flatten();
        let mut names: Vec<_> = all.map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[tokio::test]
    async fn a_message_that_is_gone_holds_up_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("data"), Options::default(), machine()).unwrap();
        put(&store, r#"{"resourceType":"Patient","id":"p","address":[{"line":["1 High Street"]}]}"#).await;
        for id in ["m1", "m2"] {
            let tag = fhir::systems::DELIVERY;
            put(
                &store,
                &format!(
                    r#"{{"resourceType":"Communication","id":"{id}","status":"completed","subject":{{"reference":"Patient/p"}},
                    "meta":{{"tag":[{{"system":"{tag}","code":"due"}}]}},"recipient":[{{"reference":"Patient/p"}}],
                    "sent":"2026-11-20T09:00:00Z","payload":[{{"contentString":"Words"}}]}}"#
                ),
            )
            .await;
        }
        let config = Messages { unread_s: 0, ..Messages::default() };
        let post = Post::new(&config, (folder.path(), "https://patients.example.org")).unwrap();
        let step = || Step {
            channel: Channel::Email,
            state: State::Sent,
            at: store.environment().clock.now(),
            reason: None,
        };
        // One was deleted while it was on its way.
        let mut unnoted = vec![(String::from("gone"), step())];
        round(&store, &post, &mut unnoted).await.unwrap();
        assert_eq!(letters(folder.path()), ["m1.html", "m2.html"]);
        assert!(unnoted.is_empty(), "{unnoted:?}");
        // The record knows what was sent, so nothing is sent again.
        std::fs::remove_dir_all(folder.path().join("outbox")).unwrap();
        round(&store, &post, &mut unnoted).await.unwrap();
        assert_eq!(letters(folder.path()), Vec::<String>::new());
    }
}

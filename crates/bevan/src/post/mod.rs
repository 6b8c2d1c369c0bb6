//! Brings messages to people: asks `care::messages` what is due, hands it to a transport, and notes how that ended. What
//! was sent and not yet noted when the process was killed is sent again; nothing is left out. An email carries the same
//! Message-ID, and a file the same name, each time, so that a second copy can be recognised.
//!
//! Must never put anything of a message into an email or a text message.

mod outbox;
mod smtp;

use crate::config::Messages;
use anyhow::Result;
use care::messages::{Parcel, Patience, State, Step, due, fragments, settle, tried};
use care::profile::Channel;
use jiff::SignedDuration;
use outbox::Outbox;
use smtp::Mail;
use std::path::Path;
use std::time::Duration;
use store::Store;
use tokio::sync::watch;

/// It looks at least this often, as far as what it finds allows.
const EVERY: Duration = Duration::from_secs(60);
/// Between two looks lies at least this, whatever is configured.
const PAUSE: Duration = Duration::from_millis(250);
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
    /// When the outbox cannot be made or the mail server's address is not one.
    pub fn new(config: &Messages, (data, site): (&Path, &str)) -> Result<Self> {
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
        let pause = Duration::from_secs(config.look_s).clamp(PAUSE, EVERY);
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

/// Tries that the record has not been told of yet.
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

/// Looks once at everything that is due. Nothing is sent while the record takes no note of what was sent before.
async fn round(store: &Store, post: &Post, unnoted: &mut Unnoted) -> Result<(), care::view::Unseen> {
    while let Some((message, step)) = unnoted.last() {
        tried(store, message, step.clone()).await?;
        unnoted.pop();
    }
    let mut cursor = None;
    loop {
        let found = due(store, post.patience, cursor).await?;
        for (message, delivered) in &found.settled {
            settle(store, message, *delivered).await?;
            if !delivered {
                tracing::warn!(message, "a message could not be brought in any way");
            }
        }
        for parcel in &found.parcels {
            let (state, reason) = match post.send(parcel).await {
                Ok(()) => (State::Sent, None),
                Err(Failure::Later(reason)) => (State::Failed, Some(reason)),
                Err(Failure::Never(reason)) => (State::Refused, Some(reason)),
            };
            let (message, channel) = (parcel.message.clone(), parcel.channel);
            tracing::info!(
                message,
                channel = channel.code(),
                state = state.code(),
                reason,
                "a message was tried"
            );
            let at = store.environment().clock.now();
            let step = Step { channel, state, at, reason };
            if let Err(error) = tried(store, &message, step.clone()).await {
                unnoted.push((message, step));
                return Err(error);
            }
        }
        cursor = found.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

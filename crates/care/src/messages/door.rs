//! The slice's methods of the façade.

use super::decide::Draft;
use super::view::{Desk, Inbox, Letter, News, Thread};
use super::write::Unsent;
use super::{delivery, lists, read, work, write};
use crate::facade::{Care, Source};
use crate::view::Unseen;
use store::Actor;

impl Care {
    /// A person's threads, newest first. `page` is a cursor that an earlier answer gave.
    pub async fn inbox(&self, actor: &Actor, patient: &str, page: Option<&str>) -> Result<Inbox, Unseen> {
        match &self.0 {
            Source::Store(store) => lists::inbox(store, actor, (patient, page)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Inbox::sample(), Inbox::sample_empty()),
        }
    }

    /// What is new in a person's inbox; at most a hundred messages are counted.
    pub async fn message_news(&self, actor: &Actor, patient: &str) -> Result<News, Unseen> {
        match &self.0 {
            Source::Store(store) => lists::news(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(News::sample(), News::default()),
        }
    }

    /// One thread. Whoever reads it has opened it with that.
    pub async fn thread(&self, actor: &Actor, id: &str) -> Result<Thread, Unseen> {
        match &self.0 {
            Source::Store(store) => {
                let thread = read::thread(store, actor, id).await?;
                write::open(store, actor, &thread.messages).await?;
                Ok(thread)
            }
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Thread::sample(), Thread::sample_notice()),
        }
    }

    /// To whom a person can write.
    pub async fn message_desk(&self, actor: &Actor, patient: &str) -> Result<Desk, Unseen> {
        match &self.0 {
            Source::Store(store) => read::desk(store, actor, patient).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Desk::sample(), Desk::sample_empty()),
        }
    }

    /// Begins a thread in a person's record; answers its id. `once` makes it one message.
    pub async fn send_message(
        &self,
        actor: &Actor,
        (patient, once): (&str, &str),
        draft: Draft,
    ) -> Result<String, Unsent> {
        match &self.0 {
            Source::Store(store) => write::send(store, actor, (patient, once), draft).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => {
                plant.answer(String::from("sample-1"), String::from("sample-1")).map_err(Unsent::Unseen)
            }
        }
    }

    /// Answers in a thread, to everybody who takes part. `once` makes it one answer.
    pub async fn answer_message(
        &self,
        actor: &Actor,
        (thread, once): (&str, &str),
        draft: Draft,
    ) -> Result<(), Unsent> {
        match &self.0 {
            Source::Store(store) => write::reply(store, actor, (thread, once), draft).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()).map_err(Unsent::Unseen),
        }
    }

    /// Closes a thread for the actor's organisation. `once` makes it one mark.
    pub async fn close_messages(&self, actor: &Actor, (thread, once): (&str, &str)) -> Result<(), Unsent> {
        match &self.0 {
            Source::Store(store) => write::close(store, actor, (thread, once)).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer((), ()).map_err(Unsent::Unseen),
        }
    }

    /// The threads that the actor's organisation takes part in, those that wait longest first.
    pub async fn work_messages(&self, actor: &Actor) -> Result<Inbox, Unseen> {
        match &self.0 {
            Source::Store(store) => work::of_organisation(store, actor).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Inbox::sample_work(), Inbox::sample_empty()),
        }
    }

    /// One message as a letter.
    pub async fn letter(&self, actor: &Actor, message: &str) -> Result<Letter, Unseen> {
        match &self.0 {
            Source::Store(store) => delivery::printable(store, actor, message).await,
            #[cfg(any(test, feature = "samples"))]
            Source::Samples(plant, _) => plant.answer(Letter::sample(), Letter::sample()),
        }
    }
}

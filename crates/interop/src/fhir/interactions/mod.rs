//! The interactions, one file each. Each takes a [`Call`] and gives an [`Answer`] or a [`Refusal`].

mod create;
mod delete;
mod history;
mod read;
mod search;
mod transaction;
mod update;
mod written;

use super::answer::Answer;
use super::call::Call;
use super::capability;
use super::process_message;
use super::refusal::Refusal;
use super::routes::Interaction;

/// Performs an interaction.
pub(super) async fn perform(interaction: Interaction, call: Call) -> Result<Answer, Refusal> {
    if let (Interaction::Bundle | Interaction::Create, Some(document)) = (interaction, &call.body)
        && let Some(answered) = process_message::tasks(&call, document).await
    {
        return answered;
    }
    match interaction {
        Interaction::Capabilities => capability::capabilities(&call),
        Interaction::Read => read::read(&call).await,
        Interaction::Vread => read::vread(&call).await,
        Interaction::HistoryInstance | Interaction::HistoryType | Interaction::HistorySystem => {
            history::history(&call).await
        }
        Interaction::SearchType => search::search(&call).await,
        Interaction::Create => create::create(call).await,
        Interaction::Update => update::update(call).await,
        Interaction::ConditionalUpdate => update::conditional_update(call).await,
        Interaction::Delete => delete::delete(&call).await,
        Interaction::ConditionalDelete => delete::conditional_delete(&call).await,
        Interaction::Bundle => transaction::transaction(call).await,
        Interaction::ProcessMessage => process_message::process(call).await,
        Interaction::Release => process_message::release(call).await,
    }
}

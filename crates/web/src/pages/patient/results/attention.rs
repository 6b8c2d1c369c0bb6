//! Which results stand on somebody's home page. It says that a value is outside what is usual, never what that means.

use crate::pages::address;
use crate::pages::attention::{Item, Items, Rank};
use crate::state::State;
use crate::visit::Visit;
use crate::wording;
use crate::words::{fill, say};
use care::results::Matter;

/// The items.
pub fn attention<'a>(state: &'a State, visit: &'a Visit) -> Items<'a> {
    Box::pin(async move {
        let patient = visit.patient_id()?;
        let found = state.care.result_matters(&visit.actor_for(patient)?, patient).await?;
        Ok(found.iter().map(|one| item(one, visit)).collect())
    })
}

fn item(one: &Matter, visit: &Visit) -> Item {
    let ago = wording::ago(one.issued_at, visit.now);
    let mut words = if one.far_out {
        fill("results-matter-far-out-words", &[("ago", ago.into())])
    } else if one.outside > 0 {
        fill("results-matter-outside", &[("ago", ago.into()), ("count", one.outside.into())])
    } else {
        fill("results-matter-came", &[("ago", ago.into())])
    };
    if one.missing {
        // Said beside what came: values that look good must not hide that one is missing.
        words = format!("{words} {}", say("results-matter-missing"));
    }
    let item = match one.far_out {
        true => Item::new(Rank::Alarm, say("results-matter-far-out"), words),
        false => Item::new(Rank::News, say("results-matter-new"), words),
    };
    item.at(Some(one.issued_at)).to(one.name.clone(), visit.link(&format!("/results/{}", address(&one.id))))
}

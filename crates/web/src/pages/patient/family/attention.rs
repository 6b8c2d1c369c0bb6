//! What of acting for others stands on somebody's own home page. Nobody sees it who acts for them.

use crate::pages::address;
use crate::pages::attention::{Item, Items, Rank};
use crate::state::State;
use crate::visit::Visit;
use crate::wording;
use crate::words::{fill, say};
use care::family::{Matter, What, Why};

/// The items.
pub fn attention<'a>(state: &'a State, visit: &'a Visit) -> Items<'a> {
    Box::pin(async move {
        if visit.acting.is_some() {
            return Ok(Vec::new());
        }
        let found = state.care.family_matters(&visit.actor()?).await?;
        Ok(found.iter().map(item).collect())
    })
}

fn item(one: &Matter) -> Item {
    let name = || ("name", one.name.as_str().into());
    let page = format!("/family/{}", address(&one.relationship));
    let stop = || fill("family-manage-caring", &[name()]);
    match one.what {
        What::Asks => {
            Item::new(Rank::Alarm, fill("family-matter-asks", &[name()]), say("family-matter-asks-words"))
                .to(fill("family-manage-helper", &[name()]), page)
        }
        What::Approved(at) => {
            let pages = format!("/as/{}/home", address(&one.relationship));
            Item::new(Rank::News, fill("family-matter-approved", &[name()]), String::new())
                .at(Some(at))
                .to(fill("family-switch", &[name()]), pages)
        }
        What::Refused(at) => {
            let words = say("family-why-refused");
            Item::new(Rank::News, fill("family-matter-refused", &[name()]), words).at(Some(at))
        }
        What::Ends(on, why) => {
            let words = match why {
                Why::Sixteen => say("family-matter-ends-sixteen"),
                _ => say("family-review-soon"),
            };
            let values = [name(), ("day", wording::day(on).into())];
            Item::new(Rank::Dated, fill("family-matter-ends", &values), words).on(on).to(stop(), page)
        }
        What::Stopped => {
            Item::new(Rank::Alarm, fill("family-matter-stopped", &[name()]), say("family-why-review"))
        }
    }
}

//! One relationship: stopping to act for somebody; hiding from, showing to and stopping somebody who acts for the reader.

use super::list::list;
use super::say::{kin, right, tag};
use crate::component::{Button, Content, Look, SummaryList, SummaryRow, inset_text};
use crate::form;
use crate::layout::Document;
use crate::pages::address;
use crate::state::State;
use crate::visit::{Answer, Outcome, Problem, Visit};
use crate::words::{fill, say};
use care::family::{CaredFor, Helper, Order, Standing, Undone};
use maud::{Markup, html};

/// The page. Only a relationship of the reader's own lists has one.
pub async fn one(state: &State, visit: &Visit) -> Outcome {
    let family = state.care.family(&visit.actor()?).await?;
    let id = visit.id();
    if let Some(helper) = family.helpers.iter().find(|one| one.id == id) {
        let forms = [form::fields(visit), form::fields(visit)];
        return Answer::page(helper_page(helper, (&forms, visit)));
    }
    let running = |one: &&CaredFor| {
        one.id == id
            && matches!(one.standing, Standing::Open { .. } | Standing::Suspended(_) | Standing::Later(_))
    };
    match family.caring.iter().find(running) {
        Some(cared) => Answer::page(cared_page(cared, visit)),
        None if family.caring.is_empty() && family.helpers.is_empty() => Answer::see(visit.link("/family")),
        None => Err(Problem::NotFound),
    }
}

/// Hide, show, or end.
pub async fn order(state: &State, visit: &Visit, order: Order) -> Outcome {
    let id = visit.id().to_owned();
    let back = if order == Order::End {
        visit.link("/family")
    } else {
        visit.link(&format!("/family/{}", address(&id)))
    };
    match state.care.family_order(&visit.actor()?, (&id, visit.once()?), order).await {
        // What is over already is as they wanted it.
        Ok(()) | Err(Undone::Refused(_)) => Answer::see(back),
        Err(Undone::Unseen(unseen)) => Err(unseen.into()),
    }
}

/// Stop acting for somebody.
pub async fn stop(state: &State, visit: &Visit) -> Outcome {
    match state.care.stop_acting(&visit.actor()?, visit.id()).await {
        Ok(()) | Err(Undone::Refused(_)) => Answer::see(visit.link("/family")),
        Err(Undone::Unseen(unseen)) => Err(unseen.into()),
    }
}

/// Prints the page of somebody whom the reader acts for.
pub fn cared_page(one: &CaredFor, visit: &Visit) -> Document {
    let heading = fill("family-manage-caring", &[("name", one.name.as_str().into())]);
    let body = html! {
        h1 { (heading) }
        p { (say("family-stop-how")) }
        form method="post" action=(visit.link(&format!("/family/{}/stop", address(&one.id)))) novalidate {
            (form::fields(visit))
            (Button { look: Look::Warning, ..Button::new(say("family-stop")) })
        }
    };
    Document::new(&heading, body).under(&[(say("family-heading"), &visit.link("/family"))])
}

/// Prints the page of somebody who acts for the reader.
pub fn helper_page(one: &Helper, (forms, visit): (&[Markup; 2], &Visit)) -> Document {
    let name = one.name.as_str();
    let heading = fill("family-manage-helper", &[("name", name.into())]);
    let [first, second] = forms;
    let rows = vec![
        SummaryRow::new(say("family-helper-kin"), kin(one.kin)),
        SummaryRow::new(say("family-helper-right"), right(one.basis)),
        SummaryRow::new(say("family-can"), Content::Html(html! { (list(&one.categories)) })),
    ];
    let place = |verb: &str| visit.link(&format!("/family/{}/{verb}", address(&one.id)));
    let standing = if one.hidden { Standing::Hidden } else { one.standing };
    let body = html! {
        h1 { (heading) }
        p { (tag(standing)) }
        (SummaryList::new(rows))
        @if one.hidden {
            (inset_text(&Content::Html(html! { p { (fill("family-hidden", &[("name", name.into())])) } })))
            form method="post" action=(place("show")) novalidate {
                (first)
                (Button::secondary(&fill("family-show", &[("name", name.into())])))
            }
        } @else {
            form method="post" action=(place("hide")) novalidate {
                (first)
                p { (say("family-hide-how")) }
                (Button::new(&fill("family-hide", &[("name", name.into())])))
            }
        }
        form method="post" action=(place("end")) novalidate {
            (second)
            p { (fill("family-end-how", &[("name", name.into())])) }
            (Button { look: Look::Warning, ..Button::new(&fill("family-end", &[("name", name.into())])) })
        }
        (inset_text(&Content::Html(html! { p { (say("family-danger")) } })))
    };
    Document::new(&heading, body).under(&[(say("family-heading"), &visit.link("/family"))])
}

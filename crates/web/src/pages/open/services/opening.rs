//! Opening times in words: whether it is open now, and a table of the week.

use crate::component::{Caption, Cell, Colour, Column, Content, Table, Tag};
use crate::wording;
use crate::words::{fill, say};
use care::services::{Day, Service, State};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, Render, html};

/// `Open now`, and until when; `Closed`, and when it opens next.
pub fn state(service: &Service, now: Timestamp) -> Markup {
    let tag = |word: &str, colour: Colour| Tag::new(word, colour).render();
    let (tag, words) = match service.hours.at(now) {
        State::Always => (tag(say("services-open"), Colour::Green), say("services-always").to_owned()),
        State::Open { until } => (
            tag(say("services-open"), Colour::Green),
            fill("services-closes", &[("when", when(until, now).into())]),
        ),
        State::Closed { opens: Some(opens) } => (
            tag(say("services-closed"), Colour::Grey),
            fill("services-opens", &[("when", when(opens, now).into())]),
        ),
        State::Closed { opens: None } => {
            (tag(say("services-closed"), Colour::Grey), say("services-opens-unknown").to_owned())
        }
        State::NotTold => (tag(say("services-ask"), Colour::Yellow), say("services-not-told").to_owned()),
        State::Holiday(holiday) => (
            tag(say("services-ask"), Colour::Yellow),
            fill("services-holiday", &[("holiday", say(holiday.name).into())]),
        ),
    };
    html! { p class="bevan-open" { (tag) " " span { (words) } } }
}

/// `at 9am`, `at 9am tomorrow`, `at 9am on Monday 23 November 2026`.
fn when(at: Timestamp, now: Timestamp) -> String {
    let (day, today) = (date(at), date(now));
    let clock = wording::clock(at);
    if day == today {
        fill("services-when-today", &[("time", clock.into())])
    } else if today.tomorrow().is_ok_and(|tomorrow| tomorrow == day) {
        fill("services-when-tomorrow", &[("time", clock.into())])
    } else {
        fill("services-when-day", &[("time", clock.into()), ("day", wording::weekday(day).into())])
    }
}

/// Whether it is open, or may be: what nobody told is not hidden.
pub fn may_be_open(service: &Service, now: Timestamp) -> bool {
    !matches!(service.hours.at(now), State::Closed { .. })
}

/// The day in London.
pub fn date(at: Timestamp) -> Date {
    wording::local(at).date()
}

/// The next seven days, and what the service says about exceptions.
pub fn week(service: &Service, now: Timestamp) -> Markup {
    if matches!(service.hours.at(now), State::NotTold) {
        return html! { p { (say("services-not-told")) } };
    }
    let days = service.hours.week(date(now));
    let rows = days.iter().map(|day| vec![Cell::from(name(day)), Cell::from(hours(day))]).collect();
    let table = Table {
        caption: Some(Caption::hidden(say("services-week"))),
        columns: vec![Column::new(say("services-day")), Column::new(say("services-hours"))],
        rows,
        row_headers: true,
        ..Table::default()
    };
    let ahead = service.hours.closed.iter().filter(|closure| closure.until > now);
    html! {
        (table)
        @if let Some(words) = &service.exceptions { p { (words) } }
        @for closure in ahead {
            p {
                (fill("services-closure", &[
                    ("from", wording::moment(closure.from).into()),
                    ("until", wording::moment(closure.until).into()),
                    ("reason", closure.reason.as_str().into()),
                ]))
            }
        }
    }
}

fn name(day: &Day) -> Content {
    let words = wording::weekday_of_week(day.date);
    match day.holiday {
        Some(holiday) if holiday.substitute => {
            fill("services-day-substitute", &[("day", words.into()), ("holiday", say(holiday.name).into())])
                .into()
        }
        Some(holiday) => {
            fill("services-day-holiday", &[("day", words.into()), ("holiday", say(holiday.name).into())])
                .into()
        }
        None => words.into(),
    }
}

fn hours(day: &Day) -> String {
    if day.open.is_empty() {
        return if day.unknown {
            say("services-day-unknown").to_owned()
        } else {
            say("services-closed").to_owned()
        };
    }
    let whole = |(from, until): &(Timestamp, Timestamp)| {
        date(*from) == day.date && wording::is_midnight(*from) && wording::is_midnight(*until) && until > from
    };
    if let [one] = day.open.as_slice()
        && whole(one)
    {
        return say("services-always").to_owned();
    }
    let span = |(from, until): &(Timestamp, Timestamp)| {
        fill(
            "services-span",
            &[("from", wording::clock(*from).into()), ("until", wording::clock(*until).into())],
        )
    };
    day.open.iter().map(span).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::services::Directory;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_worded_from_now_on() {
        let now = at("2026-11-20T14:05:00Z");
        assert_eq!(when(at("2026-11-20T17:30:00Z"), now), "at 5:30pm");
        assert_eq!(when(at("2026-11-21T09:00:00Z"), now), "at 9am tomorrow");
        assert_eq!(when(at("2026-11-23T09:00:00Z"), now), "at 9am on Monday 23 November 2026");
        assert_eq!(
            when(at("2026-11-21T00:00:00Z"), now),
            "at midnight tonight".replace(" tonight", " tomorrow")
        );
    }

    #[test]
    fn a_week_names_bank_holidays_and_says_what_it_does_not_know() {
        let directory = Directory::sample();
        let silent = directory.service("s7").unwrap();
        let html = week(silent, at("2026-12-21T09:30:00Z")).into_string();
        assert!(html.contains("Friday 25 December (Christmas Day)"), "{html}");
        assert!(html.contains("Not given") && html.contains("9am to 5pm"), "{html}");
        let always = directory.service("s4").unwrap();
        assert!(week(always, at("2026-10-24T09:00:00Z")).into_string().contains("Open 24 hours"));
    }
}

//! Appointments, referrals and waits in words. The heading of an appointment's page is the text of the link to it.

use crate::component::{Colour, Tag};
use crate::wording;
use crate::words::{fill, say, weave};
use care::appointments::{
    Ahead, Booking, BookingState, Channel, Referral, ReferralState, Setting, SlotChoice, Surgery, Waiting,
    Waits,
};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use maud::{Markup, html};

/// The day in London of an instant.
pub fn date(at: Timestamp) -> Date {
    let zone = TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC);
    at.to_zoned(zone).date()
}

/// `GP appointment on Monday 23 November 2026 at 9:10am`.
pub fn title(booking: &Booking) -> String {
    titled(&booking.service, booking.start)
}

/// The same of the appointment of a referral.
pub fn ahead(one: &Ahead) -> String {
    titled(&one.service, one.start)
}

fn titled(service: &str, start: Timestamp) -> String {
    let (day, time) = (wording::weekday(date(start)), wording::clock(start));
    fill("appointments-title", &[("service", service.into()), ("day", day.into()), ("time", time.into())])
}

/// The way an appointment is held.
pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::InPerson => say("appointments-in-person"),
        Channel::Telephone => say("appointments-by-phone"),
        Channel::Video => say("appointments-by-video"),
    }
}

/// Where it is held, or how: the first thing to know about it.
pub fn place(booking: &Booking) -> String {
    let place = booking.place.clone().unwrap_or_default();
    match booking.channel {
        Some(Channel::Telephone) => say("appointments-they-call").to_owned(),
        Some(Channel::Video) => say("appointments-they-video").to_owned(),
        Some(Channel::InPerson) | None => place,
    }
}

/// Who keeps the diary, as a tag.
pub fn setting(setting: Setting) -> Tag {
    match setting {
        Setting::Surgery => Tag::new(say("appointments-tag-surgery"), Colour::Green),
        Setting::Hospital => Tag::new(say("appointments-tag-hospital"), Colour::Blue),
        Setting::Other => Tag::new(say("appointments-tag-other"), Colour::Purple),
    }
}

/// What has become of an appointment, when it is not simply to come.
pub fn state(state: BookingState) -> Option<Tag> {
    Some(match state {
        BookingState::Booked => return None,
        BookingState::Requested => Tag::new(say("appointments-state-requested"), Colour::Yellow),
        BookingState::Cancelled => Tag::new(say("appointments-state-cancelled"), Colour::Red),
        BookingState::Attended => Tag::new(say("appointments-state-attended"), Colour::Grey),
        BookingState::Missed => Tag::new(say("appointments-state-missed"), Colour::Orange),
        BookingState::Past => Tag::new(say("appointments-state-past"), Colour::Grey),
    })
}

/// The time before, of an appointment that others moved.
pub fn moved(booking: &Booking) -> Option<String> {
    let before = booking.moved_from?;
    let (day, time) = (wording::weekday(date(before)), wording::clock(before));
    Some(fill("appointments-matter-moved-from", &[("day", day.into()), ("time", time.into())]))
}

/// Where a referral stands: a tag, and what happens next.
pub fn referral_state(referral: &Referral) -> (Tag, Markup) {
    let plain = |text: &str| html! { p { (text) } };
    match &referral.state {
        ReferralState::Sent => (
            Tag::new(say("appointments-referral-sent"), Colour::Yellow),
            plain(say("appointments-referral-sent-next")),
        ),
        ReferralState::Accepted => (
            Tag::new(say("appointments-referral-accepted"), Colour::Blue),
            plain(say("appointments-referral-accepted-next")),
        ),
        ReferralState::Appointed => (
            Tag::new(say("appointments-referral-appointed"), Colour::Green),
            plain(say("appointments-referral-appointed-next")),
        ),
        ReferralState::Completed => (
            Tag::new(say("appointments-referral-completed"), Colour::Grey),
            plain(say("appointments-referral-completed-next")),
        ),
        ReferralState::Returned(advice) => (
            Tag::new(say("appointments-referral-returned"), Colour::Orange),
            html! { p { (say("appointments-referral-returned-next")) } p { "“" (advice) "”" } },
        ),
        ReferralState::Cancelled => (
            Tag::new(say("appointments-referral-cancelled"), Colour::Red),
            plain(say("appointments-referral-cancelled-next")),
        ),
        ReferralState::OnHold => (
            Tag::new(say("appointments-referral-on-hold"), Colour::Orange),
            plain(say("appointments-referral-on-hold-next")),
        ),
    }
}

/// The heading of a referral and the text of the link to it.
pub fn referral_title(referral: &Referral) -> String {
    referral_to(&referral.specialty)
}

/// The heading of a place on a waiting list and the text of the link to it.
pub fn waiting_title(waiting: &Waiting) -> String {
    list_for(&waiting.specialty)
}

/// The heading of a referral to a specialty.
pub fn referral_to(specialty: &str) -> String {
    fill("appointments-referral-title", &[("specialty", specialty.into())])
}

/// The heading of a place on the waiting list of a specialty.
pub fn list_for(specialty: &str) -> String {
    fill("appointments-waiting-title", &[("specialty", specialty.into())])
}

/// How long others waited.
pub fn waits(waiting: &Waiting) -> Option<String> {
    match waiting.waits {
        Waits::Known { eight_in_ten_weeks, .. } => {
            Some(fill("appointments-waits", &[("weeks", i64::from(eight_in_ten_weeks).into())]))
        }
        Waits::TooFew => None,
    }
}

/// A time in a list of choices.
pub fn time(slot: &SlotChoice) -> String {
    wording::clock(slot.start)
}

/// A telephone number to press.
pub fn phone(number: &str) -> Markup {
    let dialled: String = number.chars().filter(|one| one.is_ascii_digit() || *one == '+').collect();
    html! { a class="bevan-nowrap" href={ "tel:" (dialled) } { (number) } }
}

/// How to reach a place by telephone, also for people who do not hear or speak.
pub fn call(number: Option<&str>, who: &str) -> Markup {
    match number {
        Some(number) => {
            let dialled: String = number.chars().filter(|one| one.is_ascii_digit()).collect();
            let relay = html! { a class="bevan-nowrap" href={ "tel:18001" (dialled) } { "18001 " (number) } };
            html! {
                p {
                    (weave("appointments-call", &[("who", html! { (who) }), ("phone", phone(number))]))
                    " "
                    (weave("appointments-call-relay", &[("relay", relay)]))
                }
            }
        }
        None => html! { p { (fill("appointments-call-unknown", &[("who", who.into())])) } },
    }
}

/// The surgery's telephone.
pub fn call_surgery(surgery: Option<&Surgery>) -> Markup {
    match surgery {
        Some(surgery) => call(surgery.phone.as_deref(), &surgery.name),
        None => call(None, say("appointments-your-surgery")),
    }
}

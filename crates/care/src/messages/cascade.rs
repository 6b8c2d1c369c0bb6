//! Bringing a message to a person: which channel next, when, and when it is enough. Pure.
//!
//! The order is inbox, email, text message, letter; a stated preference begins further down. An email or a text message
//! only says that there is something to read, so a message counts as delivered when it was opened or when a letter with
//! the message itself went out. A transport that fails for now is tried again after a while; one that fails for good, or
//! too often, hands over to the next.

use super::reach::Reach;
use crate::profile::{Channel, Preferences};
use jiff::{SignedDuration, Timestamp};

/// How a try ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The transport took it.
    Sent,
    /// The transport could not for now.
    Failed,
    /// It cannot go this way.
    Refused,
}

impl State {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Refused => "refused",
        }
    }

    /// The state of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Sent, Self::Failed, Self::Refused].into_iter().find(|one| one.code() == code)
    }
}

/// One try to bring a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// By which channel.
    pub channel: Channel,
    /// How it ended.
    pub state: State,
    /// When.
    pub at: Timestamp,
    /// Why it failed, in words for staff; nothing of the message and no address.
    pub reason: Option<String>,
}

/// How long the cascade is patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// How long a message lies unread in the inbox before something else is tried.
    pub unread: SignedDuration,
    /// How long after an email or a text message the next channel is tried.
    pub noticed: SignedDuration,
    /// How long after the first failure a transport is tried again; doubled each time.
    pub again: SignedDuration,
    /// Failures of one transport after which the next is tried.
    pub failures: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            unread: SignedDuration::from_hours(24),
            noticed: SignedDuration::from_hours(72),
            again: SignedDuration::from_mins(2),
            failures: 5,
        }
    }
}

/// What is to be done with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Send it by this channel, now.
    Send(Channel),
    /// Nothing before this moment.
    Wait(Timestamp),
    /// The person has it.
    Delivered,
    /// No channel is left.
    Lost,
}

/// What decides.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// When the message was written.
    pub sent: Timestamp,
    /// When the person opened it.
    pub opened: Option<Timestamp>,
    /// Whether it must go as a letter: the person does not use anything else, or asked for it on paper.
    pub letter_only: bool,
    /// What was tried, oldest first.
    pub steps: &'a [Step],
}

/// The channels for a person, in order: from the one they chose to the last that leads anywhere.
pub fn plan(stated: &Preferences, reach: &Reach, letter_only: bool) -> Vec<Channel> {
    let first = if letter_only { Channel::Letter } else { stated.channel.unwrap_or(Channel::App) };
    Channel::ALL.into_iter().skip_while(|one| *one != first).filter(|one| reach.by(*one)).collect()
}

/// What is to be done now.
pub fn next(case: &Case<'_>, plan: &[Channel], patience: &Patience, now: Timestamp) -> Next {
    let letter = case.steps.iter().any(|one| one.channel == Channel::Letter && one.state == State::Sent);
    if letter || (case.opened.is_some() && !case.letter_only) {
        return Next::Delivered;
    }
    for channel in plan {
        let tried = || case.steps.iter().filter(|one| one.channel == *channel);
        if *channel == Channel::App {
            // It lies in the inbox from the start.
            match later(case.sent, patience.unread) {
                until if now < until => return Next::Wait(until),
                _ => continue,
            }
        }
        if let Some(sent) = tried().find(|one| one.state == State::Sent) {
            match later(sent.at, patience.noticed) {
                until if now < until => return Next::Wait(until),
                _ => continue,
            }
        }
        if tried().any(|one| one.state == State::Refused) {
            continue;
        }
        let failures: Vec<&Step> = tried().collect();
        let Some(last) = failures.last() else { return Next::Send(*channel) };
        if failures.len() >= patience.failures {
            continue;
        }
        let doubled = u32::try_from(failures.len().saturating_sub(1)).unwrap_or(u32::MAX).min(10);
        let until = later(last.at, patience.again.saturating_mul(1_i32 << doubled));
        return if now < until { Next::Wait(until) } else { Next::Send(*channel) };
    }
    Next::Lost
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// How many text messages a text becomes: 160 letters of the GSM alphabet, or 153 in each part of several; 70 and 67 when
/// any letter lies outside it (3GPP TS 23.038).
pub fn fragments(text: &str) -> usize {
    const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
    const EXTENDED: &str = "\u{c}^{}\\[~]|€";
    let gsm: Option<usize> = text
        .chars()
        .map(|letter| match letter {
            _ if BASIC.contains(letter) => Some(1),
            _ if EXTENDED.contains(letter) => Some(2),
            _ => None,
        })
        .sum();
    match gsm {
        Some(0..=160) => 1,
        Some(septets) => septets.div_ceil(153),
        None => match text.encode_utf16().count() {
            0..=70 => 1,
            units => units.div_ceil(67),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_second(hour * 3600).unwrap()
    }

    fn step(channel: Channel, state: State, hour: i64) -> Step {
        Step { channel, state, at: at(hour), reason: None }
    }

    fn everything() -> Reach {
        Reach { email: Some("a@b".into()), mobile: Some("07".into()), postal: true }
    }

    #[test]
    fn a_stated_channel_begins_further_down_and_missing_addresses_are_skipped() {
        use Channel::{App, Email, Letter, Text};
        let of = |channel, reach: &Reach, letter| {
            plan(&Preferences { channel, ..Preferences::default() }, reach, letter)
        };
        let no_email = Reach { email: None, ..everything() };
        for (channel, reach, letter, expected) in [
            (None, everything(), false, vec![App, Email, Text, Letter]),
            (Some(App), everything(), false, vec![App, Email, Text, Letter]),
            (Some(Email), everything(), false, vec![Email, Text, Letter]),
            (Some(Text), everything(), false, vec![Text, Letter]),
            (Some(Letter), everything(), false, vec![Letter]),
            (Some(Email), no_email, false, vec![Text, Letter]),
            (None, Reach::default(), false, vec![App]),
            (Some(App), everything(), true, vec![Letter]),
            (None, Reach::default(), true, vec![]),
        ] {
            assert_eq!(of(channel, &reach, letter), expected, "{channel:?}");
        }
    }

    #[test]
    fn an_unread_message_goes_from_the_inbox_to_a_letter() {
        use Channel::{App, Email, Letter, Text};
        let all = [App, Email, Text, Letter];
        let patience = Patience { failures: 2, ..Patience::default() };
        let e = |state, hour| step(Email, state, hour);
        let s = |state, hour| step(Text, state, hour);
        let l = |state, hour| step(Letter, state, hour);
        let (sent, failed, refused) = (State::Sent, State::Failed, State::Refused);
        for (steps, hour, expected) in [
            (vec![], 23, Next::Wait(at(24))),
            (vec![], 24, Next::Send(Email)),
            (vec![e(sent, 24)], 95, Next::Wait(at(96))),
            (vec![e(sent, 24)], 96, Next::Send(Text)),
            (vec![e(failed, 24)], 25, Next::Send(Email)),
            (vec![e(failed, 24), e(failed, 25)], 26, Next::Send(Text)),
            (vec![e(refused, 24)], 24, Next::Send(Text)),
            (vec![e(refused, 24), s(sent, 25)], 30, Next::Wait(at(97))),
            (vec![e(refused, 24), s(refused, 25)], 25, Next::Send(Letter)),
            (vec![e(refused, 24), s(refused, 25), l(sent, 26)], 26, Next::Delivered),
            (vec![e(refused, 24), s(refused, 25), l(refused, 26)], 26, Next::Lost),
        ] {
            let case = Case { sent: at(0), opened: None, letter_only: false, steps: &steps };
            assert_eq!(next(&case, &all, &patience, at(hour)), expected, "{steps:?} at {hour}");
        }
    }

    #[test]
    fn opening_a_message_ends_it_but_a_letter_that_must_go_goes() {
        let case = Case { sent: at(0), opened: Some(at(1)), letter_only: false, steps: &[] };
        assert_eq!(next(&case, &Channel::ALL, &Patience::default(), at(50)), Next::Delivered);
        let letter = Case { letter_only: true, ..case };
        let only = [Channel::Letter];
        assert_eq!(next(&letter, &only, &Patience::default(), at(1)), Next::Send(Channel::Letter));
        assert_eq!(next(&letter, &[], &Patience::default(), at(1)), Next::Lost);
    }

    #[test]
    fn waits_between_tries_double() {
        let patience = Patience::default();
        let step = |second| Step {
            channel: Channel::Letter,
            state: State::Failed,
            at: Timestamp::from_second(second).unwrap(),
            reason: None,
        };
        for (steps, wait) in [(vec![step(0)], 120), (vec![step(0), step(120)], 120 + 240)] {
            let case = Case { sent: at(0), opened: None, letter_only: true, steps: &steps };
            let due = Timestamp::from_second(wait).unwrap();
            let just_before = Timestamp::from_second(wait - 1).unwrap();
            assert_eq!(next(&case, &[Channel::Letter], &patience, just_before), Next::Wait(due));
            assert_eq!(next(&case, &[Channel::Letter], &patience, due), Next::Send(Channel::Letter));
        }
    }

    #[test]
    fn a_text_message_is_counted_as_networks_count() {
        for (text, count) in [
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            ("ł".repeat(70), 1),
            ("ł".repeat(71), 2),
            ("ł".repeat(135), 3),
        ] {
            assert_eq!(fragments(&text), count, "{} letters", text.chars().count());
        }
    }
}

//! An appointment as a calendar entry (RFC 5545). Calendars are shared with families and employers, so it says when and
//! where, and neither with whom nor why.

use crate::words::{fill, say};
use care::appointments::{Booking, BookingState, Setting};
use jiff::Timestamp;

/// An appointment whose end nobody recorded blocks so many minutes.
const MINUTES: i64 = 30;
/// Octets on a line, the line break left out (RFC 5545, section 3.1).
const LINE: usize = 75;

/// The file.
pub fn file(booking: &Booking, now: Timestamp) -> String {
    let end = booking.end.filter(|end| *end > booking.start).unwrap_or_else(|| {
        booking.start.checked_add(jiff::Span::new().minutes(MINUTES)).unwrap_or(booking.start)
    });
    let summary = match booking.setting {
        Setting::Surgery => say("appointments-ics-surgery"),
        Setting::Hospital => say("appointments-ics-hospital"),
        Setting::Other => say("appointments-ics-other"),
    };
    let status = match booking.state {
        BookingState::Cancelled => "CANCELLED",
        BookingState::Requested => "TENTATIVE",
        _ => "CONFIRMED",
    };
    let place: Vec<&str> = booking.place.iter().chain(&booking.address).map(String::as_str).collect();
    let phone =
        booking.phone.as_deref().map(|phone| fill("appointments-ics-phone", &[("phone", phone.into())]));
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Bevan//Appointments//EN".to_owned(),
        "CALSCALE:GREGORIAN".to_owned(),
        "METHOD:PUBLISH".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}@appointments.bevan.example", escaped(&booking.id)),
        format!("DTSTAMP:{}", stamp(now)),
        format!("SEQUENCE:{}", booking.version.saturating_sub(1)),
        format!("DTSTART:{}", stamp(booking.start)),
        format!("DTEND:{}", stamp(end)),
        format!("SUMMARY:{}", escaped(summary)),
        format!("STATUS:{status}"),
    ];
    if !place.is_empty() {
        lines.push(format!("LOCATION:{}", escaped(&place.join(", "))));
    }
    lines.extend(phone.map(|phone| format!("DESCRIPTION:{}", escaped(&phone))));
    lines.extend(["END:VEVENT".to_owned(), "END:VCALENDAR".to_owned()]);
    lines.iter().map(|line| folded(line)).collect()
}

fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

/// A TEXT value (RFC 5545, section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// A line in pieces of at most [`LINE`] octets, never inside a letter.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 4);
    let mut octets = 0;
    for letter in line.chars() {
        if octets + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            octets = 1;
        }
        out.push(letter);
        octets += letter.len_utf8();
    }
    out.push_str("\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use care::view::SAMPLE_NOW;

    #[test]
    fn an_entry_keeps_to_the_rules() {
        let booking = Booking {
            place: Some("Étable; Surgery, with a name that is long enough to be folded once or twice é é é é é é é é é é".into()),
            ..Booking::sample()
        };
        let file = file(&booking, SAMPLE_NOW);
        assert!(file.lines().all(|line| line.len() <= LINE), "{file}");
        assert_eq!(file.matches("\r\n").count(), file.matches('\n').count());
        let unfolded = file.replace("\r\n ", "");
        assert!(unfolded.contains(r"LOCATION:Étable\; Surgery\, with a name"), "{unfolded}");
        assert!(unfolded.contains("DTSTAMP:20261120T140500Z\r\n"));
        assert!(unfolded.contains("\r\nSEQUENCE:0\r\n") && unfolded.contains("\r\nSTATUS:CONFIRMED\r\n"));
        for told in ["cough", "Dr Sam"] {
            assert!(!file.contains(told), "{file}");
        }
    }
}

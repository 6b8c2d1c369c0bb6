//! The zone of values written without an offset.

use super::calendar::days_from_civil;
use jiff::tz::TimeZone;
use std::sync::LazyLock;

/// Europe/London from the bundled time-zone database, the zone of dates written without an offset.
#[must_use]
pub fn default_zone() -> &'static TimeZone {
    static LONDON: LazyLock<TimeZone> =
        LazyLock::new(|| TimeZone::get("Europe/London").unwrap_or(TimeZone::UTC));
    &LONDON
}

/// Seconds since 1970 of midnight at the start of a day, local to the zone. A midnight that a change of
/// clocks skips is the first moment after it; one that happens twice is the first.
pub(super) fn midnight(zone: &TimeZone, (year, month, day): (i16, u8, u8)) -> i64 {
    local(zone, (year, month, day), 0)
}

/// Seconds since 1970 of a local time, given as seconds since its midnight.
pub(super) fn local(zone: &TimeZone, (year, month, day): (i16, u8, u8), seconds: i64) -> i64 {
    let utc = days_from_civil(year, month, day) * 86_400 + seconds;
    let part = |of: i64| i8::try_from(of).unwrap_or_default();
    let civil = jiff::civil::DateTime::new(
        year,
        part(i64::from(month)),
        part(i64::from(day)),
        part(seconds / 3600),
        part(seconds / 60 % 60),
        part(seconds % 60),
        0,
    );
    // Beyond the library's range (the last day of 9999) the zone is read as UTC.
    civil.ok().and_then(|c| zone.to_ambiguous_timestamp(c).compatible().ok()).map_or(utc, |t| t.as_second())
}

//! Dates, times and instants in ISO 8601 of fixed width, so that the order of the text is the order of
//! the values: `2024-01-02`, `03:04:05.123456`, `2024-01-02T03:04:05.123456Z`.
//!
//! Databases that have types of their own for them count days and microseconds instead. Stored text is read strictly; what callers write may leave out fractions and use any UTC offset.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, SubsecRound, Timelike, Utc};

use super::scalar::copied;
use super::stored::Short;
use super::{Mismatch, Raw};
use crate::meta::PropertyMeta;

copied!(NaiveDate, Date, |raw, property| match raw {
    Raw::Day(days) => of_days(days).ok_or_else(|| Mismatch::unfit(property, OUT_OF_RANGE)),
    raw => read(raw, property, "text that is not a date", date),
});
copied!(NaiveTime, Time, |raw, property| match raw {
    Raw::Clock(micros) => of_midnight(micros).ok_or_else(|| Mismatch::unfit(property, "a time past the day's end")),
    raw => read(raw, property, "text that is not a time", time),
});
copied!(DateTime<Utc>, DateTime, |raw, property| match raw {
    Raw::Instant(micros) => of_epoch(micros).ok_or_else(|| Mismatch::unfit(property, OUT_OF_RANGE)),
    raw => read(raw, property, "text that is not a datetime", datetime),
});

const OUT_OF_RANGE: &str = "a year outside 0001–9999";

/// 1970-01-01, counted from the first day of year 1 as the first.
const EPOCH: i32 = 719_163;

/// The day so many days after 1970-01-01.
pub(crate) fn of_days(days: i32) -> Option<NaiveDate> {
    NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH)?).filter(|date| in_range(*date))
}

/// The time so many microseconds after midnight.
pub(crate) fn of_midnight(micros: i64) -> Option<NaiveTime> {
    let micros = u64::try_from(micros).ok()?;
    let second = u32::try_from(micros / 1_000_000).ok()?;
    NaiveTime::from_num_seconds_from_midnight_opt(second, u32::try_from(micros % 1_000_000).ok()? * 1_000)
}

/// The instant so many microseconds after 1970-01-01T00:00:00Z.
pub(crate) fn of_epoch(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros).filter(|instant| in_range(instant.date_naive()))
}

#[inline]
fn read<T>(
    raw: Raw<'_>,
    property: &PropertyMeta,
    otherwise: &'static str,
    parse: fn(&[u8]) -> Option<T>,
) -> Result<T, Mismatch> {
    match raw {
        Raw::Text(text) => parse(text).ok_or_else(|| Mismatch::unfit(property, otherwise)),
        _ => Err(Mismatch::stored(raw, property)),
    }
}

/// The first and the last day whose year has a fixed width and is known to every database.
pub(crate) const ENDS: [NaiveDate; 2] = [
    NaiveDate::from_ymd_opt(1, 1, 1).expect("a day of the calendar"),
    NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day of the calendar"),
];

/// Whether the date is between [`ENDS`].
pub(crate) fn in_range(date: NaiveDate) -> bool {
    (1..=9999).contains(&date.year())
}

/// The time without what no database stores: fractions of microseconds and leap seconds.
pub(crate) fn to_micros(time: NaiveTime) -> NaiveTime {
    let time = time.trunc_subsecs(6);
    if time.nanosecond() < 1_000_000_000 { time } else { time.with_nanosecond(999_999_000).unwrap_or(time) }
}

/// Microseconds since midnight, as far as a database stores them.
pub(crate) fn micros_of_day(time: NaiveTime) -> i64 {
    let time = to_micros(time);
    i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1_000)
}

/// `None` outside the years 0001–9999.
pub(crate) fn write_date(date: NaiveDate) -> Option<Short> {
    let mut text = Short::default();
    push_date(&mut text, date)?;
    Some(text)
}

pub(crate) fn write_time(time: NaiveTime) -> Short {
    let mut text = Short::default();
    push_time(&mut text, time);
    text
}

/// `None` outside the years 0001–9999.
pub(crate) fn write_datetime(instant: DateTime<Utc>) -> Option<Short> {
    let mut text = Short::default();
    push_date(&mut text, instant.date_naive())?;
    text.push(b'T');
    push_time(&mut text, instant.time());
    text.push(b'Z');
    Some(text)
}

fn push_date(text: &mut Short, date: NaiveDate) -> Option<()> {
    if !in_range(date) {
        return None;
    }
    text.digits::<4>(date.year().unsigned_abs());
    text.push(b'-');
    text.digits::<2>(date.month());
    text.push(b'-');
    text.digits::<2>(date.day());
    Some(())
}

fn push_time(text: &mut Short, time: NaiveTime) {
    text.digits::<2>(time.hour());
    text.push(b':');
    text.digits::<2>(time.minute());
    text.push(b':');
    text.digits::<2>(time.second());
    text.push(b'.');
    // A leap second is counted as nanoseconds past the end of second 59.
    text.digits::<6>((time.nanosecond() / 1_000).min(999_999));
}

/// A date in its stored form.
pub(crate) fn date(text: &[u8]) -> Option<NaiveDate> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text else { return None };
    let year = number(&[y0, y1, y2, y3])?;
    if year == 0 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, number(&[m0, m1])?, number(&[d0, d1])?)
}

/// A time in its stored form.
pub(crate) fn time(text: &[u8]) -> Option<NaiveTime> {
    let [h0, h1, b':', m0, m1, b':', s0, s1, b'.', ref micros @ ..] = *text else { return None };
    if micros.len() != 6 {
        return None;
    }
    NaiveTime::from_hms_micro_opt(number(&[h0, h1])?, number(&[m0, m1])?, number(&[s0, s1])?, number(micros)?)
}

/// An instant in its stored form.
pub(crate) fn datetime(text: &[u8]) -> Option<DateTime<Utc>> {
    let text = text.strip_suffix(b"Z")?;
    let (day, rest) = text.split_at_checked(10)?;
    Some(date(day)?.and_time(time(rest.strip_prefix(b"T")?)?).and_utc())
}

/// A time as callers write it: the fraction has up to nine digits or is left out.
pub(crate) fn given_time(text: &str) -> Option<NaiveTime> {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let [h0, h1, b':', m0, m1, b':', s0, s1] = *clock.as_bytes() else { return None };
    if !(1..=9).contains(&fraction.len()) {
        return None;
    }
    let missing = u32::try_from(9 - fraction.len()).ok()?;
    let nanos = number(fraction.as_bytes())? * 10_u32.pow(missing);
    NaiveTime::from_hms_nano_opt(number(&[h0, h1])?, number(&[m0, m1])?, number(&[s0, s1])?, nanos)
}

/// An instant as callers write it: RFC 3339 with any offset.
pub(crate) fn given_datetime(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc())
}

/// Up to nine digits.
#[inline]
fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, &digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn stored_order_is_the_order_of_values() {
        let instants = [
            "0001-01-01T00:00:00Z",
            "0999-12-31T23:59:59.999999Z",
            "1969-12-31T23:59:59.000001Z",
            "1970-01-01T00:00:00Z",
            "2024-02-29T03:04:05.000009Z",
            "2024-02-29T03:04:05.000010Z",
            "9999-12-31T23:59:59.999999Z",
        ]
        .map(instant);
        let texts = instants.map(|instant| write_datetime(instant).unwrap());
        assert!(texts.windows(2).all(|pair| pair[0].as_str() < pair[1].as_str()));
        for (text, instant) in texts.iter().zip(instants) {
            assert_eq!(text.as_str().len(), 27);
            assert_eq!(datetime(text.as_str().as_bytes()), Some(instant));
        }
    }

    #[test]
    fn every_day_of_four_centuries_comes_back() {
        let mut day = NaiveDate::from_ymd_opt(1799, 12, 25).unwrap();
        for _ in 0..146_100 {
            assert_eq!(date(write_date(day).unwrap().as_str().as_bytes()), Some(day));
            day = day.succ_opt().unwrap();
        }
    }

    #[test]
    fn years_without_four_digits_are_not_written() {
        assert!(write_date(NaiveDate::MIN).is_none());
        assert!(write_date(NaiveDate::from_ymd_opt(0, 12, 31).unwrap()).is_none());
        assert!(write_datetime(instant("9999-12-31T23:59:59Z") + chrono::TimeDelta::seconds(1)).is_none());
    }

    #[test]
    fn leap_seconds_and_nanoseconds_are_cut() {
        let leap = NaiveTime::from_hms_nano_opt(23, 59, 59, 1_999_999_999).unwrap();
        assert_eq!(write_time(leap).as_str(), "23:59:59.999999");
        assert_eq!(write_time(to_micros(leap)).as_str(), "23:59:59.999999");
        let fine = NaiveTime::from_hms_nano_opt(1, 2, 3, 4_005_999).unwrap();
        assert_eq!(to_micros(fine), NaiveTime::from_hms_micro_opt(1, 2, 3, 4_005).unwrap());
    }

    #[test]
    fn nearly_dates_are_refused() {
        for text in ["2023-02-29", "2024-1-02", "2024-01-02 ", "0000-01-01", "+024-01-02", "２０２４-01-02", ""] {
            assert_eq!(date(text.as_bytes()), None, "{text}");
        }
        for text in ["03:04:05", "24:00:00.000000", "03:04:60.000000", "03:04:05.12345", "03:04:05.1234567"] {
            assert_eq!(time(text.as_bytes()), None, "{text}");
        }
        for text in ["2024-01-02T03:04:05Z", "2024-01-02 03:04:05.123456Z", "2024-01-02T03:04:05.123456", "Z"] {
            assert_eq!(datetime(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn callers_may_write_less_and_use_offsets() {
        assert_eq!(given_time("03:04:05"), NaiveTime::from_hms_opt(3, 4, 5));
        assert_eq!(given_time("03:04:05.5"), NaiveTime::from_hms_milli_opt(3, 4, 5, 500));
        assert_eq!(given_time("03:04:05."), None);
        assert_eq!(given_time("03:04:05.1234567890"), None);
        assert_eq!(given_datetime("2024-01-02T03:04:05+02:00"), Some(instant("2024-01-02T01:04:05Z")));
        assert_eq!(given_datetime("2024-01-02"), None);
    }
}

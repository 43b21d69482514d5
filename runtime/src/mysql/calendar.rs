//! Days counted from 1970-01-01 and back, in the proleptic Gregorian calendar; no crate for dates is needed to
//! read a row.
//!
//! The arithmetic is Howard Hinnant's: years begin in March, so that leap days come last.

/// Microseconds of a day.
pub(super) const DAY: i64 = 86_400_000_000;

/// Days of 400 years, after which the calendar repeats.
const ERA: i32 = 146_097;

/// From the first day of March of year 0 to 1970-01-01.
const EPOCH: i32 = 719_468;

/// Days from 1970-01-01 to that day.
pub(super) fn days(year: u16, month: u8, day: u8) -> i32 {
    let (month, day) = (i32::from(month), i32::from(day));
    let year = i32::from(year) - i32::from(month <= 2);
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * ERA + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH
}

/// Year, month and day, so many days after 1970-01-01.
pub(super) fn date(days: i32) -> (i32, i32, i32) {
    let days = i64::from(days) + i64::from(EPOCH);
    let era = days.div_euclid(i64::from(ERA));
    let of_era = days.rem_euclid(i64::from(ERA));
    let year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * march + 2) / 5 + 1;
    let month = if march < 10 { march + 3 } else { march - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    let small = |part: i64| i32::try_from(part).expect("a part of a date that 32 bits of days reach");
    (small(year), small(month), small(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_comes_back() {
        assert_eq!(days(1970, 1, 1), 0);
        assert_eq!(days(2000, 2, 29), 11_016);
        assert_eq!(days(1, 1, 1), -719_162);
        assert_eq!(days(9999, 12, 31), 2_932_896);
        let mut last = None;
        for count in days(1, 1, 1)..=days(9999, 12, 31) {
            let parts = date(count);
            assert!(last.is_none_or(|last| last < parts), "{parts:?}");
            let (year, month, day) = parts;
            let small = |part: i32| u8::try_from(part).unwrap();
            assert_eq!(days(u16::try_from(year).unwrap(), small(month), small(day)), count);
            last = Some(parts);
        }
    }
}

//! Where a value that is compared lies among those that a property can store.
//!
//! A column of two digits after the point holds no 1.005, yet `price > 1.005` has an answer. Knows nothing
//! of SQL text.

use super::Value;
use crate::meta::PropertyMeta;

/// Where a value lies.
#[derive(Debug, PartialEq)]
pub(crate) enum Fit {
    /// It can be stored itself.
    Stored,
    /// Between this one and the next, or after the last.
    After(Value<'static>),
    /// Before the first, which is this one.
    #[cfg_attr(
        not(any(feature = "chrono", feature = "decimal")),
        allow(dead_code, reason = "other types have no first value")
    )]
    BeforeAll(Value<'static>),
}

/// Where `value` lies among the values of `property`.
#[cfg_attr(not(feature = "decimal"), allow(unused_variables, reason = "only decimals differ by property"))]
pub(crate) fn fit(value: &Value<'_>, property: &PropertyMeta) -> Fit {
    match value {
        Value::Text(value) => text(value),
        #[cfg(feature = "decimal")]
        Value::Decimal(value) => decimal(*value, property),
        #[cfg(feature = "chrono")]
        Value::Date(value) => date(*value),
        #[cfg(feature = "chrono")]
        Value::Time(value) => match super::time::to_micros(*value) {
            micros if micros == *value => Fit::Stored,
            micros => Fit::After(Value::Time(micros)),
        },
        #[cfg(feature = "chrono")]
        Value::DateTime(value) => datetime(*value),
        _ => Fit::Stored,
    }
}

/// Whether a key can have that value. Times are cut before they are stored, and where they are keys.
pub(crate) fn fits_key(value: &Value<'_>, property: &PropertyMeta) -> bool {
    match value {
        #[cfg(feature = "chrono")]
        Value::Time(_) => true,
        #[cfg(feature = "chrono")]
        Value::DateTime(value) => super::time::in_range(value.date_naive()),
        value => fit(value, property) == Fit::Stored,
    }
}

/// No text that is stored has a NUL: one that has lies right after what stands before it.
fn text(value: &str) -> Fit {
    match value.split_once('\0') {
        None => Fit::Stored,
        Some((before, _)) => Fit::After(Value::Text(before.to_owned().into())),
    }
}

#[cfg(feature = "decimal")]
fn decimal(value: rust_decimal::Decimal, property: &PropertyMeta) -> Fit {
    use super::decimal::{from_unscaled, unscaled};
    use rust_decimal::RoundingStrategy::ToNegativeInfinity;

    if unscaled(value, property).is_some() {
        return Fit::Stored;
    }
    let floor = value.round_dp_with_strategy(u32::from(property.scale), ToNegativeInfinity);
    if unscaled(floor, property).is_some() {
        return Fit::After(Value::Decimal(floor));
    }
    let most = 10_i128.pow(u32::from(property.precision.min(28))) - 1;
    let end = |units| Value::Decimal(from_unscaled(units, property).unwrap_or_default());
    if value.is_sign_positive() { Fit::After(end(most)) } else { Fit::BeforeAll(end(-most)) }
}

#[cfg(feature = "chrono")]
fn date(value: chrono::NaiveDate) -> Fit {
    let [first, last] = super::time::ENDS;
    match value {
        value if value < first => Fit::BeforeAll(Value::Date(first)),
        value if value > last => Fit::After(Value::Date(last)),
        _ => Fit::Stored,
    }
}

#[cfg(feature = "chrono")]
fn datetime(value: chrono::DateTime<chrono::Utc>) -> Fit {
    use super::time::{ENDS, to_micros};

    let [first, last] = ENDS;
    if value.date_naive() < first {
        return Fit::BeforeAll(Value::DateTime(first.and_time(chrono::NaiveTime::MIN).and_utc()));
    }
    let (day, time) = if value.date_naive() > last {
        (last, chrono::NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap_or_default())
    } else {
        (value.date_naive(), to_micros(value.time()))
    };
    match day.and_time(time).and_utc() {
        micros if micros == value => Fit::Stored,
        micros => Fit::After(Value::DateTime(micros)),
    }
}

#[cfg(test)]
#[cfg(all(feature = "chrono", feature = "decimal"))]
mod tests {
    use chrono::{NaiveDate, NaiveTime};
    use rust_decimal::Decimal;

    use super::*;
    use crate::meta::Kind;

    const PRICE: PropertyMeta = PropertyMeta { kind: Kind::Decimal, precision: 4, scale: 2, ..PropertyMeta::EMPTY };

    fn price(text: &str) -> Fit {
        fit(&Value::Decimal(text.parse().unwrap()), &PRICE)
    }

    #[test]
    fn a_text_with_a_nul_lies_after_what_stands_before_it() {
        let text = |text: &str| fit(&Value::Text(text.to_owned().into()), &PRICE);
        let after = |text: &str| Fit::After(Value::Text(text.to_owned().into()));
        assert_eq!(text("a"), Fit::Stored);
        assert_eq!(text("a\0b\0"), after("a"));
        assert_eq!(text("\0"), after(""));
    }

    #[test]
    fn a_decimal_of_more_digits_lies_between_two() {
        let after = |units| Fit::After(Value::Decimal(Decimal::new(units, 2)));
        assert_eq!(price("1.50"), Fit::Stored);
        assert_eq!(price("1.5000"), Fit::Stored);
        assert_eq!(price("1.005"), after(100));
        assert_eq!(price("-1.005"), after(-101));
        assert_eq!(price("123.45"), after(9999));
        assert_eq!(price("-123.45"), Fit::BeforeAll(Value::Decimal(Decimal::new(-9999, 2))));
    }

    #[test]
    fn an_instant_of_nanoseconds_lies_between_two_microseconds() {
        let at = |nanos| {
            let time = NaiveTime::from_hms_nano_opt(1, 2, 3, nanos).unwrap();
            NaiveDate::from_ymd_opt(2024, 1, 2).unwrap().and_time(time).and_utc()
        };
        assert_eq!(fit(&Value::DateTime(at(5_000)), &PRICE), Fit::Stored);
        assert_eq!(fit(&Value::DateTime(at(5_001)), &PRICE), Fit::After(Value::DateTime(at(5_000))));
        let far = NaiveDate::from_ymd_opt(10_000, 1, 1).unwrap();
        assert_eq!(
            fit(&Value::Date(far), &PRICE),
            Fit::After(Value::Date(NaiveDate::from_ymd_opt(9999, 12, 31).unwrap()))
        );
        let ancient = NaiveDate::from_ymd_opt(0, 12, 31).unwrap();
        assert_eq!(
            fit(&Value::Date(ancient), &PRICE),
            Fit::BeforeAll(Value::Date(NaiveDate::from_ymd_opt(1, 1, 1).unwrap()))
        );
    }
}

//! Exact numbers, stored so that the database sorts them right: up to 18 digits as the integer
//! value × 10^scale, more as text of fixed width.
//!
//! The text has as many digits as the precision, the point at its place, and one leading character: `0` for
//! zero and above, and for negative numbers `-` followed by nine's complements, which turns their order round.

use rust_decimal::Decimal;

use super::scalar::copied;
use super::stored::{Short, Stored};
use super::{Mismatch, Raw};
use crate::meta::PropertyMeta;

/// The most digits that fit an integer of 64 bits.
const INTEGER_DIGITS: u8 = 18;

copied!(Decimal, Decimal, |raw, property: &PropertyMeta| match raw {
    Raw::Int(unscaled) if property.precision <= INTEGER_DIGITS => {
        from_unscaled(i128::from(unscaled), property)
            .ok_or_else(|| Mismatch::unfit(property, "an integer out of its precision"))
    }
    Raw::Text(text) if property.precision > INTEGER_DIGITS => parse(text, property)
        .and_then(|unscaled| from_unscaled(unscaled, property))
        .ok_or_else(|| Mismatch::unfit(property, "text that is not a decimal")),
    Raw::Exact { units, scale } => rescale(units, scale, u32::from(property.scale))
        .and_then(|unscaled| from_unscaled(unscaled, property))
        .ok_or_else(|| Mismatch::unfit(property, "a decimal out of its precision and scale")),
    _ => Err(Mismatch::stored(raw, property)),
});

/// The value in units of the last digit; `None` where it has more digits than the property.
pub(crate) fn unscaled(value: Decimal, property: &PropertyMeta) -> Option<i128> {
    let unscaled = rescale(value.mantissa(), value.scale(), u32::from(property.scale))?;
    (unscaled.unsigned_abs() < 10_u128.pow(u32::from(property.precision.min(28)))).then_some(unscaled)
}

/// The same value in units of 10^-`to`; `None` where digits would be lost, or are too many.
fn rescale(units: i128, from: u32, to: u32) -> Option<i128> {
    if from <= to {
        return units.checked_mul(10_i128.checked_pow(to - from)?);
    }
    let excess = 10_i128.checked_pow(from - to)?;
    (units % excess == 0).then(|| units / excess)
}

/// The value of so many units of the last digit; `None` where they are out of the precision.
pub(crate) fn from_unscaled(unscaled: i128, property: &PropertyMeta) -> Option<Decimal> {
    if unscaled.unsigned_abs() >= 10_u128.pow(u32::from(property.precision.min(28))) {
        return None;
    }
    Decimal::try_from_i128_with_scale(unscaled, u32::from(property.scale)).ok()
}

/// The stored form; `None` where the value has more digits than the property.
pub(crate) fn store(value: Decimal, property: &PropertyMeta) -> Option<Stored<'static>> {
    let unscaled = unscaled(value, property)?;
    if property.precision <= INTEGER_DIGITS {
        return i64::try_from(unscaled).ok().map(Stored::Int);
    }
    let (precision, scale) = (usize::from(property.precision), usize::from(property.scale));
    let negative = unscaled < 0;
    let mut digits = [0; 28];
    let mut rest = unscaled.unsigned_abs();
    for digit in digits[..precision].iter_mut().rev() {
        let value = u8::try_from(rest % 10).expect("a digit is less than ten");
        *digit = if negative { b'9' - value } else { b'0' + value };
        rest /= 10;
    }
    let mut text = Short::default();
    text.push(if negative { b'-' } else { b'0' });
    let (whole, fraction) = digits[..precision].split_at(precision - scale);
    for &digit in whole {
        text.push(digit);
    }
    if scale > 0 {
        text.push(b'.');
        for &digit in fraction {
            text.push(digit);
        }
    }
    Some(Stored::Short(text))
}

/// Units of the last digit from text in its stored form.
pub(crate) fn parse(text: &[u8], property: &PropertyMeta) -> Option<i128> {
    let (precision, scale) = (usize::from(property.precision), usize::from(property.scale));
    let (&sign, number) = text.split_first()?;
    let negative = match sign {
        b'0' => false,
        b'-' => true,
        _ => return None,
    };
    let point = (scale > 0).then(|| precision - scale);
    if number.len() != precision + usize::from(scale > 0) {
        return None;
    }
    let mut unscaled = 0_i128;
    for (place, &digit) in number.iter().enumerate() {
        if Some(place) == point {
            if digit != b'.' {
                return None;
            }
            continue;
        }
        if !digit.is_ascii_digit() {
            return None;
        }
        let value = if negative { b'9' - digit } else { digit - b'0' };
        unscaled = unscaled * 10 + i128::from(value);
    }
    Some(if negative { -unscaled } else { unscaled })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::Kind;
    use crate::value::Type;

    fn property(precision: u8, scale: u8) -> PropertyMeta {
        PropertyMeta { kind: Kind::Decimal, precision, scale, ..PropertyMeta::EMPTY }
    }

    fn raw<'a>(stored: &'a Stored<'_>) -> Raw<'a> {
        match stored {
            Stored::Int(value) => Raw::Int(*value),
            Stored::Short(text) => Raw::Text(text.as_str().as_bytes()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn stored_order_is_the_order_of_values_at_every_precision_and_scale() {
        for precision in 1..=28 {
            for scale in 0..=precision {
                let property = property(precision, scale);
                let most = 10_i128.pow(precision.into()) - 1;
                let mut values = vec![-most, -most + 1, -most / 2, -10, -9, -1, 0, 1, 9, 10, most / 2, most - 1, most];
                values.retain(|value| value.abs() <= most);
                values.sort_unstable();
                values.dedup();
                let stored: Vec<_> = values
                    .iter()
                    .map(|&value| {
                        let value = from_unscaled(value, &property).unwrap();
                        let stored = store(value, &property).unwrap();
                        assert_eq!(Decimal::from_raw(raw(&stored), &property).unwrap(), value);
                        stored
                    })
                    .collect();
                for pair in stored.windows(2) {
                    let in_order = match (&pair[0], &pair[1]) {
                        (Stored::Int(a), Stored::Int(b)) => a < b,
                        (Stored::Short(a), Stored::Short(b)) => a.as_str() < b.as_str(),
                        _ => false,
                    };
                    assert!(in_order, "{pair:?} at ({precision}, {scale})");
                }
            }
        }
    }

    #[test]
    fn digits_that_do_not_fit_are_refused_and_zeros_are_not_digits() {
        let money = property(5, 2);
        assert_eq!(unscaled("999.99".parse().unwrap(), &money), Some(99_999));
        assert_eq!(unscaled("1000".parse().unwrap(), &money), None);
        assert_eq!(unscaled("0.001".parse().unwrap(), &money), None);
        assert_eq!(unscaled("1.1000000000000000000000000000".parse().unwrap(), &money), Some(110));
        assert_eq!(unscaled(Decimal::MAX, &property(28, 0)), None);
        assert_eq!(unscaled(Decimal::MAX, &property(28, 28)), None);
    }

    #[test]
    fn negative_zero_is_zero() {
        let zero = -Decimal::ZERO;
        for property in [property(18, 6), property(20, 6)] {
            let stored = store(zero, &property).unwrap();
            let back = Decimal::from_raw(raw(&stored), &property).unwrap();
            assert!(back.is_zero() && back.is_sign_positive());
        }
    }

    #[test]
    fn text_that_is_not_in_the_stored_form_is_refused() {
        let wide = property(20, 2);
        for text in ["1.00", "0000000000000000001,00", "+000000000000000001.00", "0000000000000000001.0x"] {
            assert!(Decimal::from_raw(Raw::Text(text.as_bytes()), &wide).is_err(), "{text}");
        }
        assert!(Decimal::from_raw(Raw::Int(1), &wide).is_err());
        assert!(Decimal::from_raw(Raw::Int(i64::MAX), &property(18, 6)).is_err());
    }
}

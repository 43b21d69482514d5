//! PostgreSQL's binary form of `numeric`: a sign, and digits to the base 10,000 around the point.

use bytes::{BufMut, BytesMut};

const NEGATIVE: u16 = 0x4000;

/// Writes so many units of 10^-`scale`; `None` where they have too many digits.
pub(super) fn write(units: i128, scale: u32, out: &mut BytesMut) -> Option<()> {
    // The point stands between two digits, so that the last one is filled up.
    let filling = (4 - scale % 4) % 4;
    let mut rest = units.unsigned_abs().checked_mul(10_u128.pow(filling))?;
    let below = i16::try_from((scale + filling) / 4).ok()?;
    // From the lowest on: 39 decimal digits are ten.
    let mut digits = [0_u16; 10];
    let mut count = 0;
    while rest > 0 {
        digits[count] = u16::try_from(rest % 10_000).ok()?;
        rest /= 10_000;
        count += 1;
    }
    let zeros = digits[..count].iter().take_while(|&&digit| digit == 0).count();
    let weight = if count == 0 { 0 } else { i16::try_from(count).ok()? - below - 1 };
    out.put_u16(u16::try_from(count - zeros).ok()?);
    out.put_i16(weight);
    out.put_u16(if units < 0 { NEGATIVE } else { 0 });
    out.put_u16(u16::try_from(scale).ok()?);
    for &digit in digits[zeros..count].iter().rev() {
        out.put_u16(digit);
    }
    Some(())
}

/// Reads units and their scale; `None` where it is no number, or has too many digits.
pub(super) fn read(bytes: &[u8]) -> Option<(i128, u32)> {
    let mut words = bytes.chunks_exact(2).map(|word| u16::from_be_bytes([word[0], word[1]]));
    let count = words.next()?;
    let weight = words.next()?.cast_signed();
    let negative = match words.next()? {
        0 => false,
        NEGATIVE => true,
        _ => return None,
    };
    let scale = u32::from(words.next()?);
    let mut units = 0_i128;
    let mut seen = 0;
    for digit in words.by_ref().take(usize::from(count)) {
        units = units.checked_mul(10_000)?.checked_add(i128::from(digit))?;
        seen += 1;
    }
    if seen != count {
        return None;
    }
    if units == 0 {
        return Some((0, scale));
    }
    // The lowest digit counts 10,000^(weight - count + 1).
    let exponent = 4 * (i64::from(weight) - i64::from(count) + 1) + i64::from(scale);
    let power = 10_i128.checked_pow(u32::try_from(exponent.unsigned_abs()).ok()?)?;
    let units = if exponent >= 0 {
        units.checked_mul(power)?
    } else if units % power == 0 {
        units / power
    } else {
        return None;
    };
    Some((if negative { -units } else { units }, scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(units: i128, scale: u32) -> Vec<u8> {
        let mut out = BytesMut::new();
        write(units, scale, &mut out).unwrap();
        out.to_vec()
    }

    #[test]
    fn every_number_comes_back() {
        let most = 9_999_999_999_999_999_999_999_999_999_i128;
        for units in [0, 1, -1, 9, 10, 9_999, 10_000, 10_001, 123_456_789, -120_000_000, most, -most, most / 7] {
            for scale in 0..=28 {
                assert_eq!(read(&bytes(units, scale)), Some((units, scale)), "{units} / 10^{scale}");
            }
        }
    }

    #[test]
    fn digits_are_those_that_postgresql_writes() {
        // 12345.678 is 1 2345 . 6780
        assert_eq!(bytes(12_345_678, 3), [0, 3, 0, 1, 0, 0, 0, 3, 0, 1, 9, 41, 26, 124]);
        // -0.0001 has its only digit after the point.
        assert_eq!(bytes(-1, 4), [0, 1, 255, 255, 64, 0, 0, 4, 0, 1]);
        // 20000 ends in a digit that is zero and left out.
        assert_eq!(bytes(20_000, 0), [0, 1, 0, 1, 0, 0, 0, 0, 0, 2]);
        assert_eq!(bytes(0, 2), [0, 0, 0, 0, 0, 0, 0, 2]);
    }

    #[test]
    fn what_is_no_number_or_too_long_is_none() {
        assert_eq!(read(&[0, 0, 0, 0, 0xC0, 0, 0, 0]), None, "NaN");
        assert_eq!(read(&[0, 0, 0, 0, 0xD0, 0, 0, 0]), None, "infinity");
        assert_eq!(read(&[0, 2, 0, 0, 0, 0, 0, 0, 0, 1]), None, "cut off");
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[0, 1, 0, 20, 0, 0, 0, 0, 0, 1]), None, "10^80");
        assert_eq!(write(i128::MAX, 1, &mut BytesMut::new()), None);
    }
}

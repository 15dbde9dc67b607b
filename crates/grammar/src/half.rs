//! Half-precision floats, in which the compact file keeps its numbers.

/// The nearest half; beyond its range, infinity.
pub(crate) fn from_f32(number: f32) -> u16 {
    let bits = number.to_bits();
    let sign = (bits >> 16 & 0x8000) as u16;
    let magnitude = bits & 0x7fff_ffff;
    if magnitude >= 0x4780_0000 {
        let not_a_number = magnitude > 0x7f80_0000;
        return sign | 0x7c00 | u16::from(not_a_number) << 9;
    }
    if magnitude < 0x3880_0000 {
        // Below the smallest normal half the steps are 2^-24; adding a half of that makes the hardware round.
        let steps = f32::from_bits(magnitude) + 0.5;
        return sign | (steps.to_bits() - 0.5f32.to_bits()) as u16;
    }
    let odd = magnitude >> 13 & 1;
    let rounded = magnitude - 0x3800_0000 + 0x0fff + odd;
    sign | (rounded >> 13) as u16
}

/// Exactly the number a half stands for.
pub(crate) fn to_f32(half: u16) -> f32 {
    // A half's exponent and fraction, moved in place, are the number divided by 2^112. Multiplying by that also
    // sets the subnormals right; what had the greatest exponent is infinite.
    let magnitude = f32::from_bits(u32::from(half & 0x7fff) << 13) * f32::from_bits(0x7780_0000);
    let infinite = u32::from(half & 0x7c00 == 0x7c00) * 0x7f80_0000;
    f32::from_bits(magnitude.to_bits() | infinite | u32::from(half & 0x8000) << 16)
}

#[cfg(test)]
mod tests {
    use super::{from_f32, to_f32};

    #[test]
    fn every_half_comes_back() {
        for half in 0..=u16::MAX {
            let is_nan = half & 0x7c00 == 0x7c00 && half & 0x03ff != 0;
            match is_nan {
                true => assert!(to_f32(half).is_nan()),
                false => assert_eq!(from_f32(to_f32(half)), half, "{half:#x}"),
            }
        }
    }

    #[test]
    fn known_values() {
        for (number, half) in
            [(1.0, 0x3c00), (-2.0, 0xc000), (65504.0, 0x7bff), (65520.0, 0x7c00), (5.960_464_5e-8, 1)]
        {
            assert_eq!(from_f32(number), half, "{number}");
        }
        assert_eq!(to_f32(0x3555), 0.333_251_95);
    }

    #[test]
    fn ties_go_to_the_even_half() {
        assert_eq!(from_f32(1.0 + 1.0 / 2048.0), 0x3c00);
        assert_eq!(from_f32(1.0 + 3.0 / 2048.0), 0x3c02);
    }
}

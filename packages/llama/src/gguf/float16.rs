//! IEEE 754 half precision, rounded to nearest even as ggml does.

/// The nearest half-precision number, as bits.
pub fn f16_from_f32(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = ((bits >> 16) & 0x8000) as u16;
    let exponent = (bits >> 23) & 0xff;
    let mantissa = bits & 0x007f_ffff;
    if exponent == 0xff {
        // Infinity stays infinity; NaN keeps a set bit.
        return sign | 0x7c00 | if mantissa == 0 { 0 } else { 0x0200 };
    }
    // Single precision counts exponents from 127, half precision from 15.
    let half_exponent = exponent as i32 - 112;
    if half_exponent >= 31 {
        return sign | 0x7c00;
    }
    let (shift, base) = if half_exponent > 0 {
        (13, ((half_exponent as u32) << 10) | (mantissa >> 13))
    } else if half_exponent >= -10 {
        // Subnormal: the leading one becomes explicit and moves right.
        let shift = (14 - half_exponent) as u32;
        (shift, (mantissa | 0x0080_0000) >> shift)
    } else {
        return sign;
    };
    let full = if half_exponent > 0 { mantissa } else { mantissa | 0x0080_0000 };
    let rest = full & ((1 << shift) - 1);
    let halfway = 1 << (shift - 1);
    let up = rest > halfway || (rest == halfway && base & 1 == 1);
    // A carry out of the mantissa runs into the exponent, which is what rounding up to the next power of two (or infinity) means.
    sign | (base + u32::from(up)) as u16
}

/// The value of half-precision bits; exact.
pub fn f32_from_f16(bits: u16) -> f32 {
    let magnitude = i32::from(bits & 0x7fff);
    let value = match magnitude >> 10 {
        31 if magnitude & 0x3ff == 0 => f32::INFINITY,
        31 => f32::NAN,
        // Subnormal: 2^-24 per unit.
        0 => magnitude as f32 / 16_777_216.0,
        exponent => f32::from_bits((((exponent + 112) << 23) | ((magnitude & 0x3ff) << 13)) as u32),
    };
    if bits & 0x8000 == 0 { value } else { -value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_half_comes_back() {
        for bits in 0..=u16::MAX {
            let value = f32_from_f16(bits);
            if value.is_nan() {
                assert!(f32_from_f16(f16_from_f32(value)).is_nan());
            } else {
                assert_eq!(f16_from_f32(value), bits, "{value}");
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_ggml(value in any::<f32>()) {
            // SAFETY: a pure conversion.
            let theirs = unsafe { llama_cpp_sys_2::ggml_fp32_to_fp16(value) };
            if value.is_nan() {
                prop_assert!(f32_from_f16(f16_from_f32(value)).is_nan());
            } else {
                prop_assert_eq!(f16_from_f32(value), theirs);
            }
        }

        #[test]
        fn agrees_with_ggml_in_the_range_of_weights(value in -4.0_f32..4.0) {
            // SAFETY: a pure conversion.
            prop_assert_eq!(f16_from_f32(value), unsafe { llama_cpp_sys_2::ggml_fp32_to_fp16(value) });
        }
    }
}

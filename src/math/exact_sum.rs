//! The exact sum of floating-point numbers: independent of order, of grouping and of merging.

/// Digits of 32 bits. Digit i weighs 2^(32 i − 1074); 2098 bits hold any double, the rest carries.
const DIGITS: usize = 68;

/// Additions before the carries must move on; each adds less than 2^32 to a digit of 63 bits.
const ADDITIONS_PER_CARRY: u32 = 1 << 30;

const LOW_32: u128 = 0xffff_ffff;
const FRACTION_BITS: u32 = 52;
const FRACTION: u64 = (1 << FRACTION_BITS) - 1;
/// The unit of the sum is 2^−1074; a double of exponent field e ≥ 1 is an integer times 2^(e−1)
/// units.
const UNIT_EXPONENT: i32 = 1074;

/// A sum of doubles without rounding, as one integer of 2176 bits in units of 2^−1074.
///
/// Adding, merging and reading in any order give the same bits. A value that is not finite poisons
/// the sum: it reads NaN from then on.
///
/// # Reference
///
/// The long accumulator of Kulisch, "Very fast and exact accumulation of products", Computing 91,
/// 2011; digits with delayed carries after Neal, "Fast exact summation using small and large
/// superaccumulators", 2015 (arXiv:1505.05571).
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Vec<String>", into = "Vec<String>"))]
pub(crate) struct ExactSum {
    /// Signed digits; canonical when all but the last lie in 0..2^32.
    digits: [i64; DIGITS],
    /// Additions since the digits were last canonical.
    pending: u32,
    poisoned: bool,
}

impl ExactSum {
    /// The sum of nothing.
    pub(crate) const fn new() -> Self {
        Self { digits: [0; DIGITS], pending: 0, poisoned: false }
    }

    /// Adds a finite number; any other poisons the sum.
    #[inline]
    pub(crate) fn add(&mut self, value: f64) {
        let Some((negative, integer, exponent)) = decompose(value) else {
            self.poisoned = true;
            return;
        };
        // integer · 2^exponent with the exponent in 0..=2045 above the unit
        let shift = (exponent + UNIT_EXPONENT) as usize;
        self.add_bits(negative, u128::from(integer) << (shift % 32), shift / 32);
    }

    /// Adds `count` numbers of the sign and exponent of `least`, which together are `count` · `least` and `more` of
    /// its last bits; a `least` that is not finite poisons the sum.
    ///
    /// `count` and `more` / 2^52 together are at most 2^52.
    pub(crate) fn add_many(&mut self, least: f64, count: u64, more: u128) {
        let Some((negative, integer, exponent)) = decompose(least) else {
            self.poisoned = true;
            return;
        };
        let together = u128::from(integer) * u128::from(count) + more;
        self.add_wide(negative, together, (exponent + UNIT_EXPONENT) as usize);
    }

    /// Adds the exact product of two finite numbers; any other factor poisons the sum.
    ///
    /// Bits of the product below 2^−1074 are dropped (none if |a·b| ≥ 2^−969 or a·b = 0); a product
    /// of magnitude 2^1024 or more poisons the sum.
    #[inline]
    pub(crate) fn add_product(&mut self, a: f64, b: f64) {
        let (Some((sign_a, integer_a, exponent_a)), Some((sign_b, integer_b, exponent_b))) =
            (decompose(a), decompose(b))
        else {
            self.poisoned = true;
            return;
        };
        let product = u128::from(integer_a) * u128::from(integer_b);
        let shift = exponent_a + exponent_b + UNIT_EXPONENT;
        if product == 0 {
            return;
        }
        // its highest bit weighs 2^(bits − 1 + shift − 1074)
        if product.ilog2() as i32 + shift >= 1024 + UNIT_EXPONENT {
            self.poisoned = true;
            return;
        }
        let negative = sign_a != sign_b;
        if shift < 0 {
            let drop = shift.unsigned_abs();
            let kept = if drop < 128 { product >> drop } else { 0 };
            self.add_wide(negative, kept, 0);
        } else {
            self.add_wide(negative, product, shift as usize);
        }
    }

    /// Adds the exact products of whole weights and numbers; one that is not finite poisons the sum.
    ///
    /// Fast where numbers of one sign and exponent follow each other, as they do in order: their bits are added up as
    /// whole numbers. Weights are below 2^54 in magnitude.
    pub(crate) fn add_weighted(&mut self, rows: impl Iterator<Item = (i64, f64)>) {
        /// So many products of 54 and 53 bits fit a whole number of 127.
        const LONGEST: u32 = 1 << 19;
        let (mut shared, mut together, mut left) = (0, 0_i128, 0_u32);
        let mut implicit = 0;
        for (weight, value) in rows {
            let bits = value.to_bits();
            if bits >> FRACTION_BITS != shared || left == 0 {
                self.add_scaled(together, shared);
                (shared, together, left) = (bits >> FRACTION_BITS, 0, LONGEST);
                implicit = u64::from(shared & 0x7ff > 0) << FRACTION_BITS;
            }
            together += i128::from(weight) * i128::from(bits & FRACTION | implicit);
            left -= 1;
        }
        self.add_scaled(together, shared);
    }

    /// Adds an integer in the unit of the doubles whose first bits are `shared`.
    fn add_scaled(&mut self, integer: i128, shared: u64) {
        let Some((negative, _, exponent)) = decompose(f64::from_bits(shared << FRACTION_BITS))
        else {
            self.poisoned = true;
            return;
        };
        let shift = (exponent + UNIT_EXPONENT) as usize;
        self.add_wide(negative != (integer < 0), integer.unsigned_abs(), shift);
    }

    /// Adds the other sum.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.poisoned |= other.poisoned;
        if self.pending.saturating_add(other.pending) >= ADDITIONS_PER_CARRY {
            self.carry();
        }
        for (digit, more) in self.digits.iter_mut().zip(&other.digits) {
            *digit += more;
        }
        self.pending += other.pending + 1;
    }

    /// The sum / n, with what the quotient's rounding left: n equal numbers have themselves as mean.
    pub(crate) fn mean(&self, n: f64) -> f64 {
        let mean = self.value() / n;
        let mut left = self.clone();
        left.add_product(-n, mean);
        let left = left.value() / n;
        if left.is_finite() { mean + left } else { mean }
    }

    /// The sum rounded once, to the nearest double, ties to even; ±∞ beyond the range, never −0.0.
    pub(crate) fn value(&self) -> f64 {
        if self.poisoned {
            return f64::NAN;
        }
        let mut sum = self.clone();
        sum.carry();
        let negative = sum.digits[DIGITS - 1] < 0;
        if negative {
            for digit in &mut sum.digits {
                *digit = -*digit;
            }
            sum.carry();
        }
        let Some(top) = sum.digits.iter().rposition(|digit| *digit != 0) else {
            return 0.0;
        };
        // the top three digits (the first may be wider than 32 bits), and whether anything lies
        // below
        let digit = |below: usize| {
            let index = top.checked_sub(below);
            index.map_or(0, |index| u128::from(sum.digits[index].unsigned_abs()))
        };
        let window = (digit(0) << 64) | (digit(1) << 32) | digit(2);
        let sticky = top > 2 && sum.digits[..top - 2].iter().any(|digit| *digit != 0);
        let bits = window.ilog2() + 1;
        // position of the window's last bit above the unit; negative where top < 2
        let base = 32 * (top as i32 - 2);
        // bits to cut so that 53 remain, but nothing above the unit 2^−1074 is lost
        let cut = (bits as i32 - 53).max(-base).max(0);
        let kept = (window >> cut) as u64;
        let lost = window & ((1_u128 << cut) - 1);
        let half = if cut > 0 { 1_u128 << (cut - 1) } else { 0 };
        let up = cut > 0 && (lost > half || lost == half && (sticky || kept & 1 == 1));
        let exponent = base + cut;
        // a double of integer part m and exponent e has the bits e·2^52 + m: a carry moves e by
        // itself
        let magnitude = if exponent > 2045 {
            f64::INFINITY.to_bits()
        } else {
            (u64::from(exponent.unsigned_abs()) << FRACTION_BITS) + kept + u64::from(up)
        };
        let value = f64::from_bits(magnitude.min(f64::INFINITY.to_bits()));
        if negative { -value } else { value }
    }

    /// Adds ± `bits` · 2^(32 · `first`) where `bits` takes at most 95 bits.
    #[inline]
    fn add_bits(&mut self, negative: bool, bits: u128, first: usize) {
        let sign = -i64::from(negative);
        let chunks = [bits & LOW_32, (bits >> 32) & LOW_32, bits >> 64];
        if let Some(digits) = self.digits.get_mut(first..first + 3) {
            for (digit, chunk) in digits.iter_mut().zip(chunks) {
                *digit += (chunk as i64 ^ sign) - sign;
            }
        }
        self.pending += 1;
        if self.pending >= ADDITIONS_PER_CARRY {
            self.carry();
        }
    }

    /// Adds ± `bits` · 2^`shift` where `bits` takes at most 127 bits.
    #[inline]
    fn add_wide(&mut self, negative: bool, bits: u128, shift: usize) {
        let (low, high) = (bits & ((1 << 64) - 1), bits >> 64);
        if low > 0 {
            self.add_bits(negative, low << (shift % 32), shift / 32);
        }
        if high > 0 {
            self.add_bits(negative, high << (shift % 32), shift / 32 + 2);
        }
    }

    /// Makes the digits canonical: 0..2^32, the last one carrying the sign.
    fn carry(&mut self) {
        let mut carried = 0;
        for digit in &mut self.digits[..DIGITS - 1] {
            let total = *digit + carried;
            carried = total >> 32;
            *digit = total & 0xffff_ffff;
        }
        self.digits[DIGITS - 1] += carried;
        self.pending = 0;
    }
}

/// Equality of the sums, whatever the state of the carries; a poisoned sum equals a poisoned one.
impl PartialEq for ExactSum {
    fn eq(&self, other: &Self) -> bool {
        let (mut left, mut right) = (self.clone(), other.clone());
        left.carry();
        right.carry();
        self.poisoned == other.poisoned && (self.poisoned || left.digits == right.digits)
    }
}

impl Eq for ExactSum {}

impl Default for ExactSum {
    fn default() -> Self {
        Self::new()
    }
}

/// As text of doubles that add up to it, each what the ones before leave: few readers of JSON keep the last bit of a
/// number.
#[cfg(feature = "serde")]
impl From<ExactSum> for Vec<String> {
    fn from(mut sum: ExactSum) -> Self {
        let mut parts = Vec::new();
        loop {
            let part = sum.value();
            if part == 0.0 {
                return parts;
            }
            parts.push(format!("{part:e}"));
            if !part.is_finite() {
                return parts;
            }
            sum.add(-part);
        }
    }
}

#[cfg(feature = "serde")]
impl TryFrom<Vec<String>> for ExactSum {
    type Error = crate::error::Error;

    fn try_from(parts: Vec<String>) -> Result<Self, Self::Error> {
        let mut sum = Self::new();
        for (row, text) in parts.iter().enumerate() {
            let refused =
                || Self::Error::out_of_domain("part of a sum", text, "(-∞, ∞)").at_row(row);
            let part = text.parse().ok().filter(|part: &f64| part.is_finite());
            sum.add(part.ok_or_else(refused)?);
        }
        Ok(sum)
    }
}

/// (negative, m, e) with |value| = m · 2^e, m < 2^53, −1074 ≤ e ≤ 971; none unless finite.
#[inline]
fn decompose(value: f64) -> Option<(bool, u64, i32)> {
    let bits = value.to_bits();
    let field = ((bits >> FRACTION_BITS) & 0x7ff) as i32;
    if field == 0x7ff {
        return None;
    }
    let implicit = u64::from(field > 0) << FRACTION_BITS;
    let integer = (bits & FRACTION) | implicit;
    Some((bits >> 63 == 1, integer, field.max(1) - 1 - UNIT_EXPONENT))
}

#[cfg(test)]
mod tests {
    use super::ExactSum;

    fn sum(values: &[f64]) -> ExactSum {
        let mut sum = ExactSum::new();
        for v in values {
            sum.add(*v);
        }
        sum
    }

    /// A repeatable stream of 64-bit words (`SplitMix64`).
    fn words(mut state: u64) -> impl Iterator<Item = u64> {
        std::iter::repeat_with(move || {
            state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        })
    }

    #[test]
    fn rounds_once_and_to_even() {
        let tiny = f64::from_bits(1);
        let ulp = f64::EPSILON;
        let cases: [(&[f64], f64); 15] = [
            (&[], 0.0),
            (&[-0.0], 0.0),
            (&[1e308, 1.0, -1e308], 1.0),
            (&[1e308, 1e308, -1e308], 1e308),
            (&[1e308, 1e308], f64::INFINITY),
            (&[f64::MIN, f64::MIN], f64::NEG_INFINITY),
            (&[f64::MAX, 2_f64.powi(970)], f64::INFINITY),
            (&[f64::MAX, 2_f64.powi(970) * (1.0 - ulp)], f64::MAX),
            (&[tiny, tiny, -tiny], tiny),
            (&[f64::MIN_POSITIVE, -tiny], f64::MIN_POSITIVE - tiny),
            (&[1.0, ulp / 2.0], 1.0),
            (&[1.0, ulp / 2.0, tiny], 1.0 + ulp),
            (&[1.0 + ulp, ulp / 2.0], 1.0 + 2.0 * ulp),
            (&[-1.0, -ulp / 2.0, tiny], -1.0),
            (&[0.1, 0.2, 0.3, -0.6], f64::EPSILON / 8.0),
        ];
        for (values, want) in cases {
            let got = sum(values).value();
            assert_eq!(got.to_bits(), want.to_bits(), "{values:?}: {got:e}, not {want:e}");
        }
    }

    #[test]
    fn agrees_with_integers() {
        let mut exact = ExactSum::new();
        let mut integer = 0_i128;
        for word in words(1).take(100_000) {
            let value = ((word as i64) >> 8) as f64;
            exact.add(value * 2_f64.powi(-30));
            integer += value as i128;
            let (got, want) = (exact.value(), integer as f64 * 2_f64.powi(-30));
            assert_eq!(got.to_bits(), want.to_bits());
        }
    }

    #[test]
    fn order_and_grouping_do_not_matter() {
        let values: Vec<f64> =
            words(2).map(f64::from_bits).filter(|v| v.abs() < 1e300).take(5_000).collect();
        let forward = sum(&values);
        let backward = sum(&values.iter().rev().copied().collect::<Vec<_>>());
        assert_eq!(forward, backward);
        assert_eq!(forward.value().to_bits(), backward.value().to_bits());
        let mut merged = ExactSum::new();
        values.chunks(7).rev().for_each(|chunk| merged.merge(&sum(chunk)));
        assert_eq!(merged, forward);
        for v in &values {
            merged.add(-v);
        }
        assert_eq!(merged, ExactSum::new());
        assert_ne!(sum(&[1.0]), sum(&[1.0, f64::from_bits(1)]));
    }

    #[test]
    fn products_are_exact() {
        let mut exact = ExactSum::new();
        let (a, b) = (1.0 + f64::EPSILON, 1.0 - f64::EPSILON);
        exact.add_product(a, b);
        exact.add(-1.0);
        assert_eq!(exact.value().to_bits(), (-f64::EPSILON * f64::EPSILON).to_bits());
        let mut small = ExactSum::new();
        small.add_product(1e-200, 1e-100);
        small.add_product(-1e-200, 1e-300);
        small.add_product(f64::MAX, 0.0);
        assert_eq!(small.value().to_bits(), (1e-200 * 1e-100_f64).to_bits());
        let mut round_trip = ExactSum::new();
        for word in words(3).take(10_000) {
            let (a, b) = ((word >> 12) as f64 * 1e-3, (word << 50 >> 12) as f64 * 1e-9);
            round_trip.add_product(a, b);
            let product = -a * b;
            round_trip.add(product);
            round_trip.add(-a.mul_add(b, product));
        }
        assert_eq!(round_trip, ExactSum::new());
    }

    #[test]
    fn weighted_runs_are_the_products_one_by_one() {
        let mut values: Vec<f64> =
            words(5).map(f64::from_bits).filter(|v| v.abs() < 1e280).take(3_000).collect();
        values.extend([0.0, -0.0, f64::from_bits(1), -f64::MIN_POSITIVE, 1.5, 1.25, -1.75]);
        values.extend(std::iter::repeat_n(1.1, 600_000)); // longer than one run
        let weights = words(6).map(|word| (word as i64) >> 11);
        let rows: Vec<(i64, f64)> = weights.zip(values).collect();
        let mut sorted = rows.clone();
        sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
        let mut products = ExactSum::new();
        for &(weight, value) in &rows {
            products.add_product(weight as f64, value);
        }
        for rows in [rows, sorted] {
            let mut weighted = ExactSum::new();
            weighted.add_weighted(rows.into_iter());
            assert_eq!(weighted, products);
        }
    }

    #[test]
    fn what_is_not_finite_poisons() {
        for bad in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let mut poisoned = sum(&[1.0, bad, 2.0]);
            assert!(poisoned.value().is_nan());
            let mut other = sum(&[3.0]);
            other.merge(&poisoned);
            assert_eq!(other, poisoned);
            poisoned.add_product(bad, 0.0);
            assert!(poisoned.value().is_nan());
        }
        let mut product = ExactSum::new();
        product.add_product(1e200, 1e200);
        assert!(product.value().is_nan());
    }
}

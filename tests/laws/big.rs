//! A reference for exact money: whole numbers in units of 10⁻⁵⁶, the smallest digit a product of two decimals
//! has, by schoolbook arithmetic in base 10⁶.

use std::cmp::Ordering;

use rust_decimal::Decimal;

const BASE: i128 = 1_000_000;
/// 156 digits: products of two decimals have 57 before the point at most.
const LIMBS: usize = 26;
/// Digits behind the point.
const SCALE: u32 = 56;

/// An exact amount. Canonical: every limb in [0, BASE) but the last, which carries the sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Big([i128; LIMBS]);

impl Big {
    pub(crate) const ZERO: Self = Self([0; LIMBS]);

    pub(crate) fn of(amount: Decimal) -> Self {
        Self::of_whole(amount.mantissa()).times_ten(SCALE - amount.scale())
    }

    pub(crate) fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Self {
        amounts.into_iter().fold(Self::ZERO, |sum, amount| sum.plus(&Self::of(amount)))
    }

    /// The product of two decimals: mantissas as whole numbers, at the sum of the scales.
    pub(crate) fn product(a: Decimal, b: Decimal) -> Self {
        let magnitude = |amount: Decimal| Self::of_whole(amount.mantissa().abs());
        let (left, right) = (magnitude(a), magnitude(b));
        let mut limbs = [0; LIMBS];
        for (i, x) in left.0.iter().enumerate() {
            for (j, y) in right.0.iter().enumerate().take(LIMBS - i) {
                limbs[i + j] += x * y;
            }
        }
        let product = Self(limbs).carried().times_ten(SCALE - a.scale() - b.scale());
        if (a.mantissa() < 0) == (b.mantissa() < 0) { product } else { product.negated() }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|i| self.0[i] + other.0[i])).carried()
    }

    pub(crate) fn negated(&self) -> Self {
        Self(self.0.map(|limb| -limb)).carried()
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.negated())
    }

    /// The decimal that this is, without trailing zeros; `None` where 96 bits and 28 digits behind the point
    /// cannot hold it.
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        let (negative, digits) = self.digits();
        if *self == Self::ZERO {
            return Some(Decimal::ZERO);
        }
        let zeros = (digits.len() - digits.trim_end_matches('0').len()).min(SCALE as usize);
        let scale = SCALE - zeros as u32;
        let mantissa: u128 = digits[..digits.len() - zeros].parse().ok()?;
        let fits = scale <= 28 && mantissa < 1 << 96;
        let signed = mantissa as i128;
        fits.then(|| Decimal::from_i128_with_scale(if negative { -signed } else { signed }, scale))
    }

    /// The nearest `f64`, by way of the decimal text.
    pub(crate) fn nearest(&self) -> f64 {
        let (negative, digits) = self.digits();
        let magnitude: f64 = format!("{digits}e-{SCALE}").parse().unwrap();
        if negative { -magnitude } else { magnitude }
    }

    /// The sign and the decimal digits.
    fn digits(&self) -> (bool, String) {
        let negative = *self < Self::ZERO;
        let magnitude = if negative { self.negated() } else { *self };
        let mut all: String = magnitude
            .0
            .iter()
            .rev()
            .flat_map(|limb| format!("{limb:06}").into_bytes())
            .map(char::from)
            .collect();
        let leading = all.len() - all.trim_start_matches('0').len();
        all.drain(..leading.min(all.len() - 1));
        (negative, all)
    }

    fn of_whole(number: i128) -> Self {
        let mut limbs = [0; LIMBS];
        limbs[0] = number;
        Self(limbs).carried()
    }

    fn times_ten(self, times: u32) -> Self {
        (0..times).fold(self, |number, _| Self(number.0.map(|limb| 10 * limb)).carried())
    }

    fn carried(mut self) -> Self {
        for i in 0..LIMBS - 1 {
            self.0[i + 1] += self.0[i].div_euclid(BASE);
            self.0[i] = self.0[i].rem_euclid(BASE);
        }
        self
    }
}

impl PartialOrd for Big {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Big {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.iter().rev().cmp(other.0.iter().rev())
    }
}

#[test]
fn the_reference_counts() {
    let text = |amount: &str| amount.parse::<Decimal>().unwrap();
    let same =
        |big: Big, want: &str| assert_eq!(big.decimal().map(|d| d.to_string()), Some(want.into()));
    same(Big::sum([text("0.1"), text("0.20"), text("-0.05")]), "0.25");
    same(Big::sum([Decimal::MAX, Decimal::MIN]), "0");
    same(Big::product(text("-1.5"), text("0.04")), "-0.06");
    same(Big::product(text("1e-28"), text("10")), "0.000000000000000000000000001");
    same(Big::of(text("100")), "100");
    assert_eq!(Big::product(text("1e-28"), text("0.1")).decimal(), None);
    assert_eq!(Big::sum([Decimal::MAX, Decimal::ONE]).decimal(), None);
    assert_eq!(Big::of(text("-12.5")).nearest().to_bits(), (-12.5_f64).to_bits());
    assert_eq!(Big::ZERO.nearest().to_bits(), 0);
    assert!(Big::of(Decimal::MIN) < Big::ZERO && Big::ZERO < Big::of(text("1e-28")));
}

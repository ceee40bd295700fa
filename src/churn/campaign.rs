//! What a campaign really did: treated customers against others left alone at random.

use rust_decimal::Decimal;

use crate::error::{Error, Result};
use crate::estimate::{Estimate, HypothesisTest, two_sided_z};
use crate::math::count;
use crate::math::distribution::{normal_two_sided, student_quantile};
use crate::math::exact_sum::ExactSum;
use crate::money::to_f64;
use crate::quantity::Probability;

/// The outcomes of one arm of a campaign. Arms [`merge`](Arm::merge), so that shards can be counted apart.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Fields", into = "Fields"))]
pub struct Arm {
    customers: u64,
    retained: u64,
    purchases: Moments,
    money: Moments,
}

/// Σ x and Σ x², exact.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct Moments {
    sum: ExactSum,
    squares: ExactSum,
}

impl Moments {
    const NONE: Self = Self { sum: ExactSum::new(), squares: ExactSum::new() };

    fn add(&mut self, value: f64) {
        self.sum.add(value);
        self.squares.add_product(value, value);
    }

    fn merge(&mut self, other: &Self) {
        self.sum.merge(&other.sum);
        self.squares.merge(&other.squares);
    }

    /// The mean and the variance of the mean, of at least two values.
    fn mean(&self, n: f64) -> (f64, f64) {
        let sum = self.sum.value();
        let mean = sum / n;
        // What the sum and its mean are rounded by: Σ x − sum, and Σ x − n·mean.
        let less = |a: f64, b: f64| {
            let mut rest = self.sum.clone();
            rest.add_product(-a, b);
            rest.value()
        };
        let (tail, off) = (less(1.0, sum), less(n, mean));
        // Σ (x − x̄)² = Σ x² − mean·(Σ x + off) − off²/n.
        let mut around = self.squares.clone();
        for part in [sum, tail, off] {
            around.add_product(-mean, part);
        }
        around.add_product(-off, off / n);
        (mean, (around.value() / (n - 1.0)).max(0.0) / n)
    }
}

#[cfg(feature = "serde")]
impl Moments {
    /// Refuses sums that no `n` numbers have: (Σ x)² ≤ n Σ x².
    fn check(&self, n: f64) -> Result<()> {
        /// What the check itself may round away.
        const ROUNDING: f64 = 1e-14;
        let (sum, squares) = (self.sum.value(), self.squares.value());
        if sum * sum <= n * squares * (1.0 + ROUNDING) {
            return Ok(());
        }
        let what = format!("{n} numbers of the sum {sum:e} have squares of {squares:e}");
        Err(Error::inconsistent(what))
    }
}

impl Default for Arm {
    fn default() -> Self {
        Self { customers: 0, retained: 0, purchases: Moments::NONE, money: Moments::NONE }
    }
}

impl Arm {
    /// Adds a customer: whether he was still with us, how often he bought since, and for how much.
    ///
    /// # Errors
    /// [`Overflow`](crate::ErrorKind::Overflow) for more customers than `u64` counts.
    pub fn add(&mut self, retained: bool, purchases: u32, money: Decimal) -> Result<()> {
        self.count(1, u64::from(retained))?;
        self.purchases.add(f64::from(purchases));
        self.money.add(to_f64(money));
        Ok(())
    }

    /// Adds the other arm's customers.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.count(other.customers, other.retained)?;
        self.purchases.merge(&other.purchases);
        self.money.merge(&other.money);
        Ok(())
    }

    /// Of more customers, and those retained among them, who are never more.
    fn count(&mut self, customers: u64, retained: u64) -> Result<()> {
        count::add(&mut self.customers, customers, "the number of customers of an arm")?;
        self.retained += retained;
        Ok(())
    }

    /// The customers.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers
    }

    /// Those who were still with us.
    #[must_use]
    pub fn retained(&self) -> u64 {
        self.retained
    }
}

#[cfg(feature = "serde")]
#[derive(serde::Serialize, serde::Deserialize)]
struct Fields {
    customers: u64,
    retained: u64,
    purchases: Moments,
    money: Moments,
}

#[cfg(feature = "serde")]
impl TryFrom<Fields> for Arm {
    type Error = Error;

    fn try_from(Fields { customers, retained, purchases, money }: Fields) -> Result<Self> {
        if retained > customers {
            return Err(Error::out_of_domain("customers retained", retained, "[0, customers]"));
        }
        for moments in [&purchases, &money] {
            moments.check(customers as f64)?;
        }
        Ok(Self { customers, retained, purchases, money })
    }
}

#[cfg(feature = "serde")]
impl From<Arm> for Fields {
    fn from(Arm { customers, retained, purchases, money }: Arm) -> Self {
        Self { customers, retained, purchases, money }
    }
}

/// Treated customers and a control group. Who was treated must have been decided by lot: otherwise the difference
/// also says how the groups differed before.
///
/// # Example
/// ```
/// use goodwill::churn::{Arm, Campaign};
/// use goodwill::Probability;
///
/// let (mut treated, mut control) = (Arm::default(), Arm::default());
/// for i in 0..200 {
///     treated.add(i % 10 < 8, 2, 30.into())?; // 80 % kept
///     control.add(i % 10 < 7, 2, 25.into())?; // 70 % kept
/// }
/// let campaign = Campaign { treated, control };
/// let gain = campaign.retention_gain(Probability::constant(0.95))?;
/// assert!((gain.value() - 0.1).abs() < 1e-15);
/// assert!((gain.lower() - 0.015_063_442_559_663).abs() < 1e-14); // it is not 0
/// # Ok::<(), goodwill::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Campaign {
    /// Those who got the call, the letter, the offer.
    pub treated: Arm,
    /// Those who were left alone.
    pub control: Arm,
}

impl Campaign {
    /// By how much more of the treated were kept: the difference of the shares, with Newcombe's interval.
    ///
    /// # Formula
    /// ```text
    /// Δ = p̂₁ − p̂₀,   lower = Δ − √((p̂₁ − l₁)² + (u₀ − p̂₀)²),   upper = Δ + √((u₁ − p̂₁)² + (p̂₀ − l₀)²)
    /// ```
    /// with l and u the ends of Wilson's interval of each share.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) for an empty arm; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a
    /// level that is not strictly between 0 and 1.
    ///
    /// # Reference
    /// Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.
    pub fn retention_gain(&self, level: Probability) -> Result<Estimate> {
        let share = |arm: &Arm| Estimate::proportion(arm.retained, arm.customers, level);
        let (one, zero) = (share(&self.treated)?, share(&self.control)?);
        let gain = one.value() - zero.value();
        let below = (one.value() - one.lower()).hypot(zero.upper() - zero.value());
        let above = (one.upper() - one.value()).hypot(zero.value() - zero.lower());
        Ok(Estimate::from_interval(gain, gain - below, gain + above, level))
    }

    /// Whether the share that was kept differs: the two-sample z test with the common share.
    ///
    /// # Errors
    /// [`Empty`](crate::ErrorKind::Empty) for an empty arm; [`Undefined`](crate::ErrorKind::Undefined) where
    /// everybody was kept, or nobody.
    pub fn retention_test(&self) -> Result<HypothesisTest> {
        let arms = [&self.treated, &self.control];
        if arms.iter().any(|arm| arm.customers == 0) {
            return Err(Error::empty("arm"));
        }
        let [n1, n0] = arms.map(|arm| arm.customers as f64);
        let [k1, k0] = arms.map(|arm| arm.retained as f64);
        let common = (k1 + k0) / (n1 + n0);
        let variance = common * (1.0 - common) * (1.0 / n1 + 1.0 / n0);
        if !(variance > 0.0) {
            return Err(Error::undefined("test of retention", "the arms do not vary"));
        }
        HypothesisTest::normal((k1 / n1 - k0 / n0) / variance.sqrt())
    }

    /// How many more purchases a treated customer made, on average, with Welch's interval.
    ///
    /// # Formula
    /// ```text
    /// Δ = x̄₁ − x̄₀,   Δ ± t_ν·√(s₁²/n₁ + s₀²/n₀),   ν = (s₁²/n₁ + s₀²/n₀)² / Σ (s²/n)²/(n − 1)
    /// ```
    ///
    /// # Errors
    /// [`Undefined`](crate::ErrorKind::Undefined) for an arm of fewer than two customers, or where neither arm
    /// varies; [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a level that is not strictly between 0 and 1.
    ///
    /// # Reference
    /// Welch (1947), Biometrika 34, 28–35.
    pub fn purchase_gain(&self, level: Probability) -> Result<Estimate> {
        self.gain(level, |arm| &arm.purchases)
    }

    /// How much more money a treated customer spent, on average, with Welch's interval.
    ///
    /// # Errors
    /// As [`purchase_gain`](Campaign::purchase_gain).
    pub fn money_gain(&self, level: Probability) -> Result<Estimate> {
        self.gain(level, |arm| &arm.money)
    }

    fn gain(&self, level: Probability, of: fn(&Arm) -> &Moments) -> Result<Estimate> {
        two_sided_z(level)?;
        let arms = [&self.treated, &self.control];
        if arms.iter().any(|arm| arm.customers < 2) {
            return Err(Error::undefined("gain", "an arm has fewer than two customers"));
        }
        let [n1, n0] = arms.map(|arm| arm.customers as f64);
        let ((mean1, var1), (mean0, var0)) = (of(arms[0]).mean(n1), of(arms[1]).mean(n0));
        let variance = var1 + var0;
        if !(variance > 0.0 && variance < f64::INFINITY) {
            return Err(Error::undefined("gain", "the arms do not vary"));
        }
        let (part1, part0) = (var1 / variance, var0 / variance);
        let freedom = 1.0 / (part1 * part1 / (n1 - 1.0) + part0 * part0 / (n0 - 1.0));
        let gain = mean1 - mean0;
        let reach = student_quantile(level.complement().get(), freedom) * variance.sqrt();
        Ok(Estimate::from_interval(gain, gain - reach, gain + reach, level))
    }
}

/// The retention gain of each segment, with intervals that hold all together at the level (Bonferroni): each is
/// made at 1 − (1 − level)/segments. In the order of the segments.
///
/// # Formula
/// ```text
/// of each of S segments, Δ with the interval of Campaign::retention_gain at the level 1 − (1 − level)/S
/// ```
///
/// # Errors
/// As [`Campaign::retention_gain`]; [`Empty`](crate::ErrorKind::Empty) without a segment.
///
/// # Example
/// ```
/// use goodwill::churn::{Arm, Campaign, gains_by_segment};
/// use goodwill::Probability;
///
/// let arm = |kept: u32| {
///     let mut arm = Arm::default();
///     (0..100).try_for_each(|i| arm.add(i < kept, 1, 10.into()))?;
///     goodwill::Result::Ok(arm)
/// };
/// let segments = [
///     ("gold", Campaign { treated: arm(90)?, control: arm(70)? }),
///     ("iron", Campaign { treated: arm(52)?, control: arm(50)? }),
/// ];
/// let gains = gains_by_segment(&segments, Probability::constant(0.95))?;
/// assert!(gains[0].1.lower() > 0.0 && gains[1].1.lower() < 0.0); // call gold, leave iron alone
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Dunn (1961), Journal of the American Statistical Association 56, 52–64, for the level; Newcombe (1998), Statistics in
/// Medicine 17, 873–890, method 10, for each interval.
pub fn gains_by_segment<S: Clone>(
    segments: &[(S, Campaign)],
    level: Probability,
) -> Result<Vec<(S, Estimate)>> {
    if segments.is_empty() {
        return Err(Error::empty("segments"));
    }
    two_sided_z(level)?;
    let each = Probability::new(1.0 - level.complement().get() / segments.len() as f64)?;
    let gain =
        |(segment, campaign): &(S, Campaign)| Ok((segment.clone(), campaign.retention_gain(each)?));
    segments.iter().map(gain).collect()
}

/// How many customers each arm needs, so that a true rise of the retention from `base` by `gain` is found with the
/// chance `power` by a test at the confidence level.
///
/// # Formula
/// ```text
/// n = (z_{level}·√(2p̄(1 − p̄)) + z_{power}·√(p₀(1 − p₀) + p₁(1 − p₁)))² / gain²,   p̄ = (p₀ + p₁)/2
/// ```
/// rounded up.
///
/// # Errors
/// [`OutOfDomain`](crate::ErrorKind::OutOfDomain) for a gain of 0, a power not in (½, 1), or a level that is not
/// strictly between 0 and 1; [`Inconsistent`](crate::ErrorKind::Inconsistent) where base and gain exceed 1.
///
/// # Example
/// ```
/// use goodwill::Probability;
/// use goodwill::churn::campaign_sample_size;
///
/// let [base, gain, power, level] = [0.7, 0.05, 0.8, 0.95].map(Probability::constant);
/// assert_eq!(campaign_sample_size(base, gain, power, level)?, 1_251);
/// # Ok::<(), goodwill::Error>(())
/// ```
///
/// # Reference
/// Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, 3rd edition, equation 4.14.
pub fn campaign_sample_size(
    base: Probability,
    gain: Probability,
    power: Probability,
    level: Probability,
) -> Result<u64> {
    let z_level = two_sided_z(level)?;
    if !(gain.get() > 0.0) {
        return Err(Error::out_of_domain("gain", gain, "(0, 1]"));
    }
    if !(power.get() > 0.5 && power.get() < 1.0) {
        return Err(Error::out_of_domain("power", power, "(0.5, 1)"));
    }
    let (p0, p1) = (base.get(), base.get() + gain.get());
    if !(p1 <= 1.0) {
        let what = format!("a retention of {base} cannot rise by {gain}");
        return Err(Error::inconsistent(what));
    }
    let z_power = normal_two_sided(2.0 * power.complement().get());
    let mean = f64::midpoint(p0, p1);
    let spread = |p: f64| p * (1.0 - p);
    let root = z_level * (2.0 * spread(mean)).sqrt() + z_power * (spread(p0) + spread(p1)).sqrt();
    let size = (root / gain.get()).powi(2).ceil();
    if size < u64::MAX as f64 {
        Ok(size as u64)
    } else {
        Err(Error::undefined("sample size", "no base is as large as this gain is small"))
    }
}

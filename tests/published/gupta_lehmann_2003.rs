//! Gupta and Lehmann (2003), "Customers as Assets", Journal of Interactive Marketing 17(1), 9–24: the margin
//! multiple r/(1 + i − r).

use goodwill::{ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};

use crate::support::assert_close;

/// Table 2's 80 % and 90 % at 10 % and 12 %: 2.67 and 4.09; computed 8/3 and 45/11.
#[test]
fn margin_multiples() {
    for (retention, rate, want) in [(0.8, 0.10, 8.0 / 3.0), (0.9, 0.12, 45.0 / 11.0)] {
        let base = ConstantRetention::new(TimeUnit::Year, Probability::new(retention).unwrap());
        let rate = DiscountRate::annual(rate).unwrap();
        let multiple = |first| base.lifetime_value(1.0, rate, Horizon::FOREVER, first).unwrap();
        assert_close(multiple(FirstMargin::AfterRenewal), want, 1e-14, "multiple");
        assert_close(
            multiple(FirstMargin::Now),
            want + 1.0,
            1e-14,
            "multiple with the first margin now",
        );
    }
}

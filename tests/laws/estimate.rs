//! Wilson's interval holds its value, mirrors, and widens with the level.

use goodwill::{Estimate, Probability};
use proptest::prelude::*;

use crate::assert_at_most;

fn counts() -> impl Strategy<Value = (u64, u64)> {
    prop_oneof![1_u64..40, 1_u64..1_000_000, Just(1 << 60)]
        .prop_flat_map(|n| (prop_oneof![0..=n, Just(0), Just(n)], Just(n)))
}

fn level() -> impl Strategy<Value = f64> {
    prop_oneof![
        0.001_f64..0.999,
        (1.0_f64..15.0).prop_map(|digits| 1.0 - 10_f64.powf(-digits)),
        1e-15_f64..1e-3
    ]
}

fn estimate(successes: u64, n: u64, level: f64) -> Estimate {
    Estimate::proportion(successes, n, Probability::new(level).unwrap()).unwrap()
}

proptest! {
    #![proptest_config(crate::cases(1_024))]

    #[test]
    fn the_interval_holds_its_value((s, n) in counts(), level in level()) {
        let e = estimate(s, n, level);
        prop_assert_eq!(e.value().to_bits(), (s as f64 / n as f64).to_bits());
        prop_assert_eq!(e.level().get().to_bits(), level.to_bits());
        prop_assert!(0.0 <= e.lower() && e.upper() <= 1.0, "{e:?}");
        prop_assert!(e.lower() <= e.value() && e.value() <= e.upper(), "{e:?}");
    }

    #[test]
    fn failures_mirror_successes((s, n) in counts(), level in level()) {
        let (e, mirrored) = (estimate(s, n, level), estimate(n - s, n, level));
        prop_assert!((e.lower() - (1.0 - mirrored.upper())).abs() <= 1e-14, "{e:?} {mirrored:?}");
        prop_assert!((e.upper() - (1.0 - mirrored.lower())).abs() <= 1e-14, "{e:?} {mirrored:?}");
    }

    #[test]
    fn a_higher_level_is_wider((s, n) in counts(), levels in [level(), level()]) {
        let narrow = estimate(s, n, levels[0].min(levels[1]));
        let wide = estimate(s, n, levels[0].max(levels[1]));
        assert_at_most(wide.lower(), narrow.lower(), 1e-14, "lower");
        assert_at_most(narrow.upper(), wide.upper(), 1e-14, "upper");
    }

    /// Wilson's ends are where the score test just rejects: |p̂ − u|·√n = z·√(u(1 − u)), with Φ(z) − Φ(−z) the level.
    #[test]
    fn the_ends_are_where_the_score_test_rejects(
        s in 1_u64..200,
        f in 1_u64..200,
        level in 0.01_f64..0.9999,
    ) {
        let n = s + f;
        let e = estimate(s, n, level);
        for end in [e.lower(), e.upper()] {
            let z = (e.value() - end).abs() * (n as f64 / (end * (1.0 - end))).sqrt();
            let got = 1.0 - libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2);
            prop_assert!((got - level).abs() <= 1e-9, "{got} is not {level}");
        }
    }
}

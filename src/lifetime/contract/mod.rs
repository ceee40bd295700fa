//! Customers under contract, who give notice when they leave: what was seen of them, and the models of it.

mod bdw;
mod model;
mod retention;
mod sbg;
pub(in crate::lifetime) mod series;
#[cfg(feature = "rand")]
mod simulate;
mod tenures;

pub use bdw::Bdw;
pub use model::RetentionModel;
pub use retention::ConstantRetention;
pub use sbg::Sbg;
pub use tenures::{Tenure, Tenures};

#[cfg(test)]
mod tests {
    use super::model::sealed::RetentionKernel;
    use super::tenures::{Tenure, Tenures};
    use super::{Bdw, RetentionModel, Sbg};
    use crate::math::newton::reference::{assert_derivatives, number, numbers, reference};
    use crate::time::{DiscountRate, Horizon, TimeUnit};
    use serde_json::Value;

    const YEAR: TimeUnit = TimeUnit::Year;

    fn tenures(rows: &Value) -> Tenures {
        let customers = rows.as_array().unwrap().iter().flat_map(|row| {
            let row: Vec<f64> = numbers(row);
            let [renewal, left, active] = [row[0] as u32, row[1] as u32, row[2] as u32];
            let left = (0..left).map(move |_| Tenure::Left(renewal));
            left.chain((0..active).map(move |_| Tenure::Active(renewal)))
        });
        Tenures::from_customers(YEAR, customers).unwrap()
    }

    #[test]
    fn derivatives_agree_with_the_printed_likelihoods() {
        let all = reference("derivatives_discrete.json");
        let seen = tenures(&all["sbg"]["rows"]);
        assert_derivatives(&all["sbg"], 1e-11, |[alpha, beta]| {
            Sbg::new(YEAR, alpha, beta).unwrap().evaluate(&seen)
        });
        assert_derivatives(&all["bdw"], 1e-10, |[alpha, beta, c]| {
            Bdw::new(YEAR, alpha, beta, c).unwrap().evaluate(&seen)
        });
    }

    #[test]
    fn sums_without_a_closed_form() {
        let all = reference("derivatives_discrete.json");
        for row in all["bdw_sums"].as_array().unwrap() {
            let [alpha, beta, c, d] = ["alpha", "beta", "c", "d"].map(|name| number(&row[name]));
            let model = Bdw::new(YEAR, alpha, beta, c).unwrap();
            let (rate, renewals) = (DiscountRate::annual(d).unwrap(), number(&row["renewals"]));
            let renewals = renewals as u32;
            let derl = model.discounted_residual_lifetime(renewals, Horizon::FOREVER, rate);
            let elasticity = model.elasticity_of_expected_residual_lifetime(renewals, rate);
            let pairs = [(derl, "derl"), (elasticity, "elasticity_of_expected")];
            for (got, name) in pairs {
                let error = (got.unwrap() / number(&row[name]) - 1.0).abs();
                assert!(error < 1e-12, "{name} of {model:?}: {error:e}");
            }
        }
    }

    /// The roads of beta-discrete-Weibull, at c = 1, against the closed forms of sBG.
    #[test]
    fn sums_against_the_hypergeometric_function() {
        for (alpha, beta) in [(0.7, 1.3), (0.05, 2.0), (3.5, 0.1), (40.0, 900.0), (1e3, 30.0)] {
            let (sbg, bdw) = (Sbg::new(YEAR, alpha, beta), Bdw::new(YEAR, alpha, beta, 1.0));
            let (sbg, bdw) = (sbg.unwrap(), bdw.unwrap());
            for from in [0.0, 1.0, 30.0] {
                for rate in [1e-6, 1e-3, 0.1, 2.0] {
                    let within = |most: f64, got: f64, want: f64, what: &str| {
                        let error = (got / want - 1.0).abs();
                        assert!(error < most, "{what} {alpha} {beta} {from} {rate}: {error:e}");
                    };
                    let close = |got, want, what| within(1e-11, got, want, what);
                    let (got, want) =
                        (bdw.payments_for_ever(from, rate), sbg.payments_for_ever(from, rate));
                    close(got.unwrap(), want.unwrap(), "payments");
                    let (got, want) = (
                        bdw.weighted_payments_for_ever(from, rate),
                        sbg.weighted_payments_for_ever(from, rate),
                    );
                    close(got.unwrap(), want.unwrap(), "weighted");
                    let (got, want) =
                        (bdw.mean_elasticity(from, rate), sbg.mean_elasticity(from, rate));
                    // An integral in an integral.
                    within(1e-10, got.unwrap(), want.unwrap(), "mean elasticity");
                }
            }
        }
    }
}

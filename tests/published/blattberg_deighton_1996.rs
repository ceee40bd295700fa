//! Blattberg and Deighton (1996), "Manage marketing by the customer equity test", Harvard Business Review 74(4): the
//! equity of a prospect, a·[m + (m − R/r)·r/(1 + d − r)] − A.

use goodwill::lifetime::{Margin, RetentionModel, newcomer_value, prospect_value};
use goodwill::{ConstantRetention, DiscountRate, FirstMargin, Horizon, Probability, TimeUnit};

use crate::support::{assert_close, json, number};

/// m = 100, d = 10 %, spending 18.259596 a prospect and 31.245830 a customer: 33.8279069.
#[test]
fn the_equity_of_a_prospect() {
    let all = &json("lifetime_value.json")["prospect"];
    let (a, r) = (number(&all["a"]), number(&all["r"]));
    let loyal = ConstantRetention::new(TimeUnit::Year, Probability::new(r).unwrap());
    let margin = Margin::new(100.0 - 31.245_830 / r, TimeUnit::Year).unwrap();
    let (ever, rate) = (Horizon::FOREVER, DiscountRate::annual(0.1).unwrap());
    let residual = loyal.lifetime_value(&margin, ever, rate, FirstMargin::AfterRenewal).unwrap();
    assert_close(residual, number(&all["residual"]), 1e-14, "residual value");
    let newcomer = newcomer_value(100.0, residual).unwrap();
    assert_close(newcomer, 155.218_758_2, 5e-9, "newcomer");
    let got = prospect_value(Probability::new(a).unwrap(), newcomer, 18.259_596).unwrap();
    assert_close(got, number(&all["value"]), 1e-14, "prospect");
    assert_close(got, 33.827_906_9, 2e-9, "golden value");
}

//! Outlooks on customers with covariates, in purchases and money, and plans of newcomers with covariates that make no
//! sense.

use goodwill::lifetime::{
    AcquisitionPlan, Covariates, DescribedHistories, DescribedPlan, Futures, Outlook,
    WithCovariates,
};
use goodwill::{BgNbd, Histories, Horizon, PurchaseModel, Spend, Spends, TimeUnit};
use serde_json::json;

use crate::intervals::{KINDS, LEVEL, assert_ordered, assert_sure, spend_fit};
use crate::json::{refused, refused_with};
use crate::table::{FLOATS, horizons};
use crate::{assert_message, kind};

#[test]
fn customers_with_covariates() {
    let shop = BgNbd::new(TimeUnit::Week, 0.9, 8.0, 0.8, 2.5).unwrap();
    let histories = shop.simulate(&[52.0; 400], 1).unwrap();
    let odd: Vec<[f64; 1]> = (0..400).map(|i| [f64::from(i % 2)]).collect();
    let known = Covariates::new(&["odd"], &odd).unwrap();
    let fit = WithCovariates::<BgNbd>::fit(&histories, &known).unwrap();
    let (futures, week) = (Futures::new(1).draws(39), Horizon::weeks(1.0).unwrap());
    let two = Histories::new(TimeUnit::Week, &[0, 3], &[0.0, 40.0], &[52.0; 2]).unwrap();
    let (spend_fit, spends) = (spend_fit(), Spends::new(&[0, 3], &[0.0, 22.35]).unwrap());
    for z in FLOATS.into_iter().filter(|z| z.is_finite()) {
        let known = Covariates::new(&["odd"], &[[0.0], [z]]).unwrap();
        let described = DescribedHistories::new(&two, &known).unwrap();
        let outlook = Outlook::new(&fit, &described);
        let money = outlook.with_spend(&spend_fit, &spends).unwrap();
        for horizon in horizons() {
            assert_sure(outlook.expected_purchases(horizon, LEVEL));
            assert_sure(outlook.expected_purchases_of_base(horizon, LEVEL).map(|own| vec![own]));
            assert_sure(money.expected_revenues(horizon, LEVEL));
            assert_sure(money.expected_revenue_of_base(horizon, LEVEL).map(|own| vec![own]));
        }
        assert_sure(outlook.probabilities_alive(LEVEL));
        for got in [
            outlook.purchases(week, &futures),
            outlook.purchases_of_base(week, &futures).map(|own| vec![own]),
            money.revenues(week, &futures),
            money.revenue_of_base(week, &futures).map(|own| vec![own]),
        ] {
            match got {
                Ok(all) => {
                    for own in &all {
                        assert_ordered((own.lower(), own.upper()), own);
                    }
                }
                Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
            }
        }
        let kinds = Covariates::new(&["odd"], &[[z]]).unwrap();
        let plan = AcquisitionPlan::new(week, &[2, 1]).unwrap();
        let plan = DescribedPlan::new(&kinds, &[plan]).unwrap();
        for got in [outlook.forecast(&plan, &futures), money.forecast(&plan, &futures)] {
            match got {
                Ok(all) => assert_eq!(all.whole.newcomers, 3),
                Err(error) => assert!(KINDS.contains(&kind(&error)), "{error}"),
            }
        }
    }
    let other = Covariates::new(&["even"], &[[0.0], [1.0]]).unwrap();
    let described = DescribedHistories::new(&two, &other).unwrap();
    let outlook = Outlook::new(&fit, &described);
    let endless = "prediction for ever is undefined: it has no end; give a horizon";
    let foreign = "the covariates of the model are odd, in this order, but those given are even";
    assert_message(outlook.purchases_of_base(week, &futures), foreign);
    assert_message(outlook.purchases(week, &futures), foreign);
    assert_message(outlook.probabilities_alive(LEVEL), foreign);
    let money = outlook.with_spend(&spend_fit, &spends).unwrap();
    assert_message(money.expected_revenues(week, LEVEL), foreign);
    assert_message(money.revenues(week, &futures), foreign);
    assert_message(money.revenue_of_base(Horizon::FOREVER, &futures), endless);
    let plan = AcquisitionPlan::nobody(week, 2).unwrap();
    assert_message(outlook.forecast(&plan, &futures), foreign);
    assert_message(
        outlook.with_spend(&spend_fit, &Spends::default()),
        "histories and spends must have the same length, but have 2 and 0",
    );
    let wrong: Spends = [Spend::UNKNOWN, Spend::new(2, 5.0).unwrap()].into_iter().collect();
    assert_message(
        outlook.with_spend(&spend_fit, &wrong),
        "a history of 3 repeat purchases has the spend of 2 (row 1)",
    );
    assert_message(outlook.purchases(Horizon::FOREVER, &futures), endless);
    assert_message(outlook.purchases_of_base(Horizon::FOREVER, &futures), endless);
    assert_message(
        DescribedHistories::new(&two, &known),
        "histories and covariates must have the same length, but have 2 and 400",
    );
    let nobody = Histories::new(TimeUnit::Week, &[], &[], &[]).unwrap();
    let nothing = Covariates::new::<[f64; 1]>(&["odd"], &[]).unwrap();
    let described = DescribedHistories::new(&nobody, &nothing).unwrap();
    let outlook = Outlook::new(&fit, &described);
    let counted = outlook.purchases_of_base(week, &futures).unwrap();
    assert_eq!((counted.lower(), counted.value(), counted.upper()), (0.0, 0.0, 0.0));
    assert_eq!(outlook.purchases(week, &futures).unwrap(), []);

    // Newcomers have covariates too, and the same ones.
    let two = AcquisitionPlan::new(week, &[2]).unwrap();
    assert_message(
        outlook.forecast(&two, &futures),
        "newcomers to customers with covariates need their own: give a DescribedPlan",
    );
    let plan = DescribedPlan::new(&Covariates::new(&["even"], &[[1.0]]).unwrap(), &[two]).unwrap();
    assert_message(
        outlook.forecast(&plan, &futures),
        "the covariates of the customers are odd, in this order, but those of the plan are even",
    );
}

#[test]
fn plans_of_newcomers_with_covariates() {
    let week = Horizon::weeks(1.0).unwrap();
    let plan = |newcomers: &[u32]| AcquisitionPlan::new(week, newcomers).unwrap();
    let kinds = |rows: &[[f64; 1]]| Covariates::new(&["odd"], rows).unwrap();
    assert_message(DescribedPlan::new(&kinds(&[]), &[]), "plans must not be empty");
    assert_message(
        DescribedPlan::new(&kinds(&[[0.0]]), &[]),
        "covariates and plans must have the same length, but have 1 and 0",
    );
    let other = "a plan is of other periods than the first (row 1)";
    let two = kinds(&[[0.0], [1.0]]);
    assert_message(DescribedPlan::new(&two, &[plan(&[1, 2]), plan(&[1])]), other);
    let daily = AcquisitionPlan::new(Horizon::days(1.0).unwrap(), &[1]).unwrap();
    assert_message(DescribedPlan::new(&two, &[plan(&[1]), daily]), other);
    let many = [plan(&[6_000_000]), plan(&[6_000_000])];
    assert_message(
        DescribedPlan::new(&two, &many),
        "newcomers must lie in [0, 10⁷], but is 12000000",
    );

    let own = DescribedPlan::new(&two, &[plan(&[1, 2]), plan(&[0, 7]).without_first_purchases()])
        .unwrap();
    assert_eq!((own.covariates(), own.plans()[1].newcomers(1)), (&two, Some(7)));
    let written = serde_json::to_value(&own).unwrap();
    assert_eq!(serde_json::from_value::<DescribedPlan>(written.clone()).unwrap(), own);
    let with = |place: &str, value| {
        let mut written = written.clone();
        *written.pointer_mut(place).unwrap() = value;
        written
    };
    refused_with::<DescribedPlan>(&with("/plans/0/newcomers", json!([1])), other);
    refused::<DescribedPlan>(&[
        with("/plans", json!([])),
        with("/plans/0/newcomers", json!([-1, 2])),
        with("/covariates/rows", json!([[0.0]])),
        with("/covariates/rows", json!([[0.0], [1.0, 2.0]])),
        with("/covariates/names", json!([])),
        json!({ "covariates": written["covariates"] }),
        json!({ "covariates": written["covariates"], "plans": written["plans"], "more": 1 }),
    ]);
}

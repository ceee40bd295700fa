//! What the purchase log itself says: who was lost, what they brought, and what a fitted model still expected of them.

use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::path::Path;

use chrono::NaiveDate;
use goodwill::churn::{Reason, Standing};
use goodwill::money::{Sum, round_half_even};
use goodwill::{
    Churn, DiscountRate, GammaGamma, History, Horizon, Ledger, LostAfter, ParetoNbd, PurchaseModel,
    SpendModel, TimeUnit, Valuation, customer_lifetime_value, customer_lifetime_values,
};
use rust_decimal::Decimal;

/// How it is looked at.
pub(crate) struct Rules {
    pub(crate) from: NaiveDate,
    pub(crate) as_of: NaiveDate,
    pub(crate) lost_after: LostAfter,
    pub(crate) horizon: Horizon,
    pub(crate) discount: DiscountRate,
}

/// The lost of one reason.
pub(crate) struct Group {
    pub(crate) reason: Reason,
    pub(crate) customers: u32,
    /// In the 365 days that end with each one's last purchase.
    pub(crate) revenue: Decimal,
    /// What they would still have spent, discounted, had they stayed.
    pub(crate) residual_revenue: Decimal,
}

pub(crate) struct Measured {
    pub(crate) churn: Churn,
    pub(crate) groups: Vec<Group>,
    /// What a new customer spends over the same years, his first purchase included.
    pub(crate) newcomer_revenue: Decimal,
    pub(crate) parameters: Vec<(&'static str, f64)>,
}

/// Of every twenty lost, so many by each of the usual reasons: invented.
const DEALT: [usize; 7] = [2, 1, 1, 4, 5, 3, 4];

impl Measured {
    pub(crate) fn of(
        purchases: &Ledger<String>,
        rules: &Rules,
        told: Option<&HashMap<String, String>>,
    ) -> Result<Self, Box<dyn Error>> {
        let churn = purchases.churn(rules.from, rules.as_of, rules.lost_after)?;
        let opening = purchases.until(rules.from);
        let standing = opening.standings(rules.from, rules.lost_after)?;
        let here = opening.customers().iter().zip(standing);
        let open: HashSet<&String> = here
            .filter(|(_, standing)| *standing == Standing::Kept)
            .map(|(customer, _)| customer)
            .collect();

        let histories = purchases.histories(rules.as_of, TimeUnit::Week)?;
        let buying = ParetoNbd::fit(&histories)?.into_model();
        let spends = purchases.spends(rules.as_of)?;
        let spending = GammaGamma::fit(&spends)?.into_model();
        let spend = spending.all_expected_spends(&spends)?;
        let valuation = Valuation::new(rules.horizon, rules.discount);
        let values = customer_lifetime_values(&buying, &spend, &histories, &valuation)?;
        let alive = buying.probabilities_alive(&histories);

        let reasons = Reason::usual();
        let mut sums = vec![(0, Sum::default(), Sum::default()); reasons.len()];
        let dealt: Vec<usize> =
            DEALT.iter().enumerate().flat_map(|(reason, &n)| vec![reason; n]).collect();
        let lost = purchases.lost_customers(rules.as_of, rules.lost_after)?;
        let lost = lost.iter().filter(|one| open.contains(&purchases.customers()[one.customer]));
        for (place, one) in lost.enumerate() {
            let id = &purchases.customers()[one.customer];
            let reason = match told {
                None => dealt[place % dealt.len()],
                Some(told) => {
                    let name =
                        told.get(id).ok_or_else(|| format!("no reason for customer {id}"))?;
                    let known = reasons.iter().position(|reason| reason.name == *name);
                    known.ok_or_else(|| format!("{name:?} is none of the usual reasons"))?
                }
            };
            // A value as scored already holds the chance that he is alive; this is his value had he stayed.
            let stayed = values[one.customer] / alive[one.customer].get();
            let (customers, revenue, residual) = &mut sums[reason];
            *customers += 1;
            revenue.add(one.last_year_revenue)?;
            residual.add(round_half_even(stayed, 2)?)?;
        }
        let groups =
            reasons.into_iter().zip(sums).map(|(reason, (customers, revenue, residual))| {
                let (revenue, residual_revenue) = (revenue.total()?, residual.total()?);
                Ok(Group { reason, customers, revenue, residual_revenue })
            });
        let newcomer = History::new(TimeUnit::Week, 0, 0.0, 0.0)?;
        let typical = spending.expected_spend_of_newcomer()?;
        let later = customer_lifetime_value(&buying, typical, &newcomer, &valuation)?;
        Ok(Self {
            churn,
            groups: groups.collect::<goodwill::Result<_>>()?,
            newcomer_revenue: round_half_even(typical + later, 2)?,
            parameters: buying.parameters().into_iter().chain(spending.parameters()).collect(),
        })
    }

    pub(crate) fn lost(&self) -> u32 {
        self.groups.iter().map(|group| group.customers).sum()
    }
}

/// Customer to reason.
pub(crate) fn read_reasons(file: &Path) -> Result<HashMap<String, String>, Box<dyn Error>> {
    let reader = csv::Reader::from_path(file);
    let mut reader = reader.map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

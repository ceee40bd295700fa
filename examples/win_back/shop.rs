//! From the purchase log to candidates: who is probably gone, and what each is worth.

use std::error::Error;

use chrono::NaiveDate;
use goodwill::churn::{CallMoment, FadingChance, ValueIfAlive, WinBackCandidate};
use goodwill::{
    DiscountRate, GammaGamma, Histories, History, Horizon, Ledger, MbgNbd, Probability,
    PurchaseModel, SpendModel, TimeUnit, Valuation, customer_lifetime_value,
    customer_lifetime_value_if_alive,
};

use crate::arguments::Arguments;

/// One customer of the log.
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) history: History,
    pub(crate) expected_spend: f64,
    pub(crate) candidate: WinBackCandidate,
    /// The chance of a call today.
    pub(crate) chance: Probability,
}

/// The log as the models see it.
pub(crate) struct Shop<'a> {
    arguments: &'a Arguments,
    pub(crate) as_of: NaiveDate,
    pub(crate) buying: MbgNbd,
    pub(crate) spending: GammaGamma,
    pub(crate) discount: DiscountRate,
    valuation: Valuation,
    pub(crate) customers: Vec<Customer>,
}

impl<'a> Shop<'a> {
    pub(crate) fn new(
        arguments: &'a Arguments,
        ledger: &Ledger<String>,
        as_of: NaiveDate,
    ) -> Result<Self, Box<dyn Error>> {
        let histories: Histories = ledger.histories(as_of, TimeUnit::Week)?;
        let spends = ledger.spends(as_of)?;
        let spending = GammaGamma::fit(&spends)?.into_model();
        let discount = DiscountRate::annual(arguments.discount)?;
        let valuation = Valuation::new(Horizon::years(arguments.years)?, discount);
        let mut shop = Self {
            arguments,
            as_of,
            buying: MbgNbd::fit(&histories)?.into_model(),
            discount,
            valuation: valuation.margin(arguments.margin)?,
            customers: Vec::new(),
            spending,
        };
        let expected = shop.spending.all_expected_spends(&spends)?;
        let summaries = ledger.summaries(as_of)?;
        let ids = summaries.iter().filter(|own| own.occasions > 0).map(|own| own.customer);
        for ((id, history), expected_spend) in ids.zip(histories.iter()).zip(expected) {
            let (candidate, chance) = shop.candidate(&history, expected_spend)?;
            let id = id.clone();
            shop.customers.push(Customer { id, history, expected_spend, candidate, chance });
        }
        Ok(shop)
    }

    /// A call to someone of whom this is known: V is his value *if he is a customer*, never the scored one.
    fn candidate(
        &self,
        history: &History,
        expected_spend: f64,
    ) -> goodwill::Result<(WinBackCandidate, Probability)> {
        let alive = self.buying.probability_alive(history);
        let worth = customer_lifetime_value_if_alive(
            &self.buying,
            expected_spend,
            history,
            &self.valuation,
        )?;
        let silence = Horizon::weeks(weeks_silent(history))?;
        let half_life = Horizon::weeks(self.arguments.half_life)?;
        let chance = FadingChance::new(self.arguments.chance, half_life)?.after(silence);
        let value = ValueIfAlive::given_alive(worth)?;
        let again = ValueIfAlive::given_alive(self.arguments.second_life * worth)?;
        let candidate = WinBackCandidate::new(alive, chance, value, self.arguments.contact)?;
        let candidate = candidate.second_lifetime_value(again);
        Ok((candidate.incentive(self.arguments.incentive, self.arguments.taken)?, chance))
    }

    /// What the models score today, P(alive) included.
    pub(crate) fn lifetime_value(&self, customer: &Customer) -> goodwill::Result<f64> {
        let (history, spend) = (&customer.history, customer.expected_spend);
        customer_lifetime_value(&self.buying, spend, history, &self.valuation)
    }

    /// Someone who is no customer yet: he would begin as a newcomer, with a first purchase.
    pub(crate) fn prospect(&self) -> Result<WinBackCandidate, Box<dyn Error>> {
        let newcomer = History::new(TimeUnit::Week, 0, 0.0, 0.0)?;
        let spend = self.spending.expected_spend(&goodwill::Spend::UNKNOWN)?;
        let later = customer_lifetime_value(&self.buying, spend, &newcomer, &self.valuation)?;
        let value = ValueIfAlive::given_alive(self.arguments.margin * spend + later)?;
        let chance = self.arguments.prospect_chance;
        let call = WinBackCandidate::not_a_customer(chance, value, self.arguments.contact)?;
        Ok(call.incentive(self.arguments.incentive, self.arguments.taken)?)
    }

    /// The same customer after more weeks, if he stays silent.
    pub(crate) fn moment(&self, customer: &Customer, weeks: f64) -> goodwill::Result<CallMoment> {
        let delay = Horizon::weeks(weeks)?;
        let own = customer.history;
        let later =
            History::new(TimeUnit::Week, own.frequency(), own.recency(), own.age() + weeks)?;
        let (candidate, _) = self.candidate(&later, customer.expected_spend)?;
        let silent = self.buying.probability_of_purchase(&own, delay)?.complement();
        Ok(CallMoment { delay, silent, candidate })
    }
}

/// Weeks since the last purchase.
pub(crate) fn weeks_silent(history: &History) -> f64 {
    history.age() - history.recency()
}

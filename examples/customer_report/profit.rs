//! Segments of the buyers by RFM, and the whale curve where the log names costs.

use std::sync::Arc;

use goodwill::tiering::{RfmMeasures, Segmentation, WhaleCurve};
use goodwill::{CustomerSummary, Share, Ties, money};
use rust_decimal::Decimal;

use crate::analysis::{Observed, Warnings};
use crate::report::{SegmentRow, Whale};

/// The scale of the scores: fifths of the buyers.
const GROUPS: u8 = 5;

/// The segments that hold a customer, in the order of the trade's eleven.
pub(crate) fn segments(
    summaries: &[CustomerSummary<'_, Arc<str>>],
    warnings: &mut Warnings,
) -> Option<Vec<SegmentRow>> {
    let segments = RfmMeasures::of_summaries(summaries).and_then(|measures| {
        let scores = measures.independent(GROUPS, Ties::TogetherUp)?;
        Segmentation::classic().assign(&measures, &scores)
    });
    let segments = warnings.keep("segments", segments)?;
    let used = segments.segments().iter().filter(|own| own.customers > 0);
    let rows: Vec<SegmentRow> = used
        .map(|own| SegmentRow {
            segment: own.name.clone(),
            customers: own.customers,
            value: Some(own.value),
            share_of_value: own.share_of_value,
            mean_days_since_last: own.mean_days_since_last,
            mean_purchases: own.mean_purchases,
            mean_value: own.mean_value,
        })
        .collect();
    if rows.iter().any(|own| own.share_of_value.is_none()) {
        let total = segments.total();
        let reason = format!("all buyers together bring {total}, so there is nothing to share");
        warnings.add("segments[].share_of_value", reason);
    }
    Some(rows)
}

/// The whale curve of revenue less the costs that the log names; `None` where it names none.
pub(crate) fn whale_curve(
    observed: &Observed,
    summaries: &[CustomerSummary<'_, Arc<str>>],
    warnings: &mut Warnings,
) -> Option<Whale> {
    let costs = observed.costs.as_ref()?.summaries(observed.as_of);
    let profits = costs.and_then(|costs| {
        let pairs = summaries.iter().zip(&costs);
        let profits: Vec<Decimal> = pairs
            .map(|(own, cost)| money::difference(own.net_revenue, cost.net_revenue))
            .collect::<goodwill::Result<_>>()?;
        let cost = money::sum(costs.iter().map(|own| own.net_revenue))?;
        Ok((WhaleCurve::of(&profits)?, cost))
    });
    let (curve, cost) = warnings.keep("whale_curve", profits)?;
    let best = Share::percent(20).and_then(|share| curve.share_of_best(share));
    let best = warnings.keep("whale_curve.top_20_percent_share", best).flatten();
    if curve.peak_share().is_none() {
        let reason = format!("all customers together bring a profit of {}", curve.total());
        let fields = "whale_curve.peak_share, whale_curve.top_20_percent_share";
        warnings.add(fields, reason);
    }
    if curve.cross_subsidy().is_none() {
        warnings.add("whale_curve.cross_subsidy", "no customer brings a profit");
    }
    Some(Whale {
        costs: Some(cost),
        profit: Some(curve.total()),
        peak: Some(curve.peak()),
        losses: Some(curve.losses()),
        profitable: curve.profitable(),
        loss_makers: curve.loss_makers(),
        peak_share: curve.peak_share(),
        top_20_percent_share: best,
        cross_subsidy: curve.cross_subsidy(),
    })
}

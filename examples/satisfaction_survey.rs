//! From answers to money: three waves of a guest survey in two regions.
//!
//! ```sh
//! cargo run --release --example satisfaction_survey
//! ```
//!
//! The answers are invented: `examples/data/satisfaction_survey.py` makes them, and says what is built in.

#![allow(clippy::print_stdout)] // a program that tells

use chrono::NaiveDate;
use goodwill::satisfaction::{
    Answer, Answers, Attribute, AttributeKind, Comparable, Complaint, CrossHair, Csat, Drivers,
    MeanScore, Nps, OnLine, PenaltyReward, Proportion, Quadrant, Resolution, RetentionLink,
    ReturnOnQuality, Sampling, Scale, SilenceRule, ValueOfSatisfaction, complaints_per_thousand,
    quadrants,
};
use goodwill::survival::Band;
use goodwill::{DiscountRate, Estimate, Probability, Result, TimeUnit};

const LEVEL: Probability = Probability::constant(0.95);
const SURVEY: &str = include_str!("data/satisfaction_survey.csv");

struct Guest {
    wave: u8,
    region: String,
    /// Speed, courtesy, rooms.
    scores: [u8; 3],
    overall: u8,
    recommend: Answer,
    stayed: bool,
    margin: f64,
    complaint: Option<(NaiveDate, Option<NaiveDate>)>,
}

type Failure = Box<dyn std::error::Error>;

fn guests() -> std::result::Result<Vec<Guest>, Failure> {
    let mut all = Vec::new();
    for record in csv::Reader::from_reader(SURVEY.as_bytes()).records() {
        let record = record?;
        let number = |i: usize| record[i].parse::<u8>();
        let date = |i: usize| (!record[i].is_empty()).then(|| record[i].parse()).transpose();
        let settled = date(10)?;
        all.push(Guest {
            wave: number(0)?,
            region: record[1].to_owned(),
            scores: [number(2)?, number(3)?, number(4)?],
            overall: number(5)?,
            recommend: if record[6].is_empty() {
                Answer::Missing
            } else {
                Answer::Score(number(6)?)
            },
            stayed: &record[7] == "1",
            margin: record[8].parse()?,
            complaint: date(9)?.map(|opened| (opened, settled)),
        });
    }
    Ok(all)
}

fn main() -> std::result::Result<(), Failure> {
    let guests = guests()?;
    println!("{} guests, three waves, two regions", guests.len());
    println!("In brackets: the interval that holds the truth in 95 of 100 such surveys.");
    scores(&guests)?;
    drivers(&guests)?;
    complaints(&guests)?;
    money(&guests)?;
    Ok(())
}

fn shown(of: &Estimate, scale: f64) -> String {
    let [value, lower, upper] = [of.value(), of.lower(), of.upper()].map(|end| scale * end);
    format!("{value:.1} ({lower:.1} to {upper:.1})")
}

fn scores(guests: &[Guest]) -> Result<()> {
    let sampling = Sampling::new(LEVEL);
    println!("\n1. Scores\n");
    println!("   satisfied: those who gave 4 or 5 of 5, in per cent");
    println!("   NPS: promoters (9, 10) less detractors (0 to 6) per 100 answers, -100 to 100\n");
    for region in ["north", "south"] {
        let mut earlier = None;
        for wave in 1..=3 {
            let here = || guests.iter().filter(|one| one.wave == wave && one.region == region);
            let overall: Vec<u8> = here().map(|one| one.overall).collect();
            let top = Csat::of(&Answers::from_scores(Scale::ONE_TO_FIVE, &overall)?)?.top_two;
            let told = Answers::from_answers(Scale::ZERO_TO_TEN, here().map(|one| one.recommend))?;
            let nps = Nps::of(&told)?;
            println!(
                "   {region} wave {wave}: satisfied {} % of {}; NPS {} of {}, {} gave no answer",
                shown(&top.wilson(&sampling)?, 100.0),
                top.n(),
                shown(&nps.interval(&sampling)?, 1.0),
                nps.n(),
                told.missing()
            );
            if wave == 3
                && let Some((first, first_nps)) = earlier
            {
                let changes = [
                    ("satisfied", 100.0, top.change_since(&first, &sampling)?),
                    ("NPS", 1.0, nps.change_since(&first_nps, &sampling)?),
                ];
                for (name, scale, change) in changes {
                    let (points, p) = (shown(&change.difference, scale), change.p_value.get());
                    println!("   {region} since wave 1: {name} {points} points, p = {p:.3}");
                }
            }
            earlier = earlier.or(Some((top, nps)));
        }
    }
    Ok(())
}

fn drivers(guests: &[Guest]) -> Result<()> {
    println!("\n2. What drives satisfaction\n");
    let names = ["speed", "courtesy", "rooms"];
    let overall: Vec<f64> = guests.iter().map(|one| f64::from(one.overall)).collect();
    let scores: [Vec<u8>; 3] = [0, 1, 2].map(|j| guests.iter().map(|one| one.scores[j]).collect());
    let columns = scores.each_ref().map(|scores| scores.iter().map(|&s| f64::from(s)).collect());
    let columns: &[Vec<f64>; 3] = &columns;
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let found = Drivers::of(&slices, &overall)?;
    let mut attributes = Vec::new();
    for (j, share) in found.shares().iter().enumerate() {
        attributes.push(Attribute::new(*share, MeanScore::of(&columns[j])?.value())?);
    }
    let quadrants = quadrants(&attributes, CrossHair::Mean, OnLine::High)?;
    let scores: Vec<&[u8]> = scores.iter().map(Vec::as_slice).collect();
    let effects = PenaltyReward::fit(&scores, Scale::ONE_TO_FIVE, 1, &overall, LEVEL)?;
    println!(
        "   cost and gain: what a score of 1, and of 5, moves overall satisfaction (1 to 5) by\n"
    );
    for (j, name) in names.into_iter().enumerate() {
        let (share, effect) = (100.0 * found.shares()[j] / found.r_squared(), &effects[j]);
        let advice = match quadrants[j] {
            Quadrant::ConcentrateHere => "matters, done badly: work here",
            Quadrant::KeepUpTheGoodWork => "matters, done well: keep it up",
            Quadrant::LowPriority => "matters less, done badly: later",
            Quadrant::PossibleOverkill => "matters less, done well: enough",
        };
        let kind = match effect.kind {
            AttributeKind::Basic => "its lack weighs more",
            AttributeKind::Performance => "neither is shown to weigh more",
            AttributeKind::Excitement => "its presence weighs more",
        };
        println!("   {name}: {share:.1} % of what the three explain; {advice}");
        let (cost, gain) = (shown(&effect.penalty, 1.0), shown(&effect.reward, 1.0));
        println!("      {name} cost {cost}, gain {gain}: {kind}");
    }
    let explained = 100.0 * found.r_squared();
    println!("   together they explain {explained:.1} % of how {} guests differ", guests.len());
    Ok(())
}

fn complaints(guests: &[Guest]) -> std::result::Result<(), Failure> {
    println!("\n3. Complaints\n");
    let voiced = guests.iter().filter_map(|one| one.complaint);
    let voiced = voiced.map(|(opened, settled)| Complaint::new(opened, settled));
    let voiced = voiced.collect::<Result<Vec<_>>>()?;
    let today = "2025-11-30".parse()?;
    let resolution = Resolution::of(&voiced, today)?;
    let (n, level) = (guests.len() as u64, Sampling::new(LEVEL));
    let rate = shown(&complaints_per_thousand(voiced.len() as u64, n, &level)?, 1.0);
    println!("   {} of {n} guests complained: {rate} per thousand", voiced.len());
    let discontent = || guests.iter().filter(|one| one.overall <= 2);
    let of_them = discontent().filter(|one| one.complaint.is_some()).count() as u64;
    let of_all = discontent().count() as u64;
    let spoke = shown(&Proportion::new(of_them, of_all)?.wilson(&level)?, 100.0);
    println!("   of {of_all} who gave 1 or 2, {of_them} complained: {spoke} %; the rest is silent");
    let rule = SilenceRule::FIVE_PERCENT_COMPLAIN.dissatisfied(voiced.len() as u64)?;
    if rule.all > n as f64 {
        println!("   the trade's rule, that 5 % complain, does not hold here: it would make");
        println!("   {:.0} discontent of {n} guests", rule.all);
    }
    println!("   {} settled, {} open", resolution.settled(), resolution.open());
    let curve = resolution.curve(Band::LogLog, LEVEL)?;
    let half = curve.median();
    if let (Some(days), Some(lower), Some(upper)) = (half.value, half.lower, half.upper) {
        println!(
            "   half are settled within {days:.0} ({lower:.0} to {upper:.0}) days, the open ones counted"
        );
    }
    Ok(())
}

fn money(guests: &[Guest]) -> Result<()> {
    println!("\n4. What a point of satisfaction is worth\n");
    let overall: Vec<f64> = guests.iter().map(|one| f64::from(one.overall)).collect();
    let stayed: Vec<bool> = guests.iter().map(|one| one.stayed).collect();
    let link = RetentionLink::fit_asymmetric(&overall, &stayed, 3.0)?;
    for score in [1.0, 3.0, 5.0] {
        let stay = shown(&link.retention(score, LEVEL)?, 100.0);
        println!("   of those who gave {score}, {stay} % stay");
    }
    let after: Vec<f64> = overall.iter().map(|score| (score + 1.0).min(5.0)).collect();
    let margins: Vec<f64> = guests.iter().map(|one| one.margin).collect();
    let (rate, year) = (DiscountRate::annual(0.10)?, TimeUnit::Year);
    let worth = ValueOfSatisfaction::of(&link, &overall, &after, &margins, rate, year, LEVEL)?;
    let each = 1.0 / guests.len() as f64;
    println!(
        "   fitted on {} guests; margins in euros a year, discounted at 10 %\n",
        link.customers()
    );
    let more = shown(&worth.retention, 100.0);
    println!("   a point more for each who gave 4 or less: {more} points more stay each year");
    println!("   which is worth {} euros a guest, over all years", shown(&worth.total, each));
    let spend = 40.0 * guests.len() as f64;
    let back = ReturnOnQuality::interval(&worth.total, spend)?;
    println!(
        "   if it costs 40 euros a guest, a euro spent brings back {} euros",
        shown(&back, 1.0)
    );
    Ok(())
}

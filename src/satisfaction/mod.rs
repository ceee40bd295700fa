//! Are they content? Answers to survey questions, the scores read from them, and how sure they are.

mod scale;
mod survey;

pub use scale::{Direction, Level, Scale};
pub use survey::{Answer, Answers, Responses, Tally, WeightedAnswers};

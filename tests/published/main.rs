//! Numbers that papers print, and independent high-precision values of their formulas: one module a paper.
// A test that cannot read its own input has failed.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod fader_hardie_2013;
mod fader_hardie_lee_2005;
mod gupta_lehmann_2003;
mod requirements;

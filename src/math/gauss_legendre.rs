//! Gauss–Legendre rules on an interval, for integrands that are smooth well beyond its ends.

/// Distance of two nodes from the middle of an interval of length 1, and the weight of each.
type Pair = (f64, f64);

/// A rule on an interval: n nodes integrate polynomials of degree 2n − 1 exactly.
///
/// # Reference
/// DLMF 3.5(v).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule(&'static [Pair]);

impl Rule {
    pub(crate) const SIX: Self = Self(&RULE_6);
    pub(crate) const EIGHT: Self = Self(&RULE_8);
    pub(crate) const TEN: Self = Self(&RULE_10);
    pub(crate) const TWELVE: Self = Self(&RULE_12);
    pub(crate) const SIXTEEN: Self = Self(&RULE_16);

    /// The nodes of an interval of length 1 in pairs: their distance from its middle on either side, and the
    /// weight of each.
    #[inline]
    pub(crate) fn pairs(self) -> impl Iterator<Item = (f64, f64)> {
        self.0.iter().copied()
    }
}

const RULE_6: [Pair; 3] = [
    (0.119_309_593_041_598_45, 0.233_956_967_286_345_52),
    (0.330_604_693_233_132_24, 0.180_380_786_524_069_3),
    (0.466_234_757_101_576, 0.085_662_246_189_585_18),
];

const RULE_8: [Pair; 4] = [
    (0.091_717_321_247_824_9, 0.181_341_891_689_181),
    (0.262_766_204_958_164_5, 0.156_853_322_938_943_63),
    (0.398_333_238_706_813_36, 0.111_190_517_226_687_24),
    (0.480_144_928_248_768_14, 0.050_614_268_145_188_13),
];

const RULE_10: [Pair; 5] = [
    (0.074_437_169_490_815_61, 0.147_762_112_357_376_44),
    (0.216_697_697_064_623_6, 0.134_633_359_654_998_17),
    (0.339_704_784_149_512_2, 0.109_543_181_257_991_02),
    (0.432_531_683_344_492_27, 0.074_725_674_575_290_3),
    (0.486_953_264_258_585_87, 0.033_335_672_154_344_07),
];

const RULE_12: [Pair; 6] = [
    (0.062_616_704_255_734_46, 0.124_573_522_906_701_39),
    (0.183_915_749_499_090_1, 0.116_746_268_269_177_4),
    (0.293_658_977_143_308_74, 0.101_583_713_361_532_96),
    (0.384_951_337_097_152_35, 0.080_039_164_271_673_11),
    (0.452_058_628_185_237_45, 0.053_469_662_997_659_21),
    (0.490_780_317_123_359_6, 0.023_587_668_193_255_914),
];

const RULE_16: [Pair; 8] = [
    (0.047_506_254_918_818_72, 0.094_725_305_227_534_25),
    (0.140_801_775_389_629_46, 0.091_301_707_522_461_79),
    (0.229_008_388_828_613_68, 0.084_578_259_697_501_27),
    (0.308_938_122_201_321_9, 0.074_797_994_408_288_37),
    (0.377_702_204_177_501_5, 0.062_314_485_627_766_94),
    (0.432_815_601_193_915_9, 0.047_579_255_841_246_39),
    (0.472_287_511_536_616_3, 0.031_126_761_969_323_947),
    (0.494_700_467_495_824_97, 0.013_576_229_705_877_048),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// ∫₋₁¹ tᵏ dt = 2/(k + 1) for all even k below 2n, and no longer for k = 2n: which only the nodes and weights
    /// of Gauss obey. (The odd powers are 0 by symmetry.)
    #[test]
    fn polynomials_below_twice_the_nodes() {
        for rule in [Rule::SIX, Rule::EIGHT, Rule::TEN, Rule::TWELVE, Rule::SIXTEEN] {
            let twice = 4 * rule.0.len() as i32;
            let error = |k: i32| {
                let sum: f64 =
                    rule.pairs().map(|(t, weight)| 4.0 * weight * (2.0 * t).powi(k)).sum();
                sum - 2.0 / f64::from(k + 1)
            };
            for k in (0..twice).step_by(2) {
                assert!(error(k).abs() < 5e-16, "t^{k} by {twice}/2 nodes: {:e}", error(k));
            }
            assert!(error(twice).abs() > 1e-10);
        }
    }
}

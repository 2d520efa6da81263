import Foundation
import Testing

@testable import AlignmentDiagnosis

/// The sign test and the bound on what a repair mends, against values by hand and scipy's.
@Suite("Paired runs: what their counts decide")
struct PairedCountsTests {
    /// Counts of pairs that were mended, that broke, and that fail on both sides.
    private func counts(mended: Int, broken: Int = 0, failing: Int = 0, passing: Int = 0) -> PairedCounts {
        var counts = PairedCounts()
        for _ in 0..<mended { counts.add(asIsFails: true, repairedFails: false) }
        for _ in 0..<broken { counts.add(asIsFails: false, repairedFails: true) }
        for _ in 0..<failing { counts.add(asIsFails: true, repairedFails: true) }
        for _ in 0..<passing { counts.add(asIsFails: false, repairedFails: false) }
        return counts
    }

    @Test("pairs are counted on each side")
    func counting() {
        let found = counts(mended: 3, broken: 2, failing: 4, passing: 5)
        #expect(found.pairs == 14 && found.asIsFailed == 7 && found.repairedFailed == 6)
        #expect(found.mended == 3 && found.broken == 2)
    }

    /// By hand: 2^-7, 2^-5, 2^-4; (C(11,10) + C(11,11)) / 2^11 = 12 / 2048; (C(6,3) + ... + C(6,6)) / 2^6 = 42 / 64.
    @Test(
        "the sign test by hand, to the last digit",
        arguments: [
            (7, 0, 0.0078125), (5, 0, 0.03125), (4, 0, 0.0625), (10, 1, 0.005859375), (3, 3, 0.65625),
            (0, 3, 1), (0, 0, 1),
        ] as [(Int, Int, Double)])
    func signByHand(mended: Int, broken: Int, p: Double) {
        #expect(counts(mended: mended, broken: broken, failing: 2, passing: 3).p == p)
    }

    /// `scipy.stats.binomtest(mended, mended + broken, 0.5, alternative="greater").pvalue`, scipy 1.17.1.
    @Test(
        "the sign test against scipy",
        arguments: [
            (9, 2, 0.03271484375), (20, 8, 0.017849069088697433), (60, 40, 0.028443966820490444),
            (700, 600, 0.0030078969305224698), (1500, 1400, 0.032993674832592315),
        ] as [(Int, Int, Double)])
    func signAgainstScipy(mended: Int, broken: Int, p: Double) {
        let found = Binomial.fairTail(atLeast: mended, of: mended + broken)
        #expect(abs(found / p - 1) < 1e-9, "\(found)")
    }

    /// `scipy.stats.beta.ppf(0.95, x + 1, m - x)`, scipy 1.17.1: Clopper and Pearson's bound.
    @Test(
        "the bound of Clopper and Pearson against scipy",
        arguments: [
            (0, 5, 0.450719728346941), (0, 4, 0.527129195498412), (1, 8, 0.47067940860113155),
            (1, 7, 0.5207029735913069), (2, 11, 0.47008679927917624), (2, 10, 0.5069013010632024),
            (3, 20, 0.3436638043142818), (50, 200, 0.30546735664919383), (7, 8, 0.993608849045455),
            (900, 2000, 0.4685934646698115),
        ] as [(Int, Int, Double)])
    func boundAgainstScipy(mended: Int, failed: Int, bound: Double) {
        let found = counts(mended: mended, failing: failed - mended).mendedShareBound
        #expect(abs(found - bound) < 1e-10, "\(found)")
    }

    @Test("the bound without a success is 1 - 0.05^(1/m), and 1 where all succeed or there is none")
    func boundAtTheEnds() {
        for trials in 1...60 {
            let bound = Binomial.upperBound(successes: 0, of: trials, beyond: 0.05)
            #expect(abs(bound - (1 - pow(0.05, 1 / Double(trials)))) < 1e-12)
            #expect(Binomial.upperBound(successes: trials, of: trials, beyond: 0.05) == 1)
        }
        #expect(counts(mended: 0, broken: 4).mendedShareBound == 1)
    }

    @Test("a bound below one half is the same as a tail at one half below 5 %")
    func duality() {
        for failed in 0...60 {
            for mended in 0...failed {
                let bound = Binomial.upperBound(successes: mended, of: failed, beyond: 0.05)
                let tail = Binomial.fairTail(atLeast: failed - mended, of: failed)
                #expect((bound < 0.5) == (tail < 0.05), "\(mended) of \(failed)")
            }
        }
    }

    @Test("tails at one half are the same from both ends")
    func symmetry() {
        for trials in 1...40 {
            for successes in 0..<trials {
                let below = Binomial.tail(atMost: successes, of: trials, share: 0.5)
                let above = Binomial.fairTail(atLeast: successes + 1, of: trials)
                #expect(abs(below + above - 1) < 1e-12)
            }
        }
    }

    @Test(
        "what counts decide",
        arguments: [
            // One-sided: 1/32 and 1/16 of a two-sided test would both show nothing.
            (5, 0, 0, .shown), (4, 0, 0, .undecided), (7, 0, 1, .shown), (8, 1, 0, .shown),
            (7, 2, 0, .undecided),
            (0, 0, 5, .notShown), (0, 0, 4, .undecided), (1, 0, 7, .notShown), (1, 0, 6, .undecided),
            (0, 5, 0, .undecided), (0, 0, 0, .undecided), (0, 5, 5, .notShown),
            // Few of many, and yet more than chance: that the repair mends something is shown.
            (6, 0, 34, .shown),
        ] as [(Int, Int, Int, Intervention.Verdict)])
    func verdicts(mended: Int, broken: Int, failing: Int, verdict: Intervention.Verdict) {
        #expect(counts(mended: mended, broken: broken, failing: failing).verdict == verdict)
    }

    @Test("as many more pairs as it says decide it, and one fewer does not")
    func pairsToDecide() {
        for mended in 0...8 {
            for broken in 0...4 {
                for failing in 0...4 {
                    let found = counts(mended: mended, broken: broken, failing: failing)
                    guard found.verdict == .undecided else { continue }
                    func more(_ mends: Int, _ fails: Int) -> PairedCounts {
                        counts(mended: mended + mends, broken: broken, failing: failing + fails)
                    }
                    #expect(more(found.pairsToShow, 0).verdict == .shown)
                    #expect(more(found.pairsToShow - 1, 0).verdict != .shown)
                    #expect(more(0, found.pairsToRefute).verdict == .notShown)
                    #expect(more(0, found.pairsToRefute - 1).verdict == .undecided)
                }
            }
        }
    }

    @Test("the sentences")
    func sentences() {
        #expect(
            counts(mended: 7, failing: 1).sentence(of: "energy")
                == "energy: 7 of 8 silent requests are sound with the repair, none the other way (p = 0.00781)"
        )
        #expect(
            counts(mended: 0, broken: 1, failing: 8).sentence(of: "eos", with: "a and b repaired")
                == "eos: 0 of 8 requests without EOS meet it with a and b repaired, 1 the other way (p = 1); "
                + "at most 31.2 % of such could be, at 95 %")
        #expect(
            counts(mended: 2).sentence(of: "support")
                == "support: 2 of 2 failing requests pass with the repair, none the other way (p = 0.25), which decides "
                + "nothing yet: 3 more pairs, all mended, would show it, 9 more, none mended, would refute it"
        )
        #expect(counts(mended: 0).sentence(of: "eos") == "eos: not to be computed in any pair")
        #expect(
            counts(mended: 0, passing: 2).sentence(of: "eos")
                == "eos: fails in none of 2 pairs as it is, so nothing is decided")
    }
}

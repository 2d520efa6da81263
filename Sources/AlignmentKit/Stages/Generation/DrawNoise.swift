import Foundation

/// The random numbers of categorical draws: one exponential variate for each id of each draw.
///
/// torch draws argmax(p / q) with q ~ Exp(1), which is the Gumbel-max trick: -log q is a Gumbel variate. Two
/// replays with the same noise differ only in what their parameters change: common random numbers.
///
/// Source: PyTorch `aten/src/ATen/native/Distributions.cpp`, `multinomial_out`; Maddison et al., A* Sampling, 2014.
public struct DrawNoise: Sendable {
    /// One row of a step's logits, drawn first or drawn again by repetition-aware sampling.
    public struct Draw: Sendable, Hashable {
        /// The sampler's step, over all segments.
        public let step: Int
        /// The row.
        public let codebook: Int
        /// Repetition-aware sampling draws it again.
        public let isRedraw: Bool
    }

    private let variates: @Sendable (Draw, Int) -> [Float]

    /// Noise from a function of the draw and the number of ids; each variate is above 0.
    public init(_ variates: @escaping @Sendable (_ draw: Draw, _ count: Int) -> [Float]) {
        self.variates = variates
    }

    /// Noise that depends on nothing but the seed, the draw and the id.
    public init(seed: UInt64) {
        self.init { draw, count in
            var state = seed
            for part in [draw.step, draw.codebook, draw.isRedraw ? 1 : 0] {
                state = Self.mixed(state &+ UInt64(truncatingIfNeeded: part) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
            }
            return (0..<count).map { id in
                // 53 bits of a uniform variate in (0, 1].
                let bits = Self.mixed(state &+ UInt64(id) &* 0x9E37_79B9_7F4A_7C15) >> 11
                return Float(-Foundation.log((Double(bits) + 1) * 0x1p-53))
            }
        }
    }

    /// The id that is drawn from these probabilities, the first of equals; nil if there is none to draw.
    func drawn(_ draw: Draw, from probabilities: [Float]) -> Int? {
        let variates = variates(draw, probabilities.count)
        var best: (id: Int, value: Float)?
        for (id, probability) in probabilities.enumerated() {
            let value = probability / variates[id]
            if value.isNaN { return nil }
            if best.map({ value > $0.value }) ?? true { best = (id, value) }
        }
        return best?.id
    }

    /// SplitMix64's finaliser.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

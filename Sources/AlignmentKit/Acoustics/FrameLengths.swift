/// How a sound is cut into frames, by its sample rate.
struct FrameLengths: Sendable, Equatable {
    /// Samples of 10 ms, at least 1.
    let step: Int
    let sampleRate: Int

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        step = max(1, Int((Double(sampleRate) / 100).rounded()))
    }

    /// 20 ms, every 10 ms.
    var short: Int { 2 * step }
    /// 40 ms, every 20 ms.
    var long: Int { 4 * step }
    /// Short frames per second.
    var rate: Double { Double(sampleRate) / Double(step) }

    /// The least even number without a prime factor above 5 that is not below another.
    static func transformLength(atLeast length: Int) -> Int {
        var candidate = max(2, length + length % 2)
        while !isSmooth(candidate) { candidate += 2 }
        return candidate
    }

    private static func isSmooth(_ number: Int) -> Bool {
        var rest = number
        for prime in [2, 3, 5] { while rest.isMultiple(of: prime) { rest /= prime } }
        return rest == 1
    }
}

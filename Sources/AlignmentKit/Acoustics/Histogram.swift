/// Counts of values in bins of equal width: quantiles of any number of values in the same memory.
struct Histogram: Sendable {
    private let lowest: Double
    private let width: Double
    private var counts: [UInt32]
    private(set) var total = 0

    /// Bins of this width over a range; what lies outside counts at its ends.
    init(over range: ClosedRange<Double>, width: Double) {
        lowest = range.lowerBound
        self.width = width
        counts = Array(repeating: 0, count: Int(((range.upperBound - range.lowerBound) / width).rounded(.up)))
    }

    /// Takes a value; one that is no number has no bin.
    mutating func add(_ value: Double) {
        guard !value.isNaN else { return }
        let bin = Int(min(max((value - lowest) / width, 0), Double(counts.count - 1)))
        counts[bin] += 1
        total += 1
    }

    /// The value below which a share of all lies, to within the width of a bin; nil for no values.
    ///
    /// Between two values it is interpolated, as numpy does.
    func quantile(_ share: Double) -> Double? {
        guard total > 0 else { return nil }
        let place = share * Double(total - 1)
        let low = value(at: Int(place))
        let high = value(at: min(Int(place) + 1, total - 1))
        return low + (high - low) * (place - place.rounded(.down))
    }

    /// The middle of the bin in which the value of a rank lies.
    private func value(at rank: Int) -> Double {
        var passed = 0
        for (bin, count) in counts.enumerated() {
            passed += Int(count)
            if passed > rank { return lowest + (Double(bin) + 0.5) * width }
        }
        return lowest + Double(counts.count) * width
    }
}

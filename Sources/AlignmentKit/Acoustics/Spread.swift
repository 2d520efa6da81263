/// A mean and a standard deviation of any number of values, by Welford's method.
struct Spread: Sendable {
    private(set) var count = 0
    private(set) var mean = 0.0
    private var squares = 0.0

    mutating func add(_ value: Double) {
        count += 1
        let difference = value - mean
        mean += difference / Double(count)
        squares += difference * (value - mean)
    }

    /// The root of the mean squared difference from the mean; nil for no values.
    var deviation: Double? { count > 0 ? (squares / Double(count)).squareRoot() : nil }
}

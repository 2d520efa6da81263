/// Eight frames of one length side by side, so that one operation serves all of them.
///
/// Not for two threads at once.
final class FrameBatch {
    typealias Lanes = SIMD8<Float>

    /// Frames in a batch.
    static let capacity = LaneTransform.width

    /// Samples of a frame.
    let length: Int
    /// The transform of `power`.
    let transform: LaneTransform
    /// Sample by sample, without each frame's mean.
    let rows: UnsafeMutableBufferPointer<Lanes>
    /// Bin by bin, from 0 to half of the transform.
    let power: UnsafeMutableBufferPointer<Lanes>
    /// The levels of the frames without their mean, dB.
    private(set) var levels = [Double](repeating: -200, count: capacity)

    private let windowed: UnsafeMutableBufferPointer<Lanes>
    private let window: [Float]?

    /// - Parameters:
    ///   - length: samples of a frame.
    ///   - transformLength: at least `length`.
    ///   - isWindowed: whether the spectrum is taken under a periodic Hann window.
    init(length: Int, transformLength: Int, isWindowed: Bool) {
        self.length = length
        transform = LaneTransform(length: transformLength)
        rows = .allocate(capacity: length)
        rows.initialize(repeating: .zero)
        windowed = .allocate(capacity: length)
        windowed.initialize(repeating: .zero)
        power = .allocate(capacity: transformLength / 2 + 1)
        power.initialize(repeating: .zero)
        window = isWindowed ? HannWindow.periodic(length).map(Float.init) : nil
    }

    deinit {
        rows.deallocate()
        windowed.deallocate()
        power.deallocate()
    }

    /// Takes eight frames that begin every `hop` samples.
    func load(_ samples: UnsafePointer<Float>, hop: Int) {
        var (sum, squares) = (Lanes.zero, Lanes.zero)
        for index in 0..<length {
            let at = samples + index
            let row = Lanes(
                at[0], at[hop], at[2 * hop], at[3 * hop], at[4 * hop], at[5 * hop], at[6 * hop], at[7 * hop])
            sum += row
            rows[index] = row
        }
        let mean = sum / Float(length)
        for index in 0..<length {
            rows[index] -= mean
            squares += rows[index] * rows[index]
        }
        for lane in 0..<Self.capacity {
            levels[lane] = Decibels.level(ofMeanSquare: Double(squares[lane]) / Double(length))
        }
    }

    /// Fills `power` with |X[k]|^2.
    func computePower() {
        var input = rows
        if let window {
            for index in 0..<length { windowed[index] = rows[index] * window[index] }
            input = windowed
        }
        transform.power(of: input, into: power)
    }
}

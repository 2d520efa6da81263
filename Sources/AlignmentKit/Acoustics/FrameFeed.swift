/// What looks at frames of one length.
protocol FrameConsumer: AnyObject {
    /// Samples of a frame.
    var length: Int { get }
    /// Samples from frame to frame.
    var hop: Int { get }
    /// Where the first frame begins.
    var offset: Int { get }
    /// Takes the next frames, which begin every `hop` samples; eight can be read, of which the first `count` count.
    func take(_ samples: UnsafePointer<Float>, count: Int)
}

/// Cuts a sound that comes in blocks into the frames that its consumers look at.
///
/// A frame lies whole within the sound; a sound that is shorter than its first one is filled up with zeros.
struct FrameFeed {
    private let consumers: [any FrameConsumer]
    private var starts: [Int]
    private var samples: [Float] = []
    /// Where `samples` begins in the sound.
    private var base = 0

    init(_ consumers: [any FrameConsumer]) {
        self.consumers = consumers
        starts = consumers.map(\.offset)
    }

    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        samples += block
        for (index, consumer) in consumers.enumerated() {
            let reach = (FrameBatch.capacity - 1) * consumer.hop + consumer.length
            while starts[index] + reach <= base + samples.count {
                give(consumer, from: starts[index], count: FrameBatch.capacity)
                starts[index] += FrameBatch.capacity * consumer.hop
            }
        }
        let needed = min(starts.min() ?? base, base + samples.count)
        samples.removeFirst(needed - base)
        base = needed
    }

    /// Gives what is left, fewer than eight frames for each.
    mutating func finish() {
        let end = base + samples.count
        guard end > 0 else { return }
        let reach = consumers.map { FrameBatch.capacity * $0.hop + $0.length }.max() ?? 0
        samples += repeatElement(0, count: reach)
        for (index, consumer) in consumers.enumerated() {
            var count = max(0, (end - starts[index] - consumer.length + consumer.hop) / consumer.hop)
            if starts[index] == 0, count == 0 { count = 1 }
            if count > 0 { give(consumer, from: starts[index], count: count) }
        }
    }

    private func give(_ consumer: any FrameConsumer, from start: Int, count: Int) {
        samples.withUnsafeBufferPointer { buffer in
            guard let first = buffer.baseAddress else { return }
            consumer.take(first + (start - base), count: count)
        }
    }
}

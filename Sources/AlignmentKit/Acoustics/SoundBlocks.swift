internal import AlignmentAudio

/// The samples of a file in blocks, as often as they are needed. Samples that are NaN, infinite or beyond 1e12 are zeros.
final class SoundBlocks {
    let sampleRate: Int
    let channelCount: Int
    let encoding: String
    let isHeaderTooSmall: Bool
    /// Samples that are not finite, over all channels, once all were read.
    private(set) var nonFiniteCount = 0

    private let file: String
    private let buffer: UnsafeMutableBufferPointer<Float>
    private let channel: UnsafeMutableBufferPointer<Float>
    private var first: SoundReader?
    /// The whole sound, if it was short.
    private var kept: [Float]?

    private let mostKept: Int
    private static let framesInBlock = 1 << 15

    /// - Parameter mostKept: samples of a sound that is kept, so that it is read once; by default 8 MiB.
    init(_ file: String, mostKept: Int = 1 << 21) throws(SoundError) {
        self.mostKept = mostKept
        let reader = try SoundReader(file)
        self.file = file
        (sampleRate, channelCount, encoding) = (reader.sampleRate, reader.channelCount, reader.subtype)
        let frames = max(1, Self.framesInBlock / channelCount)
        buffer = .allocate(capacity: frames * channelCount)
        channel = .allocate(capacity: frames)
        isHeaderTooSmall = reader.isHeaderTooSmall
        first = reader
        // A header may say anything: what comes beyond the limit is not kept all the same.
        let (declared, overflows) = reader.declaredFrameCount.multipliedReportingOverflow(by: channelCount)
        kept = declared <= mostKept && !overflows ? [] : nil
    }

    deinit {
        buffer.deallocate()
        channel.deallocate()
    }

    /// Some frames of a file.
    struct Block {
        /// Channel after channel within each frame.
        let samples: UnsafeBufferPointer<Float>
        fileprivate let channelCount: Int
        fileprivate let scratch: UnsafeMutableBufferPointer<Float>

        /// The samples of one channel, as long as the call lasts.
        func withChannel(_ channel: Int, _ body: (UnsafeBufferPointer<Float>) -> Void) {
            guard channelCount > 1 else { return body(samples) }
            let frames = samples.count / channelCount
            for frame in 0..<frames { scratch[frame] = samples[frame * channelCount + channel] }
            body(UnsafeBufferPointer(rebasing: scratch[..<frames]))
        }
    }

    /// Calls `body` with each block from the beginning of the sound.
    func forEach(_ body: (Block) throws(SoundError) -> Void) throws(SoundError) {
        if first == nil, let kept {
            let size = buffer.count
            var start = 0
            while start < kept.count {
                let count = min(size, kept.count - start)
                let part = buffer[..<count]
                _ = UnsafeMutableBufferPointer(rebasing: part).update(from: kept[start..<start + count])
                try body(block(count))
                start += count
            }
            return
        }
        let isFirst = first != nil
        let reader: SoundReader
        if let first { reader = first } else { reader = try SoundReader(file) }
        first = nil
        while true {
            let count = try reader.read(into: buffer) * channelCount
            guard count > 0 else { return }
            let found = clean(count)
            if isFirst {
                nonFiniteCount += found
                if let held = kept?.count { held + count <= mostKept ? keep(count) : (kept = nil) }
            }
            try body(block(count))
        }
    }

    private func block(_ count: Int) -> Block {
        Block(
            samples: UnsafeBufferPointer(rebasing: buffer[..<count]), channelCount: channelCount,
            scratch: channel)
    }

    private func keep(_ count: Int) { kept?.append(contentsOf: buffer[..<count]) }

    /// A magnitude beyond which a sample is taken for none: squares of spectra must stay numbers.
    private static let largest: Float = 1e12

    /// Puts zeros where a sample is no number of a sound, and counts them.
    private func clean(_ count: Int) -> Int {
        var isSound = SIMDMask<SIMD8<Int32>>(repeating: true)
        if let base = UnsafeRawPointer(buffer.baseAddress) {
            for row in 0..<count / 8 {
                let samples = base.loadUnaligned(fromByteOffset: 32 * row, as: SIMD8<Float>.self)
                isSound .&= (samples .< Self.largest) .& (samples .> -Self.largest)
            }
        }
        let rest = buffer[count / 8 * 8..<count].allSatisfy { abs($0) < Self.largest }
        guard !all(isSound) || !rest else { return 0 }
        var found = 0
        for index in 0..<count where !(abs(buffer[index]) < Self.largest) {
            buffer[index] = 0
            found += 1
        }
        return found
    }
}

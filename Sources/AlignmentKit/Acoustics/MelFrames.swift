internal import AlignmentAudio
internal import Foundation

/// The log-mel spectrogram of a sound's beginning: frames of 20 ms every 10 ms, 40 bands, dB.
final class MelFrames: FrameConsumer {
    let length: Int
    let hop: Int
    let offset = 0

    /// The bands' levels, [frame][band / 8][band % 8].
    private(set) var levels: [[SIMD8<Float>]] = []
    /// The level of each frame without its mean, dB.
    private(set) var loudness: [Double] = []

    /// Seconds from frame to frame.
    let step: Double

    private let most: Int
    private let batch: FrameBatch
    private let mel: MelBands
    private let scale: Float
    private var bands = [SIMD8<Float>](repeating: .zero, count: MelBands.count)

    /// Takes up to this many frames.
    init(_ lengths: FrameLengths, most: Int) {
        (length, hop, self.most) = (lengths.short, lengths.step, most)
        step = 1 / lengths.rate
        batch = FrameBatch(
            length: length, transformLength: FrameLengths.transformLength(atLeast: length), isWindowed: true)
        mel = MelBands(transformLength: batch.transform.length, sampleRate: lengths.sampleRate)
        scale = MelBands.scale(windowLength: length)
    }

    func take(_ samples: UnsafePointer<Float>, count: Int) {
        guard levels.count < most else { return }
        batch.load(samples, hop: hop)
        batch.computePower()
        mel.sums(of: batch.power, into: &bands)
        for lane in 0..<min(count, most - levels.count) {
            levels.append(MelBands.levels(of: lane, in: bands, scale: scale))
            loudness.append(batch.levels[lane])
        }
    }

    /// The first frames of a channel of a file.
    static func frames(of file: String, channel: Int, most: Int) throws(SoundError) -> MelFrames {
        let source = try SoundBlocks(file)
        let frames = MelFrames(FrameLengths(sampleRate: source.sampleRate), most: most)
        var feed = FrameFeed([frames])
        try source.forEach { block throws(SoundError) in block.withChannel(channel) { feed.add($0) } }
        feed.finish()
        return frames
    }
}

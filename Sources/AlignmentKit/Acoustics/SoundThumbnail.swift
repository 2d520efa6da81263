public import AlignmentAudio
internal import Foundation

/// A sound as it fits into a small picture.
public struct SoundThumbnail: Sendable {
    /// Least and greatest sample of each column, full scale 1.
    public let waveform: [ClosedRange<Float>]
    /// The greatest level of each mel band in each column, dB; [column][band], from the lowest band. A sound of fewer
    /// frames has fewer columns.
    public let spectrogram: [[Float]]

    /// Draws the loudest channel of a file that was measured.
    public init(_ file: String, _ measures: SoundMeasures, columns: Int) throws(SoundError) {
        let (samples, channel) = (measures.samples, measures.loudestChannel)
        let source = try SoundBlocks(file)
        let lengths = FrameLengths(sampleRate: source.sampleRate)
        let columns = max(1, min(columns, samples))
        let width = Double(max(1, samples)) / Double(columns)
        let waves = WaveColumns(columns: columns, width: width)
        // A column without a frame of its own would be black.
        let frames = max(1, (samples - lengths.short) / lengths.step + 1)
        let mel = MelColumns(lengths, columns: min(columns, frames), frames: frames)
        var feed = FrameFeed([mel])
        try source.forEach { block throws(SoundError) in
            block.withChannel(channel) { part in
                waves.add(part)
                feed.add(part)
            }
        }
        feed.finish()
        waveform = waves.ranges
        spectrogram = mel.levels
    }
}

private final class WaveColumns {
    private(set) var ranges: [ClosedRange<Float>]
    private let width: Double
    private var count = 0

    init(columns: Int, width: Double) {
        ranges = Array(repeating: 0...0, count: columns)
        self.width = width
    }

    func add(_ part: UnsafeBufferPointer<Float>) {
        for sample in part {
            let column = min(Int(Double(count) / width), ranges.count - 1)
            let range = ranges[column]
            if sample < range.lowerBound { ranges[column] = sample...range.upperBound }
            if sample > range.upperBound { ranges[column] = range.lowerBound...sample }
            count += 1
        }
    }
}

private final class MelColumns: FrameConsumer {
    let length: Int
    let hop: Int
    let offset = 0
    private(set) var levels: [[Float]]
    private let frames: Int
    private let batch: FrameBatch
    private let mel: MelBands
    private let scale: Float
    private var bands = [SIMD8<Float>](repeating: .zero, count: MelBands.count)
    private var frame = 0

    init(_ lengths: FrameLengths, columns: Int, frames: Int) {
        (length, hop, self.frames) = (lengths.short, lengths.step, frames)
        levels = Array(repeating: Array(repeating: -140, count: MelBands.count), count: columns)
        batch = FrameBatch(
            length: length, transformLength: FrameLengths.transformLength(atLeast: length), isWindowed: true)
        mel = MelBands(transformLength: batch.transform.length, sampleRate: lengths.sampleRate)
        scale = MelBands.scale(windowLength: length)
    }

    func take(_ samples: UnsafePointer<Float>, count: Int) {
        batch.load(samples, hop: hop)
        batch.computePower()
        mel.sums(of: batch.power, into: &bands)
        for lane in 0..<count {
            let column = min(frame * levels.count / frames, levels.count - 1)
            let found = MelBands.levels(of: lane, in: bands, scale: scale)
            for band in 0..<MelBands.count {
                levels[column][band] = max(levels[column][band], found[band / 8][band % 8])
            }
            frame += 1
        }
    }
}

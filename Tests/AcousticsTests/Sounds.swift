import AlignmentKit
import Foundation
import TestSupport

/// Sounds that tests write and measure.
struct Sounds {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// Channels as one WAV file of floats.
    func write(_ channels: [[Float]], rate: Int = 24_000, name: String = "a.wav") throws -> String {
        var bytes = Data()
        func append<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        let frames = channels.first?.count ?? 0
        let size = frames * channels.count * 4
        bytes.append(Data("RIFF".utf8))
        append(UInt32(36 + size))
        bytes.append(Data("WAVEfmt ".utf8))
        append(UInt32(16))
        append(UInt16(3))
        append(UInt16(channels.count))
        append(UInt32(rate))
        append(UInt32(rate * channels.count * 4))
        append(UInt16(channels.count * 4))
        append(UInt16(32))
        bytes.append(Data("data".utf8))
        append(UInt32(size))
        for frame in 0..<frames { for channel in channels { append(channel[frame].bitPattern) } }
        return try scratch.file(name, bytes)
    }

    /// What is said of a mono sound.
    func judge(_ samples: [Float], rate: Int = 24_000, _ profile: SoundProfile = .standard) throws
        -> SoundResult
    {
        try judge([samples], rate: rate, profile)
    }

    func judge(_ channels: [[Float]], rate: Int = 24_000, _ profile: SoundProfile = .standard) throws
        -> SoundResult
    {
        let file = try write(channels, rate: rate)
        return SoundResult(path: file, try SoundMeter().measure(file), judge: SoundJudge(profile))
    }

    /// Noise of a root mean square, in the same order for the same seed.
    static func noise(_ count: Int, _ amplitude: Double, seed: UInt64 = 1) -> [Float] {
        var dice = SplitMix(state: seed)
        return (0..<count).map { _ in
            Float(amplitude * 3.squareRoot() * Double.random(in: -1...1, using: &dice))
        }
    }

    static func sine(_ count: Int, _ frequency: Double, _ amplitude: Double, rate: Double = 24_000) -> [Float]
    {
        (0..<count).map { Float(amplitude * sin(2 * .pi * frequency * Double($0) / rate)) }
    }

    /// A plausible file of the recordings, full scale 1.
    static func speech(_ name: String = "3537e5d_arabic_generated_002_sample_00073124.wav") throws -> [Float]
    {
        try SoundFile.read(folder + "/" + name).channel(0)
    }

    /// The recordings.
    static let folder =
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path + "/golden/sound"
}

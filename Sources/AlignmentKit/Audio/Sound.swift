public import AlignmentTensors

/// What a sound file holds.
public struct Sound: Sendable, Equatable {
    /// Samples, [frame, channel]; integer encodings are scaled so that full scale is 1, floats are as stored.
    public let samples: NDArray<Float>
    /// Frames per second, as the header says.
    public let sampleRate: Int
    /// How a sample is encoded, by the name that Python's soundfile uses, such as "PCM_16" or "FLOAT".
    public let subtype: String

    /// A sound of samples [frame, channel].
    public init(samples: NDArray<Float>, sampleRate: Int, subtype: String) {
        self.samples = samples
        self.sampleRate = sampleRate
        self.subtype = subtype
    }

    /// The number of frames.
    public var frameCount: Int { samples.rows }
    /// The number of channels, at least 1.
    public var channelCount: Int { samples.columns }
    /// The length in seconds.
    public var duration: Double { Double(frameCount) / Double(sampleRate) }

    /// The samples of one channel, [frame].
    public func channel(_ channel: Int) -> [Float] {
        stride(from: channel, to: samples.scalars.count, by: channelCount).map { samples.scalars[$0] }
    }
}

/// How a waveform is written.
public enum SoundEncoding: String, Sendable, Hashable, CaseIterable {
    /// WAV of 16-bit integers: clipped at full scale and rounded, as Python's soundfile writes by default.
    case pcm16 = "PCM_16"
    /// WAV of 32-bit floats, bit for bit.
    case float = "FLOAT"
}

public import AlignmentStages

/// What a sound file measures. docs/audio.md has the definitions and their sources.
///
/// What needs samples, active frames or a length that the sound does not have is nil.
public struct SoundMeasures: Sendable, Equatable, Codable {
    /// Samples per second, as the header says.
    public var sampleRate: Int
    /// Channels. Measures are those of the channel with the most energy, but for counts and loudness, which are of all.
    public var channels: Int
    /// How samples are encoded, such as "PCM_16".
    public var encoding: String
    /// Samples of each channel that were read.
    public var samples: Int
    /// Whether the file's header says that less sound follows than does, as where its writer was stopped.
    public var isHeaderTooSmall: Bool
    /// Seconds.
    public var seconds: Double
    /// The length in the codec's frames of 40 ms.
    public var frames: Double
    /// Whether the length is a whole number of the codec's frames.
    public var isWholeFrames: Bool
    /// Samples over all channels that are NaN or infinite. They count as zeros in all other measures.
    public var nonFinite: Int

    /// Mean square, full scale 1.
    public var meanSquare: Double
    /// Mean square without the mean: the energy that the gate and the level go by.
    public var acEnergy: Double
    /// Root mean square, dB; nil for digital silence.
    public var rmsDbfs: Double?
    /// The greatest magnitude, dB; nil for digital silence.
    public var peakDbfs: Double?
    /// The mean.
    public var dcOffset: Double
    /// Different samples on the grid of 16-bit integers.
    public var distinctValues: Int
    /// The least and the greatest sample are the same, in every channel.
    public var isConstant: Bool
    /// The AC energy of each channel; nil for one.
    public var channelEnergies: [Double]?

    /// The greatest share of samples at or beyond full scale of any channel.
    public var clippedShare: Double
    /// The most samples in a row at or beyond full scale.
    public var longestClippedRun: Int
    /// Samples over all channels beyond full scale, which become clipped or wrap where they are written as integers.
    public var beyondFullScale: Int
    /// Jumps over all channels from one end of the scale to the other where the waveform went on beyond it.
    public var wraps: Int
    /// Neighbouring samples over all channels that are more than 1 apart.
    public var jumps: Int

    /// The 95th percentile of the levels of frames of 20 ms, dB.
    public var loudLevelDbfs: Double?
    /// Share of frames of 20 ms that are active.
    public var activeRatio: Double
    /// Seconds before the first active frame.
    public var leadingSilence: Double
    /// Seconds after the last active frame.
    public var trailingSilence: Double
    /// The longest silence between active frames, seconds.
    public var longestGap: Double
    /// Where that silence begins, seconds.
    public var gapPlace: Double?
    /// The level of the last 40 ms against `loud_level_dbfs`, dB.
    public var endLevelDb: Double?

    /// Mean over frames of 40 ms of the geometric mean of the power divided by the arithmetic one, 0 ... 1.
    public var spectralFlatness: Double?
    /// Standard deviation of the spectral centroid, Hz.
    public var centroidDeviation: Double?
    /// Standard deviation of the rate of zero crossings.
    public var crossingDeviation: Double?
    /// Median change of log-mel levels between neighbouring frames of 20 ms, dB.
    public var melFlux: Double?
    /// Share of the envelope's modulation at 2 to 8 Hz, 0 ... 1.
    public var modulationShare: Double?
    /// Median of the frames' greatest autocorrelation at 60 to 450 Hz, 0 ... 1.
    public var harmonicity: Double?
    /// Peaks of the speech band's envelope per active second.
    public var syllableRate: Double?
    /// The greatest correlation at which the sound's log-mel spectrogram comes back, 0 ... 1; 0 if it does not.
    public var loop: Double
    /// Seconds after which it comes back.
    public var loopPeriod: Double?

    /// Integrated loudness, LUFS.
    public var loudnessLufs: Double?
    /// True peak, dBTP; only where it is asked for.
    public var truePeakDbtp: Double?
    /// The least bend at boundaries of the codec's frames that come in a period, against the bends around them.
    public var seam: Double?
    /// That period in seconds.
    public var seamPeriod: Double?

    /// The story's steps of AC energy.
    public var level: SoundLevel { SoundLevel(energy: acEnergy) }

    /// The channel that is measured: the first that has the most energy, to a millionth, because two that differ in
    /// sign only are alike.
    var loudestChannel: Int { Self.loudest(of: channelEnergies ?? []) }

    static func loudest(of energies: [Double]) -> Int {
        let most = energies.max() ?? 0
        return energies.firstIndex { $0 >= most * (1 - 1e-6) } ?? 0
    }
}

internal import AlignmentStages

/// The thresholds of the verdicts.
///
/// The defaults were chosen on some hundred files of one pipeline and one language family (docs/audio.md): they are
/// defaults, not truths.
public struct SoundProfile: Sendable, Equatable {
    /// The name.
    public var name = "standard"
    /// Sample rates that are right, Hz.
    public var sampleRates = [24_000]
    /// AC energy below which a sound is silent.
    public var silentEnergy = SoundLevel.gate
    /// Active ratio below which a sound is mostly silent.
    public var leastActiveRatio = 0.15
    /// Share of samples at full scale above which a sound is clipped, if a run is long enough.
    public var mostClippedShare = 1e-4
    /// Samples in a row at full scale from which on a sound is clipped, if there are enough of them.
    public var clippedRun = 4
    /// Votes without which a sound has no structure of speech, of six.
    public var leastVotes = 4
    /// Spectral flatness from which on a sound has no structure of speech, whatever its other votes, if it lacks
    /// harmonicity.
    public var noiseFlatness = 0.1
    /// A vote: the centroid's deviation is above, Hz.
    public var voteCentroidDeviation = 400.0
    /// A vote: the deviation of the rate of zero crossings is above.
    public var voteCrossingDeviation = 0.045
    /// A vote: the mel flux is above, dB.
    public var voteMelFlux = 1.8
    /// A vote: the modulation's share at 2 to 8 Hz is above.
    public var voteModulationShare = 0.15
    /// A vote: the harmonicity is between.
    public var voteHarmonicity = 0.5...0.985
    /// A vote: the syllable rate is between, per second.
    public var voteSyllableRate = 1.5...9.0
    /// Correlation above which a sound is looped.
    public var loopCorrelation = 0.5
    /// Silence between active frames above which there is a long gap, seconds.
    public var longestGap = 1.5
    /// Silence at the end above which there is a long gap, seconds.
    public var longestTrailing = 1.5
    /// Silence at the beginning above which there is a long gap, seconds.
    public var longestLeading = 1.0
    /// Level of the last 40 ms against the loud level above which a sound is cut off, dB.
    public var cutOffLevel = -12.0
    /// Magnitude of the mean above which there is an offset.
    public var largestOffset = 0.01
    /// Frames that a stream without EOS has less than its limit has tokens: 1 to open the audio, 7 that the delay
    /// pattern takes, 2 that are stripped.
    public var framesBelowBudget = [10]
    /// Verdicts that do not fail a run.
    public var warnings: Set<SoundVerdict> = [.cutOff, .longGap]

    /// The defaults.
    public init() {}

    /// The defaults.
    public static let standard = SoundProfile()

    /// Whether a verdict fails a run.
    public func fails(_ verdict: SoundVerdict) -> Bool {
        verdict != .plausible && !warnings.contains(verdict)
    }
}

/// Forces BOS above the delay's front and EOS below its end, column by column.
///
/// Source: upstream `model/higgs_audio/modeling_higgs_audio.py`,
/// `HiggsAudioModel._sample_audio_tokens`.
public struct DelayStateMachine: Sendable {
    let bos: Int64
    let eos: Int64
    let isOn: Bool
    let codebooks: Int

    /// Rows delayed so far.
    public private(set) var numDelay = 0
    /// Rows still to be ended; nil before the first EOS.
    public private(set) var numRemainingDelays: Int?
    /// The last step ended the segment.
    public private(set) var hasEnded = false
    /// Rows of the last step's column that were drawn, not forced.
    public private(set) var liveRows = 0..<0

    /// A state machine at the start of a segment.
    public init(_ profile: GenerationProfile) {
        bos = Int64(profile.audioStreamBOS)
        eos = Int64(profile.audioStreamEOS)
        isOn = profile.useDelayPattern
        codebooks = profile.audioNumCodebooks
    }

    /// Takes the column that was drawn and gives the column that is kept, [codebook].
    ///
    /// Only the first codebook's EOS of a step counts. The rows above it are overwritten with EOS; a second
    /// EOS of the same step stays where it is.
    public mutating func step(_ drawn: [Int64]) -> [Int64] {
        var column = drawn
        hasEnded = false
        liveRows = column.indices
        guard isOn else { return column }
        if numDelay + 1 < column.count {
            liveRows = 0..<numDelay + 1
            for row in (numDelay + 1)..<column.count { column[row] = bos }
            numDelay += 1
        }
        var ended = 0..<0
        if let remaining = numRemainingDelays {
            ended = pythonSlice(0, codebooks - remaining, count: column.count)
            numRemainingDelays = remaining - 1
        } else if let first = column.firstIndex(of: eos) {
            ended = 0..<first
            numRemainingDelays = codebooks - first - 1
        }
        for row in ended { column[row] = eos }
        liveRows = min(ended.upperBound, liveRows.upperBound)..<liveRows.upperBound
        if let remaining = numRemainingDelays, remaining <= 0 {
            hasEnded = true
            numDelay = 0
            numRemainingDelays = nil
        }
        return column
    }
}

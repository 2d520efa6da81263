/// Upstream's delay: what was drawn is overwritten with BOS above the front and with EOS below the end.
///
/// Only the first codebook's EOS of a step counts. The rows above it are overwritten with EOS; a second EOS of
/// the same step stays where it is.
///
/// Source: upstream `model/higgs_audio/modeling_higgs_audio.py`, `HiggsAudioModel._sample_audio_tokens`.
struct OverwritingDelay {
    private let bos: Int64
    let eos: Int64
    let codebooks: Int
    /// Rows delayed so far.
    private(set) var numDelay = 0
    /// Rows still to be ended; nil before the first EOS.
    private(set) var numRemainingDelays: Int?

    init(_ profile: GenerationProfile) {
        bos = Int64(profile.audioStreamBOS)
        eos = Int64(profile.audioStreamEOS)
        codebooks = profile.audioNumCodebooks
    }

    /// Goes on after a column of the prompt's own stream.
    mutating func resume(after column: [Int64]) {
        numDelay = codebooks - column.count { $0 == bos }
        numRemainingDelays = column.firstIndex(of: eos).map { codebooks - $0 - 1 }
    }

    mutating func step(_ drawn: [Int64]) -> DelayStep {
        var column = drawn
        var live = column.indices
        if numDelay + 1 < column.count {
            // Python's slice end may be negative where a continued prompt holds more BOS than codebooks.
            let start = pythonSlice(numDelay + 1, column.count, count: column.count)
            live = 0..<start.lowerBound
            for row in start { column[row] = bos }
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
        live = min(ended.upperBound, live.upperBound)..<live.upperBound
        guard let remaining = numRemainingDelays, remaining <= 0 else {
            return DelayStep(column: column, liveRows: live, hasEnded: false)
        }
        numDelay = 0
        numRemainingDelays = nil
        return DelayStep(column: column, liveRows: live, hasEnded: true)
    }
}

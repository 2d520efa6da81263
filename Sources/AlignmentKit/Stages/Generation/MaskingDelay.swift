/// The port's delay: the logits of forced rows are masked before the draw.
///
/// From the column after the first EOS, whichever codebook drew it, one more row of EOS is forced in each column,
/// counted from the first codebook. The stream is over with a column of nothing but EOS.
///
/// Source: transformers `generation_higgs_audio_v2.py`, `HiggsAudioV2DelayPatternLogitsProcessor` and
/// `HiggsAudioV2GenerationMixin._sample`.
struct MaskingDelay {
    private let bos: Int64
    private let eos: Int64
    /// Columns for which each row is still forced to BOS; below 0 for none.
    private var bosDelay: [Int]
    /// Columns after which each row is forced to EOS.
    private var eosDelay: [Int]
    /// The last text id is the delay token.
    private(set) var isEnding = false
    /// Repetition-aware sampling draws every row again, from logits without the mask.
    private let isUndoneByRedraws: Bool

    init(_ profile: GenerationProfile, promptTail: PromptTail?) {
        bos = Int64(profile.audioStreamBOS)
        eos = Int64(profile.audioStreamEOS)
        isUndoneByRedraws =
            profile.rasWinLen != nil && profile.rasMaxRepeat <= 0
        let delays = Array(1...max(profile.audioNumCodebooks, 1))
        let count = delays.count
        guard let tail = promptTail else {
            (bosDelay, eosDelay) = (delays.map { $0 - 1 }, delays)
            return
        }
        // The port looks at the last ids only; a shorter prompt lies at their start.
        let seen = Array(tail.ids.suffix(count))
        func delay(since id: Int64) -> Int? { seen.firstIndex(of: id).map { count - $0 } }
        let opened = delay(since: tail.audioOutBOS)
        bosDelay = delays.map { delay in opened.map { delay - $0 } ?? 0 }
        let ended = delay(since: tail.audioDelay) ?? 0
        eosDelay = delays.map { $0 - ended }
        isEnding = seen.last == tail.audioDelay
    }

    /// What each row of the next column is masked to.
    var masks: [Mask?] {
        bosDelay.indices.map { row in
            let isBOS = bosDelay[row] >= 0
            let isEOS = eosDelay[row] - (isEnding ? 1 : 0) <= 0
            return isBOS && isEOS ? .nothing : isBOS ? .only(bos) : isEOS ? .only(eos) : nil
        }
    }

    mutating func step(_ drawn: [Int64]) -> DelayStep {
        var column = drawn
        var live = column.indices
        if !isUndoneByRedraws {
            for (row, mask) in zip(column.indices, masks) {
                if case .only(let id)? = mask { column[row] = id }
            }
            let free = masks.prefix(column.count).indices.filter { !(masks[$0]?.isForced ?? false) }
            live = free.isEmpty ? 0..<0 : free[0]..<free[free.count - 1] + 1
        }
        for row in bosDelay.indices {
            if bosDelay[row] >= 0 { bosDelay[row] -= 1 }
            if isEnding { eosDelay[row] -= 1 }
        }
        isEnding = isEnding || column.contains(eos)
        return DelayStep(column: column, liveRows: live, hasEnded: column.allSatisfy { $0 == eos })
    }
}

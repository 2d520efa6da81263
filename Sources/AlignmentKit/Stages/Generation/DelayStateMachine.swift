import AlignmentTensors

/// Forces BOS above the delay's front and EOS below its end, column by column.
///
/// Upstream overwrites what was drawn; the port masks the logits before the draw. They also end a stream
/// differently: see `OverwritingDelay` and `MaskingDelay`.
public struct DelayStateMachine: Sendable {
    private enum Rule: Sendable {
        case off
        case overwriting(OverwritingDelay)
        case masking(MaskingDelay)
    }

    private var rule: Rule

    /// The last step ended the segment.
    public private(set) var hasEnded = false
    /// The column that was kept last, [codebook].
    private(set) var column: [Int64]
    /// Rows of the last step's column that were drawn, not forced.
    public private(set) var liveRows = 0..<0

    /// A state machine after a segment's first column.
    ///
    /// - Parameters:
    ///   - promptTail: the last ids of the prompt, as many as there are codebooks; the port counts its delays
    ///     from where `<|audio_out_bos|>` stands in them. nil for a prompt that ends in it.
    ///   - first: the first column, [codebook]; nil for one of BOS. Upstream makes it without a look at it, the
    ///     port draws it.
    public init(_ profile: GenerationProfile, promptTail: PromptTail? = nil, first: [Int64]? = nil) {
        column =
            first ?? Array(repeating: Int64(profile.audioStreamBOS), count: profile.audioNumCodebooks)
        guard profile.useDelayPattern else {
            rule = .off
            return
        }
        switch profile.delayMachine {
        case .overwrite: rule = .overwriting(OverwritingDelay(profile))
        case .mask:
            var delay = MaskingDelay(profile, promptTail: promptTail)
            let result = delay.step(column)
            (column, hasEnded) = (result.column, result.hasEnded)
            rule = .masking(delay)
        }
    }

    /// A state machine that goes on after this column of a stream in the prompt, [codebook].
    ///
    /// - Source: upstream `HiggsAudioModel._sample`, for a prompt that ends in `<|AUDIO_OUT|>`.
    init(_ profile: GenerationProfile, after column: [Int64]) {
        self.init(profile)
        if case .overwriting(var delay) = rule {
            delay.resume(after: column)
            rule = .overwriting(delay)
        }
    }

    /// Rows delayed so far; nil where nothing counts them.
    public var numDelay: Int? {
        switch rule {
        case .off: 0
        case .overwriting(let delay): delay.numDelay
        case .masking: nil
        }
    }

    /// Rows still to be ended; nil before the first EOS and where nothing counts them.
    public var numRemainingDelays: Int? {
        if case .overwriting(let delay) = rule { delay.numRemainingDelays } else { nil }
    }

    /// The first EOS was drawn and the segment is not over.
    package var isEnding: Bool {
        switch rule {
        case .off: false
        case .overwriting(let delay): delay.numRemainingDelays != nil
        case .masking(let delay): delay.isEnding
        }
    }

    /// What the logits of the next column are masked to, for each codebook; nil where nothing is masked.
    var masks: [Mask?] {
        if case .masking(let delay) = rule { delay.masks } else { [] }
    }

    /// What was drawn for the next column, as far as the column that was kept, and what follows it, show.
    func draws(_ index: Int, of stream: NDArray<Int64>) -> [Int64] {
        if case .overwriting(let delay) = rule {
            delay.draws(index, of: stream)
        } else {
            stream.column(index)
        }
    }

    /// Takes the column that was drawn and gives the column that is kept, [codebook].
    public mutating func step(_ drawn: [Int64]) -> [Int64] {
        let result: DelayStep
        switch rule {
        case .off: result = DelayStep(column: drawn, liveRows: drawn.indices, hasEnded: false)
        case .overwriting(var delay):
            result = delay.step(drawn)
            rule = .overwriting(delay)
        case .masking(var delay):
            result = delay.step(drawn)
            rule = .masking(delay)
        }
        (column, liveRows, hasEnded) = (result.column, result.liveRows, result.hasEnded)
        return column
    }
}

public import AlignmentTensors

/// What the sampler saw and drew.
public struct GenerationFacts: Sendable {
    /// Audio logits of every step, [step, codebook, id]; nil if they were not recorded.
    public let logits: NDArray<Float>?
    /// Columns of conditioning audio that the repetition window sees before the first drawn one,
    /// [codebook, column].
    public var referenceColumns: NDArray<Int64>
    /// What was kept: one delayed stream for each segment, [codebook, column]. The first column of each is
    /// not drawn, forced cells have lost their draws.
    public var segments: [NDArray<Int64>]
    /// How the prompt ended; nil for one that ends in `<|audio_out_bos|>`.
    public var promptTail: PromptTail?
    /// The text around the streams; nil if it was not recorded.
    public var text: TextFacts?
    /// The largest audio logits of every step, where not all were recorded.
    public var top: TopLogits?
    let ranking: LogitRanking?

    /// The facts of one request.
    public init(
        logits: NDArray<Float>?, referenceColumns: NDArray<Int64>, segments: [NDArray<Int64>],
        promptTail: PromptTail? = nil
    ) {
        self.promptTail = promptTail
        self.logits = logits
        ranking = logits.map(LogitRanking.init)
        self.referenceColumns = referenceColumns
        self.segments = segments
    }

    /// What the text head said.
    public struct TextFacts: Sendable {
        /// Ids of the prompt, [position].
        public var promptIDs: [Int64]
        /// Generated ids as `generate` returned them, [position].
        public var generatedIDs: [Int64]
        /// The configuration that names the special ids.
        public var model: ModelConfiguration

        /// The text of one request.
        public init(promptIDs: [Int64], generatedIDs: [Int64], model: ModelConfiguration) {
            self.promptIDs = promptIDs
            self.generatedIDs = generatedIDs
            self.model = model
        }
    }

    /// Sampler steps over all segments: a segment of L columns took L - 1.
    public var stepCount: Int { segments.reduce(0) { $0 + max($1.columns - 1, 0) } }
}

/// What the generation stage gives for recorded logits and draws: all that is free of random numbers.
public struct GenerationOutput: Sendable, Equatable {
    /// Scores after temperature, top-k and top-p, [step, codebook, id]; nil without logits.
    public var scores: NDArray<Float>?
    /// The streams with BOS and EOS forced where the state machine forces them, [codebook, column].
    public var segments: [NDArray<Int64>]
    /// Rows delayed so far, after each step, [step]; nil where nothing counts them.
    public var numDelay: [Int64]?
    /// Rows still to be ended, after each step; -1 for None, [step]; nil where nothing counts them.
    public var numRemainingDelays: [Int64]?
    /// Generated text ids, [position]; nil without recorded text, and where the loop raises.
    public var textIDs: [Int64]?

    /// The fields under their archive names.
    public var fields: [NamedField] {
        (scores.map { [NamedField("scores", .tensor(.float32($0)))] } ?? [])
            + segments.enumerated().map { NamedField("segments/\($0)/delayed", .tensor(.int64($1))) }
            + [("text_ids", textIDs), ("num_delay", numDelay), ("num_remaining_delays", numRemainingDelays)]
            .compactMap {
                name, counts in
                counts.map { NamedField(name, .tensor(.int64(NDArray(vector: $0)))) }
            }
    }
}

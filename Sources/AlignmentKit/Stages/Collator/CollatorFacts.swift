public import AlignmentTensors

/// What a collator call stood on, whatever the pipeline then built of it.
public struct CollatorFacts: Sendable {
    /// The requests of the call, one for each row of the batch.
    public var items: [CollatorItem]

    /// The facts of these requests.
    public init(items: [CollatorItem]) { self.items = items }
}

/// One request: its prompt and the audio that was encoded for it.
public struct CollatorItem: Sendable {
    /// Ids of the prompt as it was written, [position].
    public var promptIDs: [Int64]
    /// Encoded audio in the order in which the codec encoded it.
    public var segments: [EncodedSegment]
    /// The sample as the pipeline built it, for what only it can say.
    public var built: ChatMLSample?

    /// A request of this prompt and these segments.
    public init(promptIDs: [Int64], segments: [EncodedSegment], built: ChatMLSample? = nil) {
        self.promptIDs = promptIDs
        self.segments = segments
        self.built = built
    }
}

/// Audio as the codec encoded it.
public struct EncodedSegment: Sendable {
    /// [codebook, frame].
    public var codes: NDArray<Int64>

    /// A segment of these codes.
    public init(codes: NDArray<Int64>) { self.codes = codes }
}

/// What the collator is given for one request; nil stands for Python's None.
///
/// Source: upstream `dataset/chatml_dataset.py`, `ChatMLDatasetSample`.
public struct ChatMLSample: Sendable, Equatable {
    /// [position].
    public var inputIDs: [Int64]
    /// [position].
    public var labelIDs: [Int64]?
    /// Codes of all segments side by side, [codebook, frame].
    public var audioIDsConcat: NDArray<Int64>?
    /// Where each segment starts in the codes, [segment].
    public var audioIDsStart: [Int]?
    /// Waveforms one after the other, [sample].
    public var waveformsConcat: [Float]?
    /// Where each waveform starts, [segment].
    public var waveformsStart: [Int]?
    /// Rate of each waveform in Hz, [segment].
    public var sampleRates: [Double]?
    /// Labels of the codes, [codebook, frame].
    public var audioLabelIDsConcat: NDArray<Int64>?
    /// A reward for training.
    public var reward: Float?

    /// A sample for inference: no labels, no audio but what is set afterwards.
    public init(inputIDs: [Int64]) { self.inputIDs = inputIDs }
}

extension ChatMLSample {
    /// Where one segment's codes begin and end, as Python's slice takes them.
    ///
    /// Source: `ChatMLDatasetSample.get_audio_codes` and `get_audio_codes_labels`: from the segment's start to
    /// the next one's, the last one's to the end of the codes.
    func audioBounds(_ index: Int) throws(UpstreamError) -> (start: Int, stop: Int) {
        let location = "dataset/chatml_dataset.py, ChatMLDatasetSample.get_audio_codes"
        guard let starts = audioIDsStart else { throw .noneNotSubscriptable(in: location) }
        guard index < starts.count else {
            throw .indexOutOfBounds(index, size: starts.count, in: location)
        }
        guard let codes = audioIDsConcat else {
            throw .noConcatenation(isLast: index >= starts.count - 1, location)
        }
        return (starts[index], index < starts.count - 1 ? starts[index + 1] : codes.columns)
    }

    /// One waveform and its declared rate.
    ///
    /// Source: `ChatMLDatasetSample.get_wv`.
    func waveform(_ index: Int) throws(UpstreamError) -> (samples: ArraySlice<Float>, rate: Double) {
        let location = "dataset/chatml_dataset.py, ChatMLDatasetSample.get_wv"
        guard let starts = waveformsStart else { throw .noneNotSubscriptable(in: location) }
        guard index < starts.count else { throw .indexOutOfBounds(index, size: starts.count, in: location) }
        guard let rates = sampleRates else { throw .noneNotSubscriptable(in: location) }
        guard index < rates.count else { throw .indexOutOfBounds(index, size: rates.count, in: location) }
        guard let concat = waveformsConcat else {
            throw .noConcatenation(isLast: index >= starts.count - 1, location)
        }
        let stop = index < starts.count - 1 ? starts[index + 1] : concat.count
        return (concat[pythonSlice(starts[index], stop, count: concat.count)], rates[index])
    }
}

extension UpstreamError {
    /// Segments have starts but there is nothing that they start in. Only the last one asks for its length.
    fileprivate static func noConcatenation(isLast: Bool, _ location: String) -> UpstreamError {
        guard isLast else { return .noneNotSubscriptable(in: location) }
        return UpstreamError(
            type: "AttributeError", message: "'NoneType' object has no attribute 'shape'", location: location)
    }
}

public import AlignmentCodec

/// Every knob that real pipelines set differently, with a value for each.
///
/// A profile is what a stage is run under. `Knob.all` lists its knobs with their archive keys.
public struct Profile: Sendable, Equatable {
    /// How samples are built and collated.
    public var collator: CollatorProfile
    /// How tokens are sampled.
    public var generation: GenerationProfile
    /// How delayed tokens become codes.
    public var tokens: TokensProfile
    /// How codes become sound.
    public var decode: DecodeProfile

    /// Whether both set every knob of a stage alike.
    public func isSame(as other: Profile, in stage: Stage) -> Bool {
        switch stage {
        case .collator: collator == other.collator
        case .generation: generation == other.generation
        case .tokens: tokens == other.tokens
        case .decode: decode == other.decode
        }
    }
}

/// Knobs of the collator stage (`HiggsAudioSampleCollator` and the code that builds its samples).
public struct CollatorProfile: Sendable, Equatable {
    /// Codes under `<|AUDIO|>` go to the model as `audio_in_ids`.
    public var returnAudioInTokens: Bool
    /// The sequence length is padded to a multiple of this.
    public var roundTo: Int
    /// Where the padding goes.
    public var padSide: PadSide
    /// Whisper features are computed for `<|AUDIO|>` placeholders.
    public var encodeWhisperEmbed: Bool
    /// Mel bins of the Whisper processor; None without a processor, where Whisper's features, if they are
    /// asked for all the same, have the 128 of the processor that the serving engine loads.
    public var whisperMelBins: Int?
    /// Conditioning codes are delayed, one column more for each codebook.
    public var useDelayPattern: Bool
    /// Codebooks kept of each segment; None keeps all.
    public var audioNumCodebooks: Int?
    /// The id that opens an audio stream.
    public var audioStreamBOS: Int
    /// The id that ends an audio stream.
    public var audioStreamEOS: Int
    /// The text id that pads.
    public var padTokenID: Int
    /// The id of `<|AUDIO|>`.
    public var audioInTokenID: Int
    /// The id of `<|AUDIO_OUT|>`.
    public var audioOutTokenID: Int
    /// Codes are taken as they are, without BOS and EOS columns.
    public var disableAudioCodesTransform: Bool
    /// Labels at `<|AUDIO_OUT|>` are masked.
    public var maskAudioOutTokenLabel: Bool
    /// Longest piece of a waveform for one Whisper window, in seconds.
    public var chunkSizeSeconds: Double
    /// Where each segment starts in the concatenated codes.
    public var audioIDsStart: SegmentStarts
    /// How the absence of audio is passed on.
    public var noAudio: AbsentAudio
    /// Which reference waveforms the sample carries.
    public var waveforms: AttachedWaveforms
    /// Where each waveform starts in the concatenated waveforms.
    public var waveformsStart: SegmentStarts
    /// The rate that the sample declares for its first waveform, in Hz.
    public var waveformSampleRate: Double?
    /// Whether the sample names speakers. No code reads it.
    public var audioSpeakerIndices: AbsentAudio
    /// What the batch is made of.
    public var batchLayout: BatchLayout
    /// Which placeholders stay in the prompt.
    public var placeholders: PlaceholderRule
    /// In what form the sample carries the codes of its segments.
    public var segmentCodes: SegmentCodes
    /// Whether a prompt that ends before the assistant's turn gets its header.
    public var generationPrompt: PromptEnding
}

/// Knobs of the generation stage (`HiggsAudioModel.generate`).
public struct GenerationProfile: Sendable, Equatable {
    /// Tokens are drawn; otherwise the largest score wins.
    public var doSample: Bool
    /// Divides the logits; None and 1 leave them.
    public var temperature: Double?
    /// Candidates kept per codebook; None and 0 keep all.
    public var topK: Int?
    /// Probability mass of the nucleus; None and values from 1 keep all.
    public var topP: Double?
    /// Columns that repetition-aware sampling looks back on; None switches it off.
    public var rasWinLen: Int?
    /// Repeats within the window from which a row is drawn again.
    public var rasMaxRepeat: Int
    /// BOS and EOS in the window count as repeats.
    public var rasCountsSpecials: Bool
    /// Texts that end the generation.
    public var stopStrings: [String]
    /// Steps, of text and audio together; None for a limit that the caller chooses.
    public var maxNewTokens: Int?
    /// How the limit is found.
    public var budget: Budget
    /// Seeds the draws; None leaves them to the global state.
    public var seed: Int?
    /// The delay state machine forces BOS and EOS.
    public var useDelayPattern: Bool
    /// How it forces them.
    public var delayMachine: DelayMachine
    /// Codebooks of the audio head.
    public var audioNumCodebooks: Int
    /// Codes in a codebook, without the two special ids.
    public var audioCodebookSize: Int
    /// The id that opens an audio stream.
    public var audioStreamBOS: Int
    /// The id that ends an audio stream.
    public var audioStreamEOS: Int
}

/// Knobs of the tokens stage: from `generate`'s delayed ids to the codec's codes.
public struct TokensProfile: Sendable, Equatable {
    /// How often the delay is undone.
    public var revert: Int
    /// The delay is undone in chunks of this many columns, as streaming pipelines do; None for all at once.
    public var revertChunk: Int?
    /// Columns of the chunk before that each later chunk begins with; codebooks - 1 loses nothing.
    public var revertOverlap: Int
    /// Ids are clipped to 0 ... this; None leaves them.
    public var clipMax: Int?
    /// Which of the two end columns are cut off.
    public var strip: Strip
    /// The strip is skipped unless a stream has more columns than this; None always strips.
    public var stripGuard: Int?
    /// The segments' codes are joined before decoding.
    public var joinSegments: Bool
    /// The order of the steps.
    public var order: [TokenStep]
    /// The codebooks handed on, in this order; None hands on all as sampled.
    public var codebooks: [Int]?
    /// What the clip does with ids outside 0 ... `clipMax`.
    public var outOfRange: OutOfRange
    /// Columns cut off each end of a delayed stream before anything else, each from 0.
    public var rampColumns: EndCuts
    /// How each segment's codes lie in the matrix that is handed on.
    public var layout: CodeLayout
}

/// Knobs of the decode stage (`HiggsAudioTokenizer.decode` and what writes its waveform).
public struct DecodeProfile: Sendable, Equatable {
    /// Arithmetic of the codec.
    public var dtype: CodecPrecision
    /// Codebooks used; None uses all that it is given.
    public var quantizers: Int?
    /// Frames decoded at a time; None decodes all at once.
    public var chunkFrames: Int?
    /// Frames on each side of a chunk that are decoded with it and cut off; 10 reach as far as the codec does.
    public var chunkContext: Int
    /// Frames after a chunk that are decoded with it and cut off; None for as many as on its left.
    public var chunkRightContext: Int?
    /// Rate in the header of the written file, in Hz.
    public var sampleRate: Int
    /// Encoding of the written file, in libsndfile's words; None for one not written.
    public var subtype: String?
    /// How the codec's convolutions make their weights of magnitude and direction.
    public var weightNorm: WeightNorm
    /// Samples cut off each end of a call's waveform; negative numbers put zeros there.
    public var trim: EndCuts
    /// Where the cuts act.
    public var trimAt: FinishPoint
    /// What each call's waveform is scaled by, after the cuts that act at the same place.
    public var outputScale: OutputScale
    /// Where the scale acts.
    public var scaleAt: FinishPoint
    /// How samples become integers in the written file.
    public var overflow: SampleOverflow
}

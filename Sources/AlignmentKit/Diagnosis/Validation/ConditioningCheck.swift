public import AlignmentJSON

/// One check of a capture's conditioning.
public struct ConditioningCheck: Sendable, Equatable, Codable {
    /// Which one.
    public var check: Name
    /// How it came out.
    public var status: Status
    /// What was found; null for nothing.
    public var value: JSONValue
    /// What was expected.
    public var expected: JSONValue
    /// The objects of the archive that it rests on, as paths inside it.
    public var evidence: [String]
    /// What the status rests on, in one sentence.
    public var why: String
    /// The knobs that are not as the reference has them; only in `serve_engine_alignment`.
    public var mismatches: [Mismatch]?

    /// The checks, in the order in which the audio goes through the pipeline.
    public enum Name: String, Sendable, Codable, CaseIterable {
        case whisperProcessor = "whisper_processor"
        case melBins = "mel_bins"
        case waveformRate = "waveform_rate"
        case conditioningPathway = "conditioning_pathway"
        case specialTokenIDs = "special_token_ids"
        case placeholders
        case assistantHeader = "assistant_header"
        case streamIDs = "stream_ids"
        case audioTokenizer = "audio_tokenizer"
        case codecCodebooks = "codec_codebooks"
        case codecCodebookSize = "codec_codebook_size"
        case referenceAudio = "reference_audio"
        case serveEngineAlignment = "serve_engine_alignment"
    }

    /// How a check came out.
    public enum Status: String, Sendable, Codable, CaseIterable {
        case passed
        /// Nothing is wrong with this capture, but the next one may not be so lucky.
        case warning
        case failed
        /// The capture does not hold what would decide it.
        case notDecided = "not_decided"
    }

    /// A knob that is not as the reference has it.
    public struct Mismatch: Sendable, Equatable, Codable {
        /// Its archive key.
        public var name: String
        /// The captured value, as JSON text.
        public var captured: String
        /// The reference's value, as JSON text.
        public var reference: String
        /// What it does on this capture; nil if that could not be decided.
        public var effect: Effect?
        /// The deviations of the catalogue that it makes.
        public var deviations: [String]
    }
}

/// The checks of one request.
public struct SampleValidation: Sendable, Equatable, Codable {
    /// The archive's path, as given.
    public var path: String
    /// The request's name.
    public var sample: String
    /// The profile judged against.
    public var reference: String
    /// How the reference's sound reaches the model, by what the batch holds; nil if no batch was recorded.
    public var pathway: Pathway?
    /// The checks, in order.
    public var checks: [ConditioningCheck]
    /// 0 nothing failed, 1 a check failed, 2 nothing could be decided.
    public var exitCode: Int

    /// How a reference's sound reaches the model.
    public enum Pathway: String, Sendable, Codable {
        /// Whisper features and codes.
        case dual
        /// Codes alone.
        case codecOnly = "codec-only"
    }
}

public import AlignmentTensors

/// The loop around the sampler: text and audio by turns, several segments, and why it stops.
///
/// It takes what each step draws and gives what `generate` returns. Whatever forces a token, forces it here; what
/// a model or a sampler decides is given.
///
/// Source: upstream `modeling_higgs_audio.py`, `HiggsAudioModel._sample`; transformers
/// `generation_higgs_audio_v2.py`, `HiggsAudioV2GenerationMixin._sample`.
public struct GenerationLoop: Sendable {
    /// What each step draws.
    public struct Draws: Sendable {
        /// Ids of the text head, one for each step of text.
        public var text: [Int64]
        /// Columns of the audio head, [codebook], one for each step of audio, before anything is forced.
        public var audio: [[Int64]]

        /// The draws of a generation.
        public init(text: [Int64], audio: [[Int64]]) {
            self.text = text
            self.audio = audio
        }
    }

    /// What `generate` returns, and why it stopped.
    public struct Output: Sendable, Equatable {
        /// Generated text ids, one `<|AUDIO_OUT|>` for each segment upstream and one for each column in the port.
        public var textIDs: [Int64] = []
        /// Delayed streams, [codebook, column].
        public var segments: [NDArray<Int64>] = []
        /// Steps of text and audio together.
        public var steps = 0
        /// Everything that asked for an end; none where the draws ran out first.
        public var stops: Set<Stop> = []
    }

    /// A reason to stop.
    public enum Stop: String, Sendable {
        /// An id that ends the generation by itself.
        case eos
        /// A stop string.
        case stopString = "stop_string"
        /// The limit on new tokens.
        case limit
    }

    private let profile: GenerationProfile
    private let model: ModelConfiguration
    private let stopStrings: StopStrings
    private let eosIDs: [Int64]
    private let vocabularySize: Int?

    /// - Parameters:
    ///   - texts: what each text id adds to the text, for the profile's stop strings.
    ///   - eosIDs: text ids that end the generation by themselves.
    ///   - vocabularySize: the tokenizer's length, beyond which upstream raises; nil for no check.
    public init(
        _ profile: GenerationProfile, model: ModelConfiguration, texts: [Int64: String] = [:],
        eosIDs: [Int64] = [], vocabularySize: Int? = nil
    ) {
        self.profile = profile
        self.model = model
        stopStrings = StopStrings(profile.stopStrings, texts: texts)
        self.eosIDs = eosIDs
        self.vocabularySize = vocabularySize
    }

    /// Runs the loop for a prompt.
    ///
    /// - Parameters:
    ///   - prompt: its ids, [position].
    ///   - stream: the last stream in the prompt, which one that ends in `<|AUDIO_OUT|>` goes on with,
    ///     [codebook, column].
    /// - Throws: what upstream raises for an id beyond the vocabulary, and for audio without a segment.
    public func run(
        prompt: [Int64], continuing stream: NDArray<Int64>? = nil, draws: Draws
    ) throws(UpstreamError) -> Output {
        var state = State(self, prompt: prompt, continuing: stream)
        while state.output.stops.isEmpty {
            guard try state.step(draws) else { break }
        }
        return state.finished
    }

    /// The loop between two steps.
    private struct State {
        private let loop: GenerationLoop
        private let promptLength: Int
        /// What decides the next step's mode: the prompt and the text ids returned so far.
        private var last: Int64?
        /// Every step's id, which the criteria look at.
        private var allIDs: [Int64]
        private var segments: [[[Int64]]] = []
        private var machine: DelayStateMachine
        private var textDrawn = 0
        private var audioDrawn = 0
        private(set) var output = Output()

        init(_ loop: GenerationLoop, prompt: [Int64], continuing stream: NDArray<Int64>?) {
            self.loop = loop
            promptLength = prompt.count
            last = prompt.last
            allIDs = prompt
            machine = DelayStateMachine(loop.profile)
            if let stream, last == loop.audioOut, loop.profile.delayMachine == .overwrite {
                segments = [(0..<stream.columns).map(stream.column)]
                if let column = segments[0].last { machine = DelayStateMachine(loop.profile, after: column) }
            }
        }

        var finished: Output {
            var output = output
            output.segments = segments.map { columns in
                NDArray(rows: columns.first?.count ?? 0, columns: columns.count) { columns[$1][$0] }
            }
            return output
        }

        /// One step; false if its draw is missing.
        mutating func step(_ draws: Draws) throws(UpstreamError) -> Bool {
            if loop.profile.delayMachine == .mask { return portStep(draws) }
            let id: Int64
            let isAudio = last == loop.audioOut
            if isAudio {
                guard audioDrawn < draws.audio.count else { return false }
                guard !segments.isEmpty else {
                    throw UpstreamError(
                        type: "IndexError", message: "list index out of range",
                        location: "modeling_higgs_audio.py, HiggsAudioModel._sample")
                }
                segments[segments.count - 1].append(machine.step(draws.audio[audioDrawn]))
                audioDrawn += 1
                id = machine.hasEnded ? Int64(loop.model.audioEOSTokenID) : loop.audioOut
            } else if last == Int64(loop.model.audioOutBOSTokenID) {
                // The text head runs, and its draw is thrown away.
                id = loop.audioOut
                segments.append([
                    Array(
                        repeating: Int64(loop.profile.audioStreamBOS), count: loop.profile.audioNumCodebooks)
                ])
            } else {
                guard textDrawn < draws.text.count else { return false }
                id = draws.text[textDrawn]
                textDrawn += 1
            }
            if let size = loop.vocabularySize, id >= size { throw .beyondVocabulary(id, size: size) }
            append(id, isKept: !isAudio || id != loop.audioOut)
            return true
        }

        /// One step of the port, which draws audio only.
        private mutating func portStep(_ draws: Draws) -> Bool {
            guard audioDrawn < draws.audio.count else { return false }
            let column = draws.audio[audioDrawn]
            if segments.isEmpty {
                let tail = PromptTail(
                    ids: allIDs, audioOutBOS: Int64(loop.model.audioOutBOSTokenID),
                    audioDelay: Int64(loop.model.audioDelayTokenID))
                machine = DelayStateMachine(loop.profile, promptTail: tail, first: column)
                segments.append([machine.column])
            } else {
                segments[0].append(machine.step(column))
            }
            audioDrawn += 1
            let id =
                machine.hasEnded
                ? loop.model.eotTokenID
                : machine.isEnding ? loop.model.audioDelayTokenID : loop.model.audioOutTokenID
            append(Int64(id), isKept: true)
            return true
        }

        private mutating func append(_ id: Int64, isKept: Bool) {
            if isKept {
                output.textIDs.append(id)
                last = id
            }
            allIDs.append(id)
            output.steps += 1
            if loop.eosIDs.contains(id) { output.stops.insert(.eos) }
            if loop.stopStrings.isMet(by: allIDs) { output.stops.insert(.stopString) }
            if let limit = loop.profile.maxNewTokens, allIDs.count >= promptLength + limit {
                output.stops.insert(.limit)
            }
        }
    }

    private var audioOut: Int64 { Int64(model.audioOutTokenID) }
}

extension UpstreamError {
    fileprivate static func beyondVocabulary(_ id: Int64, size: Int) -> UpstreamError {
        UpstreamError(
            type: "ValueError",
            message:
                "Next generated token has max value \(id) which is greater than the tokenizer's vocabulary "
                + "size \(size), this is undesired behavior.",
            location: "modeling_higgs_audio.py, HiggsAudioModel._sample")
    }
}

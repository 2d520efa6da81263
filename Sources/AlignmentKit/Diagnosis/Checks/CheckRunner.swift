import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// Checks one request.
struct CheckRunner {
    let sample: SampleCapture
    let model: ModelConfiguration
    let profile: Profile
    /// The codes that were handed to the codec: captured, else recomputed.
    let codes: [NDArray<Int64>]?

    var checks: Checks {
        let ends = streams.compactMap { StreamEnds($0, model: model) }
        return Checks(
            energy: energy, eos: eos(ends), tokenRange: tokenRange(ends), tokenSequence: tokenSequence,
            tokenDiversity: diversity, support: support, finiteSamples: finiteSamples)
    }

    private var streams: [NDArray<Int64>] { sample.tokens?.facts ?? sample.generation?.facts.segments ?? [] }

    private var lastWaveform: (samples: [Float], of: String)? {
        let written = sample.written.compactMap(\.floatSamples)
        if !written.isEmpty { return (written.flatMap { $0 }, "written") }
        let decoded = sample.decode?.captured?.fields.compactMap(\.waveform) ?? []
        return decoded.isEmpty ? nil : (decoded.flatMap { $0 }, "decoded")
    }

    private var energy: Check<Checks.EnergyDetails> {
        guard let (samples, source) = lastWaveform else {
            return Check(.absent("no waveform was captured"), .init())
        }
        let energy = SoundEnergy(samples)
        let passes = energy.acEnergy >= SoundLevel.gate
        let figure = "AC energy \(number(energy.acEnergy))"
        return Check(
            CheckVerdict(
                status: passes ? .passed : .failed,
                why: passes
                    ? "\(figure): \(energy.level.rawValue)"
                    : "\(figure) is below \(number(SoundLevel.gate)): \(energy.level.rawValue)",
                value: energy.acEnergy, bound: SoundLevel.gate),
            .init(energy: energy, source: source))
    }

    private func eos(_ ends: [StreamEnds]) -> Check<Checks.EOSDetails> {
        let details = Checks.EOSDetails(
            segments: ends, text: sample.textIDs.map { TextEvidence($0, model: model) })
        guard !streams.isEmpty else { return Check(.absent("no audio tokens were captured"), details) }
        if let error = sample.generation?.captured?.error, error.isInterruption {
            return Check(.absent(error.message), details)
        }
        let met = ends.count(where: \.endsInEos)
        return Check(
            CheckVerdict(
                status: met == streams.count ? .passed : .failed,
                why: "\(met) of \(counted(streams.count, "segment")) \(met == 1 ? "ends" : "end") in EOS",
                value: Double(met) / Double(streams.count), bound: 1),
            details)
    }

    private func tokenRange(_ ends: [StreamEnds]) -> Check<Checks.TokenRangeDetails> {
        guard !streams.isEmpty else {
            return Check(.absent("no audio tokens were captured"), .init(specialsInside: []))
        }
        let largest = Int64(max(model.audioStreamBOS, model.audioStreamEOS))
        let outside = streams.reduce(0) { $0 + $1.scalars.count { $0 < 0 || $0 > largest } }
        let specials = ends.map(\.specialsInside).reduce(into: [Int]()) { sums, counts in
            sums += Array(repeating: 0, count: max(counts.count - sums.count, 0))
            for (codebook, count) in counts.enumerated() { sums[codebook] += count }
        }
        let inside = specials.reduce(0, +)
        let why =
            if outside > 0 {
                "\(counted(outside, "cell")) outside the audio vocabulary"
            } else if inside > 0 {
                "\(counted(inside, "special id")) in columns that the strip keeps"
            } else {
                "all ids are codes, specials only at the ends"
            }
        return Check(
            CheckVerdict(
                status: outside > 0 ? .failed : inside > 0 ? .warned : .passed, why: why,
                value: Double(outside), bound: 0),
            .init(specialsInside: specials))
    }

    private var tokenSequence: Check<Checks.TokenSequenceDetails> {
        guard let codes, !codes.isEmpty else {
            return Check(.absent("no codes were captured"), .init(calls: []))
        }
        let calls = codes.map { TokenSequence($0, codebookSize: model.audioCodebookSize) }
        let empty = calls.count { $0.finding == .empty }
        let outside = calls.reduce(0) { $0 + $1.outside }
        let why =
            if empty > 0 {
                "\(counted(empty, "call")) of the codec without a frame"
            } else if outside > 0 {
                "\(counted(outside, "id")) outside the codebook reached the codec"
            } else {
                "every call of the codec has frames, and all ids are codes"
            }
        return Check(
            CheckVerdict(
                status: empty + outside > 0 ? .failed : .passed, why: why,
                value: Double(calls.count { $0.finding != .valid }), bound: 0),
            .init(calls: calls))
    }

    private var diversity: Check<Checks.TokenDiversityDetails> {
        guard let codes else { return Check(.absent("no codes were captured"), .init(segments: [])) }
        let bounds = TokenDiversity.Bounds()
        let segments = codes.compactMap {
            TokenDiversity($0, codebookSize: model.audioCodebookSize, bounds: bounds)
        }
        let worst = segments.min {
            ($0.status.rank, $0.distinctShare) < ($1.status.rank, $1.distinctShare)
        }
        guard let worst else {
            return Check(
                .absent("no segment has the \(bounds.leastFrames) frames that judging needs"),
                .init(segments: []))
        }
        return Check(
            CheckVerdict(
                status: worst.status,
                why: "\(worst.distinct) distinct ids in \(counted(worst.frames, "frame")), "
                    + "lowest entropy \(percent(worst.entropyShares.min() ?? 0)) of the most there could be",
                value: worst.distinctShare, bound: bounds.distinct.fails),
            .init(segments: segments))
    }

    private var support: Check<Checks.SupportDetails> {
        func absent(_ why: String) -> Check<Checks.SupportDetails> { Check(.absent(why), .init(draws: [])) }
        guard let facts = sample.generation?.facts else {
            return absent("the generation stage was not captured")
        }
        guard let draws = GenerationStage.impossibleDraws(facts, under: profile.generation) else {
            return absent("no logits were captured")
        }
        return Check(
            CheckVerdict(
                status: draws.isEmpty ? .passed : .failed,
                why: draws.isEmpty
                    ? "every token could be drawn under the declared parameters"
                    : "\(counted(draws.count, "token")) could not be drawn under the declared parameters",
                value: Double(draws.count), bound: 0),
            .init(draws: Array(draws.prefix(10))))
    }

    /// Of the codec's waveform too: a file of integers has no NaN left.
    private var finiteSamples: CheckVerdict {
        let decoded = sample.decode?.captured?.fields.compactMap(\.waveform) ?? []
        let waveforms = decoded + sample.written.compactMap(\.floatSamples)
        guard !waveforms.isEmpty else { return .absent("no waveform was captured") }
        let bad = waveforms.reduce(0) { $0 + $1.count { !$0.isFinite } }
        return CheckVerdict(
            status: bad == 0 ? .passed : .failed,
            why: bad == 0 ? "all samples are numbers" : "\(counted(bad, "sample")) NaN or infinite",
            value: Double(bad), bound: 0)
    }
}

extension CheckStatus {
    /// Worse is smaller.
    var rank: Int {
        switch self {
        case .failed: 0
        case .warned: 1
        case .passed: 2
        case .absent: 3
        }
    }
}

extension WrittenSound {
    /// The samples at full scale 1; all channels one after the other as stored.
    var floatSamples: [Float]? {
        switch samples {
        case .float32(let array): return array.scalars
        case .int32(let array):
            // libsndfile hands out PCM left-justified in 32 bits, whatever its width.
            let scale = Float(sign: .plus, exponent: -31, significand: 1)
            return array.scalars.map { Float($0) * scale }
        default: return nil
        }
    }
}

extension NamedField {
    /// The samples of a waveform field.
    var waveform: [Float]? {
        guard name.hasPrefix("calls/"), name.hasSuffix("/waveform"), case .tensor(.float32(let array)) = value
        else { return nil }
        return array.scalars
    }
}

import AlignmentStages
import AlignmentTensors

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
            energy: energy, eos: eos(ends), tokenRange: tokenRange(ends), tokenDiversity: diversity,
            support: support, finiteSamples: finiteSamples)
    }

    private var streams: [NDArray<Int64>] { sample.tokens?.facts ?? sample.generation?.facts.segments ?? [] }

    private var lastWaveform: (samples: [Float], of: String)? {
        let written = sample.written.compactMap(\.floatSamples)
        if !written.isEmpty { return (written.flatMap { $0 }, "written") }
        let decoded = sample.decode?.captured?.fields.compactMap(\.waveform) ?? []
        return decoded.isEmpty ? nil : (decoded.flatMap { $0 }, "decoded")
    }

    private var energy: Checks.EnergyCheck {
        guard let (samples, source) = lastWaveform else {
            return Checks.EnergyCheck(verdict: .absent("no waveform was captured"))
        }
        let energy = SoundEnergy(samples)
        let passes = energy.acEnergy >= SoundEnergy.gate
        let figure = number(energy.acEnergy)
        return Checks.EnergyCheck(
            verdict: CheckVerdict(
                status: passes ? .passed : .failed,
                why: passes
                    ? "AC energy \(figure): \(energy.level.rawValue)"
                    : "AC energy \(figure) is below \(number(SoundEnergy.gate)): \(energy.level.rawValue)",
                value: energy.acEnergy, bound: SoundEnergy.gate),
            energy: energy, of: source)
    }

    private func eos(_ ends: [StreamEnds]) -> Checks.EOSCheck {
        let text = sample.textIDs.map { TextEvidence($0, model: model) }
        guard !streams.isEmpty else {
            return Checks.EOSCheck(
                verdict: .absent("no audio tokens were captured"), segments: [], text: text)
        }
        let met = ends.count(where: \.endsInEos)
        let share = Double(met) / Double(streams.count)
        return Checks.EOSCheck(
            verdict: CheckVerdict(
                status: met == streams.count ? .passed : .failed,
                why: "\(met) of \(counted(streams.count, "segment")) \(met == 1 ? "ends" : "end") in EOS",
                value: share, bound: 1),
            segments: ends, text: text)
    }

    private func tokenRange(_ ends: [StreamEnds]) -> Checks.TokenRangeCheck {
        guard !streams.isEmpty else {
            return Checks.TokenRangeCheck(
                verdict: .absent("no audio tokens were captured"), specialsInside: [])
        }
        let outside = streams.reduce(0) { sum, stream in
            sum + stream.scalars.count { $0 < 0 || $0 > Int64(max(model.audioStreamBOS, model.audioStreamEOS)) }
        }
        let codebooks = ends.map(\.specialsInside.count).max() ?? 0
        let specials = (0..<codebooks).map { codebook in
            ends.reduce(0) { $0 + ($1.specialsInside.indices.contains(codebook) ? $1.specialsInside[codebook] : 0) }
        }
        let inside = specials.reduce(0, +)
        let why =
            outside > 0
            ? "\(counted(outside, "cell")) outside the audio vocabulary"
            : inside > 0
                ? "\(counted(inside, "special id")) in columns that the strip keeps"
                : "all ids are codes, specials only at the ends"
        return Checks.TokenRangeCheck(
            verdict: CheckVerdict(
                status: outside > 0 ? .failed : inside > 0 ? .warned : .passed, why: why,
                value: Double(outside), bound: 0),
            specialsInside: specials)
    }

    private var diversity: Checks.TokenDiversityCheck {
        guard let codes else {
            return Checks.TokenDiversityCheck(
                verdict: .absent("no codes were captured"), segments: [])
        }
        let bounds = TokenDiversity.Bounds()
        let segments = codes.compactMap {
            TokenDiversity($0, codebookSize: model.audioCodebookSize, bounds: bounds)
        }
        guard let worst = segments.min(by: { ($0.status.rank, $0.distinctShare) < ($1.status.rank, $1.distinctShare) })
        else {
            return Checks.TokenDiversityCheck(
                verdict: .absent("no segment has the \(bounds.leastFrames) frames that judging needs"),
                segments: [])
        }
        return Checks.TokenDiversityCheck(
            verdict: CheckVerdict(
                status: worst.status,
                why: "\(worst.distinct) distinct ids in \(counted(worst.frames, "frame")), "
                    + "lowest entropy \(percent(worst.entropyShares.min() ?? 0)) of the most there could be",
                value: worst.distinctShare, bound: bounds.distinct.fails),
            segments: segments)
    }

    private var support: Checks.SupportCheck {
        guard let facts = sample.generation?.facts else {
            return Checks.SupportCheck(verdict: .absent("the generation stage was not captured"), draws: [])
        }
        guard let draws = GenerationStage.impossibleDraws(facts, under: profile.generation) else {
            let why = profile.generation.doSample ? "no logits were captured" : "nothing was sampled"
            return Checks.SupportCheck(verdict: .absent(why), draws: [])
        }
        return Checks.SupportCheck(
            verdict: CheckVerdict(
                status: draws.isEmpty ? .passed : .failed,
                why: draws.isEmpty
                    ? "every token could be drawn under the declared parameters"
                    : "\(counted(draws.count, "token")) could not be drawn under the declared parameters",
                value: Double(draws.count), bound: 0),
            draws: Array(draws.prefix(10)))
    }

    private var finiteSamples: CheckVerdict {
        guard let (samples, _) = lastWaveform else { return .absent("no waveform was captured") }
        let bad = samples.count { !$0.isFinite }
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

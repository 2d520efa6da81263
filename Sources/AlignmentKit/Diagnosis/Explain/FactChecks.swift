import AlignmentComparison
import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// The catalogue's checks of facts, for what no knob makes.
enum FactChecks {}

// MARK: Collator

extension FactChecks {
    static let missingPlaceholder: FactCheck = { facts in
        guard let items = facts.sample.collator?.facts.items else { return nil }
        for (index, item) in items.enumerated() {
            let ids = [facts.model.audioInTokenID, facts.model.audioOutTokenID].map(Int64.init)
            let placeholders = item.promptIDs.count(where: ids.contains)
            guard placeholders < item.segments.count, facts.current.collator.batchLayout == .placeholders
            else {
                continue
            }
            return Finding(
                evidence: [
                    "request \(index) of the batch has \(counted(item.segments.count, "encoded segment")) and "
                        + "\(counted(placeholders, "placeholder")) in collator/input/prompt_ids"
                ], effect: .changesOutput)
        }
        return nil
    }

    /// An encoded reference that no placeholder stands for, or a placeholder under which the model finds no code.
    static let referenceNotConditioned: FactCheck = { facts in
        guard let conditioning = facts.conditioning, let items = facts.sample.collator?.facts.items,
            items.count == 1, !items[0].segments.isEmpty, facts.sample.collator?.captured?.error == nil
        else { return nil }
        func lost(_ segments: [Conditioning.Segment]) -> Int {
            segments.count { $0.frames ?? 0 == 0 } + max(items[0].segments.count - segments.count, 0)
        }
        guard lost(conditioning.current) > 0 else { return nil }
        let heard = conditioning.current.map { segment in
            "\(segment.placeholder) has "
                + (segment.frames.map { $0 == 0 ? "an empty segment" : counted($0, "frame") } ?? "no codes")
        }
        return Finding(
            evidence: [
                "\(counted(items[0].segments.count, "segment")) encoded; "
                    + (heard.isEmpty ? "the prompt has no placeholder" : heard.joined(separator: ", "))
            ],
            under: ["collator."], kind: lost(conditioning.aligned) > 0 ? .limit : .symptom)
    }

    static let missingAudioOutBOS: FactCheck = { facts in
        guard facts.streams.isEmpty, facts.sample.textIDs?.isEmpty == false,
            let prompt = facts.sample.collator?.facts.items.first?.promptIDs,
            prompt.last != Int64(facts.model.audioOutBOSTokenID)
        else { return nil }
        return Finding(
            evidence: ["the prompt does not end in <|audio_out_bos|>, and only text was generated"],
            effect: .changesOutput)
    }

    static let waveformRate: FactCheck = { facts in
        guard let check = facts.waveformRate, check.status == .failed else { return nil }
        let isRead = facts.current.collator.encodeWhisperEmbed && !facts.model.skipAudioTower
        return Finding(
            evidence: [check.why], effect: isRead ? .changesOutput : .dead)
    }
}

// MARK: Generation

extension FactChecks {
    static let budget: FactCheck = { facts in
        guard facts.metLimit || facts.sample.stop == nil, let last = facts.ends.last, !last.endsInEos,
            !facts.streams.isEmpty, facts.sample.generation != nil || facts.sample.tokens != nil
        else { return nil }
        let limit = facts.sample.stop?["max_new_tokens"]?.int
        return Finding(
            evidence: [
                "the last of \(counted(facts.ends.count, "stream")) has \(counted(last.columns, "column")) and no "
                    + "EOS in its last reverted column"
                    + (facts.metLimit
                        ? "; the generation stopped at its limit" + (limit.map { " of \($0) tokens" } ?? "")
                        : "; how the generation stopped was not recorded")
            ] + facts.endEvidence)
    }

    /// Before any processor in the first codebook, or after them in all: both ends are closed then.
    static let eosStarved: FactCheck = { facts in
        guard let spoken = facts.spokenFrames, let last = facts.ends.last, !last.endsInEos, facts.metLimit,
            case let end = spoken + spoken / 3 + 25, facts.streams.reduce(0, { $0 + $1.columns }) > end
        else { return nil }
        let after = facts.trace.filter { $0.step >= end }
        guard !after.isEmpty, let raw = after.compactMap(\.firstRawEos).max(),
            let most = after.map(\.hazard).max(), min(raw, most) < 1e-3
        else { return nil }
        return Finding(
            evidence: [
                "the text takes about \(counted(spoken, "frame")) to speak; in the \(counted(after.count, "step")) from "
                    + "\(end) on, the first codebook's EOS is never likelier than \(number(raw)), and that of any codebook "
                    + "never likelier than \(number(most)) after temperature, top_k and top_p"
            ], under: [])
    }

    static let runaway: FactCheck = { facts in
        guard let spoken = facts.spokenFrames, let longest = facts.streams.map(\.columns).max(),
            longest > 4 * spoken + 50
        else { return nil }
        return Finding(
            evidence: [
                "the text takes about \(counted(spoken, "frame")) to speak, the stream has \(counted(longest, "column"))"
            ])
    }

    static let firstFrame: FactCheck = { forced($0, .firstFrame) }
    static let delayRamp: FactCheck = { forced($0, .delayRamp) }
    static let endRamp: FactCheck = { forced($0, .endRamp) }

    private static func forced(_ facts: Facts, _ region: ForcedCells.Region) -> Finding? {
        let found = ForcedCells(facts).departures.filter { $0.region == region }
        guard let first = found.first else { return nil }
        // A stream without ramps has no end to speak of.
        let under = ["generation.token-out-of-range"] + (region == .endRamp ? ["generation.delay-ramp"] : [])
        return Finding(
            evidence: ["\(first.sentence); \(counted(found.count, "such place")) in all"],
            effect: .changesOutput, under: under)
    }

    static let noAudio: FactCheck = { facts in
        guard facts.sample.generation != nil || facts.sample.textIDs != nil, facts.streams.isEmpty,
            facts.sample.recorded(.generation)?.captured?.error == nil,
            let text = facts.sample.textIDs
        else { return nil }
        return Finding(
            evidence: ["generate returned \(counted(text.count, "text id")) and no audio stream"],
            under: ["collator."])
    }

    static let outOfRange: FactCheck = { facts in
        let largest = Int64(max(facts.model.audioStreamBOS, facts.model.audioStreamEOS))
        for (index, stream) in facts.streams.enumerated() {
            guard let place = stream.scalars.firstIndex(where: { $0 < 0 || $0 > largest }) else { continue }
            let (row, column) = (place / stream.columns, place % stream.columns)
            return Finding(
                evidence: [
                    "segments/\(index)/delayed holds \(stream[row, column]) at codebook \(row), column \(column); "
                        + "the audio vocabulary ends at \(largest)"
                ], effect: .changesOutput)
        }
        return nil
    }

    static let lowDiversity: FactCheck = { facts in
        guard facts.checks.tokenDiversity.verdict.status == .failed else { return nil }
        return Finding(
            evidence: [facts.checks.tokenDiversity.verdict.why],
            under: ["tokens.", "collator.", "generation."])
    }

    /// Against a good run of the same batch: the first step's logits hang on nothing but the inputs, and each
    /// further step's on the columns drawn before it.
    static let forward: FactCheck = { facts in
        guard let good = facts.counterpart, let here = facts.sample.generation?.facts.logits,
            let there = good.generation?.facts.logits, here.shape.rank == 3, there.shape.rank == 3,
            facts.sample.collator?.captured?.fields == good.collator?.captured?.fields,
            here.shape[1] == there.shape[1], here.shape[2] == there.shape[2],
            let own = facts.streams.first, let other = good.generation?.facts.segments.first
        else { return nil }
        let width = here.shape[1] * here.shape[2]
        for step in 0..<min(here.shape[0], there.shape[0]) {
            let range = step * width..<(step + 1) * width
            let (left, right) = (Array(here.scalars[range]), Array(there.scalars[range]))
            // The same program on the same machine gives the same bits; another one rounds bfloat16 elsewhere.
            let comparison = TensorComparison(
                .float32(NDArray(vector: left)), .float32(NDArray(vector: right)),
                tolerance: facts.isSameMachine ? .exact : Tolerance(relative: 1.6e-2, absolute: 2e-2))
            if comparison.verdict == .differs, let figures = comparison.figures {
                return Finding(
                    evidence: [
                        "from the same batch and the same columns so far, the logits of step \(step) lie "
                            + "\(number(figures.snrDb)) dB from the good run's, at worst \(number(figures.maxAbs)) apart"
                    ] + agreement(facts),
                    effect: .changesOutput)
            }
            // From here on the columns are others.
            guard step + 1 < own.columns, step + 1 < other.columns,
                (0..<own.rows).allSatisfy({ own[$0, step + 1] == other[$0, step + 1] })
            else { return nil }
        }
        return nil
    }

    /// What the difference from the good run's logits looks like; nothing where no live cell is shared.
    private static func agreement(_ facts: Facts) -> [String] {
        guard let own = facts.sample.generation?.facts, let good = facts.counterpart?.generation?.facts,
            let found = try? LogitAgreement(captured: own, golden: good, under: facts.current.generation)
        else { return [] }
        return [found.summary(against: "the good run")]
    }

    static let parametersIgnored: FactCheck = { facts in
        // Recorded scores say themselves whether the parameters acted.
        guard facts.sample.generation?.captured?["scores"] == nil else { return nil }
        // An impossible draw contradicts what is declared only if all of it is.
        let isDeclared = facts.declared.isSuperset(of: SamplerExaminer.knobs)
        guard facts.checks.support.verdict.status == .failed, isDeclared || facts.draws == nil else {
            return facts.draws?.contradiction.map { Finding(evidence: $0, effect: .changesOutput) }
        }
        let draws = facts.checks.support.details.draws
        return Finding(
            evidence: [
                facts.checks.support.verdict.why
                    + (draws.first.map {
                        ", first id \($0.id) in segment \($0.segment), column \($0.column), codebook \($0.codebook)"
                    } ?? "")
            ], effect: .changesOutput)
    }
}

// MARK: Tokens and decode

extension FactChecks {
    static let stripsValidFrame: FactCheck = { facts in
        guard facts.sample.tokens?.captured?.error == nil, facts.sample.tokens != nil, !facts.wasInterrupted,
            facts.current.tokens.strip == .both || facts.current.tokens.strip == .last,
            let index = facts.ends.firstIndex(where: { !$0.endsInEos && $0.revertedColumns > 1 })
        else { return nil }
        return Finding(
            evidence: ["the last reverted column of segment \(index) holds codes, no EOS, and is cut off"],
            effect: .changesOutput, under: ["generation.budget", "generation."])
    }

    static let specialInside: FactCheck = { facts in
        guard facts.sample.tokens != nil,
            let index = facts.ends.firstIndex(where: { $0.firstSpecialFrame != nil }),
            let frame = facts.ends[index].firstSpecialFrame
        else { return nil }
        let count = facts.ends.reduce(0) { $0 + $1.specialsInside.reduce(0, +) }
        return Finding(
            evidence: ["\(counted(count, "special id")) inside, first in frame \(frame) of segment \(index)"],
            effect: .changesOutput, under: ["generation."])
    }

    static let codecWeights: FactCheck = { facts in
        guard let first = facts.foreignWeights.first else { return nil }
        let parts = [["weight_g", "original0"], ["weight_v", "original1"]]
        let isHalfOfNorm = parts.contains { part in
            facts.foreignWeights.allSatisfy { name in part.contains { name.hasSuffix($0) } }
        }
        return Finding(
            evidence: [
                "\(counted(facts.foreignWeights.count, "live tensor")) of the codec differ from the weights at hand, first "
                    + first
            ], effect: .changesOutput,
            insteadOf: isHalfOfNorm ? Deviation.named("decode.weight-norm") : nil)
    }

    /// A capture holds no log.
    static let inLogsAlone: FactCheck = { _ in nil }

    static let sampleRate: FactCheck = { facts in
        guard
            let file = facts.sample.written.first(where: { $0.sampleRate != facts.aligned.decode.sampleRate })
        else {
            return nil
        }
        return Finding(
            evidence: [
                "\(file.file) says \(file.sampleRate) Hz, the codec's samples are \(facts.aligned.decode.sampleRate) Hz"
            ], effect: .changesOutput)
    }

    /// libsndfile rounds down: half a step of bias, which more than 16 bits hide below the noise of float32.
    static let pcmFloor: FactCheck = { facts in
        guard let file = facts.sample.written.first(where: { $0.subtype.hasPrefix("PCM") }) else {
            return nil
        }
        return Finding(
            evidence: ["\(file.file) is \(file.subtype), whose samples libsndfile rounds down"],
            effect: file.subtype == "PCM_16" ? .changesOutput : Effect.none)
    }

    static let nonFinite: FactCheck = { facts in
        guard facts.checks.finiteSamples.status == .failed else { return nil }
        return Finding(evidence: [facts.checks.finiteSamples.why], effect: .changesOutput)
    }
}

extension SampleCapture {
    /// Frames that speaking the text takes at 130 words a minute; nil where the text was not recorded.
    var spokenFrames: Int? {
        guard let text = spokenText, !text.isEmpty else { return nil }
        return AdaptiveBudget(wordsPerMinute: 130, headroom: 1, bounds: 1...1_000_000).tokens(for: text)
    }
}

extension Facts {
    /// Frames that speaking the text takes; nil where the text was not recorded.
    var spokenFrames: Int? { sample.spokenFrames }

    /// What the logits say of EOS where a limit came first.
    fileprivate var endEvidence: [String] {
        guard metLimit, let end = EndTrace(trace, endedInEOS: false, spokenFrames: spokenFrames) else {
            return []
        }
        return [end.words]
    }

    /// The sampler's steps under the captured profile; none without logits.
    var trace: [StepTrace] {
        let profile = current.generation
        guard let generation = sample.generation?.facts,
            let stream = RecordedStream(generation, under: profile, rules: [RepetitionRule(profile)])
        else { return [] }
        return StepTrace.steps(of: stream, under: SamplerSetting(profile), eos: profile.audioStreamEOS)
    }
}

extension StepTrace {
    /// P(EOS) of the first codebook before any processor; nil where it is not live.
    fileprivate var firstRawEos: Double? { codebooks.firstIndex(of: 0).map { rawEos[$0] } }
}

@testable import AlignmentDiagnosis
import AlignmentKit
import Foundation
import TestSupport
import Testing

/// What the table says a knob does, against recomputation on random facts.
@Suite("Effects of knobs")
struct KnobEffectTests {
    @Test("every knob has one rule, and its last case always holds")
    func complete() {
        #expect(KnobEffect.table.map(\.key).sorted() == Knob.all.map(\.key).sorted())
        let profile = ProfileDescription.serveEngine.resolved(for: RandomFacts.model)
        for rule in KnobEffect.table {
            #expect(rule.cases.last?.holds(profile, profile) == true)
        }
    }

    /// What was seen of one case of a rule.
    private struct Seen {
        var harmless = 0
        var harmful = 0
    }

    @Test("never never changes the output, always always does, and conditional does both")
    func property() throws {
        var dice = SplitMix(state: 20_260_101)
        var seen: [String: Seen] = [:]
        let judged = KnobEffect.table.filter { $0.scene == .output || $0.scene == .scores }
        for round in 0..<70_000 {
            let rule = judged[round % judged.count]
            let knob = try #require(Knob.named(rule.key))
            // Whisper's features take long.
            let isSkipped = RandomFacts.isWhispers(knob) && round / judged.count % 4 != 0
            guard knob.stage != .decode, !isSkipped else { continue }
            var facts = RandomFacts(using: &dice)
            let base = facts.profile(for: knob, using: &dice)
            let values = try #require(RandomFacts.values[rule.key], "values to turn \(rule.key) to")
            var other = base
            #expect(knob.set(try #require(values.randomElement(using: &dice)), in: &other), "\(rule.key)")
            guard knob.value(base) != knob.value(other) else { continue }
            if knob.key.hasSuffix("placeholders") || knob.key.contains("whisper") { facts.dropLabels() }
            let runner = StageRunner(
                sample: facts.sample, model: facts.model, codec: .failure(MissingCodec("none")))
            let judge = EffectJudge(runner: runner, model: facts.model, captured: base)
            guard let effect = judge.effect(in: knob.stage, against: other)?.effect else { continue }
            let isHarmful = !effect.isHarmless || judge.hiddenField(in: knob.stage, against: other) != nil
            let judgement = rule.judgement(base, other)
            let name = "\(rule.key), \(judgement.reach): \(judgement.when ?? judgement.why ?? "")"
            seen[name, default: Seen()].harmful += isHarmful ? 1 : 0
            seen[name, default: Seen()].harmless += isHarmful ? 0 : 1
            switch judgement.reach {
            case .never:
                #expect(
                    effect.isHarmless,
                    "\(name): \(knob.value(base).compactText) and \(knob.value(other).compactText)")
            case .always:
                #expect(
                    !effect.isHarmless || !facts.isOrdinary,
                    "\(name): \(knob.value(base).compactText) and \(knob.value(other).compactText)")
            case .conditional: break
            }
        }
        for rule in judged where !rule.key.hasPrefix("decode.") {
            for each in rule.cases {
                let judgement = each.judgement
                let name = "\(rule.key), \(judgement.reach): \(judgement.when ?? judgement.why ?? "")"
                let found = seen[name] ?? Seen()
                if judgement.reach != .always {
                    #expect(found.harmless > 0, "never seen without effect: \(name)")
                }
                if judgement.reach != .never { #expect(found.harmful > 0, "never seen with effect: \(name)") }
            }
        }
    }

    @Test("what only a new run of the model shows is in no output recomputed without the text")
    func newRuns() throws {
        var dice = SplitMix(state: 3)
        let rules = KnobEffect.table.filter { $0.scene == .newRun }
        #expect(rules.count == 5)
        for round in 0..<2_000 {
            let knob = try #require(Knob.named(rules[round % rules.count].key))
            var facts = RandomFacts(using: &dice)
            let base = facts.profile(for: knob, using: &dice)
            var other = base
            let values = try #require(RandomFacts.values[knob.key], "values to turn \(knob.key) to")
            #expect(knob.set(try #require(values.randomElement(using: &dice)), in: &other))
            let runner = StageRunner(
                sample: facts.sample, model: facts.model, codec: .failure(MissingCodec("none")))
            let judge = EffectJudge(runner: runner, model: facts.model, captured: base)
            #expect(judge.effect(in: knob.stage, against: other)?.effect == Effect.none, "\(knob.key)")
        }
    }

    @Test(
        "the decode stage's knobs, on a recording with its codec",
        arguments: [
            ("n_quantizers", JSONValue.integer(4), "changes_output"), ("n_quantizers", .null, "none"),
            ("n_quantizers", .integer(9), "none"), ("sample_rate", .integer(16_000), "undecided"),
            ("subtype", .string("FLOAT"), "undecided"), ("dtype", .string("bfloat16"), "changes_output"),
            ("chunk_frames", .integer(5), "changes_output"), ("chunk_frames", .integer(1000), "none"),
            ("chunk_context", .integer(3), "none"), ("chunk_right_context", .integer(3), "none"),
            ("trim_at", .string("file"), "none"), ("scale_at", .string("file"), "none"),
            ("far chunk_frames", .integer(5), "none"),
            ("trim", .array([.integer(0), .integer(1)]), "changes_output"),
            ("trim", .array([.integer(-1), .integer(1)]), "changes_output"),
            ("output_scale", .integer(-1), "changes_output"),
            ("output_scale", .string("peak"), "changes_output"),
            ("output_scale", .number(1.000000000001), "none"),
            ("overflow", .string("wrap"), "changes_output"),
            ("overflow", .string("truncate"), "changes_output"),
            ("weight_norm", .string("direction-only"), "changes_output"),
        ])
    func decode(name: String, value: JSONValue, expected: String) throws {
        let golden = "\(#filePath)".components(separatedBy: "/Tests/")[0] + "/golden"
        let capture = try CaptureReader(ArchiveReader(file: golden + "/plain.h5")).capture()
        let codec = CodecLocator(named: golden + "/weights/tiny-checkpoint.h5", environment: [:])
            .codec(of: capture)
        let isFar = name.hasPrefix("far ")
        let knob = try #require(Knob.named("decode.\(isFar ? String(name.dropFirst(4)) : name)"))
        var base = ProfileDescription.serveEngine.resolved(for: capture.model)
        if isFar { base.decode.chunkContext = 10 }
        var other = base
        #expect(knob.set(value, in: &other))
        let runner = StageRunner(sample: capture.samples[0], model: capture.model, codec: codec)
        let judge = EffectJudge(runner: runner, model: capture.model, captured: base)
        let rule = try #require(KnobEffect.effect(of: knob))
        #expect(EffectHere(of: knob, turnedAs: other, judge).effect?.rawValue ?? "undecided" == expected)
        if expected == "undecided" {
            #expect(rule.scene == .file)
            #expect(judge.effect(in: .decode, against: other)?.effect == Effect.none)
        } else {
            #expect(
                (rule.judgement(base, other).reach == .never)
                    == (isFar
                        || ["chunk_context", "chunk_right_context", "trim_at", "scale_at"].contains(name)))
        }
    }

    @Test(
        "a limit that the recorded run never met has no effect, others need a new run",
        arguments: [
            ("plain", "max_new_tokens", JSONValue.integer(2048), "none"),
            ("plain", "max_new_tokens", .integer(55), "none"),
            ("plain", "max_new_tokens", .null, "undecided"),
            ("budget", "max_new_tokens", .integer(99), "undecided"),
            ("plain", "stop_strings", .array([]), "undecided"), ("plain", "seed", .integer(5), "undecided"),
            (
                "plain", "stop_strings", .array(["<|eot_id|>", "<|end_of_text|>"].map(JSONValue.string)),
                "none"
            ),
        ])
    func limits(name: String, knob: String, value: JSONValue, expected: String) throws {
        let golden = "\(#filePath)".components(separatedBy: "/Tests/")[0] + "/golden"
        let capture = try CaptureReader(ArchiveReader(file: golden + "/\(name).h5")).capture()
        let knob = try #require(Knob.named("generation.\(knob)"))
        var base = ProfileDescription.serveEngine.resolved(for: capture.model)
        base.generation.maxNewTokens = name == "budget" ? 30 : 1024
        var other = base
        #expect(knob.set(value, in: &other))
        let runner = StageRunner(
            sample: capture.samples[0], model: capture.model, codec: .failure(MissingCodec("none")))
        let judge = EffectJudge(runner: runner, model: capture.model, captured: base)
        let here = EffectHere(of: knob, turnedAs: other, judge)
        #expect(here.effect?.rawValue ?? "undecided" == expected)
        #expect((here.needs == nil) == (expected != "undecided"))
    }

    @Test("directions of weights that are fused already are not computed, and not called without effect")
    func fusedWeights() throws {
        let golden = "\(#filePath)".components(separatedBy: "/Tests/")[0] + "/golden"
        let capture = try CaptureReader(ArchiveReader(file: golden + "/plain.h5")).capture()
        let checkpoint = try ArchiveReader(file: golden + "/weights/tiny-checkpoint.h5")
        var tensors: [String: Tensor] = [:]
        for name in try checkpoint.children(of: "weights/codec") {
            guard let tensor = try checkpoint.tensor(at: "weights/codec/\(name)").tensor else { continue }
            if name.hasSuffix("weight_g") { continue }
            tensors[name.hasSuffix("weight_v") ? String(name.dropLast(2)) : name] = tensor
        }
        let codec = CodecFamily(try CodecWeights(stateDict: tensors))
        var captured = ProfileDescription.serveEngine.resolved(for: capture.model)
        let reference = captured
        captured.decode.weightNorm = .directionOnly
        let runner = StageRunner(sample: capture.samples[0], model: capture.model, codec: .success(codec))
        let judge = EffectJudge(runner: runner, model: capture.model, captured: captured)
        let knob = try #require(Knob.named("decode.weight_norm"))
        let here = EffectHere(of: knob, turnedAs: reference, judge)
        #expect(here.effect == nil)
        #expect(here.needs?.hasPrefix("expected convolutions of weight_g and weight_v") == true)
    }

    @Test("the same codes are decoded once, whatever is done to their waveforms and to the file")
    func finishing() throws {
        let golden = "\(#filePath)".components(separatedBy: "/Tests/")[0] + "/golden"
        let capture = try CaptureReader(ArchiveReader(file: golden + "/plain.h5")).capture()
        let codec = CodecLocator(named: golden + "/weights/tiny-checkpoint.h5", environment: [:])
            .codec(of: capture)
        let runner = StageRunner(sample: capture.samples[0], model: capture.model, codec: codec)
        var profile = ProfileDescription.serveEngine.resolved(for: capture.model)
        func sound() throws -> (waveform: [Float], written: [Int32]) {
            let outcome = try #require(runner.outcome(of: .decode, under: profile))
            guard case .tensor(.float32(let waveform))? = outcome["calls/0/waveform"],
                case .tensor(.int32(let written))? = outcome["written/0/samples"]
            else { throw NoSound(reason: "no sound") }
            return (waveform.scalars, written.scalars)
        }
        let plain = try sound()
        profile.decode.trim = EndCuts(10, -3)
        profile.decode.outputScale = .factor(-40)
        profile.decode.overflow = .wrap
        let finished = try sound()
        #expect(finished.waveform == plain.waveform.dropFirst(10).map { $0 * -40 } + [0, 0, 0])
        #expect(finished.written.count == finished.waveform.count)
        let wrapped = zip(finished.waveform, finished.written).filter { abs($0.0) > 1.001 }
        #expect(!wrapped.isEmpty)
        for (sample, written) in wrapped {
            #expect(written == Int32(Int16(truncatingIfNeeded: Int(sample * 32767))) << 16)
        }
    }

    @Test("two profiles are judged by the most that a knob does in either")
    func either() throws {
        let knob = try #require(Knob.named("generation.temperature"))
        var greedy = ProfileDescription.serveEngine.resolved(for: ModelConfiguration())
        var sampling = greedy
        (greedy.generation.doSample, greedy.generation.temperature) = (false, nil)
        #expect(KnobEffect.judgement(of: knob, greedy, sampling).reach == .always)
        sampling.generation.doSample = false
        let both = KnobEffect.judgement(of: knob, greedy, sampling)
        #expect(both.reach == .never && both.why == "nothing is sampled")
    }

    @Test("the comparison of profiles names values, sources, effects and deviations")
    func difference() throws {
        let difference = ProfileDifference(.silentOutput, .serveEngine)
        let rows = Dictionary(uniqueKeysWithValues: difference.knobs.map { ($0.key, $0) })
        let window = try #require(rows["generation.ras_win_len"])
        #expect(window.left == "null" && window.right == "7")
        #expect(
            window.leftSource == "story's script:531, not passed"
                && window.rightSource == "serve_engine.py:350")
        #expect(window.effect == .conditional && window.deviations == ["generation.ras-window"])
        #expect(rows["collator.audio_speaker_indices"]?.effect == .never)
        #expect(rows["generation.temperature"]?.effect == .always)
        #expect(rows["generation.top_p"] == nil)
        #expect(ProfileDifference(.serveEngine, .serveEngine).knobs.isEmpty)
    }

    @Test("what a capture cannot decide is not called without effect")
    func undecided() throws {
        var dice = SplitMix(state: 7)
        var facts = RandomFacts(using: &dice)
        let reference = ProfileDescription.serveEngine.resolved(for: facts.model)
        func here(_ key: String, _ value: JSONValue) throws -> EffectHere {
            let knob = try #require(Knob.named(key))
            var other = reference
            #expect(knob.set(value, in: &other))
            let runner = StageRunner(
                sample: facts.sample, model: facts.model, codec: .failure(MissingCodec("no weights")))
            return EffectHere(
                of: knob, turnedAs: other,
                EffectJudge(runner: runner, model: facts.model, captured: reference))
        }
        let recorded = try #require(facts.sample.generation?.facts)
        facts.sample.generation?.facts = GenerationFacts(
            logits: nil, referenceColumns: recorded.referenceColumns, segments: recorded.segments)
        let temperature = try here("generation.temperature", .number(0.3))
        #expect(temperature.effect == nil && temperature.needs == "generation/input/audio_logits")
        #expect(try here("generation.top_k", .integer(0)).effect == Effect.none)
        #expect(try here("generation.seed", .integer(1)).needs == "a new run of the model")
        #expect(try here("decode.n_quantizers", .integer(1)).needs == "the decode stage")
        facts.sample.decode = StageRecord(facts: facts.sample.tokens?.facts ?? [], captured: nil, golden: nil)
        #expect(try here("decode.n_quantizers", .integer(1)).needs == "no weights")
        #expect(try here("decode.sample_rate", .integer(16_000)).needs == "a file written anew")
    }
}

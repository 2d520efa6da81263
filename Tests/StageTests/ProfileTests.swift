import AlignmentKit
import Testing

@Suite("Profiles")
struct ProfileTests {
    @Test(
        "every built-in profile sets every knob and resolves",
        arguments: ProfileDescription.builtin.map(\.name))
    func builtin(_ name: String) throws {
        let description = try #require(ProfileDescription.named(name))
        #expect(Set(description.settings.keys) == Set(Knob.all.map(\.key)))
        #expect(description.settings.values.allSatisfy { !$0.source.isEmpty })
        let model = ModelConfiguration()
        let profile = description.resolved(for: model)
        for knob in Knob.all {
            #expect(knob.value(profile) == description.settings[knob.key]?.value(for: model))
        }
    }

    @Test("keys are unique and belong to their stage")
    func keys() {
        #expect(Set(Knob.all.map(\.key)).count == Knob.all.count)
        for knob in Knob.all {
            #expect(knob.key.hasPrefix("\(knob.stage.rawValue)."))
            #expect(Knob.named(knob.key)?.key == knob.key)
        }
    }

    @Test(
        "a knob writes what it reads and turns nothing else",
        arguments: ProfileDescription.builtin.map(\.name))
    func roundTrip(_ name: String) throws {
        let description = try #require(ProfileDescription.named(name))
        let reference = ProfileDescription.serveEngine.resolved(for: ModelConfiguration())
        let other = description.resolved(for: ModelConfiguration())
        for knob in Knob.all {
            let turned = knob.copied(from: other, to: reference)
            for each in Knob.all {
                #expect(
                    each.value(turned) == each.value(each.key == knob.key ? other : reference), "\(knob.key)")
            }
        }
    }

    @Test("no built-in profile turns a knob of faults")
    func faults() {
        let faults = Knob.all.filter(\.isFault)
        #expect(faults.count == 12)
        let reference = ProfileDescription.serveEngine.resolved(for: ModelConfiguration())
        for profile in ProfileDescription.builtin {
            let other = profile.resolved(for: ModelConfiguration())
            for knob in faults { #expect(knob.value(other) == knob.value(reference), "\(knob.key)") }
        }
        #expect(
            faults.map { $0.value(reference).compactText } == [
                "\"as-encoded\"", "\"appended\"", "\"clip\"", "[0,0]", "\"codebooks-first\"", "null",
                "\"fused\"", "[0,0]", "\"codec\"", "1", "\"codec\"", "\"clamp\"",
            ])
    }

    @Test("values of the model's configuration reach the profile")
    func modelValues() {
        var model = ModelConfiguration()
        model.audioNumCodebooks = 4
        model.audioCodebookSize = 512
        model.codecCodebookSizeProperty = 700
        #expect(ProfileDescription.serveEngine.resolved(for: model).tokens.clipMax == 511)
        #expect(ProfileDescription.generationScript.resolved(for: model).tokens.clipMax == 699)
        #expect(ProfileDescription.serveEngine.resolved(for: model).generation.audioNumCodebooks == 4)
    }

    @Test("a capture's profile turns the knobs that it knows and names the rest")
    func captured() {
        let reference = ProfileDescription.serveEngine.resolved(for: ModelConfiguration())
        let captured = CapturedProfile(
            .object([
                "collator.round_to": .integer(8), "generation.temperature": .number(0.3),
                "generation.top_p": .null, "tokens.strip": .string("none"),
                "tokens.order": .array([.string("clip"), .string("peel")]), "decode.dtype": .string("int4"),
                "collator.pad_side": .integer(1), "generation.top_k": .number(1.5),
                "generation.min_p": .number(0.1), "round_to": .integer(8),
            ]), on: reference)
        #expect(captured.unknown == ["generation.min_p", "round_to"])
        #expect(
            captured.notUnderstood == [
                "collator.pad_side", "decode.dtype", "generation.top_k", "tokens.order",
            ])
        #expect(
            captured.declared == [
                "collator.round_to", "generation.temperature", "generation.top_p", "tokens.strip",
            ])
        var expected = reference
        expected.collator.roundTo = 8
        (expected.generation.temperature, expected.generation.topP) = (0.3, nil)
        expected.tokens.strip = .none
        #expect(captured.profile == expected)
    }

    @Test("a capture without a profile is the reference")
    func nothingCaptured() {
        let reference = ProfileDescription.serveEngine.resolved(for: ModelConfiguration())
        for json in [nil, JSONValue.null, .array([])] {
            let captured = CapturedProfile(json, on: reference)
            #expect(captured.profile == reference)
            #expect(captured.declared.isEmpty && captured.unknown.isEmpty && captured.notUnderstood.isEmpty)
        }
    }

    @Test("every knob's source lies in the pipeline's own code, or in upstream's package that it runs")
    func sources() {
        let package = [
            "higgs_audio_collator.py", "modeling_higgs_audio.py", "higgs_audio_tokenizer.py", "core_vq",
            "descriptaudiocodec/dac",
        ]
        let own = [
            "serve-engine": package + ["serve_engine.py"],
            "generation-script": package + ["generation.py"],
            "silent-output": package + ["story's script"],
            "story-fix": package + ["the story's proposal"],
            "transformers-port": [
                "processing_higgs_audio_v2.py", "generation_higgs_audio_v2.py", "configuration_utils.py",
                "modeling_higgs_audio_v2_tokenizer.py", "the port has no", "the caller's",
            ],
        ]
        for profile in ProfileDescription.builtin {
            #expect(profile.settings.count == Knob.all.count, "\(profile)")
            for setting in profile.settings.values {
                let isOwn = own[profile.name]?.contains { setting.source.hasPrefix($0) } ?? false
                #expect(isOwn, "\(profile): \(setting.key) from \(setting.source)")
            }
        }
    }
}

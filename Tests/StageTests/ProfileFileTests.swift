import AlignmentKit
@testable import AlignmentStages
import Foundation
import Testing

@Suite("Profiles from files")
struct ProfileFileTests {
    private static let models: [ModelConfiguration] = {
        var whisper = ModelConfiguration()
        (whisper.encodeWhisperEmbed, whisper.encodeAudioInTokens) = (true, false)
        var small = ModelConfiguration()
        (small.audioNumCodebooks, small.audioCodebookSize, small.codecCodebookSizeProperty) = (4, 512, 700)
        return [ModelConfiguration(), whisper, small]
    }()

    @Test(
        "a built-in profile that is printed reads back as the same",
        arguments: ProfileDescription.builtin.map(\.name))
    func roundTrip(name: String) throws {
        let profile = try #require(ProfileDescription.named(name))
        let read = try ProfileDescription(yaml: profile.yaml, file: "p.yaml")
        #expect(read.name == name && read.summary == profile.summary)
        #expect(read.firstDifference(from: profile) == nil)
        for model in Self.models { #expect(read.resolved(for: model) == profile.resolved(for: model)) }
    }

    @Test("what a file sets wins, the rest is the base's, and each value knows its line")
    func sections() throws {
        let profile = try ProfileDescription(
            yaml: """
                name: my-port
                summary: Ours.
                extends: generation-script
                collator:
                  round_to: 8
                  pad_token_id: {$model: audio_stream_eos_id}
                  audio_ids_start: [0, 35]
                generation:
                  temperature: 1.0
                  top_k: null
                  stop_strings: ["<|eot_id|>", "a \\"b\\" \\u00e9"]
                tokens:
                  order: [strip, revert, clip]
                """, file: "p.yaml")
        var expected = ProfileDescription.generationScript.resolved(for: ModelConfiguration())
        (expected.collator.roundTo, expected.collator.padTokenID) = (8, 1025)
        expected.collator.audioIDsStart = .explicit([0, 35])
        (expected.generation.temperature, expected.generation.topK) = (1, nil)
        expected.generation.stopStrings = ["<|eot_id|>", "a \"b\" é"]
        expected.tokens.order = [.strip, .revert, .clip]
        #expect(profile.resolved(for: ModelConfiguration()) == expected)
        #expect(profile.settings["collator.round_to"]?.source == "p.yaml:5")
        #expect(profile.settings["generation.top_p"]?.source == "generation.py:543")
        #expect(profile.settings["generation.temperature"]?.value(for: ModelConfiguration()) == .integer(1))
    }

    @Test("a name can be left out, and strange ones come back")
    func names() throws {
        #expect(try ProfileDescription(yaml: "collator: {round_to: 2}", file: "a/b.yaml").name == "a/b.yaml")
        for name in ["no", "8", "a: b #c", "\"quoted\\\"", "tab\tname", "ü\u{200F}x", "null"] {
            let profile = ProfileDescription(name, "line\nbreak", on: .serveEngine, [])
            let read = try ProfileDescription(yaml: profile.yaml, file: "p.yaml")
            #expect(read.name == name && read.summary == "line\nbreak")
        }
    }

    @Test(
        "what is wrong is said with line and key",
        arguments: [
            (
                "collator:\n  roundto: 8",
                "p.yaml:2: collator.roundto is no knob; the nearest is collator.round_to"
            ),
            (
                "tokens:\n  round_to: 8",
                "p.yaml:2: tokens.round_to is no knob of the section tokens; it belongs in the section collator"
            ),
            (
                "collator:\n  collator.round_to: 8",
                "p.yaml:2: collator.collator.round_to is no knob of the section collator; write it as round_to"
            ),
            (
                "collator.round_to: 8",
                "p.yaml:1: collator.round_to is no key here; write it as round_to in the section collator"
            ),
            (
                "\ncolator:\n  round_to: 8",
                "p.yaml:2: colator is no key of a profile; the nearest is collator"
            ),
            (
                "decode:\n  device: cpu",
                "p.yaml:2: decode.device is recorded for people and read by no stage; leave it out"
            ),
            (
                "collator:\n  round_to: 0",
                "p.yaml:2: collator.round_to is 0, expected a whole number; at least 1"
            ),
            (
                "collator:\n  round_to: 8.5",
                "p.yaml:2: collator.round_to is 8.5, expected a whole number; at least 1"
            ),
            (
                "collator:\n  round_to: \"8\"",
                "p.yaml:2: collator.round_to is \"8\", expected a whole number; at least 1"
            ),
            (
                "collator:\n  round_to: 010",
                "p.yaml:2: collator.round_to is \"010\", expected a whole number; at least 1"
            ),
            (
                "generation:\n  temperature: nan",
                "p.yaml:2: generation.temperature is \"nan\", expected a number, or null"
            ),
            (
                "generation:\n  do_sample: yes",
                "p.yaml:2: generation.do_sample is \"yes\", expected true or false"
            ),
            (
                "collator:\n  pad_side: middle",
                "p.yaml:2: collator.pad_side is \"middle\", expected one of \"left\", \"right\""
            ),
            (
                "tokens:\n  revert: {$model: audio_stream_bos_id}",
                "p.yaml:2: tokens.revert.$model is audio_stream_bos_id, the id that opens an audio stream, expected a whole number; from 0 to 8"
            ),
            (
                "tokens:\n  clip_max: {$model: last_cod}",
                "p.yaml:2: tokens.clip_max.$model is last_cod, which is no value of the model; the nearest is last_code"
            ),
            (
                "tokens:\n  clip_max: {model: last_code}",
                "p.yaml:2: tokens.clip_max is a mapping, expected a whole number, or null, or {$model: name}"
            ),
            ("tokens: 5", "p.yaml:1: tokens is \"5\", expected a mapping of knobs of the stage tokens"),
            (
                "- a",
                "p.yaml:1: the document is a list, expected a mapping of name, summary, extends and the four stages"
            ),
            (
                "extends: serve-engin",
                "p.yaml:1: extends is serve-engin, expected a built-in profile: "
                    + ProfileDescription.builtin.map(\.name).joined(separator: ", ")
            ),
            ("schema_version: 2", "p.yaml:1: schema_version is 2, expected 1"),
            ("name: \"\"", "p.yaml:1: name has 0 letters, expected 1 to 128"),
            (
                "name: serve-engine\ncollator:\n  round_to: 8",
                "p.yaml:1: name is serve-engine, a built-in profile, whose collator.round_to is another; give this one its own name"
            ),
            ("collator:\n  round_to: 8\n  round_to: 8", "p.yaml:2: round_to is given twice"),
            ("collator: {}\ncollator: {}", "p.yaml:1: collator is given twice"),
            (
                "collator:\n  audio_ids_start: [[1]]",
                "p.yaml:2: collator.audio_ids_start is [[1]], expected one of \"none\", \"absent\", \"empty\", \"exclusive\", \"with-total\", or a list of starts"
            ),
        ])
    func mistakes(yaml: String, sentence: String) {
        #expect {
            try ProfileDescription(yaml: yaml, file: "p.yaml")
        } throws: {
            "\($0)" == sentence
        }
    }

    @Test("a value of the model that a knob does not take is said for that model")
    func modelProblem() throws {
        let profile = try ProfileDescription(
            yaml: "name: x\ntokens:\n  revert: {$model: audio_num_codebooks}", file: "p.yaml")
        var model = ModelConfiguration()
        #expect(profile.problem(for: model) == nil)
        model.audioNumCodebooks = 9
        #expect(
            profile.problem(for: model)
                == "the profile x (p.yaml:3) takes tokens.revert from the model's configuration, which gives 9, expected a whole number; from 0 to 8"
        )
        model.audioNumCodebooks = 0
        #expect(
            ProfileDescription.serveEngine.problem(for: model)?.contains("generation.audio_num_codebooks")
                == true)
    }

    @Test("a profile travels as JSON and stays the same", arguments: ProfileDescription.builtin.map(\.name))
    func transport(name: String) throws {
        let profile = try #require(ProfileDescription.named(name))
        let sent = try JSONEncoder().encode(profile)
        #expect(sent.count < 1 << 15)
        let received = try JSONDecoder().decode(ProfileDescription.self, from: sent)
        #expect(received.firstDifference(from: profile) == nil)
        #expect(received.settings["tokens.strip"]?.source == profile.settings["tokens.strip"]?.source)
    }

    @Test(
        "edits are counted, two exchanged letters as one",
        arguments: [
            ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("abc", "acb", 1), ("round_to", "roundto", 1),
            ("kitten", "sitting", 3), ("ca", "abc", 3), ("top_k", "top_p", 1),
        ])
    func edits(left: String, right: String, distance: Int) {
        #expect(editDistance(Array(left), Array(right)) == distance)
        #expect(editDistance(Array(right), Array(left)) == distance)
    }
}

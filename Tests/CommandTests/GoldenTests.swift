import AlignmentKit
import Foundation
import TestSupport
import Testing

/// The main job on the committed archives.
@Suite("Golden archives")
struct GoldenTests {
    private static let archives = [
        "voice-clone", "voice-clone-greedy", "plain", "two-segments", "budget", "silent-output", "story-fix",
        "real-3b-tokens",
    ]

    private func report(on name: String, _ options: String...) async throws -> (RunReport, Int32) {
        let command = try await Command.run(["run", "--format", "json", "golden/\(name).h5"] + options)
        return (try JSONText.decode(RunReport.self, from: Data(command.output.utf8)), command.status)
    }

    private func sample(_ name: String) async throws -> SampleRun {
        try #require(try await report(on: name).0.samples.first)
    }

    @Test("the aligned path equals upstream's own results everywhere", arguments: archives)
    func alignedEqualsGolden(name: String) async throws {
        let sample = try await sample(name)
        var compared = 0
        for stage in sample.stages {
            for tensor in stage.tensors {
                guard let comparison = tensor.alignedVsGolden else { continue }
                compared += 1
                let isFloat = tensor.dtype.hasPrefix("float")
                #expect(
                    isFloat ? comparison.verdict != .differs : comparison.verdict == .equal,
                    "\(stage.stage)/\(tensor.name): \(comparison.reason ?? "")")
            }
        }
        #expect(compared > 0)
    }

    @Test("the current path equals what was recorded", arguments: archives)
    func currentEqualsCaptured(name: String) async throws {
        let sample = try await sample(name)
        for stage in sample.stages {
            for tensor in stage.tensors {
                #expect(tensor.capturedVsCurrent?.verdict != .differs, "\(stage.stage)/\(tensor.name)")
            }
        }
        #expect(!sample.notes.contains { $0.hasPrefix("Not known") })
    }

    @Test("judged against the port, the current path keeps the batch and the delays of upstream's model")
    func againstPort() async throws {
        let report = try await report(on: "voice-clone", "--reference", "transformers-port").0
        let sample = try #require(report.samples.first)
        let stages = sample.stages.filter { $0.stage == .collator || $0.stage == .generation }
        let tensors = stages.flatMap(\.tensors)
        for name in ["batch/input_ids", "batch/audio_out_ids", "segments/0/delayed", "scores", "num_delay"] {
            let tensor = try #require(tensors.first { $0.name == name })
            #expect(tensor.capturedVsCurrent.map { $0.verdict != .differs } == true, "\(name)")
        }
        let expanded = try #require(tensors.first { $0.name == "batch/audio_input_ids" })
        #expect(expanded.currentVsAligned?.verdict == .differs)
        #expect(sample.conditioning?.aligned.map(\.frames) == sample.conditioning?.current.map(\.frames))
    }

    @Test(
        "the loop around the sampler gives the recorded text",
        arguments: ["voice-clone", "voice-clone-greedy", "plain", "two-segments", "budget", "silent-output"])
    func text(name: String) async throws {
        let generation = try #require(try await sample(name).stages.first { $0.stage == .generation })
        let text = try #require(generation.tensors.first { $0.name == "text_ids" })
        #expect(text.capturedVsCurrent?.verdict == .equal)
        #expect(!text.live)
    }

    @Test(
        "each archive gives the exit code it should",
        arguments: [
            ("voice-clone", 0), ("voice-clone-greedy", 0), ("plain", 0), ("two-segments", 0), ("budget", 1),
            ("story-fix", 1), ("real-3b-tokens", 1), ("silent-output", 1),
        ] as [(String, Int32)])
    func exitCodes(name: String, expected: Int32) async throws {
        #expect(try await report(on: name).1 == expected)
    }

    @Test(
        "the silent pipeline's reference is an empty segment on the current path and real on the aligned one")
    func emptySegment() async throws {
        let sample = try await sample("silent-output")
        let conditioning = try #require(sample.conditioning)
        let out = conditioning.current.filter { $0.placeholder == "<|AUDIO_OUT|>" }
        #expect(out.map(\.frames) == [0])
        let aligned = conditioning.aligned
        #expect(aligned.map(\.placeholder) == ["<|AUDIO_OUT|>"])
        #expect(try #require(aligned.first?.frames) > 0)
        #expect(
            sample.deviations.first { $0.id == "collator.surplus-placeholder" }?.effectHere == .changesOutput)
        #expect(sample.deviations.first { $0.id == "collator.trailing-start" }?.effectHere == .preventsRaise)
    }

    @Test("the recorded Whisper features are computed again, within their tolerance")
    func features() async throws {
        let sample = try await sample("silent-output")
        #expect(sample.notComputed.isEmpty)
        let collator = try #require(sample.stages.first)
        let features = try #require(collator.tensors.first { $0.name == "batch/audio_features" })
        #expect(features.shape == [1, 128, 3000])
        #expect(features.capturedVsCurrent?.verdict == .withinTolerance)
        #expect(try #require(features.capturedVsCurrent?.figures).snrDb > 120)
        #expect(!features.live)
    }

    @Test("the story's proposed repair raises in the collator, and the current path raises the same")
    func storyFix() async throws {
        let sample = try await sample("story-fix")
        let collator = try #require(sample.stages.first)
        #expect(collator.status == .raised)
        let captured = try #require(collator.raised?.captured)
        #expect(captured.type == "IndexError")
        #expect(captured.message == "index 1 is out of bounds for dimension 0 with size 1")
        #expect(collator.raised?.current?.isSame(as: captured) == true)
        #expect(collator.raised?.aligned == nil)
    }

    @Test("the token limit shows as a missing EOS, and the text says that it was cut")
    func budget() async throws {
        let eos = try await sample("budget").checks.eos
        #expect(eos.verdict.status == .failed)
        #expect(eos.details.text == .cutByLimit)
    }

    @Test("two segments both meet their EOS")
    func twoSegments() async throws {
        let eos = try await sample("two-segments").checks.eos
        #expect(eos.details.segments.map(\.endsInEos) == [true, true])
    }

    /// The figures are those of golden/make/real in plain Python: distinct ids over min(8 T, 1024), and
    /// entropy over log2 T, of the 41 frames between the end columns.
    @Test("the released model's greedy tokens are diverse")
    func realTokens() async throws {
        let diversity = try await sample("real-3b-tokens").checks.tokenDiversity
        let segment = try #require(diversity.details.segments.first)
        #expect(segment.frames == 41)
        #expect(abs(segment.distinctShare - 0.676829) < 1e-6)
        #expect(abs((segment.entropyShares.min() ?? 0) - 0.730109) < 1e-6)
        #expect(abs((segment.entropyShares.max() ?? 0) - 0.969248) < 1e-6)
    }

    @Test("settings alone pass, and fail under --strict")
    func strict() async throws {
        #expect(try await report(on: "voice-clone-greedy").1 == 0)
        #expect(try await report(on: "voice-clone-greedy", "--strict").1 == 1)
    }

    @Test("a report folder holds the report twice and the sound of both paths")
    func reportFolder() async throws {
        let scratch = try Scratch()
        _ = try await Command.run("run", "golden/voice-clone.h5", "--out", scratch.path)
        #expect(scratch.contents == ["voice-clone"])
        let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path + "/voice-clone")
            .sorted()
        #expect(files == ["000000.aligned.wav", "000000.current.wav", "report.json", "report.md"])
    }

    @Test("text fits 100 columns and says every status in words")
    func text() async throws {
        let command = try await Command.run("run", "golden/silent-output.h5")
        for line in command.output.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
        #expect(!command.output.contains("\u{1B}"))
    }

    @Test("every golden archive is sound", arguments: archives)
    func verify(name: String) async throws {
        #expect(try await Command.run("verify", "golden/\(name).h5").status == 0)
    }
}

import AlignmentLogs
import Testing

@Suite("Logs in all formats")
struct FixtureTests {
    private static let story = [
        "story-loguru", "story-docker", "story-kubectl", "story-json", "story-structlog", "story-terminal",
    ]

    @Test("one run reads the same in every format", arguments: story)
    func sameRun(name: String) throws {
        let log = try Logs.read(try Logs.bytes(name))
        #expect(
            log.ids(.warning)
                == ["budget-exhausted", "energy-silence", "surplus-placeholder", "too-few-unique-tokens"])
        #expect(
            log.ids().filter { !log.ids(.warning).contains($0) }
                == [
                    "adaptive-budget", "eos-check-after-clip", "flag-encode-whisper",
                    "flag-return-audio-in-tokens",
                    "load-failed", "overall-results", "whisper-conditioning", "whisper-fallback",
                    "whisper-forced",
                ])
        #expect(log.recognised == 63)
        #expect(log.samples.map(\.index) == [0, 1])
        #expect(
            log.samples.map { $0.proofs.map(\.verdict.rawValue) } == [
                ["surplus", "undecided", "budget_exhausted", "undecided", "too_few", "silent"],
                ["surplus", "undecided", "eos_reached", "undecided", "varied", "audible"],
            ])
        #expect(log.finding("eos-check-after-clip")?.sentence.contains("the generated text") == true)
        #expect(
            log.sentence
                == "1 of 2 samples is silent by their logged energy; 1 is proven cut off; 1 met EOS; 1 has too few distinct ids."
        )
    }

    @Test(
        "the format is told",
        arguments: [
            ("story-loguru", ["loguru": 63]), ("story-docker", ["loguru": 63]),
            ("story-kubectl", ["bare": 63]),
            ("story-json", ["json": 63]), ("story-structlog", ["json": 63]),
            ("story-terminal", ["loguru": 63]),
            ("upstream-logging", ["logging": 6]), ("fork-basic", ["logging": 35]), ("vllm", ["vllm": 3]),
            ("sglang", ["sglang": 2]),
            ("libraries", ["bare": 1, "logging": 1, "transformers": 2, "warning": 3]),
        ])
    func formats(name: String, formats: [String: Int]) throws {
        #expect(try Logs.read(try Logs.bytes(name)).formats == formats)
    }

    @Test(
        "findings above notes",
        arguments: [
            ("upstream-logging", ["budget-exhausted"]),
            (
                "fork-basic",
                [
                    "budget-exhausted", "energy-full-scale", "error-placeholder-index", "failed-requests",
                    "file-issues", "generation-error", "reference-hole", "sample-failed",
                    "surplus-placeholder",
                ]
            ),
            (
                "libraries",
                [
                    "flags-ignored", "invalid-cast", "max-length-default", "no-attention-mask",
                    "rate-not-given",
                ]
            ),
            ("vllm", ["error-nonfinite-scores", "finish-length"]), ("sglang", ["finish-length"]),
            ("traceback", ["error-placeholder-index", "generation-error", "traceback"]),
        ])
    func findings(name: String, ids: [String]) throws {
        let log = try Logs.read(try Logs.bytes(name))
        #expect(log.ids(.warning) == ids)
        #expect(log.exitCode == 1)
    }

    @Test("a traceback names its exception, message and the pipeline's innermost frame")
    func tracebacks() throws {
        let log = try Logs.read(try Logs.bytes("traceback"))
        let known = try #require(log.finding("error-placeholder-index"))
        #expect(known.level == .defect)
        #expect(known.values["exception"] == .string("IndexError"))
        #expect(known.deviations == ["collator.surplus-placeholder"])
        guard case .string(let frame) = known.values["frame"] else {
            Issue.record("no frame")
            return
        }
        #expect(frame.hasSuffix("boson_multimodal/dataset/chatml_dataset.py:53 in get_audio_codes"))
        let unknown = try #require(log.finding("traceback"))
        #expect(unknown.values["exception"] == .string("KeyError"))
        #expect(unknown.values["message"] == .string("'energy'"))
        #expect(unknown.values["frame"] == .string("/app/report.py:12 in <module>"))
        let served = try #require(try Logs.read(try Logs.bytes("vllm")).finding("error-nonfinite-scores"))
        guard case .string(let place) = served.values["frame"] else {
            Issue.record("no frame")
            return
        }
        #expect(place.hasSuffix("higgs_audio.py:812 in sample"))
    }

    @Test("a generated text that begins with the prompt is judged by its generated part")
    func promptInOutput() throws {
        let log = try Logs.read(try Logs.bytes("upstream-logging"))
        #expect(log.samples.count == 1)
        #expect(log.samples[0].proofs.contains { $0.verdict == .budgetExhausted })
    }
}

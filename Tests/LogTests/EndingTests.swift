import AlignmentLogs
import Testing

@Suite("How the audio ended")
struct EndingTests {
    private func ending(_ lines: String...) throws -> LogProof? {
        try Logs.read(lines.joined(separator: "\n")).samples.first?.proofs.first { $0.subject == .ending }
    }

    private let start = "Starting generation with 96 max tokens..."

    @Test(
        "columns of an exhausted limit, from every line that has them",
        arguments: [
            "Raw audio output 0: shape=torch.Size([8, 95])",
            "After delay pattern revert 0: shape=torch.Size([8, 88])",
            "Audio 0 after stripping boundaries: shape=torch.Size([8, 86])",
            "After serve_engine.py processing 0: shape=torch.Size([8, 86])",
            "Decoder input shape: torch.Size([1, 8, 86])",
            "Token analysis: BOS=0, EOS=0, zeros=1, total=688",
            "Decoded audio: energy=1.00e-02, max_amplitude=0.5, duration=3.44s",
        ])
    func columns(line: String) throws {
        let proof = try #require(try ending(start, line))
        #expect(proof.verdict == .budgetExhausted)
        #expect(proof.lines == [1, 2])
        #expect(proof.values["columns"] == .integer(95))
        #expect(proof.values["limit"] == .integer(96))
        #expect(proof.deviations == ["generation.budget"])
    }

    @Test("forced audio leaves room for one column more")
    func forced() throws {
        let prompt = [
            "=== Generation Input ===", "<|start_header_id|>assistant<|end_header_id|>", "",
            "<|audio_out_bos|>",
        ]
        .joined(separator: "\n")
        let raw = { (columns: Int) in "Raw audio output 0: shape=torch.Size([8, \(columns)])" }
        #expect(try ending(prompt, start, raw(96))?.verdict == .budgetExhausted)
        #expect(try ending(prompt, start, raw(95))?.verdict == .undecided)
        // Without the prompt in the log, as many columns as the limit say that audio was forced.
        #expect(try ending(start, raw(96))?.verdict == .budgetExhausted)
        #expect(try ending(start, raw(60))?.verdict == .undecided)
    }

    @Test("several segments share the limit, so that columns prove nothing")
    func segments() throws {
        #expect(
            try ending(
                start, "Raw audio output 0: shape=torch.Size([8, 40])",
                "Raw audio output 1: shape=torch.Size([8, 95])")
                == nil)
    }

    @Test("the text decides over the columns")
    func text() throws {
        let raw = "Raw audio output 0: shape=torch.Size([8, 95])"
        let heading = "=== Generation Output Text ==="
        let met = try #require(
            try ending(start, raw, heading, "<|audio_out_bos|><|AUDIO_OUT|><|audio_eos|><|eot_id|>"))
        #expect(met.verdict == .eosReached)
        #expect(met.sentence.contains("The text decides"))
        let cut = try #require(try ending(start, raw, heading, "<|audio_out_bos|><|AUDIO_OUT|>"))
        #expect(cut.verdict == .budgetExhausted)
        #expect(cut.values["decided_by"] == .string("text"))
    }

    @Test("a reference's EOS in the prompt is not the generated audio's")
    func promptEOS() throws {
        let heading = "=== Generation Output Text ==="
        let reference = "<|begin_of_text|><|audio_out_bos|><|AUDIO_OUT|><|audio_eos|><|eot_id|>"
        #expect(try ending(heading, reference) == nil)
        let header = "<|start_header_id|>assistant<|end_header_id|>"
        let cut = try ending(heading, reference + header, "", "<|audio_out_bos|><|AUDIO_OUT|>")
        #expect(cut?.verdict == .budgetExhausted)
        #expect(try ending(heading, reference, header, "", "no sound<|eot_id|>") == nil)
    }

    @Test("the EOS message yields to what decides")
    func message() throws {
        let log = try Logs.read(
            [start, "Raw audio output 0: shape=[8, 95]", "Audio 0: Missing EOS token, found 989"].joined(
                separator: "\n"))
        let finding = try #require(log.finding("eos-check-after-clip"))
        #expect(finding.level == .note)
        #expect(finding.sentence.hasSuffix("What decides here: columns."))
    }

    @Test("found 1023 and found 1024 are read as what they are")
    func found() throws {
        let clipped = try #require(
            try Logs.read("Audio 0: Missing EOS token, found 1023").finding("eos-check-after-clip"))
        #expect(clipped.level == .note)
        #expect(clipped.sentence.contains("1023 is a clipped EOS or BOS, or the code 1023"))
        let early = try #require(
            try Logs.read("Audio 0: Missing EOS token, found 1024").finding("eos-check-after-clip"))
        #expect(early.deviations.isEmpty)
        #expect(!early.sentence.contains("printed for every segment"))
    }

    @Test("text that a log quotes is no line of it")
    func quoted() throws {
        let log = try Logs.read(
            """
            INFO:a:=== Generation Input ===
            INFO:a:<|begin_of_text|>Read this:
            Audio energy: 1.00e-12
            Generation failed for sample 3
            <|eot_id|><|start_header_id|>assistant<|end_header_id|>

            INFO:a:Starting generation with 96 max tokens...
            """)
        #expect(log.ids() == [])
        #expect(log.samples.count == 1)
        #expect(log.exitCode == 0)
    }

    @Test(
        "the adaptive limit's formula, in the scripts' order of rounding",
        arguments: [
            // Values of the scripts' own function.
            (7, 38, 96, 96, "130"), (12, 60, 166, 166, "130"), (40, 300, 553, 384, "130"),
            (1, 5, 13, 48, "130"),
            (7, 20, 105, 105, "150"), (19, 100, 285, 285, "150"), (13, 70, 179, 179, "130"),
            (13, 70, 180, 180, ""), (4, 20, 60, 64, "150"),
            (40, 300, 600, 512, "150"), (7, 38, 97, 97, ""),
        ])
    func budget(words: Int, characters: Int, estimate: Int, limit: Int, formula: String) throws {
        let log = try Logs.read(
            "Token calculation: \(estimate) -> bounded to \(limit)\nText stats: \(words) words, \(characters) chars"
        )
        let found = try #require(log.finding("adaptive-budget")).values["formula"]?.string ?? ""
        #expect(found.hasPrefix(formula) && found.isEmpty == formula.isEmpty)
    }
}

import AlignmentLogs
import Testing

@Suite("What lines prove together")
struct ConclusionTests {
    @Test("every conclusion has lines that prove it, and a near miss")
    func complete() {
        #expect(ConclusionCase.all.map(\.id).sorted() == ConclusionTable.conclusions.map(\.id).sorted())
    }

    @Test("the lines prove it, near ones do not", arguments: ConclusionCase.all)
    func proves(example: ConclusionCase) throws {
        let log = try Logs.read(example.lines)
        let finding = try #require(log.finding(example.id), "\(log.ids())")
        let row = try #require(ConclusionTable.conclusion(example.id))
        #expect(finding.level <= row.level || example.id == "energy-full-scale" || example.id == "traceback")
        #expect(finding.means == row.means)
        #expect(finding.doesNotMean == row.doesNotMean)
        #expect(Set(finding.deviations).isSubset(of: row.deviations + ["tokens.chunked-revert"]))
        #expect(!finding.examples.isEmpty)
        #expect(finding.sentence.hasSuffix(".") || example.id == "traceback")
        #expect(try Logs.read(example.near).finding(example.id) == nil)
    }
}

/// Lines that prove a conclusion, and near ones that do not.
struct ConclusionCase: Sendable, CustomTestStringConvertible {
    let id: String
    let lines: String
    let near: String

    init(_ id: String, _ lines: String..., near: String...) {
        self.id = id
        self.lines = lines.joined(separator: "\n")
        self.near = near.joined(separator: "\n")
    }

    var testDescription: String { id }

    private static let header = "<|start_header_id|>assistant<|end_header_id|>"

    static let all = [
        ConclusionCase(
            "surplus-placeholder", "Audio token validation: AUDIO_IN=1, AUDIO_OUT=1, provided_segments=1",
            near: "Audio token validation: AUDIO_IN=1, AUDIO_OUT=1, provided_segments=2"),
        ConclusionCase(
            "missing-placeholder", "Audio tokens shape: [8, 9]", "=== Generation Input ===",
            "<|begin_of_text|>hello",
            near: "Audio tokens shape: [8, 9]", "=== Generation Input ===", "<|begin_of_text|><|AUDIO_OUT|>"),
        ConclusionCase(
            "several-placeholders", "=== Generation Input ===", "<|AUDIO|> and <|AUDIO_OUT|>",
            near: "=== Generation Input ===", "<|AUDIO_OUT|>"),
        ConclusionCase(
            "reference-hole", "return_audio_in_tokens: False", "=== Generation Input ===", "<|AUDIO|>",
            near: "return_audio_in_tokens: True", "=== Generation Input ===", "<|AUDIO|>"),
        ConclusionCase(
            "missing-generation-prompt", "INFO:a:=== Generation Input ===",
            "INFO:a:<|begin_of_text|>Hi<|eot_id|>",
            near: "INFO:a:=== Generation Input ===", "INFO:a:<|begin_of_text|>Hi<|eot_id|>\(header)", ""),
        ConclusionCase(
            "whisper-without-processor", "encode_whisper_embed: True", "whisper_processor available: False",
            near: "encode_whisper_embed: False", "whisper_processor available: False"),
        ConclusionCase(
            "reference-silent", "Reference audio: duration=3.00s, energy=1.00e-07, sr=16000",
            near: "Reference audio: duration=3.00s, energy=1.00e-03, sr=16000"),
        ConclusionCase(
            "adaptive-budget", "Token calculation: 96 -> bounded to 96",
            near: "Starting generation with 96 max tokens"),
        ConclusionCase(
            "first-column", "Raw audio output 0: shape=[8, 95], first_tokens=[12, 1024]",
            near: "Raw audio output 0: shape=[8, 95], first_tokens=tensor([1024, 12])"),
        ConclusionCase(
            "budget-exhausted", "Starting generation with 96 max tokens", "Raw audio output 0: shape=[8, 95]",
            near: "Starting generation with 96 max tokens", "Raw audio output 0: shape=[8, 94]"),
        ConclusionCase(
            "eos-check-after-clip", "Audio 0: Missing EOS token, found 989",
            near: "Audio 0: Proper EOS token detected"),
        ConclusionCase(
            "revert-columns", "Raw audio output 0: shape=[8, 95]",
            "After delay pattern revert 0: shape=[8, 81]",
            near: "Raw audio output 0: shape=[8, 95]", "After delay pattern revert 0: shape=[8, 88]"),
        ConclusionCase(
            "strip-columns", "After delay pattern revert 0: shape=[8, 88]", "Decoder input shape: [1, 8, 88]",
            near: "After delay pattern revert 0: shape=[8, 88]", "Decoder input shape: [1, 8, 86]"),
        ConclusionCase(
            "too-few-unique-tokens", "Unique audio tokens: count=29",
            "Token analysis: BOS=0, EOS=0, zeros=0, total=200",
            near: "Unique audio tokens: count=30", "Token analysis: BOS=0, EOS=0, zeros=0, total=200"),
        ConclusionCase(
            "few-unique-tokens", "Unique audio tokens: count=69", "Decoder input shape: [1, 8, 25]",
            near: "Unique audio tokens: count=70", "Decoder input shape: [1, 8, 25]"),
        ConclusionCase(
            "unique-tokens-not-rated", "Unique audio tokens: count=14",
            near: "Unique audio tokens: count=300", "Decoder input shape: [1, 8, 86]"),
        ConclusionCase(
            "zeros-dominate", "Token analysis: BOS=0, EOS=0, zeros=101, total=200",
            near: "Token analysis: BOS=0, EOS=0, zeros=100, total=200"),
        ConclusionCase(
            "special-ids-reach-codec", "Token analysis: BOS=8, EOS=0, zeros=1, total=200",
            near: "Token analysis: BOS=0, EOS=0, zeros=1, total=200"),
        ConclusionCase(
            "ids-out-of-range", "Token range: min=0, max=1024", near: "Token range: min=0, max=1023"),
        ConclusionCase("clip-bound", "Codebook size: 896", near: "Codebook size: 1024"),
        ConclusionCase("energy-silence", "Audio energy: 9.99e-09", near: "Audio energy: 1.00e-08"),
        ConclusionCase("energy-too-quiet", "Audio energy: 9.99e-07", near: "Audio energy: 1.00e-06"),
        ConclusionCase("energy-quiet", "Audio energy: 9.99e-05", near: "Audio energy: 1.00e-04"),
        ConclusionCase(
            "silent-under-offset", "Audio statistics: mean=-0.500000, std=0.000998", "Audio energy: 2.50e-01",
            near: "Audio statistics: mean=-0.500000, std=0.001000", "Audio energy: 2.50e-01"),
        ConclusionCase("energy-not-finite", "Audio energy: nan", near: "Audio energy: 1.00e-03"),
        ConclusionCase("energy-full-scale", "Audio energy: 1.00e+00", near: "Audio energy: 9.00e-01"),
        ConclusionCase(
            "energy-changed", "Decoded audio: energy=1.00e-02, max_amplitude=0.5, duration=3.44s",
            "Audio energy: 9.00e-05",
            near: "Decoded audio: energy=1.00e-02, max_amplitude=0.5, duration=3.44s",
            "Audio energy: 1.10e-04"),
        ConclusionCase(
            "written-rate", "Wav file is saved to 'a.wav' with sample rate 16000",
            near: "Wav file is saved to 'a.wav' with sample rate 24000"),
        ConclusionCase(
            "failed-requests", "Overall Results: 2/3 samples successful (1 failed)",
            near: "Overall Results: 3/3 samples successful (0 failed)"),
        ConclusionCase(
            "traceback", "Traceback (most recent call last):", "  File \"/app/a.py\", line 3, in f",
            "    g()",
            "KeyError: 'a'", near: "Traceback (most recent call last):", "  File \"/app/a.py\", line 3, in f"),
    ]
}

import AlignmentKit
import AlignmentParity
import AlignmentYAML
import Testing

@Suite("Tolerance profiles")
struct ToleranceProfileTests {
    @Test("the first rule that matches is in force, then the standard ones, then the type's own")
    func order() throws {
        let profile = try ToleranceProfile(
            yaml: """
                schema_version: 1
                name: port
                rules:
                  - tensor: "decode/captured/**/waveform"
                    relative: 1e-3
                    minimum_snr: 60
                  - stage: generation
                    dtype: float32
                    absolute: 0.01
                    settles_ties: true
                """, file: "t.yaml")
        #expect(profile.name == "port")
        let sound = profile.rule(for: "decode/captured/calls/0/waveform", dtype: .float32)
        #expect(sound.tolerance == Tolerance(relative: 1e-3, absolute: 0, minimumSNR: 60))
        #expect(profile.rule(for: "decode/golden/calls/0/waveform", dtype: .float32).tolerance == .waveform)
        let logits = profile.rule(for: "generation/input/audio_logits", dtype: .float32)
        #expect(logits.tolerance == Tolerance(relative: 0, absolute: 0.01, settlesTies: true))
        #expect(profile.rule(for: "generation/captured/text_ids", dtype: .int64).tolerance == .exact)
    }

    @Test(
        "what is wrong is said with line and key",
        arguments: [
            ("rules:\n  - relative: 1\n", "t.yaml:1: the document has no schema_version, expected 1"),
            (
                "schema_version: 2\nrules:\n  - relative: 1\n",
                "t.yaml:1: schema_version is 2, expected 1"
            ),
            (
                "schema_version: 1\nrules:\n  - relative: -1\n",
                "t.yaml:3: rules[0].relative is \"-1\", expected a number of 0 or more"
            ),
            (
                "schema_version: 1\nrules:\n  - relative: 1\n    dtype: float8\n",
                "t.yaml:4: rules[0].dtype is \"float8\", expected one of float64, float32, float16, bfloat16, int64, int32, uint8, bool"
            ),
            (
                "schema_version: 1\nrules:\n  - relativ: 1\n",
                "t.yaml:3: rules[0].relativ is not a key here; known are name, tensor, stage, dtype, relative, absolute, step, minimum_snr, accepts_nan_pairs, settles_ties"
            ),
            (
                "schema_version: 1\nrules:\n  - stage: decode\n",
                "t.yaml:3: rules[0] allows nothing; give relative, absolute or step"
            ),
            (
                "schema_version: 1\nrules:\n  - relative: 1\n    stage: decod\n",
                "t.yaml:4: rules[0].stage is \"decod\", expected one of collator, generation, tokens, decode, run_golden"
            ),
            ("schema_version: 1\nrules: []\n", "t.yaml:2: rules is empty, expected at least one rule"),
            ("schema_version: 1\nrules: 5\n", "t.yaml:2: rules is \"5\", expected a list"),
            ("", "t.yaml:1: the document is empty"),
        ])
    func mistakes(yaml: String, sentence: String) {
        #expect {
            try ToleranceProfile(yaml: yaml, file: "t.yaml")
        } throws: {
            "\($0)" == sentence
        }
    }

    @Test("broken YAML is one sentence with its line")
    func broken() {
        #expect {
            try ToleranceProfile(yaml: "schema_version: 1\nrules: [\n", file: "t.yaml")
        } throws: {
            "\($0)".hasPrefix("t.yaml:") && "\($0)".contains("is not YAML")
        }
    }

    @Test("aliases of aliases are refused before they fill the memory")
    func aliases() {
        let levels = (0..<20).map { level in
            let inner = level == 0 ? "x" : "*a\(level - 1)"
            return "  - &a\(level) [\(Array(repeating: inner, count: 10).joined(separator: ", "))]"
        }
        #expect {
            try ToleranceProfile(
                yaml: "schema_version: 1\nrules:\n\(levels.joined(separator: "\n"))\n", file: "t.yaml")
        } throws: {
            "\($0)".contains("one of more than 10000 values")
        }
    }

    @Test(
        "patterns of paths",
        arguments: [
            ("decode/**", "decode/captured/calls/0/codes", true),
            ("decode/*", "decode/captured/calls", false),
            ("**/codes", "codes", true), ("**/codes", "a/b/codes", true), ("**/codes", "a/b/codes/c", false),
            ("**", "a/b", true), ("a/*/c", "a/b/c", true), ("a/*/c", "a/c", false), ("a/b?", "a/bc", true),
            ("a/b?", "a/b", false), ("*.json", "stop.json", true), ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbx", false),
            ("a/**/b/**/c", "a/1/b/2/3/c", true), ("", "", true), ("", "a", false),
        ])
    func patterns(pattern: String, path: String, isMatch: Bool) {
        #expect(PathPattern(pattern).matches(path) == isMatch)
    }
}

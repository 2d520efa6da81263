import AlignmentJSON
import AlignmentStages

/// Writes the Python that shows a cause in its stage.
struct ReproScript {
    let explained: ExplainedSample
    let cause: Explanation.Cause
    let explainer: SampleExplainer

    init(_ explained: ExplainedSample, _ cause: Explanation.Cause) {
        self.explained = explained
        self.cause = cause
        explainer = explained.explainer
    }

    /// The pipeline's profile, as far as it was found.
    var faulty: Profile { explained.profile }
    /// The profile that it is judged against.
    var reference: Profile { explainer.aligned }

    /// The pipeline's profile gives the recorded output where the reference does not, so that a script can show both.
    func hasFault(in stage: Stage) -> Bool {
        [.recomputed, .searched].contains(cause.proof) && !reference.isSame(as: faulty, in: stage)
    }

    /// What a stage's script is made of.
    struct Parts {
        /// Import statements beyond the common ones: the standard library's, then others.
        var imports: (standard: [String], others: [String])
        /// Sets `given` and, unless the pipeline raised, `recorded`, and defines `upstream(given)`.
        var code: String
        /// Defines `pipeline(given)`; nil where no code gives what was recorded.
        var fault: String?
        /// How far elements may lie apart: an expression that may use `wanted`.
        var tolerance = "0"
    }

    /// Facts that a script can show though the stage's output is the reference's.
    private static let shownBeyondTheStage = ["decode.sample-rate", "generation.eos-ramp"]

    /// Everything after the docstring.
    func body() throws(Repro.Impossible) -> String {
        let isInnocent = explained.stages.first { $0.stage == cause.stage }?.status == .innocent
        if cause.proof == .fact, isInnocent, !Self.shownBeyondTheStage.contains(cause.id) {
            throw Repro.Impossible(
                description:
                    "upstream's own code gives the same from the same input; what was recorded shows \(cause.id) already"
            )
        }
        if cause.id == "generation.unexplained", isInnocent {
            throw Repro.Impossible(
                description: "the recorded scores alone show that the recorded draws are not theirs")
        }
        let parts: Parts
        switch cause.stage {
        case .collator: parts = try collator()
        case .generation: parts = try generation()
        case .tokens: parts = try tokens()
        case .decode: parts = try decode()
        }
        let standard = Self.sorted(["import sys", "from pathlib import Path"] + parts.imports.standard)
        let others = Self.sorted(["import h5py", "import torch"] + parts.imports.others)
        let head = """
            \(standard)

            \(others)

            archive = h5py.File(Path(__file__).with_name("capture.h5"))
            stage = archive[\("samples/\(explained.explanation.sample)/\(cause.stage.rawValue)".pythonLiteral)]


            def numbered(group, name):
                return [torch.from_numpy(stage[group][k][name][()]) for k in sorted(stage[group], key=int)]
            """
        return ([head, parts.code] + [parts.fault].compactMap(\.self) + [ending(parts)])
            .joined(separator: "\n\n\n")
    }

    /// The comparison, or for a pipeline that raised what raises and what does not.
    private func ending(_ parts: Parts) -> String {
        if let error = explainer.sample.recorded(cause.stage)?.captured?.error {
            return """
                print("recorded: ", \("\(error.type): \(error.message)".pythonLiteral))
                print("upstream: ", [None if value is None else list(value.shape) for value in upstream(given)])
                \(parts.fault == nil ? "sys.exit(1)" : """
                    try:
                        pipeline(given)
                    except Exception as error:
                        print(f"with the fault:  {type(error).__name__}: {error}")
                        sys.exit(1)
                    """)
                """
        }
        return """
            def differs(from_what, wanted):
                try:
                    torch.testing.assert_close(recorded, wanted, rtol=0, atol=\(parts.tolerance), check_dtype=False)
                    print(f"recorded, against {from_what}: the same")
                except AssertionError as error:
                    print(f"recorded, against {from_what}: {error}")
                    return True
                return False


            shows = differs("upstream", upstream(given))
            \(parts.fault == nil ? "" : "differs(\"upstream with the fault\", pipeline(given))\n")\
            sys.exit(shows)
            """
    }

    private static func sorted(_ statements: [String]) -> String {
        statements.filter { $0.hasPrefix("import") }.sorted().joined(separator: "\n") + "\n"
            + statements.filter { !$0.hasPrefix("import") }.sorted().joined(separator: "\n")
    }
}

extension String {
    /// A string literal of Python. What an archive says may hold anything, and must not become code.
    var pythonLiteral: String { JSONValue.string(self).compactText }
}

extension Bool {
    /// As Python writes it.
    var python: String { self ? "True" : "False" }
}

extension Int? {
    /// As Python writes it.
    var python: String { map { String($0) } ?? "None" }
}

extension EndCuts {
    /// The slice of Python that takes what is left.
    var slice: String { "\(start):\(end == 0 ? "" : "-\(end)")" }
}

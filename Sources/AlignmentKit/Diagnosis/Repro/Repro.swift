import AlignmentJSON
public import AlignmentStages

/// A cause shown on upstream alone: a short script, and the tensors of one stage that it needs.
///
/// The script gives upstream's own code what the stage was given and compares what comes out with what was recorded;
/// where the fault is one that the catalogue can write down, it also gives the recorded output by adding it.
public struct Repro: Sendable {
    /// The request's name.
    public let sample: String
    /// What it shows, by id.
    public let id: String
    /// The stage.
    public let stage: Stage
    /// The Python script; it reads `capture.h5` beside itself.
    public let script: String
    /// The text of an issue for a maintainer, in Markdown.
    public let issue: String

    /// Why a cause cannot be shown so.
    public struct Impossible: Error, Sendable, CustomStringConvertible {
        /// One clause.
        public let description: String
    }
}

extension ExplainedSample {
    /// The first cause as a script on upstream alone.
    ///
    /// - Throws: `Repro.Impossible` without a cause, and for one that only a new run of the model shows.
    public func repro() throws(Repro.Impossible) -> Repro {
        guard let cause = explanation.causes.first else {
            throw Repro.Impossible(description: "there is no cause to show")
        }
        let body = try ReproScript(self, cause).body()
        var evidence = cause.evidence
        evidence += cause.consequences.map { "It follows that the pipeline \($0.title) (\($0.id))." }
        let heading = "\(cause.id): the pipeline \(cause.title)."
        let script = """
            \"""\(heading)

            \(evidence.map { Self.wrapped("- \($0)", indent: "  ") }.joined(separator: "\n"))
            \(Self.wrapped("Fix: \(cause.fix).", indent: "  "))

            capture.h5 holds what the \(cause.stage.rawValue) stage of a recorded run was given and what it gave. Needs \
            boson-multimodal 0.1.1
            with transformers 4.46, torch and h5py. Exit status 1: the fault shows.
            \"""

            \(body)

            """
        return Repro(
            sample: explanation.sample, id: cause.id, stage: cause.stage, script: script,
            issue: issue(heading, evidence, cause))
    }

    private func issue(_ heading: String, _ evidence: [String], _ cause: Explanation.Cause) -> String {
        """
        # \(cause.stage.rawValue): the pipeline \(cause.title)

        `\(cause.id)`, found by `higgs-diagnose explain` in a recorded run and proven by recomputing the stage.

        \(evidence.map { "- \($0)" }.joined(separator: "\n"))

        To see it: `python repro.py`\(cause.stage == .decode ? ", with the codec's folder or name as its argument," : "") \
        beside `capture.h5`. Exit status 1 means that it shows. The archive holds this one stage of the run: token ids, \
        no text, no recording of a voice, no weights.

        Fix: \(cause.fix).

        """
    }

    /// A paragraph in lines of at most 110 characters, with nothing in it that ends or leaves a docstring.
    private static func wrapped(_ text: String, indent: String) -> String {
        var lines: [String] = []
        var line = ""
        let words = text.replacing("\\", with: "/").replacing("\"\"\"", with: "'''")
            .split {
                $0 == " " || $0.isNewline
                    || $0.unicodeScalars.contains { $0.properties.generalCategory == .control }
            }
        for word in words {
            if !line.isEmpty, line.count + word.count >= 110 {
                lines.append(line)
                line = indent + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return (lines + [line]).joined(separator: "\n")
    }
}

internal import AlignmentJSON

extension SampleFacts {
    /// How the audio ended, and what the script's own message about EOS is worth.
    var endingProofs: [LogProof] {
        let ending = ending
        return [ending, eosMessage(decidedBy: ending)].compactMap { $0 }
    }

    /// By the generated text first, which is not ambiguous; by the number of columns else.
    private var ending: LogProof? {
        let columns = columnCounts.filter { $0.columns == $0.exhausted }
        if let text = outputs.last(where: { Self.isCutOff($0) }) {
            return LogProof(
                .ending, .budgetExhausted, "budget-exhausted", lines: [text.line] + columns.flatMap(\.lines),
                values: values(of: columns, decidedBy: "text"),
                "The generated text ends in <|AUDIO_OUT|>: the limit ended the audio before EOS.")
        }
        let chunks = Set(columnCounts.map(\.chunk) + limits.map(\.chunk)).count
        if !outputs.isEmpty, outputs.count >= chunks,
            outputs.allSatisfy({ $0.isGeneratedPartKnown && $0.meetsEOS })
        {
            return LogProof(
                .ending, .eosReached, lines: outputs.map(\.line),
                values: ["decided_by": .string("text")],
                columns.isEmpty
                    ? "The generated text holds <|AUDIO_OUT|><|audio_eos|>: EOS ended the audio."
                    : "The generated text holds <|AUDIO_OUT|><|audio_eos|>: EOS ended the audio, at the limit. The text decides, not the number of columns."
            )
        }
        if let first = columns.first {
            return LogProof(
                .ending, .budgetExhausted, "budget-exhausted", lines: columns.flatMap(\.lines),
                values: values(of: columns, decidedBy: "columns"),
                "The segment has \(first.columns) columns\(first.source), all that a limit of \(first.limit) leaves room for: the limit ended the audio, unless EOS fell on the very last step."
            )
        }
        let proper = all("eos-proper")
        if !proper.isEmpty, all("eos-missing").isEmpty {
            return LogProof(
                .ending, .eosReached, lines: proper.map(\.line),
                values: ["decided_by": .string("codebook 0")],
                "The script found EOS at the end of codebook 0: EOS ended the audio.")
        }
        guard let short = columnCounts.first(where: { $0.columns < $0.exhausted }) else { return nil }
        return LogProof(
            .ending, .undecided, lines: short.lines,
            values: ["columns": .integer(short.columns), "limit": .integer(short.limit)],
            "The segment has \(short.columns) columns\(short.source) of \(short.exhausted) that a limit of \(short.limit) leaves room for: the limit did not end it, unless the model wrote text before."
        )
    }

    private static func isCutOff(_ text: TextBlock.Facts) -> Bool {
        text.isGeneratedPartKnown && text.end.hasSuffix("<|AUDIO_OUT|>")
    }

    private func values(of columns: [ColumnCount], decidedBy decider: String) -> [String: JSONValue] {
        var values: [String: JSONValue] = ["decided_by": .string(decider)]
        if let first = columns.first {
            values["columns"] = .integer(first.columns)
            values["limit"] = .integer(first.limit)
        }
        return values
    }

    /// Says what the message does and does not show.
    private func eosMessage(decidedBy ending: LogProof?) -> LogProof? {
        let shown = all("eos-missing")
        let found = shown.flatMap { $0.values.integers("found") }
        guard !shown.isEmpty, !found.isEmpty else { return nil }
        let values: [String: JSONValue] = [
            "found": found.count == 1 ? .integer(found[0]) : .array(found.prefix(64).map(JSONValue.integer))
        ]
        let others = found.filter { (0..<1023).contains($0) }
        let isBeforeClip = found.contains { $0 > 1023 } || !all("eos-proper").isEmpty
        var sentences: [String] = []
        if isBeforeClip {
            sentences.append("The script looks for EOS where it can be found, but in codebook 0 alone.")
        } else {
            sentences.append(
                "The message is printed for every segment, because the script looks after the clip to 1023: it does not show that EOS is missing."
            )
        }
        if !others.isEmpty {
            let ids = others.prefix(4).map(String.init).joined(separator: " and ")
            sentences.append(
                "\(ids) \(others.count == 1 ? "is" : "are") no EOS at the end of codebook 0; EOS may have come first in another codebook."
            )
        }
        if others.count < found.count, !isBeforeClip {
            sentences.append("1023 is a clipped EOS or BOS, or the code 1023.")
        }
        let isDecided = ending.map { $0.verdict != .undecided } ?? false
        if let ending, isDecided {
            let decider = ending.values["decided_by"]?.string ?? "other lines"
            sentences.append("What decides here: \(decider == "text" ? "the generated text" : decider).")
        }
        return LogProof(
            .eosMessage, .undecided, "eos-check-after-clip",
            level: others.isEmpty || isDecided ? .note : nil, lines: shown.map(\.line), values: values,
            deviations: isBeforeClip ? [] : nil, sentences.joined(separator: " "))
    }
}

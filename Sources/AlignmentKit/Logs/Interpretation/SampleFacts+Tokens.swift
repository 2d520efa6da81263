internal import AlignmentJSON

extension SampleFacts {
    /// What is wrong with columns and ids on their way to the codec.
    var tokenProofs: [LogProof] {
        var proofs: [LogProof] = []
        for raw in all("raw-audio-output") {
            guard let shape = raw.values.shape("shape"), shape.count == 2 else { continue }
            proofs += [
                firstColumn(raw, codebooks: shape[0]), reverted(raw, codebooks: shape[0], columns: shape[1]),
            ]
            .compactMap { $0 }
        }
        for revert in all("delay-revert") { proofs += stripped(revert).map { [$0] } ?? [] }
        return proofs + [cells, range].compactMap { $0 }
    }

    /// The line of a rule about the same segment.
    private func segment(_ rule: String, like other: Observation) -> Observation? {
        all(rule).first {
            $0.chunk == other.chunk && $0.values.integer("audio") == other.values.integer("audio")
        }
    }

    private func firstColumn(_ raw: Observation, codebooks: Int) -> LogProof? {
        guard let text = raw.values.text("first_tokens") else { return nil }
        var scanner = ByteScanner(Array(text.utf8)[...])
        scanner.take { !$0.isDigit }
        // Whether it is the first column or the first row, it begins with BOS.
        guard let first = scanner.integer(), first != 1024 else { return nil }
        return LogProof(
            .tokens, .wrong, "first-column", lines: [raw.line], values: ["first": .integer(first)],
            "The segment begins with id \(first), not with BOS (1024).")
    }

    private func reverted(_ raw: Observation, codebooks: Int, columns: Int) -> LogProof? {
        guard let revert = segment("delay-revert", like: raw), let left = revert.values.shape("shape"),
            left.count == 2, (1...64).contains(codebooks), columns >= 2 * codebooks
        else { return nil }
        let taken = columns - left[1]
        guard taken != codebooks - 1 else { return nil }
        let deviations =
            switch taken {
            case 0: ["tokens.no-revert"]
            case 2 * (codebooks - 1): ["tokens.revert-twice"]
            default: ["tokens.chunked-revert"]
            }
        return LogProof(
            .tokens, .wrong, "revert-columns", lines: [raw.line, revert.line],
            values: ["before": .integer(columns), "after": .integer(left[1])], deviations: deviations,
            "The revert took \(taken) columns of \(columns); one of \(codebooks) codebooks takes \(codebooks - 1)."
        )
    }

    private func stripped(_ revert: Observation) -> LogProof? {
        guard let shape = revert.values.shape("shape"), shape.count == 2 else { return nil }
        let strip = segment("strip", like: revert)
        let after: Observation
        if let strip {
            after = strip
        } else {
            guard all("delay-revert").count == 1, let input = last("decoder-input") else { return nil }
            after = input
        }
        guard let left = after.values.shape("shape")?.last else { return nil }
        let taken = shape[1] - left
        guard taken == 0 || taken == 1 else { return nil }
        let deviation =
            taken == 1 ? "tokens.strip-one-side" : shape[1] <= 2 ? "tokens.strip-guard" : "tokens.no-strip"
        return LogProof(
            .tokens, .wrong, "strip-columns", lines: [revert.line, after.line],
            values: ["before": .integer(shape[1]), "after": .integer(left)], deviations: [deviation],
            "Of \(shape[1]) reverted columns \(left) are left; without the first and the last they would be \(max(shape[1] - 2, 0))."
        )
    }

    private var cells: LogProof? {
        guard let shown = last("token-analysis"), let total = shown.values.integer("total"), total > 0,
            let zeros = shown.values.integer("zeros"), let begin = shown.values.integer("bos"),
            let end = shown.values.integer("eos")
        else { return nil }
        if begin > 0 || end > 0 {
            return LogProof(
                .tokens, .wrong, "special-ids-reach-codec", lines: [shown.line],
                values: ["bos": .integer(begin), "eos": .integer(end)],
                "\(begin) cells hold BOS and \(end) hold EOS: they were not clipped.")
        }
        guard zeros > total / 2 else { return nil }
        return LogProof(
            .tokens, .wrong, "zeros-dominate", lines: [shown.line],
            values: ["zeros": .integer(zeros), "total": .integer(total)],
            "\(zeros) of \(total) cells are code 0.")
    }

    private var range: LogProof? {
        guard let shown = last("token-range"), let low = shown.values.integer("min"),
            let high = shown.values.integer("max"), low < 0 || high > 1023
        else { return nil }
        return LogProof(
            .tokens, .wrong, "ids-out-of-range", lines: [shown.line],
            values: ["min": .integer(low), "max": .integer(high)],
            "The codec got ids from \(low) to \(high); it takes 0 to 1023.")
    }
}

import AlignmentComparison
import AlignmentDiagnosis
import AlignmentParity
import AlignmentWording

extension ComparisonReport {
    /// The report for people. With `isTable` each pair of archives is one row.
    public func document(isTable: Bool = false) -> Document {
        var document = Document()
        if isTable {
            writeTable(to: &document)
        } else {
            for comparison in comparisons { comparison.write(to: &document) }
            if comparisons.count > 1 {
                document.heading(1, "Summary")
                writeTable(to: &document)
            }
        }
        document.list(notCompared.map { "\($0): not compared, stopped at the first difference." })
        document.list(unpaired.map { "\($0.path): there is no \($0.expected) to compare it with." })
        return document
    }

    private func writeTable(to document: inout Document) {
        if let reference = comparisons.first?.right, comparisons.allSatisfy({ $0.right == reference }) {
            document.paragraph("Against \(reference):")
        }
        document.table(
            [
                "archive", "verdict", "compared", "differ", "missing", "extra", "worst SNR",
                "first difference",
            ],
            comparisons.map { comparison in
                [
                    comparison.left, comparison.status.words,
                    String(comparison.compared), String(comparison.differing),
                    String(comparison.missing.count), String(comparison.extra.count),
                    comparison.worstSNR.map { "\(formatted("%.0f", $0)) dB" } ?? "-",
                    comparison.first.map { [$0.sample, $0.tensor].compactMap { $0 }.joined(separator: " ") }
                        ?? "-",
                ]
            })
    }
}

extension ArchiveComparison {
    /// The lowest of all tensors; nil where every one is equal.
    fileprivate var worstSNR: Double? {
        pairs.compactMap { $0.pair.comparison.figures?.snrDb }.filter { $0 < .infinity }.min()
    }

    fileprivate var pairs: [(sample: String, pair: PairComparison)] {
        samples.flatMap { sample in sample.tensors.map { (sample.name, $0) } } + shared.map { ("-", $0) }
    }

    fileprivate func write(to document: inout Document) {
        document.heading(1, "\(left) against \(right)")
        document.paragraph(summary)
        for sample in samples { write(sample.tensors, named: "Sample \(sample.name)", to: &document) }
        write(shared, named: "Outside of samples", to: &document)
        write("Missing: only \(right) has", missing, to: &document)
        write("Extra: only \(left) has", extra, to: &document)
        write(notCompared, to: &document)
        writeTolerances(to: &document)
        writeContext(to: &document)
    }

    /// Tensors that say something: all that are not equal, and a count of the others.
    private func write(_ pairs: [PairComparison], named title: String, to document: inout Document) {
        guard !pairs.isEmpty else { return }
        let telling = pairs.filter { $0.status != .equal }
        guard !telling.isEmpty else {
            if samples.count + (shared.isEmpty ? 0 : 1) > 1 {
                document.paragraph("\(title): all \(pairs.count) are equal.")
            }
            return
        }
        document.heading(2, title)
        document.table(
            ["tensor", "of another kind, shape or content"],
            telling.compactMap { pair in pair.comparison.reason.map { [pair.tensor, $0] } })
        document.table(
            ["tensor", "verdict", "over tolerance", "max abs", "SNR", "worst slices"],
            telling.compactMap { pair in
                pair.comparison.figures.map { figures in
                    [
                        pair.tensor, pair.words, "\(figures.overTolerance) of \(figures.count)",
                        number(figures.maxAbs),
                        figures.snrDb.isFinite
                            ? "\(formatted("%.1f", figures.snrDb)) dB" : number(figures.snrDb),
                        figures.worstSlices.map(\.words).joined(separator: ", "),
                    ]
                }
            })
        let equal = pairs.count - telling.count
        if equal > 0 { document.paragraph("The other \(equal) are equal.") }
        document.list(telling.flatMap(\.details))
    }

    private func write(_ title: String, _ paths: [String], to document: inout Document) {
        guard !paths.isEmpty else { return }
        document.heading(2, title)
        document.list(paths)
    }

    private func write(_ objects: [NotCompared], to document: inout Document) {
        guard !objects.isEmpty else { return }
        document.heading(2, "Not compared")
        document.list(objects.map { "\($0.object): \($0.why)" })
    }

    /// The tolerances that were in force, each with the number of tensors that it judged.
    private func writeTolerances(to document: inout Document) {
        var uses: [(rule: String, tolerance: Tolerance, count: Int)] = []
        for (_, pair) in pairs {
            guard let rule = pair.rule, let tolerance = pair.comparison.tolerance else { continue }
            if let index = uses.firstIndex(where: { $0.rule == rule && $0.tolerance == tolerance }) {
                uses[index].count += 1
            } else {
                uses.append((rule, tolerance, 1))
            }
        }
        guard !uses.isEmpty else { return }
        document.heading(2, "Tolerances in force (\(tolerance.name))")
        document.table(
            ["rule", "tensors", "relative", "absolute, of the RMS", "step", "least SNR", "also"],
            uses.map { use in
                [
                    use.rule, String(use.count), number(use.tolerance.relative),
                    number(use.tolerance.absolute),
                    number(use.tolerance.step), use.tolerance.minimumSNR.map { "\(number($0)) dB" } ?? "-",
                    [
                        use.tolerance.acceptsNaNPairs ? "NaN pairs pass" : nil,
                        use.tolerance.settlesTies ? "ties settled" : nil,
                    ].compactMap { $0 }.joined(separator: ", "),
                ]
            })
    }

    private func writeContext(to document: inout Document) {
        guard !context.isEmpty else { return }
        document.heading(2, "Settings and versions that differ (not judged)")
        document.table(
            ["document", "key", "left", "right"],
            context.map { [$0.document, $0.key, $0.left ?? "absent", $0.right ?? "absent"] })
    }
}

extension ArchiveComparison.PairComparison {
    fileprivate var words: String {
        if let flips, flips.areNearTies, status != .differs { return "\(status.words), near-ties" }
        if noiseFloor != nil, status != .differs { return "\(status.words), bfloat16 noise" }
        if let ties = comparison.figures?.tieSwaps, ties > 0, status != .differs {
            return "\(status.words), \(counted(ties, "tie"))"
        }
        return status.words
    }

    fileprivate var details: [String] {
        var details: [String] = []
        if let figures = comparison.figures {
            var parts: [String] = []
            if let first = figures.first { parts.append("first at \(first.words)") }
            if let worst = figures.worst, worst != figures.first { parts.append("worst at \(worst.words)") }
            if figures.nanPairs > 0 {
                parts.append("NaN on both sides at \(counted(figures.nanPairs, "place"))")
            }
            parts.append("RMS error \(number(figures.rmsError)), cosine \(formatted("%.9g", figures.cosine))")
            if let ulp = figures.maxUlp, ulp > 0 { parts.append("\(ulp) ULP at most") }
            details.append("\(tensor): \(parts.joined(separator: "; ")).")
        }
        if let flips, let first = flips.first {
            let floor = flips.noiseFloor.map { ", noise floor of the logits \(number($0))" } ?? ""
            details.append(
                "\(tensor): \(counted(flips.count, "token")) differ, \(flips.nearTies) of them near-ties"
                    + "\(floor); the first, codebook \(first.codebook) column \(first.column), is \(first.left) "
                    + "against \(first.right)"
                    + (first.margin.map { ", margin \(number($0))" } ?? ", and no logits to judge it by")
                    + (first.isNearTie && !flips.areNearTies
                        ? ": a near-tie, after which the streams have other contexts." : "."))
        }
        if let noiseFloor {
            details.append(
                "\(tensor): \(formatted("%.2f", noiseFloor.ratio)) times the error of bfloat16 "
                    + "against float32 (\(formatted("%.2f", noiseFloor.worstSliceRatio)) in the worst slice), "
                    + "\(noiseFloor.passes ? "which is its noise floor." : "more than its noise floor.")")
        }
        return details
    }
}

extension ComparisonFigures.Place {
    fileprivate var words: String { "\(index): \(exact(left)) against \(exact(right))" }
}

extension ComparisonFigures.Slice {
    fileprivate var words: String {
        length == 1 ? "\(axis) \(index)" : "\(axis) \(index) to \(index + length - 1)"
    }
}

extension TensorComparison.Verdict {
    fileprivate var words: String { rawValue.replacing("_", with: " ") }
}

/// A value in enough digits to tell neighbours of float32 apart.
private func exact(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? formatted("%.0f", value) : formatted("%.9g", value)
}

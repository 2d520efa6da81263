import AlignmentComparison
package import AlignmentDiagnosis
import AlignmentStages
import AlignmentWording

extension RunReport {
    /// The report for people, most important first.
    public var document: Document {
        var document = Document()
        for sample in samples { sample.write(to: &document) }
        if samples.count > 1 { writeSummary(to: &document) }
        document.list(failures.map(\.message))
        return document
    }

    private func writeSummary(to document: inout Document) {
        document.heading(1, "Summary")
        document.table(
            ["archive", "sample", "collator", "generation", "tokens", "decode", "exit"],
            samples.map { sample in
                [sample.path, sample.sample] + sample.stages.map { words($0.status) } + [
                    String(sample.exitCode)
                ]
            })
    }
}

extension SampleRun {
    fileprivate func write(to document: inout Document) {
        document.heading(1, "\(path), sample \(sample)")
        document.paragraph("Judged against \(reference). \(outcome)")
        document.heading(2, "Stages")
        document.table(
            ["stage", "status", "why"],
            stages.map { [$0.stage.rawValue, words($0.status), $0.why] })
        writeConditioning(to: &document)
        writeTensors(to: &document)
        writeDeviations(to: &document)
        document.heading(2, "Checks")
        document.table(
            ["check", "status", "why"],
            checks.verdicts.map {
                [$0.name.replacing("_", with: " "), words($0.verdict.status.rawValue), $0.verdict.why]
            })
        if let text = checks.eos.details.text { document.paragraph("Generated text ids: \(text.sentence)") }
        document.writeMetrics(successMetrics)
        if !notComputed.isEmpty {
            document.heading(2, "Not computed")
            document.list(notComputed)
        }
        if !notes.isEmpty {
            document.heading(2, "Notes")
            document.list(notes)
        }
    }

    private var outcome: String {
        switch exitCode {
        case 0: "Everything that was compared passed."
        case 1: "Something failed; see the stages and checks below."
        default: "Not everything could be compared; see what was not computed."
        }
    }

    private func writeConditioning(to document: inout Document) {
        guard let conditioning, conditioning != Conditioning.empty else { return }
        document.heading(2, "Conditioning audio")
        document.table(
            ["path", "placeholder", "codes under it"],
            [("current", conditioning.current), ("aligned", conditioning.aligned)].flatMap { path, segments in
                segments.map { [path, $0.placeholder, $0.words] }
            })
    }

    /// Rows that say something: all that are not equal on every side, and a count of the others.
    private func writeTensors(to document: inout Document) {
        document.heading(2, "Tensors")
        let all = stages.flatMap { stage in stage.tensors.map { (stage.stage, $0) } }
        let hasRaised = Set(stages.filter { $0.raised?.current != nil }.map(\.stage))
        let telling = all.filter { stage, tensor in
            !tensor.isEqualEverywhere
                && !(hasRaised.contains(stage) && tensor.alignedVsGolden?.verdict == .equal)
        }
        document.table(
            [
                "tensor", "shape", "captured / current", "captured / golden", "aligned / golden",
                "current / aligned",
            ],
            telling.map { stage, tensor in
                [
                    "\(stage.rawValue)/\(tensor.name)\(tensor.live ? "" : " (dead)")",
                    tensor.shape.map { "\($0)" } ?? tensor.dtype,
                    cell(tensor, tensor.capturedVsCurrent), cell(tensor, tensor.capturedVsGolden),
                    cell(tensor, tensor.alignedVsGolden), cell(tensor, tensor.currentVsAligned),
                ]
            })
        let equal = all.count - telling.count
        if equal > 0 {
            document.paragraph(
                "\(telling.isEmpty ? "All" : "The other") \(counted(equal, "tensor")) "
                    + "\(equal == 1 ? "is" : "are") equal on every side that has \(equal == 1 ? "it" : "them")."
            )
        }
        document.list(telling.flatMap { stage, tensor in tensor.details(in: stage) })
    }

    /// Every tensor of every stage's output in a row, for a page where rows can be sorted and filtered.
    package var tensorTable: Document.Table {
        Document.Table(
            [
                "tensor", "shape", "type", "live", "status", "captured / current", "captured / golden",
                "aligned / golden", "current / aligned", "largest error", "SNR, dB", "first place",
            ],
            stages.flatMap { stage in
                stage.tensors.map { tensor in
                    let worst = [
                        tensor.capturedVsCurrent, tensor.alignedVsGolden, tensor.capturedVsGolden,
                        tensor.currentVsAligned,
                    ].compactMap(\.self).filter { $0.verdict != .equal }.compactMap(\.figures).max {
                        $0.maxAbs < $1.maxAbs
                    }
                    return [
                        "\(stage.stage.rawValue)/\(tensor.name)", tensor.shape.map { "\($0)" } ?? "-",
                        tensor.dtype, tensor.live ? "yes" : "no", words(tensor.status),
                        cell(tensor, tensor.capturedVsCurrent), cell(tensor, tensor.capturedVsGolden),
                        cell(tensor, tensor.alignedVsGolden), cell(tensor, tensor.currentVsAligned),
                        worst.map { number($0.maxAbs) } ?? "-", worst.map { number($0.snrDb) } ?? "-",
                        worst?.first.map { "\($0.index)" } ?? "-",
                    ]
                }
            })
    }

    /// The checks as a table.
    package var checkTable: Document.Table {
        Document.Table(
            ["check", "status", "value", "why"],
            checks.verdicts.map {
                [
                    $0.name.replacing("_", with: " "), words($0.verdict.status.rawValue),
                    $0.verdict.value.map { number($0) } ?? "-", $0.verdict.why,
                ]
            })
    }

    private func cell(_ tensor: TensorRun, _ comparison: TensorComparison?) -> String {
        guard let comparison else { return tensor.status == .notComputed ? "not computed" : "-" }
        switch comparison.verdict {
        case .equal: return "equal"
        case .withinTolerance:
            if let ties = comparison.figures?.tieSwaps, ties > 0 { return "within tolerance, \(ties) ties" }
            guard let snr = comparison.figures?.snrDb, snr.isFinite else { return "within tolerance" }
            return "within tolerance, \(formatted("%.0f", snr)) dB"
        case .differs:
            if let reason = comparison.reason { return "differs: \(reason)" }
            guard let figures = comparison.figures else { return "differs" }
            return "differs: \(figures.overTolerance) of \(figures.count)"
        }
    }

    private func writeDeviations(to document: inout Document) {
        guard !deviations.isEmpty else { return }
        document.heading(2, "Deviations from \(reference)")
        document.table(
            ["id", "kind", "effect here", "the pipeline ...", "fix"],
            deviations.map { deviation in
                [
                    deviation.id, deviation.kind.rawValue,
                    words(deviation.effectHere.rawValue) + (deviation.error.map { ": \($0.type)" } ?? ""),
                    deviation.clause, deviation.advice,
                ]
            })
        document.list(
            deviations.map { deviation in
                deviation.id + ": "
                    + deviation.knobs.map {
                        "\($0.key) is \($0.captured), the reference's is \($0.reference)"
                    }
                    .joined(separator: "; ")
            })
    }
}

extension DeviationRun {
    /// What to do about it on this capture.
    fileprivate var advice: String {
        switch effectHere {
        case .none, .dead: "none needed here"
        case .preventsRaise: "\(fix), but only with the cause that it hides"
        case .changesOutput, .raises: fix
        }
    }
}

extension TensorRun {
    fileprivate var isEqualEverywhere: Bool {
        status == .equal
            && [capturedVsCurrent, capturedVsGolden, alignedVsGolden, currentVsAligned]
                .allSatisfy { $0 == nil || $0?.verdict == .equal }
    }

    /// The first place and the figures of what differs most.
    fileprivate func details(in stage: Stage) -> [String] {
        let sides = [
            ("captured against current", capturedVsCurrent), ("captured against golden", capturedVsGolden),
            ("aligned against golden", alignedVsGolden), ("current against aligned", currentVsAligned),
        ]
        return sides.compactMap { label, comparison in
            guard let comparison, comparison.verdict == .differs, let figures = comparison.figures,
                let first = figures.first
            else { return nil }
            let slices = figures.worstSlices.map { "worst \($0.axis) \($0.index)" }
            return "\(stage.rawValue)/\(name), \(label): first at \(first.index), "
                + "\(number(first.left)) against \(number(first.right)); largest error \(number(figures.maxAbs)), "
                + "SNR \(number(figures.snrDb)) dB"
                + (slices.isEmpty ? "" : ", " + slices.joined(separator: ", ")) + "."
        }
    }
}

extension Conditioning.Segment {
    fileprivate var words: String {
        switch frames {
        case nil: "none: a hole in the prompt"
        case 0?: "0 frames: an empty segment, BOS and EOS only"
        case let frames?: counted(frames, "frame")
        }
    }
}

extension TextEvidence {
    fileprivate var sentence: String {
        switch self {
        case .metEos: "an <|audio_eos|> follows the audio, so it met its EOS."
        case .cutByLimit: "they end in <|AUDIO_OUT|>, so the token limit cut the audio."
        case .noAudio: "they hold no audio."
        }
    }
}

private func words(_ status: StageStatus) -> String { words(status.rawValue) }

/// A JSON word as people read it.
private func words(_ name: String) -> String { name.replacing("_", with: " ") }

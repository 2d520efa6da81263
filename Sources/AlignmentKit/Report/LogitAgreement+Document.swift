public import AlignmentDiagnosis
import AlignmentWording

extension LogitAgreement {
    /// The comparison for people, as a report of its own.
    public func document(against golden: String) -> Document {
        var document = Document()
        write(to: &document, against: golden)
        return document
    }

    /// Writes the comparison as a part of a report.
    ///
    /// - Parameter golden: what the golden run is called, such as its file.
    func write(to document: inout Document, against golden: String) {
        document.heading(2, "Logits against \(golden)")
        document.paragraph(summary(against: golden))
        document.list(notes)
        guard snrDb < .infinity || brokenCells > 0 else { return }
        document.table(
            ["codebook", "cells", "SNR", "median KL", "largest KL", "largest error", "flips", "near-ties"],
            codebooks.map {
                [
                    "\($0.codebook)", "\($0.cells)", $0.snrDb.decibels, number($0.medianDivergence),
                    number($0.largestDivergence), number($0.largestError), "\($0.flips)", "\($0.nearTies)",
                ]
            })
        if !worst.isEmpty {
            document.paragraph("The worst cells by KL, in nats:")
            document.cells(worst)
        }
        if flipped.contains(where: { !worst.contains($0) }) {
            document.paragraph("Where another id has the largest logit:")
            document.cells(flipped)
        }
    }

    private var notes: [String] {
        var notes: [String] = []
        if let firstOtherStep {
            notes.append("From step \(firstOtherStep) on the columns are others, and nothing is compared.")
        }
        if storedPrecision.captured != storedPrecision.golden || storedPrecision.golden != .float32 {
            notes.append(
                "The captured logits are \(storedPrecision.captured.rawValue) values, the golden's "
                    + "\(storedPrecision.golden.rawValue) values.")
        }
        if snrDb < .infinity {
            notes.append(
                "An affine map of each row explains \(percent(fit.share)) of the error's energy (an offset alone "
                    + "\(percent(fit.offsetShare)), a scale alone \(percent(fit.scaleShare))), and leaves "
                    + "\(fit.residualSnrDb.decibels).")
        }
        if let forcedSnrDb, snrDb.isInfinite != forcedSnrDb.isInfinite || (snrDb - forcedSnrDb).magnitude > 10
        {
            notes.append(
                "In the cells that are forced the logits lie \(forcedSnrDb.decibels) from the golden's.")
        }
        if brokenCells > 0 {
            notes.append(
                "\(counted(brokenCells, "cell")) left out: logits that are no numbers, or infinite on one side alone."
            )
        }
        return notes
    }
}

extension Document {
    fileprivate mutating func cells(_ cells: [LogitAgreement.Cell]) {
        table(
            ["step", "codebook", "KL", "SNR", "largest error", "largest logit", "margin"],
            cells.map { cell in
                [
                    "\(cell.step)", "\(cell.codebook)", number(cell.divergence), cell.snrDb.decibels,
                    number(cell.largestError),
                    cell.flip.map { "\($0.golden) to \($0.captured)\($0.isNearTie ? ", a near-tie" : "")" }
                        ?? "the same",
                    cell.flip.map { number($0.margin) } ?? "",
                ]
            })
    }
}

extension Double {
    fileprivate var decibels: String { self == .infinity ? "no error" : "\(number(self)) dB" }
}

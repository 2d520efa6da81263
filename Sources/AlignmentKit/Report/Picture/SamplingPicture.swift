public import AlignmentDiagnosis
import AlignmentWording
import Foundation

/// The sampler's steps as a picture: how likely what was drawn was, the entropy, and the chance of EOS.
public struct SamplingPicture {
    private let findings: SamplerFindings

    /// nil for findings without a step to draw.
    public init?(_ findings: SamplerFindings) {
        guard !findings.trace.isEmpty else { return nil }
        self.findings = findings
    }

    private static let (left, right, width) = (76.0, 24.0, 960.0)
    private static let panelHeight = 150.0

    /// The picture as SVG.
    public var svg: String {
        let title = "\(findings.path), sample \(findings.sample)"
        var drawing = SVGDrawing(width: Self.width, height: 96 + 3 * (Self.panelHeight + 62), title: title)
        drawing.text(title, x: 20, y: 28, size: 18)
        drawing.text(
            "\(findings.verdict.rawValue): \(findings.acting.words)", x: 20, y: 48, .soft)
        var top = 84.0
        for panel in [drawProbabilities, drawEntropy, drawEnd] {
            panel(&drawing, top)
            top += Self.panelHeight + 62
        }
        return drawing.svg
    }

    // MARK: Axes

    private var first: Int { findings.trace.first?.step ?? 0 }
    private var last: Int { max(findings.trace.last?.step ?? 0, first + 1) }

    private func x(_ step: Int) -> Double {
        let span = Self.width - Self.left - Self.right
        return Self.left + span * Double(step - first) / Double(last - first)
    }

    /// Where a value lies between the ends of a panel.
    private struct Axis {
        var top: Double
        var bottom: Double
        var low: Double
        var high: Double
        var isLogarithmic: Bool

        func y(_ value: Double) -> Double {
            let (value, low, high) =
                isLogarithmic
                ? (log(max(value, low)), log(low), log(high)) : (value, low, high)
            return bottom + (top - bottom) * (min(max(value, low), high) - low) / (high - low)
        }
    }

    private func axis(
        _ drawing: inout SVGDrawing, _ top: Double, title: String, low: Double, high: Double,
        marks: [(Double, String)], isLogarithmic: Bool
    ) -> Axis {
        let axis = Axis(
            top: top + 12, bottom: top + Self.panelHeight, low: low, high: high,
            isLogarithmic: isLogarithmic)
        drawing.text(title, x: 20, y: top, size: 14)
        for (value, name) in marks {
            drawing.line((Self.left, axis.y(value)), (Self.width - Self.right, axis.y(value)), .grid)
            drawing.text(name, x: Self.left - 8, y: axis.y(value) + 4, .soft, anchor: .end, size: 11)
        }
        let every =
            [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000]
            .first { (last - first) / $0 <= 12 } ?? 20_000
        for step in stride(from: (first + every - 1) / every * every, through: last, by: every) {
            drawing.line((x(step), axis.bottom), (x(step), axis.bottom + 4), .soft)
            drawing.text("\(step)", x: x(step), y: axis.bottom + 16, .soft, anchor: .middle, size: 11)
        }
        for (before, after) in zip(findings.trace, findings.trace.dropFirst())
        where before.segment != after.segment {
            drawing.line((x(after.step), axis.top), (x(after.step), axis.bottom), .soft, dashed: true)
        }
        return axis
    }

    /// What the inks mean, below a panel.
    private func legend(
        _ drawing: inout SVGDrawing, _ axis: Axis, _ entries: [(String, SVGDrawing.Ink, isDashed: Bool)]
    ) {
        var place = Self.left
        for (name, ink, isDashed) in entries {
            drawing.curve(
                [(place, axis.bottom + 30), (place + 24, axis.bottom + 30)], ink, dashed: isDashed)
            drawing.text(name, x: place + 30, y: axis.bottom + 34)
            place += 56 + Double(name.count) * 6.6
        }
    }

    // MARK: Panels

    private func drawProbabilities(_ drawing: inout SVGDrawing, _ top: Double) {
        let axis = axis(
            &drawing, top, title: "Probability of what was drawn, by step", low: 1e-4, high: 1,
            marks: [(1, "1"), (0.1, "0.1"), (0.01, "0.01"), (1e-3, "0.001"), (1e-4, "0.0001")],
            isLogarithmic: true)
        var dots: [(Double, Double)] = []
        for step in findings.trace {
            for probability in step.probability.compactMap(\.self) {
                dots.append((x(step.step), axis.y(probability)))
            }
        }
        drawing.dots(dots, .series(0))
        drawing.curve(
            findings.trace.map { step in
                let known = step.probability.compactMap(\.self)
                guard !known.isEmpty else { return nil }
                let mean = known.reduce(0) { $0 + log(max($1, 1e-300)) } / Double(known.count)
                return (x(step.step), axis.y(exp(mean)))
            }, .series(0))
        var redrawn = 0
        for step in findings.trace {
            for (index, share) in step.redrawn.enumerated() where share ?? 0 >= 0.5 {
                redrawn += 1
                drawing.ring(
                    (x(step.step), axis.y(step.probability[index] ?? 0)), .series(1),
                    label:
                        "step \(step.step), codebook \(step.codebooks[index]): drawn again, id \(step.ids[index] ?? 0)"
                )
            }
        }
        legend(
            &drawing, axis,
            [
                ("each codebook as a dot, their geometric mean as a line", .series(0), false),
                ("\(redrawn) drawn again by repetition-aware sampling, ringed", .series(1), false),
            ])
    }

    private func drawEntropy(_ drawing: inout SVGDrawing, _ top: Double) {
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(values.count, 1)) }
        let raw = findings.trace.map { mean($0.rawEntropy) }
        let own = findings.trace.map { mean($0.entropy) }
        let high = max(ceil((raw + own).max() ?? 1), 1)
        let axis = axis(
            &drawing, top, title: "Entropy in bits, mean over the live codebooks", low: 0, high: high,
            marks: (0...4).map { (high * Double($0) / 4, number(high * Double($0) / 4)) },
            isLogarithmic: false)
        drawing.curve(
            zip(findings.trace, raw).map { (x($0.step), axis.y($1)) }, .series(1), dashed: true)
        drawing.curve(zip(findings.trace, own).map { (x($0.step), axis.y($1)) }, .series(0))
        legend(
            &drawing, axis,
            [("as drawn", .series(0), false), ("before any processor", .series(1), true)])
    }

    private func drawEnd(_ drawing: inout SVGDrawing, _ top: Double) {
        let axis = axis(
            &drawing, top, title: "Probability that EOS is drawn in some codebook", low: 1e-6, high: 1,
            marks: [(1, "1"), (0.01, "0.01"), (1e-4, "0.0001"), (1e-6, "0.000001")], isLogarithmic: true)
        var ended: Set<Int> = []
        var open: [StepTrace] = []
        for step in findings.trace where !ended.contains(step.segment) {
            open.append(step)
            if step.drewEos {
                ended.insert(step.segment)
                drawing.line((x(step.step), axis.top), (x(step.step), axis.bottom), .series(2))
                drawing.text("EOS", x: x(step.step) - 5, y: axis.top + 12, .series(2), anchor: .end, size: 11)
            }
        }
        if let spoken = findings.end?.spokenFrames, (first...last).contains(spoken), ended.count <= 1 {
            drawing.line((x(spoken), axis.top), (x(spoken), axis.bottom), .soft, dashed: true)
            drawing.text(
                "text spoken at 130 words a minute", x: x(spoken) - 5, y: axis.bottom - 6, .soft,
                anchor: .end,
                size: 11)
        }
        func points(_ value: (StepTrace) -> Double) -> [(Double, Double)?] {
            var points: [(Double, Double)?] = []
            for (index, step) in open.enumerated() {
                if index > 0, open[index - 1].segment != step.segment { points.append(nil) }
                points.append((x(step.step), axis.y(value(step))))
            }
            return points
        }
        drawing.curve(points(\.rawHazard), .series(1), dashed: true)
        drawing.curve(points(\.hazard), .series(0))
        legend(
            &drawing, axis,
            [("as drawn", .series(0), false), ("before any processor", .series(1), true)])
    }
}

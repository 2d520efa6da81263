internal import AlignmentJSON
internal import AlignmentStages
internal import AlignmentWording

extension SampleFacts {
    /// Rules that print the energy of what was decoded, the more telling first.
    private static let decoded = [
        "joined-energy", "generated-energy", "decoded-energy", "segment-energy", "energy-critical",
        "energy-warning", "energy-good",
    ]

    /// How loud the sound is: the written one, else the decoded one.
    var energyProofs: [LogProof] {
        let codec = Self.decoded.lazy.compactMap { last($0) }.first
        guard let shown = last("file-energy") ?? codec else {
            guard let line = last("still-silence") else { return [] }
            return [
                LogProof(
                    .energy, .silent, "energy-silence", lines: [line.line],
                    "The script measured a mean square below 1e-8: silence.")
            ]
        }
        // No mean square is negative.
        let energies = shown.values.numbers("energy").filter { !($0 < 0 && $0.isFinite) }
        guard let worst = energies.min(by: Self.isWorse) else { return [] }
        var proofs = [rated(worst, energies, shown)]
        if shown.rule.id == "file-energy", let codec, let before = codec.values.number("energy"), before > 0,
            worst > 0, max(before / worst, worst / before) > 100
        {
            proofs.append(
                LogProof(
                    .energy, .wrong, "energy-changed", lines: [codec.line, shown.line],
                    values: ["decoded_energy": .number(before), "energy": .number(worst)],
                    "The codec gave a mean square of \(Self.text(before)), the written sound has \(Self.text(worst))."
                ))
        }
        return proofs
    }

    private static func isWorse(_ left: Double, _ right: Double) -> Bool {
        left.isFinite == right.isFinite ? left < right : !left.isFinite
    }

    private func rated(_ worst: Double, _ energies: [Double], _ shown: Observation) -> LogProof {
        var values: [String: JSONValue] = ["energy": shown.values["energy"]?.json ?? .number(worst)]
        let figures = energies.map(Self.text).joined(separator: " and ")
        let whose = shown.rule.id == "file-energy" ? "The written sound" : "The decoded sound"
        let rests = "\(whose) has a mean square of \(figures)"
        guard worst.isFinite else {
            return LogProof(
                .energy, .notFinite, "energy-not-finite", lines: [shown.line], values: values,
                "\(rests): it holds NaN or infinity.")
        }
        let level = SoundLevel(energy: worst)
        if level == .silence {
            return LogProof(
                .energy, .silent, "energy-silence", lines: [shown.line], values: values,
                "\(rests), below 1e-8: silence. It does not tell why.")
        }
        if level == .tooQuiet {
            return LogProof(
                .energy, .tooQuiet, "energy-too-quiet", lines: [shown.line], values: values,
                "\(rests), below 1e-6: too quiet. It does not tell why.")
        }
        if let constant = constant(worst, rests, shown) { return constant }
        if let statistics = last("file-statistics"), let deviation = statistics.values.number("std"),
            deviation.isFinite, deviation >= 0, Self.square(deviation + 5e-7) < SoundLevel.gate
        {
            values["std"] = .number(deviation)
            return LogProof(
                .energy, .silent, "silent-under-offset", lines: [shown.line, statistics.line], values: values,
                "\(rests), but a standard deviation of \(Self.text(deviation)): it is an offset, and silent.")
        }
        if level == .quiet {
            return LogProof(
                .energy, .quiet, "energy-quiet", lines: [shown.line], values: values,
                "\(rests), below 1e-4: quiet.")
        }
        return LogProof(
            .energy, .audible, lines: [shown.line], values: values,
            "\(rests): audible. It does not tell whether it is speech.")
    }

    /// A mean square of 1, which NaN cast to integers has.
    private func constant(_ energy: Double, _ rests: String, _ shown: Observation) -> LogProof? {
        guard abs(energy - 1) < 0.02 else { return nil }
        var lines = [shown.line]
        var isConstant = false
        if let range = last("file-range"), let low = range.values.number("min"),
            let high = range.values.number("max")
        {
            isConstant = low == high || low.isNaN || high.isNaN
            if isConstant { lines.append(range.line) }
        }
        if let statistics = last("file-statistics"), let deviation = statistics.values.number("std"),
            deviation == 0 || deviation.isNaN
        {
            isConstant = true
            lines.append(statistics.line)
        }
        return LogProof(
            .energy, .fullScale, "energy-full-scale", level: isConstant ? .defect : nil, lines: lines,
            values: ["energy": .number(energy)],
            isConstant
                ? "\(rests) and every sample is the same: NaN cast to integers looks so."
                : "\(rests): a constant at full scale has it, as NaN cast to integers gives it; speech has not."
        )
    }

    private static func square(_ value: Double) -> Double { value * value }

    /// A figure with 3 digits, as the scripts print it.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
        return number(value)
    }
}

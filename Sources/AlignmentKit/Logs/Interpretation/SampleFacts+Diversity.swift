internal import AlignmentJSON
internal import AlignmentWording

extension SampleFacts {
    /// Shares of distinct ids: a segment below the first fails, below the second it is warned of.
    private static let shares = (fails: 0.15, warns: 0.35)
    /// Shorter sounds are not rated.
    private static let leastFrames = 25
    private static let codes = 1024
    private static let codebooks = 8

    /// How varied the ids are, against the number of frames.
    var diversityProofs: [LogProof] {
        guard let shown = last("unique-tokens") else { return [] }
        let counts = shown.values.integers("count").filter { $0 >= 0 }
        guard let least = counts.min() else { return [] }
        guard counts.count == 1, let frames, frames.count > 0, frames.count < 1 << 40,
            least <= min(Self.codebooks * frames.count, Self.codes)
        else { return [unrated(counts, shown)] }
        let most = min(Self.codebooks * frames.count, Self.codes)
        let share = Double(least) / Double(most)
        let lines = [shown.line] + frames.lines
        let values: [String: JSONValue] = [
            "count": .integer(least), "frames": .integer(frames.count), "most": .integer(most),
            "share": .number(share),
        ]
        let rests =
            "\(least) distinct ids of at most \(most) over \(frames.count) frames, a share of \(number(share))"
        if frames.count < Self.leastFrames {
            return [
                LogProof(
                    .diversity, .undecided, "unique-tokens-not-rated", lines: lines, values: values,
                    "\(rests): fewer than \(Self.leastFrames) frames are not rated.")
            ]
        }
        if share < Self.shares.fails {
            return [
                LogProof(
                    .diversity, .tooFew, "too-few-unique-tokens", lines: lines, values: values,
                    "\(rests): too few, below \(Self.shares.fails).")
            ]
        }
        if share < Self.shares.warns {
            return [
                LogProof(
                    .diversity, .few, "few-unique-tokens", lines: lines, values: values,
                    "\(rests): few, below \(Self.shares.warns).")
            ]
        }
        return [
            LogProof(.diversity, .varied, lines: lines, values: values, "\(rests): varied enough.")
        ]
    }

    private func unrated(_ counts: [Int], _ shown: Observation) -> LogProof {
        let clauses = counts.map { count in
            let fails = Self.leastFrames(count, below: Self.shares.fails)
            let warns = Self.leastFrames(count, below: Self.shares.warns)
            guard let warns else { return "\(count) are enough for any length" }
            guard let fails else { return "\(count) are few from \(Self.length(warns)) on, too few for none" }
            return fails == warns
                ? "\(count) are too few from \(Self.length(fails)) on"
                : "\(count) are few from \(Self.length(warns)) on, too few from \(Self.length(fails)) on"
        }
        var values: [String: JSONValue] = ["count": shown.values["count"]?.json ?? .null]
        values["too_few_from_frames"] = .array(
            counts.map { Self.leastFrames($0, below: Self.shares.fails).map(JSONValue.integer) ?? .null })
        return LogProof(
            .diversity, .undecided, "unique-tokens-not-rated", lines: [shown.line], values: values,
            "Distinct ids can be too few only against the number of frames, which the log does not give: \(clauses.joined(separator: "; "))."
        )
    }

    /// The least number of rated frames for which so many ids are a share below a bound; nil if there is none.
    static func leastFrames(_ count: Int, below bound: Double) -> Int? {
        guard Double(count) / Double(codes) < bound else { return nil }
        var frames = leastFrames
        while Double(count) / Double(min(codebooks * frames, codes)) >= bound { frames += 1 }
        return frames
    }

    private static func length(_ frames: Int) -> String {
        "\(frames) frames (\(number(Double(frames) / 25)) s)"
    }
}

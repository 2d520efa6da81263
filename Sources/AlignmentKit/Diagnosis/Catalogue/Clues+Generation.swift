import AlignmentJSON
import AlignmentStages
import AlignmentTensors

extension Clues {
    /// Logits and recorded scores of the same steps; nil if one was not recorded.
    private var steps: (logits: NDArray<Float>, scores: NDArray<Float>)? {
        guard let logits = sample.generation?.facts.logits,
            case .tensor(.float32(let scores))? = captured["scores"], scores.shape == logits.shape,
            logits.shape.elementCount > 0
        else { return nil }
        return (logits, scores)
    }

    /// The factor between the logits and what is left of them in the scores.
    var temperatures: [[String: JSONValue]] {
        guard let (logits, scores) = steps else { return [] }
        var ratios: [Double] = []
        for (logit, score) in zip(logits.scalars, scores.scalars)
        where score.isFinite && abs(score) > 1 && logit.isFinite {
            ratios.append(Double(logit) / Double(score))
            if ratios.count == 1001 { break }
        }
        guard !ratios.isEmpty else { return [] }
        let middle = ratios.sorted()[ratios.count / 2]
        guard middle > 0 else { return [] }
        let short = (middle * 1000).rounded() / 1000
        return Set([short, middle]).sorted().map { ["generation.temperature": $0.json] }
            + [["generation.temperature": .null]]
    }

    /// As many candidates as the most, and as most rows, have left, and no such limit: equal scores at the edge all stay.
    var candidateCounts: [[String: JSONValue]] {
        guard let (_, scores) = steps, let width = scores.shape.extents.last else { return [] }
        var rows: [Int: Int] = [:]
        for start in stride(from: 0, to: scores.scalars.count, by: width) {
            rows[scores.scalars[start..<start + width].count { $0 > -.infinity }, default: 0] += 1
        }
        let usual = rows.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key
        let counts = Set([rows.keys.max(), usual].compactMap(\.self)).sorted()
        return [["generation.top_k": .null]] + counts.map { ["generation.top_k": .integer($0)] }
    }

    /// The nuclei that pipelines use.
    var nuclei: [[String: JSONValue]] {
        let usual: [JSONValue] = [0.99, 0.98, 0.97, 0.95, 0.92, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5].map(
            \.json)
        return (usual + [.null]).map { ["generation.top_p": $0] }
    }
}

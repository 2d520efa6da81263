import Foundation

/// Temperature, top-k and top-p over one row of logits, in upstream's order and precision.
///
/// Source: transformers 4.46 `generation/logits_process.py`: `TemperatureLogitsWarper`,
/// `TopKLogitsWarper`, `TopPLogitsWarper`, made only where `do_sample` is on and the value changes anything.
struct ScoreProcessors {
    private let temperature: Float?
    private let topK: Int?
    /// 1 - top_p, rounded to binary32 where torch compares.
    private let droppedMass: Float?

    init(_ profile: GenerationProfile) {
        let isOn = profile.doSample
        temperature = isOn ? profile.temperature.flatMap { $0 == 1 ? nil : Float($0) } : nil
        topK = isOn ? profile.topK.flatMap { $0 == 0 ? nil : $0 } : nil
        droppedMass = isOn ? profile.topP.flatMap { $0 < 1 ? Float(1 - $0) : nil } : nil
    }

    /// The scores of one row of logits; ids that cannot be drawn become -infinity.
    func callAsFunction(_ logits: ArraySlice<Float>) -> [Float] {
        var scores = Array(logits)
        if let temperature { for index in scores.indices { scores[index] /= temperature } }
        if let topK { keepLargest(topK, of: &scores) }
        if let droppedMass { keepNucleus(droppingMass: droppedMass, of: &scores) }
        return scores
    }

    /// Drops what is smaller than the k-th largest; what ties with it stays.
    private func keepLargest(_ count: Int, of scores: inout [Float]) {
        guard count < scores.count else { return }
        let threshold = scores.sorted(by: >)[count - 1]
        for index in scores.indices where scores[index] < threshold { scores[index] = -.infinity }
    }

    /// Drops the smallest scores while their summed probability is at most the dropped mass.
    ///
    /// torch sums binary32 probabilities in binary64 and rounds each partial sum to binary32. Among equal
    /// scores the lower ids are dropped first. The largest score always stays.
    private func keepNucleus(droppingMass mass: Float, of scores: inout [Float]) {
        guard let largest = scores.max() else { return }
        let ascending = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        let weights = ascending.map { Foundation.exp(scores[$0] - largest) }
        let total = weights.reduce(0, +)
        var sum = 0.0
        for (index, weight) in zip(ascending, weights).dropLast() {
            sum += Double(weight / total)
            guard Float(sum) <= mass else { break }
            scores[index] = -.infinity
        }
    }
}

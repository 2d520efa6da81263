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

    init(_ setting: SamplerSetting) {
        temperature = setting.temperature.flatMap { $0 == 1 ? nil : Float($0) }
        topK = setting.topK
        droppedMass = setting.topP.map { Float(1 - $0) }
    }

    /// The scores of one row of logits; ids that cannot be drawn become -infinity.
    ///
    /// - Parameter ascending: the row's ids from the smallest logit to the largest.
    func callAsFunction(_ logits: ArraySlice<Float>, ascending: ArraySlice<Int32>) -> [Float] {
        var scores = logits.map(scaled)
        if let topK { keepLargest(topK, of: &scores, ascending) }
        if let droppedMass { keepNucleus(droppingMass: droppedMass, of: &scores, ascending) }
        return scores
    }

    /// One logit after temperature.
    func scaled(_ logit: Float) -> Float { temperature.map { logit / $0 } ?? logit }

    /// Drops what is smaller than the k-th largest; what ties with it stays.
    private func keepLargest(_ count: Int, of scores: inout [Float], _ ascending: ArraySlice<Int32>) {
        guard count < scores.count else { return }
        let threshold = scores[Int(ascending[ascending.endIndex - count])]
        for id in ascending {
            guard scores[Int(id)] < threshold else { return }
            scores[Int(id)] = -.infinity
        }
    }

    /// Drops the smallest scores while their summed probability is at most the dropped mass.
    ///
    /// torch sums binary32 probabilities in binary64 and rounds each partial sum to binary32. How many of
    /// several equal scores at the edge stay is certain; which of them is torch.sort's choice, and that
    /// depends on the processor. Here the lower ids go first. The largest score always stays.
    private func keepNucleus(
        droppingMass mass: Float, of scores: inout [Float], _ ascending: ArraySlice<Int32>
    ) {
        guard let largest = ascending.last.map({ scores[Int($0)] }) else { return }
        let weights = ascending.map { Foundation.exp(scores[Int($0)] - largest) }
        let total = weights.reduce(0, +)
        var sum = 0.0
        for (id, weight) in zip(ascending.dropLast(), weights) {
            sum += Double(weight / total)
            guard Float(sum) <= mass else { return }
            scores[Int(id)] = -.infinity
        }
    }
}

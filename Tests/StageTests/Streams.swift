import AlignmentKit

/// A matrix of these rows.
func matrix(_ rows: [[Int64]]) -> NDArray<Int64> {
    NDArray(rows: rows.count, columns: rows.first?.count ?? 0) { rows[$0][$1] }
}

/// The reference's sampler on a model of two codebooks and ids 0 ..< 6, of which 4 is BOS and 5 is EOS.
func smallSampler() -> GenerationProfile {
    var profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).generation
    profile.audioNumCodebooks = 2
    (profile.audioStreamBOS, profile.audioStreamEOS) = (4, 5)
    (profile.temperature, profile.topK, profile.topP) = (nil, nil, nil)
    (profile.rasWinLen, profile.rasMaxRepeat) = (nil, 2)
    return profile
}

/// The same row of logits at every step and codebook of two.
func logits(_ row: [Float], steps: Int) -> NDArray<Float> {
    let ids = row.count
    var array = NDArray<Float>(repeating: 0, shape: .cube(steps, 2, ids))
    for start in stride(from: 0, to: array.shape.elementCount, by: ids) {
        array.replace(start..<start + ids, with: row)
    }
    return array
}

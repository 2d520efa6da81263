/// The columns that repetition-aware sampling looks back on.
///
/// Source: upstream `HiggsAudioModel._sample_audio_tokens`, and transformers'
/// `HiggsAudioV2GenerationMixin._sample`: `audio_out_ids[:, -ras_win_len:]`, which begins
/// with the reference's columns and holds forced cells too. A length of 0 looks back on every column, as
/// Python's `[-0:]` does.
struct RepetitionWindow {
    private let length: Int
    /// Ids that are no repeats: the port leaves BOS and EOS out.
    private let uncounted: [Int64]
    private var columns: [[Int64]] = []

    init(length: Int, under profile: GenerationProfile) {
        self.length = length
        uncounted =
            profile.rasCountsSpecials ? [] : [Int64(profile.audioStreamBOS), Int64(profile.audioStreamEOS)]
    }

    mutating func append(_ column: [Int64]) { columns.append(column) }

    /// How often an id stands in a codebook's row of the window.
    func count(of id: Int64, codebook: Int) -> Int {
        guard !uncounted.contains(id) else { return 0 }
        let seen = pythonSlice(-length, columns.count, count: columns.count)
        return columns[seen].count { $0[codebook] == id }
    }

    /// The ids that stand at least so often in a codebook's row of the window; the limit is above 0.
    func ids(standing limit: Int, codebook: Int) -> [Int] {
        let seen = pythonSlice(-length, columns.count, count: columns.count)
        var counts: [Int64: Int] = [:]
        for column in columns[seen] where !uncounted.contains(column[codebook]) {
            counts[column[codebook], default: 0] += 1
        }
        return counts.filter { $0.value >= limit }.keys.map(Int.init).sorted()
    }
}

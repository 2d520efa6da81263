/// How many columns a part of the text gave, against the limit on steps.
struct ColumnCount {
    /// The part of the text, counted from 0.
    let chunk: Int
    /// Delayed columns, the one of BOS included.
    let columns: Int
    /// The columns that an exhausted limit leaves: one step opens audio, unless the prompt does.
    let exhausted: Int
    /// The limit on steps.
    let limit: Int
    /// The lines that say so.
    let lines: [Int]
    /// Where the number comes from, in words.
    let source: String
}

extension SampleFacts {
    /// The limits on steps by part of the text.
    var limits: [(chunk: Int, limit: Int, line: Int)] {
        let started = all("generation-start") + all("chunk-generation-start")
        let shown = started.isEmpty ? all("token-calculation") + all("estimated-duration") : started
        return shown.compactMap { shown in
            shown.values.integer("limit").flatMap { limit in
                (10...1 << 40).contains(limit) ? (shown.chunk, limit, shown.line) : nil
            }
        }
    }

    /// The columns of each part that gave one segment; with more, steps of text stand between.
    var columnCounts: [ColumnCount] {
        limits.compactMap { limit in
            guard let shown = columns(ofChunk: limit.chunk, isOnly: limits.count == 1) else { return nil }
            let prompt = prompts.last { $0.chunk == limit.chunk }
            let isForced = prompt?.end.hasSuffix("<|audio_out_bos|>") ?? (shown.count == limit.limit)
            return ColumnCount(
                chunk: limit.chunk, columns: shown.count, exhausted: isForced ? limit.limit : limit.limit - 1,
                limit: limit.limit, lines: [limit.line] + shown.lines, source: shown.source)
        }
    }

    /// The delayed columns, from where they are printed or from what revert and strip leave of them.
    private func columns(ofChunk chunk: Int, isOnly: Bool) -> (count: Int, lines: [Int], source: String)? {
        let sources: [(rule: String, taken: Int, words: String)] = [
            ("raw-audio-output", 0, ""), ("delay-revert", 7, ", counted after the revert"),
            ("strip", 9, ", counted after revert and strip"),
            ("serve-processing", 9, ", counted after revert and strip"),
        ]
        for source in sources {
            let shown = all(source.rule).filter { $0.chunk == chunk }
            guard let first = shown.first, let shape = first.values.shape("shape"), let width = shape.last
            else {
                continue
            }
            guard shown.count == 1, shape.count == 2, shape[0] == 8, width < 1 << 40 else { return nil }
            return (width + source.taken, [first.line], source.words)
        }
        guard isOnly, let frames, frames.count > 0, frames.count < 1 << 40, all("segment-energy").count < 2
        else {
            return nil
        }
        return (frames.count + 9, frames.lines, ", by the frames that were decoded")
    }
}

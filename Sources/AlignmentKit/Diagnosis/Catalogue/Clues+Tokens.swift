import AlignmentJSON
import AlignmentStages
import AlignmentTensors

extension Clues {
    /// Guard bounds that skip the shortest stream, the two shortest, and so on to all.
    var guardBounds: [[String: JSONValue]] {
        let lengths = (sample.tokens?.facts ?? []).map { $0.columns - $0.rows + 1 }
        return Set(lengths).sorted().map { ["tokens.strip_guard": .integer($0)] }
    }

    /// The largest id that reached the codec, where that is no bound of the profile's, and the bound that
    /// upstream's misnamed property gives.
    var clipBounds: [[String: JSONValue]] {
        let largest = captured.codes.flatMap(\.scalars).max().map { Int($0) } ?? 0
        return Set([largest, model.codecCodebookSizeProperty - 1, model.audioCodebookSize])
            .subtracting([profile.tokens.clipMax ?? -1]).filter { $0 > 0 }.sorted()
            .map { ["tokens.clip_max": .integer($0)] }
    }

    /// Chunks and overlaps whose revert gives as many columns as were captured.
    var revertChunks: [[String: JSONValue]] {
        guard profile.tokens.revert == 1, let stream = sample.tokens?.facts.first,
            let found = captured.codes.first, let whole = expected.codes.first, stream.rows > 1
        else { return [] }
        let lost = whole.columns - found.columns
        guard lost > 0 else { return [] }
        var settings: [[String: JSONValue]] = []
        for overlap in 0..<stream.rows - 1 {
            for chunk in stride(from: stream.columns - 1, through: 1, by: -1) {
                let starts = Array(stride(from: chunk, to: stream.columns, by: chunk))
                guard starts.count * (stream.rows - 1 - overlap) == lost else { continue }
                settings.append([
                    "tokens.revert_chunk": .integer(chunk), "tokens.revert_overlap": .integer(overlap),
                ])
            }
        }
        return settings
    }

    /// The ramps cut off before the revert, so many columns at each end, and the strip as it is or left out.
    var rampCuts: [[String: JSONValue]] {
        guard let rows = sample.tokens?.facts.first?.rows, rows > 1 else { return [] }
        let widths = [rows - 1, rows]
        return widths.flatMap { first in
            (widths + [0]).flatMap { last in
                [Strip.both, .none].map { strip in
                    [
                        "tokens.ramp_columns": .array([.integer(first), .integer(last)]),
                        "tokens.strip": strip.json,
                    ]
                }
            }
        }
            + widths.map {
                [
                    "tokens.ramp_columns": .array([.integer(0), .integer($0)]),
                    "tokens.strip": Strip.none.json,
                ]
            }
    }

    /// The rows that were handed on, found again among those that the profile hands on.
    var codebooks: [[String: JSONValue]] {
        guard let (found, whole) = calls.first, found.shape.rank == 2, whole.shape.rank == 2,
            found.columns == whole.columns,
            let order = rowOrder(of: found, in: whole), order != Array(0..<whole.rows)
        else { return [] }
        return [["tokens.codebooks": .array(order.map { .integer($0) })]]
    }

    /// For each row of one matrix the row of another that is the same; nil if one is not among them.
    func rowOrder(of found: NDArray<Int64>, in whole: NDArray<Int64>) -> [Int]? {
        var free = Set(0..<whole.rows)
        var order: [Int] = []
        for row in 0..<found.rows {
            let same = (0..<whole.rows).filter { whole.row($0).elementsEqual(found.row(row)) }
            guard let first = same.first(where: free.contains) ?? same.first else { return nil }
            free.remove(first)
            order.append(first)
        }
        return order
    }
}

import AlignmentStages
import AlignmentTensors

/// A request's tokens as they can be drawn: codebook by frame.
public struct TokenGrid: Sendable, Equatable, Codable {
    /// Codes of a codebook: ids below are sound.
    public var codebookSize: Int
    /// The id of BOS.
    public var bos: Int
    /// The id of EOS.
    public var eos: Int
    /// Segment by segment.
    public var segments: [Segment]

    /// One segment.
    public struct Segment: Sendable, Equatable, Codable {
        /// Its name.
        public var name: String
        /// The same tokens at several places.
        public var views: [View]
    }

    /// The tokens at one place: as drawn, with the delay pattern; as the codec got them; as the reference would hand
    /// them on.
    public struct View: Sendable, Equatable, Codable {
        /// `as drawn`, `current`, `aligned`.
        public var name: String
        /// Ids, [codebook][frame].
        public var ids: [[Int64]]
    }
}

extension TokenGrid {
    /// A grid of delayed streams and of what each path hands to the codec; nil for a path that raises.
    init(
        drawn streams: [NDArray<Int64>], current: [NDArray<Int64>]?, aligned: [NDArray<Int64>]?,
        model: ModelConfiguration
    ) {
        codebookSize = model.audioCodebookSize
        bos = model.audioStreamBOS
        eos = model.audioStreamEOS
        let paths = [("current", current), ("aligned", aligned)]
        // A path that joins its segments hands on fewer matrices than were drawn.
        let isPaired = paths.allSatisfy { $1 == nil || $1?.count == streams.count }
        func views(_ index: Int) -> [View] {
            paths.compactMap { name, calls in
                guard let calls, index < calls.count else { return nil }
                return View(name: name, calls[index])
            }
        }
        segments = streams.enumerated().map { index, stream in
            Segment(
                name: "segment \(index + 1)",
                views: [View(name: "as drawn", stream)] + (isPaired ? views(index) : []))
        }
        if !isPaired {
            segments += (0..<max(current?.count ?? 0, aligned?.count ?? 0)).map {
                Segment(name: "call \($0 + 1) of the codec", views: views($0))
            }
        }
    }
}

extension TokenGrid.View {
    init(name: String, _ matrix: NDArray<Int64>) {
        self.name = name
        ids = (0..<matrix.rows).map { row in
            (0..<matrix.columns).map { matrix[row, $0] }
        }
    }
}

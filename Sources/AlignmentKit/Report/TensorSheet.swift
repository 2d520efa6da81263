import AlignmentArchive
public import AlignmentComparison
import AlignmentTensors

/// One object of an archive with its values and what can be said of them.
public struct TensorSheet: Sendable, Codable {
    /// Its path, as given.
    public var path: String
    /// `tensor`, `none`, `json` or `text`.
    public var kind: String
    /// What the format has at this path; nil outside the format.
    public var meaning: String?
    /// Its element type.
    public var dtype: String?
    /// Its shape.
    public var shape: [Int]?
    /// The names of its axes.
    public var axes: [String]?
    /// Samples per second.
    public var sampleRate: Int?
    /// The encoding of the file it was read back from.
    public var subtype: String?
    /// The base name of that file.
    public var file: String?
    /// The hash of its elements, as recorded.
    public var sha256: String?
    /// Figures over its elements.
    public var statistics: TensorStatistics?
    /// Of audio ids, where they lie in the vocabulary.
    public var ids: IDFigures?
    /// Its elements in C order.
    public var elements: Elements?
    /// Its values as text, line by line.
    public var lines: [String]

    /// Elements in C order: all of them, or those at both ends.
    public struct Elements: Sendable, Equatable, Codable {
        /// The first ones.
        public var first: [ElementValue]
        /// How many follow that are not listed.
        public var leftOut: Int
        /// The last ones; none if all are listed first.
        public var last: [ElementValue]
    }

    /// Reads an object.
    ///
    /// - Parameter codebookSize: Codes of a codebook, to judge audio ids.
    init(
        _ entry: ArchiveListing.Entry, asked path: String, of reader: ArchiveReader, codebookSize: Int
    ) throws(ArchiveError) {
        self.path = path
        meaning = entry.row?.summary
        lines = []
        switch entry.content {
        case .tensor(let attributes):
            kind = attributes.dtype == nil ? "none" : "tensor"
            sha256 = attributes.sha256
            (sampleRate, subtype, file) = (
                attributes.labels.sampleRate, attributes.labels.subtype, attributes.labels.file
            )
            axes = attributes.labels.axes
            guard case .tensor(let tensor) = try reader.tensor(at: entry.path) else {
                lines = ["None"]
                return
            }
            dtype = tensor.dtype.rawValue
            shape = tensor.shape.extents
            statistics = TensorStatistics(of: tensor, isWaveform: entry.isWaveform)
            if entry.holdsAudioIDs, case .int64(let array) = tensor {
                ids = IDFigures(of: array.scalars, codebookSize: codebookSize)
            }
            elements = Elements(tensor)
            lines = ArrayText(tensor).lines
        case .text(_, let isJSON):
            kind = isJSON ? "json" : "text"
            lines = Self.lines(of: try reader.jsonText(at: entry.path))
        case .group:
            throw ArchiveError(
                file: reader.file, path: path, .wrongKind(expected: .tensor, found: .group))
        case .unreadable(let error): throw error
        }
    }

    /// Lines of a text that are printed at most.
    static let mostLines = 400

    private static func lines(of text: String) -> [String] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard lines.count > mostLines else { return lines }
        return lines.prefix(mostLines) + ["... and \(lines.count - mostLines) more lines"]
    }
}

extension TensorSheet.Elements {
    init(_ tensor: Tensor) {
        let count = tensor.shape.elementCount
        if count <= ArrayText.threshold {
            self.init(first: (0..<count).map(tensor.element), leftOut: 0, last: [])
        } else {
            self.init(
                first: (0..<3).map(tensor.element), leftOut: count - 6,
                last: (count - 3..<count).map(tensor.element))
        }
    }
}

extension ArchiveListing.Entry {
    private var axes: [String] {
        if case .tensor(let rule) = row?.content, let axes = rule.axes.first { return axes }
        if case .tensor(let attributes) = content { return attributes.labels.axes ?? [] }
        return []
    }

    /// Sound, by its axes or by the name of the sample's field.
    fileprivate var isWaveform: Bool { axes.first == "sample" || path.hasSuffix("/audio_waveforms_concat") }

    /// Ids of the audio vocabulary, by its axes or by the name of a field of the sample or the batch.
    fileprivate var holdsAudioIDs: Bool {
        let fields = ["audio_ids_concat", "audio_in_ids", "audio_out_ids"]
        return axes.contains("codebook") || fields.contains { path.hasSuffix("/" + $0) }
    }
}

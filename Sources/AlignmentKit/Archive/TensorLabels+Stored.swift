internal import AlignmentJSON
internal import FoundationEssentials

extension StoredAttributes {
    /// The labels of a tensor.
    func labels() throws(ArchiveError) -> TensorLabels {
        TensorLabels(
            axes: try axes(), sampleRate: try integer("sample_rate"), subtype: try text("subtype"),
            file: try text("file"))
    }

    /// Writes the labels of a tensor.
    func write(_ labels: TensorLabels) throws(ArchiveError) {
        if let axes = labels.axes {
            try write("axes", try JSONDataset.text(of: .array(axes.map(JSONValue.string)), at: location))
        }
        if let sampleRate = labels.sampleRate { try write("sample_rate", sampleRate) }
        if let subtype = labels.subtype { try write("subtype", subtype) }
        if let file = labels.file { try write("file", file) }
    }

    private func axes() throws(ArchiveError) -> [String]? {
        guard let text = try text("axes") else { return nil }
        let names = (try? JSONText.parse(Data(text.utf8)))?.array?.compactMap(\.string)
        guard let names else { throw malformed("axes", "a JSON list of names", text) }
        return names
    }
}

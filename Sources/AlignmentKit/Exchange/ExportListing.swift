import AlignmentArchive
import AlignmentTensors

/// The objects of an archive that is to be exported.
struct ExportListing {
    /// A tensor or a `None`.
    struct Value {
        let path: String
        let attributes: TensorAttributes
    }

    private(set) var values: [Value] = []
    private(set) var texts: [String] = []
    /// Groups that hold nothing.
    private(set) var emptyGroups: [String] = []
    /// Second names of tensors and texts, which are written as values of their own.
    private(set) var aliases: [String] = []
    private var seen: [ObjectIdentity: String] = [:]

    /// Lists an archive; elements are not read.
    init(_ reader: ArchiveReader) throws {
        if let root = ObjectIdentity(of: "/", in: reader) { seen[root] = "/" }
        try visit("", of: reader)
    }

    /// What no manifest can say of a value; nil if it can say all.
    private static func lostLabel(_ attributes: TensorAttributes) -> String? {
        if attributes.dtype == nil, attributes.labels != TensorLabels() { return "is a None with labels" }
        if let rate = attributes.labels.sampleRate, rate < 1 { return "has the sample_rate \(rate)" }
        return nil
    }

    private mutating func visit(_ group: String, of reader: ArchiveReader) throws {
        let names = try reader.children(of: group.isEmpty ? "/" : group)
        if names.isEmpty, !group.isEmpty { emptyGroups.append(group) }
        for name in names {
            let path = group.isEmpty ? name : "\(group)/\(name)"
            let kind = try reader.kind(of: path)
            if let identity = ObjectIdentity(of: path, in: reader) {
                if let other = seen[identity] {
                    guard kind != .group else {
                        throw ExchangeError(
                            file: reader.file, place: path, problem: "is a second name of the group \(other)",
                            remedy: "export would write its content twice, record the archive again")
                    }
                    aliases.append(path)
                } else {
                    seen[identity] = path
                }
            }
            switch kind {
            case .group: try visit(path, of: reader)
            case .json: texts.append(path)
            case .tensor, .pythonNone:
                let attributes = try reader.attributes(at: path)
                if let lost = Self.lostLabel(attributes) {
                    throw ExchangeError(
                        file: reader.file, place: path, problem: lost,
                        remedy: "name others with --only or correct it")
                }
                values.append(Value(path: path, attributes: attributes))
            case .missing:
                throw ExchangeError(
                    file: reader.file, place: path, problem: "cannot be opened",
                    remedy: "record the archive again")
            }
            guard values.count + texts.count <= DumpFolder.mostFiles else {
                throw ExchangeError(
                    file: reader.file, problem: "holds more than \(DumpFolder.mostFiles) tensors and texts",
                    remedy: "name some of them with --only")
            }
        }
    }
}

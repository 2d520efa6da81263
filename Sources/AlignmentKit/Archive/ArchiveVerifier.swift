public import AlignmentJSON
internal import AlignmentTensors

extension ArchiveReader {
    /// Visits every object of an archive, reads it, checks its hash and compares it with `ArchiveLayout`.
    ///
    /// One tensor is held at a time.
    ///
    /// - Parameter profileCheck: What is strange about a captured profile; by default nothing is.
    /// - Throws: `ArchiveError` if the file cannot be opened as an archive; everything else is a finding.
    public static func verify(
        file: String, limits: ArchiveLimits = .standard,
        profileCheck: @escaping (JSONValue) -> [ArchiveVerification.Problem] = { _ in [] }
    ) throws(ArchiveError) -> ArchiveVerification {
        var verifier = ArchiveVerifier(try ArchiveReader(file: file, limits: limits), profileCheck)
        verifier.checkRoot()
        verifier.visitGroup([], .root, isCutShort: false)
        return verifier.result
    }
}

/// A walk over an archive, beside the layout, that goes on where a reader would stop.
struct ArchiveVerifier {
    var result: ArchiveVerification
    let reader: ArchiveReader
    let profileCheck: (JSONValue) -> [ArchiveVerification.Problem]
    /// Extents that tensors of a stage share, by stage and axis, with the tensor that had them first.
    var sharedExtents: [String: (extent: Int, path: String)] = [:]
    /// First names of the objects visited, by address.
    private var seen: [UInt64: String] = [:]
    private var isOverLimit = false

    init(_ reader: ArchiveReader, _ profileCheck: @escaping (JSONValue) -> [ArchiveVerification.Problem]) {
        self.reader = reader
        self.profileCheck = profileCheck
        self.result = ArchiveVerification(file: reader.file, header: reader.header)
    }

    /// - Parameters:
    ///   - node: Where the group stands in the layout; nil outside it.
    ///   - isCutShort: The code that was recorded here raised.
    mutating func visitGroup(_ path: [String], _ node: LayoutNode?, isCutShort: Bool) {
        let text = Self.text(path)
        let names: [String]
        do throws(ArchiveError) { names = try reader.children(of: text) } catch {
            return note(text, .error(error))
        }
        let isCutShort = isCutShort || path.last == "captured" && names.contains("raised.json")
        checkNames(names, in: path)
        if let node { checkMembers(names, in: path, node, isCutShort: isCutShort) }
        for name in names where !isOverLimit {
            visit(path + [name], node?.child(name), isCutShort: isCutShort)
        }
    }

    private mutating func visit(_ path: [String], _ node: LayoutNode?, isCutShort: Bool) {
        let text = Self.text(path)
        guard result.objects < reader.limits.objects else {
            isOverLimit = true
            let reason: ArchiveError.Reason = .overLimit(
                .objects, found: "more", allowed: "\(reader.limits.objects)")
            return note(text, .error(ArchiveError(file: reader.file, path: text, reason)))
        }
        do throws(ArchiveError) {
            let object = try reader.object(at: text)
            let kind = object.kind
            if let first = firstName(of: object, text) {
                result.aliases += 1
                note(text, kind == .group ? .groupWithSecondName(of: first) : .secondName(of: first))
                if kind != .group { try checkLayout(of: path, kind, node) }
                return
            }
            checkAttributes(of: text, object)
            switch kind {
            case .group:
                result.groups += 1
                if let node, !node.isGroup {
                    note(text, .wrongKind(expected: node.expectation, found: .group))
                }
                visitGroup(path, node, isCutShort: isCutShort)
            case .tensor, .pythonNone:
                try checkLayout(of: path, kind, node)
                try readThrough(text)
            case .json where text.hasSuffix(".json"):
                try checkLayout(of: path, kind, node)
                checkDocument(try reader.json(at: text), at: text, node)
                if let key = JSONText.repeatedKey(in: try reader.jsonText(at: text)) {
                    note(text, .repeatedKey(key))
                }
                result.jsonDocuments += 1
            case .json:
                try checkLayout(of: path, kind, node)
                _ = try reader.jsonText(at: text)
                result.texts += 1
            case .missing: throw ArchiveError(file: reader.file, path: text, .missing)
            }
        } catch { note(text, .error(error)) }
    }

    /// The name under which an object was visited before; nil, and this one is kept, if it was not.
    mutating func firstName(of object: StoredObject, _ path: String) -> String? {
        guard let address = object.address else { return nil }
        if let first = seen[address] { return first }
        seen[address] = path
        return nil
    }

    /// Reads a tensor stretch by stretch, which checks its hash and does not hold it.
    private mutating func readThrough(_ path: String) throws(ArchiveError) {
        guard let stream = try reader.stream(at: path) else {
            result.pythonNones += 1
            return
        }
        try stream.readThrough()
        result.tensors += 1
        result.tensorBytes += stream.shape.elementCount * stream.dtype.byteCount
    }

    mutating func note(_ path: String, _ problem: ArchiveVerification.Problem) { result.note(path, problem) }

    static func text(_ path: [String]) -> String {
        path.isEmpty ? "/" : path.map { "/" + $0 }.joined()
    }
}

internal import AlignmentTensors
internal import CHDF5

extension ArchiveReader {
    /// Visits every object of an archive, reads it and checks its hash.
    ///
    /// - Throws: `ArchiveError` if the file cannot be opened as an archive; everything else is a finding.
    public static func verify(
        file: String, limits: ArchiveLimits = .standard
    ) throws(ArchiveError) -> ArchiveVerification {
        var verifier = ArchiveVerifier(try ArchiveReader(file: file, limits: limits))
        verifier.checkRoot()
        verifier.visitGroup([])
        return verifier.result
    }

    /// The address of the object at a path, by which two names of one object are known; nil if it cannot be
    /// opened.
    func address(of path: String) -> UInt64? {
        let location = Location(file: file, path: path)
        return Library.locked {
            guard let object = try? open(path, location) else { return nil }
            var address: UInt64 = 0
            guard chdf5_object_address(object.id, &address) >= 0 else { return nil }
            return address
        }
    }
}

/// A walk over an archive that goes on where a reader would stop.
struct ArchiveVerifier {
    private static let topLevel: Set = [
        "provenance.json", "config", "profile.json", "hooks.json", "script.json", "weights", "samples",
    ]

    private(set) var result: ArchiveVerification
    private let reader: ArchiveReader
    private var seen: Set<UInt64> = []
    private var isOverLimit = false

    init(_ reader: ArchiveReader) {
        self.reader = reader
        self.result = ArchiveVerification(file: reader.file, header: reader.header)
    }

    mutating func checkRoot() {
        let attributes = [
            ("id", reader.header.id), ("created_at", reader.header.createdAt),
            ("created_by", reader.header.createdBy),
        ]
        for (name, value) in attributes where value == nil { note("/", .missingRootAttribute(name)) }
        if let address = reader.address(of: "/") { seen.insert(address) }
    }

    mutating func visitGroup(_ path: [String]) {
        let text = Self.text(path)
        do {
            let names = try reader.children(of: text)
            checkNames(names, in: path)
            for name in names where !isOverLimit { visit(path + [name]) }
        } catch { note(text, .error(error)) }
    }

    private mutating func visit(_ path: [String]) {
        let text = Self.text(path)
        guard result.objects < reader.limits.objects else {
            isOverLimit = true
            let reason: ArchiveError.Reason = .overLimit(
                .objects, found: "more", allowed: "\(reader.limits.objects)")
            return note(text, .error(ArchiveError(file: reader.file, reason)))
        }
        if let address = reader.address(of: text), !seen.insert(address).inserted {
            result.aliases += 1
            return
        }
        do throws(ArchiveError) {
            switch try reader.kind(of: text) {
            case .group:
                result.groups += 1
                visitGroup(path)
            case .tensor, .pythonNone: count(try reader.tensor(at: text))
            case .json where text.hasSuffix(".json"):
                _ = try reader.json(at: text)
                result.jsonDocuments += 1
            case .json:
                // Generated text, which is stored where it was asked for.
                _ = try reader.jsonText(at: text)
                result.texts += 1
            case .missing: throw ArchiveError(file: reader.file, path: text, .missing)
            }
        } catch { note(text, .error(error)) }
    }

    private mutating func count(_ stored: StoredTensor) {
        switch stored {
        case .tensor(let tensor):
            result.tensors += 1
            result.tensorBytes += tensor.shape.elementCount * tensor.dtype.byteCount
        case .pythonNone: result.pythonNones += 1
        }
    }

    private mutating func checkNames(_ names: [String], in path: [String]) {
        // Strings are equal here if they look the same, so accents spelled in two ways are found as well.
        var folded: [String: String] = [:]
        for name in names {
            let text = Self.text(path + [name])
            if let other = folded.updateValue(name, forKey: name.lowercased()) {
                note(text, .namesDifferInCaseOnly(other: Self.text(path + [other])))
            }
            if path.isEmpty, !Self.topLevel.contains(name) { note(text, .unknownName) }
            if path == ["samples"], !Self.isSampleName(name) { note(text, .malformedSampleName) }
        }
    }

    private mutating func note(_ path: String, _ problem: ArchiveVerification.Problem) {
        result.findings.append(ArchiveVerification.Finding(path: path, problem: problem))
    }

    private static func isSampleName(_ name: String) -> Bool {
        let isAllowed = { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return (1...128).contains(name.utf8.count) && name.utf8.allSatisfy(isAllowed)
    }

    private static func text(_ path: [String]) -> String {
        path.isEmpty ? "/" : path.map { "/" + $0 }.joined()
    }
}

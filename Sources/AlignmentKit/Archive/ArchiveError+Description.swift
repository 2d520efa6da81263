internal import AlignmentJSON

extension ArchiveError: CustomStringConvertible {
    /// One sentence that names the file, the object, what was expected, what was found and what to do.
    public var description: String {
        let place = path.map { "\(file): \($0)" } ?? file
        return SafeText.oneLine("\(place) \(reason.predicate)")
    }
}

extension ArchiveError.Reason {
    /// The sentence without its subject.
    var predicate: String {
        switch self {
        case .fileNotFound:
            "does not exist; check the path"
        case .notAFile(let found):
            "is \(found), not a file; give the path of an archive"
        case .system(let operation, let message):
            "could not be \(operation): \(message)"
        case .emptyFile:
            "is empty; the program that wrote it was stopped too early, record it again"
        case .truncated(let found, let expected):
            "is cut off: it has \(found) of the \(expected) bytes that it should have; copy or record it again"
        case .notHDF5:
            "is not an HDF5 file; give the path of an archive, usually *.h5"
        case .notAnArchive(let found?):
            "is an HDF5 file of the format \"\(SafeText.excerpt(found))\", expected \"\(ArchiveHeader.format)\""
        case .notAnArchive(nil):
            "is an HDF5 file without the root attribute format = \"\(ArchiveHeader.format)\", so it is no archive"
        case .unsupportedVersion(let found, let supported):
            "has format_version \(found), and this program reads versions 1 to \(supported); use a newer program"
        case .missing:
            "does not exist in the archive; `inspect` lists what does"
        case .wrongKind(let expected, let found):
            "is \(found.phrase), expected \(expected.phrase)"
        case .missingAttribute(let name):
            "lacks the attribute \(name), which the format requires; write the archive again"
        case .malformedAttribute(let name, let expected, let found):
            "has an attribute \(name) that is \(SafeText.excerpt(found)), expected \(expected)"
        case .wrongDType(let expected, let found):
            "has elements of type \(found.rawValue), expected \(expected.rawValue)"
        case .wrongRank(let expected, let found):
            "has the shape \(found), expected \(expected) axes"
        case .wrongStorage(let dtype, let expected, let found):
            "says dtype \(dtype.rawValue), which is stored as \(expected), but is stored as \(found)"
        case .malformedBool(let value):
            "says dtype bool but holds the value \(value), expected 0 or 1"
        case .hashMismatch(let recorded, let found):
            "is damaged: its elements have the SHA-256 \(found), the archive says \(SafeText.excerpt(recorded)); copy or record it again"
        case .overLimit(let limit, let found, let allowed):
            "has \(found) \(limit.rawValue), more than the limit of \(allowed), and was not read"
        case .refused(let feature):
            "\(feature.phrase), which archives do not use, and was not read"
        case .malformedText(let why):
            "is no readable text: \(why)"
        case .malformedName(let why):
            "has a name that cannot be used: \(why)"
        case .alreadyWritten:
            "has been written already; give each object its own path"
        case .library(let operation, let frames):
            "could not be \(operation): \(Self.summary(of: frames)); \(Self.remedy(operation))"
        }
    }

    private static func summary(of frames: [LibraryFrame]) -> String {
        guard let cause = frames.first else { return "the HDF5 library gives no reason" }
        return "\(cause.cause) (HDF5: \(cause.major), \(cause.minor))"
    }

    private static func remedy(_ operation: String) -> String {
        ["opened", "read", "listed", "searched"].contains(operation)
            ? "the file may be damaged, copy or record it again" : "nothing was left behind"
    }
}

extension ArchiveError.RefusedFeature {
    var phrase: String {
        switch self {
        case .externalLink(let target): "is an external link to \(SafeText.excerpt(target))"
        case .danglingSoftLink(let target):
            "is a soft link to \(SafeText.excerpt(target)), where nothing stands in this file"
        case .userDefinedLink: "is a user-defined link"
        case .userBlock(let bytes): "begins with a user block of \(bytes) bytes"
        case .virtualDataset: "is a virtual dataset"
        case .externalStorage: "keeps its elements in another file"
        case .filter(let name): "is stored through the filter \(name)"
        case .committedType: "uses a committed type"
        case .typeClass(let name): "holds \(name)"
        case .dataspace(let name): "has \(name)"
        }
    }
}

extension ObjectKind {
    var phrase: String {
        switch self {
        case .group: "a group"
        case .tensor: "a tensor"
        case .pythonNone: "a stored None"
        case .json: "a text"
        case .missing: "nothing"
        }
    }
}

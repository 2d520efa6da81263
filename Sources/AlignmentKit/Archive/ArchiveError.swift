internal import AlignmentFiles
public import AlignmentTensors

/// Why an archive could not be read or written.
public struct ArchiveError: Error, Sendable, Hashable {
    /// The archive, by the path as it was given.
    public let file: String
    /// The object inside the archive; nil where the whole file is meant.
    public let path: String?
    /// What went wrong, with the values that did.
    public let reason: Reason

    /// What can go wrong.
    public enum Reason: Sendable, Hashable {
        /// No file has that name.
        case fileNotFound
        /// A folder, a device or a pipe has that name; the text says which.
        case notAFile(String)
        /// The operating system refused; its own words.
        case system(operation: String, message: String)
        /// The file holds no bytes.
        case emptyFile
        /// The file is shorter than it says of itself, in bytes.
        case truncated(found: Int, expected: Int)
        /// The file does not begin as an HDF5 file does.
        case notHDF5
        /// An HDF5 file, but its root does not carry this project's `format`.
        case notAnArchive(found: String?)
        /// A version of the format that this library does not know.
        case unsupportedVersion(found: Int, supported: Int)
        /// Nothing stands at the path.
        case missing
        /// Another kind of object stands at the path.
        case wrongKind(expected: ObjectKind, found: ObjectKind)
        /// An attribute that the format requires is not there.
        case missingAttribute(String)
        /// An attribute holds something else than the format requires.
        case malformedAttribute(String, expected: String, found: String)
        /// Another element type than the caller can use.
        case wrongDType(expected: DType, found: DType)
        /// Another number of axes than the caller can use.
        case wrongRank(expected: Int, found: Shape)
        /// The stored type is not the one that the attribute `dtype` stands for.
        case wrongStorage(dtype: DType, expected: String, found: String)
        /// A bool that is neither 0 nor 1.
        case malformedBool(UInt8)
        /// The elements have another SHA-256 than the archive says.
        case hashMismatch(recorded: String, found: String)
        /// More than `ArchiveLimits` allows.
        case overLimit(Limit, found: String, allowed: String)
        /// A feature of HDF5 that archives do not use.
        case refused(RefusedFeature)
        /// A text that is no UTF-8 or no JSON; why.
        case malformedText(String)
        /// A name that cannot stand in an archive; why.
        case malformedName(String)
        /// The writer has written something there before.
        case alreadyWritten
        /// libhdf5 failed; its error stack, the root cause first.
        case library(operation: String, frames: [LibraryFrame])
    }

    /// What `ArchiveLimits` bounds.
    public enum Limit: String, Sendable, Hashable {
        case fileBytes = "bytes"
        case tensorBytes = "bytes of a tensor"
        case rank = "axes"
        case objects = "objects"
        case depth = "levels of groups"
        case jsonBytes = "bytes of a JSON text"
        case jsonDepth = "levels of brackets in a JSON text"
        case jsonValues = "values in a JSON text"
        case attributeBytes = "bytes of an attribute"
        case attributes = "attributes"
        case nameBytes = "bytes of a name"
        case decompressionRatio = "bytes declared for each byte stored"
        case chunkBytes = "bytes in one chunk"
        case chunks = "chunks"
        case softLinks = "soft links in a row"
    }

    /// A feature of HDF5 that archives do not use, because it reaches outside the file or runs other code.
    public enum RefusedFeature: Sendable, Hashable {
        case externalLink(target: String)
        case danglingSoftLink(target: String)
        case userDefinedLink
        case userBlock(bytes: Int)
        case virtualDataset
        case externalStorage
        case filter(String)
        case committedType
        case typeClass(String)
        case dataspace(String)
    }

    /// An error about a file or an object of it.
    public init(file: String, path: String? = nil, _ reason: Reason) {
        self.file = file
        self.path = path
        self.reason = reason
    }

    init(file: String, _ failure: FileFailure, operation: String) {
        let reason: Reason =
            switch failure {
            case .missing: .fileNotFound
            case .notAFile(let found): .notAFile(found)
            case .noFolder(let folder):
                .system(operation: operation, message: "there is no folder \(folder)")
            case .system(let message): .system(operation: operation, message: message)
            }
        self.init(file: file, reason)
    }
}

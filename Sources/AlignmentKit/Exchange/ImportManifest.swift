internal import AlignmentFiles
import AlignmentArchive
import AlignmentJSON
import AlignmentTensors

/// The manifest of a folder of dumps, as it stands; what it means for the files is `ImportPlan`'s.
public struct ImportManifest: Sendable {
    /// The value of `format` in every manifest.
    public static let format = "higgs-alignment-import"
    /// The newest version that this library reads, and the one that it writes.
    public static let version = 1
    /// The manifest's name in its folder.
    public static let fileName = "manifest.json"
    /// The longest manifest that is read.
    static let longest = 32 << 20

    /// An element of `tensors`.
    struct Entry: Sendable {
        let path: String
        let file: String?
        let key: String?
        let type: ElementType?
        let shape: [Int]?
        let labels: TensorLabels

        init(_ json: JSONValue) {
            path = json["path"]?.string ?? ""
            file = json["file"]?.string
            key = json["key"]?.string
            type = json["dtype"]?.string.flatMap(ElementType.init(rawValue:))
            shape = json["shape"]?.sizes
            labels = TensorLabels(
                axes: json["axes"]?.array?.compactMap(\.string), sampleRate: json["sample_rate"]?.int,
                subtype: json["subtype"]?.string, file: json["sound_file"]?.string)
        }
    }

    let file: String
    let json: JSONValue
    let tensors: [Entry]

    /// Reads and checks the manifest of a folder.
    init(folder: String) throws(ExchangeError) {
        let file = "\(folder)/\(Self.fileName)"
        func failure(_ place: String?, _ problem: String, _ remedy: String) -> ExchangeError {
            ExchangeError(file: file, place: place, problem: problem, remedy: remedy)
        }
        let bytes: [UInt8]
        do {
            let input = try InputFile(file)
            guard input.byteCount <= Self.longest else {
                throw failure(
                    nil, "is a manifest of \(input.byteCount) bytes, more than the limit of \(Self.longest)",
                    "leave out what follows from the files' names")
            }
            bytes = try input.bytes(at: 0, count: input.byteCount) ?? []
        } catch let error as ExchangeError {
            throw error
        } catch FileFailure.missing {
            throw failure(nil, "does not exist", "write one as docs/porting.md shows")
        } catch let error as FileFailure {
            throw ExchangeError(file: file, error, operation: "read")
        } catch { throw failure(nil, "could not be read: \(error)", "check the file") }
        do { json = try StrictJSON.parse(bytes) } catch {
            throw failure(nil, "is no JSON (\(error))", "correct it there")
        }
        guard let members = json.object else {
            throw failure(nil, "is no JSON object", "see docs/porting.md")
        }
        if let version = members["format_version"]?.int, version > Self.version {
            throw failure(
                "format_version", "is \(version), and this program reads versions 1 to \(Self.version)",
                "use a newer program")
        }
        if let problem = ManifestType.problem(in: members, ManifestKey.manifest, at: "") {
            throw failure(problem.place, problem.what, "see docs/import-manifest.schema.json")
        }
        self.file = file
        tensors = (json["tensors"]?.array ?? []).map(Entry.init)
    }

    /// The texts of a list; none if it is left out.
    func texts(_ key: String) -> [String] { (json[key]?.array ?? []).compactMap(\.string) }

    /// An error about a key of the manifest.
    func failure(_ place: String, _ problem: String, _ remedy: String) -> ExchangeError {
        ExchangeError(file: file, place: place, problem: problem, remedy: remedy)
    }
}

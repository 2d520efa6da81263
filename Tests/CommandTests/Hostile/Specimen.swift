import AlignmentKit
import Foundation
import TestSupport

/// A small sound archive that is damaged in many ways: one request with a contiguous tensor, chunked and gzipped
/// ones, Nones, texts and JSON.
struct Specimen: Sendable {
    /// How the file is laid out.
    let name: String
    let bytes: [UInt8]
    /// Where metadata begins, by its signatures.
    let metadata: [Int]
    /// Blocks of metadata that end in their checksum: from their first byte up to it.
    let guarded: [Range<Int>]

    /// As this library writes, as h5py writes for the oldest readers (symbol tables, no checksums), and as it does
    /// for the newest that we read (heaps and trees of version 2).
    static func all(in scratch: Scratch) async throws -> [Specimen] {
        try await write(in: scratch)
        return try ["ours", "oldest", "newest"].map { name in
            try Specimen(name, [UInt8](Data(contentsOf: URL(filePath: "\(scratch.path)/\(name).h5"))))
        }
    }

    /// Writes them as `ours.h5`, `oldest.h5` and `newest.h5`.
    static func write(in scratch: Scratch) async throws {
        let ours = scratch.path + "/ours.h5"
        try copyGolden(to: ours)
        try Python.run(rewriting, ours, scratch.path + "/oldest.h5", scratch.path + "/newest.h5")
    }

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
        let signatures = Set(
            [
                "\u{89}HDF", "OHDR", "OCHK", "FRHP", "FHDB", "FHIB", "BTHD", "BTLF", "BTIN", "EAHD", "EAIB",
                "EASB",
                "EADB", "FAHD", "FADB", "TREE", "SNOD", "HEAP", "GCOL",
            ].map { $0.unicodeScalars.reduce(UInt32(0)) { $0 >> 8 | $1.value << 24 } })
        let starts = bytes.withUnsafeBytes { bytes in
            (0..<bytes.count - 4).filter {
                signatures.contains(bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self).littleEndian)
            }
        }
        metadata = starts
        guarded = starts.compactMap { start in Self.end(of: start, in: bytes).map { start..<$0 } }
    }

    /// Where the checksum of the block that begins here stands; nil if it has none.
    private static func end(of start: Int, in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { bytes in
            (start + 6..<max(start + 6, min(start + 1024, bytes.count - 4))).first { end in
                let stored = bytes.loadUnaligned(fromByteOffset: end, as: UInt32.self).littleEndian
                return stored != 0
                    && Lookup3.checksum(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) == stored
            }
        }
    }

    /// The stages of a golden archive that need neither logits nor weights.
    private static func copyGolden(to file: String) throws {
        let reader = try ArchiveReader(file: Command.root + "/golden/voice-clone.h5")
        let writer = try ArchiveWriter(file: file, header: reader.header)
        func copy(_ group: String) throws {
            for name in try reader.children(of: group) {
                let path = group == "/" ? "/\(name)" : "\(group)/\(name)"
                switch try reader.kind(of: path) {
                case .group:
                    if !["generation", "decode", "run_golden", "weights"].contains(name) { try copy(path) }
                case .json: try writer.writeJSON(text: try reader.jsonText(at: path), at: path)
                default:
                    var stored = try reader.tensor(at: path)
                    // Long enough for chunks and gzip.
                    if case .tensor(.float32(let wave)) = stored, wave.scalars.count > 2000 {
                        stored = .tensor(.float32(NDArray(vector: Array(wave.scalars.prefix(2000)))))
                    }
                    try writer.write(stored, at: path, labels: try reader.attributes(at: path).labels)
                }
            }
        }
        try copy("/")
        try writer.finish()
    }

    private static let rewriting = """
        def rewrite(source, target, **how):
            with h5py.File(source) as old, h5py.File(target, "w", **how) as new:
                def copy(name, item):
                    if isinstance(item, h5py.Group):
                        made = new.require_group(name)
                    elif item.shape is None:
                        made = new.create_dataset(name, data=h5py.Empty(item.dtype))
                    elif item.shape == ():
                        made = new.create_dataset(name, data=item.asstr()[()])
                    elif item.size > 400:
                        made = new.create_dataset(name, data=item[()], chunks=True, compression="gzip")
                    else:
                        made = new.create_dataset(name, data=item[()])
                    for key, value in item.attrs.items():
                        made.attrs[key] = value
                    if item.name.endswith("delayed"):
                        for index in range(12):
                            made.attrs[f"note{index}"] = index
                for key, value in old.attrs.items():
                    new.attrs[key] = value
                old.visititems(copy)

        rewrite(sys.argv[1], sys.argv[2], libver=("earliest", "v108"))
        rewrite(sys.argv[1], sys.argv[3], libver=("v110", "v110"))
        """
}

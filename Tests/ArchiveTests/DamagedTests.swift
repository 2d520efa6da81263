import AlignmentKit
import Foundation
import TestSupport
import Testing

/// An archive with one object of each kind, of any library and layout.
enum Specimen: String, CaseIterable, Sendable {
    /// As this library writes it: metadata with checksums.
    case ours
    /// As h5py writes it for the oldest readers: symbol tables, no checksums.
    case oldest

    func write(to file: String) throws {
        switch self {
        case .ours:
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            for dtype in DType.allCases {
                try writer.write(
                    try RoundTripTests.tensor(dtype, [7, 9]), at: "samples/000000/\(dtype.rawValue)")
            }
            try writer.write(try RoundTripTests.tensor(.float32, [80, 100]), at: "samples/000000/large")
            try writer.writeNone(at: "samples/000000/none")
            try writer.write(.object(["a": .array([.integer(1), .null])]), at: "profile.json")
            try writer.finish()
        case .oldest:
            try Python.run(
                """
                with h5py.File(sys.argv[1], "w", libver=("earliest", "v108")) as f:
                    head(f)
                    for kind in "f8", "f4", "f2", "i8", "i4":
                        put(f, "samples/000000/" + kind, np.arange(63).reshape(7, 9).astype(kind))
                    put(f, "samples/000000/large", np.arange(8000.0), chunks=(1000,), compression="gzip")
                    f.create_dataset("profile.json", data='{"a": [1, null]}')
                    f["samples/soft"] = h5py.SoftLink("000000")
                """, file)
        }
    }
}

@Suite("Archive: a damaged file is a typed error")
struct DamagedTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func sentence(_ file: String) throws -> String {
        let error = try #require(throws: ArchiveError.self) { try ArchiveReader(file: file) }
        return "\(error)"
    }

    @Test("a file that is cut off says how much of it is there", arguments: Specimen.allCases)
    func cutOff(_ specimen: Specimen) throws {
        let file = scratch.file("whole.h5")
        try specimen.write(to: file)
        let bytes = try Data(contentsOf: URL(filePath: file))
        try bytes.prefix(bytes.count - 7).write(to: URL(filePath: file))
        #expect(
            try sentence(file)
                == "\(file) is cut off: it has \(bytes.count - 7) of the \(bytes.count) bytes that it should have; "
                + "copy or record it again")
    }

    @Test("what is no archive at all is named in one sentence")
    func noArchive() throws {
        let text = scratch.file("notes.txt")
        try Data("Dear diary\n".utf8).write(to: URL(filePath: text))
        let empty = scratch.file("empty.h5")
        try Data().write(to: URL(filePath: empty))
        let missing = scratch.file("missing.h5")
        #expect(try sentence(missing) == "\(missing) does not exist; check the path")
        #expect(
            try sentence(scratch.path)
                == "\(scratch.path) is a folder, not a file; give the path of an archive")
        #expect(
            try sentence("/dev/null")
                == "/dev/null is a device or a pipe, not a file; give the path of an archive")
        #expect(
            try sentence(empty)
                == "\(empty) is empty; the program that wrote it was stopped too early, record it again")
        #expect(
            try sentence(text) == "\(text) is not an HDF5 file; give the path of an archive, usually *.h5")
    }

    @Test("an archive cut off anywhere is refused", arguments: Specimen.allCases)
    func truncated(_ specimen: Specimen) throws {
        let whole = scratch.file("whole.h5")
        try specimen.write(to: whole)
        let bytes = try Data(contentsOf: URL(filePath: whole))
        for part in 0..<20 {
            let file = scratch.file("cut.h5")
            try bytes.prefix(bytes.count * part / 20 + part % 3).write(to: URL(filePath: file))
            let error = try #require(throws: ArchiveError.self) { try ArchiveReader(file: file) }
            #expect("\(error)".hasPrefix(file))
        }
        try bytes.dropLast().write(to: URL(filePath: scratch.file("cut.h5")))
        #expect(throws: ArchiveError.self) { try ArchiveReader(file: scratch.file("cut.h5")) }
    }

    @Test("a flipped bit in a tensor's elements is a hash mismatch, and read all the same if nobody asks")
    func flippedElements() throws {
        let file = scratch.file("a.h5")
        let values: [Float] = [1, 2, 3, 4, 5, 6, 7, 8]
        do {
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            try writer.write(.float32(NDArray(vector: values)), at: "weights/codec/x")
            try writer.finish()
        }
        var bytes = try Data(contentsOf: URL(filePath: file))
        let place = try #require(bytes.range(of: values.withUnsafeBytes { Data($0) }))
        bytes[place.lowerBound + 2] ^= 1
        try bytes.write(to: URL(filePath: file))

        let error = try #require(throws: ArchiveError.self) {
            try ArchiveReader(file: file).tensor(at: "/weights/codec/x")
        }
        guard case .hashMismatch(let recorded, let found) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(recorded == Tensor.float32(NDArray(vector: values)).sha256)
        #expect(found != recorded)
        let verification = try ArchiveReader.verify(file: file)
        #expect(verification.findings.map(\.problem) == [.error(error)])
        #expect(!verification.isSound)
        let unchecked = try ArchiveReader(file: file, verifiesHashes: false).float32(at: "/weights/codec/x")
        #expect(unchecked.scalars.dropFirst() == values.dropFirst())
    }

    @Test("a wrong hash is a hash mismatch for every type, shape and for None")
    func wrongHash() throws {
        let file = scratch.file("a.h5")
        do {
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            for dtype in DType.allCases {
                try writer.write(try RoundTripTests.tensor(dtype, [2]), at: "\(dtype.rawValue)")
            }
            try writer.write(try RoundTripTests.tensor(.int64, [0, 3]), at: "empty")
            try writer.write(try RoundTripTests.tensor(.int64, []), at: "scalar")
            try writer.write(try RoundTripTests.tensor(.int64, [30, 30]), at: "large")
            try writer.writeNone(at: "none")
            try writer.finish()
        }
        try Python.run(
            """
            with h5py.File(sys.argv[1], "r+") as f:
                for d in f.values():
                    d.attrs["sha256"] = "0" * 64
            """, file)
        let reader = try ArchiveReader(file: file)
        let names = try reader.children(of: "/")
        #expect(names.count == 12)
        for name in names {
            let error = try #require(throws: ArchiveError.self) { try reader.tensor(at: name) }
            guard case .hashMismatch = error.reason else {
                Issue.record("\(error)")
                continue
            }
        }
    }

    @Test(
        "bytes changed anywhere give a typed error or a clean read", arguments: Specimen.allCases, 0..<5)
    func flippedAnywhere(_ specimen: Specimen, batch: Int) async throws {
        try specimen.write(to: scratch.file("whole.h5"))
        var next = batch * 20
        let end = next + 20
        var crashes = 0
        while next < end {
            let reached = try await readAll(next..<end, isAlone: false)
            if reached < end {
                crashes += 1
                _ = try await readAll(reached..<reached + 1, isAlone: true)
            }
            next = max(next, reached) + 1
        }
        // About one file in thirty crashes libhdf5 1.10; far more would be a fault of ours.
        #expect(crashes <= 5)
    }

    /// Reads the damaged files of these seeds in a process of its own; gives the one at which it ended, else
    /// the end of the range.
    private func readAll(_ seeds: Range<Int>, isAlone: Bool) async throws -> Int {
        let (whole, folder, progress) = (scratch.file("whole.h5"), scratch.path, scratch.file("progress"))
        let (start, end) = (seeds.lowerBound, seeds.upperBound)
        await #expect(processExitsWith: .success) {
            [
                whole = whole as String, folder = folder as String, progress = progress as String,
                start = start as Int, end = end as Int, isAlone = isAlone as Bool
            ] in
            try Damage.readAll(
                whole: whole, folder: folder, progress: progress, seeds: start..<end, isAlone: isAlone)
        }
        return try #require(Int(String(contentsOfFile: progress, encoding: .utf8)))
    }
}

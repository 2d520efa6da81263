import AlignmentKit
import TestSupport
import Testing

@Suite("Archive: a tensor read stretch by stretch")
struct StreamTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// An archive with one tensor of 8610 elements in chunks, and with the same stored in one piece.
    private func archive() throws -> (file: String, values: [Int64]) {
        let shape = try Shape([7, 30, 41])
        let values = (0..<shape.elementCount).map { Int64($0) * 3 - 5 }
        let file = scratch.file("a.h5")
        let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
        try writer.write(.int64(try NDArray(shape: shape, scalars: values)), at: "chunks")
        try writer.finish()
        try Python.run(
            """
            with h5py.File(sys.argv[1], "r+") as f:
                x = f["chunks"][()]
                put(f, "whole", x)
                put(f, "odd", x, chunks=(2, 7, 5), compression="gzip", shuffle=True)
                put(f, "big", x.astype(">i8"), dtype="int64")
            """, file)
        return (file, values)
    }

    @Test("any stretch gives the elements at its offsets", arguments: ["chunks", "whole", "odd", "big"])
    func stretches(path: String) throws {
        let (file, values) = try archive()
        let stream = try #require(try ArchiveReader(file: file).stream(at: path))
        var random = SplitMix(state: 9)
        for _ in 0..<300 {
            let start = Int.random(in: 0..<values.count, using: &random)
            let end = Int.random(in: start...min(values.count, start + 3000), using: &random)
            var found = [Int64](repeating: 0, count: end - start)
            try found.withUnsafeMutableBytes { try stream.read(start..<end, into: $0) }
            #expect(found == Array(values[start..<end]), "\(path) \(start)..<\(end)")
        }
    }

    @Test(
        "the hash is checked with the last element, however the stretches fall",
        arguments: [1, 41, 1000, 8610])
    func hash(length: Int) throws {
        let (file, values) = try archive()
        try Python.run(
            """
            with h5py.File(sys.argv[1], "r+") as f:
                for d in f.values():
                    d.attrs["sha256"] = "0" * 64
            """, file)
        for path in ["chunks", "whole"] {
            let stream = try #require(try ArchiveReader(file: file).stream(at: path))
            var buffer = [Int64](repeating: 0, count: length)
            let error = try #require(throws: ArchiveError.self) {
                for start in stride(from: 0, to: values.count, by: length) {
                    let end = min(start + length, values.count)
                    try buffer.withUnsafeMutableBytes {
                        try stream.read(
                            start..<end,
                            into: UnsafeMutableRawBufferPointer(rebasing: $0[..<((end - start) * 8)]))
                    }
                    if end < values.count { continue }
                    Issue.record("\(path) was read to its end without an error")
                }
            }
            guard case .hashMismatch = error.reason else {
                Issue.record("\(error)")
                return
            }
        }
    }
}

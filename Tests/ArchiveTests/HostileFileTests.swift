import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Archive: what a hostile file cannot do")
struct HostileFileTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func reason(_ file: String, _ limits: ArchiveLimits = .standard) throws -> ArchiveError.Reason {
        let error = try #require(throws: ArchiveError.self) { try ArchiveReader(file: file, limits: limits) }
        #expect("\(error)".hasPrefix(file) && !"\(error)".contains("\n"))
        return error.reason
    }

    private func write(_ file: String) throws {
        let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
        try writer.write(.float32(NDArray(repeating: 1, shape: .vector(1 << 18))), at: "weights/x")
        try writer.write(.array([.integer(1), .array([.integer(2)])]), at: "profile.json")
        try writer.finish()
    }

    @Test("a JSON text of too many levels or values is not parsed")
    func json() throws {
        let file = scratch.file("a.h5")
        try write(file)
        func reason(_ limits: ArchiveLimits) throws -> ArchiveError.Reason {
            let reader = try ArchiveReader(file: file, limits: limits)
            return try #require(throws: ArchiveError.self) { try reader.json(at: "profile.json") }.reason
        }
        #expect(try reason(ArchiveLimits(jsonDepth: 1)) == .overLimit(.jsonDepth, found: "2", allowed: "1"))
        #expect(try reason(ArchiveLimits(jsonValues: 3)) == .overLimit(.jsonValues, found: "4", allowed: "3"))
        let reader = try ArchiveReader(file: file, limits: ArchiveLimits(jsonDepth: 2, jsonValues: 4))
        #expect(try reader.json(at: "profile.json") == .array([.integer(1), .array([.integer(2)])]))
    }

    @Test("brackets and commas inside of texts are no levels and no values")
    func jsonExtent() {
        func extent(_ text: String) -> [Int] {
            let extent = JSONText.extent(of: text.utf8)
            return [extent.depth, extent.values]
        }
        #expect(extent(#"{"a": "[[[,,,\"{{{,\\"}"#) == [1, 2])
        #expect(extent("1") == [0, 1])
        #expect(extent("[[[") == [3, 4])
        #expect(extent("]]][") == [0, 2])
    }

    @Test("a file larger than the limit is not opened")
    func size() throws {
        let file = scratch.file("a.h5")
        try write(file)
        let limits = ArchiveLimits(fileBytes: 100)
        guard case .overLimit(.fileBytes, _, allowed: "100") = try reason(file, limits) else {
            Issue.record("opened")
            return
        }
    }

    @Test("a user block and the parts of a divided file are refused")
    func containers() throws {
        let block = scratch.file("block.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w", userblock_size=1024) as f:
                head(f)
            """, block)
        #expect(try reason(block) == .refused(.userBlock(bytes: 1024)))
        try Python.run(
            """
            with h5py.File(sys.argv[1] + "/family%d.h5", "w", driver="family", memb_size=4096) as f:
                head(f)
                put(f, "x", np.zeros(8192, "f4"))
            with h5py.File(sys.argv[1] + "/split", "w", driver="split") as f:
                head(f)
                put(f, "x", np.zeros(8192, "f4"))
            """, scratch.path)
        for part in ["family0.h5", "family1.h5", "split-m.h5", "split-r.h5"] {
            switch try reason(scratch.file(part)) {
            case .truncated(found: 4096, expected: 38912), .library(operation: "opened", _), .notHDF5: break
            case let other: Issue.record("\(part): \(other)")
            }
        }
    }

    @Test("a file that shrinks while it is read is an error about its tensor")
    func shrinking() throws {
        let file = scratch.file("a.h5")
        do {
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            let noise = (0..<1 << 18).map { Float($0 &* 7919 % 65_537) }
            try writer.write(.float32(NDArray(vector: noise)), at: "weights/x")
            try writer.finish()
        }
        let reader = try ArchiveReader(file: file)
        truncate(file, 4096)
        #expect(throws: ArchiveError.self) { try reader.tensor(at: "weights/x") }
    }

    @Test("a name with a slash in it is refused, where libhdf5 lists it")
    func slash() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w", libver=("earliest", "v108")) as f:
                head(f)
                f.create_group("samples/up_up_etc")
            data = open(sys.argv[1], "rb").read()
            assert data.count(b"up_up_etc") == 1
            open(sys.argv[1], "wb").write(data.replace(b"up_up_etc", b"../../etc"))
            """, file)
        let reader = try ArchiveReader(file: file)
        let error = try #require(throws: ArchiveError.self) { try reader.children(of: "samples") }
        #expect(error.reason == .malformedName("a name in it is \"../../etc\""))
        #expect(try !ArchiveReader.verify(file: file).isSound)
    }

    @Test("a sentence holds no control characters of a file's, and no more than the start of a long text")
    func sentences() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                put(f, "\\x1b[31mred\\n", np.zeros(4, "f4")).attrs["dtype"] = "a\\u202eb" + "c" * 5000
            """, file)
        let findings = try ArchiveReader.verify(file: file).findings
        let sentence = try #require(findings.first { $0.isError }).description
        #expect(!sentence.unicodeScalars.contains { "\u{1B}\n\u{202E}".unicodeScalars.contains($0) })
        #expect(sentence.contains("red") && sentence.contains("(5005 bytes)") && sentence.utf8.count < 600)
    }

    @Test("the hash of a file that is none is an error, also of a pipe that nobody writes to")
    func fileHash() throws {
        let pipe = scratch.file("pipe")
        #expect(mkfifo(pipe, 0o600) == 0)
        for path in [pipe, "/dev/zero", scratch.path, scratch.file("nothing")] {
            #expect(throws: (any Error).self) { try FileHash.sha256(of: path) }
        }
        let file = scratch.file("abc")
        try Data("abc".utf8).write(to: URL(filePath: file))
        #expect(
            try FileHash.sha256(of: file)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}

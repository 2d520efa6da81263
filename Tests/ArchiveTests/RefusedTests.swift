import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Archive: what it must not hold is refused by name")
struct RefusedTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test(
        "a tensor is refused with the reason in one sentence",
        arguments: Refusal.all)
    func refusal(_ refusal: Refusal) throws {
        let file = try Refusal.written.get().file("\(refusal.testDescription).h5")
        let reader = try ArchiveReader(file: file)
        let error = try #require(throws: ArchiveError.self) { try reader.tensor(at: refusal.path) }
        #expect(error.reason == refusal.reason)
        let sentence = "\(error)"
        #expect(sentence.hasPrefix(file) && sentence.contains(refusal.path) && !sentence.contains("\n"))

        // The walk finds it too, unless it is only not what the caller asked for.
        switch refusal.reason {
        case .missing, .wrongKind: break
        default:
            let findings = try ArchiveReader.verify(file: file).findings
            #expect(findings.contains { $0.isError })
        }
    }

    @Test("a version or format that this library does not know is refused by name")
    func headers() throws {
        func reason(_ script: String) throws -> ArchiveError.Reason {
            let file = scratch.file("bad.h5")
            try Python.run("with h5py.File(sys.argv[1], \"w\") as f:\n    \(script)", file)
            let error = try #require(throws: ArchiveError.self) { try ArchiveReader(file: file) }
            #expect("\(error)".hasPrefix(file))
            return error.reason
        }
        #expect(try reason("head(f, version=2)") == .unsupportedVersion(found: 2, supported: 1))
        #expect(try reason("head(f, form=\"other\")") == .notAnArchive(found: "other"))
        #expect(try reason("pass") == .notAnArchive(found: nil))
        #expect(
            try reason("head(f, version=0)")
                == .malformedAttribute("format_version", expected: "1 or more", found: "0"))
        #expect(
            try reason("head(f, version=\"1\")")
                == .malformedAttribute("format_version", expected: "a whole number", found: "text"))
        #expect(
            try reason("f.attrs[\"format\"] = \"higgs-alignment-archive\"")
                == .missingAttribute("format_version"))
    }

    @Test("a JSON text that is too long, no JSON, no UTF-8 or no JSON text at all is refused")
    func json() throws {
        let file = scratch.file("bad.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                f.create_dataset("long.json", data='"' + "a" * 2000 + '"')
                f.create_dataset("fixed.json", data=np.bytes_('"' + "a" * 2000 + '"'))
                f.create_dataset("not.json", data="{")
                f.create_dataset("latin.json", data=b'"\\xe4"', dtype=h5py.string_dtype())
                f.create_dataset("deep.json", data="[" * 100000 + "]" * 100000)
                put(f, "tensor.json", np.zeros(1, "f4"))
            """, file)
        let reader = try ArchiveReader(file: file, limits: ArchiveLimits(jsonBytes: 1000))
        func reason(_ path: String, _ reader: ArchiveReader) throws -> ArchiveError.Reason {
            try #require(throws: ArchiveError.self) { try reader.json(at: path) }.reason
        }
        #expect(try reason("long.json", reader) == .overLimit(.jsonBytes, found: "2002", allowed: "1000"))
        #expect(try reason("fixed.json", reader) == .overLimit(.jsonBytes, found: "2002", allowed: "1000"))
        #expect(try reason("not.json", reader) == .malformedText("it is not JSON"))
        #expect(try reason("latin.json", reader) == .malformedText("it is not UTF-8"))
        #expect(
            try reason("deep.json", ArchiveReader(file: file))
                == .overLimit(.jsonDepth, found: "100000", allowed: "64"))
        #expect(try reason("tensor.json", reader) == .wrongKind(expected: .json, found: .tensor))
        #expect(try reason("nothing.json", reader) == .missing)
    }

    @Test("more names than the limit are not listed")
    func manyNames() throws {
        let file = scratch.file("many.h5")
        do {
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            for name in 0..<20 { try writer.createGroup(at: "/samples/\(name)") }
            try writer.finish()
        }
        let limits = ArchiveLimits(objects: 10)
        let reader = try ArchiveReader(file: file, limits: limits)
        let error = try #require(throws: ArchiveError.self) { try reader.children(of: "samples") }
        #expect(error.reason == .overLimit(.objects, found: "20", allowed: "10"))
        #expect(try !ArchiveReader.verify(file: file, limits: limits).isSound)
    }

    @Test("a chunk counts in full, however small the tensor in it")
    func largeChunk() throws {
        let file = scratch.file("chunk.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                put(f, "x", np.zeros(4, "f4"), chunks=(2**20,), maxshape=(None,), compression="gzip")
            """, file)
        let reader = try ArchiveReader(file: file, limits: ArchiveLimits(tensorBytes: 1 << 20))
        let error = try #require(throws: ArchiveError.self) { try reader.tensor(at: "x") }
        #expect(error.reason == .overLimit(.chunkBytes, found: "4194304", allowed: "1048576"))
        #expect(try ArchiveReader(file: file).float32(at: "x").scalars == [0, 0, 0, 0])
    }

    @Test("an honest tensor of zeros is not taken for a bomb")
    func zeros() throws {
        let file = scratch.file("zeros.h5")
        let zeros = Tensor.int64(NDArray(repeating: 0, shape: .matrix(2000, 1500)))
        do {
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            try writer.write(zeros, at: "x")
            try writer.finish()
        }
        #expect(try ArchiveReader(file: file).tensor(at: "x") == .tensor(zeros))
    }
}

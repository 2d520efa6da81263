import AlignmentKit
import Foundation
import Testing

@Suite("Archive: verify visits every object")
struct VerifyTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test("a sound archive is counted, object by object")
    func sound() throws {
        let file = scratch.file("a.h5")
        do {
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            try writer.write(.object([:]), at: "/profile.json")
            try writer.write(.int64(NDArray(vector: [1, 2, 3])), at: "/samples/000000/x")
            try writer.write(.float32(NDArray(vector: [1])), at: "/samples/000000/y")
            try writer.writeNone(at: "/samples/000000/z")
            try writer.writeJSON(text: "Hello {", at: "/samples/000000/generated_text")
            try writer.createGroup(at: "/weights/codec")
            try writer.finish()
        }
        let verification = try ArchiveReader.verify(file: file)
        #expect(verification.isSound)
        #expect(verification.findings == [])
        #expect(verification.header == RoundTripTests.header)
        #expect(verification.groups == 4)
        #expect(verification.tensors == 2)
        #expect(verification.pythonNones == 1)
        #expect(verification.jsonDocuments == 1)
        #expect(verification.tensorBytes == 28)
        #expect(verification.texts == 1)
        #expect(verification.objects == 9)
    }

    @Test("what is strange is named, and what is wrong is an error")
    func findings() throws {
        let file = scratch.file("a.h5")
        do {
            let writer = try ArchiveWriter(
                file: file, header: ArchiveHeader(id: nil, createdAt: nil, createdBy: nil))
            try writer.createGroup(at: "/extras")
            try writer.createGroup(at: "/samples/a b")
            for name in ["Run", "run", "é", "e\u{301}", "straße"] {
                try writer.createGroup(at: "/weights/\(name)")
            }
            try writer.writeJSON(text: "{", at: "/config/model.json")
            try writer.finish()
        }
        let verification = try ArchiveReader.verify(file: file)
        #expect(!verification.isSound)
        let found = verification.findings.map { "\($0.path) \($0.isError)" }
        #expect(
            found == [
                "/ false", "/ false", "/ false", "/extras false", "/config/model.json true",
                "/samples/a b true", "/weights/run false", "/weights/\u{E9} false",
            ])
        #expect(verification.findings[3].problem == .unknownName)
        #expect(verification.findings[6].problem == .namesDifferInCaseOnly(other: "/weights/Run"))
    }

    @Test("a group that holds itself is walked once")
    func cycle() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                put(f, "samples/s/x", np.zeros(3000))
                f["samples/s/self"] = f["samples/s"]
                f["samples/root"] = f["/"]
                f["samples/s/again"] = f["samples/s/x"]
                f["samples/s/soft"] = h5py.SoftLink("x")
            """, file)
        let verification = try ArchiveReader.verify(file: file)
        #expect(verification.isSound)
        #expect(verification.groups == 2)
        #expect(verification.tensors == 1)
        #expect(verification.aliases == 4)
    }

    @Test("groups nested deeper than the limit end the walk with an error")
    func deep() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                g = f.create_group("samples")
                for _ in range(5000):
                    g = g.create_group("g")
            """, file)
        let verification = try ArchiveReader.verify(file: file)
        let errors = verification.findings.filter(\.isError).map(\.problem)
        #expect(errors.count == 1)
        guard case .error(let error) = errors.first else { return }
        #expect(error.reason == .overLimit(.depth, found: "33", allowed: "32"))
    }
}

import AlignmentKit
import Foundation
import TestSupport
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
            try writer.write(
                .object([
                    "ordinal": .integer(0), "arm": .null, "pair": .null, "seed": .null, "applied": .array([]),
                ]), at: "/samples/000000/sample.json")
            let batch = "/samples/000000/collator/captured/batch"
            try writer.write(.int64(NDArray(vector: [1, 2, 3])), at: "\(batch)/x")
            try writer.write(.float32(NDArray(vector: [1])), at: "\(batch)/y")
            try writer.writeNone(at: "\(batch)/z")
            try writer.writeJSON(text: "Hello {", at: "/samples/000000/generated_text")
            try writer.createGroup(at: "/weights/codec")
            try writer.finish()
        }
        let verification = try ArchiveReader.verify(file: file)
        #expect(verification.isSound)
        #expect(verification.findings == [])
        #expect(verification.header == RoundTripTests.header)
        #expect(verification.groups == 7)
        #expect(verification.tensors == 2)
        #expect(verification.pythonNones == 1)
        #expect(verification.jsonDocuments == 2)
        #expect(verification.tensorBytes == 28)
        #expect(verification.texts == 1)
        #expect(verification.objects == 13)
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
        let found = verification.findings.map { "\($0.path) \($0.problem.code)" }
        #expect(
            found == [
                "/ missing_root_attribute", "/ missing_root_attribute", "/ missing_root_attribute",
                "/extras unknown_name", "/config/model.json malformed_text",
                "/samples/a b malformed_sample_name", "/samples/a b missing_object",
                "/weights/run names_differ_in_case_only", "/weights/\u{E9} names_differ_in_case_only",
                "/weights/Run unknown_name", "/weights/e\u{301} unknown_name", "/weights/run unknown_name",
                "/weights/straße unknown_name", "/weights/\u{E9} unknown_name",
            ])
        #expect(verification.errors == 2)
        #expect(verification.findings[7].problem == .namesDifferInCaseOnly(other: "/weights/Run"))
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
        let seconds = verification.findings.filter { $0.problem.code.hasSuffix("second_name") }
        #expect(
            seconds.map { "\($0.path) \($0.isError)" } == [
                "/samples/root true", "/samples/s/self true", "/samples/s/soft false", "/samples/s/x false",
            ])
        #expect(verification.errors == 2)
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

    @Test("an archive with an object at every path of the layout is sound, and nothing is strange about it")
    func whole() throws {
        let file = try Finding.written.get().file("sound.h5")
        let verification = try Verification(file: file)
        #expect(verification.isSound)
        #expect(verification.findings.map(\.message) == [])
        let paths = try Inspection(file: file, .init(), reference: .serveEngine).entries
        #expect(paths.filter { !$0.isInterpreted }.map(\.path) == [])
    }

    @Test(
        "one thing wrong or strange is one finding, named where it is",
        arguments: Array(Finding.all.enumerated()))
    func finding(_ index: Int, _ expected: Finding) throws {
        let verification = try Verification(file: try Finding.written.get().file("\(index).h5"))
        let found = verification.findings.filter { $0.code == expected.code && $0.object == expected.object }
        let finding = try #require(found.first, "\(verification.findings)")
        #expect(found.count == 1)
        #expect(finding.isError == expected.isError)
        #expect(finding.message.contains(expected.words), "\(finding.message)")
        #expect(!finding.message.contains("\n"))
        if !expected.isAmongOthers { #expect(verification.findings.count == 1, "\(verification.findings)") }
        #expect(verification.isSound == !expected.isError)
    }

    @Test("a profile's keys and values that no knob has are named")
    func profile() throws {
        let file = scratch.file("a.h5")
        do {
            let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
            try writer.write(
                .object([
                    "generation.min_p": .number(0.1), "generation.top_k": .string("all"),
                    "generation.use_cache": .bool(true), "collator.round_to": .integer(8),
                ]), at: "/profile.json")
            try writer.finish()
        }
        let verification = try Verification(file: file)
        #expect(verification.isSound)
        #expect(
            verification.findings.map { "\($0.code) \($0.message.contains("top_k") ? "top_k" : "min_p")" }
                == ["unknown_field min_p", "field_not_understood top_k"])
    }

    @Test("a name with a line break in it is on one line")
    func lineBreak() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                f.create_group("a\\nb\\x1b[31m")
            """, file)
        let verification = try ArchiveReader.verify(file: file)
        #expect(
            verification.findings.map(\.description)
                == ["/a\u{FFFD}b\u{FFFD}[31m is not part of the format and was not interpreted"])
    }

    @Test("of more findings than are kept the rest is counted")
    func many() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                g = f.create_group("samples/000000/collator/captured/batch")
                x = put(g, "x", np.zeros(1))
                for k in range(10100):
                    g[f"a{k}"] = x
            """, file)
        let verification = try ArchiveReader.verify(file: file)
        #expect(verification.isSound)
        #expect(verification.findings.count == ArchiveVerification.mostFindings)
        #expect(verification.findingsLeftOut == 101)
    }
}

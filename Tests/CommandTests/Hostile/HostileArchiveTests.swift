import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Hostile archives")
struct HostileArchiveTests {
    private static let prelude = """
        import shutil, struct

        def mark(d):
            d.attrs["dtype"] = {"f4": "float32", "f8": "float64", "u1": "uint8"}[d.dtype.str[1:]]
            d.attrs["sha256"] = "0" * 64

        def claim(file, length, claimed):
            # Changes the length of the texts that have this length.
            data = bytearray(open(file, "rb").read())
            heaps = [at for at in range(len(data)) if data[at : at + 4] == b"GCOL"]
            for heap in heaps:
                data = data.replace(struct.pack("<IQ", length, heap), struct.pack("<IQ", claimed, heap))
            open(file, "wb").write(data)

        def make(file, script):
            shutil.copy(sys.argv[1], file)
            with h5py.File(file, "r+") as f:
                f.require_group("weights")
                exec(script, {**globals(), "f": f, "file": file})


        """

    @Test("each is named in one sentence, and the sound one after it is still read")
    func named() async throws {
        let scratch = try Scratch()
        try await Specimen.write(in: scratch)
        let sound = scratch.path + "/oldest.h5"
        let files = HostileArchive.all.indices.map { "\(scratch.path)/hostile-\($0).h5" }
        var script = Self.prelude
        for (file, archive) in zip(files, HostileArchive.all) {
            script += "make(\"\(file)\", \(Self.literal(archive.script)))\n"
        }
        try Python.run(script, sound)
        for (file, archive) in zip(files, HostileArchive.all) {
            let answer = try await ReadingCommand.verify.answer(about: [file, sound])
            #expect(answer.status == 2)
            let sentences = Self.sentences(try #require(answer.outcomes[file]))
            #expect(
                sentences.contains { $0.contains(archive.says) }, "\(archive.testDescription): \(sentences)")
            for sentence in sentences {
                #expect(!sentence.contains("crashed"), "\(archive.testDescription): \(sentence)")
                #expect(!sentence.contains { $0.isNewline || $0 == "\u{1B}" })
            }
            guard case .result(let other)? = answer.outcomes[sound] else {
                Issue.record("the sound archive after \(archive.testDescription) was not read")
                continue
            }
            #expect(other["is_sound"] == .bool(true))
            for command in ReadingCommand.allCases where command != .verify {
                let answer = try await command.answer(about: [file])
                #expect([0, 1, 2].contains(answer.status))
            }
            try await explain(file)
        }
    }

    /// Expects an answer, or one sentence; that the worker crashed only where libhdf5 itself does.
    private func explain(
        _ file: String, mayCrash: Bool = false, environment: [String: String] = [:]
    ) async throws {
        let command = try await Command.run(["explain", file], environment: environment)
        #expect([0, 1, 2].contains(command.status))
        guard command.status == 2, command.output.isEmpty else {
            #expect(command.errors.isEmpty && !command.output.isEmpty, "\(command.errors)")
            return
        }
        #expect(command.errors.hasPrefix(file), "\(command.errors)")
        #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
        #expect(mayCrash || !command.errors.contains("crashed"), "\(command.errors)")
    }

    @Test("200 damaged archives are explained, or refused in one sentence")
    func explained() async throws {
        let scratch = try Scratch()
        let specimens = try await Specimen.all(in: scratch)
        for seed in 0..<200 {
            let file = try scratch.file("mutant.h5", Data(Mutant(seed: seed, of: specimens).bytes))
            try await explain(file, mayCrash: true, environment: ["HIGGS_TIME_FACTOR": "0.25"])
        }
    }

    @Test(
        "groups that hold themselves under many names are looked at once", arguments: ReadingCommand.allCases)
    func cycles(command: ReadingCommand) async throws {
        let scratch = try Scratch()
        try await Specimen.write(in: scratch)
        let file = scratch.path + "/oldest.h5"
        try Python.run(
            """
            with h5py.File(sys.argv[1], "r+") as f:
                for name in "abcdefghij":
                    f["samples/000000/" + name] = f["samples"]
                    f["samples/000000/soft-" + name] = h5py.SoftLink("/samples")
            """, file)
        let answer = try await command.answer(about: [file], reference: file)
        // `verify` names each such group; `compare` goes by paths, of which there is no end.
        #expect(answer.status == ([.verify, .compare].contains(command) ? 2 : 0), "\(answer)")
    }

    private static func sentences(_ outcome: ReadingCommand.Outcome) -> [String] {
        switch outcome {
        case .failure(let sentence): [sentence]
        case .result(let result): (result["findings"]?.array ?? []).compactMap { $0["message"]?.string }
        }
    }

    /// A text as Python writes it.
    private static func literal(_ text: String) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? String(decoding: encoder.encode(text), as: UTF8.self)) ?? "''"
    }
}

import Foundation
import TestSupport
import Testing

/// Bad input ends in one sentence that names the file, exit code 2, and nothing written.
@Suite("Bad input")
struct BadInputTests {
    private let golden = Command.root + "/golden/voice-clone.h5"

    private func expectOneSentence(_ arguments: [String], naming file: String) async throws {
        let scratch = try Scratch()
        let command = try await Command.run(arguments + ["--out", scratch.path + "/reports"])
        #expect(command.status == 2)
        let lines = command.errors.split(separator: "\n")
        #expect(lines.count == 1, "\(command.errors)")
        #expect(command.errors.contains(file))
        #expect(scratch.contents.isEmpty)
    }

    @Test("a wrong path")
    func wrongPath() async throws {
        try await expectOneSentence(["run", "no/such/archive.h5"], naming: "no/such/archive.h5")
    }

    @Test("a folder")
    func folder() async throws {
        try await expectOneSentence(["run", "golden"], naming: "golden")
    }

    @Test("an empty file and a text file")
    func notHDF5() async throws {
        let scratch = try Scratch()
        let empty = try scratch.file("empty.h5", Data())
        try await expectOneSentence(["run", empty], naming: empty)
        let text = try scratch.file("text.h5", Data("not an archive\n".utf8))
        try await expectOneSentence(["run", text], naming: text)
    }

    @Test("an archive cut off at 20 offsets")
    func truncated() async throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: golden))
        for step in 1...20 {
            let scratch = try Scratch()
            let cut = try scratch.file("cut.h5", whole.prefix(whole.count * step / 21))
            try await expectOneSentence(["run", cut], naming: cut)
        }
    }

    @Test("flipped bytes: a hash that does not match, or a file that says so another way")
    func flipped() async throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: golden))
        var outcomes: Set<Int32> = []
        for step in 1...20 {
            let scratch = try Scratch()
            var bytes = whole
            let position = whole.count * step / 21
            bytes[position] ^= 0xFF
            bytes[position + 1] ^= 0xFF
            let flipped = try scratch.file("flipped.h5", bytes)
            let command = try await Command.run("verify", flipped)
            outcomes.insert(command.status)
            // A flip in unused space harms nothing; every other must be found.
            if command.status == 0 { continue }
            #expect(command.status == 2)
            #expect((command.output + command.errors).contains(flipped))
        }
        #expect(outcomes.contains(2))
    }

    @Test("one bad archive does not keep the others from being run")
    func others() async throws {
        let command = try await Command.run("run", "no/such.h5", golden)
        #expect(command.status == 2)
        #expect(command.output.contains("golden/voice-clone.h5"))
        #expect(command.errors.contains("no/such.h5"))
    }

    @Test("wrong usage is 64")
    func usage() async throws {
        #expect(try await Command.run("run").status == 64)
        #expect(try await Command.run("run", golden, "--reference", "nobody").status == 64)
        #expect(try await Command.run("no-such-command").status == 64)
    }
}

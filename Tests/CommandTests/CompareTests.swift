import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("compare")
struct CompareTests {
    private let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private static let golden = "golden/voice-clone.h5"
    private static let waveform = "samples/000000/decode/captured/calls/0/waveform"

    /// An archive with one tensor.
    private func archive(
        _ name: String, _ tensor: Tensor, at path: String = waveform
    ) throws -> String {
        let file = "\(scratch.path)/\(name)"
        try FileManager.default.createDirectory(
            atPath: URL(fileURLWithPath: file).deletingLastPathComponent().path,
            withIntermediateDirectories: true)
        let header = ArchiveHeader(id: "0", createdAt: "2025-01-02T03:04:05Z", createdBy: "tests 1")
        let writer = try ArchiveWriter(file: file, header: header)
        try writer.write(tensor, at: path)
        try writer.finish()
        return file
    }

    private func sound(_ values: [Float]) -> Tensor { .float32(NDArray(vector: values)) }

    private func report(_ arguments: String...) async throws -> (ComparisonReport, Command) {
        let command = try await Command.run(["compare", "--format", "json"] + arguments)
        return (try JSONText.decode(ComparisonReport.self, from: Data(command.output.utf8)), command)
    }

    @Test("a golden archive equals itself")
    func itself() async throws {
        let (report, command) = try await report(Self.golden, Self.golden)
        #expect(command.status == 0)
        #expect(report.exitCode == 0)
        #expect(report.comparisons.first?.status == .equal)
        #expect(report.comparisons.first.map { $0.compared > 50 } == true)
        #expect(command.errors == "")
    }

    @Test("another request differs, most upstream first, and JSON and text say the same")
    func different() async throws {
        let (report, command) = try await report("golden/voice-clone-greedy.h5", Self.golden)
        let comparison = try #require(report.comparisons.first)
        #expect(command.status == 1)
        #expect(comparison.first?.tensor == "collator/input/prompt_ids")
        #expect(comparison.context.contains { $0.key == "generation.temperature" })
        let text = try await Command.run("compare", "golden/voice-clone-greedy.h5", Self.golden)
        #expect(text.status == 1)
        #expect(text.output.contains(comparison.summary))
        #expect(text.output.contains("Tolerances in force (standard)"))
        #expect(text.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test("h5diff passes another shape and pairs of NaN; compare does not")
    func hdf5Diff() async throws {
        let pairs = [
            (try archive("long.h5", sound([1, 2, 3])), try archive("short.h5", sound([1, 2]))),
            (try archive("nan.h5", sound([1, .nan])), try archive("nan too.h5", sound([1, .nan]))),
        ]
        for (left, right) in pairs {
            let diff = Process()
            diff.executableURL = URL(filePath: "/usr/bin/h5diff")
            // The elements alone, not the attribute that holds their hash.
            diff.arguments = ["--exclude-attribute", "/\(Self.waveform)", left, right]
            diff.standardOutput = FileHandle.nullDevice
            diff.standardError = FileHandle.nullDevice
            try diff.run()
            diff.waitUntilExit()
            #expect(diff.terminationStatus == 0, "h5diff has learned to tell \(left) from \(right)")
            #expect(try await Command.run("compare", left, right).status == 1)
        }
    }

    @Test("no tensor in common is 1, no such tensor at all too")
    func nothingCompared() async throws {
        let left = try archive("a.h5", sound([1]))
        let right = try archive("b.h5", sound([1]), at: "samples/000001/decode/captured/calls/0/waveform")
        let command = try await Command.run("compare", left, right)
        #expect(command.status == 1)
        #expect(command.output.contains("nothing was compared"))
        #expect(try await Command.run("compare", left, left, "--only", "no/such").status == 1)
    }

    @Test("folders are paired by name; an archive without another is named")
    func folders() async throws {
        for side in ["left", "right"] {
            _ = try archive("\(side)/a.h5", sound([1, 2]))
            _ = try archive("\(side)/deep/b.h5", sound([1, 2]))
        }
        let folders = ("\(scratch.path)/left", "\(scratch.path)/right")
        #expect(try await report(folders.0, folders.1).1.status == 0)
        _ = try archive("left/c.h5", sound([1]))
        let (report, command) = try await report(folders.0, folders.1)
        #expect(command.status == 1)
        #expect(report.comparisons.count == 2)
        #expect(report.unpaired == [.init(path: "\(folders.0)/c.h5", expected: "\(folders.1)/c.h5")])
        let empty = "\(scratch.path)/empty"
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        let nothing = try await Command.run("compare", empty, empty)
        #expect(nothing.status == 2)
        #expect(nothing.errors == "\(empty) and \(empty) hold no *.h5 to compare.\n")
        #expect(try await Command.run("compare", folders.0, Self.golden).status == 2)
    }

    @Test("--many compares all with the last in one table, and goes on after one that cannot be read")
    func many() async throws {
        let files = [
            try archive("a.h5", sound([1, 2])), try archive("b.h5", sound([1, 3])),
            try scratch.file("broken.h5", Data("no archive".utf8)), try archive("last.h5", sound([1, 2])),
        ]
        let command = try await Command.run(["compare", "--many"] + files)
        #expect(command.status == 2)
        let rows = command.output.split(separator: "\n").filter { $0.contains("/") && $0.contains(".h5") }
        #expect(command.output.contains("Against \(files[3])"))
        #expect(rows.count >= 3)
        #expect(command.errors.split(separator: "\n").count == 1)
        #expect(command.errors.contains("broken.h5 is not an HDF5 file"))
        let (report, _) = try await report("--many", files[0], files[1], files[3])
        #expect(report.comparisons.map(\.status) == [.equal, .differs])
        #expect(report.exitCode == 1)
    }

    @Test("a tolerance profile decides, is printed, and its mistakes are one sentence")
    func tolerance() async throws {
        let left = try archive("a.h5", sound([1, 2.001, 3]))
        let right = try archive("b.h5", sound([1, 2, 3]))
        #expect(try await Command.run("compare", left, right).status == 1)
        let yaml = try scratch.file(
            "loose.yaml",
            Data(
                "schema_version: 1\nname: loose\nrules:\n  - tensor: '**/waveform'\n    relative: 0.01\n".utf8
            ))
        let loose = try await Command.run("compare", left, right, "--tolerance", yaml)
        #expect(loose.status == 0)
        #expect(loose.output.contains("Tolerances in force (loose)"))
        let broken = try scratch.file("broken.yaml", Data("schema_version: 1\nrules: 5\n".utf8))
        let mistake = try await Command.run("compare", left, right, "--tolerance", broken)
        #expect(mistake.status == 2)
        #expect(mistake.errors == "\(broken):2: rules is \"5\", expected a list\n")
        let missing = try await Command.run("compare", left, right, "--tolerance", "no.yaml")
        #expect(missing.errors == "no.yaml does not exist; give the path of a tolerance profile\n")
        #expect(missing.status == 2)
    }

    @Test("a damaged payload is exit code 2, and named by file and tensor")
    func damage() async throws {
        let values = (0..<1024).map { Float($0) / 1024 }
        let left = try archive("a.h5", sound(values))
        let right = try archive("b.h5", sound(values))
        var bytes = try Data(contentsOf: URL(fileURLWithPath: left))
        let payload = Data(values.withUnsafeBytes { Array($0) })
        let place = try #require(bytes.range(of: payload.prefix(4096)))
        bytes[place.lowerBound + 2000] ^= 4
        try bytes.write(to: URL(fileURLWithPath: left))
        let command = try await Command.run("compare", left, right)
        #expect(command.status == 2)
        #expect(command.errors.split(separator: "\n").count == 1)
        #expect(command.errors.contains(left))
    }

    @Test("output that cannot be written is one sentence and exit code 2")
    func fullDisk() async throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = [
            "-c", "exec \"$0\" compare \"$1\" \"$1\" > /dev/full", Command.program, Self.golden,
        ]
        process.currentDirectoryURL = URL(filePath: Command.root)
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 2)
        #expect(text == "Standard output could not be written: No space left on device.\n")
    }

    @Test("--fail-fast names the archives that it did not look at")
    func failFast() async throws {
        let (a, b) = (try archive("a.h5", sound([1, 2])), try archive("b.h5", sound([1, 3])))
        let (report, _) = try await report("--many", "--fail-fast", b, a, a)
        #expect(report.comparisons.count == 1)
        #expect(report.notCompared == ["\(a) against \(a)"])
        #expect(report.exitCode == 1)
    }

    @Test("wrong usage is 64")
    func usage() async throws {
        #expect(try await Command.run("compare", Self.golden).status == 64)
        #expect(try await Command.run("compare", Self.golden, Self.golden, Self.golden).status == 64)
        #expect(try await Command.run("compare", Self.golden, Self.golden, "--stage", "encoder").status == 64)
    }
}

import AlignmentKit
import Foundation
import TestSupport
import Testing

/// The program in docs/porting.md, built and run as a reader would.
@Suite("The page for ports")
struct PortingTests {
    private static let page = Command.root + "/docs/porting.md"

    /// The page's one C++ program.
    private static func example() throws -> String {
        let parts = try String(contentsOfFile: page, encoding: .utf8).components(separatedBy: "```cpp\n")
        try #require(parts.count == 2)
        return parts[1].components(separatedBy: "```")[0]
    }

    /// Builds and runs a program; returns the archive that is made of its dumps.
    private func archive(of program: String, in scratch: Scratch) async throws -> String {
        let source = try scratch.file("example.cpp", Data(program.utf8))
        let binary = scratch.path + "/example"
        try Self.run(try Self.compiler(), "-std=c++17", "-Wall", "-Wextra", "-Werror", source, "-o", binary)
        try Self.run(binary, scratch.path + "/dumps")
        let archive = scratch.path + "/run.h5"
        let command = try await Command.run("import", scratch.path + "/dumps", "--out", archive)
        #expect(command.status == 0, "\(command.errors)")
        return archive
    }

    @Test("the example has fewer than 60 lines of at most 120 columns")
    func length() throws {
        let lines = try Self.example().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count < 60)
        #expect(lines.allSatisfy { $0.count <= 120 })
    }

    @Test("the example's dumps become an archive that verify, inspect and run accept")
    func example() async throws {
        let scratch = try Scratch()
        let archive = try await archive(of: try Self.example(), in: scratch)
        #expect(try await Command.run("verify", archive).status == 0)
        let inspection = try await Command.run("inspect", archive)
        #expect(inspection.status == 0 && inspection.output.contains("codes"))
        let run = try await Command.run("run", archive, "--format", "json")
        #expect(run.status == 0, "\(run.output)")
        let report = try JSONText.decode(RunReport.self, from: Data(run.output.utf8))
        let tokens = try #require(report.samples.first?.stages.first { $0.stage == .tokens })
        #expect(tokens.status == .equal && tokens.tensors.count == 1)
    }

    @Test("a port that reverts one column off is found")
    func wrongPort() async throws {
        let scratch = try Scratch()
        let program = try Self.example()
        let wrong = program.replacingOccurrences(
            of: "columns + book + frame + 1]", with: "columns + book + frame]")
        try #require(wrong != program)
        let run = try await Command.run("run", try await archive(of: wrong, in: scratch), "--format", "json")
        #expect(run.status == 1)
        let report = try JSONText.decode(RunReport.self, from: Data(run.output.utf8))
        #expect(report.samples.first?.stages.first { $0.stage == .tokens }?.status == .differs)
    }

    /// Swift's own clang++, or the system's compiler.
    private static func compiler() throws -> String {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        let found = ["clang++", "c++", "g++"].lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        return try #require(found, "no C++ compiler on PATH; script/bootstrap installs one")
    }

    private static func run(_ program: String, _ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(text)")
    }
}

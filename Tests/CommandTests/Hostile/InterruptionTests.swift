import Foundation
import TestSupport
import Testing

/// A run that is interrupted leaves neither workers nor unfinished folders. The tests wait without giving up their
/// thread, so that others do not come between.
@Suite("Interruptions", .serialized)
struct InterruptionTests {
    private static let archives = ["two-segments", "voice-clone", "budget"].map { "golden/\($0).h5" }

    @Test("workers end with the process that started them", arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
    func interrupted(_ signal: Int32) async throws {
        let scratch = try Scratch()
        let reports = scratch.path + "/reports"
        let run = try Self.start(["run", "--out", reports] + Self.archives)
        let workers = try Self.workers(of: run.processIdentifier)
        #expect(!workers.isEmpty)
        kill(run.processIdentifier, signal)
        Self.ending(of: run)
        #expect(run.terminationReason == .uncaughtSignal && run.terminationStatus == signal)
        #expect(Self.haveEnded(workers))
        let partial = {
            try FileManager.default.contentsOfDirectory(atPath: reports).filter { $0.contains("partial") }
        }
        if signal == SIGKILL {
            // Nobody was left to clear away: the next run does.
            #expect(try !partial().isEmpty)
            let next = try await Command.run(["run", "--out", reports] + Self.archives)
            #expect(next.status < 2)
        }
        #expect(try partial().isEmpty)
    }

    @Test("a worker that hangs in the library ends with the process that started it, however that ended")
    func hanging() async throws {
        let scratch = try Scratch()
        // Of the mutants, the one on which libhdf5 1.10 reads on for ever.
        let mutant = Mutant(seed: 634, of: try await Specimen.all(in: scratch))
        let file = try scratch.file("hang.h5", Data(mutant.bytes))
        let run = try Self.start(["verify", file])
        let workers = try Self.workers(of: run.processIdentifier)
        usleep(1_000_000)
        try #require(!workers.isEmpty && run.isRunning, "it hangs")
        kill(run.processIdentifier, SIGKILL)
        Self.ending(of: run)
        #expect(Self.haveEnded(workers))
    }

    @Test("a worker that was stopped does not outlive its parent's interruption")
    func stopped() throws {
        let scratch = try Scratch()
        let run = try Self.start(["run", "--out", scratch.path + "/reports"] + Self.archives)
        let workers = try Self.workers(of: run.processIdentifier)
        for worker in workers { kill(worker, SIGSTOP) }
        kill(run.processIdentifier, SIGTERM)
        Self.ending(of: run)
        #expect(Self.haveEnded(workers))
    }

    @Test("a worker that is killed is one sentence about its file, and the others are run, in order")
    func killed() throws {
        let scratch = try Scratch()
        let output = try scratch.file("output", Data())
        let errors = try scratch.file("errors", Data())
        let run = try Self.start(
            ["run", "--format", "json"] + Self.archives, FileHandle(forWritingAtPath: output),
            FileHandle(forWritingAtPath: errors))
        let victim = try #require(try Self.workers(of: run.processIdentifier).first)
        let line = try String(contentsOfFile: "/proc/\(victim)/cmdline", encoding: .utf8)
        kill(victim, SIGSEGV)
        Self.ending(of: run)
        #expect(run.terminationReason == .exit && run.terminationStatus == 2)
        let json = try String(contentsOfFile: output, encoding: .utf8)
        let messages = try String(contentsOfFile: errors, encoding: .utf8)
        let file = try #require(Self.archives.first { line.contains(URL(filePath: $0).lastPathComponent) })
        let lines = messages.split(separator: "\n").filter { !$0.hasSuffix(" archives done") }
        #expect(lines.count == 1 && lines[0].hasPrefix(file) && lines[0].contains("crashed"), "\(messages)")
        let others = Self.archives.filter { $0 != file }
        let places = others.map { json.range(of: "\"path\" : \"\($0)\"")?.lowerBound }
        #expect(
            places.allSatisfy { $0 != nil } && places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    }

    private static func start(
        _ arguments: [String], _ output: FileHandle? = .nullDevice, _ errors: FileHandle? = .nullDevice
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(filePath: Command.program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(filePath: Command.root)
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        return process
    }

    private static func ending(of process: Process) {
        while process.isRunning { usleep(10000) }
    }

    /// The processes that a process has started, once there are any.
    private static func workers(of parent: pid_t) throws -> [pid_t] {
        // As long as a busy machine may need to start one.
        for _ in 0..<12_000 {
            let workers = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap {
                pid_t($0)
            }
            .filter { parentAndState(of: $0)?.parent == parent }
            // One that has not become the worker yet is still this program under its old arguments.
            let begun = workers.filter {
                let line = try? String(contentsOfFile: "/proc/\($0)/cmdline", encoding: .utf8)
                return line?.contains("\0worker\0") == true
            }
            if !begun.isEmpty { return begun }
            usleep(5000)
        }
        return []
    }

    private static func haveEnded(_ processes: [pid_t]) -> Bool {
        for _ in 0..<6000 {
            if processes.allSatisfy({ (parentAndState(of: $0)?.state ?? "Z") == "Z" }) { return true }
            usleep(10000)
        }
        return false
    }

    private static func parentAndState(of process: pid_t) -> (parent: pid_t, state: String)? {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let fields = status.split(separator: ")").last?.split(separator: " "), fields.count > 1,
            let parent = pid_t(fields[1])
        else { return nil }
        return (parent, String(fields[0]))
    }
}

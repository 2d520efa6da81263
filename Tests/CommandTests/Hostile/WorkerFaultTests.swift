import AlignmentKit
import Foundation
import Testing

@testable import higgs_diagnose

/// A worker process that misbehaves is one sentence about its file; a shell script plays the worker.
@Suite("Worker faults", .serialized)
struct WorkerFaultTests {
    /// What the script does, and what the sentence must contain.
    struct Fault: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var script: String
        var says: String
    }

    static let faults = [
        Fault(
            testDescription: "a crash while reading", script: "kill -SEGV $$",
            says: "crashed the worker process (signal 11"),
        Fault(
            testDescription: "an abort", script: "kill -ABRT $$", says: "crashed the worker process (signal 6"
        ),
        Fault(
            testDescription: "a crash while computing",
            script: "echo '{\"stage\":{\"computing\":{}}}'; kill -SEGV $$",
            says: "the stages of this file crashed"),
        Fault(testDescription: "a kill from outside", script: "kill -KILL $$", says: "killed by the system"),
        Fault(
            testDescription: "a polite kill from outside", script: "kill -TERM $$",
            says: "stopped from outside"),
        Fault(
            testDescription: "no processor time left", script: "kill -XCPU $$",
            says: "its share of processor time"),
        Fault(
            testDescription: "sleep", script: "exec sleep 100", says: "reading it took more than 2.0 seconds"),
        Fault(
            testDescription: "a stopped process", script: "kill -STOP $$",
            says: "reading it took more than 2.0"),
        Fault(
            testDescription: "signals that are ignored",
            script: "trap '' TERM INT HUP; while :; do sleep 1; done",
            says: "took more than 2.0"),
        Fault(
            testDescription: "a hang while computing",
            script: "echo '{\"stage\":{\"computing\":{}}}'; exec sleep 100",
            says: "computing its stages took more than 3.0"),
        Fault(
            testDescription: "a hang in another file",
            script: "echo '{\"stage\":{\"reading\":{\"_0\":[\"codec.h5\"]}}}'; exec sleep 100",
            says: "reading codec.h5 took more than 2.0"),
        Fault(testDescription: "no memory", script: "exit 90", says: "takes more memory than"),
        Fault(testDescription: "another exit code", script: "exit 3", says: "exit code 3"),
        Fault(testDescription: "no answer", script: "exit 0", says: "broke off"),
        Fault(testDescription: "nonsense", script: "echo nonsense", says: "broke off"),
        Fault(testDescription: "half an answer", script: "printf '{\"value\": \"fi'", says: "broke off"),
        Fault(
            testDescription: "death in the middle of an answer",
            script: "printf '{\"value\": \"fi'; kill -SEGV $$",
            says: "crashed the worker process"),
        Fault(testDescription: "an answer without a value", script: "echo '{}'", says: "broke off"),
        Fault(
            testDescription: "an answer without an end", script: "exec yes '{\"value\": 1,'",
            says: "MiB and was cut"),
        Fault(
            testDescription: "a failure with a control character",
            script: #"printf '%s' '{"failure":"bad\u001b[2J\nworse"}'"#,
            says: "bad\u{FFFD}[2J\u{FFFD}worse"),
    ]

    @Test("is one sentence, and the next file is read", arguments: faults)
    func fault(_ fault: Fault) async throws {
        let scratch = try Scratch()
        let script = """
            case "$2" in
            *bad.h5*) \(fault.script) ;;
            *) echo nothing to worry about >&2; echo '{"value": "fine"}' ;;
            esac
            """
        let worker = Worker(
            executable: try Self.program(script, in: scratch),
            times: TimeLimits(base: .seconds(2), computing: .seconds(3)))
        let start = ContinuousClock.now
        let bad = await worker.perform(.verify(file: "bad.h5"), on: "bad.h5", as: String.self)
        #expect(ContinuousClock.now - start < .seconds(15))
        guard case .failure(let failure) = bad else {
            Issue.record("passed")
            return
        }
        #expect(failure.path == "bad.h5")
        #expect(failure.message.contains(fault.says), "\(failure.message)")
        #expect(!failure.message.contains("\n"))
        let good = await worker.perform(.verify(file: "good.h5"), on: "good.h5", as: String.self)
        #expect(try good.get() == "fine")
    }

    @Test("a program that is not there is one sentence")
    func noProgram() async throws {
        let worker = Worker(executable: "/no/such/program", times: TimeLimits())
        let result = await worker.perform(.verify(file: "a.h5"), on: "a.h5", as: String.self)
        guard case .failure(let failure) = result else {
            Issue.record("passed")
            return
        }
        #expect(failure.message.hasPrefix("a.h5: no worker process could be started"))
    }

    @Test("what a worker writes on standard error does not fill it up")
    func noise() async throws {
        let scratch = try Scratch()
        let program = try Self.program(
            "head -c 10000000 /dev/zero >&2; echo '{\"value\": \"fine\"}'", in: scratch)
        let worker = Worker(executable: program, times: TimeLimits())
        #expect(try await worker.perform(.verify(file: "a.h5"), on: "a.h5", as: String.self).get() == "fine")
    }

    @Test("the time grows with what the disk holds of the files, and with the environment")
    func times() throws {
        let scratch = try Scratch()
        let file = try scratch.file("a", Data(count: 5_000_000))
        let sparse = try scratch.file("b", Data())
        truncate(sparse, 1 << 40)
        let times = try #require(TimeLimits(environment: [:]))
        #expect(times.limit(for: .reading([sparse])) == .seconds(20))
        let one = times.limit(for: .reading([file]))
        #expect(one > .seconds(20.1) && one < .seconds(20.5))
        #expect(times.limit(for: .reading([file, file])) > one)
        #expect(times.limit(for: .computing) == .seconds(300))
        let slow = try #require(TimeLimits(environment: ["HIGGS_TIME_FACTOR": "4"]))
        #expect(slow.limit(for: .computing) == .seconds(1200))
        for nonsense in ["", "x", "0", "-1", "nan", "inf", "1e9"] {
            #expect(TimeLimits(environment: ["HIGGS_TIME_FACTOR": nonsense]) == nil)
        }
    }

    @Test(
        "an environment that asks for what cannot be is one sentence",
        arguments: ["HIGGS_TIME_FACTOR", "HIGGS_MEMORY_LIMIT"])
    func environment(_ variable: String) async throws {
        let command = try await Command.run("verify", "golden/plain.h5", environment: [variable: "much"])
        #expect(command.status == 2 && command.output.isEmpty)
        #expect(command.errors.contains("\(variable) must be"))
    }

    @Test("a worker that may not have the memory it asks for says so")
    func memory() async throws {
        let scratch = try Scratch()
        let file = scratch.path + "/large.h5"
        do {
            let writer = try ArchiveWriter(
                file: file, header: ArchiveHeader(id: nil, createdAt: nil, createdBy: nil))
            // Gzip makes 1 MiB of it.
            try writer.write(.float32(NDArray(repeating: 0, shape: .vector(260 << 20))), at: "weights/x")
            try writer.finish()
        }
        let command = try await Command.run("verify", file, environment: ["HIGGS_MEMORY_LIMIT": "1"])
        #expect(command.status == 2)
        #expect((command.output + command.errors).contains("memory"), "\(command.output + command.errors)")
        #expect(command.errors.split(separator: "\n").count <= 1)
    }

    private static func program(_ script: String, in scratch: Scratch) throws -> String {
        let program = try scratch.file("worker", Data("#!/bin/sh\n\(script)\n".utf8))
        chmod(program, 0o755)
        return program
    }
}

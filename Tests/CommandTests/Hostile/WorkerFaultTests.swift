import AlignmentKit
import Foundation
import TestSupport
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
            testDescription: "sleep", script: "exec sleep 100", says: "reading it took more than 5.0 seconds"),
        Fault(
            testDescription: "a stopped process", script: "kill -STOP $$",
            says: "reading it took more than 5.0"),
        Fault(
            testDescription: "signals that are ignored",
            script: "trap '' TERM INT HUP; while :; do sleep 1; done",
            says: "took more than 5.0"),
        Fault(
            testDescription: "a hang while computing",
            script: "echo '{\"stage\":{\"computing\":{}}}'; exec sleep 100",
            says: "computing its stages took more than 6.0"),
        Fault(
            testDescription: "a hang in another file",
            script: "echo '{\"stage\":{\"reading\":{\"_0\":[\"codec.h5\"]}}}'; exec sleep 100",
            says: "reading codec.h5 took more than 5.0"),
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

    @Test("each is one sentence, and the next file is read")
    func faults() async throws {
        let scratch = try Scratch()
        let arms = Self.faults.indices.map { "*bad-\($0).h5*) \(Self.faults[$0].script) ;;\n" }.joined()
        let program = try Self.program(
            """
            case "$2" in
            \(arms)*) echo nothing to worry about >&2; echo '{"value": "fine"}' ;;
            esac
            """, in: scratch)
        let answers = scratch.path + "/answers.json"
        // In a process of its own: other tests would hold up those that wait for a time to pass.
        await #expect(processExitsWith: .success) {
            [program = program as String, answers = answers as String, count = Self.faults.count as Int] in
            try await Self.ask(program, count: count, into: answers)
        }
        let found = try JSONDecoder().decode(
            [String: String].self, from: Data(contentsOf: URL(filePath: answers)))
        for (index, fault) in Self.faults.enumerated() {
            let sentence = try #require(found["bad-\(index).h5"])
            #expect(sentence.contains(fault.says), "\(fault.testDescription): \(sentence)")
            #expect(
                sentence.hasPrefix("bad") && !sentence.contains("\n"), "\(fault.testDescription): \(sentence)"
            )
            #expect(found["good-\(index).h5"] == "fine")
        }
    }

    /// Asks the worker about a bad and a good file for each fault, all at once.
    private static func ask(_ program: String, count: Int, into answers: String) async throws {
        let worker = Worker(
            executable: program, times: TimeLimits(base: .seconds(5), computing: .seconds(6)),
            answerBytes: 1 << 22)
        let found = await withTaskGroup(of: [(String, String)].self) { group in
            for index in 0..<count {
                group.addTask {
                    var found: [(String, String)] = []
                    for file in ["bad-\(index).h5", "good-\(index).h5"] {
                        switch await worker.perform(.verify(file: file), on: file, as: String.self) {
                        case .success(let value): found.append((file, value))
                        case .failure(let failure): found.append((file, failure.message))
                        }
                    }
                    return found
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        let dictionary = Dictionary(uniqueKeysWithValues: found)
        try JSONEncoder().encode(dictionary).write(to: URL(filePath: answers))
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
            try writer.write(
                .float32(NDArray(repeating: 0, shape: .vector(260 << 20))), at: "weights/codec/x")
            try writer.finish()
        }
        let command = try await Command.run("run", file, environment: ["HIGGS_MEMORY_LIMIT": "1"])
        #expect(command.status == 2)
        #expect(command.errors.contains("takes more memory than the 1 GiB"), "\(command.errors)")
        #expect(command.errors.split(separator: "\n").count <= 1)
    }

    private static func program(_ script: String, in scratch: Scratch) throws -> String {
        let program = try scratch.file("worker", Data("#!/bin/sh\n\(script)\n".utf8))
        chmod(program, 0o755)
        return program
    }
}

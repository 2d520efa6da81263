import Foundation
import Subprocess
import TestSupport
import Testing

/// Archives that were damaged on purpose, with h5py: one sentence, exit code 2, nothing written.
@Suite("Mutated archives")
struct MutatedArchiveTests {
    /// What is done to a copy of a recording, and what the sentence must name.
    struct Mutation: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var python: String
        var names: String
    }

    static let mutations = [
        Mutation(
            testDescription: "a missing dataset",
            python: "del f['samples/000000/collator/input/prompt_ids']", names: "prompt_ids"),
        Mutation(
            testDescription: "a missing dataset of a segment",
            python: "del f['samples/000000/tokens/input/segments/0/delayed']", names: "delayed"),
        Mutation(
            testDescription: "another type than the attribute says",
            python: "f['samples/000000/collator/input/prompt_ids'].attrs['dtype'] = 'float32'",
            names: "prompt_ids"),
        Mutation(
            testDescription: "an unknown type",
            python: "f['samples/000000/collator/input/prompt_ids'].attrs['dtype'] = 'complex64'",
            names: "complex64"),
        Mutation(
            testDescription: "a shape of 2^40",
            python: """
                del f['samples/000000/collator/input/prompt_ids']
                d = f.create_dataset('samples/000000/collator/input/prompt_ids', (2**40,), 'i8', chunks=(1024,))
                d.attrs['dtype'] = 'int64'; d.attrs['sha256'] = '0' * 64
                """,
            names: "prompt_ids"),
        Mutation(
            testDescription: "a future version of the format",
            python: "f.attrs['format_version'] = 2", names: "2"),
        Mutation(
            testDescription: "another format", python: "f.attrs['format'] = 'somebody-elses'", names: "format"
        ),
        Mutation(
            testDescription: "a hash that does not match",
            python: "f['samples/000000/collator/input/prompt_ids'][0] += 1", names: "prompt_ids"),
        Mutation(
            testDescription: "a matrix where a vector belongs",
            python: """
                import hashlib, numpy
                old = f['samples/000000/collator/input/prompt_ids']; value = old[()].reshape(1, -1)
                del f['samples/000000/collator/input/prompt_ids']
                d = f.create_dataset('samples/000000/collator/input/prompt_ids', data=value)
                d.attrs['dtype'] = 'int64'; d.attrs['sha256'] = hashlib.sha256(value.tobytes()).hexdigest()
                """,
            names: "prompt_ids"),
        Mutation(
            testDescription: "logits of another number of steps",
            python: """
                import hashlib
                path = 'samples/000000/generation/input/audio_logits'
                value = f[path][1:]
                del f[path]
                d = f.create_dataset(path, data=value)
                d.attrs['dtype'] = 'float32'; d.attrs['sha256'] = hashlib.sha256(value.tobytes()).hexdigest()
                """,
            names: "audio_logits"),
        Mutation(
            testDescription: "an external link",
            python: """
                del f['samples/000000/collator/input/prompt_ids']
                f['samples/000000/collator/input/prompt_ids'] = h5py.ExternalLink('/etc/passwd', '/x')
                """,
            names: "external link"),
        Mutation(
            testDescription: "JSON that is none",
            python: """
                del f['samples/000000/profile.json']
                f['samples/000000/profile.json'] = '{"a": '
                """,
            names: "profile.json"),
        Mutation(
            testDescription: "no request at all", python: "del f['samples']; f.create_group('samples')",
            names: "samples"),
    ]

    @Test("ends in one sentence", arguments: mutations)
    func oneSentence(mutation: Mutation) async throws {
        let scratch = try Scratch()
        let file = try scratch.file(
            "mutated.h5",
            Data(contentsOf: URL(fileURLWithPath: Command.root + "/golden/voice-clone.h5")))
        try await Self.python("import h5py\nf = h5py.File('\(file)', 'r+')\n\(mutation.python)\nf.close()\n")
        let command = try await Command.run("run", file, "--out", scratch.path + "/reports")
        #expect(command.status == 2)
        #expect(command.errors.split(separator: "\n").count == 1, "\(command.errors)")
        #expect(command.errors.contains(file))
        #expect(command.errors.contains(mutation.names), "\(command.errors)")
        let explain = try await Command.run("explain", file, "--write-repro", scratch.path + "/repro")
        #expect(explain.status == 2 && explain.output.isEmpty)
        #expect(explain.errors.split(separator: "\n").count == 1, "\(explain.errors)")
        #expect(explain.errors.contains(file) && explain.errors.contains(mutation.names), "\(explain.errors)")
        #expect(scratch.contents == ["mutated.h5"])
    }

    /// Runs a script in the Python with h5py.
    static func python(_ script: String) async throws {
        let interpreter = ProcessInfo.processInfo.environment["HIGGS_PYTHON"] ?? "python3"
        let executable: Executable =
            interpreter.contains("/") ? .path(.init(interpreter)) : .name(interpreter)
        let result = try await Subprocess.run(
            executable, arguments: ["-c", script], output: .discarded, error: .string(limit: 1 << 16))
        #expect(
            result.terminationStatus == .exited(0),
            "\(interpreter) needs h5py; run the tests with script/test: \(result.standardError)")
    }
}

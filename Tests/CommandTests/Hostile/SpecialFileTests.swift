import Foundation
import TestSupport
import Testing

/// What can have an archive's name and is none.
@Suite("Special files")
struct SpecialFileTests {
    @Test(
        "pipes, devices, sockets, folders and the like are one sentence each",
        arguments: ReadingCommand.allCases)
    func special(command: ReadingCommand) async throws {
        let scratch = try Scratch()
        let golden = Command.root + "/golden/plain.h5"
        let pipe = scratch.path + "/pipe.h5"
        #expect(mkfifo(pipe, 0o644) == 0)
        let socket = scratch.path + "/socket.h5"
        try Self.makeSocket(at: socket)
        let loop = scratch.path + "/loop.h5"
        symlink(loop, loop)
        let dangling = scratch.path + "/dangling.h5"
        symlink(scratch.path + "/nothing", dangling)
        let sparse = scratch.path + "/sparse.h5"
        try Data(contentsOf: URL(filePath: golden)).write(to: URL(filePath: sparse))
        truncate(sparse, 1 << 40)
        let zeros = try scratch.file("zeros.h5", Data())
        truncate(zeros, 1 << 37)
        var expected = [
            pipe: "a device or a pipe", socket: "a device or a pipe", "/dev/null": "a device or a pipe",
            "/dev/zero": "a device or a pipe", scratch.path: "a folder", "/proc/self/maps": "is empty",
            "/proc/version": "is empty", loop: "symbolic links", dangling: "does not exist",
            sparse: "has 1099511627776 bytes", zeros: "is not an HDF5 file",
            scratch.path + "/" + String(repeating: "n", count: 300): "too long",
            golden + "/x": "Not a directory",
        ]
        // A folder has a meaning of its own there.
        if command == .compare { expected[scratch.path] = nil }
        let files = expected.keys.sorted()
        let answer = try await command.answer(about: files)
        #expect(answer.status == 2)
        for file in files {
            guard case .failure(let sentence)? = answer.outcomes[file] else {
                Issue.record("\(file) was read")
                continue
            }
            #expect(sentence.contains(expected[file] ?? ""), "\(sentence)")
        }
    }

    @Test("a reference to a codec leads to no pipe and no device")
    func codecReference() async throws {
        let scratch = try Scratch()
        let file = scratch.path + "/capture.h5"
        try Data(contentsOf: URL(filePath: Command.root + "/golden/plain.h5")).write(to: URL(filePath: file))
        #expect(mkfifo(scratch.path + "/codec.h5", 0o644) == 0)
        for hint in ["codec.h5", "/dev/zero", "/proc/kmsg"] {
            try Python.run(
                """
                with h5py.File(sys.argv[1], "r+") as f:
                    del f["weights/codec.json"]
                    f["weights/codec.json"] = '{"archive_sha256": "' + "0" * 64 + '", "path": "' + sys.argv[2] + '"}'
                """, file, hint)
            let answer = try await ReadingCommand.run.answer(about: [file])
            guard case .result? = answer.outcomes[file] else {
                Issue.record("\(hint): \(answer)")
                continue
            }
            #expect(answer.status == 2, "\(hint)")
        }
    }

    @Test(
        "a file that may not be read is one sentence", .enabled(if: getuid() != 0, "root may read everything")
    )
    func unreadable() async throws {
        let scratch = try Scratch()
        let file = try scratch.file("secret.h5", Data("secret".utf8))
        chmod(file, 0)
        let answer = try await ReadingCommand.verify.answer(about: [file])
        guard case .failure(let sentence)? = answer.outcomes[file] else {
            Issue.record("\(file) was read")
            return
        }
        #expect(answer.status == 2 && sentence.contains("Permission denied"))
    }

    private static func makeSocket(at path: String) throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        try #require(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(status == 0)
    }
}

import AlignmentKit
import Foundation
import Glibc
import TestSupport
import Testing

@Suite("Archive: a file is whole or not there")
struct WriterTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func write(_ file: String, _ value: Int64, finishes: Bool = true) throws {
        let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
        try writer.write(.int64(NDArray(vector: [value])), at: "x")
        if finishes { try writer.finish() }
    }

    @Test("until it is finished an archive has no name of its own, and after that no other")
    func nameAppearsAtTheEnd() throws {
        let file = scratch.file("a.h5")
        let writer = try ArchiveWriter(file: file, header: RoundTripTests.header)
        try writer.write(.int64(NDArray(vector: [1])), at: "x")
        #expect(scratch.contents.count == 1)
        #expect(!FileManager.default.fileExists(atPath: file))
        try writer.finish()
        #expect(scratch.contents == ["a.h5"])
    }

    @Test("a writer that goes away leaves nothing behind")
    func abandoned() throws {
        try write(scratch.file("a.h5"), 1, finishes: false)
        #expect(scratch.contents == [])
    }

    @Test("a writer that goes away leaves what stood there before")
    func abandonedOverOld() throws {
        let file = scratch.file("a.h5")
        try write(file, 1)
        try write(file, 2, finishes: false)
        #expect(try ArchiveReader(file: file).int64(at: "x").scalars == [1])
        #expect(scratch.contents == ["a.h5"])
    }

    @Test("a finished archive replaces what stood there, and a reader that was open keeps the old one")
    func replaced() throws {
        let file = scratch.file("a.h5")
        try write(file, 1)
        let old = try ArchiveReader(file: file)
        try write(file, 2)
        #expect(try ArchiveReader(file: file).int64(at: "x").scalars == [2])
        #expect(try old.int64(at: "x").scalars == [1])
    }

    @Test("what cannot be written is an error that leaves nothing behind")
    func refused() throws {
        let file = scratch.file("a.h5")
        func failure(_ body: (borrowing ArchiveWriter) throws(ArchiveError) -> Void) throws -> ArchiveError
            .Reason?
        {
            let writer = try ArchiveWriter(
                file: file, header: RoundTripTests.header,
                limits: ArchiveLimits(tensorBytes: 64, jsonBytes: 8))
            do throws(ArchiveError) {
                try writer.write(.int64(NDArray(vector: [1])), at: "g/x")
                try body(writer)
                return nil
            } catch { return error.reason }
        }
        let small = Tensor.int64(NDArray(vector: [1]))
        let tooLarge = Tensor.int64(NDArray(repeating: 0, shape: .vector(9)))
        #expect(try failure { w throws(ArchiveError) in try w.write(small, at: "/g/x") } == .alreadyWritten)
        #expect(try failure { w throws(ArchiveError) in try w.write(small, at: "/g/x/y") } == .alreadyWritten)
        #expect(try failure { w throws(ArchiveError) in try w.createGroup(at: "/g/x") } == .alreadyWritten)
        #expect(try failure { w throws(ArchiveError) in try w.write(small, at: "/") } == .alreadyWritten)
        #expect(
            try failure { w throws(ArchiveError) in try w.write(tooLarge, at: "y") }
                == .overLimit(.tensorBytes, found: "72", allowed: "64"))
        #expect(
            try failure { w throws(ArchiveError) in try w.writeJSON(text: "[1, 2, 3]", at: "j.json") }
                == .overLimit(.jsonBytes, found: "9", allowed: "8"))
        #expect(try failure { w throws(ArchiveError) in try w.writeJSON(text: "\u{0}", at: "j.json") } != nil)
        #expect(try failure { w throws(ArchiveError) in try w.write(small, at: "a/../b") } != nil)
        #expect(try failure { w throws(ArchiveError) in try w.write(small, at: "a\u{0}b") } != nil)
        #expect(scratch.contents == [])
    }

    @Test("a place where nothing can be written is an error that names it")
    func unwritable() throws {
        #expect(throws: ArchiveError(file: scratch.path, .notAFile("a folder"))) {
            try write(scratch.path, 1)
        }
        #expect(throws: ArchiveError(file: "/dev/null", .notAFile("a device or a pipe"))) {
            try write("/dev/null", 1)
        }
        let file = scratch.file("no/such/folder/a.h5")
        let error = try #require(throws: ArchiveError.self) { try write(file, 1) }
        #expect(
            "\(error)" == "\(file) could not be written: there is no folder \(scratch.file("no/such/folder"))"
        )
    }

    @Test("a full disk is an error that leaves nothing behind, and the process lives on")
    func fullDisk() async throws {
        let folder = scratch.path
        // A child with a limit on the size of files, which libhdf5 meets as it meets a full disk.
        await #expect(processExitsWith: .exitCode(7)) { [folder = folder as String] in
            var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
            setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            signal(SIGXFSZ, SIG_IGN)
            var random = SplitMix(state: 1)
            let noise = NDArray(vector: (0..<1_000_000).map { _ in Float.random(in: -1...1, using: &random) })
            do throws(ArchiveError) {
                let writer = try ArchiveWriter(file: "\(folder)/a.h5", header: RoundTripTests.header)
                try writer.write(.float32(noise), at: "x")
                try writer.finish()
            } catch {
                let sentence = "\(folder)/a.h5: x could not be written: File too large (HDF5: "
                precondition("\(error)".hasPrefix(sentence), "\(error)")
                do throws(SoundError) {
                    try SoundFile.write(noise.scalars, sampleRate: 24000, as: .float, to: "\(folder)/a.wav")
                } catch { exit(7) }
            }
        }
        #expect(scratch.contents == [])
    }

    @Test("many threads read one archive and write others at the same time")
    func concurrent() async throws {
        let file = scratch.file("a.h5")
        try write(file, 7)
        let reader = try ArchiveReader(file: file)
        try await withThrowingTaskGroup(of: [Int64].self) { group in
            for index in 0..<32 {
                group.addTask {
                    try write(scratch.file("\(index).h5"), Int64(index))
                    _ = try? reader.int64(at: "nothing")
                    return try reader.int64(at: "x").scalars
                }
            }
            for try await scalars in group { #expect(scalars == [7]) }
        }
        #expect(scratch.contents.count == 33)
    }
}

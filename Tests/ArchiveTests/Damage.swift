import AlignmentKit
import Foundation
import Glibc
import TestSupport

/// Seeded damage to a file, and a read of everything that is left.
enum Damage {
    /// Limits under which a child that stays alive has not allocated what a file only claimed.
    static let limits = ArchiveLimits(tensorBytes: 1 << 20, objects: 1000, jsonBytes: 1 << 20)

    /// For each seed, changes 1 to 8 bytes of the file and reads everything; names the seed in `progress` first.
    ///
    /// libhdf5 itself crashes on some of these files, in its heap of texts of variable length above all, or
    /// reads on for ever; then the process ends as if nothing were the matter, and whoever started it sees in
    /// `progress` that it did not get to the end. A trap of Swift's and an error of another type stay failures.
    static func readAll(
        whole: String, folder: String, progress: String, seeds: Range<Int>, isAlone: Bool
    ) throws {
        // A heap that libhdf5 has damaged can also trip over a check of Swift's, later and elsewhere. A trap of
        // our own comes again when the file is read alone.
        let faults = [SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGXCPU] + (isAlone ? [] : [SIGILL, SIGTRAP])
        for fault in faults { signal(fault) { _ in _exit(0) } }
        try limitAddressSpace(kibibytesMore: 1 << 20)
        let bytes = try Data(contentsOf: URL(filePath: whole))
        for seed in seeds {
            try Data("\(seed)".utf8).write(to: URL(filePath: progress))
            limitProcessorTime(seconds: 3)
            var random = SplitMix(state: UInt64(seed))
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                damaged[Int.random(in: 0..<bytes.count, using: &random)] = .random(
                    in: 0...255, using: &random)
            }
            let file = "\(folder)/\(seed).h5"
            try damaged.write(to: URL(filePath: file))
            try read(file)
            try FileManager.default.removeItem(atPath: file)
        }
        try Data("\(seeds.upperBound)".utf8).write(to: URL(filePath: progress))
        let peak = try status("VmHWM")
        require(peak < 1 << 19, "used \(peak) KiB")
    }

    /// Lets the process run so many seconds more before it gets SIGXCPU.
    private static func limitProcessorTime(seconds: Int) {
        let used = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        var limit = rlimit(rlim_cur: rlim_t(used + seconds), rlim_max: .max)
        setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limit)
    }

    /// Lets the process map so much more, as a worker may only so much: libhdf5 takes a buffer of its own for
    /// whatever length an attribute claims, before it asks for ours, and reads past its heap to fill it.
    private static func limitAddressSpace(kibibytesMore: Int) throws {
        let most = rlim_t((try status("VmSize") + kibibytesMore) << 10)
        var limit = rlimit(rlim_cur: most, rlim_max: most)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
    }

    /// What the system counts under this name, in KiB: `VmSize` is what this process has mapped, `VmHWM` the
    /// most memory it has held, where `getrusage` would count what the process that started it held.
    private static func status(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("\(name):") }
        guard let figure = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap({ Int($0) }) else {
            preconditionFailure("/proc/self/status has no \(name)")
        }
        return figure
    }

    private static var usage: rusage {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return usage
    }

    /// Ends the process and says why, which a precondition of optimised code does not.
    private static func require(_ condition: Bool, _ why: String) {
        guard !condition else { return }
        FileHandle.standardError.write(Data("damaged archive: \(why)\n".utf8))
        exit(EXIT_FAILURE)
    }

    /// Any error but `ArchiveError` is thrown on.
    private static func read(_ file: String) throws {
        do {
            let verification = try ArchiveReader.verify(file: file, limits: limits)
            for finding in verification.findings {
                require(!finding.description.contains("\n"), "more than one line: \(finding.description)")
            }
            try visit("/", of: try ArchiveReader(file: file, limits: limits, verifiesHashes: false))
        } catch let error as ArchiveError { require("\(error)".hasPrefix(file), "\(error)") }
    }

    private static func visit(_ group: String, of reader: ArchiveReader) throws {
        for name in try reader.children(of: group) {
            let path = group == "/" ? "/\(name)" : "\(group)/\(name)"
            do throws(ArchiveError) {
                if case .tensor(let tensor) = try reader.tensor(at: path) {
                    let byteCount = tensor.shape.elementCount * tensor.dtype.byteCount
                    require(byteCount <= limits.tensorBytes, "\(path) has \(byteCount) bytes")
                }
            } catch { require(error.file == reader.file, "\(error)") }
            if (try? reader.kind(of: path)) == .group { try visit(path, of: reader) }
        }
    }
}

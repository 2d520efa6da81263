// Times the codec's decode, beside the speed at which all cores multiply matrices.
//
// codec-benchmark WEIGHTS CODES WAVEFORM: an archive with /weights/codec, a file of raw little-endian int64 codes
// [codebook, frame], and the file that gets the waveform in raw float32. Reads one line from standard input before
// each run and answers with one line of JSON; the end of input ends it.

import AlignmentArchive
import AlignmentCodec
import AlignmentTensors
import COpenBLAS
import Dispatch
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    FileHandle.standardError.write(Data("usage: codec-benchmark WEIGHTS CODES WAVEFORM\n".utf8))
    exit(64)
}
let cores = ProcessInfo.processInfo.activeProcessorCount
let codec = try Codec(CodecWeights(stateDict: stateDict(arguments[1])))
let scalars = try Data(contentsOf: URL(filePath: arguments[2])).withUnsafeBytes {
    Array($0.bindMemory(to: Int64.self))
}
let codes = try NDArray(
    shape: .matrix(codec.quantizerCount, scalars.count / codec.quantizerCount), scalars: scalars)

func stateDict(_ path: String) throws -> [String: Tensor] {
    let reader = try ArchiveReader(file: path, verifiesHashes: false)
    var tensors: [String: Tensor] = [:]
    for name in try reader.children(of: "weights/codec") {
        tensors[name] = try reader.tensor(at: "weights/codec/\(name)").tensor
    }
    return tensors
}

func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

/// A clock of the system in seconds.
func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// A size of this process, in bytes, as Linux counts it: VmRSS, or VmHWM for the largest so far.
func memory(_ field: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) } ?? ""
    return line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first.map { $0 * 1024 } ?? 0
}

/// Floating-point operations a second of a product that OpenBLAS is good at, on every core at once, and those of
/// one second of processor time.
func peak() -> (wall: Double, cpu: Double) {
    let (size, depth, repeats) = (512, 512, 8)
    var best = (wall: 0.0, cpu: 0.0)
    openblas_set_num_threads(1)
    let storage = (0..<cores).map { _ in
        UnsafeMutableBufferPointer<Float>.allocate(capacity: 3 * size * depth)
    }
    nonisolated(unsafe) let matrices = storage
    for matrix in matrices { matrix.initialize(repeating: 0.5) }
    for _ in 0..<3 {
        let (wall, cpu) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
        DispatchQueue.concurrentPerform(iterations: cores) { core in
            guard let left = matrices[core].baseAddress else { return }
            for _ in 0..<repeats {
                cblas_sgemm(
                    CblasColMajor, CblasNoTrans, CblasNoTrans, blasint(size), blasint(size), blasint(depth),
                    1, left, blasint(size), left + size * depth, blasint(depth), 0,
                    left + 2 * size * depth, blasint(size))
            }
        }
        let work = Double(2 * size * size * depth * repeats * cores)
        best.wall = max(best.wall, work / (seconds(CLOCK_MONOTONIC) - wall))
        best.cpu = max(best.cpu, work / (seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu))
    }
    for matrix in matrices { matrix.deallocate() }
    return best
}

// Forgets the peak of reading the weights.
try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))
let codecMemory = try memory("VmRSS")
let waveform = try codec.decode(codes)
say("{\"codec\": \(codecMemory), \"peak\": \(try memory("VmHWM"))}")
waveform.withUnsafeBytes { try? Data($0).write(to: URL(filePath: arguments[3])) }
while readLine() != nil {
    let (wall, cpu) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    let again = try codec.decode(codes)
    let (wallEnd, cpuEnd) = (seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID))
    guard again == waveform, try codec.decode(codes, threads: 1) == waveform else {
        FileHandle.standardError.write(Data("codec-benchmark: two runs gave different bits\n".utf8))
        exit(1)
    }
    let limit = peak()
    say(
        "{\"wall\": \(wallEnd - wall), \"cpu\": \(cpuEnd - cpu), "
            + "\"peak_wall\": \(limit.wall), \"peak_cpu\": \(limit.cpu)}")
}

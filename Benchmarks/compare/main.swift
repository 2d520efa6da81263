// Times the comparison of two float32 tensors in memory, beside the speed at which both cores read memory.
//
// compare-benchmark SHAPE LEFT RIGHT: the shape as 32768x8x1024 and two files of raw little-endian float32.
// Reads one line from standard input before each run and answers with one line of JSON; the end of input ends it.

import AlignmentKit
import Dispatch
import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 4 else {
    FileHandle.standardError.write(Data("usage: compare-benchmark SHAPE LEFT RIGHT\n".utf8))
    exit(64)
}
let shape = try Shape(arguments[1].split(separator: "x").map { Int($0) ?? 0 })
let left = try tensor(arguments[2])
let right = try tensor(arguments[3])

func tensor(_ path: String) throws -> Tensor {
    let data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    let scalars = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
    return .float32(try NDArray(shape: shape, scalars: scalars))
}

func seconds(_ work: () -> Void) -> Double {
    let start = DispatchTime.now().uptimeNanoseconds
    work()
    return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
}

/// Both tensors read once by all cores, eight words at a time, and nothing else done.
func readBoth() -> UInt64 {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    var sums = [UInt64](repeating: 0, count: cores)
    sums.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let sums = buffer
        left.withUnsafeBytes { leftBytes in
            right.withUnsafeBytes { rightBytes in
                nonisolated(unsafe) let sides = [
                    leftBytes.bindMemory(to: SIMD8<UInt64>.self),
                    rightBytes.bindMemory(to: SIMD8<UInt64>.self),
                ]
                DispatchQueue.concurrentPerform(iterations: cores) { core in
                    var sum = SIMD8<UInt64>(), other = SIMD8<UInt64>()
                    for side in sides {
                        let range = side.count * core / cores..<side.count * (core + 1) / cores
                        var index = range.lowerBound
                        while index + 1 < range.upperBound {
                            sum &+= side[index]
                            other &+= side[index + 1]
                            index += 2
                        }
                    }
                    sums[core] = (sum &+ other).wrappedSum()
                }
            }
        }
    }
    return sums.reduce(0, &+)
}

var checksum: UInt64 = 0
while readLine() != nil {
    // A limit is the best that was seen; the first read also wakes the cores.
    let read = (0..<3).map { _ in seconds { checksum &+= readBoth() } }.min() ?? .infinity
    var comparison: TensorComparison?
    let compared = seconds {
        comparison = TensorComparison(left, right, axes: ["step", "codebook", "vocabulary"])
    }
    guard let comparison, let figures = comparison.figures else { exit(1) }
    let line =
        "{\"read\": \(read), \"compare\": \(compared), \"verdict\": \"\(comparison.verdict.rawValue)\", "
        + "\"over\": \(figures.overTolerance), \"sum\": \(checksum % 2)}\n"
    FileHandle.standardOutput.write(Data(line.utf8))
}

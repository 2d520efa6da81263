internal import AlignmentArchive
internal import AlignmentComparison
internal import Dispatch

/// Two stored tensors, read stretch by stretch, both sides at once.
final class StoredPair: PairSource {
    private let left: TensorStream
    private let right: TensorStream
    private let buffers = Buffers()
    /// Why the last stretch could not be read.
    private(set) var failure: ArchiveError?

    init(_ left: TensorStream, _ right: TensorStream) {
        (self.left, self.right) = (left, right)
    }

    /// 4 MiB of float32 on each side, so that what was read is still in the cache when it is measured.
    var blocksAtOnce: Int { 16 }

    func bytes(of elements: Range<Int>) -> (left: UnsafeRawBufferPointer, right: UnsafeRawBufferPointer)? {
        let (first, second) = buffers.reserve(elements.count * left.dtype.byteCount)
        // Each side is touched by one thread only.
        nonisolated(unsafe) let jobs = [(left, first), (right, second)]
        var failures: [ArchiveError?] = [nil, nil]
        failures.withUnsafeMutableBufferPointer { buffer in
            nonisolated(unsafe) let slots = buffer
            let read = { @Sendable (side: Int) in
                do throws(ArchiveError) { try jobs[side].0.read(elements, into: jobs[side].1) } catch {
                    slots[side] = error
                }
            }
            if first.count < Self.alone {
                read(0)
                read(1)
            } else {
                DispatchQueue.concurrentPerform(iterations: 2, execute: read)
            }
        }
        failure = failures[0] ?? failures[1]
        return failure == nil ? (UnsafeRawBufferPointer(first), UnsafeRawBufferPointer(second)) : nil
    }

    /// Bytes below which a second thread takes longer to wake than to read.
    private static let alone = 1 << 17

    /// Memory for one stretch of both sides.
    private final class Buffers {
        private var memory = UnsafeMutableRawBufferPointer(start: nil, count: 0)

        func reserve(_ byteCount: Int) -> (UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer) {
            if memory.count < 2 * byteCount {
                memory.deallocate()
                memory = .allocate(byteCount: 2 * byteCount, alignment: 64)
            }
            return (
                UnsafeMutableRawBufferPointer(rebasing: memory[..<byteCount]),
                UnsafeMutableRawBufferPointer(rebasing: memory[byteCount..<2 * byteCount])
            )
        }

        deinit { memory.deallocate() }
    }
}

internal import Glibc

/// A new file that is open for writing from its start.
package struct OutputFile: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Makes the file; throws if anything stands there.
    package init(creating path: String) throws(FileFailure) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw .system(FileSystem.lastError) }
    }

    /// Appends bytes.
    package func write(_ bytes: UnsafeRawBufferPointer) throws(FileFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let count = Glibc.write(descriptor, part.baseAddress, min(part.count, 1 << 30))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .system(FileSystem.lastError) }
            rest = rest.dropFirst(count)
        }
    }

    /// Appends bytes.
    package func write(_ bytes: [UInt8]) throws(FileFailure) {
        try bytes.withUnsafeBufferPointer { buffer throws(FileFailure) in
            try write(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Brings the content to the disk.
    package func synchronize() throws(FileFailure) {
        guard fsync(descriptor) == 0 else { throw .system(FileSystem.lastError) }
    }

    deinit { close(descriptor) }
}

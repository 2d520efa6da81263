internal import Glibc

/// A file that is open for reading at any place.
package final class InputFile: Sendable {
    /// The size when it was opened.
    package let byteCount: Int
    private let descriptor: Int32

    /// Opens a file; throws for a folder, a device or a pipe.
    package init(_ path: String) throws(FileFailure) {
        let byteCount = try FileSystem.byteCount(ofReadable: path)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .system(FileSystem.lastError) }
        self.byteCount = byteCount
        self.descriptor = descriptor
    }

    /// Fills a buffer with the bytes from an offset on; false if the file ends before.
    package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileFailure) -> Bool
    {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let count = pread(descriptor, rest.baseAddress, min(rest.count, 1 << 30), off_t(offset + filled))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system(FileSystem.lastError) }
            guard count > 0 else { return false }
            filled += count
        }
        return true
    }

    /// A range of the file's bytes; nil if the file ends before.
    package func bytes(at offset: Int, count: Int) throws(FileFailure) -> [UInt8]? {
        guard count >= 0, offset >= 0, offset <= byteCount, count <= byteCount - offset else { return nil }
        var result: Result<Bool, FileFailure> = .success(true)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            result = Result { () throws(FileFailure) in
                try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            }
            initialized = (try? result.get()) == true ? count : 0
        }
        return try result.get() ? bytes : nil
    }

    deinit { close(descriptor) }
}

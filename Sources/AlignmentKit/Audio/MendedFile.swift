internal import CSndFile
internal import Glibc

/// A file as libsndfile reads it with four of its bytes replaced, and nothing written.
final class MendedFile {
    private let descriptor: Int32
    private let byteCount: Int
    private let place: Int
    private let patch: [UInt8]
    private var position = 0

    /// A WAV file whose header says that less sound follows than does; nil for any other.
    init?(mending file: String, byteCount: Int) {
        let descriptor = Glibc.open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        guard let header = WaveHeader(descriptor, byteCount: byteCount), header.isTooSmall(descriptor),
            let size = UInt32(exactly: header.following)
        else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
        self.byteCount = byteCount
        place = header.place
        patch = withUnsafeBytes(of: size.littleEndian) { Array($0) }
    }

    deinit { close(descriptor) }

    /// Opens it; it must outlive what is returned.
    func open(_ info: inout SF_INFO) -> OpaquePointer? {
        var calls = SF_VIRTUAL_IO(
            get_filelen: { MendedFile.of($0).map { sf_count_t($0.byteCount) } ?? -1 },
            seek: { MendedFile.of($2)?.seek(Int($0), $1) ?? -1 },
            read: { MendedFile.of($2)?.read($0, Int($1)) ?? 0 },
            write: { _, _, _ in 0 },
            tell: { MendedFile.of($0).map { sf_count_t($0.position) } ?? -1 })
        return sf_open_virtual(&calls, Int32(SFM_READ), &info, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func of(_ pointer: UnsafeMutableRawPointer?) -> MendedFile? {
        pointer.map { Unmanaged<MendedFile>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(_ offset: Int, _ whence: Int32) -> sf_count_t {
        let base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? position : byteCount
        guard base + offset >= 0 else { return -1 }
        position = base + offset
        return sf_count_t(position)
    }

    private func read(_ buffer: UnsafeMutableRawPointer?, _ count: Int) -> sf_count_t {
        guard let buffer, count > 0 else { return 0 }
        let found = pread(descriptor, buffer, count, position)
        guard found > 0 else { return 0 }
        for (index, byte) in patch.enumerated() where (position..<position + found).contains(place + index) {
            buffer.storeBytes(of: byte, toByteOffset: place + index - position, as: UInt8.self)
        }
        position += found
        return sf_count_t(found)
    }
}

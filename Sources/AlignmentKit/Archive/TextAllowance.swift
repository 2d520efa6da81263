internal import CHDF5
internal import Glibc

/// Memory for a text of variable length, given to libhdf5 only up to a limit.
///
/// The library allocates what the file claims, before it looks whether the file holds as much. (It could be
/// asked for the size, but the 1.10 series crashes on that for a scalar dataset.)
final class TextAllowance {
    private let bytes: Int
    /// What the library asked for and did not get, in bytes of text.
    private(set) var refused: Int?

    init(bytes: Int) { self.bytes = bytes }

    /// A transfer list that allocates through this value, which must outlive it; negative on failure.
    func transferList() -> hid_t {
        let list = H5Pcreate(chdf5_class_transfer())
        let status = H5Pset_vlen_mem_manager(
            list,
            { size, context in
                guard let context else { return nil }
                return Unmanaged<TextAllowance>.fromOpaque(context).takeUnretainedValue().allocate(size)
            }, Unmanaged.passUnretained(self).toOpaque(),
            { pointer, _ in free(pointer) }, nil)
        return status < 0 ? -1 : list
    }

    private func allocate(_ size: Int) -> UnsafeMutableRawPointer? {
        // One byte more than the text, for the NUL at its end.
        guard size >= 0, size - 1 <= bytes else {
            refused = size < 0 ? .max : size - 1
            return nil
        }
        return malloc(size)
    }
}

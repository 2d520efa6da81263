internal import Crypto

/// The hash of a tensor's elements, taken as they come, in C order.
package struct ElementHash: Sendable {
    private var hash = SHA256()

    /// The hash of no elements so far.
    package init() {}

    /// Adds the bytes of the elements that follow, little-endian.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) { hash.update(bufferPointer: bytes) }

    /// SHA-256 of all elements so far, in lower-case hexadecimal: the archive's `sha256`.
    package var text: String { hexadecimal(hash.finalize()) }
}

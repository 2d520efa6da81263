internal import Crypto

extension Tensor {
    /// SHA-256 over the elements, little-endian, C order, in lower-case hexadecimal: the archive's `sha256`.
    public var sha256: String {
        withUnsafeBytes { bytes in
            var hash = SHA256()
            hash.update(bufferPointer: bytes)
            return hexadecimal(hash.finalize())
        }
    }

    /// The hash that an archive gives a stored `None`: that of no bytes.
    public static let sha256OfNone = hexadecimal(SHA256().finalize())
}

func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

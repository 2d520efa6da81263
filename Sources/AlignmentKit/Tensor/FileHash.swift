internal import Crypto
internal import FoundationEssentials

/// Hashes of whole files.
public enum FileHash {
    /// SHA-256 of a file's bytes in lower-case hexadecimal; throws if it cannot be read.
    public static func sha256(of path: String) throws -> String {
        let data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
        return hexadecimal(SHA256.hash(data: data))
    }
}

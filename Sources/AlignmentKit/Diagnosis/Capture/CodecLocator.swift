import AlignmentArchive
public import AlignmentCodec
import AlignmentTensors
import FoundationEssentials

/// Finds the codec that an archive refers to.
///
/// It looks at what the user names, the recorded path, the archive's own folder and the recorder's cache, in
/// this order, and takes only a file whose SHA-256 is the recorded one; what the user names is taken as it is.
public struct CodecLocator: Sendable {
    private let named: String?
    private let cache: String
    private let verifiesHashes: Bool
    private let willRead: @Sendable (String) -> Void

    /// Looks for codecs, first at a path that the user named, and says which file it is going to read.
    public init(
        named: String? = nil, verifiesHashes: Bool = true, environment: [String: String],
        willRead: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.named = named
        self.willRead = willRead
        self.verifiesHashes = verifiesHashes
        let root = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? ".") + "/.cache"
        cache = root + "/higgs-alignment"
    }

    /// The codec of a capture, or why there is none.
    public func codec(of capture: Capture) -> Result<CodecFamily, MissingCodec> {
        do {
            let tensors = try tensors(of: capture)
            return .success(CodecFamily(try CodecWeights(stateDict: tensors)))
        } catch let missing as MissingCodec {
            return .failure(missing)
        } catch let error as CodecError {
            return .failure(MissingCodec("the codec's weights cannot be used: \(error)"))
        } catch {
            return .failure(MissingCodec("\(error)"))
        }
    }

    /// SHA-256 of each tensor of the codec's decode side, as the archive that holds it says; none where there is no
    /// such archive.
    public func tensorHashes(of capture: Capture) -> [String: String] {
        if named == nil, !capture.codec.tensors.isEmpty { return capture.codec.tensors.mapValues(\.sha256) }
        guard let path = try? archive(of: capture),
            let reader = try? ArchiveReader(file: path, verifiesHashes: false),
            let names = try? reader.children(of: "weights/codec")
        else { return [:] }
        return names.reduce(into: [:]) { hashes, name in
            hashes[name] = (try? reader.attributes(at: "weights/codec/\(name)"))?.sha256
        }
    }

    private func tensors(of capture: Capture) throws -> [String: Tensor] {
        if named == nil, !capture.codec.tensors.isEmpty { return capture.codec.tensors }
        return try read(archive(of: capture))
    }

    /// The archive that holds the weights.
    private func archive(of capture: Capture) throws -> String {
        if let named { return named }
        guard let sha256 = capture.codec.archiveSHA256 else {
            throw MissingCodec(
                "the capture neither holds nor names the codec's weights; name them with --codec")
        }
        let candidates = self.candidates(for: capture, sha256)
        for candidate in candidates where FileManager.default.fileExists(atPath: candidate) {
            willRead(candidate)
            if !verifiesHashes || (try? FileHash.sha256(of: candidate)) == sha256 { return candidate }
        }
        throw MissingCodec(
            "the codec's weights with SHA-256 \(sha256.prefix(12)) were not found (looked at "
                + candidates.joined(separator: ", ") + "); name them with --codec")
    }

    private func candidates(for capture: Capture, _ sha256: String) -> [String] {
        let folder = capture.path.lastIndex(of: "/").map { String(capture.path[..<$0]) } ?? "."
        var candidates: [String] = []
        if let hint = capture.codec.pathHint {
            candidates.append(hint.hasPrefix("/") ? hint : folder + "/" + hint)
        }
        return candidates + [folder + "/\(sha256).h5", cache + "/\(sha256).h5"]
    }

    private func read(_ path: String) throws -> [String: Tensor] {
        willRead(path)
        let reader = try ArchiveReader(file: path, verifiesHashes: verifiesHashes)
        guard try reader.kind(of: "weights/codec") == .group else {
            throw MissingCodec("\(path) holds no codec weights at /weights/codec")
        }
        var tensors: [String: Tensor] = [:]
        for name in try reader.children(of: "weights/codec") {
            tensors[name] = try reader.tensor(at: "weights/codec/\(name)").tensor
        }
        return tensors
    }
}

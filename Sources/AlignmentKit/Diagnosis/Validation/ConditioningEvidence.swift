public import AlignmentArchive
import AlignmentJSON

/// What the checks of the conditioning read beside the capture: the configurations as found, and what the archive
/// says of each encoded sound.
public struct ConditioningEvidence: Sendable {
    /// `/config/model.json`.
    var model: JSONValue?
    /// `/config/tokens.json`.
    var tokens: JSONValue?
    /// `/config/codec.json`.
    var codec: JSONValue?
    /// Sounds that were encoded, by request, in the order of the segments; nil for one that was not recorded.
    var sounds: [String: [EncodedSound?]]

    /// A sound that the codec encoded.
    struct EncodedSound {
        var sampleCount: Int
        /// In Hz; nil if it was not recorded.
        var rate: Int?
    }
}

extension ConditioningEvidence {
    /// Reads from an open archive.
    ///
    /// - Throws: `ArchiveError` for what cannot be read.
    public init(_ reader: ArchiveReader) throws {
        model = try reader.jsonIfPresent(at: "config/model.json")
        tokens = try reader.jsonIfPresent(at: "config/tokens.json")
        codec = try reader.jsonIfPresent(at: "config/codec.json")
        sounds = [:]
        guard try reader.kind(of: "samples") == .group else { return }
        for sample in try reader.children(of: "samples") {
            let input = "samples/\(sample)/collator/input"
            guard try reader.kind(of: input) == .group else { continue }
            let isBatch = try reader.contains("\(input)/items")
            let items =
                isBatch ? try reader.children(of: "\(input)/items").map { "\(input)/items/\($0)" } : [input]
            sounds[sample] = try items.flatMap { try Self.sounds(of: "\($0)/segments", reader) }
        }
    }

    private static func sounds(of segments: String, _ reader: ArchiveReader) throws -> [EncodedSound?] {
        guard try reader.contains(segments) else { return [] }
        return try reader.children(of: segments).map { segment in
            let path = "\(segments)/\(segment)/waveform"
            guard try reader.contains(path) else { return nil }
            let attributes = try reader.attributes(at: path)
            guard let count = attributes.shape?.elementCount else { return nil }
            return EncodedSound(sampleCount: count, rate: attributes.labels.sampleRate)
        }
    }
}

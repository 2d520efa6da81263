import AlignmentKit
import Foundation

/// An archive of paired runs, put together of committed recordings: what `higgs-capture --apply` writes.
struct ExperimentArchive {
    /// A run of one request.
    struct Run {
        /// The name of a committed recording.
        var recording: String
        /// null for no experiment.
        var arm: String?
        var seed: Int
        var asked: [String] = []
        var applied: [String] = []
        /// The file that was written holds zeros, and the codec was not seen.
        var isSilent = false
        /// Logits and scores, which are most of a recording.
        var hasLogits = false
    }

    static let surplus = "collator.surplus-placeholder"
    static let temperature = "generation.temperature"

    /// The story's silent pipeline as it is, once for each seed.
    static func story(seeds: Range<Int>, arm: String? = "as_is", hasLogits: Bool = false) -> [Run] {
        seeds.map {
            Run(recording: "silent-output", arm: arm, seed: $0, isSilent: true, hasLogits: hasLogits)
        }
    }

    /// Runs with a repair: sound, but for these seeds, which are as silent.
    static func repaired(
        _ ids: [String], seeds: Range<Int>, applied: [String]? = nil, silent: Set<Int> = []
    ) -> [Run] {
        seeds.map { seed in
            Run(
                recording: silent.contains(seed) ? "silent-output" : "voice-clone", arm: "repaired",
                seed: seed,
                asked: ids, applied: applied ?? ids, isSilent: silent.contains(seed))
        }
    }

    /// Writes runs as requests of ascending names.
    static func write(_ runs: [Run], to file: String) throws {
        let header = ArchiveHeader(
            id: UUID().uuidString.lowercased(), createdAt: "2026-01-01T00:00:00Z", createdBy: "test 1")
        let writer = try ArchiveWriter(file: file, header: header)
        for (index, run) in runs.enumerated() {
            let reader = try ArchiveReader(file: "\(Command.root)/golden/\(run.recording).h5")
            if index == 0 {
                try copy("config", to: "config", from: reader, into: writer)
                try writer.write(try codec(reader), at: "weights/codec.json")
            }
            let root = "samples/" + String(repeating: "0", count: 6 - "\(index)".count) + "\(index)"
            try writer.write(try reader.json(at: "profile.json"), at: "\(root)/profile.json")
            try writer.write(about(run, ordinal: index), at: "\(root)/sample.json")
            try copy("samples/000000", to: root, from: reader, into: writer) { path in
                !path.hasSuffix("/profile.json") && !path.hasSuffix("/sample.json")
                    && !path.contains("golden")
                    && !(run.isSilent && path.contains("/decode/"))
                    && (run.hasLogits || !path.hasSuffix("/audio_logits") && !path.hasSuffix("/scores"))
            }
            if run.isSilent { try writeSilence(root, of: reader, into: writer) }
        }
        try writer.finish()
    }

    private static func about(_ run: Run, ordinal: Int) -> JSONValue {
        var fields: [String: JSONValue] = [
            "ordinal": .integer(ordinal), "arm": run.arm.map(JSONValue.string) ?? .null, "pair": .null,
            "seed": .integer(run.seed), "applied": .array(run.applied.map(JSONValue.string)),
        ]
        if run.arm != nil {
            fields["pair"] = .string("0:\(run.seed)")
            fields["asked"] = .array(run.asked.map(JSONValue.string))
        }
        return .object(fields)
    }

    /// Where the codec's weights are, seen from any folder.
    private static func codec(_ reader: ArchiveReader) throws -> JSONValue {
        var reference = try reader.json(at: "weights/codec.json").object ?? [:]
        reference["path"] = .string("\(Command.root)/golden/weights/tiny-checkpoint.h5")
        return .object(reference)
    }

    private static func writeSilence(
        _ root: String, of reader: ArchiveReader, into writer: borrowing ArchiveWriter
    ) throws {
        try writer.write(
            .int32(NDArray(vector: [Int32](repeating: 0, count: 960))),
            at: "\(root)/decode/captured/written/0/samples",
            labels: TensorLabels(axes: ["sample"], sampleRate: 24_000, subtype: "PCM_16", file: "cloned.wav"))
    }

    private static func copy(
        _ path: String, to target: String, from reader: ArchiveReader, into writer: borrowing ArchiveWriter,
        where keeps: (String) -> Bool = { _ in true }
    ) throws {
        switch try reader.kind(of: path) {
        case .missing: return
        case .group:
            for name in try reader.children(of: path) {
                try copy("\(path)/\(name)", to: "\(target)/\(name)", from: reader, into: writer, where: keeps)
            }
        case .json:
            guard keeps(path) else { return }
            try writer.writeJSON(text: try reader.jsonText(at: path), at: target)
        case .tensor, .pythonNone:
            guard keeps(path) else { return }
            try writer.write(
                try reader.tensor(at: path), at: target, labels: try reader.attributes(at: path).labels)
        }
    }
}

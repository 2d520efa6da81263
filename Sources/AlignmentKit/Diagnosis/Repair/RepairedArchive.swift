public import AlignmentArchive
import AlignmentJSON
import AlignmentStages
import AlignmentTensors
import Foundation

/// Writes a capture with the repaired tokens and decode stages in place of the recorded ones.
///
/// All else is copied. `sample.json` of a repaired request names what was repaired under `repaired`, and its profile
/// is the repaired pipeline's. Golden tensors of those two stages are left out, as they belong to the recorded inputs.
public struct RepairedArchive {
    private static let codecReference = "/weights/codec.json"

    private let reader: ArchiveReader
    private let repairs: [Repair]
    private let omitted: [String]

    /// The archive of these repairs of its requests.
    ///
    /// - Parameter omitted: requests that are not copied.
    public init(_ reader: ArchiveReader, _ repairs: [Repair], leavingOut omitted: [String] = []) {
        self.reader = reader
        self.repairs = repairs
        self.omitted = omitted
    }

    /// Writes it, with each request's sound as a file of float would have it.
    ///
    /// - Parameter sounds: the base name of each request's sound file, by request.
    /// - Throws: `ArchiveError` for what cannot be read or written.
    public func write(to file: String, header: ArchiveHeader, sounds: [String: String]) throws {
        let writer = try ArchiveWriter(file: file, header: header)
        let replaced =
            repairs.flatMap { repair in
                ["tokens/captured", "tokens/golden", "decode", "profile.json", "sample.json"].map {
                    "/samples/\(repair.sample)/\($0)"
                }
            } + omitted.map { "/samples/\($0)" }
        try ArchiveCopy(of: reader).write(into: writer) { path in
            path != Self.codecReference && !replaced.contains { path == $0 || path.hasPrefix($0 + "/") }
        }
        try writeCodecReference(into: writer)
        for repair in repairs {
            try write(repair, into: writer, sound: sounds[repair.sample] ?? "repaired.wav")
        }
        try writer.finish()
    }

    /// Where the codec's weights are, seen from any folder: a hint beside the recording leads nowhere from another.
    private func writeCodecReference(into writer: borrowing ArchiveWriter) throws {
        guard var reference = try reader.jsonIfPresent(at: Self.codecReference)?.object else { return }
        if let hint = reference["path"]?.string {
            let folder = URL(filePath: reader.file).deletingLastPathComponent()
            reference["path"] = .string(URL(filePath: hint, relativeTo: folder).standardizedFileURL.path)
        }
        try writer.write(.object(reference), at: Self.codecReference)
    }

    private func write(
        _ repair: Repair, into writer: borrowing ArchiveWriter, sound: String
    ) throws {
        let root = "/samples/\(repair.sample)"
        var sample = try reader.jsonIfPresent(at: "\(root)/sample.json")?.object ?? [:]
        sample["repaired"] = .array(repair.ids.map(JSONValue.string))
        try writer.write(.object(sample), at: "\(root)/sample.json")
        try writer.write(try profile(repair), at: "\(root)/profile.json")
        for (index, codes) in repair.codes.enumerated() {
            let labels = TensorLabels(axes: ["codebook", "frame"])
            if try reader.contains("\(root)/tokens/input") {
                try writer.write(
                    .int64(codes), at: "\(root)/tokens/captured/calls/\(index)/codes", labels: labels)
            }
            try writer.write(.int64(codes), at: "\(root)/decode/input/calls/\(index)/codes", labels: labels)
            try writer.write(
                .float32(NDArray(vector: repair.waveforms[index])),
                at: "\(root)/decode/captured/calls/\(index)/waveform", labels: TensorLabels(axes: ["sample"]))
        }
        try writer.write(
            .float32(NDArray(vector: repair.sound)), at: "\(root)/decode/captured/written/0/samples",
            labels: TensorLabels(
                axes: ["sample"], sampleRate: Analysis.sampleRate, subtype: "FLOAT", file: sound))
    }

    /// The captured profile with the knobs of both stages as the repair has them; those that say what a fault did are
    /// left out where they do nothing.
    private func profile(_ repair: Repair) throws -> JSONValue {
        let path = "/samples/\(repair.sample)/profile.json"
        let recorded = try reader.jsonIfPresent(at: path) ?? reader.jsonIfPresent(at: "/profile.json")
        var settings = recorded?.object ?? [:]
        for knob in Knob.all where [.tokens, .decode].contains(knob.stage) {
            settings[knob.key] = knob.isFault ? nil : knob.value(repair.profile)
        }
        settings["decode.sample_rate"] = .integer(Analysis.sampleRate)
        settings["decode.subtype"] = .string("FLOAT")
        return .object(settings)
    }
}

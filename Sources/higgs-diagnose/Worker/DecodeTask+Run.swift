import AlignmentKit
import Foundation

/// A sound that was decoded and written.
struct DecodedSound: Codable, Sendable, Printable {
    var schemaVersion = 1
    var file: String
    var sampleCount: Int
    var sampleRate: Int
    var energy: SoundEnergy
    /// What the reader should know of the codec's weights.
    var notes: [String]

    /// What was written, in one sentence.
    var document: Document {
        var document = Document()
        document.blocks = [.paragraph(sentence)] + (notes.isEmpty ? [] : [.list(notes)])
        return document
    }

    private var sentence: String {
        "\(file): \(formatted("%.2f", Double(sampleCount) / Double(sampleRate))) s at \(sampleRate) Hz, "
            + "AC energy \(number(energy.acEnergy)) (\(energy.level.rawValue))."
    }
}

extension DecodeTask {
    /// Does the work, in the worker process.
    func run() throws -> DecodedSound {
        let (capture, codec) = try settings.open(file)
        let names = capture.samples.map(\.name)
        guard let request = capture.samples.first(where: { sample == nil || $0.name == sample }) else {
            throw CaptureError(
                file: file, path: "/samples",
                problem: sample.map { "has no request \"\($0)\", only \(names.joined(separator: ", "))" }
                    ?? "holds no request")
        }
        let analysis = Analysis(
            request, of: capture, reference: settings.reference, profile: settings.profile,
            codec: codec, isStrict: false)
        let samples: [Float]
        do { samples = try analysis.sound(path == .current ? .current : .aligned) } catch {
            throw CaptureError(
                file: file, path: "/samples/\(request.name)", problem: "gives no sound: \(error)")
        }
        try SoundFile.write(samples, sampleRate: Analysis.sampleRate, as: .float, to: output)
        return DecodedSound(
            file: output, sampleCount: samples.count, sampleRate: Analysis.sampleRate,
            energy: SoundEnergy(samples), notes: (try? codec.get().weights.notes) ?? [])
    }
}

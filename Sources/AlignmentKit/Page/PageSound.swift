internal import AlignmentAcoustics
internal import AlignmentAudio
internal import AlignmentReport
internal import AlignmentWording
internal import Foundation

/// A path's sound as a page holds it: the picture of a waveform, a spectrogram, and the sound itself.
public struct PageSound: Sendable {
    /// A sound is cut for a page after so many seconds.
    public static let longest = 30.0

    let name: String
    let isCaptured: Bool
    let seconds: Double
    let energy: Double
    let level: String
    let peak: Double
    private let waveform: [ClosedRange<Float>]
    private let image: String
    private let audio: String
    private let isCut: Bool

    /// Reads a sound.
    ///
    /// - Parameters:
    ///   - name: `current` or `aligned`.
    ///   - file: a mono sound file of at least one sample.
    ///   - isCaptured: it was recorded, not recomputed.
    /// - Throws: `SoundError`, or what the system says of a file that cannot be written beside it.
    public init(_ name: String, file: String, isCaptured: Bool) throws {
        self.name = name
        self.isCaptured = isCaptured
        let sound = try SoundFile.read(file)
        let kept = min(sound.frameCount, Int(Self.longest * Double(sound.sampleRate)))
        isCut = kept < sound.frameCount
        let meter = SoundMeter(isQuick: true, withTruePeak: false)
        let measures = try meter.measure(file)
        (seconds, energy, level) = (measures.seconds, measures.acEnergy, measures.level.rawValue)
        // A browser is given no NaN, and no more than is shown; the page's figures are those of the whole sound.
        let samples = sound.channel(0).prefix(kept).map { $0.isFinite ? $0 : 0 }
        peak = Double(samples.map(\.magnitude).max() ?? 0)
        let (shown, played) = (file + ".shown.wav", file + ".played.wav")
        defer { for part in [shown, played] { try? FileManager.default.removeItem(atPath: part) } }
        try SoundFile.write(samples, sampleRate: sound.sampleRate, as: .float, to: shown)
        try SoundFile.write(samples, sampleRate: sound.sampleRate, as: .pcm16, to: played)
        audio = try Data(contentsOf: URL(fileURLWithPath: played)).base64EncodedString()
        let picture = try SoundThumbnail(shown, try meter.measure(shown), columns: 640)
        waveform = picture.waveform
        image = PaletteImage(picture).dataURL
    }

    /// The figure.
    ///
    /// - Parameter scale: what the picture of the waveform is enlarged by.
    func write(to html: inout HTMLText, scale: Double) {
        html.element("figure", [("data-path", name)]) { html in
            html.element("figcaption") { html in
                html.element("strong", text: name)
                html.text(" \(caption)")
                if scale > 1 { html.text(" The waveform is drawn \(number(scale)) times enlarged.") }
            }
            html.element("div", [("class", "pictures")]) { html in
                html.raw(
                    "<svg class=\"wave\" viewBox=\"0 0 640 80\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Waveform of the \(name) path\"><path d=\"\(path(scale))\"/></svg>"
                )
                html.raw(
                    "<img class=\"mel\" width=\"640\" height=\"80\" alt=\"Log-mel spectrogram of the \(name) path, 80 to 8000 Hz, -90 to -10 dB\" src=\"\(image)\">"
                )
            }
            html.raw("<audio controls preload=\"metadata\" src=\"data:audio/wav;base64,\(audio)\"></audio>")
        }
    }

    private var caption: String {
        (isCaptured ? "as recorded" : "recomputed")
            + ", \(formatted("%.2f", seconds)) s, AC energy \(number(energy)) (\(level))."
            + (isCut ? " Only the first \(number(Self.longest)) s are in this page." : "")
    }

    /// The waveform's outline, 80 high.
    private func path(_ scale: Double) -> String {
        func height(_ sample: Float) -> String {
            formatted("%.1f", 40 - max(-1, min(1, Double(sample) * scale)) * 39)
        }
        let step = 640 / Double(max(1, waveform.count))
        let upper = waveform.enumerated().map {
            "\(formatted("%.1f", Double($0) * step)) \(height($1.upperBound))"
        }
        let lower = waveform.enumerated().reversed().map {
            "\(formatted("%.1f", Double($0) * step)) \(height($1.lowerBound))"
        }
        return "M" + (upper + lower).joined(separator: "L") + "Z"
    }
}

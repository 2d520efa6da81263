public import AlignmentAcoustics
import AlignmentWording

/// Many sounds on one page: of each its waveform, its log-mel spectrogram, its verdict, and marks for what was found.
public struct SoundSheet {
    /// The most sounds on a page.
    public static let capacity = 200
    /// Columns of a sound's picture.
    public static let columns = 200

    private let title: String
    private let warnings: Set<SoundVerdict>
    private let sounds: [(result: SoundResult, picture: SoundThumbnail)]

    /// A page of sounds in this order, at most `capacity`.
    ///
    /// - Parameter warnings: verdicts that are not drawn as failures.
    public init(
        title: String, warnings: Set<SoundVerdict> = SoundProfile.standard.warnings,
        _ sounds: [(result: SoundResult, picture: SoundThumbnail)]
    ) {
        self.title = title
        self.warnings = warnings
        self.sounds = Array(sounds.prefix(Self.capacity))
    }

    private static let cell = (width: 232.0, height: 150.0)
    private static let inner = 208.0
    private static let waveHeight = 40.0
    private static let melHeight = 60.0

    /// The page as SVG.
    public var svg: String {
        let across = sounds.count < 5 ? max(1, sounds.count) : 5
        let down = (sounds.count + across - 1) / across
        var drawing = SVGDrawing(
            width: 24 + max(2, Double(across)) * Self.cell.width,
            height: 64 + Double(down) * Self.cell.height,
            title: title)
        drawing.text(title, x: 20, y: 28, size: 16)
        drawing.text(
            "Waveform, full scale; log-mel spectrogram, 80 to 8000 Hz, -90 to -10 dB. Line below: silence. Line at the end: cut off. Dashed: full scale.",
            x: 20, y: 46, .soft,
            size: 11)
        for (index, sound) in sounds.enumerated() {
            let origin = (
                20 + Double(index % across) * Self.cell.width, 76 + Double(index / across) * Self.cell.height
            )
            draw(sound.result, sound.picture, into: &drawing, at: origin)
        }
        return drawing.svg
    }

    private func draw(
        _ result: SoundResult, _ picture: SoundThumbnail, into drawing: inout SVGDrawing,
        at origin: (Double, Double)
    ) {
        let (x, y) = origin
        let name = result.path.split(separator: "/").last.map(String.init) ?? result.path
        let seconds = result.measures.map { "\(number($0.seconds)) s" } ?? ""
        drawing.text(result.verdict.rawValue, x: x, y: y, ink(result.verdict), size: 12)
        drawing.text(seconds, x: x + Self.inner, y: y, .soft, anchor: .end, size: 11)
        drawing.text(Self.shortened(name), x: x, y: y + 13, .soft, size: 9)
        let (wave, mel) = (y + 18, y + 20 + Self.waveHeight)
        drawWaveform(picture, into: &drawing, at: (x, wave))
        drawing.image(
            PaletteImage(picture), at: (x, mel), width: Self.inner, height: Self.melHeight,
            label: "\(result.path): \(result.findings.map(\.id).joined(separator: ", "))")
        drawMarks(result, into: &drawing, x: x, top: wave, bottom: mel + Self.melHeight)
    }

    private func drawWaveform(
        _ picture: SoundThumbnail, into drawing: inout SVGDrawing, at origin: (Double, Double)
    ) {
        let middle = origin.1 + Self.waveHeight / 2
        drawing.line((origin.0, middle), (origin.0 + Self.inner, middle), .grid)
        func height(_ sample: Float) -> Double {
            middle - Double(max(-1, min(1, sample))) * Self.waveHeight / 2
        }
        let step = Self.inner / Double(max(1, picture.waveform.count))
        let upper = picture.waveform.enumerated().map {
            (origin.0 + (Double($0) + 0.5) * step, height($1.upperBound))
        }
        let lower = picture.waveform.enumerated().map {
            (origin.0 + (Double($0) + 0.5) * step, height($1.lowerBound))
        }
        drawing.area(upper + lower.reversed(), .series(0))
    }

    /// Where silence lies, where the sound was cut, where it is at full scale.
    private func drawMarks(
        _ result: SoundResult, into drawing: inout SVGDrawing, x: Double, top: Double, bottom: Double
    ) {
        guard let measures = result.measures, measures.seconds > 0 else { return }
        let ids = Set(result.findings.map(\.id))
        func place(_ seconds: Double) -> Double { x + Self.inner * min(1, seconds / measures.seconds) }
        if ids.contains("long-gap") || ids.contains("mostly-silent") {
            drawing.line((place(0), bottom + 4), (place(measures.leadingSilence), bottom + 4), .series(3))
            drawing.line(
                (place(measures.seconds - measures.trailingSilence), bottom + 4),
                (place(measures.seconds), bottom + 4),
                .series(3))
            if let gap = measures.gapPlace {
                drawing.line(
                    (place(gap), bottom + 4), (place(gap + measures.longestGap), bottom + 4), .series(3))
            }
        }
        if ids.contains("cut-off") || ids.contains("budget-exhausted") {
            drawing.line((x + Self.inner, top - 2), (x + Self.inner, bottom + 2), .series(1))
        }
        if ids.contains("clipped") {
            drawing.line((x, top), (x + Self.inner, top), .series(1), dashed: true)
            drawing.line(
                (x, top + Self.waveHeight), (x + Self.inner, top + Self.waveHeight), .series(1), dashed: true)
        }
    }

    private func ink(_ verdict: SoundVerdict) -> SVGDrawing.Ink {
        verdict == .plausible ? .series(2) : warnings.contains(verdict) ? .text : .series(1)
    }

    private static func shortened(_ name: String) -> String {
        name.count <= 38 ? name : "\(name.prefix(18))...\(name.suffix(17))"
    }
}

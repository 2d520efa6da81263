import AlignmentWording
import Foundation

/// A drawing in SVG that reads on light and on dark paper and needs no file but itself.
struct SVGDrawing {
    let width: Double
    let height: Double
    /// What it shows, for those who cannot see it.
    let title: String
    private var elements: [String] = []

    init(width: Double, height: Double, title: String) {
        self.width = width
        self.height = height
        self.title = title
    }

    /// Colours by their use; `series` counts from 0.
    enum Ink: Equatable {
        case text
        case soft
        case grid
        case series(Int)

        fileprivate var name: String {
            switch self {
            case .text: "t"
            case .soft: "s"
            case .grid: "g"
            case .series(let index): "c\(index % 4)"
            }
        }
    }

    /// Where a text stands to its point.
    enum Anchor: String {
        case start, middle, end
    }

    mutating func text(
        _ text: String, x: Double, y: Double, _ ink: Ink = .text, anchor: Anchor = .start, size: Int = 12
    ) {
        elements.append(
            "<text class=\"\(ink.name)\" x=\"\(Self.figure(x))\" y=\"\(Self.figure(y))\" text-anchor=\"\(anchor.rawValue)\" font-size=\"\(size)\">\(MarkupText.escaped(text))</text>"
        )
    }

    mutating func line(_ from: (Double, Double), _ to: (Double, Double), _ ink: Ink, dashed: Bool = false) {
        elements.append(
            "<path class=\"l \(ink.name)\(dashed ? " d" : "")\" d=\"M\(Self.figure(from.0)) \(Self.figure(from.1))L\(Self.figure(to.0)) \(Self.figure(to.1))\"/>"
        )
    }

    /// A line through points; a gap where there is none.
    mutating func curve(_ points: [(Double, Double)?], _ ink: Ink, dashed: Bool = false) {
        var path = ""
        var isDown = false
        for point in points {
            guard let point else {
                isDown = false
                continue
            }
            path += "\(isDown ? "L" : "M")\(Self.figure(point.0)) \(Self.figure(point.1))"
            isDown = true
        }
        guard !path.isEmpty else { return }
        elements.append("<path class=\"w \(ink.name)\(dashed ? " d" : "")\" d=\"\(path)\"/>")
    }

    mutating func dots(_ points: [(Double, Double)], _ ink: Ink, radius: Double = 1.6) {
        guard !points.isEmpty else { return }
        // A line of no length with round ends is a dot, and all of them are one element.
        let path = points.map { "M\(Self.figure($0.0)) \(Self.figure($0.1))h0" }.joined()
        elements.append(
            "<path class=\"p \(ink.name)\" stroke-width=\"\(Self.figure(radius * 2))\" d=\"\(path)\"/>")
    }

    mutating func ring(_ point: (Double, Double), _ ink: Ink, label: String) {
        elements.append(
            "<circle class=\"w \(ink.name)\" cx=\"\(Self.figure(point.0))\" cy=\"\(Self.figure(point.1))\" r=\"4\"><title>\(MarkupText.escaped(label))</title></circle>"
        )
    }

    /// A filled shape around points.
    mutating func area(_ points: [(Double, Double)], _ ink: Ink) {
        guard !points.isEmpty else { return }
        let path = points.map { "\(Self.figure($0.0)) \(Self.figure($0.1))" }.joined(separator: "L")
        elements.append("<path class=\"a \(ink.name)\" d=\"M\(path)Z\"/>")
    }

    /// A picture; its pixels are not blurred.
    mutating func image(
        _ image: PaletteImage, at origin: (Double, Double), width: Double, height: Double, label: String
    ) {
        guard image.width > 0, image.height > 0 else { return }
        elements.append(
            "<image x=\"\(Self.figure(origin.0))\" y=\"\(Self.figure(origin.1))\" width=\"\(Self.figure(width))\" height=\"\(Self.figure(height))\" preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" href=\"\(image.dataURL)\"><title>\(MarkupText.escaped(label))</title></image>"
        )
    }

    /// The document.
    var svg: String {
        let (width, height) = (Self.figure(width), Self.figure(height))
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" role="img" aria-label="\(MarkupText.escaped(title))">
            <title>\(MarkupText.escaped(title))</title>
            <style>\(Self.style)</style>
            <rect class="paper" width="\(width)" height="\(height)"/>
            \(elements.joined(separator: "\n"))
            </svg>

            """
    }

    private static let style = [
        "svg{--t:#1b1f24;--s:#57606a;--g:#d8dee4;--c0:#0b62c4;--c1:#c2410c;--c2:#15803d;--c3:#7c3aed;--p:#fff}",
        "@media(prefers-color-scheme:dark){svg{--t:#e6edf3;--s:#9aa4af;--g:#30363d;--c0:#6cb0ff;--c1:#ff9b61;--c2:#5fd38a;--c3:#c4a1ff;--p:#0d1117}}",
        ".paper{fill:var(--p)}text{font-family:system-ui,-apple-system,\"Segoe UI\",\"DejaVu Sans\",sans-serif;fill:var(--t)}text.s{fill:var(--s)}",
        ".l,.w,.p{fill:none;stroke:var(--t)}.l{stroke-width:1}.w{stroke-width:1.8;stroke-linejoin:round}.p{stroke-linecap:round;stroke-opacity:.45}.d{stroke-dasharray:5 4}",
        ".a{stroke-width:.6}path.a.c0{fill:var(--c0)}",
        "path.s{stroke:var(--s)}path.g{stroke:var(--g)}",
        "path.c0,circle.c0{stroke:var(--c0)}path.c1,circle.c1{stroke:var(--c1)}path.c2,circle.c2{stroke:var(--c2)}path.c3,circle.c3{stroke:var(--c3)}",
        "text.c0{fill:var(--c0)}text.c1{fill:var(--c1)}text.c2{fill:var(--c2)}text.c3{fill:var(--c3)}",
    ].joined(separator: "\n")

    /// A coordinate with one decimal place at most.
    static func figure(_ value: Double) -> String {
        let tenths = (value * 10).rounded()
        guard tenths.isFinite, abs(tenths) < 1e9 else { return "0" }
        let whole = Int(tenths)
        return whole % 10 == 0
            ? "\(whole / 10)" : "\(whole < 0 ? "-" : "")\(abs(whole) / 10).\(abs(whole) % 10)"
    }
}

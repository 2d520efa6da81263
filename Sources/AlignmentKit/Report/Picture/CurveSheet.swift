import Foundation

/// Shares over a logarithmic axis, in panels beside each other.
package struct CurveSheet {
    var title: String
    var subtitle: String
    var xLabel: String
    var panels: [Panel]

    /// Curves on the same axes.
    package struct Panel {
        package var title: String
        package var curves: [Curve]

        package init(title: String, curves: [Curve]) {
            self.title = title
            self.curves = curves
        }
    }

    /// Shares from 0 to 1 at rising places.
    package struct Curve {
        var name: String
        var points: [(x: Double, share: Double)]

        package init(name: String, points: [(x: Double, share: Double)]) {
            self.name = name
            self.points = points
        }
    }

    package init(title: String, subtitle: String, xLabel: String, panels: [Panel]) {
        self.title = title
        self.subtitle = subtitle
        self.xLabel = xLabel
        self.panels = panels
    }

    private static let size = (width: 440.0, height: 190.0)
    private static let legendLine = 16.0

    /// The sheet as SVG.
    package var svg: String {
        let legend = Double(panels.map(\.curves.count).max() ?? 0) * Self.legendLine
        let cell = (width: Self.size.width + 30, height: Self.size.height + legend + 66)
        let rows = (panels.count + 1) / 2
        var drawing = SVGDrawing(
            width: 2 * cell.width + 20, height: 64 + Double(rows) * cell.height, title: title)
        drawing.text(title, x: 20, y: 28, size: 18)
        drawing.text(subtitle, x: 20, y: 48, .soft)
        for (index, panel) in panels.enumerated() {
            draw(
                panel, into: &drawing,
                at: (20 + Double(index % 2) * cell.width, 84 + Double(index / 2) * cell.height))
        }
        return drawing.svg
    }

    private func draw(_ panel: Panel, into drawing: inout SVGDrawing, at origin: (x: Double, y: Double)) {
        let places = panel.curves.flatMap { $0.points.map(\.x) }
        guard let first = places.min(), let last = places.max(), first > 0, first < last else { return }
        let left = origin.x + 44
        let right = origin.x + Self.size.width
        let (top, bottom) = (origin.y + 14, origin.y + Self.size.height)
        func x(_ value: Double) -> Double { left + (right - left) * log(value / first) / log(last / first) }
        func y(_ share: Double) -> Double { bottom + (top - bottom) * share }
        drawing.text(panel.title, x: origin.x, y: origin.y, size: 14)
        for share in [0, 0.25, 0.5, 0.75, 1] {
            drawing.line((left, y(share)), (right, y(share)), .grid)
            drawing.text("\(Int(share * 100)) %", x: left - 6, y: y(share) + 4, .soft, anchor: .end, size: 11)
        }
        for mark: Double in [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000]
        where first...last ~= mark {
            drawing.line((x(mark), bottom), (x(mark), bottom + 4), .soft)
            drawing.text("\(Int(mark))", x: x(mark), y: bottom + 16, .soft, anchor: .middle, size: 11)
        }
        drawing.text(xLabel, x: (left + right) / 2, y: bottom + 31, .soft, anchor: .middle, size: 11)
        for (index, curve) in panel.curves.enumerated() {
            let isDashed = index % 2 == 1
            drawing.curve(curve.points.map { (x($0.x), y($0.share)) }, .series(index), dashed: isDashed)
            let line = bottom + 50 + Double(index) * Self.legendLine
            drawing.curve([(left, line - 4), (left + 26, line - 4)], .series(index), dashed: isDashed)
            drawing.text(curve.name, x: left + 32, y: line)
        }
    }
}

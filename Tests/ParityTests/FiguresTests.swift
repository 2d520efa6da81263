import AlignmentKit
import Foundation
import TestSupport
import Testing

/// Every figure against numpy's in float64, each by its definition.
@Suite("Figures against numpy")
struct FiguresTests {
    private struct Expected: Decodable {
        struct Slices: Decodable {
            var axis: String
            var length: Int
            var indices: [Int]
            var means: [Double]
            var over: [Int]
        }
        var count, different, over, nanPairs: Int
        var first, worst: [Int]?
        var maxAbs, maxRel, rmsError: Double
        var leftEnergy, rightEnergy, product, errorEnergy: Double
        var ulp: Int64?
        var slices: [Slices]
        var dtype: String
        var shape: [Int]
    }

    private static let isLong = ProcessInfo.processInfo.environment["HIGGS_TIER"] == "all"
    private static let seed = ProcessInfo.processInfo.environment["HIGGS_SEED"] ?? "2306"

    @Test("random pairs of every type, shape, storage and defect give numpy's figures")
    func randomPairs() throws {
        print("Figures against numpy: HIGGS_SEED=\(Self.seed)")
        let count = Self.isLong ? 5000 : 500
        let scratch = try Scratch()
        let (left, right) = (scratch.file("left.h5"), scratch.file("right.h5"))
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Oracle/figures.py")
        let output = try Python.run(arguments: [script.path, Self.seed, "\(count)", left, right])
        let expected = try JSONText.decode([String: Expected].self, from: output)
        #expect(expected.count == count)
        var settings = ComparisonSettings()
        settings.tolerance.rules = []
        let found = try ArchiveComparison(
            ArchiveReader(file: left), ArchiveReader(file: right), settings: settings)
        let tensors = try #require(found.samples.first).tensors
        #expect(tensors.count == count)
        #expect(tensors.count { $0.status == .differs } * 5 > count, "too few pairs differ")
        #expect(tensors.count { $0.status != .differs } * 5 > count, "too few pairs agree")
        for pair in tensors {
            let name = String(pair.tensor.split(separator: "/")[3])
            let wanted = try #require(expected[name])
            let figures = try #require(pair.comparison.figures, "\(name)")
            check(figures, wanted, "case \(name), \(wanted.dtype) \(wanted.shape)")
        }
    }

    private func check(_ figures: ComparisonFigures, _ wanted: Expected, _ name: String) {
        #expect(figures.count == wanted.count, "\(name)")
        #expect(figures.different == wanted.different, "\(name)")
        #expect(figures.overTolerance == wanted.over, "\(name)")
        #expect(figures.nanPairs == wanted.nanPairs, "\(name)")
        #expect(figures.first?.index == wanted.first, "\(name)")
        #expect(figures.worst?.index == wanted.worst, "\(name)")
        #expect(figures.maxUlp == wanted.ulp, "\(name)")
        #expect(isClose(figures.maxAbs, wanted.maxAbs), "\(name)")
        #expect(isClose(figures.maxRel, wanted.maxRel), "\(name)")
        #expect(isClose(figures.rmsError, wanted.rmsError), "\(name)")
        if wanted.errorEnergy > 0, wanted.rightEnergy > 0 {
            let snr = 10 * log10(wanted.rightEnergy / wanted.errorEnergy)
            #expect(isClose(figures.snrDb, snr) || (figures.snrDb - snr).magnitude < 1e-9, "\(name)")
        }
        if wanted.leftEnergy > 0, wanted.rightEnergy > 0 {
            let cosine = wanted.product / (wanted.leftEnergy.squareRoot() * wanted.rightEnergy.squareRoot())
            // The squares of the largest float64 overflow, here and in numpy.
            #expect(
                (figures.cosine - cosine).magnitude < 1e-12 || figures.cosine.isNaN && cosine.isNaN, "\(name)"
            )
        }
        #expect(figures.worstSlices.map(\.axis) == wanted.slices.map(\.axis), "\(name)")
        for (slice, all) in zip(figures.worstSlices, wanted.slices) {
            guard let place = all.indices.firstIndex(of: slice.index) else {
                Issue.record("\(name): no slice \(slice.index) of \(slice.axis)")
                continue
            }
            // Of slices that are equally bad to the last bits, any may be called the worst.
            #expect(isClose(all.means[place], all.means.max() ?? 0), "\(name) \(slice.axis)")
            #expect(isClose(slice.rmsError, all.means[place].squareRoot()), "\(name) \(slice.axis)")
            #expect(slice.overTolerance == all.over[place], "\(name) \(slice.axis)")
            #expect(slice.length == all.length, "\(name) \(slice.axis)")
        }
    }

    /// Sums in another order differ in their last bits.
    private func isClose(_ left: Double, _ right: Double) -> Bool {
        left == right || (left.isNaN && right.isNaN)
            || (left - right).magnitude <= 1e-11 * max(left.magnitude, right.magnitude)
    }
}

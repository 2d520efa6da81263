import Foundation

/// How one row of logits differs from the golden's.
struct RowDifference {
    let step: Int
    let codebook: Int
    /// KL(golden ‖ captured) of the softmaxes, in nats.
    let divergence: Double
    /// Largest |captured - golden|.
    let largest: Double
    /// Σ golden².
    let goldenEnergy: Double
    /// Σ (captured - golden)².
    let errorEnergy: Double
    /// Least squares of captured ≈ scale · golden + offset.
    let scale: Double
    let offset: Double
    /// Error energy that the best offset alone takes away.
    let offsetEnergy: Double
    /// Error energy that the best scale alone takes away.
    let scaleEnergy: Double
    /// Error energy after both.
    let residualEnergy: Double
    /// The largest logit changed places.
    let flip: LogitAgreement.Flip?

    /// - Parameters:
    ///   - captured: logits, [id].
    ///   - golden: the same of the golden, [id].
    ///   - residual: takes what the fit leaves of each id; ids that are -infinity on both sides leave 0.
    /// - Returns: nil where a logit is no number on one side, or infinite on one alone.
    init?(
        step: Int, codebook: Int, captured: ArraySlice<Float>, golden: ArraySlice<Float>,
        residual: inout [Double]
    ) {
        var sums = Sums()
        for (left, right) in zip(captured, golden) {
            // Both rule the id out.
            if left == right, left == -.infinity { continue }
            guard left.isFinite, right.isFinite else { return nil }
            sums.add(Double(left), Double(right))
        }
        guard sums.count > 1 else { return nil }
        (self.step, self.codebook) = (step, codebook)
        largest = sums.largest
        goldenEnergy = sums.golden
        errorEnergy = sums.error
        let count = sums.count
        let (meanGolden, meanError) = (sums.goldenSum / count, sums.errorSum / count)
        let spread = max(sums.golden - count * meanGolden * meanGolden, 0)
        let common = sums.product - count * meanGolden * meanError
        let slope = spread > 0 ? common / spread : 0
        scale = 1 + slope
        offset = meanError - slope * meanGolden
        offsetEnergy = count * meanError * meanError
        scaleEnergy = sums.golden > 0 ? sums.product * sums.product / sums.golden : 0
        var left = 0.0
        for (index, (a, b)) in zip(captured, golden).enumerated() {
            guard a.isFinite else {
                residual[index] = 0
                continue
            }
            let rest = Double(a) - Double(b) - slope * Double(b) - offset
            residual[index] = rest
            left += rest * rest
        }
        residualEnergy = left
        divergence = Self.divergence(captured, golden)
        flip = Self.flip(
            captured, golden, meanError: meanError, goldenRms: (sums.golden / count).squareRoot())
    }

    private struct Sums {
        var (count, golden, error, product) = (0.0, 0.0, 0.0, 0.0)
        var (goldenSum, errorSum, largest) = (0.0, 0.0, 0.0)

        mutating func add(_ captured: Double, _ reference: Double) {
            let difference = captured - reference
            count += 1
            golden += reference * reference
            error += difference * difference
            product += difference * reference
            goldenSum += reference
            errorSum += difference
            largest = max(largest, difference.magnitude)
        }
    }

    private static func divergence(_ captured: ArraySlice<Float>, _ golden: ArraySlice<Float>) -> Double {
        func logSum(_ row: ArraySlice<Float>) -> Double {
            let most = Double(row.max() ?? 0)
            return most + log(row.reduce(0) { $0 + exp(Double($1) - most) })
        }
        let (own, other) = (logSum(golden), logSum(captured))
        let sum = zip(captured, golden).reduce(0.0) { sum, pair in
            guard pair.1.isFinite else { return sum }
            let share = Double(pair.1) - own
            return sum + exp(share) * (share - (Double(pair.0) - other))
        }
        // Rounding leaves equal distributions a little above or below 0.
        return max(sum, 0)
    }

    /// Noise is what the ids other than the two tokens differ by, their common offset aside: their RMS times
    /// `noisePeak`, and no more than rounding can do.
    private static func flip(
        _ captured: ArraySlice<Float>, _ golden: ArraySlice<Float>, meanError: Double, goldenRms: Double
    ) -> LogitAgreement.Flip? {
        guard let most = golden.max(), let best = captured.max(), let own = golden.firstIndex(of: most),
            let taken = captured.firstIndex(of: best),
            case let shift = captured.startIndex - golden.startIndex, captured[own + shift] < best
        else { return nil }
        let second = golden.indices.lazy.filter { $0 != own }.map { golden[$0] }.max() ?? most
        var (sum, energy, count) = (0.0, 0.0, 0.0)
        for index in golden.indices where index != own && index + shift != taken && golden[index].isFinite {
            let difference = Double(captured[index + shift]) - Double(golden[index])
            sum += difference
            energy += difference * difference
            count += 1
        }
        let rms = count > 0 ? max(energy / count - (sum / count) * (sum / count), 0).squareRoot() : 0
        let floor = LogitAgreement.noisePeak * min(rms, goldenRms * LogitShape.coarsestNoise)
        let gap = Double(most) - Double(golden[taken - shift])
        return LogitAgreement.Flip(
            golden: own - golden.startIndex, captured: taken - captured.startIndex,
            margin: Double(most) - Double(second), gap: gap, noiseFloor: floor, isNearTie: gap <= floor)
    }
}

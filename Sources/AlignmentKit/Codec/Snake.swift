internal import Foundation

/// The activation y = x + sin²(αx) / (α + 1e-9), one α per channel (dac.nn.layers.snake).
struct Snake: Sendable {
    /// Channels of a row.
    let width: Int
    /// α repeated to a whole number of vectors and of rows.
    private let alpha: [SIMD8<Float>]
    /// 1 / (α + 1e-9), repeated likewise.
    private let inverse: [SIMD8<Float>]

    /// An activation with these slopes, one per channel.
    init(alpha: [Float]) {
        width = alpha.count
        let lanes = SIMD8<Float>.scalarCount
        let shared = greatestCommonDivisor(alpha.count, lanes)
        let period = (0..<alpha.count / shared).map { vector in
            SIMD8<Float>((0..<lanes).map { alpha[(vector * lanes + $0) % alpha.count] })
        }
        self.alpha = period
        inverse = period.map { 1 / ($0 + 1e-9) }
    }

    /// Applies it to whole rows, row-major [row, channel]; `output` may be `input`.
    func apply(
        _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, rowCount: Int
    ) {
        let lanes = SIMD8<Float>.scalarCount
        let count = rowCount * width
        let source = UnsafeRawPointer(input)
        let target = UnsafeMutableRawPointer(output)
        let vectorCount = count / lanes
        alpha.withUnsafeBufferPointer { alpha in
            inverse.withUnsafeBufferPointer { inverse in
                var start = 0
                while start < vectorCount {
                    for index in 0..<min(alpha.count, vectorCount - start) {
                        let offset = (start + index) * MemoryLayout<SIMD8<Float>>.size
                        let x = source.loadUnaligned(fromByteOffset: offset, as: SIMD8<Float>.self)
                        let y = x + inverse[index] * squaredSine(alpha[index] * x)
                        target.storeBytes(of: y, toByteOffset: offset, as: SIMD8<Float>.self)
                    }
                    start += alpha.count
                }
                let period = vectorCount % alpha.count
                var x = SIMD8<Float>(repeating: 0)
                for lane in 0..<count - vectorCount * lanes { x[lane] = input[vectorCount * lanes + lane] }
                let y = x + inverse[period] * squaredSine(alpha[period] * x)
                for lane in 0..<count - vectorCount * lanes { output[vectorCount * lanes + lane] = y[lane] }
            }
        }
    }
}

/// sin²(z), within 1e-7 of the exact value for |z| below `exactReduction` and within half a unit in
/// the last place beyond.
///
/// sin² has the period π, and sin²(z) = 1 − sin²(z − π/2): with r = z − n·π/2, |r| ≤ π/4, it is
/// r² + r⁴·P(r²) or its complement, by the parity of n. P is the minimax polynomial for the
/// relative error. π/2 is subtracted in three parts, the products with the first two exact.
@inline(__always)
func squaredSine(_ z: SIMD8<Float>) -> SIMD8<Float> {
    // Adding and subtracting 1.5·2²³ rounds to an integer, whose parity is then the lowest bit.
    let rounder = SIMD8<Float>(repeating: 12_582_912)
    let shifted = z * 0.636_619_772 + rounder
    let n = shifted - rounder
    let r = ((z - n * 1.570_312_5) - n * 4.837_512_969_970_703e-4) - n * 7.549_789_954_891_882e-8
    let u = r * r
    let p = ((u * 1.347_375_218_756_496_9e-4 - 3.171_288_641_169_667_2e-3) * u + 4.444_375_634_193_42e-2) * u
    let square = u + (u * u) * (p - 0.333_333_283_662_796)
    // Against a vector: the comparison with a scalar is compiled to a loop over the lanes.
    let ones = SIMD8<Int32>(repeating: 1)
    let isOdd = (unsafeBitCast(shifted, to: SIMD8<Int32>.self) & ones) .== ones
    let result = square.replacing(with: 1 - square, where: isOdd)
    let isNear = (z .<= exactReduction) .& (z .>= -exactReduction)
    return all(isNear) ? result : squaredSineOfLarge(z, result, isNear)
}

/// The magnitude below which the products of the range reduction are exact.
let exactReduction: Float = 8192

/// The lanes outside the fast range, and those not finite, by the C library in Double.
@inline(never)
private func squaredSineOfLarge(
    _ z: SIMD8<Float>, _ near: SIMD8<Float>, _ isNear: SIMDMask<SIMD8<Int32>>
) -> SIMD8<Float> {
    var result = near
    for lane in 0..<z.scalarCount where !isNear[lane] {
        let sine = sin(Double(z[lane]))
        result[lane] = Float(sine * sine)
    }
    return result
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

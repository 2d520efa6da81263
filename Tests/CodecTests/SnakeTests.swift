import Foundation
import Testing

@testable import AlignmentCodec

@Suite("Snake")
struct SnakeTests {
    @Test(
        "sin² is within 1e-7 of the exact value", arguments: [0.5, 2, 100, 5000, 8191, 1e5, 1e30] as [Float])
    func squaredSineError(magnitude: Float) {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var z = SIMD8<Float>.random(in: -magnitude...magnitude, using: &generator)
            z[0] *= 1e-4
            let found = squaredSine(z)
            for lane in 0..<8 {
                let sine = sin(Double(z[lane]))
                #expect(abs(Double(found[lane]) - sine * sine) <= 1e-7, "\(z[lane])")
            }
        }
    }

    @Test("sin² keeps its relative precision near zero", arguments: [1e-20, 1e-8, 1e-3, 0.3] as [Float])
    func relativeError(z: Float) {
        let exact = sin(Double(z)) * sin(Double(z))
        #expect(abs(Double(squaredSine(SIMD8(repeating: z))[3]) - exact) <= 2.5e-7 * exact + 1e-45)
    }

    @Test(
        "what is not finite stays not a number, in its lane only",
        arguments: [Float.infinity, -.infinity, .nan])
    func notFinite(value: Float) {
        var z = SIMD8<Float>(repeating: 1)
        z[5] = value
        let found = squaredSine(z)
        #expect(found[5].isNaN)
        #expect(found[4] == squaredSine(SIMD8(repeating: 1))[4])
    }

    @Test("every channel has its own slope, whatever the width", arguments: 1...21, [1, 2, 3, 16])
    func channels(width: Int, rowCount: Int) {
        let alpha = (0..<width).map { 0.1 + Float($0) * 0.37 }
        let input = (0..<width * rowCount).map { Float($0 % 13) * 0.7 - 4 }
        // One element beyond, which must keep its value.
        var output = [Float](repeating: 77, count: input.count + 1)
        Snake(alpha: alpha).apply(input, &output, rowCount: rowCount)
        for (offset, x) in input.enumerated() {
            let slope = Double(alpha[offset % width])
            let exact = Double(x) + pow(sin(slope * Double(x)), 2) / (slope + 1e-9)
            #expect(abs(Double(output[offset]) - exact) < 1e-5)
        }
        #expect(output[input.count] == 77)
    }
}

import CKernels
import Foundation
import TestSupport
import Testing

@testable import AlignmentCodec

@Suite("Snake")
struct SnakeTests {
    @Test(
        "sin² is within 1.01e-7 of the exact value",
        arguments: [0.5, 2, 100, 5000, 8191, 1e5, 1e30] as [Float])
    func squaredSineError(magnitude: Float) {
        var dice = SplitMix(state: 2306)
        var angles = (0..<160_000).map { _ in Float.random(in: -magnitude...magnitude, using: &dice) }
        // Where the error is largest of all floats, with fused operations and without.
        (angles[1], angles[2]) = (21.191349, 2146.49829)
        for index in stride(from: 0, to: angles.count, by: 8) { angles[index] *= 1e-4 }
        for (angle, found) in zip(angles, squaredSines(angles)) {
            let sine = sin(Double(angle))
            #expect(abs(Double(found) - sine * sine) <= 1.01e-7, "\(angle)")
        }
    }

    @Test("sin² keeps its relative precision near zero", arguments: [1e-20, 1e-8, 1e-3, 0.3] as [Float])
    func relativeError(angle: Float) {
        let exact = sin(Double(angle)) * sin(Double(angle))
        for found in squaredSines([Float](repeating: angle, count: 21)) {
            #expect(abs(Double(found) - exact) <= 2.5e-7 * exact + 1e-45)
        }
    }

    @Test(
        "what is not finite stays not a number, in its lane only",
        arguments: [Float.infinity, -.infinity, .nan], [5, 19])
    func notFinite(value: Float, lane: Int) {
        var angles = [Float](repeating: 1, count: 20)
        let expected = squaredSines(angles)
        angles[lane] = value
        for (index, found) in squaredSines(angles).enumerated() {
            #expect(index == lane ? found.isNaN : found == expected[index])
        }
    }

    @Test("every channel has its own slope, whatever the width", arguments: 1...33, [1, 2, 3, 16])
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

private func squaredSines(_ angles: [Float]) -> [Float] {
    var squares = [Float](repeating: -1, count: angles.count)
    codec_squared_sine(angles, &squares, angles.count)
    return squares
}

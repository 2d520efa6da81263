import AlignmentKit
import Testing

@Suite("16-bit samples")
struct PCM16Tests {
    @Test(
        "samples are floored to steps, clipped to the range, and NaN is the lowest",
        arguments: [
            (0, 0), (1 / 32768, 1), (0.6 / 32768, 0), (-0.4 / 32768, -1), (1, 32767), (2, 32767),
            (-1, -32768),
            (-2, -32768), (.nan, -32768), (.infinity, 32767), (-.infinity, -32768),
        ] as [(Float, Int16)])
    func quantised(sample: Float, written: Int16) {
        #expect(PCM16.quantised(sample) == written)
    }
}

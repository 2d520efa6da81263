import AlignmentKit
import Testing

@Suite("Integer samples")
struct PCMTests {
    @Test(
        "samples are floored to steps, clipped to the range, and NaN is the lowest",
        arguments: [
            (0, 0), (1 / 32768, 1), (0.6 / 32768, 0), (-0.4 / 32768, -1), (1, 32767), (2, 32767),
            (-1, -32768),
            (-2, -32768), (.nan, -32768), (.infinity, 32767), (-.infinity, -32768),
        ] as [(Float, Int32)])
    func quantised(sample: Float, written: Int32) {
        #expect(PCM(bits: 16).quantised(sample) == written << 16)
    }

    @Test(
        "16 bits made by hand wrap or are truncated, NaN is 0",
        arguments: [
            (0, 0, 0), (0.5, 16383, 16383), (-0.5, -16383, -16383), (1, 32767, 32767), (-1, -32767, -32767),
            (1.5, -16386, 32767), (-1.5, 16386, -32768), (2, -2, 32767), (.nan, 0, 0), (1e30, 0, 32767),
            (-.infinity, 0, -32768),
        ] as [(Float, Int32, Int32)])
    func sixteenBits(sample: Float, wrapped: Int32, truncated: Int32) {
        for bits in [16, 24, 32] {
            let encoding = PCM(bits: bits)
            #expect(encoding.quantised(sample, .wrap) == wrapped << 16)
            #expect(encoding.quantised(sample, .truncate) == truncated << 16)
            #expect(encoding.quantised(sample, .clamp) == encoding.quantised(sample))
        }
    }

    @Test("libsndfile's words name the bits, and other encodings are none of them")
    func subtypes() {
        #expect(["PCM_16", "PCM_24", "PCM_32"].map { PCM(subtype: $0)?.bits } == [16, 24, 32])
        #expect(["FLOAT", "PCM_U8", "ULAW", ""].allSatisfy { PCM(subtype: $0) == nil })
    }
}

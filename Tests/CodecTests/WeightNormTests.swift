import AlignmentKit
import Testing

@Suite("Weight norm")
struct WeightNormTests {
    private let fixture: Fixture
    private let codes: NDArray<Int64>

    init() throws {
        fixture = try Fixture("wide-rows")
        codes = try #require(fixture.cases.first).codes
    }

    /// The weights with `weight_v` renamed to `weight` and without `weight_g`, for names that pass.
    private func directions(_ isTaken: (String) -> Bool = { _ in true }) -> [String: Tensor] {
        var stateDict = fixture.stateDict
        for name in fixture.stateDict.keys where name.hasSuffix(".weight_v") && isTaken(name) {
            let prefix = String(name.dropLast(2))
            stateDict[prefix] = stateDict.removeValue(forKey: name)
            stateDict[prefix + "_g"] = nil
        }
        return stateDict
    }

    @Test(
        "the direction alone is a plain weight of the same numbers, in every precision",
        arguments: CodecPrecision.allCases)
    func directionOnly(precision: CodecPrecision) throws {
        let family = CodecFamily(try CodecWeights(stateDict: fixture.stateDict))
        let plain = Codec(try CodecWeights(stateDict: directions()), precision: precision)
        let fused = try family[precision].decode(codes)
        let found = try family.codec(precision, .directionOnly).decode(codes)
        #expect(found == (try plain.decode(codes)))
        #expect(found != fused)
        // The cache keeps both apart.
        #expect(try family.codec(precision, .directionOnly).decode(codes) == found)
        #expect(try family.codec(precision, .fused).decode(codes) == fused)
        #expect(
            try Codec(CodecWeights(stateDict: fixture.stateDict), precision: precision).decode(codes) == fused
        )
    }

    @Test("fused weights have no direction to take alone")
    func fused() throws {
        let family = CodecFamily(try CodecWeights(stateDict: directions()))
        let error = #expect(throws: CodecError.self) { try family.codec(.float32, .directionOnly) }
        #expect(error == .fusedWeights)
        #expect(
            error?.description == "expected convolutions of weight_g and weight_v, found them fused; "
                + "take the weights of the checkpoint")
        #expect(try family.codec(.float32, .fused).decode(codes) == family[.float32].decode(codes))
    }

    @Test(
        "each convolution loses its magnitude, those with a plain weight stay",
        arguments: ["model.0.", "model.1.block.1.", "model.1.block.2.block.1.", "model.1.block.4.block.3."])
    func mixed(layer: String) throws {
        let all = try Codec(CodecWeights(stateDict: directions())).decode(codes)
        let others = CodecFamily(try CodecWeights(stateDict: directions { !$0.contains(layer) }))
        #expect(try others[.float32].decode(codes) != all)
        #expect(try others.codec(.float32, .directionOnly).decode(codes) == all)
    }
}

import AlignmentCodec
import AlignmentKit
import Testing

@Suite("Codec weights")
struct WeightsTests {
    @Test("read every size from the shapes")
    func configuration() throws {
        let codec = try Fixture("released-ratios").codec()
        let configuration = codec.configuration
        #expect(configuration.quantizerCount == 8)
        #expect(configuration.codebookSize == 32)
        #expect(configuration.codebookWidth == 8)
        #expect(configuration.quantizedWidth == 40)
        #expect(configuration.latentWidth == 12)
        #expect(configuration.channels == [48, 24, 12, 6, 3, 1])
        #expect(configuration.strides == [8, 5, 4, 2, 3])
        #expect(codec.hopLength == 960)
    }

    // Without projections, a last codebook that is missing leaves no trace.
    @Test("name a tensor that is missing", arguments: ["released-ratios", "wide-rows", "long"])
    func missing(fixture: String) throws {
        let complete = try Fixture(fixture).stateDict
        for name in complete.keys {
            var stateDict = complete
            stateDict[name] = nil
            #expect(throws: CodecError.missingTensors(names: [name])) {
                _ = try CodecWeights(stateDict: stateDict)
            }
        }
    }

    @Test("name every tensor that is missing, and what upstream would have in its place")
    func severalMissing() throws {
        var stateDict = try Fixture("long").stateDict
        let names = [
            "quantizer.vq.layers.1._codebook.embed", "decoder_2.model.0.weight_g",
            "decoder_2.model.0.weight_v",
            "decoder_2.model.2.block.3.block.2.alpha", "decoder_2.model.5.bias",
        ]
        for name in names { stateDict[name] = nil }
        let error = CodecError.missingTensors(names: names)
        #expect(throws: error) { _ = try CodecWeights(stateDict: stateDict) }
        #expect(
            error.description
                == "the codec's weights lack 5 tensors, where upstream (strict=False) would run on "
                + "its initialisation: \(names[0]) (zeros), \(names[1]) (random), \(names[2]) (random), "
                + "\(names[3]) (ones), \(names[4]) (random)")
    }

    @Test("name a tensor of the wrong rank", arguments: Fixture.names)
    func wrongRank(fixture: String) throws {
        let complete = try Fixture(fixture).stateDict
        let shape = try Shape([1, 1, 1, 1])
        for name in complete.keys {
            var stateDict = complete
            stateDict[name] = .float32(NDArray(repeating: 0, shape: shape))
            let error = #expect(throws: CodecError.self) { _ = try CodecWeights(stateDict: stateDict) }
            guard case .tensorShape(name, _, shape)? = error else {
                Issue.record("\(name): \(String(describing: error))")
                continue
            }
        }
    }

    @Test("name a tensor whose width is not its neighbours', with both shapes")
    func wrongShape() throws {
        var stateDict = try Fixture("long").stateDict
        let name = "decoder_2.model.2.block.3.block.1.weight_v"
        stateDict[name] = .float32(NDArray(repeating: 1, shape: .cube(9, 8, 7)))
        let error = CodecError.tensorShape(name: name, expected: [9, 9, 7], found: .cube(9, 8, 7))
        #expect(throws: error) { _ = try CodecWeights(stateDict: stateDict) }
        #expect(error.description == "\(name): expected the shape [9, 9, 7], found [9, 8, 7]")
    }

    @Test("refuse integers and empty weights as a missing dictionary is refused")
    func wrongKind() throws {
        var stateDict = try Fixture("long").stateDict
        stateDict["fc_post2.bias"] = .int32(NDArray(repeating: 1, shape: .vector(5)))
        #expect(throws: CodecError.tensorType(name: "fc_post2.bias", found: .int32)) {
            _ = try CodecWeights(stateDict: stateDict)
        }
        stateDict["fc_post2.weight"] = .float32(NDArray(repeating: 1, shape: .matrix(0, 20)))
        #expect(
            throws: CodecError.tensorShape(
                name: "fc_post2.weight", expected: [nil, nil], found: .matrix(0, 20))
        ) { _ = try CodecWeights(stateDict: stateDict) }
        let error = #expect(throws: CodecError.self) { _ = try CodecWeights(stateDict: [:]) }
        guard case .missingTensors(let names)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // One quantizer without projection, one block: the least that there can be.
        #expect(names.count == 38)
        #expect(names.prefix(2) == ["fc_post2.weight", "fc_post2.bias"])
        #expect(names.last == "decoder_2.model.3.bias")
    }

    @Test("refuse an upsampling kernel that is not twice a stride", arguments: [1, 2, 5])
    func oddKernel(kernel: Int) throws {
        var stateDict = try Fixture("long").stateDict
        let name = "decoder_2.model.1.block.1"
        stateDict[name + ".weight_v"] = .float32(NDArray(repeating: 1, shape: .cube(36, 18, kernel)))
        #expect(throws: CodecError.upsamplingKernel(name: name, found: kernel)) {
            _ = try CodecWeights(stateDict: stateDict)
        }
    }

    @Test("refuse strides without bound, and an index without bound, as values")
    func absurdSizes() throws {
        var stateDict = try Fixture("without-projection").stateDict
        let model = "decoder_2.model"
        for name in stateDict.keys where name.hasPrefix("\(model).1.block.") {
            for index in 2...30 {
                stateDict["\(model).\(index).block." + name.dropFirst(model.count + 9)] = stateDict[name]
            }
        }
        for index in 2...30 {
            let block = "\(model).\(index).block"
            stateDict["\(block).0.alpha"] = .float32(NDArray(repeating: 1, shape: .cube(1, 5, 1)))
            stateDict["\(block).1.weight_g"] = .float32(NDArray(repeating: 1, shape: .cube(5, 1, 1)))
            stateDict["\(block).1.weight_v"] = .float32(NDArray(repeating: 1, shape: .cube(5, 5, 4)))
        }
        for name in ["31.alpha", "32.weight", "32.bias"] {
            stateDict["\(model).\(name)"] = .float32(NDArray(vector: [1]))
        }
        #expect(throws: CodecError.hopLength(strides: [7] + Array(repeating: 2, count: 18))) {
            _ = try CodecWeights(stateDict: stateDict)
        }
        stateDict = try Fixture("long").stateDict
        stateDict["quantizer.vq.layers.\(Int.max).x"] = .float32(NDArray(vector: [1]))
        #expect(try CodecWeights(stateDict: stateDict).unexpectedNames.count == 1)
        stateDict["quantizer.vq.layers.\(Int.max)._codebook.embed"] = .float32(NDArray(vector: [1]))
        let error = #expect(throws: CodecError.self) { _ = try CodecWeights(stateDict: stateDict) }
        guard case .missingTensors(let names)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(names.first == "quantizer.vq.layers.3._codebook.embed")
        #expect(names.count <= 3 * (stateDict.count + 1))
    }

    @Test("list the names that upstream's module does not have either")
    func unexpectedNames() throws {
        var stateDict = try Fixture("long").stateDict
        let extra = Tensor.float32(NDArray(vector: [1]))
        for name in [
            "fc_prior.weight", "encoder.block.0.bias", "semantic_model.x", "fc_post1.bias",
            "quantizer.vq.layers.0.project_in.weight", "quantizer.vq.layers.2._codebook.inited",
        ] { stateDict[name] = extra }
        #expect(try CodecWeights(stateDict: stateDict).unexpectedNames == [])
        stateDict["decoder_2.model.0.weight"] = extra
        stateDict["acoustic_decoder.conv1.bias"] = extra
        #expect(
            try CodecWeights(stateDict: stateDict).unexpectedNames == [
                "acoustic_decoder.conv1.bias", "decoder_2.model.0.weight",
            ])
    }

    @Test("are read under the port's names, and weight norm under the names of torch's newer parametrization")
    func port() throws {
        let fixture = try Fixture("released-ratios")
        var stateDict: [String: Tensor] = [:]
        for (name, tensor) in fixture.stateDict { stateDict[portName(name)] = tensor }
        for name in ["fc1.bias", "acoustic_encoder.conv1.bias", "quantizer.quantizers.0.codebook.inited"] {
            stateDict[name] = .float32(NDArray(vector: [1]))
        }
        let weights = try CodecWeights(stateDict: stateDict)
        #expect(weights.naming == .port)
        #expect(weights.unexpectedNames == [])
        let codes = try #require(fixture.cases.first).codes
        #expect(try Codec(weights).decode(codes) == fixture.codec().decode(codes))

        let missing = "acoustic_decoder.block.4.res_unit3.conv1.parametrizations.weight.original1"
        stateDict[missing] = nil
        stateDict["fc_post2.bias"] = .float32(NDArray(vector: [1]))
        #expect(throws: CodecError.missingTensors(names: [missing])) {
            _ = try CodecWeights(stateDict: stateDict)
        }
    }

    /// The port's name of upstream's (convert_higgs_audio_v2_tokenizer_to_hf.py), for five blocks.
    private func portName(_ name: String) -> String {
        var parts = name.split(separator: ".").map(String.init)
        let leaves = ["weight_g": "original0", "weight_v": "original1"]
        if let leaf = parts.last.flatMap({ leaves[$0] }) {
            parts.replaceSubrange(parts.count - 1..<parts.count, with: ["parametrizations", "weight", leaf])
        }
        switch parts[0] {
        case "fc_post2": return (["fc2"] + parts.dropFirst()).joined(separator: ".")
        case "quantizer":
            return (["quantizer", "quantizers"] + parts.dropFirst(3)).joined(separator: ".")
                .replacing("_codebook", with: "codebook")
        default: break
        }
        let layer: [String] =
            switch (Int(parts[2]) ?? 0, parts.count > 4 ? Int(parts[4]) : nil) {
            case (0, _): ["conv1"] + parts.dropFirst(3)
            case (6, _): ["snake1"] + parts.dropFirst(3)
            case (7, _): ["conv2"] + parts.dropFirst(3)
            case (let block, 0?): ["block", "\(block - 1)", "snake1"] + parts.dropFirst(5)
            case (let block, 1?): ["block", "\(block - 1)", "conv_t1"] + parts.dropFirst(5)
            case (let block, let unit):
                ["block", "\(block - 1)", "res_unit\((unit ?? 0) - 1)"]
                    + [["snake1", "conv1", "snake2", "conv2"][Int(parts[6]) ?? 0]] + parts.dropFirst(7)
            }
        return (["acoustic_decoder"] + layer).joined(separator: ".")
    }

    @Test("accept fused weights: a direction of norm g is its own weight")
    func fusedWeights() throws {
        let fixture = try Fixture("wide-rows")
        var stateDict = fixture.stateDict
        for name in fixture.stateDict.keys where name.hasSuffix(".weight_v") {
            let prefix = String(name.dropLast(2))
            guard case .float32(let direction)? = stateDict.removeValue(forKey: name),
                case .float32(let magnitude)? = stateDict.removeValue(forKey: prefix + "_g")
            else { continue }
            var fused = direction
            let count = direction.shape.elementCount / direction.shape[0]
            for row in 0..<direction.shape[0] {
                let values = direction.scalars[row * count..<(row + 1) * count]
                let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                for offset in values.indices {
                    fused[flat: offset] = Float(
                        Double(values[offset]) * (Double(magnitude[flat: row]) / norm))
                }
            }
            stateDict[prefix] = .float32(fused)
        }
        let codec = Codec(try CodecWeights(stateDict: stateDict))
        let example = try #require(fixture.cases.first)
        #expect(largestError(try codec.decode(example.codes), example.waveform) <= 2 * example.torchError)
    }

    @Test("convert float64, float16 and bfloat16 tensors")
    func conversions() throws {
        let fixture = try Fixture("without-projection")
        let codes = try #require(fixture.cases.first).codes
        func decode(_ convert: (NDArray<Float>) -> Tensor) throws -> [Float] {
            let stateDict = try fixture.stateDict.mapValues { convert(try $0.float32()) }
            return try Codec(CodecWeights(stateDict: stateDict)).decode(codes)
        }
        let exact = try decode { .float32($0) }
        #expect(try decode { .float64($0.map { Double($0) }) } == exact)
        let half = try decode { .float16($0.map { Float16($0) }) }
        #expect(try decode { .float32($0.map { Float(Float16($0)) }) } == half)
        let brain = try decode { .bfloat16($0.map { BFloat16($0) }) }
        #expect(try decode { .float32($0.map { BFloat16($0).float }) } == brain)
    }
}

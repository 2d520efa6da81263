internal import AlignmentTensors

extension WeightReader {
    /// Quantizers that the names speak of, at least one.
    var quantizerCount: Int {
        max(1, layerCount(naming.quantizers) { $0 == naming.codebook || $0.hasPrefix("project_out.") })
    }

    /// Upsampling blocks that the names speak of, at least one.
    var blockCount: Int {
        max(1, layerCount(naming.blocks) { $0.hasPrefix(naming.blockMarker) } - naming.firstBlock)
    }

    /// Every name that decoding reads and the state dict lacks, in the order of use.
    var missingNames: [String] {
        var names = linearNames(naming.latentProjection)
        for index in 0..<quantizerCount {
            let prefix = "\(naming.quantizers).\(index)"
            names.append("\(prefix).\(naming.codebook)")
            if projectsEntries { names += linearNames("\(prefix).project_out") }
        }
        names += convolutionNames(naming.inputConvolution)
        for index in 0..<blockCount {
            let prefix = naming.block(index)
            names.append("\(prefix).\(naming.blockSnake).alpha")
            names += convolutionNames("\(prefix).\(naming.upsampling)")
            for unit in 0..<3 {
                let layers = naming.residualUnit(unit).map { "\(prefix).\($0)" }
                names += ["\(layers[0]).alpha"] + convolutionNames(layers[1])
                names += ["\(layers[2]).alpha"] + convolutionNames(layers[3])
            }
        }
        names.append("\(naming.outputSnake(blockCount: blockCount)).alpha")
        names += convolutionNames(naming.outputConvolution(blockCount: blockCount))
        return names.filter { !contains($0) }
    }

    /// Whether the codebooks' entries pass a linear layer: by their width, or, where a tensor that says so is
    /// missing, by the names.
    private var projectsEntries: Bool {
        let books = (0..<quantizerCount).lazy.compactMap {
            tensors["\(naming.quantizers).\($0).\(naming.codebook)"]
        }
        if let width = tensors[naming.latentProjection + ".weight"]?.shape, width.rank == 2,
            let book = books.first?.shape, book.rank == 2
        {
            return naming.hasProjection(from: book[1], to: width[1])
        }
        return tensors.keys.contains { $0.hasPrefix(naming.quantizers + ".") && $0.contains(".project_out.") }
    }

    private func linearNames(_ prefix: String) -> [String] { [prefix + ".weight", prefix + ".bias"] }

    private func convolutionNames(_ prefix: String) -> [String] {
        let bias = prefix + ".bias"
        if let pair = normPair(prefix) { return [pair.magnitude, pair.direction, bias] }
        if contains(prefix + ".weight") { return [bias] }
        return naming.convolutionLeaves.map { "\(prefix).\($0)" } + [bias]
    }

    /// One more than the highest `n` among the names `prefix.n.rest` of such a rest, 0 if there is none.
    private func layerCount(_ prefix: String, where isOne: (Substring) -> Bool) -> Int {
        let indices = tensors.keys.compactMap { name -> Int? in
            guard name.hasPrefix(prefix + ".") else { return nil }
            let parts = name.dropFirst(prefix.count + 1).split(separator: ".", maxSplits: 1)
            guard parts.count == 2, isOne(parts[1]) else { return nil }
            return Int(parts[0])
        }
        // A stray index beyond all tensors only has to be found missing.
        return min(indices.max() ?? -1, tensors.count) + 1
    }
}

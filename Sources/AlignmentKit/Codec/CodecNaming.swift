/// How a state dict names the decoding side.
public enum CodecNaming: String, Sendable, Hashable, CaseIterable {
    /// boson_multimodal: `quantizer.vq.layers.*`, `fc_post2.*`, `decoder_2.model.*`.
    case upstream
    /// transformers from version 5 on (`HiggsAudioV2TokenizerModel`): `quantizer.quantizers.*`, `fc2.*`,
    /// `acoustic_decoder.*`.
    case port

    /// The naming of most of a state dict's names; upstream's where none is known.
    init(of names: some Sequence<String>) {
        var balance = 0
        for name in names {
            if Self.upstream.roots.contains(where: name.hasPrefix) { balance += 1 }
            if Self.port.roots.contains(where: name.hasPrefix) { balance -= 1 }
        }
        self = balance < 0 ? .port : .upstream
    }

    /// Prefixes of the names that decoding reads.
    private var roots: [String] { [quantizers + ".", latentProjection + ".", decoder + "."] }

    var quantizers: String { self == .upstream ? "quantizer.vq.layers" : "quantizer.quantizers" }
    var codebook: String { self == .upstream ? "_codebook.embed" : "codebook.embed" }
    /// Whether entries of one width pass a linear layer to the sum's: upstream leaves it out between equal widths.
    func hasProjection(from entry: Int, to sum: Int) -> Bool { self == .port || entry != sum }
    var latentProjection: String { self == .upstream ? "fc_post2" : "fc2" }
    private var decoder: String { self == .upstream ? "decoder_2.model" : "acoustic_decoder" }
    var inputConvolution: String { self == .upstream ? "\(decoder).0" : "\(decoder).conv1" }

    /// What the names of blocks begin with, before their number.
    var blocks: String { self == .upstream ? decoder : "\(decoder).block" }
    /// What follows the number in each name of a block.
    var blockMarker: String { self == .upstream ? "block." : "" }
    /// The number of the first block.
    var firstBlock: Int { self == .upstream ? 1 : 0 }

    /// The prefix of a block, counted from 0.
    func block(_ index: Int) -> String {
        self == .upstream ? "\(decoder).\(index + 1).block" : "\(decoder).block.\(index)"
    }
    var blockSnake: String { self == .upstream ? "0" : "snake1" }
    var upsampling: String { self == .upstream ? "1" : "conv_t1" }
    /// The four layers of a residual unit inside its block, counted from 0: Snake, convolution, Snake, convolution.
    func residualUnit(_ index: Int) -> [String] {
        self == .upstream
            ? (0...3).map { "\(index + 2).block.\($0)" }
            : ["snake1", "conv1", "snake2", "conv2"].map { "res_unit\(index + 1).\($0)" }
    }

    func outputSnake(blockCount: Int) -> String {
        self == .upstream ? "\(decoder).\(blockCount + 1)" : "\(decoder).snake1"
    }
    func outputConvolution(blockCount: Int) -> String {
        self == .upstream ? "\(decoder).\(blockCount + 2)" : "\(decoder).conv2"
    }

    /// How a convolution that is missing altogether would be named.
    var convolutionLeaves: [String] { self == .upstream ? ["weight_g", "weight_v"] : ["weight"] }

    /// Names of the module that decoding does not read: the encoding side, the semantic side, and what training
    /// keeps in the quantizers.
    func hasWithoutUse(_ name: String) -> Bool {
        let modules =
            self == .upstream
            ? [
                "encoder.", "encoder_semantic.", "decoder_semantic.", "semantic_model.", "fc_prior.",
                "fc_post1.",
            ]
            : [
                "acoustic_encoder.", "encoder_semantic.", "decoder_semantic.", "semantic_model.", "fc.",
                "fc1.",
            ]
        if modules.contains(where: name.hasPrefix) { return true }
        let book = codebook.dropLast("embed".count)
        let leaves = [
            ".project_in.weight", ".project_in.bias", ".\(book)embed_avg", ".\(book)cluster_size",
            ".\(book)inited",
        ]
        return name.hasPrefix(quantizers + ".") && leaves.contains(where: name.hasSuffix)
    }
}

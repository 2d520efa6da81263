public import AlignmentCodec
import AlignmentWording

extension CodecWeights {
    /// What the reader should know of the weights that were read: the tensors that nothing reads.
    public var notes: [String] {
        guard !unexpectedNames.isEmpty else { return [] }
        return [
            "The codec's weights hold \(counted(unexpectedNames.count, "tensor")) that upstream's codec does not have "
                + "and that its strict=False ignores: \(unexpectedNames.joined(separator: ", "))."
        ]
    }
}

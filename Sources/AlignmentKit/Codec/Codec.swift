public import AlignmentTensors
public struct CodecError: Error { public let message: String }
public struct Codec: Sendable {
    public func decode(_ codes: NDArray<Int64>) throws(CodecError) -> [Float] { [] }
}

public import AlignmentTensors
internal import Foundation
internal import Synchronization

/// The decoding side of the Higgs Audio v2 codec: codes in, waveform out
/// (`HiggsAudioTokenizer.decode` of boson_multimodal/audio_processing/higgs_audio_tokenizer.py).
///
/// Residual vector dequantisation, a linear layer, and the decoder of the Descript Audio Codec with
/// `output_padding` and without its tanh.
public struct Codec: Sendable {
    /// The sizes, as read from the weights.
    public let configuration: CodecConfiguration
    /// The arithmetic that it decodes in; a precision other than float32 is emulated, and slower.
    public let precision: CodecPrecision
    private let decoder: TileDecoder

    /// A codec with these weights, which it copies into the layout that it computes with.
    public init(_ weights: CodecWeights, precision: CodecPrecision = .float32) {
        configuration = weights.configuration
        self.precision = precision
        decoder = TileDecoder(weights, Rounding(precision))
    }

    /// Samples of one frame (960 in the release, at 24 kHz).
    public var hopLength: Int { configuration.hopLength }
    /// Codebooks that can be decoded (8 in the release).
    public var quantizerCount: Int { configuration.quantizerCount }
    /// Entries of each codebook (1024 in the release).
    public var codebookSize: Int { configuration.codebookSize }

    /// The waveform of these codes, `hopLength` samples a frame. Its range is not bounded.
    ///
    /// The result has the same bits from run to run and for any number of threads. Working memory
    /// grows with the number of threads, not with the length of the audio.
    ///
    /// - Parameters:
    ///   - codes: [codebook, frame], each in `0 ..< codebookSize`. With fewer rows than quantizers,
    ///     only the first quantizers contribute, as upstream.
    ///   - threads: How many threads decode; nil for one per core.
    /// - Throws: `CodecError.codesShape`, `.noCodebooks`, `.noFrames`, `.surplusCodebooks` or
    ///   `.codeOutOfRange`, wherever upstream raises.
    public func decode(_ codes: NDArray<Int64>, threads: Int? = nil) throws(CodecError) -> [Float] {
        // At most 128 frames, of which the context costs a few hundredths; an even number of tiles, so
        // that two cores finish together. It depends on nothing but the length, for the same bits.
        let frameCount = codes.shape.extents.last ?? 0
        return try decode(codes, threads: threads, tileCount: 2 * ((frameCount + 255) / 256))
    }

    /// Decodes in this many tiles of nearly equal length.
    func decode(
        _ codes: NDArray<Int64>, threads: Int?, tileCount: Int
    ) throws(CodecError) -> [Float] {
        try check(codes)
        let frameCount = codes.columns
        let tileCount = min(tileCount, frameCount)
        let cores = threads ?? ProcessInfo.processInfo.activeProcessorCount
        useOpenBLASOnCallingThread()
        let sampleCount = frameCount * hopLength
        return [Float](unsafeUninitializedCapacity: sampleCount) { samples, count in
            count = sampleCount
            guard let address = samples.baseAddress else { return }
            // Tiles write to disjoint parts of it.
            nonisolated(unsafe) let output = address
            let nextTile = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: max(1, min(cores, tileCount))) { _ in
                let workspace = Workspace()
                while true {
                    let tile = nextTile.add(1, ordering: .relaxed).oldValue
                    guard tile < tileCount else { return }
                    let frames = tile * frameCount / tileCount..<(tile + 1) * frameCount / tileCount
                    decoder.decode(codes, frames: frames, to: output, in: workspace)
                }
            }
        }
    }

    /// Finds, in upstream's order, the first reason not to decode these codes.
    private func check(_ codes: NDArray<Int64>) throws(CodecError) {
        guard codes.shape.rank == 2 else { throw .codesShape(found: codes.shape) }
        guard codes.rows > 0 else { throw .noCodebooks }
        for codebook in 0..<min(codes.rows, quantizerCount) {
            for (frame, value) in codes.row(codebook).enumerated()
            where value < 0 || value >= codebookSize {
                throw .codeOutOfRange(
                    codebook: codebook, frame: frame, value: value, codebookSize: codebookSize)
            }
        }
        guard codes.rows <= quantizerCount else {
            throw .surplusCodebooks(found: codes.rows, quantizerCount: quantizerCount)
        }
        guard codes.columns > 0 else { throw .noFrames }
    }
}

extension Codec: CustomStringConvertible {
    /// The sizes, not the weights.
    public var description: String { "codec of \(configuration)" }
}

import AlignmentTensors

/// Finds what was generated in a stream that begins with its reference, by its columns of BOS and of EOS alone.
///
/// Source: transformers `processing_higgs_audio_v2.py`, `HiggsAudioV2Processor.batch_decode`.
struct EndColumnSearch {
    private let bos: Int64
    private let eos: Int64

    init(_ model: ModelConfiguration) {
        bos = Int64(model.audioStreamBOS)
        eos = Int64(model.audioStreamEOS)
    }

    /// The last column of BOS; of several streams, the one of the last stream that has any counts for all.
    func opening(of streams: [NDArray<Int64>]) throws(UpstreamError) -> Int {
        for stream in streams.reversed() {
            if let last = (0..<stream.columns).last(where: { isFilled(stream, $0, with: bos) }) {
                return last
            }
        }
        throw UpstreamError(
            type: "IndexError", message: "index -1 is out of bounds for dimension 0 with size 0",
            location: "processing_higgs_audio_v2.py, HiggsAudioV2Processor.batch_decode")
    }

    /// The columns between the opening and the first column of EOS after it, else all that follow.
    func inside(_ stream: NDArray<Int64>, after opening: Int) -> NDArray<Int64> {
        let end = (opening..<max(stream.columns, opening)).first { isFilled(stream, $0, with: eos) }
        let start = min(opening + 1, stream.columns)
        return stream.columns(start..<max(end ?? stream.columns, start))
    }

    private func isFilled(_ stream: NDArray<Int64>, _ column: Int, with id: Int64) -> Bool {
        (0..<stream.rows).allSatisfy { stream[$0, column] == id }
    }
}

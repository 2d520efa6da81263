import AlignmentCodec
import AlignmentStages

extension CodecError {
    /// The same as upstream's Python would raise it.
    var upstream: UpstreamError {
        UpstreamError(type: "RuntimeError", message: message, location: "HiggsAudioTokenizer.decode")
    }
}

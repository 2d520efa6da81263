import AlignmentCodec
import AlignmentStages

extension CodecError {
    /// The exception that upstream's codec raises for the same codes.
    var upstream: UpstreamError {
        let (type, message) =
            switch self {
            case .codeOutOfRange: ("IndexError", "index out of range in self")
            case .surplusCodebooks(_, let count): ("IndexError", "index \(count) is out of range")
            case .noFrames:
                (
                    "RuntimeError",
                    "Calculated padded input size per channel: (6). Kernel size: (7). "
                        + "Kernel size can't be greater than actual input size"
                )
            default: ("RuntimeError", description)
            }
        return UpstreamError(
            type: type, message: message,
            location: "audio_processing/higgs_audio_tokenizer.py, HiggsAudioTokenizer.decode")
    }
}

import AlignmentStages
import AlignmentTensors

/// How a delayed stream begins, ends, and what stands inside, before any clip.
public struct StreamEnds: Sendable, Equatable, Codable {
    /// Delayed columns.
    public var columns: Int
    /// Columns after the revert.
    public var revertedColumns: Int
    /// A codebook of the last reverted column holds EOS.
    public var endsInEos: Bool
    /// Every codebook of the first reverted column holds BOS.
    public var beginsInBos: Bool
    /// Cells outside 0 ... EOS.
    public var outOfRange: Int
    /// Cells with a special id in the columns that the strip keeps, by codebook, [codebook].
    public var specialsInside: [Int]
    /// The first kept frame with a special id; nil for none.
    public var firstSpecialFrame: Int?

    /// Looks at a delayed stream, [codebook, column]; nil if it cannot be reverted.
    init?(_ delayed: NDArray<Int64>, model: ModelConfiguration) {
        guard let reverted = try? DelayPattern.revert(delayed) else { return nil }
        let (bos, eos) = (Int64(model.audioStreamBOS), Int64(model.audioStreamEOS))
        let last = reverted.columns - 1
        columns = delayed.columns
        revertedColumns = reverted.columns
        endsInEos = last >= 0 && (0..<reverted.rows).contains { reverted[$0, last] == eos }
        beginsInBos = last >= 0 && (0..<reverted.rows).allSatisfy { reverted[$0, 0] == bos }
        outOfRange = delayed.scalars.count { $0 < 0 || $0 > max(bos, eos) }
        let kept = 1..<max(last, 1)
        specialsInside = (0..<reverted.rows).map { codebook in
            kept.count { reverted[codebook, $0] >= Int64(model.audioCodebookSize) }
        }
        firstSpecialFrame = kept.first { column in
            (0..<reverted.rows).contains { reverted[$0, column] >= Int64(model.audioCodebookSize) }
        }.map { $0 - 1 }
    }
}

/// What the generated text says of the audio's end.
public enum TextEvidence: String, Sendable, Codable {
    /// An `<|audio_eos|>` follows the last `<|AUDIO_OUT|>`: the audio met its EOS.
    case metEos = "met_eos"
    /// The text ends in `<|AUDIO_OUT|>`: the limit cut the audio.
    case cutByLimit = "cut_by_limit"
    /// The text holds no audio.
    case noAudio = "no_audio"

    /// Reads generated text ids, [position].
    init(_ ids: [Int64], model: ModelConfiguration) {
        guard let last = ids.lastIndex(of: Int64(model.audioOutTokenID)) else {
            self = .noAudio
            return
        }
        self = ids[last...].contains(Int64(model.audioEOSTokenID)) ? .metEos : .cutByLimit
    }
}

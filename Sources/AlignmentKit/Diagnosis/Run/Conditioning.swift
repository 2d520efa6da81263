import AlignmentStages
import AlignmentTensors

/// The conditioning audio that reaches the model on both paths.
public struct Conditioning: Sendable, Equatable, Codable {
    /// As the pipeline did it: captured, else recomputed under its profile.
    public var current: [Segment]
    /// Under the reference profile.
    public var aligned: [Segment]

    /// One placeholder of the prompt and the codes that stand under it.
    public struct Segment: Sendable, Equatable, Codable {
        /// `<|AUDIO|>` or `<|AUDIO_OUT|>`.
        public var placeholder: String
        /// Frames of codes between BOS and EOS. 0: the model hears an empty answer. nil: no codes at all, a
        /// hole in the prompt.
        public var frames: Int?
    }

    /// No conditioning audio on either path.
    public static let empty = Conditioning(current: [], aligned: [])

    private init(current: [Segment], aligned: [Segment]) {
        self.current = current
        self.aligned = aligned
    }

    /// Reads both sides' batches; a side that raised has no segments.
    init(
        current: Outcome, aligned: Outcome, model: ModelConfiguration, currentProfile: Profile,
        alignedProfile: Profile
    ) {
        self.current = Self.segments(of: current, model, currentProfile.collator)
        self.aligned = Self.segments(of: aligned, model, alignedProfile.collator)
    }

    private static func segments(
        of outcome: Outcome, _ model: ModelConfiguration, _ profile: CollatorProfile
    ) -> [Segment] {
        guard let prompt = outcome["batch/input_ids"]?.ids?.scalars else { return [] }
        if profile.batchLayout == .expanded { return expandedSegments(prompt, model, profile) }
        var frames = [
            Int64(model.audioInTokenID): frameCounts(outcome, "audio_in_ids", profile),
            Int64(model.audioOutTokenID): frameCounts(outcome, "audio_out_ids", profile),
        ]
        return prompt.compactMap { id in
            guard frames[id] != nil else { return nil }
            let next = frames[id]?.isEmpty == false ? frames[id]?.removeFirst() : nil
            return Segment(
                placeholder: id == Int64(model.audioInTokenID) ? "<|AUDIO|>" : "<|AUDIO_OUT|>", frames: next)
        }
    }

    /// The segments of the port's prompt, in which each run of `<|AUDIO_OUT|>` ends in a delay token for every
    /// codebook but one.
    private static func expandedSegments(
        _ prompt: [Int64], _ model: ModelConfiguration, _ profile: CollatorProfile
    ) -> [Segment] {
        let delayed = (profile.audioNumCodebooks ?? model.audioNumCodebooks) - 1
        let isAudio = prompt.map {
            $0 == Int64(model.audioOutTokenID) || $0 == Int64(model.audioDelayTokenID)
        }
        var columns = 0
        return prompt.indices.compactMap { position in
            guard isAudio[position] else { return nil }
            columns += 1
            let isDelay = prompt[position] == Int64(model.audioDelayTokenID)
            let isLast =
                position + 1 == prompt.count || !isAudio[position + 1]
                || isDelay && prompt[position + 1] != prompt[position]
            guard isLast else { return nil }
            defer { columns = 0 }
            return Segment(placeholder: "<|AUDIO_OUT|>", frames: max(columns - delayed - 2, 0))
        }
    }

    /// Frames of each stream of a batch field; BOS, EOS and the delay's columns do not count.
    private static func frameCounts(
        _ outcome: Outcome, _ name: String, _ profile: CollatorProfile
    ) -> [Int] {
        guard let streams = outcome["batch/\(name)"]?.ids, streams.shape.rank == 2,
            let starts = outcome["batch/\(name)_start"]?.ids?.scalars.map(Int.init)
        else { return [] }
        let added =
            profile.disableAudioCodesTransform ? 0 : 2 + (profile.useDelayPattern ? streams.rows - 1 : 0)
        return zip(starts, starts.dropFirst() + [streams.columns]).map { max($1 - $0 - added, 0) }
    }
}

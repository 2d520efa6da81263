/// What a run printed about its settings.
struct RunFlags {
    /// A flag and the line that has it.
    typealias Flag = (value: Bool, line: Int)

    /// Whether codes under `<|AUDIO|>` go to the model.
    private(set) var returnsAudioInTokens: Flag?
    /// Whether the collator makes Whisper features.
    private(set) var encodesWhisper: Flag?
    /// Whether there is a Whisper processor.
    private(set) var hasWhisperProcessor: Flag?

    /// Takes a line outside of requests.
    mutating func take(_ observation: Observation) {
        guard let value = observation.values.flag("value") else { return }
        switch observation.rule.id {
        case "flag-return-audio-in-tokens": returnsAudioInTokens = (value, observation.line)
        case "flag-encode-whisper": encodesWhisper = (value, observation.line)
        case "flag-whisper-processor": hasWhisperProcessor = (value, observation.line)
        default: break
        }
    }
}

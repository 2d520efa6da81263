/// The last ids of a prompt, and which of them open and delay audio.
public struct PromptTail: Sendable {
    /// Ids, the last one last.
    public var ids: [Int64]
    /// `<|audio_out_bos|>`.
    public var audioOutBOS: Int64
    /// The port's delay token, `<|reserved_special_token_6|>`.
    public var audioDelay: Int64

    /// The end of a prompt.
    public init(ids: [Int64], audioOutBOS: Int64, audioDelay: Int64) {
        self.ids = ids
        self.audioOutBOS = audioOutBOS
        self.audioDelay = audioDelay
    }
}

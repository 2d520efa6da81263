/// The header that opens the assistant's turn, and whether a prompt needs it.
///
/// Source: upstream `serve/serve_engine.py`, `HiggsAudioServeEngine._prepare_inputs`, whose prompt ends in
/// `<|start_header_id|>assistant<|end_header_id|>` and two line breaks.
struct GenerationPrompt {
    /// The header's ids; none where the configuration does not know them.
    private let header: [Int64]
    /// `<|eot_id|>`.
    private let endOfTurn: Int64
    /// `<|audio_out_bos|>`, which asks for audio and follows the header.
    private let audioOpener: Int64

    init(_ model: ModelConfiguration) {
        (header, endOfTurn) = (model.assistantHeader, Int64(model.eotTokenID))
        audioOpener = Int64(model.audioOutBOSTokenID)
    }

    /// Whether the last turn that was ended is not followed by the assistant's. A prompt without an ended turn is
    /// none that a header could be missing in, and one that goes on after the header is the assistant's to go on.
    func isMissing(in prompt: [Int64]) -> Bool {
        guard !header.isEmpty, let end = prompt.lastIndex(of: endOfTurn) else { return false }
        let open = prompt[(end + 1)...]
        guard open.count >= header.count else { return true }
        return !(open.startIndex...open.endIndex - header.count).contains {
            open[$0..<$0 + header.count].elementsEqual(header)
        }
    }

    /// The prompt, with the header at its end where it is missing, before an `<|audio_out_bos|>` that ends it.
    func completing(_ prompt: [Int64]) -> [Int64] {
        guard isMissing(in: prompt) else { return prompt }
        return prompt.last == audioOpener ? prompt.dropLast() + header + [audioOpener] : prompt + header
    }
}

/// Finds the placeholders of a prompt and takes the surplus ones out.
struct Placeholders {
    let audioIn: Int64
    let audioOut: Int64
    /// `<|audio_bos|>`, `<|audio_out_bos|>`: what may stand before a placeholder and belong to it.
    let openers: Set<Int64>
    /// `<|audio_eos|>`: what may stand after it.
    let closer: Int64

    /// A prompt with at most one placeholder for each encoded segment.
    ///
    /// With more placeholders than segments, `<|AUDIO_OUT|>` ones are kept first, in order, then `<|AUDIO|>`
    /// ones. A surplus one leaves the prompt together with its opener and closer, where they stand there.
    func droppingSurplus(in prompt: [Int64], segments: Int) -> [Int64] {
        let outs = prompt.indices.filter { prompt[$0] == audioOut }
        let ins = prompt.indices.filter { prompt[$0] == audioIn }
        let surplus = (outs + ins).dropFirst(segments)
        guard !surplus.isEmpty else { return prompt }
        var dropped = Set(surplus)
        for position in surplus {
            if position > 0, openers.contains(prompt[position - 1]) { dropped.insert(position - 1) }
            if position + 1 < prompt.count, prompt[position + 1] == closer { dropped.insert(position + 1) }
        }
        return prompt.indices.filter { !dropped.contains($0) }.map { prompt[$0] }
    }
}

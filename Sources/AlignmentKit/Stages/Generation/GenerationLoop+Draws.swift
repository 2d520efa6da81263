import AlignmentTensors

extension GenerationLoop.Draws {
    /// What must have been drawn for a recorded generation.
    ///
    /// Text ids that the loop sets by itself are left out: what follows `<|audio_out_bos|>` and `<|AUDIO_OUT|>`.
    /// Cells that were forced have lost their draws; what was kept stands for them.
    init(recovering facts: GenerationFacts, text: GenerationFacts.TextFacts, under profile: GenerationProfile)
    {
        let forcing = [Int64(text.model.audioOutBOSTokenID), Int64(text.model.audioOutTokenID)]
        let before = [text.promptIDs.last] + text.generatedIDs.map(Optional.some)
        let drawn = zip(before, text.generatedIDs).filter { last, _ in
            last.map { !forcing.contains($0) } ?? true
        }
        self.init(
            text: drawn.map(\.1),
            audio: facts.segments.flatMap { segment in
                var machine = DelayStateMachine(segment, facts, under: profile)
                // The port draws the opening column too.
                let opens = profile.delayMachine == .mask && segment.columns > 0
                return (opens ? [segment.column(0)] : [])
                    + (1..<max(segment.columns, 1)).map { index in
                        let drawn = machine.draws(index, of: segment)
                        _ = machine.step(drawn)
                        return drawn
                    }
            })
    }
}

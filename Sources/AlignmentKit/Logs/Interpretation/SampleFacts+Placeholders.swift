internal import AlignmentJSON

extension SampleFacts {
    /// Placeholders against encoded sounds.
    ///
    /// - Parameter flags: what the run set before.
    func placeholderProofs(_ flags: RunFlags) -> [LogProof] {
        var proofs = [placeholders].compactMap { $0 }
        // The prompts of later parts hold the sound of the earlier ones.
        guard let prompt = prompts.first, prompt.chunk == 0 else { return proofs }
        if prompt.audioIn > 0, let flag = flags.returnsAudioInTokens, !flag.value {
            proofs.append(
                LogProof(
                    .placeholders, .wrong, "reference-hole", lines: [prompt.line, flag.line],
                    values: ["audio_in": .integer(prompt.audioIn)],
                    "The prompt has <|AUDIO|>, and return_audio_in_tokens is False: the released model gets a hole in its place."
                ))
        }
        let end = prompt.end
        if prompt.isWhole, !end.isEmpty, !end.hasSuffix("assistant<|end_header_id|>"),
            !end.hasSuffix("<|audio_out_bos|>"), prompt.audioIn + prompt.audioOut > 0 || end.hasSuffix("|>")
        {
            proofs.append(
                LogProof(
                    .placeholders, .wrong, "missing-generation-prompt", lines: [prompt.line],
                    "The prompt does not end in the assistant's header."))
        }
        return proofs
    }

    private var placeholders: LogProof? {
        let counted = last("audio-token-validation")
        let prompt = prompts.first { $0.chunk == 0 }
        let references = all("reference-codes")
        let inside: Int
        let outside: Int
        var lines: [Int] = []
        if let prompt {
            (inside, outside) = (prompt.audioIn, prompt.audioOut)
            lines.append(prompt.line)
        } else if let counted, let found = counted.values.integer("audio_in"),
            let placed = counted.values.integer("audio_out"), (0...1 << 30).contains(found),
            (0...1 << 30).contains(placed)
        {
            (inside, outside) = (found, placed)
        } else {
            return nil
        }
        var sounds: Int?
        if let counted {
            sounds = counted.values.integer("segments")
            lines.append(counted.line)
        } else if !references.isEmpty {
            sounds = references.count
            lines += references.map(\.line)
        }
        let total = inside + outside
        var values: [String: JSONValue] = ["audio_in": .integer(inside), "audio_out": .integer(outside)]
        let rests = "The prompt has \(inside) <|AUDIO|> and \(outside) <|AUDIO_OUT|>"
        guard let sounds else {
            return LogProof(
                .placeholders, .undecided, total > 1 ? "several-placeholders" : nil, lines: lines,
                values: values,
                total > 1
                    ? "\(rests); with one reference, as these pipelines have, \(total - 1) \(total == 2 ? "is" : "are") surplus."
                    : "\(rests); no line tells how many sounds were encoded.")
        }
        values["segments"] = .integer(sounds)
        let against = "\(rests) for \(sounds) encoded \(sounds == 1 ? "sound" : "sounds")"
        if total > sounds {
            return LogProof(
                .placeholders, .surplus, "surplus-placeholder", lines: lines, values: values,
                "\(against): surplus placeholders.")
        }
        if total < sounds {
            return LogProof(
                .placeholders, .missing, "missing-placeholder", lines: lines, values: values,
                "\(against): a sound that no placeholder refers to.")
        }
        return LogProof(.placeholders, .matched, lines: lines, values: values, "\(against).")
    }
}

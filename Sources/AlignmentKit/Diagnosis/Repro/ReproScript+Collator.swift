import AlignmentStages

extension ReproScript {
    func collator() throws(Repro.Impossible) -> Parts {
        guard let record = explainer.sample.collator, record.facts.items.allSatisfy({ $0.built != nil })
        else {
            throw Repro.Impossible(description: "the samples that the pipeline built were not recorded")
        }
        guard faulty.collator.batchLayout == .placeholders else {
            throw Repro.Impossible(description: "the port's collator has no script")
        }
        guard !cause.id.hasPrefix("collator.whisper") else {
            throw Repro.Impossible(description: "the script would need Whisper's feature extractor")
        }
        let items = record.facts.items
        let prompts = items.map { $0.prompt(under: reference.collator, model: explainer.model) }
        let hasRaised = record.captured?.error != nil
        let groups =
            items.count == 1 ? "[\"input\"]" : "[f\"input/items/{i}\" for i in range(\(items.count))]"
        return Parts(
            imports: (
                [],
                [
                    "from boson_multimodal.data_collator.higgs_audio_collator import HiggsAudioSampleCollator",
                    "from boson_multimodal.dataset.chatml_dataset import ChatMLDatasetSample",
                ]
            ),
            code: """
                FIELDS = "input_ids attention_mask audio_out_ids audio_out_ids_start audio_in_ids audio_in_ids_start".split()


                def field(path):
                    return None if stage[path].shape is None else torch.from_numpy(stage[path][()])


                def collate(parts, **arguments):
                    collator = HiggsAudioSampleCollator(whisper_processor=None, encode_whisper_embed=False, **arguments)
                    batch = collator([ChatMLDatasetSample(ids, None, *codes, None, None, None, None) for ids, *codes in parts])
                    return [getattr(batch, name) for name in FIELDS]


                given = \(groups)
                \(hasRaised ? "" : "recorded = [field(f\"captured/batch/{name}\") for name in FIELDS]\n")

                def upstream(items):
                \(Self.prompts(from: items.map(\.promptIDs), to: prompts))
                    parts = []
                    for item, prompt in zip(items, prompts):
                        segments = numbered(f"{item}/segments", "codes") if "segments" in stage[item] else []
                        starts = torch.tensor([0] + [codes.shape[1] for codes in segments]).cumsum(0)\(reference.collator.audioIDsStart == .withTotal ? "" : "[:-1]")
                        parts.append((prompt, torch.cat(segments, dim=1), starts) if segments else (prompt, None, None))
                    return collate(parts, \(arguments(reference.collator)))
                """,
            fault: cause.proof == .none
                ? nil
                : """
                def pipeline(items):
                    names = ("input_ids", "audio_ids_concat", "audio_ids_start")
                    parts = [[field(f"{item}/sample/{name}") for name in names] for item in items]
                    return collate(parts, \(arguments(faulty.collator)))
                """)
    }

    /// The lines that give the reference's prompts.
    private static func prompts(from prompts: [[Int64]], to repaired: [[Int64]]) -> String {
        var lines = ["prompts = [field(f\"{item}/prompt_ids\") for item in items]"]
        for (index, (prompt, repaired)) in zip(prompts, repaired).enumerated() where prompt != repaired {
            if repaired.starts(with: prompt) {
                let ending = repaired.dropFirst(prompt.count).map { Int($0) }
                lines.append("prompts[\(index)] = torch.cat([prompts[\(index)], torch.tensor(\(ending))])")
            } else {
                let dropped = dropped(from: prompt, to: repaired)
                lines += [
                    "dropped = \(dropped)  # One placeholder for each segment.",
                    "prompts[\(index)] = torch.tensor([id for i, id in enumerate(prompts[\(index)]) if i not in dropped])",
                ]
            }
        }
        return lines.map { "    " + $0 }.joined(separator: "\n")
    }

    /// Positions whose removal makes one prompt the other.
    private static func dropped(from prompt: [Int64], to repaired: [Int64]) -> [Int] {
        var rest = repaired[...]
        return prompt.indices.filter { position in
            if rest.first == prompt[position] {
                rest.removeFirst()
                return false
            }
            return true
        }
    }

    /// The collator's arguments.
    private func arguments(_ profile: CollatorProfile) -> String {
        [
            "audio_in_token_id=\(profile.audioInTokenID)", "audio_out_token_id=\(profile.audioOutTokenID)",
            "pad_token_id=\(profile.padTokenID)", "audio_stream_bos_id=\(profile.audioStreamBOS)",
            "audio_stream_eos_id=\(profile.audioStreamEOS)", "round_to=\(profile.roundTo)",
            "pad_left=\((profile.padSide == .left).python)",
            "return_audio_in_tokens=\(profile.returnAudioInTokens.python)",
            "audio_num_codebooks=\(profile.audioNumCodebooks.python)",
            "use_delay_pattern=\(profile.useDelayPattern.python)",
            "disable_audio_codes_transform=\(profile.disableAudioCodesTransform.python)",
        ].joined(separator: ", ")
    }
}

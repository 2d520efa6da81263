import AlignmentStages

extension ReproScript {
    func generation() throws(Repro.Impossible) -> Parts {
        let machine = [
            "generation.first-frame", "generation.delay-ramp", "generation.eos-ramp",
            "generation.unexplained",
        ]
        guard reference.generation.delayMachine == .overwrite,
            explainer.sample.generation?.captured?.error == nil
        else { throw Repro.Impossible(description: "upstream's sampler is not the one that ran") }
        let isMachine = explained.stages.contains { $0.machineDiffers != nil }
        if cause.id == "generation.parameters-ignored" || cause.id == "generation.unexplained" && !isMachine {
            return try scores()
        }
        guard machine.contains(cause.id) else {
            throw Repro.Impossible(description: "only a new run of the model shows \(cause.id)")
        }
        return Parts(
            imports: (
                ["import json", "from types import SimpleNamespace", "from unittest.mock import patch"],
                ["from boson_multimodal.model.higgs_audio import HiggsAudioModel"]
            ),
            code: """
                config = SimpleNamespace(**json.loads(archive["config/model.json"][()]))
                options = {"ras_win_len": None, "audio_eos_token_id": json.loads(archive["config/tokens.json"][()])["audio_eos_token_id"]}
                model = SimpleNamespace(config=config, use_delay_pattern=True, audio_num_codebooks=config.audio_num_codebooks)
                given = recorded = numbered("captured/segments", "delayed")


                def stream(drawn):
                    # What was drawn is given, and nothing after the end; upstream's own step forces what it forces.
                    columns, delay, remaining = [torch.full((drawn.shape[0],), config.audio_stream_bos_id)], 0, None
                    for index in range(1, 2 * drawn.shape[1]):
                        draw = drawn[:, index] if index < drawn.shape[1] else torch.zeros(drawn.shape[0], dtype=torch.long)
                        if index >= drawn.shape[1] and not remaining:
                            break
                        logits = torch.zeros(1, drawn.shape[0], config.audio_codebook_size + 2)
                        with patch("torch.multinomial", lambda *_, **__: draw.clone()[:, None]):
                            _, column, _, _, delay, remaining = HiggsAudioModel._sample_audio_tokens(
                                model, None, logits, torch.stack(columns, dim=1), True, lambda _, scores: scores, "cpu",
                                None, SimpleNamespace(generation_kwargs=options), delay, remaining)
                        columns.append(column)
                    return torch.stack(columns, dim=1)


                def upstream(streams):
                    return [stream(drawn) for drawn in streams]
                """)
    }

    /// Scores of the declared parameters against the recorded ones.
    private func scores() throws(Repro.Impossible) -> Parts {
        guard explainer.sample.generation?.facts.logits != nil,
            explainer.sample.generation?.captured?["scores"] != nil
        else { throw Repro.Impossible(description: "no scores were recorded") }
        let declared = explainer.current.profile.generation
        var steps: [String] = []
        if let temperature = declared.temperature, temperature != 1 {
            steps.append("transformers.TemperatureLogitsWarper(\(temperature))")
        }
        if let count = declared.topK, count > 0 { steps.append("transformers.TopKLogitsWarper(\(count))") }
        if let mass = declared.topP, mass < 1 { steps.append("transformers.TopPLogitsWarper(\(mass))") }
        return Parts(
            imports: (
                [],
                ["import transformers"]
            ),
            code: """
                recorded = torch.from_numpy(stage["captured/scores"][()])
                declared = transformers.LogitsProcessorList([\(steps.joined(separator: ", "))])
                given = torch.from_numpy(stage["input/audio_logits"][()])


                def upstream(logits):
                    return torch.stack([declared(None, row) for row in logits])
                """, tolerance: "1e-4")
    }
}

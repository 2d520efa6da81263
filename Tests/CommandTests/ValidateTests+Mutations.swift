import AlignmentKit
import Testing

extension ValidateTests {
    /// One thing made wrong, and the one check that must fail for it.
    struct Mutation: Sendable, CustomTestStringConvertible {
        var check: ConditioningCheck.Name
        var testDescription: String
        var python: String
        var archive = "voice-clone"
        /// The serving engine does otherwise, which is a setting of the profile too.
        var isSetting = false
    }

    static let mutations = [
        Mutation(
            check: .whisperProcessor, testDescription: "Whisper features without a processor",
            python: "profile(encode_whisper_embed=True, whisper_mel_bins=None)"),
        Mutation(
            check: .melBins, testDescription: "an 80-bin processor for a 128-bin model",
            python: "profile(whisper_mel_bins=80)"),
        Mutation(
            check: .melBins, testDescription: "features of 80 bins",
            python: """
                put("collator/captured/batch/audio_features", np.zeros((1, 80, 3000), "f4"))
                profile(whisper_mel_bins=80)
                """, archive: "silent-output"),
        Mutation(
            check: .waveformRate, testDescription: "a waveform labelled with a rate it does not have",
            python: "put('collator/input/sample/audio_sample_rate', np.array([24000.0], 'f4'))",
            archive: "silent-output"),
        Mutation(
            check: .conditioningPathway, testDescription: "features for a tower that was not built for them",
            python: "change('config/model.json', skip_audio_tower=False)", archive: "silent-output"),
        Mutation(
            check: .specialTokenIDs, testDescription: "another id for <|AUDIO|> in the tokenizer",
            python: "change('config/tokens.json', audio_in_token_id=499)"),
        Mutation(
            check: .placeholders, testDescription: "an encoded sound without a placeholder",
            python: """
                ids = g["collator/input/prompt_ids"][()]
                ids[ids == 528] = 84
                put("collator/input/prompt_ids", ids)
                """),
        Mutation(
            check: .assistantHeader, testDescription: "a prompt without the assistant's header",
            python: """
                ids = g["collator/input/prompt_ids"][()]
                ids[-1] = 84
                put("collator/input/prompt_ids", ids)
                """, isSetting: true),
        Mutation(
            check: .streamIDs, testDescription: "a stream that does not begin in BOS",
            python: """
                ids = g["tokens/input/segments/0/delayed"][()]
                ids[3, 0] = 5
                put("tokens/input/segments/0/delayed", ids)
                """),
        Mutation(
            check: .audioTokenizer, testDescription: "codec weights that are none",
            python: "put('/weights/codec/fc_post2.weight', np.zeros((2, 2), 'f4'))"),
        Mutation(
            check: .codecCodebooks, testDescription: "a codec of four codebooks",
            python: "change('config/codec.json', n_q=4)"),
        Mutation(
            check: .codecCodebookSize, testDescription: "a codec of 512 codes",
            python: "change('config/codec.json', bins=512)"),
        Mutation(
            check: .codecCodebookSize, testDescription: "a clip by the quantizer_dim",
            python: "profile('tokens', clip_max=1087)"),
        Mutation(
            check: .referenceAudio, testDescription: "an empty segment under the placeholder",
            python: """
                empty = np.array([[1024] * (row + 1) + [1025] * (8 - row) for row in range(8)], "i8")
                put("collator/captured/batch/audio_out_ids", empty)
                """),
        Mutation(
            check: .referenceAudio, testDescription: "a hole under the placeholder",
            python: """
                put("collator/captured/batch/audio_out_ids", np.zeros((0, 0), "i8"))
                put("collator/captured/batch/audio_out_ids_start", np.zeros(0, "i8"))
                """),
        Mutation(
            check: .serveEngineAlignment, testDescription: "a prompt padded to a multiple of eight",
            python: "profile(round_to=8)"),
    ]

    /// Python that opens a copy of a recording and changes it.
    static let helpers = """
        import h5py, hashlib, json, sys
        import numpy as np
        f = h5py.File(sys.argv[1], "r+")
        g = f["samples/000000"]
        def put(path, value):
            group = f if path.startswith("/") else g
            if path in group:
                del group[path]
            names = {"<i8": "int64", "<f4": "float32"}
            d = group.create_dataset(path, data=value)
            d.attrs["dtype"] = names[value.dtype.str]
            d.attrs["sha256"] = hashlib.sha256(value.tobytes()).hexdigest()
        def change(path, **values):
            document = json.loads(f[path][()])
            document.update(values)
            del f[path]
            f[path] = json.dumps(document)
        def profile(stage="collator", **values):
            for path in ["profile.json", "samples/000000/profile.json"]:
                change(path, **{f"{stage}.{key}": value for key, value in values.items()})

        """
}

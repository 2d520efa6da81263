import AlignmentKit
import Foundation
import TestSupport
import Testing

/// One thing done to a sound archive, and the one finding that it must give.
struct Finding: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Python that does it to an open archive `f`; `s` is the sample's path.
    let script: String
    let code: String
    let isError: Bool
    /// The object, below the sample where it begins without a slash.
    let object: String
    /// Words that the sentence must have.
    let words: String

    /// Whether something else is found as well.
    let isAmongOthers: Bool

    private init(
        _ what: String, _ code: String, _ isError: Bool, _ object: String, _ words: String,
        _ isAmongOthers: Bool,
        _ script: String
    ) {
        testDescription = what
        self.isAmongOthers = isAmongOthers
        self.script = script
        self.code = code
        self.isError = isError
        self.object = object.hasPrefix("/") ? object : "/samples/000000/" + object
        self.words = words
    }

    static func error(
        _ what: String, _ code: String, at object: String, saying words: String, besides: Bool = false,
        _ script: () -> String
    ) -> Finding { Finding(what, code, true, object, words, besides, script()) }

    static func note(
        _ what: String, _ code: String, at object: String, saying words: String, besides: Bool = false,
        _ script: () -> String
    ) -> Finding { Finding(what, code, false, object, words, besides, script()) }

    /// All of them, each in a file of its own in one folder, and `sound.h5`; written by one Python.
    static let written: Result<Scratch, any Error> = Result {
        let scratch = try Scratch()
        let blocks = all.enumerated().map { index, finding in
            let body = finding.script.split(separator: "\n").map { "    \($0)\n" }.joined()
            return "with h5py.File(here + \"/\(index).h5\", \"w\") as f:\n    whole(f)\n\(body)"
        }
        // What a static value holds is not released when the process ends.
        atexit { if let scratch = try? Finding.written.get() { scratch.remove() } }
        let sound = "with h5py.File(here + \"/sound.h5\", \"w\") as f:\n    whole(f)\n"
        try Python.run(whole + "here = sys.argv[1]\n" + sound + blocks.joined(), scratch.path)
        return scratch
    }

    /// An archive with an object at every path of the layout but `top` and `items`.
    private static let whole = """
        s = "samples/000000/"

        def text(f, path, value):
            f.create_dataset(path, data=value if isinstance(value, str) else json.dumps(value))

        def again(f, path, data, dtype=None, **attributes):
            if path in f:
                del f[path]
            d = put(f, path, data, dtype)
            for name, value in attributes.items():
                d.attrs[name] = value
            return d

        def none(f, path):
            d = f.create_dataset(path, data=h5py.Empty("f4"))
            d.attrs["dtype"] = "none"
            d.attrs["sha256"] = hashlib.sha256(b"").hexdigest()

        def ids(*shape):
            return np.zeros(shape, "i8")

        def floats(*shape):
            return np.zeros(shape, "f4")

        sample = {"ordinal": 0, "arm": "repaired", "pair": "0:0", "seed": 0, "applied": [], "asked": ["a.b"]}
        stop = {"reason": "eos", "steps": 6, "max_new_tokens": None}
        raised = {"type": "IndexError", "message": "index 1", "where": "a.py:1 in f"}

        def whole(f):
            head(f)
            for name in "provenance.json", "config/model.json", "config/codec.json":
                text(f, name, {"any": 1})
            text(f, "config/tokens.json", {"audio_in_token_id": 3, "assistant_header": [1]})
            text(f, "profile.json", {"generation.temperature": 0.7, "generation.use_cache": True})
            text(f, "hooks.json", {"installed": {}, "called": {}, "failed": {}})
            text(f, "script.json", {"argv": [], "exit_status": 0, "signal": None, "traceback": None})
            put(f, "weights/codec/fc_post2.weight", floats(2, 3))
            text(f, "weights/codec.json", {"archive_sha256": None, "path": None, "tensors": {}})
            text(f, s + "sample.json", sample)
            text(f, s + "profile.json", {"collator.round_to": 1})
            text(f, s + "messages.json", [])
            text(f, s + "generated_text", "Hello {")
            put(f, s + "collator/input/prompt_ids", ids(5))
            put(f, s + "collator/input/segments/0/codes", ids(8, 4))
            put(f, s + "collator/input/segments/1/codes", ids(8, 0))
            put(f, s + "collator/input/segments/0/waveform", floats(9)).attrs["sample_rate"] = 24000
            put(f, s + "collator/input/sample/of_a_fork", np.zeros(2))
            none(f, s + "collator/input/sample/label_ids")
            g = s + "generation/"
            put(f, g + "input/audio_logits", floats(6, 8, 10))
            none(f, g + "input/reference_columns")
            put(f, g + "captured/text_ids", ids(3))
            text(f, g + "captured/stop.json", stop)
            for side in "captured", "golden", "golden_bf16":
                none(f, s + f"collator/{side}/batch/label_ids")
                put(f, g + side + "/scores", floats(6, 8, 10))
                put(f, g + side + "/segments/0/delayed", ids(8, 7)).attrs["axes"] = '["codebook", "column"]'
                put(f, g + side + "/num_delay", ids(6))
                put(f, g + side + "/num_remaining_delays", ids(6))
                put(f, s + f"tokens/{side}/calls/0/codes", ids(8, 4))
                put(f, s + f"tokens/{side}/reverts/0/input", ids(8, 13))
                put(f, s + f"tokens/{side}/reverts/0/output", ids(8, 6))
                put(f, s + f"decode/{side}/calls/0/waveform", floats(40))
                w = put(f, s + f"decode/{side}/written/0/samples", np.zeros((40, 2), "i4"))
                w.attrs["sample_rate"], w.attrs["subtype"], w.attrs["file"] = 24000, "PCM_16", "a.wav"
            put(f, s + "tokens/input/segments/0/delayed", ids(8, 13))
            for k in range(12):
                put(f, s + f"decode/input/calls/{k}/codes", ids(8, 4))
            put(f, s + "run_golden/segments/0/delayed", ids(8, 13))
            put(f, s + "run_golden/segments/0/codes", ids(8, 4))
            put(f, s + "run_golden/waveform", floats(40))


        """
}

extension Finding {
    static let all = names + shapes + documents + groups

    static let names: [Finding] = [
        .note("an unknown name at the top", "unknown_name", at: "/extras", saying: "was not interpreted") {
            #"f.create_group("extras")"#
        },
        .note("an unknown stage", "unknown_name", at: "decoder", saying: "was not interpreted") {
            #"put(f, s + "decoder/input/x", ids(2))"#
        },
        .note("an unknown group of a stage", "unknown_name", at: "tokens/silver", saying: "not interpreted") {
            #"put(f, s + "tokens/silver/calls/0/codes", ids(8, 4))"#
        },
        .note(
            "an unknown tensor of a call", "unknown_name", at: "decode/captured/calls/0/mel",
            saying: "not interpreted"
        ) { #"put(f, s + "decode/captured/calls/0/mel", floats(3))"# },
        .note(
            "a name where numbers stand", "unknown_name", at: "tokens/captured/calls/first",
            saying: "not interpreted"
        ) { #"put(f, s + "tokens/captured/calls/first/codes", ids(8, 4))"# },
        .note(
            "a golden of the generated text", "unknown_name", at: "generation/golden/text_ids",
            saying: "not interpreted"
        ) { #"put(f, s + "generation/golden/text_ids", ids(3))"# },
        .note(
            "an unknown attribute", "unknown_attribute", at: "run_golden/waveform", saying: "attribute units,"
        ) { #"f[s + "run_golden/waveform"].attrs["units"] = "V""# },
        .note("an unknown attribute of the root", "unknown_attribute", at: "/", saying: "attribute note") {
            #"f.attrs["note"] = "x""#
        },
        .note(
            "names that differ in case", "names_differ_in_case_only", at: "collator/input/sample/of_a_fork",
            saying: "Of_a_fork"
        ) { #"put(f, s + "collator/input/sample/Of_a_fork", np.zeros(2))"# },
        .error(
            "a sample's name with a space", "malformed_sample_name", at: "/samples/a b",
            saying: "[A-Za-z0-9._-]"
        ) { #"text(f, "samples/a b/sample.json", sample)"# },
        .note(
            "a second name of a tensor", "second_name", at: "run_golden/waveform",
            saying: "second name of /samples/000000/decode/captured/calls/0/waveform"
        ) {
            #"""
            del f[s + "run_golden/waveform"]
            f[s + "run_golden/waveform"] = f[s + "decode/captured/calls/0/waveform"]
            """#
        },
        .error(
            "a second name of a group", "group_with_second_name", at: "/samples/000001",
            saying: "second name of the group /samples/000000"
        ) { #"f["samples/000001"] = f["samples/000000"]"# },
    ]

    static let shapes: [Finding] = [
        .error(
            "ids of another type", "wrong_dtype", at: "tokens/captured/calls/0/codes",
            saying: "int32, expected int64"
        ) { #"again(f, s + "tokens/captured/calls/0/codes", np.zeros((8, 4), "i4"))"# },
        .error(
            "a waveform in half precision", "wrong_dtype", at: "decode/golden/calls/0/waveform",
            saying: "float16, expected float32"
        ) { #"again(f, s + "decode/golden/calls/0/waveform", np.zeros(40, "f2"))"# },
        .error(
            "written samples as float64", "wrong_dtype", at: "decode/captured/written/0/samples",
            saying: "float64, expected int32 or float32"
        ) {
            #"""
            again(f, s + "decode/captured/written/0/samples", np.zeros(40), sample_rate=24000, subtype="DOUBLE",
                  file="a.wav")
            """#
        },
        .error(
            "codes with a batch axis", "wrong_rank", at: "decode/input/calls/0/codes",
            saying: "[1, 8, 4], expected [codebook, frame]"
        ) { #"again(f, s + "decode/input/calls/0/codes", ids(1, 8, 4))"# },
        .error(
            "codes laid out the other way round", "wrong_axes", at: "decode/input/calls/0/codes",
            saying: "[frame, codebook], expected [codebook, frame]"
        ) { #"again(f, s + "decode/input/calls/0/codes", ids(4, 8), axes='["frame", "codebook"]')"# },
        .error(
            "fewer names of axes than axes", "axes_count", at: "collator/input/sample/of_a_fork",
            saying: "1 axes, [frame], but has the shape [2, 2]"
        ) { #"again(f, s + "collator/input/sample/of_a_fork", np.zeros((2, 2)), axes='["frame"]')"# },
        .error(
            "scores of another number of steps", "extents_differ", at: "generation/golden/scores",
            saying: "has 5 along the axis step, but /samples/000000/generation/captured/num_delay has 6"
        ) { #"again(f, s + "generation/golden/scores", floats(5, 8, 10))"# },
        .error(
            "None where ids belong", "wrong_kind", at: "tokens/captured/calls/0/codes",
            saying: "a stored None, expected a tensor"
        ) {
            #"""
            del f[s + "tokens/captured/calls/0/codes"]
            none(f, s + "tokens/captured/calls/0/codes")
            """#
        },
        .error(
            "a text where ids belong", "wrong_kind", at: "collator/input/prompt_ids",
            saying: "a text, expected a tensor"
        ) {
            #"""
            del f[s + "collator/input/prompt_ids"]
            text(f, s + "collator/input/prompt_ids", "[1, 2]")
            """#
        },
        .error(
            "a tensor where a group belongs", "wrong_kind", at: "decode", saying: "a tensor, expected a group"
        ) {
            #"""
            del f[s + "decode"]
            put(f, s + "decode", floats(3))
            """#
        },
        .error(
            "a group where a document belongs", "wrong_kind", at: "/hooks.json",
            saying: "a group, expected a JSON"
        ) {
            #"""
            del f["hooks.json"]
            f.create_group("hooks.json")
            """#
        },
        .error(
            "written samples without their rate", "missing_attribute",
            at: "decode/captured/written/0/samples",
            saying: "lacks the attribute sample_rate"
        ) { #"del f[s + "decode/captured/written/0/samples"].attrs["sample_rate"]"# },
        .error(
            "written samples without the file's name", "missing_attribute",
            at: "decode/captured/written/0/samples", saying: "lacks the attribute file"
        ) { #"del f[s + "decode/captured/written/0/samples"].attrs["file"]"# },
        .error("no dtype", "missing_attribute", at: "run_golden/waveform", saying: "attribute dtype") {
            #"del f[s + "run_golden/waveform"].attrs["dtype"]"#
        },
        .error("a hash that does not match", "hash_mismatch", at: "run_golden/waveform", saying: "is damaged")
        {
            #"f[s + "run_golden/waveform"][3] = 1"#
        },
        .error(
            "a hash that does not match, outside the format", "hash_mismatch", at: "/samples/000000/x/y",
            saying: "is damaged", besides: true
        ) {
            #"""
            put(f, s + "x/y", floats(3))
            f[s + "x/y"][0] = 1
            """#
        },
    ]

    static let documents: [Finding] = [
        .error("a sample without its ordinal", "missing_field", at: "sample.json", saying: "field ordinal") {
            #"del f[s + "sample.json"]; text(f, s + "sample.json", {k: v for k, v in sample.items() if k != "ordinal"})"#
        },
        .error(
            "a seed that is a text", "malformed_field", at: "sample.json",
            saying: "seed that is string, expected integer or null"
        ) { #"del f[s + "sample.json"]; text(f, s + "sample.json", {**sample, "seed": "1"})"# },
        .error(
            "an arm that is none", "malformed_field", at: "sample.json",
            saying: "\"b\", expected one of as_is, repaired or null"
        ) { #"del f[s + "sample.json"]; text(f, s + "sample.json", {**sample, "arm": "b"})"# },
        .error(
            "ids asked for that are one text", "malformed_field", at: "sample.json",
            saying: "asked that is string, expected list"
        ) { #"del f[s + "sample.json"]; text(f, s + "sample.json", {**sample, "asked": "a"})"# },
        .note("an unknown field of a sample", "unknown_field", at: "sample.json", saying: "a field take,") {
            #"del f[s + "sample.json"]; text(f, s + "sample.json", {**sample, "take": 2})"#
        },
        .error(
            "a reason that is none", "malformed_field", at: "generation/captured/stop.json",
            saying: "\"tired\", expected one of eos, stop_string, limit, raised, unknown"
        ) {
            #"""
            del f[s + "generation/captured/stop.json"]
            text(f, s + "generation/captured/stop.json", {**stop, "reason": "tired"})
            """#
        },
        .error(
            "a document that is a list", "wrong_document", at: "/script.json", saying: "list, expected object"
        ) {
            #"del f["script.json"]; text(f, "script.json", [])"#
        },
        .error(
            "a key that stands twice", "repeated_key", at: "/provenance.json", saying: "the key seed twice"
        ) {
            #"del f["provenance.json"]; text(f, "provenance.json", '{"a": [{"seed": 1, "b": {"seed": 1}, "s\\u0065ed": 2}]}')"#
        },
        .error("JSON that is none", "malformed_text", at: "/provenance.json", saying: "not JSON") {
            #"del f["provenance.json"]; text(f, "provenance.json", "{")"#
        },
        .error(
            "a profile that is nested", "malformed_field", at: "/profile.json",
            saying: "generation that is object",
            besides: true
        ) { #"del f["profile.json"]; text(f, "profile.json", {"generation": {"temperature": 1}})"# },
        .note("no sample.json", "missing_object", at: "/samples/000000", saying: "lacks sample.json") {
            #"del f[s + "sample.json"]"#
        },
        .note("an archive without an id", "missing_root_attribute", at: "/", saying: "attribute id") {
            #"del f.attrs["id"]"#
        },
        .note(
            "a time that is none", "malformed_root_attribute", at: "/",
            saying: "created_at that is \"yesterday\", expected a time in ISO 8601"
        ) { #"f.attrs["created_at"] = "yesterday""# },
    ]

    static let groups: [Finding] = [
        .error(
            "no prompt", "missing_object", at: "collator/input",
            saying: "lacks prompt_ids, which the format requires"
        ) { #"del f[s + "collator/input/prompt_ids"]"# },
        .error("a call without codes", "missing_object", at: "tokens/golden/calls/1", saying: "lacks codes") {
            #"f.create_group(s + "tokens/golden/calls/1")"#
        },
        .error(
            "the largest logits alone", "missing_object", at: "generation/input", saying: "lacks drawn_logit"
        ) {
            #"""
            put(f, s + "generation/input/top/ids", ids(6, 8, 2))
            put(f, s + "generation/input/top/logits", floats(6, 8, 2))
            put(f, s + "generation/input/logsumexp", floats(6, 8))
            """#
        },
        .note("no generated text", "missing_object", at: "generation/captured", saying: "lacks text_ids") {
            #"del f[s + "generation/captured/text_ids"]"#
        },
        .error(
            "a number that is left out", "numbering_gap", at: "tokens/golden/reverts",
            saying: "without 1, expected all from 0; number them"
        ) { #"put(f, s + "tokens/golden/reverts/2/input", ids(8, 13))"# },
        .note(
            "a number that is left out where code raised", "numbering_gap", at: "decode/captured/calls",
            saying: "without 1", besides: true
        ) {
            #"""
            put(f, s + "decode/captured/calls/2/waveform", floats(3))
            text(f, s + "decode/captured/raised.json", raised)
            """#
        },
        .error(
            "a number with a leading zero", "malformed_number", at: "tokens/captured/calls/01",
            saying: "without leading zeros"
        ) { #"put(f, s + "tokens/captured/calls/01/codes", ids(8, 4))"# },
        .error(
            "tensors beside what upstream raised", "beside_raised", at: "tokens/golden",
            saying: "2 more objects beside raised.json"
        ) { #"text(f, s + "tokens/golden/raised.json", raised)"# },
        .note(
            "tensors from before the pipeline raised", "beside_raised", at: "tokens/captured",
            saying: "recorded before the code raised"
        ) { #"text(f, s + "tokens/captured/raised.json", raised)"# },
        .error(
            "what was raised without its type", "missing_field", at: "run_golden/raised.json",
            saying: "field type"
        ) {
            #"""
            del f[s + "run_golden"]
            text(f, s + "run_golden/raised.json", {"message": "", "where": ""})
            """#
        },
        .error(
            "an external link", "refused", at: "run_golden/waveform",
            saying: "an external link to other.h5:/y"
        ) {
            #"""
            del f[s + "run_golden/waveform"]
            f[s + "run_golden/waveform"] = h5py.ExternalLink("other.h5", "/y")
            """#
        },
    ]
}

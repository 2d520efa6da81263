/// The layout of an archive, format version 1, as data.
///
/// `verify` and `inspect` work by this table, and docs/golden-format.md prints it. `<name>` is a sample or a
/// state-dict name, `<k>` and `<i>` count from 0, `<field>` is a field as the pipeline named it, and `<side>`
/// is one of `sides`.
public enum ArchiveLayout {
    /// What a pipeline did, and what upstream's code gives for the same input.
    public static let sides = ["captured", "golden", "golden_bf16"]

    /// Every row, in the order of the page.
    public static let rows =
        archive + sample + collator + generation + tokens + decode + runGolden

    static let archive = [
        LayoutRow("/provenance.json", .json(.anything), "where, with what and by what the archive was made"),
        LayoutRow("/config/model.json", .json(.anything), "attributes of the live model configuration"),
        LayoutRow("/config/codec.json", .json(.anything), "attributes of the live codec"),
        LayoutRow("/config/tokens.json", .json(.tokens), "ids of the special tokens"),
        LayoutRow("/profile.json", .json(.profile), "the knobs on which all requests agree"),
        LayoutRow("/hooks.json", .json(.hooks), "hooks installed, called and failed"),
        LayoutRow("/script.json", .json(.script), "how the observed script ended"),
        LayoutRow(
            "/weights/codec/<name>", .tensor(TensorRule()), "the codec's decode side, by state-dict name"),
        LayoutRow("/weights/codec.json", .json(.codecReference), "where the codec's decode side is instead"),
    ]

    static let sample = [
        LayoutRow("/samples/<name>/sample.json", .json(.sample), .expected, "which request this is"),
        LayoutRow(
            "/samples/<name>/profile.json", .json(.profile), "this request's knobs; wins over the archive's"),
        LayoutRow(
            "/samples/<name>/messages.json", .json(.list), "the conversation, where text was asked for"),
        LayoutRow("/samples/<name>/generated_text", .text, "what was generated, where text was asked for"),
    ]

    static let collator =
        collatorItem("/samples/<name>/collator/input", .requiredUnless("items"))
        + collatorItem("/samples/<name>/collator/input/items/<i>", .required) + [
            LayoutRow(
                "/samples/<name>/collator/<side>/batch/<field>", .tensor(.any),
                "a field of the batch, as `generate` received it"),
            raised("/samples/<name>/collator/<side>"),
        ]

    private static func collatorItem(_ group: String, _ presence: LayoutPresence) -> [LayoutRow] {
        [
            LayoutRow(
                "\(group)/prompt_ids", .tensor(.ids("token")), presence,
                "text ids as they went into the collator"),
            LayoutRow(
                "\(group)/segments/<k>/codes", .tensor(.ids("codebook", "frame")), .required,
                "a segment as the codec encoded it"),
            LayoutRow(
                "\(group)/segments/<k>/waveform",
                .tensor(TensorRule(dtypes: [.float32], axes: [["sample"]])),
                "the sound that was encoded, with `sample_rate` where it is known"),
            LayoutRow(
                "\(group)/sample/<field>", .tensor(.any), "a field of the sample, as the pipeline built it"),
        ]
    }

    static let generation: [LayoutRow] = {
        let input = "/samples/<name>/generation/input"
        let captured = "/samples/<name>/generation/captured"
        let side = "/samples/<name>/generation/<side>"
        return [
            LayoutRow(
                "\(input)/audio_logits",
                .tensor(.floats("step", "codebook", "vocabulary").sharing("step", "vocabulary")),
                "logits of the audio head"),
            LayoutRow(
                "\(input)/top/ids",
                .tensor(.ids("step", "codebook", "candidate").sharing("step", "candidate")),
                .required, "the K largest logits' ids, in place of all logits"),
            LayoutRow(
                "\(input)/top/logits",
                .tensor(.floats("step", "codebook", "candidate").sharing("step", "candidate")), .required,
                "the K largest logits"),
            LayoutRow(
                "\(input)/logsumexp", .tensor(.floats("step", "codebook").sharing("step")),
                .requiredWith("top"),
                "log of the sum of the exponentials of all logits"),
            LayoutRow(
                "\(input)/drawn_logit", .tensor(.floats("step", "codebook").sharing("step")),
                .requiredWith("top"), "the logit of the id that was drawn"),
            LayoutRow(
                "\(input)/reference_columns",
                .tensor(TensorRule(dtypes: [.int64], axes: [["codebook", "column"]], allowsNone: true)),
                "`audio_out_ids` of the batch: the columns before the first step"),
            LayoutRow(
                "\(side)/scores",
                .tensor(.floats("step", "codebook", "vocabulary").sharing("step", "vocabulary")),
                "after temperature, top-k and top-p"),
            LayoutRow(
                "\(side)/segments/<k>/delayed", .tensor(.ids("codebook", "column")), .required,
                "a generated segment in the delay pattern"),
            LayoutRow(
                "\(side)/num_delay", .tensor(.ids("step").sharing("step")),
                "the delay counter after each step"),
            LayoutRow(
                "\(side)/num_remaining_delays", .tensor(.ids("step").sharing("step")),
                "the counter of columns after an EOS, after each step; -1 for None"),
            LayoutRow(
                "\(captured)/text_ids", .tensor(.ids("token")), .expectedUnless("raised.json"),
                "generated text ids, without the prompt's"),
            LayoutRow("\(captured)/stop.json", .json(.stop), "why generation ended"),
            raised(side),
        ]
    }()

    static let tokens = [
        LayoutRow(
            "/samples/<name>/tokens/input/segments/<k>/delayed", .tensor(.ids("codebook", "column")),
            .required,
            "a segment as `generate` returned it"),
        LayoutRow(
            "/samples/<name>/tokens/<side>/calls/<k>/codes", .tensor(.ids("codebook", "frame")), .required,
            "codes as handed to the codec"),
        LayoutRow(
            "/samples/<name>/tokens/<side>/reverts/<k>/input", .tensor(.ids("codebook", "column")), .required,
            "what the revert of the delay pattern got"),
        LayoutRow(
            "/samples/<name>/tokens/<side>/reverts/<k>/output", .tensor(.ids("codebook", "frame")),
            "what it returned"),
        raised("/samples/<name>/tokens/<side>"),
    ]

    static let decode = [
        LayoutRow(
            "/samples/<name>/decode/input/calls/<k>/codes", .tensor(.ids("codebook", "frame")), .required,
            "codes as the codec got them"),
        LayoutRow(
            "/samples/<name>/decode/<side>/calls/<k>/waveform", .tensor(.floats("sample")), .required,
            "the codec's waveform"),
        LayoutRow(
            "/samples/<name>/decode/<side>/written/<k>/samples",
            .tensor(
                TensorRule(
                    dtypes: [.int32, .float32], axes: [["sample"], ["sample", "channel"]],
                    attributes: ["sample_rate", "subtype", "file"])), .required,
            "samples as read back from the file that was written"),
        raised("/samples/<name>/decode/<side>"),
    ]

    static let runGolden = [
        LayoutRow(
            "/samples/<name>/run_golden/segments/<k>/delayed", .tensor(.ids("codebook", "column")), .required,
            "a segment that upstream generated for the same request"),
        LayoutRow(
            "/samples/<name>/run_golden/segments/<k>/codes", .tensor(.ids("codebook", "frame")),
            "its codes as handed to the codec"),
        LayoutRow(
            "/samples/<name>/run_golden/waveform", .tensor(.floats("sample")), .requiredUnless("raised.json"),
            "upstream's sound"),
        raised("/samples/<name>/run_golden"),
    ]

    private static func raised(_ group: String) -> LayoutRow {
        LayoutRow("\(group)/raised.json", .json(.raised), "what was raised, in place of tensors")
    }
}

import AlignmentKit
import Foundation
import Testing

/// What is wrong with a manifest, or with how the files of a folder fit together.
@Suite("Import refuses manifests and folders that do not fit")
struct RefusedFolderTests {
    private static let start = #"{"format": "higgs-alignment-import", "format_version": 1, "#
    private static let nothing = #""provenance": null, "model": null, "tokens": null"#

    @Test(
        "a wrong manifest is named with the place in it",
        arguments: [
            ("", "no JSON (line 1, byte 1"),
            ("[]", "no JSON object"),
            ("{\n  \"format\": 1,\n  \"format\": 2}", "line 3, byte 11: the key \"format\" stands twice"),
            ("{} x", "more text"),
            (#"{"format": "higgs-alignment-import"}"#, "format_version is missing"),
            (#"{"format": "other", "format_version": 1}"#, #"format is "other", expected"#),
            (#"{"format": "higgs-alignment-import", "format_version": 2}"#, "versions 1 to 1"),
            (start + nothing + #", "tensor": []}"#, "tensor is no key"),
            (
                start + nothing + #", "tensors": [{"path": "a", "sampel_rate": 1}]}"#,
                "tensors[0].sampel_rate is no key"
            ),
            (start + nothing + #", "tensors": [{"file": "a"}]}"#, "tensors[0].path is missing"),
            (start + nothing + #", "tensors": [1]}"#, "tensors[0] is the number 1, expected an object"),
            (
                start + nothing + #", "tensors": [{"path": "a", "dtype": "f32"}]}"#,
                #"tensors[0].dtype is "f32""#
            ),
            (start + nothing + #", "tensors": [{"path": "a", "shape": [1, -1]}]}"#, "tensors[0].shape"),
            (start + nothing + #", "tensors": [{"path": "a", "sample_rate": 0}]}"#, "tensors[0].sample_rate"),
            (start + nothing + #", "ignore": ["a", 1]}"#, "ignore[1] is no text"),
            (start + nothing + #", "archive": {"name": ""}}"#, "archive.name is no key"),
            (start + nothing + #", "profile": "serve-engine"}"#, "profile is a text, expected an object"),
            (start + #""model": null, "tokens": null}"#, "provenance is missing"),
            (start + #""provenance": {}, "tokens": null}"#, "model is missing"),
            (start + #""provenance": {}, "model": "higgs-audio-v2"}"#, "tokens is missing"),
            (
                start + #""provenance": {}, "model": "higgs-audio-v3", "tokens": null}"#,
                #"model is "higgs-audio-v3""#
            ),
            (start + nothing + #", "tensors": [{"path": "a"}]}"#, "tensors[0] has no file"),
            (start + nothing + #", "tensors": [{"path": "a", "file": "a.bin"}]}"#, "is not in the folder"),
            (start + nothing + #", "tensors": [{"path": "a", "file": "../a.npy"}]}"#, "is not in the folder"),
            (start + nothing + #", "none": ["/a"], "as_is": ["**"]}"#, "is no path in an archive"),
            (start + nothing + #", "none": ["a/../b"], "as_is": ["**"]}"#, "is no path in an archive"),
            (start + nothing + #", "none": ["a", "a"], "as_is": ["**"]}"#, "twice in this file"),
            (start + nothing + #", "none": ["a", "a/b"], "as_is": ["**"]}"#, "would be a group as well"),
            (
                start + nothing + #", "none": ["a"], "groups": ["a"], "as_is": ["**"]}"#,
                "would be a group as well"
            ),
            (start + nothing + #", "none": ["a"]}"#, "is no path of the archive format"),
            (start + nothing + #", "none": ["samples/0/tokens/input/segments/0/delayed"]}"#, "not None"),
        ])
    func wrongManifest(text: String, says: String) throws {
        let dumps = try Dumps()
        try dumps.write("manifest.json", text)
        let sentence = try #require(dumps.failure())
        #expect(sentence.contains(says), "\(sentence)")
        #expect(sentence.contains("manifest.json"), "\(sentence)")
        #expect(!sentence.contains("\n"), "\(sentence)")
        #expect(dumps.beside.isEmpty)
    }

    struct Folder: CustomTestStringConvertible, Sendable {
        let name: String
        var files: [String: [UInt8]]
        var manifest = ""
        let says: String
        var testDescription: String { name }
    }

    private static let matrix = Bytes.npy("<i8", "(8, 12)", 768)
    private static let delayed = "samples/000000/tokens/input/segments/0/delayed"
    private static let codes = "samples/000000/tokens/captured/calls"
    private static let logits = "samples/000000/generation/input/audio_logits"
    private static let drawn = "samples/000000/generation/captured/segments/0/delayed"
    private static let sound = "samples/000000/decode/captured/written/0/samples"

    static let folders = [
        Folder(name: "a file that is not used", files: ["notes.txt": []], says: "notes.txt: is not used"),
        Folder(
            name: "a hidden file that is not used", files: [".DS_Store": []], says: ".DS_Store: is not used"),
        Folder(
            name: "a misspelt path", files: ["samples/000000/tokens/input/segment/0/delayed.npy": matrix],
            says: "is not used"),
        Folder(
            name: "a number with leading zeros",
            files: ["samples/000000/tokens/input/segments/00/delayed.npy": matrix], says: "is not used"),
        Folder(
            name: "a number left out", files: ["\(delayed).npy": matrix, "\(codes)/1/codes.npy": matrix],
            says: "without \(codes)/0"),
        Folder(
            name: "an output without its input", files: ["\(codes)/0/codes.npy": matrix],
            says: "without \(delayed)"),
        Folder(
            name: "a batch without the prompt",
            files: ["samples/000000/collator/captured/batch/input_ids.npy": Bytes.npy("<i8", "(1, 9)", 72)],
            says: "without samples/000000/collator/input/prompt_ids"),
        Folder(
            name: "logits of another number of steps",
            files: ["\(logits).npy": Bytes.npy("<f4", "(12, 8, 10)", 3840), "\(drawn).npy": matrix],
            says: "took 11 steps of 8 codebooks"),
        Folder(
            name: "logits without what was drawn",
            files: ["\(logits).npy": Bytes.npy("<f4", "(12, 8, 10)", 3840)],
            says: "without \(drawn)"),
        Folder(
            name: "double logits", files: ["\(logits).npy": Bytes.npy("<f8", "(1, 8, 10)", 640)],
            says: "elements of type float64, expected float32"),
        Folder(
            name: "bfloat16 that looks like uint16",
            files: ["\(logits).npy": Bytes.npy("<u2", "(1, 8, 10)", 160)],
            says: "where that is bfloat16"),
        Folder(
            name: "a sound file's samples without a rate",
            files: ["\(sound).npy": Bytes.npy("<i4", "(4,)", 16)],
            says: "has no sample_rate"),
        Folder(
            name: "a sound file's samples without its name",
            files: ["\(sound).npy": Bytes.npy("<i4", "(4,)", 16)],
            manifest: #""tensors": [{"path": "\#(sound)", "sample_rate": 24000, "subtype": "PCM_16"}]"#,
            says: "has no sound_file"),
        Folder(
            name: "counters of another number of steps",
            files: [
                "\(drawn).npy": matrix,
                "samples/000000/generation/captured/num_delay.npy": Bytes.npy("<i8", "(12,)", 96),
            ], says: "took 11 steps of 8 codebooks"),
        Folder(
            name: "axes of other names", files: ["\(delayed).npy": matrix],
            manifest: #""tensors": [{"path": "\#(delayed)", "axes": ["frame", "codebook"]}]"#,
            says: #"expected ["codebook", "column"]"#),
        Folder(
            name: "scores of another vocabulary",
            files: [
                "\(logits).npy": Bytes.npy("<f4", "(11, 8, 10)", 3520), "\(drawn).npy": matrix,
                "samples/000000/generation/captured/scores.npy": Bytes.npy("<f4", "(11, 8, 9)", 3168),
            ], says: "the logits are of 10 ids"),
        Folder(
            name: "axes of another number", files: ["\(delayed).npy": matrix],
            manifest: #""tensors": [{"path": "\#(delayed)", "axes": ["codebook"]}]"#, says: "names for 1 axes"
        ),
        Folder(
            name: "a shape that is not the file's", files: ["\(delayed).npy": matrix],
            manifest: #""tensors": [{"path": "\#(delayed)", "shape": [12, 8]}]"#, says: "tensors[0].shape"),
        Folder(
            name: "a type that is not the file's", files: ["\(delayed).npy": matrix],
            manifest: #""tensors": [{"path": "\#(delayed)", "dtype": "int32"}]"#, says: "tensors[0].dtype"),
        Folder(
            name: "a raw file without a shape", files: ["a.bin": [1, 2]],
            manifest: #""tensors": [{"path": "\#(delayed)", "file": "a.bin", "dtype": "int64"}]"#,
            says: "without shape"),
        Folder(
            name: "a raw file of another size", files: ["a.bin": [1, 2]],
            manifest:
                #""tensors": [{"path": "\#(delayed)", "file": "a.bin", "dtype": "int64", "shape": [8, 9]}]"#,
            says: "is 576 bytes, but holds 2"),
        Folder(
            name: "two files for one path", files: ["\(delayed).npy": matrix, "a.npy": matrix],
            manifest: #""tensors": [{"path": "\#(delayed)", "file": "a.npy"}]"#, says: "stands for it too"),
        Folder(
            name: "one path twice", files: ["a.npy": matrix],
            manifest:
                #""tensors": [{"path": "x", "file": "a.npy"}, {"path": "x", "file": "a.npy"}], "as_is": ["x"]"#,
            says: "a second time"),
        Folder(
            name: "a key of an .npy file", files: ["a.npy": matrix],
            manifest: #""tensors": [{"path": "\#(delayed)", "file": "a.npy", "key": "a"}]"#,
            says: "no .safetensors file"),
        Folder(
            name: "a key that is not there", files: ["a.safetensors": Bytes.safetensors("{}", 0)],
            manifest: #""tensors": [{"path": "\#(delayed)", "file": "a.safetensors", "key": "a"}]"#,
            says: "no tensor of a.safetensors"),
        Folder(
            name: "a file that is both mapped and ignored", files: ["a.npy": matrix],
            manifest: #""tensors": [{"path": "\#(delayed)", "file": "a.npy"}], "ignore": ["a*"]"#,
            says: "is listed in ignore"),
        Folder(
            name: "a document in both places", files: ["profile.json": Array("{}".utf8)],
            manifest: #""profile": {}"#, says: "profile stands here and in"),
        Folder(
            name: "int16 where nothing says that it is an id", files: ["a.npy": Bytes.npy("<i2", "(4,)", 8)],
            manifest: #""tensors": [{"path": "x", "file": "a.npy"}], "as_is": ["x"]"#,
            says: "archives do not hold"),
        Folder(
            name: "too many axes", files: ["a.npy": Bytes.npy("<i8", "(1,1,1,1,1,1,1,1,1)", 8)],
            manifest: #""tensors": [{"path": "x", "file": "a.npy"}], "as_is": ["x"]"#, says: "limit of 8"),
    ]

    @Test("files that do not fit together", arguments: folders)
    func wrongFolder(folder: Folder) throws {
        let dumps = try Dumps()
        try dumps.manifest(folder.manifest)
        for (name, bytes) in folder.files { try dumps.write(name, bytes) }
        let sentence = try #require(dumps.failure())
        #expect(sentence.contains(folder.says), "\(sentence)")
        #expect(!sentence.contains("\n"), "\(sentence)")
        #expect(dumps.beside.isEmpty)
    }

    @Test("a link to a folder, a link to nothing and a pipe")
    func notFiles() throws {
        for (say, make) in [
            (
                "link to a folder",
                { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "/") }
            ),
            (
                "link to nothing",
                { try FileManager.default.createSymbolicLink(atPath: $0, withDestinationPath: "/no/such") }
            ),
            ("device or a pipe", { #expect(mkfifo($0, 0o600) == 0) }),
        ] as [(String, (String) throws -> Void)] {
            let dumps = try Dumps()
            try make(dumps.folder + "/x.npy")
            #expect(try #require(dumps.failure()).contains(say))
        }
    }

    @Test("a tensor larger than the limit is refused before anything is read")
    func tooLarge() throws {
        let dumps = try Dumps()
        try dumps.write("samples/000000/collator/input/prompt_ids.npy", Bytes.npy("<i8", "(1000,)", 8000))
        var limits = ArchiveLimits.standard
        limits.tensorBytes = 7999
        #expect(throws: ExchangeError.self) { try ImportPlan(folder: dumps.folder, limits: limits) }
        limits.tensorBytes = 8000
        #expect(throws: Never.self) { try ImportPlan(folder: dumps.folder, limits: limits) }
    }
}

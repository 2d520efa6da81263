import AlignmentKit
import Foundation
import TestSupport
import Testing

/// Dumps that numpy, torch and others wrote.
@Suite("Import reads what others write")
struct ImportTests {
    private static let sample = "samples/000000"

    private func python(_ dumps: Dumps, _ script: String) throws {
        try Python.run(
            script: """
                import os, sys
                import numpy as np
                os.chdir(sys.argv[1])
                s = "samples/000000/"
                def save(path, array, version=None):
                    os.makedirs(os.path.dirname(s + path), exist_ok=True)
                    with open(s + path + ".npy", "wb") as f:
                        np.lib.format.write_array(f, np.asarray(array), version)

                """ + script, dumps.folder)
    }

    private func check(_ dumps: Dumps) throws -> ArchiveReader {
        #expect(
            try ArchiveReader.verify(file: dumps.archive).findings.filter(\.isError).map(\.description) == [])
        return try ArchiveReader(file: dumps.archive)
    }

    @Test("ids of every integer type are widened, and that is said")
    func integers() throws {
        let dumps = try Dumps()
        try python(
            dumps,
            """
            values = np.arange(24).reshape(2, 12)
            for k, dtype in enumerate(["i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1"]):
                signed = dtype[0] == "i"
                save(f"tokens/input/segments/{k}/delayed", (values - (9 if signed else 0)).astype(dtype))
            """)
        let report = try dumps.imported()
        #expect(
            report.widened.map(\.from) == ["int32", "int16", "int8", "uint64", "uint32", "uint16", "uint8"])
        #expect(report.widened.allSatisfy { $0.to == "int64" })
        let reader = try check(dumps)
        for index in 0..<8 {
            let first: Int64 = index < 4 ? -9 : 0
            let codes = try reader.int64(at: "\(Self.sample)/tokens/input/segments/\(index)/delayed", rank: 2)
            #expect(codes.scalars == Array(first..<first + 24), "\(index)")
        }
    }

    @Test("half floats become float32 where the format wants that, exactly, and NaN is counted")
    func floats() throws {
        let dumps = try Dumps()
        try python(
            dumps,
            """
            import torch
            from safetensors.torch import save_file
            save("decode/input/calls/0/codes", np.zeros((8, 1), "i8"))
            save("decode/input/calls/1/codes", np.zeros((8, 1), "i8"))
            save("decode/captured/calls/0/waveform", np.array([1 / 3, np.nan, -np.inf, 6e-8], "f2"))
            wave = torch.tensor([1 / 3, float("nan"), float("nan"), -2.0], dtype=torch.bfloat16)
            field = s + "collator/input/sample/own_bfloat16"
            save_file({s + "decode/captured/calls/1/waveform": wave, field: wave.clone()}, "torch.safetensors", {"format": "pt"})
            save("collator/input/prompt_ids", np.zeros(1, "i8"))
            save("collator/input/sample/input_ids", np.zeros(1, "i8"))
            for dtype in "float16", "float64":
                save("collator/input/sample/own_" + dtype, np.array([np.nan] * 3 + [1], dtype))
            """)
        let report = try dumps.imported()
        let paths = [0, 1].map { "\(Self.sample)/decode/captured/calls/\($0)/waveform" }
        let own = ["bfloat16", "float16", "float64"].map { "\(Self.sample)/collator/input/sample/own_\($0)" }
        #expect(report.nans.map(\.path) == own + paths && report.nans.map(\.count) == [2, 3, 3, 1, 2])
        #expect(report.nans.map(\.elements) == [4, 4, 4, 4, 4])
        #expect(report.widened.map(\.from) == ["float16", "bfloat16"])
        let reader = try check(dumps)
        let half = try reader.float32(at: paths[0]).scalars
        #expect(half[0] == 0.33325195 && half[1].isNaN && half[2] == -.infinity && half[3] == 5.9604645e-08)
        let brain = try reader.float32(at: paths[1]).scalars
        #expect(brain[0] == 0.33398438 && brain[1].isNaN && brain[3] == -2)
    }

    @Test("every version of .npy, bfloat16 as uint16 and as two bytes, raw files and mapped keys")
    func files() throws {
        let dumps = try Dumps()
        try python(
            dumps,
            """
            from safetensors.numpy import save_file
            for k in 0, 1, 2:
                save(f"decode/input/calls/{k}/codes", np.full((8, 2), k, "i8"), (k + 1, 0))
            bits = np.array([0x3F80, 0xC000], "<u2")
            np.save("logits.npy", bits.reshape(1, 2, 1))
            np.save("scores.npy", bits.reshape(1, 2, 1).view("V2"))
            np.arange(4, dtype="<i4").reshape(2, 2).tofile("drawn.bin")
            np.save("vector.npy", np.asfortranarray(np.arange(3, dtype="i8")))
            save_file({"book": np.arange(6, dtype="i8").reshape(2, 3), "other": np.zeros(1)}, "all.safetensors")
            open("junk.log", "w").write("x")
            """)
        let generation = "\(Self.sample)/generation"
        try dumps.manifest(
            """
            "tensors": [
              {"path": "\(generation)/input/audio_logits", "file": "logits.npy", "dtype": "bfloat16"},
              {"path": "\(generation)/captured/scores", "file": "scores.npy", "dtype": "bfloat16",
               "axes": ["step", "codebook", "vocabulary"]},
              {"path": "\(generation)/captured/segments/0/delayed", "file": "drawn.bin", "dtype": "int32",
               "shape": [2, 2]},
              {"path": "\(generation)/captured/text_ids", "file": "vector.npy"},
              {"path": "\(generation)/input/reference_columns", "file": "all.safetensors", "key": "book"},
              {"path": "\(Self.sample)/tokens/input/segments/0/delayed", "file": "all.safetensors", "key": "book"}
            ], "ignore": ["*.log", "all.safetensors#other"]
            """)
        let report = try dumps.imported()
        #expect(report.ignored == ["all.safetensors#other", "junk.log"])
        #expect(
            report.samples.map(\.parts) == [
                ["decode/input", "generation/captured", "generation/input", "tokens/input"]
            ])
        let reader = try check(dumps)
        for index in 0..<3 {
            let codes = try reader.int64(at: "\(Self.sample)/decode/input/calls/\(index)/codes", rank: 2)
            #expect(codes.scalars == Array(repeating: Int64(index), count: 16))
        }
        #expect(try reader.float32(at: "\(generation)/input/audio_logits", rank: 3).scalars == [1, -2])
        #expect(try reader.float32(at: "\(generation)/captured/scores", rank: 3).scalars == [1, -2])
        #expect(try reader.attributes(at: "\(generation)/captured/scores").labels.axes?.count == 3)
        #expect(try reader.int64(at: "\(generation)/captured/segments/0/delayed").scalars == [0, 1, 2, 3])
        #expect(try reader.int64(at: "\(generation)/captured/text_ids").scalars == [0, 1, 2])
        for path in [
            "\(generation)/input/reference_columns", "\(Self.sample)/tokens/input/segments/0/delayed",
        ] {
            #expect(try reader.int64(at: path, rank: 2).scalars == [0, 1, 2, 3, 4, 5], "\(path)")
        }
    }

    @Test("a named configuration is written out in full, and the archive says who made it")
    func documents() throws {
        let dumps = try Dumps()
        try dumps.write(
            "manifest.json",
            """
            {"format": "higgs-alignment-import", "format_version": 1, "provenance": {"name": "port"},
             "model": "higgs-audio-v2", "tokens": "higgs-audio-v2", "profile": {"tokens.clip_max": 1023},
             "none": ["\(Self.sample)/collator/input/sample/label_ids"]}
            """)
        for path in ["prompt_ids", "sample/input_ids"] {
            try dumps.write("\(Self.sample)/collator/input/\(path).npy", Bytes.npy("<i4", "(3,)", 12))
        }
        try dumps.write(
            "\(Self.sample)/sample.json",
            #"{"ordinal": 0, "arm": null, "pair": null, "seed": null, "applied": []}"#)
        let report = try dumps.imported()
        #expect(report.namedConfigurations == ["model: higgs-audio-v2", "tokens: higgs-audio-v2"])
        #expect(report.pythonNones == 1 && report.tensors == 2 && report.texts == 5)
        let reader = try check(dumps)
        #expect(reader.header.createdBy == "test 1")
        #expect(reader.header.id.flatMap(UUID.init(uuidString:)) != nil)
        let model = ModelConfiguration(
            model: try reader.json(at: "config/model.json"),
            tokens: try reader.json(at: "config/tokens.json"), codec: nil)
        var released = ModelConfiguration()
        released.assistantHeader = [128006, 78191, 128007, 271]
        #expect(model == released)
        // The ids of the released model stand in the files, not only in this program.
        #expect(try reader.json(at: "config/tokens.json")["audio_out_token_id"] == .integer(128016))
        #expect(try reader.json(at: "config/tokens.json")["assistant_header"]?.array?.count == 4)
        #expect(try reader.json(at: "provenance.json")["name"]?.string == "port")
        let capture = try CaptureReader(reader).capture()
        #expect(capture.samples.first?.collator?.facts.items.first?.promptIDs == [0, 0, 0])
    }

    @Test("an archive that stood under the name stays if the import fails, and goes if it does not")
    func replacing() throws {
        let dumps = try Dumps()
        try Data("old".utf8).write(to: URL(filePath: dumps.archive))
        try dumps.write("x.txt", "")
        #expect(dumps.failure() != nil)
        #expect(try String(contentsOfFile: dumps.archive, encoding: .utf8) == "old")
        try dumps.manifest(#""ignore": ["x.txt"]"#)
        try dumps.imported()
        #expect(try ArchiveReader(file: dumps.archive).children(of: "/") == [])
    }
}

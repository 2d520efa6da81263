import AlignmentKit
import Foundation
import TestSupport
import Testing

/// Archive to folder to archive, and everything is what it was.
@Suite("Export and import are each other's inverse")
struct ExchangeRoundTripTests {
    /// What an archive holds, one line for each object, elements by their hash.
    static func listing(_ file: String) throws -> [String] {
        let reader = try ArchiveReader(file: file)
        var lines = ["\(reader.header)"]
        func visit(_ group: String) throws {
            for name in try reader.children(of: group) {
                let path = group == "/" ? "/\(name)" : "\(group)/\(name)"
                switch try reader.kind(of: path) {
                case .group:
                    lines.append("\(path)/")
                    try visit(path)
                case .tensor, .pythonNone:
                    _ = try reader.tensor(at: path)
                    lines.append("\(path) \(try reader.attributes(at: path))")
                case .json: lines.append("\(path) \(try reader.jsonText(at: path))")
                case .missing: lines.append("\(path) missing")
                }
            }
        }
        try visit("/")
        return lines
    }

    static func tensor(_ dtype: DType, _ extents: [Int]) throws -> Tensor {
        let shape = try Shape(extents)
        let values = (0..<shape.elementCount).map { Double($0) / 3 - 1 }
        switch dtype {
        case .float64: return .float64(try NDArray(shape: shape, scalars: values))
        case .float32: return .float32(try NDArray(shape: shape, scalars: values.map { Float($0) }))
        case .float16: return .float16(try NDArray(shape: shape, scalars: values.map { Float16($0) }))
        case .bfloat16:
            return .bfloat16(try NDArray(shape: shape, scalars: values.map { BFloat16(Float($0)) }))
        case .int64: return .int64(try NDArray(shape: shape, scalars: values.map { Int64($0 * 1e12) }))
        case .int32: return .int32(try NDArray(shape: shape, scalars: values.map { Int32($0 * 1000) }))
        case .uint8:
            return .uint8(try NDArray(shape: shape, scalars: values.map { UInt8(Int($0 * 7) & 255) }))
        case .bool: return .bool(try NDArray(shape: shape, scalars: values.map { Int($0 * 3) % 2 == 0 }))
        }
    }

    /// An archive of everything that one can hold, also what the format does not know.
    static func writeArchive(_ file: String) throws {
        let header = ArchiveHeader(
            id: "7f0c5f5e-3a52-4a3c-8f3b-0d5c6d7e8f90", createdAt: "2025-01-02T03:04:05Z", createdBy: "test 1"
        )
        let writer = try ArchiveWriter(file: file, header: header)
        let sample = "samples/a.b-1"
        for dtype in DType.allCases {
            for extents in [[], [0], [0, 3], [3], [1, 5, 6], [3, 1500]] {
                let name = extents.map(String.init).joined(separator: "x")
                try writer.write(
                    try tensor(dtype, extents), at: "\(sample)/collator/input/sample/\(dtype)_\(name)")
            }
        }
        try writer.write(try tensor(.int64, [4]), at: "\(sample)/collator/input/prompt_ids")
        try writer.write(try tensor(.int64, [4]), at: "\(sample)/collator/input/sample/input_ids")
        try writer.writeNone(at: "\(sample)/collator/input/sample/label_ids")
        try writer.write(
            try tensor(.int32, [7]), at: "\(sample)/decode/captured/written/0/samples",
            labels: TensorLabels(axes: ["sample"], sampleRate: 24000, subtype: "PCM_16", file: "å \"1\".wav"))
        try writer.write(.object(["ä": .array([.integer(1), .null])]), at: "\(sample)/profile.json")
        try writer.writeJSON(text: " {\"kept\" :\n1 }\n", at: "config/model.json")
        try writer.writeJSON(text: "Hällo\n", at: "\(sample)/generated_text")
        try writer.createGroup(at: "\(sample)/tokens/golden")
        // What the format does not know, or wants otherwise.
        try writer.writeJSON(text: "{}", at: "manifest.json")
        try writer.writeJSON(text: "no JSON", at: "notes.json")
        try writer.writeJSON(text: "x", at: "unknown/a.npy")
        try writer.writeNone(at: "unknown/none")
        try writer.write(try tensor(.bfloat16, [2, 2]), at: "unknown/odd name*?/ä.json")
        try writer.write(try tensor(.int32, [8, 9]), at: "\(sample)/tokens/captured/calls/3/codes")
        try writer.write(try tensor(.float64, [3]), at: "weights/codec/decoder_2.model.0.bias")
        try writer.finish()
    }

    @Test("every type, shape, label, None, text and unknown path", arguments: ArchiveExport.Style.allCases)
    func everything(style: ArchiveExport.Style) throws {
        let dumps = try Dumps()
        let original = dumps.root + "/original.h5"
        try Self.writeArchive(original)
        let folder = dumps.root + "/exported"
        let exported = try ExportFolder(folder)
        let report = try ArchiveExport(ArchiveReader(file: original), as: style).write(into: exported.partial)
        try exported.publish()
        #expect(report.tensors == 54 && report.pythonNones == 2 && report.texts == 6)
        #expect(report.asIs.contains("samples/a.b-1/tokens/captured/calls/3/codes"))
        #expect(!report.asIs.contains("samples/a.b-1/collator/input/prompt_ids"))
        let again = dumps.root + "/again.h5"
        try ImportPlan(folder: folder).write(to: again, createdBy: "other 2")
        #expect(try Self.listing(again) == Self.listing(original))
        #expect(dumps.beside == ["again.h5", "exported", "original.h5"])
    }

    @Test("numpy and safetensors read what is exported, and numpy would have written the same bytes")
    func oracle() throws {
        let dumps = try Dumps()
        let original = dumps.root + "/original.h5"
        try Self.writeArchive(original)
        for style in ArchiveExport.Style.allCases {
            let folder = try ExportFolder("\(dumps.root)/\(style.rawValue)")
            try ArchiveExport(ArchiveReader(file: original), as: style).write(into: folder.partial)
            try folder.publish()
        }
        let counts = try Python.run(
            script: """
                import glob, hashlib, io, json, sys
                import h5py, numpy as np, torch
                from safetensors.torch import load_file
                root = sys.argv[1]
                arrays, tensors = 0, {}
                for file in glob.glob(root + "/safetensors/**/*.safetensors", recursive=True):
                    tensors |= load_file(file)
                names = {"float64": torch.float64, "float32": torch.float32, "float16": torch.float16,
                         "bfloat16": torch.bfloat16, "int64": torch.int64, "int32": torch.int32,
                         "uint8": torch.uint8, "bool": torch.bool}
                with h5py.File(root + "/original.h5") as f:
                    def visit(name, d):
                        global arrays
                        if not isinstance(d, h5py.Dataset) or "dtype" not in d.attrs or d.shape is None:
                            return
                        arrays += 1
                        raw = open(f"{root}/npy/{name}.npy", "rb").read()
                        array = np.load(io.BytesIO(raw), allow_pickle=False)
                        assert array.shape == d.shape, name
                        assert hashlib.sha256(array.tobytes()).hexdigest() == d.attrs["sha256"], name
                        again = io.BytesIO()
                        np.save(again, array)
                        assert again.getvalue() == raw, (name, raw[:128], again.getvalue()[:128])
                        tensor = tensors.pop(name)
                        assert tensor.dtype == names[d.attrs["dtype"]] and tuple(tensor.shape) == d.shape, name
                        bits = tensor.contiguous().reshape(-1).view(torch.uint8).numpy().tobytes()
                        assert hashlib.sha256(bits).hexdigest() == d.attrs["sha256"], name
                    f.visititems(visit)
                print(arrays, len(tensors))
                """, dumps.root)
        #expect(counts == "54 0\n")
    }

    @Test("a pattern leaves tensors out and says which; the rest still imports")
    func only() throws {
        let dumps = try Dumps()
        let original = dumps.root + "/original.h5"
        try Self.writeArchive(original)
        let folder = try ExportFolder(dumps.root + "/some")
        let export = ArchiveExport(
            try ArchiveReader(file: original), as: .npy,
            only: [PathPattern("tokens/**"), PathPattern("samples/*/collator/**/*_3")])
        let report = try export.write(into: folder.partial)
        try folder.publish()
        #expect(report.tensors == 9 && report.leftOut.count == 47)
        try ImportPlan(folder: dumps.root + "/some").write(to: dumps.archive, createdBy: "test 1")
        let reader = try ArchiveReader(file: dumps.archive)
        #expect(try reader.contains("samples/a.b-1/tokens/captured/calls/3/codes"))
        #expect(try !reader.contains("samples/a.b-1/collator/input/prompt_ids"))
        let none = ArchiveExport(try ArchiveReader(file: original), as: .npy, only: [PathPattern("nothing")])
        let empty = try ExportFolder(dumps.root + "/none")
        #expect(throws: ExchangeError.self) { try none.write(into: empty.partial) }
    }

    @Test("a folder that holds something is never replaced, and one that is not published goes away")
    func folders() throws {
        let dumps = try Dumps()
        #expect(throws: ExchangeError.self) { _ = try ExportFolder(dumps.folder) }
        #expect(throws: ExchangeError.self) { _ = try ExportFolder(dumps.folder + "/manifest.json") }
        #expect(throws: ExchangeError.self) { _ = try ExportFolder(dumps.root + "/no/such") }
        do {
            let folder = try ExportFolder(dumps.root + "/new/")
            #expect(FileManager.default.fileExists(atPath: folder.partial))
        }
        #expect(dumps.beside.isEmpty)
        try FileManager.default.createDirectory(
            atPath: dumps.root + "/empty", withIntermediateDirectories: false)
        try ExportFolder(dumps.root + "/empty").publish()
        #expect(dumps.beside == ["empty"])
    }
}

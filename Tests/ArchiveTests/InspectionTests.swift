import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Archive: inspect shows values as numpy does, and figures over them")
struct InspectionTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func sheets(_ file: String, _ paths: [String]) throws -> [TensorSheet] {
        let inspection = try Inspection(file: file, .init(tensors: paths), reference: .serveEngine)
        #expect(inspection.problems == [])
        return inspection.tensors
    }

    @Test("integers and truth values are laid out as numpy lays them out, whole and at the edges")
    func layout() throws {
        let file = scratch.file("a.h5")
        let output = try Python.run(
            """
            arrays = {
                "scalar": np.int64(-7), "vector": np.arange(-3, 9), "empty": np.zeros((0, 3), "i8"),
                "matrix": np.arange(12).reshape(3, 4) ** 5, "cube": np.arange(24).reshape(2, 3, 4),
                "four": np.arange(48).reshape(2, 3, 2, 4), "long": np.arange(5000) - 2,
                "wide": np.arange(4000).reshape(4, 1000), "large": np.arange(8 ** 4).reshape(16, 16, 16),
                "bytes": np.arange(9, dtype="u1").reshape(3, 3),
            }
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                for name, array in arrays.items():
                    put(f, name, array)
                put(f, "bool", np.array([[0, 1], [1, 1]], "u1"), "bool")
            arrays["bool"] = np.array([[False, True], [True, True]])
            print(json.dumps({name: np.array2string(np.asarray(a)) for name, a in arrays.items()}))
            """, file)
        let expected = try #require(try JSONText.parse(Data(output.utf8)).object)
        for sheet in try sheets(file, expected.keys.sorted()) where sheet.path != "empty" {
            #expect(sheet.lines.joined(separator: "\n") == expected[sheet.path]?.string, "\(sheet.path)")
        }
        #expect(try sheets(file, ["empty"]).map(\.lines) == [["[]"]])
    }

    @Test("floats have the digits that they need, and no line is wider than 100")
    func floats() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                put(f, "few", np.array([0.1, -2.5, 300], "f4"))
                put(f, "half", np.array([0.1, 1], "f2"))
                put(f, "small", np.array([8e-6, -1.5, 0]))
                put(f, "special", np.array([np.nan, np.inf, -np.inf, 1], "f4"))
                put(f, "brain", np.array([0x3F80, 0xC000, 0x7FC0], "u2"), "bfloat16")
                put(f, "wide", np.arange(900).reshape(3, 300) / 7)
                put(f, "deep", np.arange(4 ** 7).reshape((4,) * 7) / 7)
            """, file)
        let lines = try sheets(file, ["few", "half", "small", "special", "brain"]).map(\.lines)
        #expect(
            lines == [
                ["[  0.1  -2.5 300.0]"], ["[0.1 1.0]"], ["[ 8.0e-06 -1.5e+00  0.0e+00]"],
                ["[ nan  inf -inf  1.0]"],
                ["[ 1.0 -2.0  nan]"],
            ])
        for sheet in try sheets(file, ["wide", "deep"]) {
            #expect(sheet.lines.allSatisfy { $0.count <= 100 })
            #expect(sheet.lines.count < 400)
        }
    }

    @Test("the figures are those that numpy computes")
    func figures() throws {
        let file = scratch.file("a.h5")
        let output = try Python.run(
            """
            draw = np.random.default_rng(7)
            wave = (draw.standard_normal(5000) / 3 + 0.25).astype("f4")
            special = wave.copy().reshape(50, 100)
            special[3, 4:9], special[0, 0], special[1, 1:3], special[2, :4] = np.nan, np.inf, -np.inf, 0
            pcm = (draw.integers(-2**15, 2**15, (2000, 2)) << 16).astype("i4")
            codes = draw.integers(-1, 1028, (8, 40))
            codes[0, :5] = 1023, 1024, 1025, 1026, -1
            s = "samples/000000/"
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                put(f, s + "run_golden/waveform", wave)
                put(f, "special", special)
                put(f, s + "decode/captured/written/0/samples", pcm)
                put(f, s + "decode/input/calls/0/codes", codes)
            def figures(a, scale=None):
                x = a[np.isfinite(a)].astype("f8")
                return {"count": a.size, "min": x.min(), "max": x.max(), "mean": x.mean(),
                        "rms": np.sqrt((x * x).mean()), "energy": (x / scale).var() if scale else None,
                        "zeros": int((a == 0).sum()), "nan": int(np.isnan(a).sum()),
                        "plus": int(np.isposinf(a).sum()), "minus": int(np.isneginf(a).sum()),
                        "distinct": len(np.unique(a)), "outside": int(((a < 0) | (a >= 1026)).sum()),
                        "stream": int(((a == 1024) | (a == 1025)).sum())}
            print(json.dumps([figures(wave, 1), figures(special), figures(pcm, 2**31), figures(codes)]))
            """, file)
        let expected = try #require(try JSONText.parse(Data(output.utf8)).array)
        let s = "samples/000000/"
        let found = try sheets(
            file,
            [
                s + "run_golden/waveform", "special", s + "decode/captured/written/0/samples",
                s + "decode/input/calls/0/codes",
            ])
        func near(_ left: Double?, _ right: JSONValue?) -> Bool {
            guard let left, let right = right?.double else { return left == nil && right == .null }
            return abs(left - right) <= 1e-12 * max(abs(right), 1e-300)
        }
        for (sheet, expected) in zip(found, expected) {
            let figures = try #require(sheet.statistics)
            #expect(figures.count == expected["count"]?.int)
            #expect(near(figures.minimum?.double, expected["min"]))
            #expect(near(figures.maximum?.double, expected["max"]))
            #expect(near(figures.mean, expected["mean"]), "\(sheet.path)")
            #expect(near(figures.rms, expected["rms"]), "\(sheet.path)")
            #expect(near(figures.acEnergy, expected["energy"]), "\(sheet.path)")
            #expect(figures.zeros == expected["zeros"]?.int)
            #expect(figures.nans ?? 0 == expected["nan"]?.int)
            #expect(figures.positiveInfinities ?? 0 == expected["plus"]?.int)
            #expect(figures.negativeInfinities ?? 0 == expected["minus"]?.int)
            if figures.nans == nil { #expect(figures.distinct == expected["distinct"]?.int) }
        }
        let ids = try #require(found[3].ids)
        #expect(ids.outOfRange == expected[3]["outside"]?.int && ids.outOfRange > 0)
        #expect(ids.streamIds == expected[3]["stream"]?.int)
        #expect(found[0].ids == nil && found[2].ids == nil)
    }

    @Test("an object that cannot be read is listed with the reason, and the others are listed")
    func unreadable() throws {
        let file = scratch.file("a.h5")
        try Python.run(
            """
            with h5py.File(sys.argv[1], "w") as f:
                head(f)
                put(f, "a", np.zeros(3))
                f["b"] = h5py.ExternalLink("other.h5", "/y")
                f["c"] = f["a"]
                f["d"] = f["/"]
                put(f, "e" * 300, np.zeros(3))
            """, file)
        let inspection = try Inspection(file: file, .init(), reference: .serveEngine)
        #expect(inspection.entries.map(\.kind) == ["tensor", "unreadable", "tensor", "group", "tensor"])
        #expect(inspection.entries.map(\.sameAs) == [nil, nil, "/a", "/", nil])
        #expect(
            inspection.problems.count == 1 && inspection.problems[0].contains("external link to other.h5:/y"))
        let text = TextRenderer().render(inspection.document)
        for line in text.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
    }
}

extension ElementValue {
    fileprivate var double: Double {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .bool(let value): value ? 1 : 0
        }
    }
}

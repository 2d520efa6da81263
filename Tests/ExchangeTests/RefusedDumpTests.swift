import AlignmentKit
import Foundation
import Testing

/// A wrong dump is one sentence that names the file, and nothing is left behind.
@Suite("Import refuses, in one sentence and with nothing left behind")
struct RefusedDumpTests {
    private static let codes = "samples/000000/tokens/input/segments/0/delayed"

    struct Wrong: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: [UInt8]
        let says: String
        var testDescription: String { name }

        init(_ name: String, _ bytes: [UInt8], _ says: String) {
            (self.name, self.bytes, self.says) = (name, bytes, says)
        }
    }

    private func expect(_ dumps: Dumps, toFailWith says: String, naming file: String) throws {
        let sentence = try #require(dumps.failure())
        #expect(sentence.contains(says), "\(sentence)")
        #expect(sentence.contains(file), "\(sentence)")
        #expect(sentence.hasSuffix(".") && !sentence.contains("\n"), "\(sentence)")
        #expect(dumps.beside.isEmpty)
    }

    static let npy = [
        Wrong("empty", [], "ends inside its .npy header"),
        Wrong("no magic", Array("PK\u{3}\u{4} a zip file".utf8), "does not begin as an .npy file"),
        Wrong("version 4", Bytes.npy("{}", 0, version: [4, 0]), "version 4.0"),
        Wrong("version 1.1", Bytes.npy("{}", 0, version: [1, 1]), "version 1.1"),
        Wrong(
            "cut in its header", Array(Bytes.npy("<i8", "(8, 9)", 0).prefix(40)),
            "ends inside its .npy header"),
        Wrong(
            "a header of gigabytes", [0x93] + Array("NUMPY".utf8) + [2, 0, 255, 255, 255, 127],
            "more than the limit"),
        Wrong("no dict", Bytes.npy("[1, 2]", 0), "no dict"),
        Wrong("code in the header", Bytes.npy("{'descr': __import__('os')}", 0), "no dict"),
        Wrong(
            "a key twice",
            Bytes.npy("{'descr': '<i8', 'descr': '<i8', 'fortran_order': False, 'shape': ()}", 8), "no dict"),
        Wrong("a key missing", Bytes.npy("{'descr': '<i8', 'shape': (1,)}", 8), "no dict"),
        Wrong(
            "a key too many",
            Bytes.npy("{'descr': '<i8', 'fortran_order': False, 'shape': (), 'x': True}", 8), "no dict"),
        Wrong("a number for a tuple", Bytes.npy("<i8", "(8)", 64), "no dict"),
        Wrong("a negative extent", Bytes.npy("<i8", "(-1, 9)", 64), "no dict"),
        Wrong("an extent beyond Int", Bytes.npy("<i8", "(99999999999999999999,)", 64), "no dict"),
        Wrong(
            "too many elements", Bytes.npy("<i8", "(4611686018427387904, 4)", 64),
            "more elements than can be counted"),
        Wrong("bytes that overflow", Bytes.npy("<i8", "(2305843009213693952, 1)", 64), "too many bytes"),
        Wrong(
            "text after the dict", Bytes.npy("{'descr': '<i8', 'fortran_order': False, 'shape': ()} x", 8),
            "no dict"),
        Wrong("too few bytes", Bytes.npy("<i8", "(8, 9)", 575), "is 576 bytes, but holds 575"),
        Wrong("too many bytes", Bytes.npy("<i8", "(8, 9)", 577), "is 576 bytes, but holds 577"),
        Wrong("Fortran order", Bytes.npy("<i8", "(8, 9)", 576, fortran: true), "Fortran order"),
        Wrong("big-endian", Bytes.npy(">i8", "(8, 9)", 576), "big-endian"),
        Wrong("pickled objects", Bytes.npy("|O", "(8, 9)", 576), "pickled"),
        Wrong("complex numbers", Bytes.npy("<c8", "(8, 9)", 576), "the type \"<c8\""),
        Wrong("texts", Bytes.npy("<U4", "(8, 9)", 1152), "the type \"<U4\""),
        Wrong("times", Bytes.npy("<M8[ns]", "(8, 9)", 576), "the type \"<M8[ns]\""),
        Wrong(
            "structures", Bytes.npy("{'descr': [('a', '<i8')], 'fortran_order': False, 'shape': ()}", 8),
            "structured"),
        Wrong("floats for ids", Bytes.npy("<f4", "(8, 9)", 288), "elements of type float32, expected int64"),
        Wrong("another rank", Bytes.npy("<i8", "(1, 8, 9)", 576), "the shape [1, 8, 9], expected 2 axes"),
        Wrong(
            "uint64 beyond int64", Array(Bytes.npy("<u8", "(1, 1)", 0)) + [UInt8](repeating: 255, count: 8),
            "which int64 cannot hold"),
    ]

    @Test("a wrong .npy file", arguments: npy)
    func wrongNPY(wrong: Wrong) throws {
        let dumps = try Dumps()
        try dumps.write("\(Self.codes).npy", wrong.bytes)
        try expect(dumps, toFailWith: wrong.says, naming: "\(Self.codes).npy")
    }

    private static func entry(_ dtype: String, _ shape: String, _ offsets: String, key: String = codes)
        -> String
    {
        #""\#(key)": {"dtype": "\#(dtype)", "shape": \#(shape), "data_offsets": \#(offsets)}"#
    }

    private static let other = "samples/000000/tokens/captured/calls/0/codes"

    static let safetensors = [
        Wrong("empty", [], "ends inside its safetensors header"),
        Wrong("cut", Array(Bytes.safetensors("{}", 0).prefix(9)), "ends inside its safetensors header"),
        Wrong("a header of exabytes", Bytes.safetensors("{}", 0, length: .max), "more than the limit"),
        Wrong(
            "a header beyond the file", Bytes.safetensors("{}", 0, length: 100),
            "ends inside its safetensors header"),
        Wrong("no JSON", Bytes.safetensors("{'a': 1}", 0), "no JSON"),
        Wrong("a pickle", Bytes.safetensors("\u{80}\u{2}}", 0), "does not begin as a safetensors file"),
        Wrong(
            "deep JSON", Bytes.safetensors("{\"a\":" + String(repeating: "[", count: 100_000), 0),
            "nest deeper"),
        Wrong(
            "metadata that is no text", Bytes.safetensors(#"{"__metadata__": {"a": 1}}"#, 0),
            "no object of texts"),
        Wrong(
            "a key twice",
            Bytes.safetensors(
                "{\(entry("I64", "[1, 1]", "[0, 8]")), \(entry("I64", "[1, 1]", "[0, 8]"))}", 8),
            "stands twice"),
        Wrong(
            "float8", Bytes.safetensors("{\(entry("F8_E4M3", "[8, 9]", "[0, 72]"))}", 72), "the type F8_E4M3"),
        Wrong("complex", Bytes.safetensors("{\(entry("C64", "[8, 9]", "[0, 576]"))}", 576), "the type C64"),
        Wrong(
            "no shape", Bytes.safetensors(#"{"\#(codes)": {"dtype": "I64", "data_offsets": [0, 8]}}"#, 8),
            "no object of dtype, shape and data_offsets"),
        Wrong(
            "a shape of floats", Bytes.safetensors("{\(entry("I64", "[1.0, 1]", "[0, 8]"))}", 8),
            "no object of dtype, shape"),
        Wrong(
            "a negative extent", Bytes.safetensors("{\(entry("I64", "[-1, -1]", "[0, 8]"))}", 8),
            "no object of dtype, shape"),
        Wrong(
            "one offset", Bytes.safetensors("{\(entry("I64", "[1, 1]", "[8]"))}", 8),
            "no object of dtype, shape"),
        Wrong(
            "offsets in reverse", Bytes.safetensors("{\(entry("I64", "[1, 1]", "[8, 0]"))}", 8),
            "data_offsets [8, 0]"),
        Wrong(
            "offsets beyond the file", Bytes.safetensors("{\(entry("I64", "[1, 2]", "[0, 16]"))}", 8),
            "outside the file's 8 bytes"),
        Wrong(
            "another size than the shape's", Bytes.safetensors("{\(entry("I64", "[1, 2]", "[0, 8]"))}", 8),
            "is 16 bytes, but holds 8"),
        Wrong(
            "a shape that overflows",
            Bytes.safetensors("{\(entry("I64", "[4611686018427387904, 4]", "[0, 8]"))}", 8),
            "more elements than can be counted"),
        Wrong(
            "a hole at the start", Bytes.safetensors("{\(entry("I64", "[1, 1]", "[8, 16]"))}", 16),
            "leaves bytes 0 to 8"),
        Wrong(
            "bytes at the end", Bytes.safetensors("{\(entry("I64", "[1, 1]", "[0, 8]"))}", 9),
            "1 bytes after its last tensor"),
        Wrong(
            "tensors that overlap",
            Bytes.safetensors(
                "{\(entry("I64", "[1, 2]", "[0, 16]")), \(entry("I64", "[1, 2]", "[8, 24]", key: other))}", 24
            ),
            "shares bytes"),
        Wrong(
            "a key that is no path",
            Bytes.safetensors("{\(entry("I64", "[1, 1]", "[0, 8]", key: "lm_head"))}", 8),
            "\"lm_head\" is not used"),
    ]

    @Test("a wrong .safetensors file", arguments: safetensors)
    func wrongSafetensors(wrong: Wrong) throws {
        let dumps = try Dumps()
        try dumps.write("all.safetensors", wrong.bytes)
        try expect(dumps, toFailWith: wrong.says, naming: "all.safetensors")
    }

    @Test("a bool that is neither 0 nor 1")
    func wrongBool() throws {
        let dumps = try Dumps()
        let path = "samples/000000/collator/captured/batch/attention_mask"
        try dumps.write("samples/000000/collator/input/prompt_ids.npy", Bytes.npy("<i8", "(2,)", 16))
        try dumps.write("\(path).npy", Bytes.npy("|b1", "(1, 2)", 1) + [7])
        try expect(dumps, toFailWith: "neither 0 nor 1", naming: path)
    }

    @Test(
        "a wrong text",
        arguments: [
            Wrong("no JSON", Array("{\"a\": NaN}".utf8), "no JSON"),
            Wrong("a key twice", Array(#"{"a": 1, "a": 2}"#.utf8), "stands twice"),
            Wrong("not UTF-8", [0x22, 0xFF, 0x22], "not UTF-8"),
            Wrong("a NUL", [0x22, 0, 0x22], "NUL"),
        ])
    func wrongText(wrong: Wrong) throws {
        let dumps = try Dumps()
        try dumps.write("profile.json", wrong.bytes)
        try expect(dumps, toFailWith: wrong.says, naming: "profile.json")
    }
}

import AlignmentKit
import Foundation
import Testing

@Suite("Strict JSON")
struct StrictJSONTests {
    @Test(
        "reads what JSONDecoder reads",
        arguments: [
            "null", " [1, -2, 3.5e-2, 0, -0.5, 1E-3, true, false] ",
            #"{"a": {"b": []}, "c": "é\u00e9\ud83d\ude00\n\"\\\/"}"#,
            "9223372036854775807", "12345678901234567890", "\"\"",
        ])
    func accepts(text: String) throws {
        #expect(try StrictJSON.parse(Array(text.utf8)) == JSONText.parse(Data(text.utf8)))
    }

    @Test(
        "refuses with the place",
        arguments: [
            ("", "line 1, byte 1"), ("[1,]", "line 1, byte 4"), ("[01]", "line 1, byte 2"),
            ("{\"a\":1,}", "byte 8"),
            ("\n\n x", "line 3, byte 2"), ("nul", "a value was expected"), ("\"\u{1}\"", "control character"),
            (#""\x""#, "unknown escape"), (#""\ud800""#, "surrogate"), (#""\udc00""#, "surrogate"),
            ("1e999", "too large"),
            ("[1] 2", "more text"), ("{\"a\": 1, \"\\u0061\": 2}", "stands twice"),
            ("'a'", "a value was expected"),
            (String(repeating: "[", count: 70), "nest deeper"), ("\"a", "ends inside"),
            ("\u{FEFF}1", "a value was expected"),
            ("1.", "a digit"), ("+1", "a value was expected"), ("{1: 2}", "double quotes"),
            ("NaN", "a value was expected"),
        ])
    func refuses(text: String, says: String) throws {
        let problem = #expect(throws: StrictJSON.Problem.self) { try StrictJSON.parse(Array(text.utf8)) }
        #expect(problem?.description.contains(says) == true, "\(problem?.description ?? "")")
    }

    @Test("refuses bytes that are not UTF-8")
    func notUTF8() {
        #expect(throws: StrictJSON.Problem.self) { try StrictJSON.parse([0x22, 0xC3, 0x22]) }
    }
}

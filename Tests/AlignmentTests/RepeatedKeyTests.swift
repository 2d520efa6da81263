import AlignmentKit
import Foundation
import Testing

@Suite("JSON: a key that stands twice")
struct RepeatedKeyTests {
    @Test(
        "is found in whatever object it stands, however it is written",
        arguments: [
            (#"{"b": 1, "b": 2}"#, "b"), (#"{"a": [1, "x"], "b": 1, "b": 2}"#, "b"),
            (#"[{"a": {"c": 1, "d": {}, "c": null}}]"#, "c"), (#"{"a": [[]], "c": {"a": 1}, "a": 1}"#, "a"),
            (#"{"seed": 1, "s\u0065ed": 1}"#, "seed"), (#"{"a\"": 1, "a\"": 1}"#, "a\""),
        ])
    func found(text: String, key: String) { #expect(JSONText.repeatedKey(in: text) == key) }

    @Test(
        "is not seen where there is none",
        arguments: [
            "1", "[]", #"[{"a": 1}, {"a": 2}]"#, #"{"a": {"a": {"a": 1}}, "b": "a\":"}"#,
            #"{"a": "{\"a\": 1", "b": "]: a", "c": ["a", "a"]}"#, #"{"é": 1, "e\u0301": 2}"#,
        ])
    func notFound(text: String) { #expect(JSONText.repeatedKey(in: text) == nil) }
}

import AlignmentKit
import Testing

@Suite("Patterns for paths")
struct GlobTests {
    @Test(
        "a star crosses slashes, a question mark is one character, and all of the path must fit",
        arguments: [
            ("*", "a/b", true), ("a/*", "a/b/c", true), ("a/?", "a/b", true), ("a/?", "a/bc", false),
            ("*/codes", "a/b/codes", true), ("*/codes", "a/codes/x", false), ("/a/b", "a/b", true),
            ("a", "ab", false), ("", "a", false), ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false),
        ])
    func matches(pattern: String, path: String, expected: Bool) {
        #expect(Glob(pattern).matches(path) == expected)
    }

    @Test("many stars take no more than a moment")
    func manyStars() {
        let clock = ContinuousClock()
        let time = clock.measure {
            #expect(
                !Glob(String(repeating: "a*", count: 50) + "b").matches(String(repeating: "a", count: 5000)))
        }
        #expect(time < .seconds(5))
    }
}

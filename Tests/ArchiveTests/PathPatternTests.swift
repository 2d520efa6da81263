import AlignmentKit
import Testing

@Suite("Patterns for paths")
struct PathPatternTests {
    @Test(
        "a star stays within a name, two stars are any number of names, and all of the path must fit",
        arguments: [
            ("*", "a", true), ("*", "a/b", false), ("**", "a/b", true), ("a/**", "a", true),
            ("a/**/c", "a/c", true), ("a/**/c", "a/b/b/c", true), ("a/**/c", "a/b/b", false),
            ("a/?", "a/b", true), ("a/?", "a/bc", false), ("**/codes", "a/b/codes", true),
            ("**/codes", "a/codes/x", false), ("/a/b", "a/b", true), ("a", "ab", false),
            ("*a*b*", "xxaxxbxx", true), ("*a*b*", "xxbxxaxx", false), ("**/b/**/d", "a/b/c/b/d/e/d", true),
        ])
    func matches(pattern: String, path: String, expected: Bool) {
        #expect(PathPattern(pattern).matches(path) == expected)
    }

    @Test("many stars take no more than a moment")
    func manyStars() {
        let time = ContinuousClock().measure {
            let names = String(repeating: "a*", count: 50) + "b"
            #expect(!PathPattern(names).matches(String(repeating: "a", count: 5000)))
            let groups = String(repeating: "**/a/", count: 50) + "b"
            #expect(!PathPattern(groups).matches(String(repeating: "a/", count: 2000) + "a"))
        }
        #expect(time < .seconds(5))
    }
}

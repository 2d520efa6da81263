import Testing

@testable import AlignmentLogs

@Suite("Finding many texts at once")
struct AnchorTests {
    private func found(_ anchors: [String], in text: String) -> [Int] {
        AnchorIndex(anchors.map { Array($0.utf8) }).all(in: Array(text.utf8)[...])
    }

    @Test("texts that lie in, overlap or begin each other are all found")
    func overlaps() {
        #expect(found(["abcd", "bc", "c", "cde"], in: "xabcx") == [1, 2])
        #expect(found(["abcd", "bc", "c", "cde"], in: "abcde") == [0, 1, 2, 3])
        #expect(found(["aab", "ab"], in: "aaab") == [0, 1])
        #expect(found(["abab", "babb"], in: "ababb") == [0, 1])
        #expect(found(["he", "she", "his", "hers"], in: "ushers") == [0, 1, 3])
        #expect(found(["abc"], in: "") == [])
    }

    @Test("is what a search for each text alone finds", arguments: 0..<200)
    func random(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func text(_ length: Int) -> [UInt8] {
            (0..<length).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(ascii: "a") + UInt8(state >> 60) % 3
            }
        }
        let anchors = (0..<6).map { text(1 + $0) }
        let line = text(20)[...]
        let index = AnchorIndex(anchors)
        let expected = anchors.indices.filter {
            line.firstIndex(of: anchors[$0], from: line.startIndex) != nil
        }
        #expect(index.all(in: line) == expected)
        #expect(index.hasAny(in: line) == !expected.isEmpty)
    }
}

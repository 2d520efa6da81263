import Foundation
import Testing

@testable import AlignmentLogs

@Suite("The catalogue of lines")
struct RuleTests {
    @Test("every rule has a line and a near miss")
    func complete() {
        #expect(Set(RuleTable.rules.map(\.id)) == Set(RuleExample.all.map(\.id)))
        #expect(RuleExample.all.count == RuleTable.rules.count)
    }

    @Test("ids are unique, in kebab case, and no conclusion has a rule's")
    func ids() {
        let ids = RuleTable.rules.map(\.id) + ConclusionTable.conclusions.map(\.id)
        #expect(Set(ids).count == ids.count)
        for id in ids { #expect(id.allSatisfy { $0.isLowercase || $0 == "-" }, "\(id)") }
    }

    @Test(
        "a rule matches its line, with or without marks in front, and not the near miss",
        arguments: RuleExample.all)
    func matches(example: RuleExample) throws {
        func ids(_ text: String) -> [String] { RuleTable.matches(Array(text.utf8)[...]).map(\.rule.id) }
        #expect(ids(example.line).contains(example.id))
        #expect(ids("🚨 " + example.line + "  [REMARK]").contains(example.id))
        #expect(!ids(example.miss).contains(example.id))
    }

    @Test("a rule matches its line behind what every logger puts in front", arguments: RuleExample.all)
    func formats(example: RuleExample) throws {
        let json = String(decoding: try JSONEncoder().encode(["message": example.line]), as: UTF8.self)
        let lines = [
            example.line, "2025-08-21 10:15:02.123 | INFO     | __main__:f:12 - \(example.line)",
            "INFO:name:\(example.line)", "2025-08-21 10:15:02,123 - name - INFO - \(example.line)",
            "[INFO|file.py:12] 2025-08-21 10:15:02,123 >> \(example.line)",
            "INFO 08-21 10:15:02 [a.py:1] \(example.line)",
            "[2025-08-21 10:15:02 TP0] \(example.line)", "/a/b.py:12: UserWarning: \(example.line)",
            "2025-08-21T10:15:02.123456789Z \(example.line)", "2025-08-21 10:15:02 \(example.line)",
            "2025-08-21 10:15:02 [info     ] \(example.line)", "\u{1B}[1m\(example.line)\u{1B}[0m", json,
        ]
        for line in lines {
            let bytes = EscapeSequences.removed(from: Array(line.utf8)[...])
            #expect(RuleTable.anchors.hasAny(in: bytes), "\(line)")
            let message = LinePrefix.parse(bytes, number: 1, isCut: false)[0].message
            #expect(RuleTable.matches(message).contains { $0.rule.id == example.id }, "\(line)")
        }
    }

    @Test(
        "every pattern of a rule is found by its anchor, and names its values",
        arguments: RuleTable.rules.map(\.id))
    func patterns(id: String) throws {
        let rule = try #require(RuleTable.rule(id))
        for pattern in rule.patterns {
            #expect(pattern.names.allSatisfy { rule.values[$0] != nil }, "\(rule.id): a value without words")
            let line = pattern.sample
            #expect(RuleTable.matches(Array(line.utf8)[...]).contains { $0.rule.id == rule.id }, "\(line)")
        }
        #expect(Set(rule.values.keys).isSubset(of: Set(rule.patterns.flatMap(\.names))), "\(rule.id)")
        #expect(rule.means.hasSuffix(".") && rule.doesNotMean.hasSuffix("."))
    }

    @Test("numbers in every form that Python prints")
    func numbers() throws {
        func energy(_ text: String) -> [Double]? {
            RuleTable.matches(Array("Audio energy: \(text)".utf8)[...]).first?.values.numbers("energy")
        }
        #expect(energy("1.54e-10") == [1.54e-10])
        #expect(energy("6.90E-11/1.54e-10") == [6.90e-11, 1.54e-10])
        #expect(energy("0") == [0])
        #expect(energy("-.5") == [-0.5])
        #expect(energy("3.") == [3])
        #expect(energy("inf") == [.infinity])
        #expect(energy("-inf") == [-.infinity])
        #expect(energy("NaN")?.first?.isNaN == true)
        #expect(energy("tensor(1.2e-05, device='cuda:0')") == [1.2e-05])
        #expect(energy("np.float32(0.25)") == [0.25])
        #expect(energy("1e400") == [.infinity])
        for text in ["", "e-10", "1.2.3", "12abc", "nanometre", "tensor(", "tensor(x)", "1/", "-"] {
            #expect(energy(text) == nil, "\(text)")
        }
    }

    @Test("shapes in every form that Python prints")
    func shapes() {
        func shape(_ text: String) -> [Int]? {
            RuleTable.matches(Array("Decoder input shape: \(text)".utf8)[...]).first?.values.shape("shape")
        }
        for text in ["torch.Size([1, 8, 86])", "(1, 8, 86)", "[1,8,86]", "1x8x86"] {
            #expect(shape(text) == [1, 8, 86], "\(text)")
        }
        #expect(shape("()") == nil)
        #expect(shape("None") == nil)
        #expect(shape("(99999999999999999999999,)") == nil)
    }
}

extension LogPattern {
    /// A line made of the pattern alone.
    fileprivate var sample: String {
        pieces.map { piece in
            switch piece {
            case .literal(let bytes): String(decoding: bytes, as: UTF8.self)
            case .punctuation: "='"
            case .value(_, let kind):
                switch kind {
                case .int, .ints: "7"
                case .float, .floats: "0.5"
                case .shape: "[8, 95]"
                case .bool: "True"
                case .word, .text: "words"
                }
            }
        }.joined()
    }
}

import AlignmentKit
import Crypto
import Foundation
import Testing

@Suite("Real sound of failed runs")
struct RealSoundTests {
    struct Row: Sendable, CustomStringConvertible {
        let file: String
        let label: String
        let evidence: [String: String]
        let sha256: String
        let transcript: String

        var description: String { "\(label) \(file)" }
        var path: String { "\(Sounds.folder)/\(file)" }

        func figure(_ name: String) -> Double? { evidence[name].flatMap(Double.init) }
    }

    static let rows: [Row] = {
        let text = (try? String(contentsOfFile: Sounds.folder + "/labels.tsv", encoding: .utf8)) ?? ""
        let lines = text.split(separator: "\n").map { $0.components(separatedBy: "\t") }
        return lines.dropFirst().map { cells in
            let pairs = cells[3].split(separator: " ").map { $0.split(separator: "=").map(String.init) }
            return Row(
                file: cells[0], label: cells[1],
                evidence: Dictionary(uniqueKeysWithValues: pairs.map { ($0[0], $0[1]) }),
                sha256: cells[4], transcript: cells[8])
        }
    }()

    private func result(_ row: Row, budget: TokenBudget? = nil) throws -> SoundResult {
        SoundResult(path: row.path, try SoundMeter().measure(row.path), judge: SoundJudge(), budget: budget)
    }

    @Test("no file is missing, and each is the one that was labelled", arguments: rows)
    func hashes(row: Row) throws {
        let digest = SHA256.hash(data: try Data(contentsOf: URL(filePath: row.path)))
        #expect(digest.map { String(format: "%02x", $0) }.joined() == row.sha256)
    }

    @Test("there are 21 of ten classes")
    func all() { #expect(Self.rows.count == 21 && Set(Self.rows.map(\.label)).count == 10) }

    @Test("each class has its verdict", arguments: rows)
    func verdicts(row: Row) throws {
        let found = try result(row, budget: row.label == "floor-budget" ? TokenBudget(tokens: 48) : nil)
        let findings = found.findings.map(\.id)
        switch row.label {
        case "silent": #expect(found.verdict == .silent)
        case "near-silent": #expect(found.verdict == .mostlySilent && found.level == .quiet)
        case "clipped": #expect(found.verdict == .clipped)
        case "looped": #expect(found.verdict == .noSpeechStructure && findings.contains("looped"))
        case "drone", "noise": #expect(found.verdict == .noSpeechStructure)
        case "long-gap": #expect(found.verdict == .longGap)
        case "cut": #expect(found.verdict == .cutOff)
        case "floor-budget":
            #expect(found.verdict == .noSpeechStructure && findings.contains("budget-exhausted"))
        default: #expect(row.label == "plausible" && found.verdict == .plausible && findings.isEmpty)
        }
    }

    @Test("figures that are defined alike are those of the labels", arguments: rows)
    func figures(row: Row) throws {
        let measures = try SoundMeter().measure(row.path)
        let energy = try #require(row.figure("ac_energy"))
        #expect(abs(measures.acEnergy - energy) <= 1e-4 * energy)
        #expect(Double(measures.distinctValues) == row.figure("distinct"))
        #expect(Double(measures.longestClippedRun) == row.figure("clipped_run"))
        #expect(measures.frames == row.figure("frames") && measures.isWholeFrames)
        // Theirs are levels with the frame's mean.
        #expect(abs(measures.activeRatio - (row.figure("active_ratio") ?? 0)) < 0.05)
    }

    @Test(
        "a transcript's limit proves what the labels say it proves",
        arguments: rows.filter { !$0.transcript.isEmpty })
    func transcripts(row: Row) throws {
        let formula = try #require(AdaptiveBudget(.adaptive))
        let budget = TokenBudget(formula, transcript: row.transcript)
        #expect(Double(budget.tokens) == row.figure("budget"))
        let found = try result(row, budget: budget)
        #expect(found.findings.contains(.budgetExhausted) == (row.evidence["exhausted"] == "proven"))
    }

    @Test("another limit proves nothing", arguments: rows)
    func otherLimits(row: Row) throws {
        let frames = Int(try #require(row.figure("frames")))
        for tokens in [frames + 9, frames + 11, 4096] {
            #expect(
                !(try result(row, budget: TokenBudget(tokens: tokens)).findings.contains(.budgetExhausted)))
        }
        #expect(try result(row, budget: TokenBudget(tokens: frames + 10)).findings.contains(.budgetExhausted))
    }
}

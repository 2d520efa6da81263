import AlignmentLogs
import Testing

@Suite("Evidence about one request")
struct EvidenceTests {
    @Test("is found by the pipeline's own number")
    func numbered() throws {
        let report = LogReport(files: [try Logs.read(try Logs.bytes("story-loguru"))])
        let silent = report.evidence(ofRequest: 0)
        #expect(
            silent.map(\.proof.subject) == [
                .placeholders, .budget, .ending, .eosMessage, .diversity, .energy,
            ])
        #expect(silent.allSatisfy { $0.path == "test.log" && !$0.proof.lines.isEmpty })
        #expect(silent[0].proof.deviations == ["collator.surplus-placeholder"])
        #expect(silent[2].proof.deviations == ["generation.budget"])
        #expect(report.evidence(ofRequest: 1).last?.proof.verdict == .audible)
        #expect(report.evidence(ofRequest: 2).isEmpty)
        #expect(report.findingsOfRun.map(\.id).contains("whisper-forced"))
        #expect(!report.findingsOfRun.map(\.id).contains("energy-silence"))
    }

    @Test("is counted where the log has no numbers")
    func counted() throws {
        let log = try Logs.read("Audio energy: 1.00e-12\nAudio energy: 1.00e-02\n")
        let report = LogReport(files: [log])
        #expect(report.evidence(ofRequest: 0).map(\.proof.verdict) == [.silent])
        #expect(report.evidence(ofRequest: 1).map(\.proof.verdict) == [.audible])
    }

    @Test("samples are told apart by what stands once in each")
    func samples() throws {
        let log = try Logs.read(
            """
            Processing sample 4/9
            Audio 0: energy=1.0e-02, duration=1.00s
            Audio 1: energy=1.0e-02, duration=1.00s
            Final concatenated audio: energy=1.0e-02, duration=2.00s
            === Audio Validation for Sample 3 ===
            Audio energy: 1.00e-02
            === Audio Validation for Sample 4 ===
            Audio energy: 1.00e-12
            Generation failed for sample 5
            """)
        #expect(log.samples.map(\.index) == [3, 4, 5])
        #expect(log.samples.map(\.firstLine) == [1, 7, 9])
        #expect(log.samples.map(\.lastLine) == [6, 8, 9])
        #expect(log.samples.map { $0.proofs.map(\.verdict) } == [[.audible], [.silent], [.failed]])
    }
}

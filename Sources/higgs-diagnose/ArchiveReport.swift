import AlignmentKit
import ArgumentParser

/// The result of a command over archives, of which some may not have been read.
protocol ArchiveReport: Encodable {
    /// Archives of which nothing could be read.
    var failures: [InputFailure] { get set }
    /// The report for people.
    var document: Document { get }
    /// By the contract of exit codes.
    var exitCode: Int { get }
}

extension RunReport: ArchiveReport {}
extension ValidationReport: ArchiveReport {}
extension SamplingReport: ArchiveReport {}

extension Console {
    /// Prints a report, its failures as messages, and ends with its exit code.
    func publish(_ report: some ArchiveReport, as format: OutputFormat) throws -> Never {
        switch format {
        case .json: write(json: try JSONText.encode(report))
        case .text:
            var shown = report
            shown.failures = []
            write(TextRenderer(isColoured: isColoured).render(shown.document))
        }
        for failure in report.failures { note(failure.message) }
        throw ExitCode(Int32(report.exitCode))
    }
}

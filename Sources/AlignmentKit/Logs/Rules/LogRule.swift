/// A line that pipelines print, and what it says: one row of the catalogue.
public struct LogRule: Sendable {
    /// Stable, in kebab case.
    public let id: String
    /// Who prints it.
    public let printer: Printer
    /// How it reads; the first that matches counts.
    public let patterns: [LogPattern]
    /// What the values are, with their units, by name.
    public let values: [String: String]
    /// What it means, in one sentence or two.
    public let means: String
    /// What it does not mean.
    public let doesNotMean: String
    /// Related ids of the catalogue of deviations.
    public let deviations: [String]
    /// The level of the finding that the line makes alone; nil for one that is evidence for conclusions.
    public let finding: LogLevel?
    /// Where in the course of a request it stands.
    let stage: Stage
    /// Whether it stands once in a request, so that the next one belongs to the next request.
    let isOnce: Bool
    /// The text that follows it.
    let opens: TextBlock.Kind?
    /// Of an error with several causes: words of which a frame of its traceback holds one, if this is its cause.
    let frames: [String]

    /// Who prints a line.
    public enum Printer: String, Sendable, CaseIterable {
        /// The story's scripts.
        case story
        /// Higgs Audio's own package and examples.
        case upstream
        /// transformers, torch, librosa and numpy.
        case libraries
        /// Servers such as vLLM and sglang.
        case servers
        /// Python, of an error.
        case errors
    }

    /// Where in the course of a request a line stands.
    enum Stage: Sendable {
        /// Outside of requests.
        case run
        /// At the start of a request.
        case opening
        /// Before the model generates.
        case before
        /// While it generates, or after.
        case after
        /// When the sound is written and looked at.
        case file
    }

    init(
        _ id: String, _ printer: Printer, _ templates: [String], _ stage: Stage, once isOnce: Bool = false,
        opens: TextBlock.Kind? = nil, finding: LogLevel? = nil, frames: [String] = [],
        values: [String: String] = [:],
        means: String, not doesNotMean: String, deviations: [String] = []
    ) {
        self.id = id
        self.printer = printer
        patterns = templates.map { LogPattern($0) }
        self.stage = stage
        self.isOnce = isOnce
        self.opens = opens
        self.finding = finding
        self.frames = frames
        self.values = values
        self.means = means
        self.doesNotMean = doesNotMean
        self.deviations = deviations
    }
}

/// Why the logits of two runs cannot be compared.
public enum LogitMismatch: Error, Sendable, Equatable, CustomStringConvertible {
    /// One of two runs.
    public enum Side: String, Sendable, Codable {
        /// The run that is judged.
        case captured
        /// The run that it is judged by.
        case golden
    }

    /// A run recorded no logits, or not all of a row.
    case noLogits(Side)
    /// The numbers of codebooks or of ids differ, or an array is not [step, codebook, id].
    case shapes(captured: [Int], golden: [Int])
    /// Not even the first step stands on the same prompt and columns.
    case nothingShared
    /// No cell of the shared steps was drawn, or none has logits that are numbers.
    case noLiveCells

    /// One sentence without its full stop.
    public var description: String {
        switch self {
        case .noLogits(let side): "the \(side.rawValue) run holds no full rows of logits"
        case .shapes(let captured, let golden):
            "the captured logits have the shape \(captured), the golden's \(golden)"
        case .nothingShared:
            "the runs have other prompts or other first columns, so no step has the same context"
        case .noLiveCells: "no live cell of the shared steps has logits that are numbers on both sides"
        }
    }
}

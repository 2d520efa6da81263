/// The four stages of the pipeline, in the order in which they run.
public enum Stage: String, Sendable, Hashable, CaseIterable, Codable {
    case collator, generation, tokens, decode
}

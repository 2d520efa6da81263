/// What several lines prove together: one row of the catalogue.
public struct LogConclusion: Sendable {
    /// Stable, in kebab case.
    public let id: String
    /// How serious it is; a proof may lower it.
    public let level: LogLevel
    /// What it means, in one sentence or two.
    public let means: String
    /// What it does not mean.
    public let doesNotMean: String
    /// Related ids of the catalogue of deviations.
    public let deviations: [String]

    init(
        _ id: String, _ level: LogLevel, means: String, not doesNotMean: String, deviations: [String] = []
    ) {
        self.id = id
        self.level = level
        self.means = means
        self.doesNotMean = doesNotMean
        self.deviations = deviations
    }
}

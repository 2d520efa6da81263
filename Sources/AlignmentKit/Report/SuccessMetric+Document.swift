package import AlignmentDiagnosis
import AlignmentWording

extension Document {
    /// The success metrics as a table, and what their statuses rest on.
    package mutating func writeMetrics(_ metrics: [SuccessMetric]) {
        heading(2, "Success metrics")
        table(
            ["metric", "target", "current", "aligned", "validation method", "status"],
            metrics.map {
                [
                    $0.metric, $0.target, $0.words(for: $0.current), $0.words(for: $0.aligned),
                    $0.validationMethod,
                    $0.status.rawValue.replacing("_", with: " "),
                ]
            })
        list(metrics.compactMap { metric in metric.why.map { "\(metric.metric): \($0)." } })
    }
}

extension SuccessMetric {
    /// A reading as people read it: an energy as it is, a share in percent.
    fileprivate func words(for reading: Reading) -> String {
        switch reading {
        case .figure(let figure): target.hasSuffix("%") ? percent(figure) : number(figure)
        case .none(let reason): reason.replacing("_", with: " ")
        }
    }
}

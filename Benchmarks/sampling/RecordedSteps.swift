import AlignmentArchive
import AlignmentDiagnosis
import AlignmentStages

/// The logits of recorded segments, step by step: what simulated streams are drawn from.
struct RecordedSteps {
    /// Rows of logits by step over all segments, each [codebook].
    private(set) var steps: [[LogitRow]] = []
    /// The steps of each segment, in the order in which they are drawn from.
    private(set) var segments: [[Int]] = []
    private(set) var profile: GenerationProfile

    /// - Parameter held: how often each recorded step stands, as in a sound that is held.
    init(_ paths: [String], held: Int = 1) throws {
        profile = ProfileDescription.serveEngine.resolved(for: ModelConfiguration()).generation
        for path in paths {
            let capture = try CaptureReader(ArchiveReader(file: path)).capture()
            profile = ProfileDescription.serveEngine.resolved(for: capture.model).generation
            for facts in capture.samples.compactMap(\.generation?.facts) where facts.hasLogits {
                var step = 0
                for segment in facts.segments {
                    var order: [Int] = []
                    for _ in 1..<max(segment.columns, 1) {
                        let rows = (0..<segment.rows).compactMap {
                            facts.logitRow(step: step, codebook: $0)
                        }
                        order += Array(repeating: steps.count, count: held)
                        steps.append(rows)
                        step += 1
                    }
                    segments.append(order)
                }
            }
        }
    }
}

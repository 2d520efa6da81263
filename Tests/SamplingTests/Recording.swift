import AlignmentKit
import Foundation
import Testing

@testable import AlignmentDiagnosis

/// A committed recording, to be examined as it is or with parts changed.
struct Recording {
    var capture: Capture
    private let evidence: ConditioningEvidence
    private let codec: Result<CodecFamily, MissingCodec>

    /// The repository's root.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    init(_ name: String) throws {
        let reader = try ArchiveReader(file: "\(Self.root)/golden/\(name).h5")
        capture = try CaptureReader(reader).capture()
        codec = CodecLocator(environment: [:]).codec(of: capture)
        evidence = try ConditioningEvidence(reader)
    }

    /// The first request's explainer, under the captured profile or another one.
    func explainer(declaring profile: ProfileDescription? = nil) -> SampleExplainer {
        SampleExplainer(
            capture.samples[0], of: capture, evidence: evidence,
            reference: ExplanationReference(.serveEngine, for: capture.model), profile: profile, codec: codec)
    }

    func findings(declaring profile: ProfileDescription? = nil, level: Double = 1e-4) -> SamplerFindings {
        let explainer = explainer(declaring: profile)
        return explainer.samplerFindings(explainer.weighedDraws(), level: level)
    }

    /// The scores that were recorded.
    var scores: NDArray<Float>? {
        get {
            guard case .tensor(.float32(let array))? = capture.samples[0].generation?.captured?["scores"]
            else {
                return nil
            }
            return array
        }
        set {
            guard let captured = capture.samples[0].generation?.captured else { return }
            let others = captured.fields.filter { $0.name != "scores" }
            capture.samples[0].generation?.captured = .fields(
                others + (newValue.map { [NamedField("scores", .tensor(.float32($0)))] } ?? []))
        }
    }

    /// The recording as if no scores had been recorded.
    func withoutScores() -> Recording {
        var recording = self
        recording.scores = nil
        return recording
    }

    /// The recording with another value for a knob that it declares.
    func declaring(_ values: [String: JSONValue]) -> Recording {
        var recording = self
        var profile = capture.samples[0].profile?.object ?? [:]
        for (key, value) in values { profile[key] = value }
        recording.capture.samples[0].profile = .object(profile)
        return recording
    }

    /// The recording with the largest logits of each row in place of all.
    func withTopLogits(_ count: Int) throws -> Recording {
        var recording = withoutScores()
        let facts = try #require(capture.samples[0].generation?.facts)
        let logits = try #require(facts.logits)
        let (steps, codebooks, width) = (logits.shape[0], logits.shape[1], logits.shape[2])
        var (ids, top, sums, drawn): ([Int64], [Float], [Float], [Float]) = ([], [], [], [])
        let columns = facts.segments.flatMap { segment in
            (1..<segment.columns).map { column in (0..<codebooks).map { segment[$0, column] } }
        }
        for step in 0..<steps {
            for codebook in 0..<codebooks {
                let start = (step * codebooks + codebook) * width
                let row = Array(logits.scalars[start..<start + width])
                let order = row.indices.sorted { row[$0] > row[$1] }.prefix(count)
                ids += order.map(Int64.init)
                top += order.map { row[$0] }
                let largest = Double(row.max() ?? 0)
                sums.append(Float(largest + log(row.reduce(0) { $0 + exp(Double($1) - largest) })))
                drawn.append(row[Int(columns[step][codebook])])
            }
        }
        var partial = GenerationFacts(
            logits: nil, referenceColumns: facts.referenceColumns, segments: facts.segments,
            promptTail: facts.promptTail)
        partial.text = facts.text
        partial.top = TopLogits(
            ids: try NDArray(shape: Shape([steps, codebooks, count]), scalars: ids),
            logits: try NDArray(shape: Shape([steps, codebooks, count]), scalars: top),
            logSumExp: NDArray(rows: steps, columns: codebooks) { sums[$0 * codebooks + $1] },
            drawnLogit: NDArray(rows: steps, columns: codebooks) { drawn[$0 * codebooks + $1] },
            vocabulary: width)
        recording.capture.samples[0].generation?.facts = partial
        return recording
    }
}

public import AlignmentStages

/// A request's logits against those of a good run.
public struct GoldenLogits: Sendable, Equatable, Codable {
    /// The good run's path, as given.
    public var path: String
    /// Its request.
    public var sample: String
    /// How the logits differ; nil where there is nothing to compare.
    public var agreement: LogitAgreement?
    /// Why there is nothing to compare; nil where something was.
    public var why: String?
    /// Whether the difference is rounding.
    public var status: Status

    /// What the comparison says.
    public enum Status: String, Sendable, Codable {
        /// Nothing differs, or no more than rounding makes, and only near-ties flip.
        case agrees
        /// More than rounding parts them.
        case differs
        /// Nothing could be compared.
        case incomparable
    }
}

extension GoldenLogits {
    /// Compares a request with the one of the same name in a good run, or the only one there.
    public init(_ captured: SampleCapture, against golden: Capture, under profile: GenerationProfile) {
        let partner =
            golden.samples.first { $0.name == captured.name }
            ?? (golden.samples.count == 1 ? golden.samples[0] : nil)
        path = golden.path
        sample = partner?.name ?? captured.name
        status = .incomparable
        guard let partner else {
            why = "the good run has no request \(captured.name)"
            return
        }
        guard let own = captured.generation?.facts, let good = partner.generation?.facts else {
            why = "the generation stage was not recorded on both sides"
            return
        }
        do {
            let found = try LogitAgreement(captured: own, golden: good, under: profile)
            agreement = found
            status = found.isRounding && found.flips == found.nearTies ? .agrees : .differs
        } catch { why = error.description }
    }
}

extension LogitAgreement {
    /// Nothing differs, or no more than rounding makes.
    fileprivate var isRounding: Bool {
        switch shape {
        case .identical, .float32Rounding, .tf32OrFloat16Noise, .bfloat16Noise: true
        case .offset, .scale, .oneCodebook, .drift, .other: false
        }
    }
}

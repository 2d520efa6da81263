import AlignmentStages
import Foundation

/// A worker hands the log-likelihoods on as bytes: tens of thousands of binary64 numbers, some of them infinite.
extension WeighedDraws: Codable {
    private enum CodingKeys: String, CodingKey {
        case declared, declaredKnobs, rules, likelihood, declaredLikelihood
    }

    /// Writes the likelihoods' bytes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(declared, forKey: .declared)
        try container.encode(declaredKnobs, forKey: .declaredKnobs)
        try container.encode(rules, forKey: .rules)
        try container.encode(likelihood, forKey: .likelihood)
        try container.encode(declaredLikelihood, forKey: .declaredLikelihood)
    }

    /// Reads what `encode` writes.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            declared: try container.decode(SamplerSetting.self, forKey: .declared),
            declaredKnobs: try container.decode([String].self, forKey: .declaredKnobs),
            rules: try container.decode([RepetitionRule?].self, forKey: .rules),
            likelihood: try container.decode(StreamLikelihood.self, forKey: .likelihood),
            declaredLikelihood: try container.decode(StreamLikelihood.self, forKey: .declaredLikelihood))
    }
}

extension StreamLikelihood: Codable {
    private enum CodingKeys: String, CodingKey {
        case upper, lower, draws
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(upper.withUnsafeBytes { Data($0) }, forKey: .upper)
        try container.encode(lower.withUnsafeBytes { Data($0) }, forKey: .lower)
        try container.encode(draws, forKey: .draws)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func numbers(_ key: CodingKeys) throws -> [Double] {
            try container.decode(Data.self, forKey: key).withUnsafeBytes {
                Array($0.bindMemory(to: Double.self))
            }
        }
        self.init(
            upper: try numbers(.upper), lower: try numbers(.lower),
            draws: try container.decode(Int.self, forKey: .draws))
    }
}

public import AlignmentComparison

/// What the comparison of two archives found. The left one is judged, the right one is the reference.
public struct ArchiveComparison: Sendable, Codable {
    /// The archive that is judged, by its path as given.
    public var left: String
    /// The reference, by its path as given.
    public var right: String
    /// The worst of all tensors; also `differs` where something is missing or extra, or nothing is common.
    public var status: TensorComparison.Verdict
    /// One sentence.
    public var summary: String
    /// The tolerance profile in force, with the rules in order.
    public var tolerance: ToleranceProfile
    /// Tensors, Nones and documents of both archives that were compared.
    public var compared = 0
    /// Of those, how many are tensors: with none nothing counts as compared.
    public var comparedTensors = 0
    /// Of those, how many are equal.
    public var equal = 0
    /// Of those, how many are within the tolerance.
    public var withinTolerance = 0
    /// Of those, how many differ.
    public var differing = 0
    /// What only the right archive has, by whole paths.
    public var missing: [String] = []
    /// What only the left archive has, by whole paths.
    public var extra: [String] = []
    /// The first difference, most upstream first.
    public var first: FirstDifference?
    /// The samples that both have.
    public var samples: [SampleComparison] = []
    /// Tensors outside of samples that both have.
    public var shared: [PairComparison] = []
    /// Settings and versions that differ; they are named and not judged.
    public var context: [ContextDifference] = []
    /// What was not compared, and why.
    public var notCompared: [NotCompared] = []

    /// Where two archives part.
    public struct FirstDifference: Sendable, Codable, Equatable {
        /// The sample; nil outside of samples.
        public var sample: String?
        /// The stage.
        public var stage: String
        /// The tensor, by its path below the sample.
        public var tensor: String
        /// Whether everything that went into the stage agrees; nil where nothing of it was compared.
        public var inputAgrees: Bool?
    }

    /// One sample of both archives.
    public struct SampleComparison: Sendable, Codable {
        /// Its name.
        public var name: String
        /// The worst of its tensors; `differs` where something is missing or extra; nil where nothing was compared.
        public var status: TensorComparison.Verdict?
        /// Its tensors, most upstream first.
        public var tensors: [PairComparison]
    }

    /// One tensor, or one document, of both archives.
    public struct PairComparison: Sendable, Codable {
        /// Its path below the sample.
        public var tensor: String
        /// The stage, or the group where it stands.
        public var stage: String
        /// The verdict.
        public var status: TensorComparison.Verdict
        /// The element type; nil for a document or None.
        public var dtype: String?
        /// The extents.
        public var shape: [Int]?
        /// The rule whose tolerance was in force.
        public var rule: String?
        /// The figures.
        public var comparison: TensorComparison
        /// Tokens that differ, where logits can tell what that means.
        public var flips: TokenFlips?
        /// How the error stands to that of bfloat16, where that is what was asked.
        public var noiseFloor: NoiseFloor?
    }

    /// A setting or a version that differs.
    public struct ContextDifference: Sendable, Codable, Equatable {
        /// The document, such as `profile.json`.
        public var document: String
        /// The key.
        public var key: String
        /// The left value as JSON; nil where it is absent.
        public var left: String?
        /// The right value as JSON; nil where it is absent.
        public var right: String?

        /// A difference of these parts.
        public init(document: String, key: String, left: String?, right: String?) {
            (self.document, self.key, self.left, self.right) = (document, key, left, right)
        }
    }

    /// Something that was not compared.
    public struct NotCompared: Sendable, Codable, Equatable {
        /// The whole path.
        public var object: String
        /// Why.
        public var why: String
    }

    /// Whether the archives agree: the exit code is 0.
    public var passes: Bool { status != .differs }
}

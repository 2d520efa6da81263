public import AlignmentParity

/// The result of `compare`: what the JSON holds, and what the text is made of.
public struct ComparisonReport: Sendable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// One for each pair of archives, in the given order.
    public var comparisons: [ArchiveComparison]
    /// Archives of two folders that have no other of their name.
    public var unpaired: [UnpairedArchive]
    /// Archives that were not looked at, as the first difference was asked for.
    public var notCompared: [String]
    /// Pairs that could not be compared.
    public var failures: [InputFailure]
    /// The worst of all: 2 beats 1 beats 0.
    public var exitCode: Int

    /// An archive without another of its name.
    public struct UnpairedArchive: Sendable, Codable, Equatable {
        /// Its path.
        public var path: String
        /// Where another of its name was looked for.
        public var expected: String

        /// An archive and where its other was looked for.
        public init(path: String, expected: String) {
            (self.path, self.expected) = (path, expected)
        }
    }

    /// A report of these parts.
    public init(
        comparisons: [ArchiveComparison], unpaired: [UnpairedArchive] = [], notCompared: [String] = [],
        failures: [InputFailure]
    ) {
        self.notCompared = notCompared
        (self.comparisons, self.unpaired, self.failures) = (comparisons, unpaired, failures)
        exitCode =
            !failures.isEmpty || comparisons.isEmpty && unpaired.isEmpty
            ? 2 : unpaired.isEmpty && comparisons.allSatisfy(\.passes) ? 0 : 1
    }
}

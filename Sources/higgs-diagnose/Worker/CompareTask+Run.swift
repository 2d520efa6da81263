import AlignmentKit

extension CompareTask {
    /// Does the work, in the worker process.
    func run() throws -> ArchiveComparison {
        try ArchiveComparison(
            ArchiveReader(file: left, verifiesHashes: verifiesHashes),
            ArchiveReader(file: right, verifiesHashes: verifiesHashes), settings: settings)
    }
}

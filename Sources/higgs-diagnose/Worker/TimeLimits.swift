import Foundation

/// How long a worker may take: in proportion to the files while it reads, as damage can make libhdf5 read for
/// ever, and much longer once it only computes.
struct TimeLimits: Sendable, Equatable {
    /// For reading a file of any size.
    var base = Duration.seconds(20)
    /// And for each so many bytes that the disk holds of it a second more.
    var bytesPerSecond = 25_000_000
    /// For computing the stages of an archive.
    var computing = Duration.seconds(300)
    /// All of it times this.
    var factor = 1.0

    /// The environment variable that sets `factor`.
    static let variable = "HIGGS_TIME_FACTOR"
    /// Completes "not read: ".
    static let environmentProblem = "\(variable) must be a number from 0.01 to 1000"

    /// Limits of your own; by default the standard ones.
    init(
        base: Duration = .seconds(20), computing: Duration = .seconds(300), factor: Double = 1
    ) {
        self.base = base
        self.computing = computing
        self.factor = factor
    }

    /// The standard limits times what the environment says; nil if that is no number from 0.01 to 1000.
    init?(environment: [String: String]) {
        guard let text = environment[Self.variable] else { return }
        guard let factor = Double(text), (0.01...1000).contains(factor) else { return nil }
        self.factor = factor
    }

    /// The time for one stage of the work.
    func limit(for stage: WorkerStage) -> Duration {
        switch stage {
        case .reading(let files):
            let bytes = files.reduce(0) { $0 + FileExtent.bytesOnDisk(of: $1) }
            return (base + .seconds(Double(bytes) / Double(bytesPerSecond))) * factor
        case .computing: return computing * factor
        }
    }
}

/// How much of a file there is.
enum FileExtent {
    /// Bytes that the disk holds: a sparse file can claim any size. 0 for what is no file.
    static func bytesOnDisk(of file: String) -> Int {
        var status = stat()
        guard stat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return min(Int(status.st_size), Int(status.st_blocks) * 512)
    }
}

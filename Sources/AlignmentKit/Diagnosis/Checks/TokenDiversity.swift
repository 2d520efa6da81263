public import AlignmentTensors
import Foundation

/// How varied the codes of one segment are.
public struct TokenDiversity: Sendable, Equatable, Codable {
    /// Frames measured.
    public var frames: Int
    /// Distinct ids over all codebooks.
    public var distinct: Int
    /// Distinct ids as a share of the most there could be: min(cells, codebook size).
    public var distinctShare: Double
    /// Entropy of each codebook as a share of log2(frames), [codebook].
    public var entropyShares: [Double]
    /// Longest run of identical frames.
    public var longestRun: Int
    /// Largest share of frames that repeat the frame a fixed lag before; lags of 2 frames to half the length.
    public var loopShare: Double
    /// How it came out.
    public var status: CheckStatus

    /// Bounds below which a segment fails or is warned of.
    public struct Bounds: Sendable {
        /// Least share of distinct ids.
        public var distinct = (fails: 0.15, warns: 0.35)
        /// Least entropy of any codebook as a share of log2(frames).
        public var entropy = (fails: 0.35, warns: 0.6)
        /// Run of identical frames that fails.
        public var run = 25
        /// Shorter segments are not judged.
        public var leastFrames = 25

        /// The project's defaults.
        public init() {}
    }

    /// Measures codes, [codebook, frame]; nil for a segment too short to judge.
    public init?(_ codes: NDArray<Int64>, codebookSize: Int, bounds: Bounds = Bounds()) {
        guard codes.shape.rank == 2, codes.rows > 0, codes.columns >= bounds.leastFrames else { return nil }
        let frames = codes.columns
        self.frames = frames
        distinct = Set(codes.scalars).count
        distinctShare = Double(distinct) / Double(min(codes.shape.elementCount, codebookSize))
        entropyShares = (0..<codes.rows).map { Self.entropy(codes.row($0)) / log2(Double(frames)) }
        func same(_ left: Int, _ right: Int) -> Bool {
            (0..<codes.rows).allSatisfy { codes[$0, left] == codes[$0, right] }
        }
        var run = 1
        longestRun = 1
        for frame in 1..<frames {
            run = same(frame, frame - 1) ? run + 1 : 1
            longestRun = max(longestRun, run)
        }
        loopShare =
            (2...max(frames / 2, 2)).map { lag in
                Double((lag..<frames).count { same($0, $0 - lag) }) / Double(frames - lag)
            }.max() ?? 0
        let lowestEntropy = entropyShares.min() ?? 0
        if distinctShare < bounds.distinct.fails || lowestEntropy < bounds.entropy.fails
            || longestRun >= bounds.run
        {
            status = .failed
        } else if distinctShare < bounds.distinct.warns || lowestEntropy < bounds.entropy.warns {
            status = .warned
        } else {
            status = .passed
        }
    }

    /// Shannon entropy of a row's ids, in bits.
    private static func entropy(_ ids: some Collection<Int64>) -> Double {
        let counts = ids.reduce(into: [Int64: Int]()) { $0[$1, default: 0] += 1 }
        let total = Double(ids.count)
        return counts.values.sorted().reduce(0) { $0 - Double($1) / total * log2(Double($1) / total) }
    }
}

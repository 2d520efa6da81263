public import AlignmentStages

/// How the audio logits of a run differ from those of a golden run of the same request.
///
/// Compared are the steps that stand on the same prompt and the same columns on both sides: what follows the first
/// column that differs says nothing of the forward pass. Figures are over live cells, those that the delay state machine
/// left to the draw. The logits of forced cells come from the same forward pass, but of a head that was never asked
/// there; `forcedSnrDb` has them. Errors are captured minus golden, sums are in binary64.
public struct LogitAgreement: Sendable, Equatable, Codable {
    /// What the difference looks like.
    public var shape: LogitShape
    /// Steps compared, from the first one on, over all segments.
    public var comparedSteps: Int
    /// The first step that stands on other columns; nil where all steps that both runs have were compared.
    public var firstOtherStep: Int?
    /// Live cells compared.
    public var cells: Int
    /// Live cells left out: a logit that is no number, or infinite on one side alone.
    public var brokenCells: Int
    /// What the logits of each run were before they were widened.
    public var storedPrecision: Precisions
    /// Energy of the golden's logits over that of the error, in dB; infinite without an error.
    public var snrDb: Double
    /// The same over the forced cells of the compared steps; nil without any.
    public var forcedSnrDb: Double?
    /// The median over cells of KL(golden ‖ captured), in nats.
    public var medianDivergence: Double
    /// The largest of them.
    public var largestDivergence: Place
    /// The largest |captured - golden|.
    public var largestError: Place
    /// Cells in which another id has the largest logit.
    public var flips: Int
    /// Of those, how many are near-ties.
    public var nearTies: Int
    /// The step from which the error is clearly larger; nil where it is not.
    public var drift: ErrorDrift?
    /// The figures of each codebook that was live.
    public var codebooks: [Codebook]
    /// The codebook that alone carries the error; nil where several do.
    public var loneCodebook: Int?
    /// What an affine map of each row explains.
    public var fit: Fit
    /// Whether what the map leaves is white.
    public var residual: Residual
    /// The worst cells by KL, at most `worstCount`, the worst one first; none where the cells are equal.
    public var worst: [Cell]
    /// The cells in which another id has the largest logit, at most `worstCount`, the widest gap first.
    public var flipped: [Cell]

    /// Cells that `worst` and `flipped` hold at most.
    public static let worstCount = 10
    /// A near-tie's gap is at most so many times the RMS difference of the row's other ids.
    ///
    /// Of about 1000 differences of Gaussian noise the largest is 3.3 times their RMS, and a gap is of two of them.
    public static let noisePeak = 4.0

    /// Compares two runs of one request.
    ///
    /// - Parameter profile: the generation profile of the runs, whose delay state machine says which cells are live.
    /// - Throws: why there is nothing to compare.
    public init(
        captured: GenerationFacts, golden: GenerationFacts, under profile: GenerationProfile
    ) throws(LogitMismatch) {
        let pairs = try LogitPairs(captured, golden)
        let context = SharedContext(captured, golden)
        let steps = min(context.steps, pairs.steps)
        guard steps > 0 else { throw .nothingShared }
        let live = Set(
            GenerationStage.draws(golden, under: profile, rules: [])
                .filter { !$0.isLost && $0.step < steps && $0.cell.codebook < pairs.codebooks }
                .map { $0.step * pairs.codebooks + $0.cell.codebook })
        let tally = LogitTally(pairs, steps: steps, live: live)
        guard !tally.rows.isEmpty else { throw .noLiveCells }
        self.init(tally, steps: steps, firstOtherStep: context.hasOtherSteps ? context.steps : nil)
    }

    private init(_ tally: LogitTally, steps: Int, firstOtherStep: Int?) {
        let rows = tally.rows
        shape = .identical
        comparedSteps = steps
        self.firstOtherStep = firstOtherStep
        cells = rows.count
        brokenCells = tally.brokenCells
        storedPrecision = tally.precisions
        snrDb = LogitTally.snr(rows)
        forcedSnrDb = tally.forced.isEmpty ? nil : LogitTally.snr(tally.forced)
        medianDivergence = rows.map(\.divergence).median ?? 0
        largestDivergence = Place(rows) { $0.divergence }
        largestError = Place(rows) { $0.largest }
        flips = rows.count { $0.flip != nil }
        nearTies = rows.count { $0.flip?.isNearTie == true }
        drift = ErrorDrift(rows.map { ($0.step, $0.codebook, $0.noise) })
        codebooks = Dictionary(grouping: rows, by: \.codebook).sorted { $0.key < $1.key }
            .map { Codebook($0.key, rows: $0.value) }
        fit = Fit(rows)
        residual = Residual(tally)
        worst = rows.filter { $0.errorEnergy > 0 }.sorted { $0.divergence > $1.divergence }
            .prefix(Self.worstCount).map(Cell.init)
        flipped = rows.filter { $0.flip != nil }.sorted { $0.flip?.gap ?? 0 > $1.flip?.gap ?? 0 }
            .prefix(Self.worstCount).map(Cell.init)
        loneCodebook = Self.loneCodebook(codebooks)
        shape = LogitShape(self)
    }
}

extension LogitAgreement {
    /// The precision of both runs' logits.
    public struct Precisions: Sendable, Equatable, Codable {
        /// Of the run that is judged.
        public var captured: StoredPrecision
        /// Of the golden.
        public var golden: StoredPrecision
    }

    /// A value and the cell that it stands in.
    public struct Place: Sendable, Equatable, Codable {
        /// The sampler's step, over all segments.
        public var step: Int
        /// The codebook.
        public var codebook: Int
        /// The value.
        public var value: Double

        init(_ rows: [RowDifference], by value: (RowDifference) -> Double) {
            (step, codebook, self.value) = (0, 0, -1)
            for row in rows where value(row) > self.value {
                (step, codebook, self.value) = (row.step, row.codebook, value(row))
            }
        }
    }

    /// Another id has the largest logit.
    public struct Flip: Sendable, Equatable, Codable {
        /// The golden's largest.
        public var golden: Int
        /// The captured run's largest.
        public var captured: Int
        /// The golden's largest logit less its second largest.
        public var margin: Double
        /// The golden's largest logit less that of the id that the captured run prefers.
        public var gap: Double
        /// Up to this gap it is a near-tie: `noisePeak` times the RMS difference of the row's other ids, at most that of
        /// the coarsest rounding.
        public var noiseFloor: Double
        /// Noise explains it.
        public var isNearTie: Bool
    }

    /// The figures of one cell.
    public struct Cell: Sendable, Equatable, Codable {
        /// The sampler's step, over all segments.
        public var step: Int
        /// The codebook.
        public var codebook: Int
        /// KL(golden ‖ captured), in nats.
        public var divergence: Double
        /// Largest |captured - golden|.
        public var largestError: Double
        /// The row's SNR, in dB.
        public var snrDb: Double
        /// The flip of its largest logit; nil without one.
        public var flip: Flip?

        init(_ row: RowDifference) {
            (step, codebook, divergence) = (row.step, row.codebook, row.divergence)
            (largestError, flip) = (row.largest, row.flip)
            snrDb = LogitTally.snr([row])
        }
    }

    /// The figures of one codebook's cells.
    public struct Codebook: Sendable, Equatable, Codable {
        /// The codebook.
        public var codebook: Int
        /// Its live cells.
        public var cells: Int
        /// Its SNR, in dB; infinite without an error.
        public var snrDb: Double
        /// The median KL, in nats.
        public var medianDivergence: Double
        /// The largest KL, in nats.
        public var largestDivergence: Double
        /// The largest |captured - golden|.
        public var largestError: Double
        /// Cells in which another id has the largest logit.
        public var flips: Int
        /// Of those, how many are near-ties.
        public var nearTies: Int

        init(_ codebook: Int, rows: [RowDifference]) {
            self.codebook = codebook
            cells = rows.count
            snrDb = LogitTally.snr(rows)
            medianDivergence = rows.map(\.divergence).median ?? 0
            largestDivergence = rows.map(\.divergence).max() ?? 0
            largestError = rows.map(\.largest).max() ?? 0
            flips = rows.count { $0.flip != nil }
            nearTies = rows.count { $0.flip?.isNearTie == true }
        }
    }

    /// Least squares of captured ≈ scale · golden + offset in each row.
    public struct Fit: Sendable, Equatable, Codable {
        /// The median scale. A scale a acts as a temperature of 1/a does.
        public var scale: Double
        /// From the lower to the upper quartile of the scales.
        public var scaleSpread: Double
        /// The median offset, which softmax ignores.
        public var offset: Double
        /// The share of the error's energy that an offset of each row's own explains alone, 0 ... 1.
        public var offsetShare: Double
        /// The share that a scale of each row's own explains alone, 0 ... 1.
        public var scaleShare: Double
        /// The share that both explain together, 0 ... 1.
        public var share: Double
        /// The SNR after the fit, in dB.
        public var residualSnrDb: Double

        init(_ rows: [RowDifference]) {
            let scales = rows.map(\.scale).sorted()
            scale = scales.median ?? 1
            scaleSpread = scales.isEmpty ? 0 : scales[scales.count * 3 / 4] - scales[scales.count / 4]
            offset = rows.map(\.offset).median ?? 0
            let error = rows.reduce(0) { $0 + $1.errorEnergy }
            func part(_ energy: (RowDifference) -> Double) -> Double {
                error > 0 ? min(rows.reduce(0) { $0 + energy($1) } / error, 1) : 0
            }
            offsetShare = part(\.offsetEnergy)
            scaleShare = part(\.scaleEnergy)
            share = error > 0 ? max(1 - part(\.residualEnergy), 0) : 0
            residualSnrDb = LogitTally.snr(rows, error: \.residualEnergy)
        }
    }

    /// Whether the error is white, as rounding leaves it. Figures of the cells with an error.
    public struct Residual: Sendable, Equatable, Codable {
        /// The best codebook's SNR less the worst one's, in dB; nil with fewer than two codebooks.
        public var codebookSpreadDb: Double?
        /// The standard deviation of the cells' SNR, in dB; nil with fewer than two cells.
        public var cellSpreadDb: Double?
        /// The mean cosine between what the fit leaves of a codebook at two steps, over all pairs of steps: 0 for
        /// rounding, 1 for an error that is the same at every step; nil with fewer than two steps.
        public var persistence: Double?
        /// What `persistence` may be by chance: four standard errors.
        public var persistenceChance: Double?
        /// |scale - 1| over the error's share of the logits' amplitude: 1 for an error that is a multiple of the golden.
        public var correlation: Double
    }

    /// The codebook whose error, as a share of its golden, has ten times the energy of any other's.
    static func loneCodebook(_ codebooks: [Codebook]) -> Int? {
        let worst = codebooks.sorted { $0.snrDb < $1.snrDb }
        guard worst.count > 1, worst[1].snrDb - worst[0].snrDb >= LogitShape.loneLead else { return nil }
        return worst[0].codebook
    }
}

internal import AlignmentComparison

/// How far a bfloat16 run may be from the float32 golden: as far as upstream's own bfloat16 run is.
public struct NoiseFloor: Sendable, Codable, Equatable {
    /// RMS error of the left archive's tensor against the golden in float32.
    public var candidateRms: Double
    /// RMS error of the golden in bfloat16 against the same.
    public var floorRms: Double
    /// Their ratio; below 1.5 passes.
    public var ratio: Double
    /// The largest ratio of the worst slices along any axis; below 3 passes. A dead frame shows here.
    public var worstSliceRatio: Double

    /// The ratio of the whole tensors that still passes.
    public static let allowedRatio = 1.5
    /// The ratio of the worst slices that still passes: one may stand out twice as far again.
    public static let allowedSliceRatio = 3.0

    /// Whether the candidate is as near as bfloat16 can be.
    public var passes: Bool { ratio < Self.allowedRatio && worstSliceRatio < Self.allowedSliceRatio }

    /// Nil where either side could not be measured.
    init?(candidate: TensorComparison, floor: TensorComparison) {
        guard let candidate = candidate.figures, let floor = floor.figures, floor.rmsError.isFinite else {
            return nil
        }
        func ratio(_ error: Double, _ floor: Double) -> Double {
            error == 0 ? 0 : floor == 0 ? .infinity : error / floor
        }
        candidateRms = candidate.rmsError
        floorRms = floor.rmsError
        self.ratio = ratio(candidate.rmsError, floor.rmsError)
        worstSliceRatio =
            candidate.worstSlices.map { slice in
                let other = floor.worstSlices.first { $0.axis == slice.axis }
                return ratio(slice.rmsError, other?.rmsError ?? 0)
            }.max() ?? self.ratio
    }
}

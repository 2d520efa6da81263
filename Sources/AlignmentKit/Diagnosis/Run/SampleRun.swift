public import AlignmentComparison
public import AlignmentStages

/// What `run` found out about one request.
public struct SampleRun: Sendable, Equatable, Codable {
    /// The archive's path, as given.
    public var path: String
    /// The request's name.
    public var sample: String
    /// The profile judged against.
    public var reference: String
    /// The profile that the current path ran under in place of the captured one; nil for the captured one.
    public var profile: String?
    /// The four stages in order.
    public var stages: [StageRun]
    /// The conditioning audio that reaches the model; nil if the collator stage was not recorded.
    public var conditioning: Conditioning?
    /// Differences between the captured profile and the reference, with what each does here.
    public var deviations: [DeviationRun]
    /// The checks.
    public var checks: Checks
    /// The story's four rows.
    public var successMetrics: [SuccessMetric]
    /// What this version could not compute, as `stage/tensor: why`.
    public var notComputed: [String]
    /// What the reader should know of the capture itself.
    public var notes: [String]
    /// 0, 1 or 2 by the contract of exit codes.
    public var exitCode: Int
}

/// One stage of a request.
public struct StageRun: Sendable, Equatable, Codable {
    /// Which one.
    public var stage: Stage
    /// What the pipeline did, captured else current, against the aligned path, on live tensors.
    public var status: StageStatus
    /// One sentence behind the status.
    public var why: String
    /// What upstream raises on each side, where it does.
    public var raised: RaisedSides?
    /// The tensors of the stage's output.
    public var tensors: [TensorRun]
}

/// How a stage or a tensor came out.
public enum StageStatus: String, Sendable, Codable {
    case equal
    case withinTolerance = "within_tolerance"
    case differs
    case raised
    case notComputed = "not_computed"
    case absent
}

/// What was raised where the stage gave no output.
public struct RaisedSides: Sendable, Equatable, Codable {
    /// What the pipeline raised.
    public var captured: UpstreamError?
    /// What the captured profile raises.
    public var current: UpstreamError?
    /// What the reference profile raises.
    public var aligned: UpstreamError?
    /// What upstream raised under the reference profile.
    public var golden: UpstreamError?

    /// The aligned path raises other than upstream did under the reference profile.
    package var isUnexpected: Bool {
        switch (aligned, golden) {
        case (nil, nil): false
        case (let aligned?, let golden?): !aligned.isSame(as: golden)
        case (nil, _?): true
        // A capture without a golden says nothing of what upstream would do.
        case (_?, nil): false
        }
    }
}

/// One tensor of a stage's output, both paths against each other and against what was recorded.
public struct TensorRun: Sendable, Equatable, Codable {
    /// Its path inside the stage.
    public var name: String
    /// Its shape as captured, else as recomputed; nil for None.
    public var shape: [Int]?
    /// Its type, or `none`.
    public var dtype: String
    /// The model reads it.
    public var live: Bool
    /// What the pipeline did, captured else current, against the aligned path.
    public var status: StageStatus
    /// Why it was not computed.
    public var why: String?
    /// Recording against recomputation under the captured profile.
    public var capturedVsCurrent: TensorComparison?
    /// Recording against upstream's own code.
    public var capturedVsGolden: TensorComparison?
    /// Recomputation under the reference profile against upstream's own code.
    public var alignedVsGolden: TensorComparison?
    /// Both recomputations against each other.
    public var currentVsAligned: TensorComparison?
}

/// One named difference of the captured profile, and what it does on this capture.
public struct DeviationRun: Sendable, Equatable, Codable {
    /// The catalogue's id.
    public var id: String
    /// Defect or setting.
    public var kind: Deviation.Kind
    /// The stage it acts on.
    public var stage: Stage
    /// The pipeline ..., in one clause.
    public var clause: String
    /// Captured profile against the captured profile without it.
    public var effectHere: Effect
    /// What is raised with it, or without it.
    public var error: UpstreamError?
    /// What to change.
    public var fix: String
    /// Its knobs: value here, value of the reference.
    public var knobs: [KnobDifference]
}

/// One knob that differs from the reference.
public struct KnobDifference: Sendable, Equatable, Codable {
    /// Its archive key.
    public var key: String
    /// The captured value, as JSON text.
    public var captured: String
    /// The reference's value, as JSON text.
    public var reference: String
}

import AlignmentComparison
import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// Compares what came of one stage: as captured, under both profiles, and by upstream's own code.
struct StageComparison {
    let stage: Stage
    let model: ModelConfiguration
    let captured: Outcome?
    let golden: Outcome?
    let current: Outcome
    let aligned: Outcome
    /// The current path's outcome in float32, where it emulates another precision of the codec.
    var currentInFloat32: Outcome?
    /// Encoding of the written samples.
    var encoding: PCM?

    var run: StageRun {
        let tensors = names.map(tensorRun)
        let raised = RaisedSides(
            captured: captured?.error, current: current.error, aligned: aligned.error, golden: golden?.error)
        let hasRaised = raised != RaisedSides()
        let (status, why) = status(of: tensors, raised)
        return StageRun(
            stage: stage, status: status, why: why, raised: hasRaised ? raised : nil, tensors: tensors)
    }

    /// Every tensor that any side has, in upstream's order.
    private var names: [String] {
        var seen = Set<String>()
        return [current, aligned, captured, golden].compactMap { $0 }.flatMap(\.fields).map(\.name)
            .filter { seen.insert($0).inserted }
    }

    private func status(of tensors: [TensorRun], _ raised: RaisedSides) -> (StageStatus, String) {
        if let error = raised.captured ?? (captured == nil ? raised.current : nil) {
            return (.raised, error.description)
        }
        if case .notComputed(let why) = current { return (.notComputed, why) }
        if case .notComputed(let why) = aligned { return (.notComputed, why) }
        if let error = raised.aligned { return (.raised, "the aligned path raises \(error)") }
        let live = tensors.filter(\.live)
        let side = captured == nil ? "current" : "captured"
        if let first = live.first(where: { $0.status == .differs }) {
            let count = live.count { $0.status == .differs }
            return (
                .differs,
                "\(side) differs from aligned in \(counted(count, "live tensor")), first in \(first.name)"
            )
        }
        if let first = tensors.first(where: { $0.status == .notComputed }) {
            return (.notComputed, "\(first.name): \(first.why ?? "")")
        }
        if live.contains(where: { $0.status == .withinTolerance }) {
            return (.withinTolerance, "\(side) is within tolerance of aligned")
        }
        return (.equal, "\(side) is equal to aligned")
    }

    private func tensorRun(_ name: String) -> TensorRun {
        let (now, then) = (current[name], aligned[name])
        let (recorded, expected) = (captured?[name], golden?[name])
        let shown = [recorded, now, then, expected].compactMap { $0 }.first { value in
            if case .tensor = value { true } else { false }
        }
        var run = TensorRun(
            name: name, shape: shown?.tensor?.shape.extents, dtype: shown?.tensor?.dtype.rawValue ?? "none",
            live: isLive(name), status: .equal)
        for case .notComputed(let why)? in [now, then] {
            run.status = .notComputed
            run.why = why
        }
        // A recording may leave out what follows from the rest of it.
        if captured?.error == nil, captured != nil, !(recorded == nil && isDerivable(name)) {
            run.capturedVsCurrent = compare(recorded, now, name, floor: floor(of: name))
            if golden != nil, golden?.error == nil, expected != nil {
                run.capturedVsGolden = compare(recorded, expected, name)
            }
        }
        if golden != nil, golden?.error == nil, !(expected == nil && isNeverGolden(name)) {
            run.alignedVsGolden = compare(then, expected, name)
        }
        if current.error == nil, aligned.error == nil {
            run.currentVsAligned = compare(now, then, name)
        }
        if run.status != .notComputed {
            let left = captured?.error == nil && recorded != nil ? recorded : now
            run.status =
                aligned.error != nil || current.error != nil && recorded == nil
                ? .differs
                : compare(left, then, name).map { StageStatus($0.verdict) } ?? .notComputed
        }
        return run
    }

    /// How far an emulated precision takes a tensor from float32, in dB; nil where nothing is emulated.
    private func floor(of name: String) -> Double? {
        guard let exact = currentInFloat32?[name]?.tensor, let emulated = current[name]?.tensor else {
            return nil
        }
        return TensorKind(name).compare(emulated, exact, encoding: encoding).figures?.snrDb
    }

    private func compare(
        _ left: FieldValue?, _ right: FieldValue?, _ name: String, floor: Double? = nil
    ) -> TensorComparison? {
        switch (left, right) {
        case (.notComputed?, _), (_, .notComputed?): nil
        case (nil, nil): nil
        case (nil, _): .mismatch("missing on the left")
        case (_, nil): .mismatch("missing on the right")
        case (FieldValue.none?, FieldValue.none?): .same
        case (FieldValue.none?, _): .mismatch("None against a tensor")
        case (_, FieldValue.none?): .mismatch("a tensor against None")
        case (.tensor(let left)?, .tensor(let right)?):
            TensorKind(name).compare(left, right, encoding: encoding, floor: floor)
        }
    }

    private func isLive(_ name: String) -> Bool {
        if name == "text_ids" {
            // Text after the last audio reaches no sound.
            let sides = [captured, current, aligned].compactMap { $0 }.map { side in
                LiveFields.of(side.fields, stage: stage, model: model).first { $0.name == name }
            }
            return sides.contains { $0 != sides[0] }
        }
        guard stage == .collator else { return true }
        return [captured, current, aligned].contains { outcome in
            outcome.map {
                LiveFields.contains(name, of: $0.fields, stage: stage, model: model)
            } ?? false
        }
    }

    private func isDerivable(_ name: String) -> Bool { name == "scores" || name == "text_ids" }
    private func isNeverGolden(_ name: String) -> Bool { name.hasPrefix("written/") || name == "text_ids" }
}

/// What kind of tensor a name stands for: its axes and the tolerance that its floats deserve.
enum TensorKind {
    case waveform, writtenSamples, stream, scores, features, other

    init(_ name: String) {
        let parts = name.split(separator: "/")
        self =
            switch (parts.first, parts.last) {
            case (_, "waveform"?): .waveform
            case ("written"?, "samples"?): .writtenSamples
            case (_, "delayed"?), (_, "codes"?): .stream
            case (_, "scores"?): .scores
            case (_, "audio_features"?): .features
            default: .other
            }
    }

    var axes: [String] {
        switch self {
        case .waveform, .writtenSamples: ["sample"]
        case .stream: ["codebook", "frame"]
        case .scores: ["step", "codebook", ""]
        case .features: ["waveform", "mel", "frame"]
        case .other: []
        }
    }

    func compare(
        _ left: Tensor, _ right: Tensor, encoding: PCM?, floor: Double? = nil
    ) -> TensorComparison {
        let tolerance = floor.map { .emulated(floor: $0) } ?? tolerance(right.dtype, encoding)
        return TensorComparison(left, right, tolerance: tolerance, axes: axes)
    }

    private func tolerance(_ dtype: DType, _ encoding: PCM?) -> Tolerance {
        switch self {
        case .waveform: .waveform
        // Binary32 noise before the quantiser can move a sample over a step's edge.
        case .writtenSamples: dtype.isFloat ? .waveform : .pcm(bits: encoding?.bits ?? 16)
        case .scores: .scores
        case .features: .features
        case .stream, .other: .standard(for: dtype)
        }
    }
}

extension StageStatus {
    init(_ verdict: TensorComparison.Verdict) {
        self =
            switch verdict {
            case .equal: .equal
            case .withinTolerance: .withinTolerance
            case .differs: .differs
            }
    }
}

extension Outcome {
    /// What was raised.
    var error: UpstreamError? {
        if case .raised(let error) = self { error } else { nil }
    }
}

extension FieldValue {
    /// The tensor.
    var tensor: Tensor? {
        if case .tensor(let tensor) = self { tensor } else { nil }
    }
}

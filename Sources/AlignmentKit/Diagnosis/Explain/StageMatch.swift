import AlignmentComparison
import AlignmentStages
import AlignmentTensors
import AlignmentWording
import Foundation

/// Compares what a profile gives with what a pipeline did, on the fields that the model reads.
struct StageMatch {
    let stage: Stage
    let model: ModelConfiguration
    let captured: Outcome
    let encoding: PCM?

    /// How an outcome compares.
    struct Agreement {
        /// All live fields are the same, floats within their tolerance.
        var isSame = true
        /// All of them bit for bit.
        var isExact = true
        /// The lowest signal-to-noise ratio of a field of floats, in dB; infinite where all are equal.
        var decibels = Double.infinity
        /// What could not be compared, and why.
        var undecided: String?
        /// The first live field that differs, in one sentence.
        var difference: String?
    }

    /// Compares an outcome with the recorded one.
    ///
    /// - Parameter floor: how far an emulated precision takes the sound from float32, in dB.
    func agreement(with outcome: Outcome, floor: Double? = nil) -> Agreement {
        var agreement = Agreement()
        func differs(_ why: String) {
            agreement.isSame = false
            agreement.isExact = false
            agreement.decibels = min(agreement.decibels, -.infinity)
            if agreement.difference == nil { agreement.difference = why }
        }
        switch (captured, outcome) {
        case (.raised(let left), .raised(let right)):
            if !left.isSame(as: right) { differs("raised \(left) where \(right) was expected") }
            return agreement
        case (.raised(let error), _):
            differs("raised \(error)")
            return agreement
        case (_, .raised(let error)):
            differs("gave an output where \(error) is raised")
            return agreement
        case (.notComputed(let why), _), (_, .notComputed(let why)):
            agreement.undecided = why
            agreement.isSame = false
            return agreement
        case (.fields, .fields): break
        }
        let (recorded, computed) = (live(captured), live(outcome))
        var seen = Set<String>()
        let names = (captured.fields + outcome.fields).map(\.name)
        // Where the prompt itself differs, that says more than what follows from it.
        let isPrompt = { (name: String) in name == "batch/input_ids" }
        for name in names.filter(isPrompt) + names.filter({ !isPrompt($0) })
        where recorded[name] != nil || computed[name] != nil {
            guard seen.insert(name).inserted else { continue }
            // Where one side reads a field, what the other has of it counts, read or not.
            let (left, right) = (recorded[name] ?? captured[name], computed[name] ?? outcome[name])
            if left == right { continue }
            if left == nil && (name == "scores" || name == "text_ids") { continue }
            if right == nil && name.hasPrefix("written/") { continue }
            if case .notComputed(let why)? = right {
                agreement.undecided = agreement.undecided ?? "\(name): \(why)"
                continue
            }
            guard let tensor = left?.tensor, let expected = right?.tensor else {
                differs("\(name) is \(Self.words(left)) where \(Self.words(right)) was expected")
                continue
            }
            let comparison = TensorKind(name).compare(
                tensor, expected, encoding: encoding, floor: floor)
            agreement.isExact = agreement.isExact && comparison.verdict == .equal
            if expected.dtype.isFloat || TensorKind(name) == .writtenSamples, let figures = comparison.figures
            {
                agreement.decibels = min(agreement.decibels, figures.snrDb)
            }
            // torch's own waveforms in other chunks lie up to three hundred-thousandths of the RMS apart in a sample.
            if floor == nil, TensorKind(name) == .waveform, let figures = comparison.figures,
                figures.snrDb >= 90,
                figures.maxAbs <= 1e-3 * figures.rmsError * pow(10, figures.snrDb / 20)
            {
                continue
            }
            if comparison.verdict == .differs {
                agreement.isSame = false
                if !expected.dtype.isFloat && TensorKind(name) != .writtenSamples {
                    agreement.decibels = -.infinity
                } else if comparison.figures == nil {
                    agreement.decibels = -.infinity
                }
                if agreement.difference == nil { agreement.difference = Self.sentence(name, comparison) }
            }
        }
        if agreement.undecided != nil { agreement.isExact = false }
        return agreement
    }

    private func live(_ outcome: Outcome) -> [String: FieldValue] {
        let fields = LiveFields.of(outcome.fields, stage: stage, model: model)
        return Dictionary(fields.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
    }

    private static func words(_ value: FieldValue?) -> String {
        switch value {
        case nil: "missing"
        case FieldValue.none?: "None"
        case .tensor(let tensor)?: "a tensor of shape \(tensor.shape)"
        case .notComputed(let why)?: why
        }
    }

    private static func sentence(_ name: String, _ comparison: TensorComparison) -> String {
        if let reason = comparison.reason { return "\(name): \(reason)" }
        guard let place = comparison.figures?.first else { return "\(name) differs" }
        let (left, right) = contrast(place.left, place.right)
        return "\(name) differs first at \(place.index): \(left) where \(right) was expected"
    }
}

public import AlignmentJSON
public import AlignmentStages

/// What explains one request.
public struct Explanation: Sendable, Equatable, Codable {
    /// The archive's path, as given.
    public var path: String
    /// The request's name.
    public var sample: String
    /// The profile judged against.
    public var reference: String
    /// What came of it all.
    public var verdict: Verdict
    /// What is wrong: defects, then symptoms, then limits; within a kind most upstream first.
    public var causes: [Cause]
    /// Legitimate values other than the reference's that have an effect here.
    public var settings: [Cause]
    /// Present without an effect here.
    public var harmless: [Cause]
    /// What could not be decided, and what would decide it.
    public var notTested: [NotTested]
    /// The four stages.
    public var stages: [Stage]
    /// The checks.
    public var checks: [CheckResult]
    /// What the reader should know of the capture itself.
    public var notes: [String]
    /// 0, 1 or 2 by the contract of exit codes.
    public var exitCode: Int

    /// What came of it all.
    public enum Verdict: String, Sendable, Codable, CaseIterable {
        /// No cause of any kind, every captured stage innocent, no failed check.
        case aligned
        /// Each deviating or raised stage and each failed check has a cause.
        case explained
        /// One has none.
        case unexplained
        /// Nothing was judged, or no cause was found and a captured stage is undecided.
        case incomparable

        /// 0, 1 or 2.
        public var exitCode: Int {
            switch self {
            case .aligned: 0
            case .explained, .unexplained: 1
            case .incomparable: 2
            }
        }

        /// The worse of two over several requests.
        package var rank: Int {
            switch self {
            case .aligned: 0
            case .explained: 1
            case .unexplained: 2
            case .incomparable: 3
            }
        }
    }

    /// A deviation at work.
    public struct Cause: Sendable, Equatable, Codable {
        /// The catalogue's id, or `<stage>.unexplained`.
        public var id: String
        /// The stage it acts on.
        public var stage: AlignmentStages.Stage
        /// How serious it is by nature.
        public var kind: Deviation.Kind
        /// The pipeline ..., in one clause.
        public var title: String
        /// The reference with it against the reference; nil for a symptom, or where it was not decided.
        public var effectAlone: Effect?
        /// The captured profile against the captured profile without it.
        public var effectHere: Effect?
        /// How it was found.
        public var proof: Proof
        /// The profile with it gives the recorded output bit for bit.
        public var exact: Bool
        /// No other deviation gives the same output here.
        public var identified: Bool
        /// Sets of deviations that give the same output here.
        public var equivalent: [[String]]
        /// What capture would tell them apart; nil for an identified one.
        public var wouldSeparate: String?
        /// Whether it caused the sound.
        public var attribution: Attribution
        /// Sentences with the tensor, the first place and both values.
        public var evidence: [String]
        /// What to change.
        public var fix: String
        /// The knobs to change; none for what only facts show.
        public var changes: [Change] = []
        /// Where the user's own code calls the part of upstream that it is about; nil where that was not recorded.
        public var site: CallSite?
        /// What the repaired pipeline would give.
        public var recovery: Recovery?
        /// What follows from it.
        public var consequences: [Cause]
        /// The requests that it was seen in.
        public var samples: [String]

        enum CodingKeys: CodingKey {
            case id, stage, kind, title, effectAlone, effectHere, proof, exact, identified, equivalent,
                wouldSeparate
            case attribution, evidence, fix, changes, site, recovery, consequences, samples
        }
    }

    /// A knob that the pipeline has otherwise than the reference.
    public struct Change: Sendable, Equatable, Codable {
        /// Its key.
        public var knob: String
        /// The pipeline's value.
        public var captured: JSONValue
        /// The reference's.
        public var reference: JSONValue

        /// One clause of it.
        public var sentence: String {
            "\(knob) is \(captured.compactText) where the reference has \(reference.compactText)"
        }
    }

    /// How a deviation was found.
    public enum Proof: String, Sendable, Codable {
        /// The captured profile has it, and the stage gives the recorded output only with it.
        case recomputed
        /// The catalogue was searched, and the stage gives the recorded output only with it.
        case searched
        /// A recorded fact shows it.
        case fact
        /// Nothing gives the recorded output.
        case none
    }

    /// Whether a deviation caused the sound.
    public enum Attribution: String, Sendable, Codable {
        /// The rest of the pipeline was run again without it, and the sound is another; or paired runs show that its
        /// repair mends a failed check.
        case shown
        /// The rest of the pipeline was run again without it, and the sound is the same; or paired runs show that its
        /// repair mends none of the failed checks.
        case notShown = "not_shown"
        /// Nothing speaks against it.
        case consistent
        /// Only a new run of the model would tell, or more of them.
        case needsIntervention = "needs_intervention"
    }

    /// The sound before and after a repair.
    public struct Recovery: Sendable, Equatable, Codable {
        /// The value of `replay` for medians over paired runs.
        package static let intervention = "intervention"

        /// Where the repaired stage's output went from: `tokens`, `decode`, or that a new run is needed. `intervention`
        /// for medians over paired runs, as they are and with the repair.
        public var replay: String
        /// AC energy of the recorded sound; nil without one.
        public var energyBefore: Double?
        /// AC energy of the repaired one; nil where it could not be made.
        public var energyAfter: Double?
        /// Samples before.
        public var samplesBefore: Int?
        /// Samples after.
        public var samplesAfter: Int?
        /// Signal-to-noise ratio of the recorded sound against the repaired one, in dB; nil where lengths differ.
        public var decibels: Double?
        /// Share of the recorded streams that end in EOS. No repair behind the model changes it.
        public var eosBefore: Double?
        /// The same of the repaired run; nil where that needs a new run.
        public var eosAfter: Double?
        /// Distinct ids of the codes handed to the codec, as a share of the most there could be, of the worst segment.
        public var diversityBefore: Double?
        /// The same of the repaired codes.
        public var diversityAfter: Double?
        /// Signal-to-noise ratio of the recorded sound against that of the golden tensors, in dB; nil without them, and
        /// where lengths differ.
        public var goldenDbBefore: Double?
        /// The same of the repaired sound.
        public var goldenDbAfter: Double?

        enum CodingKeys: CodingKey {
            case replay, energyBefore, energyAfter, samplesBefore, samplesAfter, decibels, eosBefore, eosAfter
            case diversityBefore, diversityAfter, goldenDbBefore, goldenDbAfter
        }
    }

    /// A stage.
    public struct Stage: Sendable, Equatable, Codable {
        /// Which one.
        public var stage: AlignmentStages.Stage
        /// How it came out.
        public var status: StageStatus
        /// One sentence behind it.
        public var why: String

        package init(stage: AlignmentStages.Stage, status: StageStatus, why: String) {
            self.stage = stage
            self.status = status
            self.why = why
        }
    }

    /// How a stage came out.
    public enum StageStatus: String, Sendable, Codable {
        case innocent, deviates, raised, undecided
        case notCaptured = "not_captured"
    }

    /// A row of the catalogue that could not be decided.
    public struct NotTested: Sendable, Equatable, Codable {
        /// Its id.
        public var id: String
        /// What the capture lacks.
        public var needs: String
    }

    /// A check.
    public struct CheckResult: Sendable, Equatable, Codable {
        /// Its name.
        public var check: String
        /// How it came out.
        public var status: CheckStatus
        /// The figure that was judged.
        public var value: Double?
        /// The bound that it was judged by.
        public var bound: Double?
        /// One sentence.
        public var why: String
        /// The causes that explain a failure.
        public var explainedBy: [String]
    }
}

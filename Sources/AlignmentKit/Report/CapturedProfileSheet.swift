import AlignmentJSON
import AlignmentStages

/// A captured profile, knob by knob, against a reference profile.
public struct CapturedProfileSheet: Sendable, Equatable, Codable {
    /// The samples that it holds for; none if the archive has no samples.
    public var samples: [String]
    /// The reference profile's name.
    public var reference: String
    /// Knobs in stage order.
    public var knobs: [Row]
    /// Keys that recorders write for people and no stage reads.
    public var recorded: [Key]
    /// Keys that no knob has.
    public var unknown: [Key]
    /// How many knobs are equal, differ, were not seen or not understood.
    public var counts: Counts

    /// How a captured knob stands to the reference's.
    public enum Status: String, Sendable, Codable {
        case equal, differs
        /// The capture does not say; runs take the reference's value.
        case notSeen = "not_seen"
        /// The knob has no such value; runs take the reference's.
        case notUnderstood = "not_understood"
    }

    /// One knob.
    public struct Row: Sendable, Equatable, Codable {
        /// Its key.
        public var key: String
        /// How it stands to the reference.
        public var status: Status
        /// The captured value as JSON text; nil if it was not seen.
        public var captured: String?
        /// The reference's value as JSON text.
        public var reference: String
        /// What the knob does.
        public var summary: String
    }

    /// A key that is no knob's.
    public struct Key: Sendable, Equatable, Codable {
        /// The key.
        public var key: String
        /// Its value as JSON text.
        public var value: String
    }

    /// Knobs by status.
    public struct Counts: Sendable, Equatable, Codable {
        /// Knobs whose values are the reference's.
        public var equal = 0
        /// Knobs whose values are not.
        public var differs = 0
        /// Knobs that the capture does not say.
        public var notSeen = 0
        /// Knobs whose captured values they do not take.
        public var notUnderstood = 0
    }

    /// A sheet for each different profile, with the samples that share it.
    static func sheets(
        _ captured: [(samples: [String], profile: JSONValue?)], _ reference: ProfileDescription,
        _ model: ModelConfiguration, isComplete: Bool
    ) -> [CapturedProfileSheet] {
        var order: [JSONValue] = []
        var samples: [JSONValue: [String]] = [:]
        for (names, profile) in captured {
            guard let profile else { continue }
            if samples[profile] == nil { order.append(profile) }
            samples[profile, default: []] += names
        }
        return order.map {
            CapturedProfileSheet($0, samples[$0] ?? [], reference, model, isComplete: isComplete)
        }
    }

    init(
        _ profile: JSONValue, _ samples: [String], _ reference: ProfileDescription,
        _ model: ModelConfiguration, isComplete: Bool
    ) {
        let members = profile.object ?? [:]
        let resolved = reference.resolved(for: model)
        self.samples = samples
        self.reference = reference.name
        counts = Counts()
        knobs = []
        for knob in Knob.all {
            let row = Row(knob, members[knob.key], resolved)
            switch row.status {
            case .equal: counts.equal += 1
            case .differs: counts.differs += 1
            case .notSeen: counts.notSeen += 1
            case .notUnderstood: counts.notUnderstood += 1
            }
            if isComplete || row.status == .differs || row.status == .notUnderstood { knobs.append(row) }
        }
        let others = members.filter { Knob.named($0.key) == nil }.sorted { $0.key < $1.key }
            .map { Key(key: $0.key, value: $0.value.compactText) }
        recorded = others.filter { CapturedProfile.recordedOnly[$0.key] != nil }
        unknown = others.filter { CapturedProfile.recordedOnly[$0.key] == nil }
    }
}

extension CapturedProfileSheet.Row {
    init(_ knob: Knob, _ captured: JSONValue?, _ resolved: Profile) {
        key = knob.key
        summary = knob.summary
        let expected = knob.value(resolved)
        reference = expected.compactText
        self.captured = captured?.compactText
        var profile = resolved
        guard let captured else {
            status = .notSeen
            return
        }
        guard knob.set(captured, in: &profile) else {
            status = .notUnderstood
            return
        }
        status = knob.value(profile) == expected ? .equal : .differs
    }
}

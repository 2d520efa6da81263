public import AlignmentYAML

extension SoundProfile {
    /// Reads a profile from YAML; a key that is not given keeps its default. docs/audio.md has the keys.
    ///
    /// ```yaml
    /// schema_version: 1
    /// sample_rates: [24000, 48000]
    /// cut_off_level: -9
    /// warnings: [cut-off]
    /// ```
    ///
    /// - Throws: `YAMLError` with file, line and key.
    public init(yaml text: String, file: String) throws(YAMLError) {
        let root = try YAMLNode(parsing: text, file: file)
        let members = try root.members(["schema_version"] + Self.keys.map(\.name))
        guard let version = members["schema_version"] else {
            throw root.error("has no schema_version, expected 1")
        }
        guard try version.integer() == 1 else {
            throw version.error("is \(try version.integer()), expected 1")
        }
        self.init()
        name = file
        for key in Self.keys { if let node = members[key.name] { try key.set(&self, node) } }
    }

    /// Reads a profile from a YAML file of at most 1 MiB.
    ///
    /// - Throws: an error whose text is one sentence that names the file.
    public init(file: String) throws {
        let text = try YAMLFile.text(of: file, purpose: "a profile of sound", limit: 1 << 20)
        try self.init(yaml: text, file: file)
    }

    /// A key, its value as it stands in YAML, and how it is set.
    package struct Key: Sendable {
        /// The key.
        package let name: String
        /// The value that a profile has, in YAML.
        package let text: @Sendable (SoundProfile) -> String
        fileprivate let set: @Sendable (inout SoundProfile, YAMLNode) throws(YAMLError) -> Void
    }

    /// Every key that a file can have but `schema_version`.
    package static let keys: [Key] = [
        Key(name: "name", text: \.name) { profile, node throws(YAMLError) in
            profile.name = try node.string()
        },
        integers("sample_rates", at: \.sampleRates, within: 1...655_350),
        magnitude("silent_energy", at: \.silentEnergy),
        share("least_active_ratio", at: \.leastActiveRatio),
        share("most_clipped_share", at: \.mostClippedShare),
        integer("clipped_run", at: \.clippedRun, within: 1...1_000_000),
        integer("least_votes", at: \.leastVotes, within: 0...6),
        share("noise_flatness", at: \.noiseFlatness),
        magnitude("vote_centroid_deviation", at: \.voteCentroidDeviation),
        magnitude("vote_crossing_deviation", at: \.voteCrossingDeviation),
        magnitude("vote_mel_flux", at: \.voteMelFlux),
        share("vote_modulation_share", at: \.voteModulationShare),
        range("vote_harmonicity", at: \.voteHarmonicity),
        range("vote_syllable_rate", at: \.voteSyllableRate),
        share("loop_correlation", at: \.loopCorrelation),
        magnitude("longest_gap", at: \.longestGap),
        magnitude("longest_trailing", at: \.longestTrailing),
        magnitude("longest_leading", at: \.longestLeading),
        Key(name: "cut_off_level", text: { "\($0.cutOffLevel)" }) { profile, node throws(YAMLError) in
            profile.cutOffLevel = try node.number()
        },
        magnitude("largest_offset", at: \.largestOffset),
        integers("frames_below_budget", at: \.framesBelowBudget, within: 0...1000),
        Key(name: "warnings", text: { "[\($0.warnings.sorted().map(\.rawValue).joined(separator: ", "))]" }) {
            profile, node throws(YAMLError) in
            var warnings: Set<SoundVerdict> = []
            for item in try node.list() {
                let text = try item.string()
                guard let verdict = SoundVerdict(rawValue: text), verdict > .unreadable, verdict != .plausible
                else {
                    let known = SoundVerdict.allCases.filter { $0 > .unreadable && $0 != .plausible }
                    throw item.error(
                        "is \"\(text)\", expected one of \(known.map(\.rawValue).joined(separator: ", "))")
                }
                warnings.insert(verdict)
            }
            profile.warnings = warnings
        },
    ]

    private typealias Path<Value> = WritableKeyPath<SoundProfile, Value> & Sendable

    private static func magnitude(_ name: String, at path: any Path<Double>) -> Key {
        Key(name: name, text: { "\($0[keyPath: path])" }) { profile, node throws(YAMLError) in
            profile[keyPath: path] = try node.magnitude()
        }
    }

    private static func share(_ name: String, at path: any Path<Double>) -> Key {
        Key(name: name, text: { "\($0[keyPath: path])" }) { profile, node throws(YAMLError) in
            let value = try node.magnitude()
            guard value <= 1 else { throw node.unexpected("a number from 0 to 1") }
            profile[keyPath: path] = value
        }
    }

    private static func integer(_ name: String, at path: any Path<Int>, within range: ClosedRange<Int>) -> Key
    {
        Key(name: name, text: { "\($0[keyPath: path])" }) { profile, node throws(YAMLError) in
            profile[keyPath: path] = try node.integer(within: range)
        }
    }

    private static func integers(_ name: String, at path: any Path<[Int]>, within range: ClosedRange<Int>)
        -> Key
    {
        Key(name: name, text: { "\($0[keyPath: path])" }) { profile, node throws(YAMLError) in
            var values: [Int] = []
            for item in try node.list() { values.append(try item.integer(within: range)) }
            guard !values.isEmpty else { throw node.error("is empty, expected at least one number") }
            profile[keyPath: path] = values
        }
    }

    private static func range(_ name: String, at path: any Path<ClosedRange<Double>>) -> Key {
        Key(name: name, text: { "[\($0[keyPath: path].lowerBound), \($0[keyPath: path].upperBound)]" }) {
            profile, node throws(YAMLError) in
            let items = try node.list()
            guard items.count == 2 else { throw node.error("has \(items.count) values, expected two") }
            let (low, high) = (try items[0].magnitude(), try items[1].magnitude())
            guard low <= high else { throw node.error("has its greater value first") }
            profile[keyPath: path] = low...high
        }
    }

    /// The profile as a YAML file.
    public var yaml: String {
        (["schema_version: 1"] + Self.keys.map { "\($0.name): \($0.text(self))" }).joined(separator: "\n")
            + "\n"
    }
}

extension YAMLNode {
    fileprivate func integer(within range: ClosedRange<Int>) throws(YAMLError) -> Int {
        let value = try integer()
        guard range.contains(value) else {
            throw unexpected("a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}

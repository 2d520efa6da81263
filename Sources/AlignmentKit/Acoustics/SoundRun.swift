/// What is said of many sound files together.
public struct SoundRun: Sendable, Equatable, Codable {
    /// Version of this JSON's layout.
    public var schemaVersion = 1
    /// The run in one sentence or two.
    public var summary: String
    /// How many files have each verdict that any has.
    public var verdicts: [String: Int]
    /// Share of the files read that are silent or dead.
    public var silentShare: Double?
    /// Files whose limit on new tokens is known, and those of them that never met EOS.
    public var budgets: Budgets?
    /// Lengths that several files share, the most frequent first.
    public var commonLengths: [CommonLength]
    /// File by file, in the order in which they were found.
    public var files: [SoundResult]
    /// 2 if a file could not be read, else 1 if a verdict fails the run, else 0.
    public var exitCode: Int

    /// What lengths prove.
    public struct Budgets: Sendable, Equatable, Codable {
        /// Files with sound whose limit on new tokens is known, and not contradicted by their length.
        public var known: Int
        /// Those of them that are exactly as long as it leaves.
        public var exhausted: Int
        /// Files that are longer than the limit that was told allows.
        public var contradicted: Int
    }

    /// A length that several files share.
    public struct CommonLength: Sendable, Equatable, Codable {
        /// The codec's frames of 40 ms.
        public var frames: Int
        /// How many files are so long.
        public var files: Int
    }

    /// A run of these files.
    ///
    /// - Parameter isBudgetTold: whether limits on new tokens were told.
    public init(_ files: [SoundResult], profile: SoundProfile, isBudgetTold: Bool = false) {
        self.files = files
        verdicts = Dictionary(grouping: files, by: \.verdict.rawValue).mapValues(\.count)
        let read = files.filter { $0.verdict != .unreadable }
        let silent = read.count { $0.verdict == .silent || $0.verdict == .dead }
        silentShare = read.isEmpty ? nil : Double(silent) / Double(read.count)
        if isBudgetTold {
            let readings = files.compactMap { $0.budget?.reading }
            budgets = Budgets(
                known: readings.count { $0 != .contradicted }, exhausted: readings.count { $0 == .exhausted },
                contradicted: readings.count { $0 == .contradicted })
        }
        commonLengths = Self.commonLengths(of: read)
        exitCode =
            files.isEmpty || read.count < files.count
            ? 2 : files.contains { profile.fails($0.verdict) } ? 1 : 0
        summary = Self.sentence(
            read: read, silent: silent, budgets: budgets, common: commonLengths.first, profile)
    }

    /// Whole lengths that at least three files share, the ten most frequent.
    private static func commonLengths(of files: [SoundResult]) -> [CommonLength] {
        let lengths = files.compactMap { $0.measures }.filter(\.isWholeFrames).map {
            Int($0.frames.rounded())
        }
        let counts = Dictionary(grouping: lengths) { $0 }.mapValues(\.count).filter { $0.value >= 3 }
        let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(10).map { CommonLength(frames: $0.key, files: $0.value) }
    }

    private static func sentence(
        read files: [SoundResult], silent: Int, budgets: Budgets?, common: CommonLength?,
        _ profile: SoundProfile
    ) -> String {
        let read = files.count
        guard read > 0 else { return "No sound file could be read." }
        let plausible = files.filter { $0.verdict == .plausible }
        let flawed = plausible.count { !$0.findings.isEmpty }
        var parts = [
            "\(silent) of \(read) \(read == 1 ? "file is" : "files are") silent, \(plausible.count) plausible"
                + (flawed > 0 ? ", \(flawed) of them with a finding" : "")
        ]
        if let budgets {
            parts.append(
                budgets.known == 0
                    ? "no file's token limit is known"
                    : "\(budgets.exhausted) of \(budgets.known) with a known token limit never met EOS")
        }
        var text = parts.joined(separator: "; ") + "."
        if let budgets, budgets.contradicted > 0 {
            text +=
                " \(budgets.contradicted) are longer than the limit that was told allows: they had another one."
        }
        if let common, common.files >= max(3, read / 4) {
            text += " \(common.files) files are exactly \(common.frames) frames long"
            text +=
                profile.framesBelowBudget.first.map {
                    ", as a limit of \(common.frames + $0) new tokens would leave."
                }
                ?? "."
        }
        return text
    }

    /// The files that matter, the worst first.
    public var worstFirst: [SoundResult] {
        files.enumerated().sorted { ($0.element.verdict, $0.offset) < ($1.element.verdict, $1.offset) }.map(
            \.element)
    }
}

public import AlignmentDiagnosis
public import AlignmentLogs

/// What a log says that was printed when a capture was made, held against what the capture shows.
public struct LogBeside: Sendable, Equatable, Codable {
    /// The log in a sentence.
    public var sentence: String
    /// What it proves about each request, in the order of the capture's requests.
    public var requests: [Statement]
    /// What it says about the run as a whole.
    public var run: [LogFinding]

    /// One thing that the log proves about a request.
    public struct Statement: Sendable, Equatable, Codable {
        /// The capture's name of the request.
        public var sample: String
        /// What is proven, and from which lines.
        public var proof: LogProof
        /// The check of the capture that is about the same.
        public var check: String?
        /// Whether the capture shows the same; nil where one of the two does not tell.
        public var agrees: Bool?
    }

    /// A log beside these requests, of which the first is the log's first.
    public init(_ report: LogReport, samples: [Explanation]) {
        let logged = report.files.map(\.samples.count).max() ?? 0
        sentence =
            report.sentence
            + (logged > samples.count ? " The log has \(logged) requests, the capture \(samples.count)." : "")
        run = report.findingsOfRun
        requests = samples.enumerated().flatMap { index, sample in
            report.evidence(ofRequest: index).map { Statement($0.proof, of: sample) }
        }
    }
}

extension LogBeside.Statement {
    init(_ proof: LogProof, of sample: Explanation) {
        self.sample = sample.sample
        self.proof = proof
        guard let (check, passes) = Self.claim(of: proof) else { return }
        self.check = check
        switch sample.checks.first(where: { $0.check == check })?.status {
        case .passed, .warned: agrees = passes
        case .failed: agrees = !passes
        default: break
        }
    }

    /// The check that a proof is about, and whether it would pass by what the log says; nil where a log says less than
    /// the check asks: a mean square takes an offset for sound, a number of ids says nothing of their order.
    private static func claim(of proof: LogProof) -> (check: String, passes: Bool)? {
        switch (proof.subject, proof.verdict) {
        case (.energy, .silent), (.energy, .tooQuiet): ("energy", false)
        case (.energy, .notFinite): ("finite_samples", false)
        case (.ending, .budgetExhausted): ("eos", false)
        case (.ending, .eosReached): ("eos", true)
        case (.diversity, .tooFew): ("token_diversity", false)
        default: nil
        }
    }

    /// The statement for people.
    var words: String {
        let lines = proof.lines.map(String.init).joined(separator: ", ")
        let place = "\(proof.lines.count == 1 ? "line" : "lines") \(lines)"
        let compared =
            switch agrees {
            case true?: " The capture shows the same."
            case false?:
                " The capture shows otherwise (\(check ?? "")): the log is of another request, or it is wrong."
            case nil: ""
            }
        return "Sample \(sample), \(place): \(proof.sentence)\(compared)"
    }
}

extension LogBeside {
    func write(to document: inout Document) {
        document.heading(1, "What the log says")
        document.paragraph(sentence)
        document.list(requests.map(\.words))
        let notable = run.filter { $0.level > .note }
        document.list(notable.map { "Line \($0.line): \($0.sentence)" })
    }
}

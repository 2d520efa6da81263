/// What a release must fulfil.
public struct GatePolicy: Sendable, Equatable {
    /// Its name.
    public var name = "release"
    /// Whether warnings, and settings that have an effect, fail, too.
    public var isStrict = false
    /// How captures are judged.
    public var captures = Captures()
    /// How sound is judged.
    public var sound = Sound()
    /// Metrics that must have a value within bounds.
    public var required: [Requirement] = []
    /// Ids that may be there; `*` stands for any letters.
    public var allowed: [String] = []
    /// Failures that are known and let pass until a day.
    public var waivers: [Waiver] = []

    /// A policy that asks for nothing but that nothing is wrong.
    public init() {}

    /// How captures are judged.
    public struct Captures: Sendable, Equatable {
        /// The profile that they are judged against: a name of `profile list`, or a file.
        public var reference = "serve-engine"
        /// A folder of archives: each capture is compared with the one of its name, as `compare` does it.
        public var golden: String?
        /// A file of tolerances, as `compare --tolerance` takes it.
        public var tolerances: String?

        /// Judged against upstream's serving engine; compared with nothing.
        public init() {}
    }

    /// How sound is judged.
    public struct Sound: Sendable, Equatable {
        /// A file of thresholds, as `audio --profile` takes it.
        public var profile: String?
        /// The limit on new tokens that all files were generated with.
        public var maxNewTokens: Int?

        /// The standard thresholds, and no limit known.
        public init() {}
    }

    /// A metric that must have a value, and its bounds.
    public struct Requirement: Sendable, Equatable {
        /// What is bounded.
        public var metric: GateMetric
        /// The least value that passes.
        public var atLeast: Double?
        /// The greatest value that passes.
        public var atMost: Double?
        /// The greatest difference to the baseline's value that passes.
        public var changeAtMost: Double?

        /// A requirement.
        public init(
            _ metric: GateMetric, atLeast: Double? = nil, atMost: Double? = nil, changeAtMost: Double? = nil
        ) {
            (self.metric, self.atLeast, self.atMost, self.changeAtMost) = (
                metric, atLeast, atMost, changeAtMost
            )
        }
    }

    /// A failure that is known and let pass until a day.
    public struct Waiver: Sendable, Equatable {
        /// The failure's id; `*` stands for any letters.
        public var finding: String
        /// The inputs that it is let pass in; `*` stands for any letters.
        public var input: String
        /// Why.
        public var reason: String
        /// The last day on which it passes.
        public var expires: GateDay

        /// A waiver.
        public init(finding: String, input: String = "*", reason: String, expires: GateDay) {
            (self.finding, self.input, self.reason, self.expires) = (finding, input, reason, expires)
        }
    }
}

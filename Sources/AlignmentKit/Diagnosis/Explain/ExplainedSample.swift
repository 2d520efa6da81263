public import AlignmentStages

/// A request that was explained, and what further work on it stands on.
public struct ExplainedSample {
    /// What explains it.
    public internal(set) var explanation: Explanation
    /// The profile under which every stage gives what was recorded, as far as one was found.
    public let profile: Profile
    let explainer: SampleExplainer
    let stages: [StageExplanation]
}

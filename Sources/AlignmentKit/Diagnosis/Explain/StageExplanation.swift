import AlignmentStages

/// What explains one stage's output.
struct StageExplanation {
    var stage: Stage
    var status: Explanation.StageStatus
    var why: String
    /// The deviations that make the output, with what each does; none for an innocent stage.
    var members: [Member] = []
    /// Declared deviations without an effect here.
    var harmless: [Member] = []
    /// Other minimal sets that give the same output.
    var equivalent: [[Deviation]] = []
    /// The profile that reproduces the output; nil if none does.
    var reproducing: Profile?
    /// It does so bit for bit.
    var isExact = false
    /// How it was found.
    var proof = Explanation.Proof.recomputed
    /// Nothing reproduces it.
    var unexplained: [String] = []
    /// What parts it from the reference, in one sentence.
    var difference: String?
    /// Where the streams are not the state machine's; nil where they are.
    var machineDiffers: String?
    /// The scores are those of other parameters than the declared ones.
    var ignoresParameters = false

    /// A deviation that is at work.
    struct Member {
        var deviation: Deviation
        var alone: (effect: Effect, error: UpstreamError?)?
        var here: (effect: Effect, error: UpstreamError?)?
        /// The members whose repair takes its effect away.
        var dependsOn: [String] = []
    }
}

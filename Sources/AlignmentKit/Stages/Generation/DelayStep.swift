/// What one step of a delay's state machine gives.
struct DelayStep {
    /// The column that is kept, [codebook].
    var column: [Int64]
    /// Rows that were drawn.
    var liveRows: Range<Int>
    /// The segment is over.
    var hasEnded: Bool
}

/// The one id that a row of logits is masked to.
enum Mask: Equatable {
    case only(Int64)
    /// BOS and EOS at once leave no id to draw: torch raises, and the largest score is the first.
    case nothing

    var isForced: Bool { self != .nothing }
}

import AlignmentStages
import AlignmentTensors

/// How long two runs of one request stand on the same columns.
///
/// The logits of a step depend on the prompt and on the columns before it, and on nothing else. From the first column
/// on that differs, the logits of two sound models differ too.
struct SharedContext {
    /// Steps from the first one on whose context is the same on both sides.
    let steps: Int
    /// A step follows in both runs, and stands on other columns.
    let hasOtherSteps: Bool

    /// Compares the columns of both, the segments in turn.
    init(_ captured: GenerationFacts, _ golden: GenerationFacts) {
        var steps = 0
        var isSame = Self.beginsAlike(captured, golden)
        for (index, (left, right)) in zip(captured.segments, golden.segments).enumerated() where isSame {
            guard left.rows == right.rows, left.columns > 0, right.columns > 0, Self.isSame(0, left, right),
                Self.isTextSame(captured, golden, before: index)
            else {
                isSame = false
                break
            }
            for column in 1..<max(min(left.columns, right.columns), 1) where isSame {
                steps += 1
                isSame = Self.isSame(column, left, right)
            }
            isSame = isSame && left.columns == right.columns
        }
        self.steps = steps
        hasOtherSteps = steps < min(captured.stepCount, golden.stepCount)
    }

    private static func isSame(_ column: Int, _ left: NDArray<Int64>, _ right: NDArray<Int64>) -> Bool {
        (0..<left.rows).allSatisfy { left[$0, column] == right[$0, column] }
    }

    /// The prompts are the same, as far as they were recorded.
    private static func beginsAlike(_ captured: GenerationFacts, _ golden: GenerationFacts) -> Bool {
        func differ(_ ids: (GenerationFacts) -> [Int64]?) -> Bool {
            guard let left = ids(captured), let right = ids(golden) else { return false }
            return left != right
        }
        return captured.referenceColumns == golden.referenceColumns && !differ { $0.promptTail?.ids }
            && !differ { $0.text?.promptIDs }
    }

    /// The text before a segment is the same, as far as it was recorded on both sides.
    private static func isTextSame(
        _ captured: GenerationFacts, _ golden: GenerationFacts, before segment: Int
    ) -> Bool {
        guard segment > 0, let left = captured.text, let right = golden.text else { return true }
        return text(left, before: segment) == text(right, before: segment)
    }

    /// Each segment opens with `<|audio_out_bos|>`, so that all that precedes it is what stands before so many of them.
    private static func text(_ text: GenerationFacts.TextFacts, before segment: Int) -> ArraySlice<Int64> {
        let bos = Int64(text.model.audioOutBOSTokenID)
        let opened = text.promptIDs.last == bos ? segment : segment + 1
        let places = text.generatedIDs.indices.filter { text.generatedIDs[$0] == bos }
        guard places.count >= opened else { return text.generatedIDs[...] }
        return text.generatedIDs[...places[opened - 1]]
    }
}

extension Deviation.Need {
    /// What to record, in words.
    package var words: String {
        switch self {
        case .input: "the stage's input"
        case .encode: "the codec's encode call"
        case .logits: "the logits of each step"
        case .configuration: "the model's configuration"
        case .weights: "the codec's weights"
        case .golden: "golden tensors of the same inputs"
        case .text: "the text that was to be spoken"
        case .file: "the file that was written"
        case .output: "the stage's output"
        case .log: "what the pipeline printed"
        }
    }
}

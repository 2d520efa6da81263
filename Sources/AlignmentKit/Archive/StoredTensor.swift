public import AlignmentTensors

/// What stands at a path of an archive.
public enum ObjectKind: String, Sendable, Hashable {
    /// A group, which holds other objects.
    case group
    /// A tensor.
    case tensor
    /// A stored Python `None`.
    case pythonNone = "none"
    /// A text: a JSON document where the name ends in `.json`, plain text elsewhere.
    case json
    /// Nothing.
    case missing
}

/// A stored value: a tensor, or the `None` that stood in its place.
public enum StoredTensor: Sendable, Equatable {
    /// A tensor; `[0, 0]` is a shape like any other.
    case tensor(Tensor)
    /// A Python `None`.
    case pythonNone

    /// The tensor; nil for `None`.
    public var tensor: Tensor? {
        guard case .tensor(let tensor) = self else { return nil }
        return tensor
    }
}

/// What may be written beside a tensor to say how to read it.
public struct TensorLabels: Sendable, Hashable {
    /// The name of each axis, such as `["codebook", "frame"]`.
    public var axes: [String]?
    /// Samples per second of a waveform.
    public var sampleRate: Int?
    /// How a sound file stored the samples, such as "PCM_16".
    public var subtype: String?
    /// The base name of the sound file that the samples were read back from.
    public var file: String?

    /// Labels of your own; by default none.
    public init(
        axes: [String]? = nil, sampleRate: Int? = nil, subtype: String? = nil, file: String? = nil
    ) {
        self.axes = axes
        self.sampleRate = sampleRate
        self.subtype = subtype
        self.file = file
    }
}

/// What an archive says about a tensor without its elements being read.
public struct TensorAttributes: Sendable, Hashable {
    /// The logical element type; nil for a Python `None`.
    public let dtype: DType?
    /// The extents; nil for a Python `None`.
    public let shape: Shape?
    /// The recorded SHA-256, lower-case hexadecimal; not checked here.
    public let sha256: String
    /// Axes and, for waveforms, rate and origin.
    public let labels: TensorLabels
    /// Bytes that the elements take in the file.
    public let storedBytes: Int
}

import AlignmentTensors

/// What may stand at the paths that fit a pattern.
struct DumpRule: Sendable {
    /// The pattern's names; `<k>`, `<name>`, `<side>` and `<field>` stand for what they are called.
    let pattern: [String]
    /// What stands there.
    let content: Content

    /// What stands at a path.
    enum Content: Sendable {
        /// A JSON document.
        case json
        /// A plain text.
        case text
        /// A tensor.
        case tensor(Elements, rank: ClosedRange<Int>)
        /// A tensor or a Python `None`.
        case optionalTensor(Elements, rank: ClosedRange<Int>)
    }

    /// Which elements a tensor may have.
    enum Elements: Sendable {
        /// Ids, counters and starts: int64, to which every kind of integer is widened.
        case integers
        /// Logits, scores and waveforms: float32, to which float16 and bfloat16 are widened.
        case float32
        /// int32 as it is.
        case int32
        /// Samples read back from a sound file: int32 or float32.
        case samples
        /// Any float as it is.
        case floats
        /// Anything that archives hold; integers are widened to int64.
        case any

        /// The archive's type for elements of a dump; nil if they may not stand there.
        func dtype(for type: ElementType) -> DType? {
            switch self {
            case .integers: type.isInteger ? .int64 : nil
            case .float32: [.float32, .float16, .bfloat16].contains(type) ? .float32 : nil
            case .int32: type == .int32 ? .int32 : nil
            case .samples: [.int32, .float32].contains(type) ? type.dtype : nil
            case .floats: type.dtype.flatMap { $0.isFloat ? $0 : nil }
            case .any: type.isInteger ? .int64 : type.dtype
            }
        }

        /// What is expected, for people.
        var phrase: String {
            switch self {
            case .integers: "int64 or a smaller integer"
            case .float32: "float32, float16 or bfloat16"
            case .int32: "int32"
            case .samples: "int32 or float32"
            case .floats: "a float"
            case .any: "an element type of archives"
            }
        }
    }

    /// Whether a path's names fit.
    func matches(_ names: [String]) -> Bool {
        names.count == pattern.count && zip(pattern, names).allSatisfy(Self.fits)
    }

    private static func fits(_ part: String, _ name: String) -> Bool {
        switch part {
        case "<k>": isOrdinal(name)
        case "<side>": ["captured", "golden", "golden_bf16"].contains(name)
        case "<name>": isSampleName(name)
        case "<field>": !name.hasSuffix(".json")
        default: part == name
        }
    }

    /// Whether a name is a decimal number without leading zeros.
    static func isOrdinal(_ name: String) -> Bool {
        name.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && Int(name).map(String.init) == name
    }

    private static func isSampleName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy {
                $0.isASCII
                    && ($0.properties.isAlphabetic || ("0"..."9").contains($0)
                        || "._-".unicodeScalars.contains($0))
            }
    }
}

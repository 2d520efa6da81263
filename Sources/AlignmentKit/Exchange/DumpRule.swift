import AlignmentArchive
import AlignmentTensors

/// What may stand at the paths that fit a pattern.
struct DumpRule: Sendable {
    /// The pattern's names; `<k>`, `<name>`, `<side>` and `<field>` stand for what they are called.
    let pattern: [String]
    /// What stands there.
    let content: Content

    /// The names of the axes, in each form that is allowed; none listed allows any.
    var axes: [[String]] = []
    /// Labels that the format asks for.
    var labels: [String] = []

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
        /// One of these as it is.
        case oneOf([DType])
        /// Anything that archives hold, as it is.
        case asFound
        /// Anything that archives hold; integers are widened to int64.
        case any

        /// The archive's type for elements of a dump; nil if they may not stand there.
        func dtype(for type: ElementType) -> DType? {
            switch self {
            case .integers: type.isInteger ? .int64 : nil
            case .float32: [.float32, .float16, .bfloat16].contains(type) ? .float32 : nil
            case .oneOf(let dtypes): type.dtype.flatMap { dtypes.contains($0) ? $0 : nil }
            case .asFound: type.dtype
            case .any: type.isInteger ? .int64 : type.dtype
            }
        }

        /// What is expected, for people.
        var phrase: String {
            switch self {
            case .integers: "int64 or a smaller integer"
            case .float32: "float32, float16 or bfloat16"
            case .oneOf(let dtypes): dtypes.map(\.rawValue).joined(separator: " or ")
            case .asFound: "an element type of archives"
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
        case "<side>": ArchiveLayout.sides.contains(name)
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

extension DumpRule {
    /// A row of the format's layout.
    init(_ row: LayoutRow) {
        let names = row.path.split(separator: "/").map(String.init)
        pattern = names.map { name in
            switch name {
            case "<i>": "<k>"
            case "<name>" where names[0] != "samples": "<field>"
            default: name
            }
        }
        switch row.content {
        case .json: content = .json
        case .text: content = .text
        case .tensor(let rule):
            let ranks = rule.axes.map(\.count)
            let rank = (ranks.min() ?? 0)...(ranks.max() ?? ArchiveLimits.standard.rank)
            let elements: Elements =
                switch rule.dtypes {
                case []: rule.allowsNone ? .any : .asFound
                case [.int64]: .integers
                case [.float32]: .float32
                default: .oneOf(rule.dtypes)
                }
            content =
                rule.allowsNone ? .optionalTensor(elements, rank: rank) : .tensor(elements, rank: rank)
            axes = rule.axes
            labels = rule.attributes
        }
    }
}

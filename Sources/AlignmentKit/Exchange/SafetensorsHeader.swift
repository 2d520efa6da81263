internal import AlignmentFiles
internal import AlignmentJSON
public import AlignmentTensors

/// What a `.safetensors` file says before its elements.
public struct SafetensorsHeader: Sendable, Equatable {
    /// One tensor of the file.
    public struct Entry: Sendable, Equatable {
        /// Its name in the file.
        public let key: String
        /// The elements' type.
        public let type: ElementType
        /// The extents.
        public let shape: Shape
        /// Where the elements begin, counted from the file's start.
        public let offset: Int
    }

    /// The tensors, sorted by name.
    public let entries: [Entry]
    /// The same by name.
    let byKey: [String: Entry]

    /// The longest header that is read.
    static let longest = 32 << 20

    /// Reads and checks the header of a file: every byte after it belongs to exactly one tensor.
    static func read(_ input: InputFile, file: String) throws(ExchangeError) -> SafetensorsHeader {
        func failure(_ problem: String, place: String? = nil) -> ExchangeError {
            ExchangeError(file: file, place: place, problem: problem, remedy: "write the file again")
        }
        func bytes(_ offset: Int, _ count: Int) throws(ExchangeError) -> [UInt8] {
            do {
                if let bytes = try input.bytes(at: offset, count: count) { return bytes }
            } catch { throw ExchangeError(file: file, error, operation: "read") }
            throw failure("ends inside its safetensors header, after \(input.byteCount) bytes")
        }
        let length = try bytes(0, 8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= longest else {
            throw failure("has a safetensors header of \(length) bytes, more than the limit of \(longest)")
        }
        let text = try bytes(8, Int(length))
        guard text.first == UInt8(ascii: "{") else {
            throw failure("does not begin as a safetensors file does")
        }
        let json: JSONValue
        do { json = try StrictJSON.parse(text, depthLimit: 8) } catch {
            throw failure("has a safetensors header that is no JSON (\(error))")
        }
        let start = 8 + Int(length)
        var spans: [(begin: Int, end: Int, key: String)] = []
        var entries: [Entry] = []
        for (key, value) in (json.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            if key == "__metadata__" {
                guard let texts = value.object, texts.values.allSatisfy({ $0.string != nil }) else {
                    throw failure("is no object of texts", place: key)
                }
                continue
            }
            let (type, extents, begin, end) = try parts(of: value) { failure($0, place: quoted(key)) }
            guard 0 <= begin, begin <= end, end <= input.byteCount - start else {
                throw failure(
                    "has data_offsets [\(begin), \(end)] outside the file's \(input.byteCount - start) bytes",
                    place: quoted(key))
            }
            let shape = try NPYHeader.shape(extents, type, bytesThere: end - begin) { problem, _ in
                failure(problem, place: quoted(key))
            }
            spans.append((begin, end, key))
            entries.append(Entry(key: key, type: type, shape: shape, offset: start + begin))
        }
        try checkCover(&spans, of: input.byteCount - start) { failure($0, place: $1.map(quoted)) }
        return SafetensorsHeader(
            entries: entries,
            byKey: Dictionary(entries.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first }))
    }

    private static func quoted(_ key: String) -> String { "\"\(key)\"" }

    private static func parts(
        of value: JSONValue, _ failure: (String) -> ExchangeError
    ) throws(ExchangeError) -> (ElementType, [Int], begin: Int, end: Int) {
        guard let members = value.object, Set(members.keys) == ["dtype", "shape", "data_offsets"],
            let name = members["dtype"]?.string, let extents = members["shape"]?.sizes,
            let offsets = members["data_offsets"]?.sizes, offsets.count == 2
        else {
            throw failure("is no object of dtype, shape and data_offsets")
        }
        guard let type = types[name] else {
            let known = types.keys.sorted().joined(separator: ", ")
            throw failure("has elements of the type \(name.prefix(32)), expected one of \(known)")
        }
        return (type, extents, offsets[0], offsets[1])
    }

    /// Throws unless the spans, one after the other, cover all bytes.
    private static func checkCover(
        _ spans: inout [(begin: Int, end: Int, key: String)], of byteCount: Int,
        _ failure: (String, String?) -> ExchangeError
    ) throws(ExchangeError) {
        spans.sort { ($0.begin, $0.end, $0.key) < ($1.begin, $1.end, $1.key) }
        var covered = 0
        for span in spans {
            if span.begin < covered {
                throw failure("shares bytes with another tensor, from \(span.begin) on", span.key)
            }
            if span.begin > covered {
                throw failure("leaves bytes \(covered) to \(span.begin) before it to no tensor", span.key)
            }
            covered = span.end
        }
        guard covered == byteCount else {
            throw failure("has \(byteCount - covered) bytes after its last tensor", nil)
        }
    }

    /// The safetensors library's words for the element types.
    static let types: [String: ElementType] = [
        "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16, "I64": .int64, "I32": .int32,
        "I16": .int16, "I8": .int8, "U64": .uint64, "U32": .uint32, "U16": .uint16, "U8": .uint8,
        "BOOL": .bool,
    ]
}

extension JSONValue {
    /// A list of whole numbers that are not negative, written as such.
    var sizes: [Int]? {
        guard let elements = array else { return nil }
        let sizes = elements.compactMap { element -> Int? in
            guard case .integer(let size) = element, size >= 0 else { return nil }
            return size
        }
        return sizes.count == elements.count ? sizes : nil
    }
}

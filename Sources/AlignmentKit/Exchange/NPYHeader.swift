internal import AlignmentFiles
public import AlignmentTensors

/// What an `.npy` file says before its elements (numpy's format, versions 1 to 3).
public struct NPYHeader: Sendable, Equatable {
    /// The elements' type.
    public let type: ElementType
    /// The extents.
    public let shape: Shape
    /// Where the elements begin.
    public let offset: Int

    /// The first bytes of every `.npy` file.
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// The longest header that is read.
    static let longest = 1 << 16

    /// Reads and checks the header of a file against the file's size.
    static func read(_ input: InputFile, file: String) throws(ExchangeError) -> NPYHeader {
        func failure(_ problem: String, _ remedy: String = "write the file again") -> ExchangeError {
            ExchangeError(file: file, problem: problem, remedy: remedy)
        }
        func bytes(_ offset: Int, _ count: Int) throws(ExchangeError) -> [UInt8] {
            do {
                if let bytes = try input.bytes(at: offset, count: count) { return bytes }
            } catch { throw ExchangeError(file: file, error, operation: "read") }
            throw failure("ends inside its .npy header, after \(input.byteCount) bytes")
        }
        let start = try bytes(0, 8)
        guard Array(start.prefix(6)) == magic else {
            throw failure(
                "does not begin as an .npy file does", "write it with numpy.save or as docs/porting.md shows")
        }
        let (major, minor) = (start[6], start[7])
        guard (1...3).contains(major), minor == 0 else {
            throw failure("is an .npy file of version \(major).\(minor), expected 1.0, 2.0 or 3.0")
        }
        let sizeBytes = major == 1 ? 2 : 4
        let length = try bytes(8, sizeBytes).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= longest else {
            throw failure("has an .npy header of \(length) bytes, more than the limit of \(longest)")
        }
        let offset = 8 + sizeBytes + length
        let text = try bytes(8 + sizeBytes, length)
        guard let members = NPYLiteral.parse(text) else {
            throw failure("has an .npy header that is no dict of descr, fortran_order and shape")
        }
        let type = try elementType(members["descr"], failure)
        guard Set(members.keys) == ["descr", "fortran_order", "shape"],
            case .truth(let isFortran)? = members["fortran_order"],
            case .sizes(let extents)? = members["shape"]
        else { throw failure("has an .npy header that is no dict of descr, fortran_order and shape") }
        guard !isFortran || extents.count < 2 else {
            throw failure(
                "is in Fortran order, expected C order",
                "write numpy.ascontiguousarray of it, or transpose it yourself")
        }
        let shape = try Self.shape(extents, type, bytesThere: input.byteCount - offset, failure)
        return NPYHeader(type: type, shape: shape, offset: offset)
    }

    /// A shape whose elements are exactly the bytes that are there.
    static func shape(
        _ extents: [Int], _ type: ElementType, bytesThere: Int,
        _ failure: (String, String) -> ExchangeError
    ) throws(ExchangeError) -> Shape {
        guard let shape = try? Shape(extents) else {
            throw failure(
                "has the shape \(extents), more elements than can be counted", "write the file again")
        }
        let (count, overflow) = shape.elementCount.multipliedReportingOverflow(by: type.byteCount)
        guard !overflow, count == bytesThere else {
            throw failure(
                "has the shape \(shape) of \(type.rawValue), which is \(overflow ? "too many" : "\(count)") bytes, "
                    + "but holds \(bytesThere)", "write the file again")
        }
        return shape
    }

    private static func elementType(
        _ value: NPYLiteral.Value?, _ failure: (String, String) -> ExchangeError
    ) throws(ExchangeError) -> ElementType {
        let again = "write numbers of 1 to 8 bytes, little-endian"
        guard let value else { throw failure("has an .npy header without descr", "write the file again") }
        guard case .text(let descr) = value else {
            throw failure("holds structured elements, expected one number each", again)
        }
        if let type = types[descr] { return type }
        if descr.hasPrefix(">") {
            throw failure("is big-endian (descr \(quoted(descr))), expected little-endian", again)
        }
        if descr.hasSuffix("O") {
            throw failure("holds pickled Python objects, which are never loaded", "write numbers instead")
        }
        throw failure("has elements of the type \(quoted(descr)), which archives do not hold", again)
    }

    private static func quoted(_ descr: String) -> String { "\"\(descr.prefix(32))\"" }

    /// numpy's words for the element types.
    static let types: [String: ElementType] = [
        "<f8": .float64, "<f4": .float32, "<f2": .float16, "<i8": .int64, "<i4": .int32, "<i2": .int16,
        "|i1": .int8, "<u8": .uint64, "<u4": .uint32, "<u2": .uint16, "|u1": .uint8, "|b1": .bool,
        "<i1": .int8, "<u1": .uint8, "<V2": .void2, "|V2": .void2,
    ]

    /// The bytes before the elements, as `numpy.save` writes them; bfloat16, which numpy lacks, as uint16.
    static func bytes(of dtype: DType, _ shape: Shape) -> [UInt8] {
        let descr =
            switch dtype {
            case .float64: "<f8"
            case .float32: "<f4"
            case .float16: "<f2"
            case .bfloat16: "<u2"
            case .int64: "<i8"
            case .int32: "<i4"
            case .uint8: "|u1"
            case .bool: "|b1"
            }
        let sizes = shape.extents.map(String.init).joined(separator: ", ") + (shape.rank == 1 ? "," : "")
        var text = Array("{'descr': '\(descr)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
        // numpy leaves room for the first extent to grow in place, in both kinds of order the same.
        let room = shape.extents.first.map { max(21 - String($0).utf8.count, 0) } ?? 0
        text += [UInt8](repeating: 0x20, count: room)
        let padding = 64 - (10 + text.count + 1) % 64
        text += [UInt8](repeating: 0x20, count: padding) + [0x0A]
        return magic + [1, 0, UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
    }
}

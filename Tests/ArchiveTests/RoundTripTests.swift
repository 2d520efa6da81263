import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Archive: what is written is read back")
struct RoundTripTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    static let header = ArchiveHeader(
        id: "7f0c5f5e-3a52-4a3c-8f3b-0d5c6d7e8f90", createdAt: "2025-01-02T03:04:05Z", createdBy: "tests 1")

    static func tensor(_ dtype: DType, _ extents: [Int]) throws -> Tensor {
        let shape = try Shape(extents)
        let indices = 0..<shape.elementCount
        return switch dtype {
        case .float64: .float64(try NDArray(shape: shape, scalars: indices.map { Double($0) / 3 - 1 }))
        case .float32: .float32(try NDArray(shape: shape, scalars: indices.map { Float($0) / 3 - 1 }))
        case .float16: .float16(try NDArray(shape: shape, scalars: indices.map { Float16($0) / 3 - 1 }))
        case .bfloat16:
            .bfloat16(try NDArray(shape: shape, scalars: indices.map { BFloat16(Float($0) / 3 - 1) }))
        case .int64: .int64(try NDArray(shape: shape, scalars: indices.map { Int64($0) << 33 - 5 }))
        case .int32: .int32(try NDArray(shape: shape, scalars: indices.map { Int32($0) << 17 - 5 }))
        case .uint8: .uint8(try NDArray(shape: shape, scalars: indices.map { UInt8(truncatingIfNeeded: $0) }))
        case .bool: .bool(try NDArray(shape: shape, scalars: indices.map { $0 % 3 == 0 }))
        }
    }

    @Test(
        "a tensor of every type and shape comes back bit for bit", arguments: DType.allCases,
        [[], [1], [7], [0], [0, 0], [3, 0, 2], [8, 67], [2, 3, 5, 7], [1, 3000, 1]])
    func everyTensor(dtype: DType, extents: [Int]) throws {
        let file = scratch.file("one.h5")
        let tensor = try Self.tensor(dtype, extents)
        let labels = TensorLabels(
            axes: ["codebook", "frame"], sampleRate: 24000, subtype: "PCM_16", file: "å out.wav")
        do {
            let writer = try ArchiveWriter(file: file, header: Self.header)
            try writer.write(tensor, at: "/samples/000000/x", labels: labels)
            try writer.finish()
        }
        let reader = try ArchiveReader(file: file)
        #expect(try reader.tensor(at: "samples/000000/x") == .tensor(tensor))
        #expect(try reader.kind(of: "/samples/000000/x") == .tensor)
        let attributes = try reader.attributes(at: "/samples/000000/x")
        #expect(attributes.dtype == dtype)
        #expect(attributes.shape == tensor.shape)
        #expect(attributes.sha256 == tensor.sha256)
        #expect(attributes.labels == labels)
    }

    @Test("special floats keep their bits")
    func specialFloats() throws {
        let file = scratch.file("one.h5")
        let values: [Float] = [
            .nan, Float(bitPattern: 0x7F80_0001), .infinity, -.infinity, -0.0, .leastNonzeroMagnitude,
        ]
        do {
            let writer = try ArchiveWriter(file: file, header: Self.header)
            try writer.write(.float32(NDArray(vector: values)), at: "x")
            try writer.finish()
        }
        let read = try ArchiveReader(file: file).float32(at: "x", rank: 1)
        #expect(read.scalars.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test("None is not an empty tensor")
    func pythonNone() throws {
        let file = scratch.file("one.h5")
        do {
            let writer = try ArchiveWriter(file: file, header: Self.header)
            try writer.writeNone(at: "/a/none")
            try writer.write(.float32(NDArray(repeating: 0, shape: .matrix(0, 0))), at: "/a/empty")
            try writer.finish()
        }
        let reader = try ArchiveReader(file: file)
        #expect(try reader.tensor(at: "/a/none") == .pythonNone)
        #expect(try reader.kind(of: "/a/none") == .pythonNone)
        #expect(try reader.attributes(at: "/a/none").shape == nil)
        #expect(try reader.tensor(at: "/a/empty").tensor?.shape == .matrix(0, 0))
        #expect(try reader.kind(of: "/a/empty") == .tensor)
        #expect(
            throws: ArchiveError(
                file: file, path: "/a/none", .wrongKind(expected: .tensor, found: .pythonNone))
        ) { try reader.float32(at: "/a/none") }
    }

    @Test("a JSON document keeps its keys, numbers and letters")
    func json() throws {
        let file = scratch.file("one.h5")
        let document: JSONValue = .object([
            "collator.round_to": .integer(1), "camelCase": .null, "snake_case": .bool(true),
            "π \u{1F3B5} \n \u{0}": .array([.number(0.95), .string("ä/\\\""), .integer(-1 << 53)]),
        ])
        do {
            let writer = try ArchiveWriter(file: file, header: Self.header)
            try writer.write(document, at: "/profile.json")
            try writer.writeJSON(text: "", at: "/empty.json")
            try writer.finish()
        }
        let reader = try ArchiveReader(file: file)
        #expect(try reader.json(at: "/profile.json") == document)
        #expect(try reader.kind(of: "/profile.json") == .json)
        #expect(try reader.jsonText(at: "/empty.json") == "")
        #expect(throws: ArchiveError.self) { try reader.json(at: "/empty.json") }
        #expect(try reader.jsonIfPresent(at: "/nothing.json") == nil)
    }

    @Test("the header comes back, and children stand in numeric order")
    func headerAndChildren() throws {
        let file = scratch.file("one.h5")
        do {
            let writer = try ArchiveWriter(file: file, header: Self.header)
            for name in ["10", "9", "2", "b", "a10", "a9", "B", "000002"] {
                try writer.createGroup(at: "/g/\(name)")
            }
            try writer.finish()
        }
        let reader = try ArchiveReader(file: file)
        #expect(reader.header == Self.header)
        #expect(try reader.children(of: "/g") == ["2", "000002", "9", "10", "B", "a10", "a9", "b"])
        #expect(try reader.children(of: "/") == ["g"])
        #expect(try reader.kind(of: "/g/10") == .group)
        #expect(try reader.kind(of: "/g/11") == .missing)
        #expect(try reader.kind(of: "/g/10/x/y") == .missing)
    }

    @Test("names are compared by bytes, not by what they look like")
    func namesByBytes() throws {
        let file = scratch.file("one.h5")
        let names = ["e\u{301}", "\u{E9}"]
        do {
            let writer = try ArchiveWriter(file: file, header: Self.header)
            for name in names { try writer.createGroup(at: name) }
            try writer.finish()
        }
        let children = try ArchiveReader(file: file).children(of: "/")
        #expect(children.map { Array($0.utf8) } == names.map { Array($0.utf8) })
    }

    @Test("the same content gives the same bytes")
    func reproducible() throws {
        for name in ["a.h5", "b.h5"] {
            let writer = try ArchiveWriter(file: scratch.file(name), header: Self.header)
            try writer.write(try Self.tensor(.float32, [100, 100]), at: "/samples/000000/x")
            try writer.write(.object(["a": .integer(1), "b": .null]), at: "/profile.json")
            try writer.finish()
            Thread.sleep(forTimeInterval: 1.1)
        }
        let files = ["a.h5", "b.h5"].map { FileManager.default.contents(atPath: scratch.file($0)) }
        #expect(files[0] == files[1])
    }
}

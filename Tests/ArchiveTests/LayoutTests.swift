import AlignmentKit
import Foundation
import TestSupport
import Testing

/// The table of the layout, and the page that prints it.
@Suite("Archive: the layout and its page")
struct LayoutTests {
    private static let page: Result<[String], any Error> = Result {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/golden-format.md"), encoding: .utf8)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("the page's rows of paths are the layout's, word for word and in order")
    func paths() throws {
        let printed = try Self.page.get().filter { $0.hasPrefix("| `/") }
        #expect(
            printed == ArchiveLayout.markdown,
            "the layout prints:\n\(ArchiveLayout.markdown.joined(separator: "\n"))")
    }

    @Test("the page's rows of JSON fields are the layout's, word for word and in order")
    func fields() throws {
        let printed = try Self.page.get().filter { $0.hasPrefix("| `") && $0.contains(".json` | `") }
        let expected = ArchiveLayout.documentFields
        #expect(printed == expected, "the layout prints:\n\(expected.joined(separator: "\n"))")
    }

    @Test("no path stands there twice, and every row says what it means")
    func rows() {
        #expect(Set(ArchiveLayout.rows.map(\.path)).count == ArchiveLayout.rows.count)
        #expect(ArchiveLayout.rows.allSatisfy { !$0.summary.isEmpty && !$0.summary.contains("|") })
    }

    @Test("the limits that the page gives are those of the reader")
    func limits() throws {
        let page = try Self.page.get().joined(separator: "\n")
        let limits = ArchiveLimits.standard
        for row in [
            "| bytes of one tensor | \(limits.tensorBytes) |", "| axes of one tensor | \(limits.rank) |",
            "| objects in one archive | \(limits.objects) |", "| groups within groups | \(limits.depth) |",
            "| bytes of one text | \(limits.jsonBytes) |",
            "| bytes of one attribute | \(limits.attributeBytes) |",
            "| bytes of one name | \(limits.nameBytes) |",
            "| declared bytes for each stored byte | \(limits.decompressionRatio) |",
        ] { #expect(page.contains(row), "\(row)") }
    }

    @Test("the page's example in Python computes the hashes that this library does")
    func example() throws {
        let lines = try Self.page.get()
        let start = try #require(lines.firstIndex(of: "```python"))
        let end = try #require(lines[start...].firstIndex(of: "```"))
        let function = lines[(start + 1)..<end].joined(separator: "\n")
        let output = try Python.run(
            function + """

                n = np.arange(6).reshape(2, 3)
                print(sha256(n.astype(">f4")), sha256(n.astype("f2")[:, ::-1][:, ::-1]), sha256(n.astype(">i8").T.copy().T))
                print(sha256(np.array([0, 1, 1], "u1")), sha256(np.array([0x3F80, 0xC000], "u2")))
                print(sha256(np.float64(2.5)), sha256(np.zeros((0, 3), "i8")), sha256(None))
                """)
        let shape = Shape.matrix(2, 3)
        let values = (0..<6)
        let tensors: [Tensor] = [
            .float32(try NDArray(shape: shape, scalars: values.map { Float($0) })),
            .float16(try NDArray(shape: shape, scalars: values.map { Float16($0) })),
            .int64(try NDArray(shape: shape, scalars: values.map { Int64($0) })),
            .bool(NDArray(vector: [false, true, true])),
            .bfloat16(NDArray(vector: [BFloat16(1), BFloat16(-2)])),
            .float64(try NDArray(shape: try Shape([]), scalars: [2.5])),
            .int64(try NDArray(shape: .matrix(0, 3), scalars: [])),
        ]
        let expected = tensors.map(\.sha256) + [Tensor.sha256OfNone]
        #expect(output.split(whereSeparator: \.isWhitespace).map(String.init) == expected)
    }
}

import Foundation
import Testing

@Suite("docs/upstream.md")
struct PageTests {
    /// A row of the table: the suite's file and its number of cases.
    private struct Row {
        let file: String
        let cases: Int
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    private func rows() throws -> [Row] {
        let page = Self.folder.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "docs/upstream.md")
        return try String(contentsOf: page, encoding: .utf8).split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, let cases = Int(cells[3]) else { return nil }
            return Row(file: cells[2].trimmingCharacters(in: ["`"]), cases: cases)
        }
    }

    @Test("every row's suite runs as many cases as the page says")
    func cases() throws {
        let rows = try rows()
        #expect(rows.count >= 18)
        for row in rows {
            let text = try String(contentsOf: Self.folder.appending(path: row.file), encoding: .utf8)
            let isRun = ["trial.cases(\(row.cases)", "cases.count >= \(row.cases))"].contains(
                where: text.contains)
            #expect(isRun, "\(row.file): \(row.cases)")
        }
    }

    @Test("every suite that makes random cases is in the page")
    func complete() throws {
        let listed = Set(try rows().map(\.file))
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
        for file in files where file.hasSuffix("Tests.swift") && file != "PageTests.swift" {
            let text = try String(contentsOf: Self.folder.appending(path: file), encoding: .utf8)
            #expect(!text.contains("trial.cases(") || listed.contains(file), "\(file)")
        }
    }
}

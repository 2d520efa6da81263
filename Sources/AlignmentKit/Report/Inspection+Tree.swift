extension Inspection {
    /// Every object on a line of its own, below its group; the columns of fixed width come first.
    var tree: [String] {
        let title = row("type", "size", "stored", "object")
        return [title, String(repeating: "-", count: Self.width)] + entries.flatMap(lines)
    }

    private static let width = 100
    private static let columns = 28

    private func row(_ type: String, _ size: String, _ stored: String, _ object: String) -> String {
        func padded(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(width - text.count, 0)) + text
        }
        return type + String(repeating: " ", count: max(9 - type.count, 0)) + padded(size, 8)
            + padded(stored, 9)
            + "  " + object
    }

    private func lines(_ entry: Entry) -> [String] {
        let names = entry.path.split(separator: "/")
        let indent = String(repeating: " ", count: 2 * (names.count - 1))
        let name = indent + printable(String(names.last ?? "")) + (entry.kind == "group" ? "/" : "")
        let shape = entry.shape.map { shapeWords($0, entry.axes) }
        let room = Self.width - Self.columns
        let isOneLine = name.count + 2 + (shape?.count ?? 0) <= room
        let first = isOneLine ? name + (shape.map { "  " + $0 } ?? "") : name
        let details = [isOneLine ? nil : shape, entry.sound] + entry.remarks
        let head = wrapped(first, to: room)
        let rest = details.compactMap { $0 }.flatMap { detail in
            wrapped(detail, to: max(room - indent.count - 4, 20)).map { indent + "    " + $0 }
        }
        return (head + rest).enumerated().map { index, text in
            index == 0
                ? row(
                    entry.kind == "group" ? "" : entry.dtype ?? entry.kind,
                    entry.kind == "group" ? "" : entry.byteCount.map(size) ?? "-",
                    entry.kind == "group" ? "" : entry.storedBytes.map(size) ?? "-", text)
                : row("", "", "", text)
        }
    }

    /// Lines of at most `width`, the spaces in front kept.
    private func wrapped(_ text: String, to width: Int) -> [String] {
        text.count <= width ? [text] : wrap(text.trimmingPrefix { $0 == " " }.description, to: width)
    }
}

extension Inspection.Entry {
    fileprivate var sound: String? {
        let parts = [sampleRate.map { "\($0) Hz" }, subtype, file].compactMap { $0 }
        return parts.isEmpty ? nil : printable(parts.joined(separator: ", "))
    }

    fileprivate var remarks: [String?] {
        [
            sameAs.map { "same as " + printable($0) },
            isInterpreted ? nil : "not part of the format, not interpreted",
            problem.map(printable),
        ]
    }
}

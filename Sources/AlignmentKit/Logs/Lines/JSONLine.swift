internal import AlignmentJSON

/// Lines that are JSON objects: of loguru with `serialize=True`, structlog and the like, or docker's own.
enum JSONLine {
    /// The lines of the object's message; nil for anything that is no such object.
    static func parse(_ bytes: LineBytes, number: Int, time: String?) -> [LogLine]? {
        guard let object = try? StrictJSON.parse(Array(bytes.trimmed), depthLimit: 32), object.object != nil
        else { return nil }
        if let inner = object["log"]?.string, object["stream"] != nil {
            return LinePrefix.parse(trimmed(inner)[...], number: number, isCut: false)
        }
        var line = LogLine(number: number, format: .json, time: time, message: [])
        if let record = object["record"], let message = record["message"]?.string {
            line.level = record["level"]?["name"]?.string?.uppercased()
            line.time = record["time"]?["repr"]?.string ?? time
            line.place = place(record)
            return lines(of: line, message, traceback: traceback(in: object["text"]?.string))
        }
        guard let message = ["message", "msg", "event"].lazy.compactMap({ object[$0]?.string }).first else {
            return nil
        }
        line.level = ["level", "levelname", "severity"].lazy.compactMap { object[$0]?.string }.first?
            .uppercased()
        line.time =
            ["time", "timestamp", "ts", "asctime", "@timestamp"].lazy.compactMap { object[$0]?.string }.first
            ?? time
        line.place = place(object)
        let trace = ["exception", "exc_info", "traceback", "stack_trace"].lazy
            .compactMap { traceback(in: object[$0]?.string) }.first
        return lines(of: line, message, traceback: trace)
    }

    private static func place(_ object: JSONValue) -> String? {
        let names = ["name", "module", "logger", "filename", "function", "funcName"]
        let parts =
            names.compactMap { object[$0]?.string }
            + [object["line"]?.int, object["lineno"]?.int]
            .compactMap { $0.map(String.init) }
        return parts.isEmpty ? nil : parts.joined(separator: ":")
    }

    /// What stands from a traceback's first line on.
    private static func traceback(in text: String?) -> String? {
        guard let text, let start = Array(text.utf8)[...].firstIndex(of: TracebackBlock.opening, from: 0)
        else {
            return nil
        }
        return String(decoding: Array(text.utf8)[start...], as: UTF8.self)
    }

    private static func lines(of first: LogLine, _ message: String, traceback: String?) -> [LogLine] {
        let hasTraceback = message.utf8.count > 0 && Array(message.utf8)[...].contains(TracebackBlock.opening)
        let text = traceback.map { hasTraceback ? message : message + "\n" + $0 } ?? message
        var lines: [LogLine] = []
        for part in Array(text.utf8).split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }) {
            var line = lines.isEmpty ? first : LogLine(number: first.number, message: [])
            line.message = part.prefix(LineSplitter.limit)
            line.isCut = part.count > LineSplitter.limit
            lines.append(line)
        }
        return lines.isEmpty ? [first] : lines
    }

    private static func trimmed(_ text: String) -> [UInt8] {
        var bytes = Array(text.utf8)
        while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
        return bytes
    }
}

/// A Python traceback, from its first line to the line that names the exception.
struct TracebackBlock {
    /// What every traceback begins with.
    static let opening = Array("Traceback (most recent call last)".utf8)

    /// Where a call was made.
    struct Frame: Equatable {
        var file: String
        var line: Int
        var function: String

        /// As Python prints it.
        var description: String { "\(LogText.excerpt(file)):\(line) in \(LogText.excerpt(function))" }

        /// Whether it is code of a Higgs Audio pipeline and of no library below it.
        var isPipeline: Bool {
            if file.contains("boson_multimodal") || file.contains("higgs") { return true }
            return !["site-packages", "dist-packages", "/lib/python", "<frozen"].contains {
                file.contains($0)
            }
        }
    }

    /// What became of a line.
    enum Step {
        /// It belongs to the traceback.
        case inside
        /// It names the exception, and ends the traceback.
        case exception
        /// The traceback has ended without a name, and the line belongs to something else.
        case outside
    }

    /// Its first line.
    let line: Int
    /// The exception's class; empty until it is known.
    private(set) var exception = ""
    /// The exception's message.
    private(set) var message: LineBytes = []
    /// The last frame of the pipeline's own code, else the last one.
    private(set) var innermost: Frame?
    /// Files and functions of the frames, at most 64.
    private(set) var places: [String] = []
    private let format: LogFormat
    private var lines = 0

    private static let lineLimit = 4096
    private static let file = Array("File \"".utf8)

    init(_ line: LogLine) {
        self.line = line.number
        format = line.format
    }

    /// Takes the next line.
    mutating func take(_ line: LogLine) -> Step {
        lines += 1
        guard lines < Self.lineLimit, line.format == .bare || line.format == format else { return .outside }
        let body = line.message.drop { $0.isSpace || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "|") }
        if body.starts(with: Self.file) {
            frame(body)
            return .inside
        }
        guard body.startIndex == line.message.startIndex, let first = body.first else { return .inside }
        guard first.isLetter || first == UInt8(ascii: "_") else { return first >= 0x80 ? .inside : .outside }
        var scanner = ByteScanner(body)
        let name = scanner.take { $0.isWordByte || $0 == UInt8(ascii: ".") }
        let last = name.split(separator: UInt8(ascii: ".")).last?.first ?? 0
        guard (0x41...0x5A).contains(last), scanner.next == nil || scanner.take(":") else { return .outside }
        exception = LogText.excerpt(name)
        message = scanner.rest.trimmed
        return .exception
    }

    private mutating func frame(_ body: LineBytes) {
        var scanner = ByteScanner(body, at: body.startIndex + Self.file.count)
        let path = scanner.take { $0 != UInt8(ascii: "\"") }
        guard scanner.take(Array("\", line ".utf8)), let number = scanner.integer() else { return }
        var function: LineBytes = []
        if scanner.take(Array(", in ".utf8)) { function = scanner.take { $0 != 0x20 } }
        let frame = Frame(
            file: String(decoding: path, as: UTF8.self), line: number,
            function: String(decoding: function, as: UTF8.self))
        if frame.isPipeline || innermost?.isPipeline != true { innermost = frame }
        if places.count < 64 { places.append("\(frame.file) \(frame.function)") }
    }
}

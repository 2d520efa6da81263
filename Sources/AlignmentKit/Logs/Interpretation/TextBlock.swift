/// A prompt or a generated text that follows its heading, over as many lines as it has.
///
/// Only what proves something is kept, so that its size does not matter.
struct TextBlock {
    /// What kind of text it is.
    enum Kind: Sendable {
        case prompt
        case output
    }

    /// What a text shows.
    struct Facts: Equatable {
        /// The heading's line.
        var line: Int
        /// The part of the text to speak that it belongs to, counted from 0.
        var chunk = 0
        /// `<|AUDIO|>` placeholders of a prompt.
        var audioIn = 0
        /// `<|AUDIO_OUT|>` placeholders of a prompt.
        var audioOut = 0
        /// Whether the generated part holds audio that EOS ended.
        var meetsEOS = false
        /// The end of the last line with a special token, of an output its generated part.
        var end = ""
        /// Whether where the generated part begins is known.
        var isGeneratedPartKnown = true
        /// Whether all of it is known to be the text.
        var isWhole = true
    }

    let kind: Kind
    private(set) var facts: Facts
    private let format: LogFormat
    private var lines = 0
    private var marksFromPrompt = false

    private static let lineLimit = 4096
    private static let mark = Array("<|".utf8)
    private static let audioIn = Array("<|AUDIO|>".utf8)
    private static let audioOut = Array("<|AUDIO_OUT|>".utf8)
    private static let ended = Array("<|AUDIO_OUT|><|audio_eos|>".utf8)
    private static let header = Array("assistant<|end_header_id|>".utf8)
    private static let beginning = Array("<|begin_of_text|>".utf8)

    init(_ kind: Kind, heading: LogLine, chunk: Int) {
        self.kind = kind
        format = heading.format
        facts = Facts(line: heading.number, chunk: chunk)
    }

    /// Whether a line belongs to the text.
    ///
    /// A record of the logger ends it, unless it is the first and no line of the catalogue. In a log of bare
    /// messages a line of the catalogue ends it.
    func accepts(_ line: LogLine, isRecognised: Bool) -> Bool {
        guard lines < Self.lineLimit else { return false }
        let isText = line.message.trimmed.starts(with: Self.mark)
        if line.format == .bare { return format != .bare || isText || !isRecognised }
        return format != .bare && lines == 0 && (isText || !isRecognised)
    }

    /// Takes a line of the text.
    mutating func take(_ line: LogLine) {
        take(line.message, isCut: line.isCut)
        // Anything may follow a text that nothing marks the end of.
        if line.format == .bare && format == .bare { facts.isWhole = false }
    }

    /// Takes text that stands on the heading's line.
    mutating func take(_ bytes: LineBytes, isCut: Bool) {
        lines += 1
        if isCut { facts.isWhole = false }
        var text = bytes
        if kind == .output {
            if text.contains(Self.beginning) { marksFromPrompt = true }
            while let start = text.firstIndex(of: Self.header, from: text.startIndex) {
                text = text[(start + Self.header.count)...]
                facts.meetsEOS = false
                facts.end = ""
                marksFromPrompt = false
            }
            facts.isGeneratedPartKnown = !marksFromPrompt
        }
        facts.audioIn += Self.count(Self.audioIn, in: text)
        facts.audioOut += Self.count(Self.audioOut, in: text)
        if text.contains(Self.ended) { facts.meetsEOS = true }
        if text.contains(Self.mark) {
            facts.end = String(decoding: text.trimmed.suffix(128), as: UTF8.self)
        }
    }

    private static func count(_ token: [UInt8], in text: LineBytes) -> Int {
        var count = 0
        var start = text.startIndex
        while let found = text.firstIndex(of: token, from: start) {
            count += 1
            start = found + token.count
        }
        return count
    }
}

/// Text from a file on its way into a sentence.
public enum SafeText {
    /// The text on one line: control characters, line breaks and marks that turn the direction of writing are
    /// replaced, so that a name from a file cannot act on a terminal.
    public static func oneLine(_ text: String) -> String {
        guard !text.unicodeScalars.allSatisfy(isHarmless) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isHarmless($0) ? $0 : "\u{FFFD}" }))
    }

    /// At most 100 characters of a text, and how long it is where that is not all.
    public static func excerpt(_ text: String) -> String {
        guard text.unicodeScalars.count > 100 else { return text }
        return "\(String(text.unicodeScalars.prefix(100)))... (\(text.utf8.count) bytes)"
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: false
        case .format: !(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value)
        default: true
        }
    }
}

import FoundationEssentials

extension JSONText {
    /// A key that stands twice in one object of a JSON text; nil if there is none.
    ///
    /// Parsers keep one of the two values, and not all of them the same. The text must be JSON.
    public static func repeatedKey(in text: String) -> String? {
        /// Keys so far of the objects that are open; nil for a list.
        var open: [Set<[UInt8]>?] = []
        var string: [UInt8] = []
        var isInString = false
        var isEscaped = false
        for byte in text.utf8 {
            guard !isInString else {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                    continue
                }
                string.append(byte)
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): (isInString, string) = (true, [])
            case UInt8(ascii: "{"): open.append([])
            case UInt8(ascii: "["): open.append(nil)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            case UInt8(ascii: ":"):
                guard !open.isEmpty else { return nil }
                let key = unescaped(string)
                if open[open.count - 1]?.insert(Array(key.utf8)).inserted == false { return key }
            default: break
            }
        }
        return nil
    }

    private static func unescaped(_ string: [UInt8]) -> String {
        let text = String(decoding: string, as: UTF8.self)
        guard string.contains(UInt8(ascii: "\\")) else { return text }
        return (try? JSONDecoder().decode(String.self, from: Data("\"\(text)\"".utf8))) ?? text
    }
}

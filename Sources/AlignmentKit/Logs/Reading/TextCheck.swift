/// Whether bytes are text, judged by the first of them.
enum TextCheck {
    /// How many bytes are looked at.
    static let length = 1 << 16

    /// What speaks against a log that begins with these bytes; nil for nothing.
    static func problem(with head: some Collection<UInt8>) -> LogError.Reason? {
        if head.isEmpty { return .empty }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { return .utf16 }
        // Two in a hundred: a crash leaves a few zero bytes in a log, and packed bytes have one in ten.
        let controls = head.count(where: isControl)
        return controls * 50 > head.count ? .binary : nil
    }

    /// Control characters that no log has but by accident.
    private static func isControl(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x07...0x0D, 0x1B: false
        case 0..<0x20, 0x7F: true
        default: false
        }
    }
}

/// Which frames are active, and how long the sound is silent at its ends and within.
///
/// A frame is active above -50 dBFS and within 30 dB of the 95th percentile of all levels.
struct ActivityMeter: Sendable {
    /// The least level of an active frame, dB.
    let threshold: Double
    private(set) var frameCount = 0
    private(set) var activeCount = 0
    private(set) var longestGap = 0
    /// The frame at which the longest gap begins.
    private(set) var gapStart: Int?
    private var firstActive: Int?
    private var lastActive: Int?

    /// - Parameter loud: the 95th percentile of the levels, dB.
    init(loud: Double) { threshold = max(-50, loud - 30) }

    func isActive(_ level: Double) -> Bool { level > threshold }

    mutating func add(_ level: Double) -> Bool {
        defer { frameCount += 1 }
        guard isActive(level) else { return false }
        if let lastActive, frameCount - lastActive - 1 > longestGap {
            longestGap = frameCount - lastActive - 1
            gapStart = lastActive + 1
        }
        firstActive = firstActive ?? frameCount
        lastActive = frameCount
        activeCount += 1
        return true
    }

    /// Frames before the first active one; all, if none is.
    var leading: Int { firstActive ?? frameCount }
    /// Frames after the last active one; all, if none is.
    var trailing: Int { lastActive.map { frameCount - 1 - $0 } ?? frameCount }
}

internal import AlignmentFiles
internal import Glibc

/// The part of a WAV file's header that says how many bytes of sound follow.
///
/// A writer that was killed leaves the size that it began with, often 0; libsndfile believes it. What stands behind the
/// sound tells: chunks, or more sound.
struct WaveHeader {
    /// Bytes of sound by the header.
    let declared: Int
    /// Bytes that follow the header.
    let following: Int
    /// Where in the file the sound's size stands.
    let place: Int

    /// The header of a WAV file; nil for any other file, and for one whose header is damaged before the sound.
    init?(_ descriptor: Int32, byteCount: Int) {
        guard let start = Self.bytes(descriptor, at: 0, count: 12), Self.text(start[0..<4]) == "RIFF",
            Self.text(start[8..<12]) == "WAVE"
        else { return nil }
        var place = 12
        for _ in 0..<Self.mostChunks {
            guard let head = Self.bytes(descriptor, at: place, count: 8) else { return nil }
            let size = Self.number(head[4..<8])
            if Self.text(head[0..<4]) == "data" {
                declared = size
                following = byteCount - place - 8
                self.place = place + 4
                return
            }
            place += 8 + size + size % 2
        }
        return nil
    }

    /// Whether more sound follows than the header says: it says less than follows, and what follows it is no chunk.
    func isTooSmall(_ descriptor: Int32) -> Bool {
        guard declared < following else { return false }
        var next = place + 4 + declared + declared % 2
        let end = place + 4 + following
        // A byte that fills up an odd size may be missing, or a few bytes of nothing may follow.
        guard end - next >= 8 else { return declared == 0 }
        for _ in 0..<Self.mostChunks {
            guard end - next >= 8 else { return false }
            guard let head = Self.bytes(descriptor, at: next, count: 8),
                head[0..<4].allSatisfy({ 0x20...0x7E ~= $0 })
            else { return true }
            next += 8 + Self.number(head[4..<8]) + Self.number(head[4..<8]) % 2
            if next > end + 1 { return true }
        }
        return false
    }

    private static let mostChunks = 1000

    private static func bytes(_ descriptor: Int32, at place: Int, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return pread(descriptor, &bytes, count, place) == count ? bytes : nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}

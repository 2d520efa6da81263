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
    /// Where the file ends by its first chunk; beyond it lies nothing of the format's.
    private let claimed: Int

    /// The header of a WAV file; nil for any other file, and for one whose header is damaged before the sound.
    init?(_ descriptor: Int32, byteCount: Int) {
        guard let start = Self.bytes(descriptor, at: 0, count: 12), Self.text(start[0..<4]) == "RIFF",
            Self.text(start[8..<12]) == "WAVE"
        else { return nil }
        claimed = min(8 + Self.number(start[4..<8]), byteCount)
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

    /// Whether more sound follows than the header says.
    ///
    /// It does where the size is still 0, and where the file as a whole claims more than the sound has, unless what
    /// comes next has a chunk's name: tags and padding behind the sound are none.
    func isTooSmall(_ descriptor: Int32) -> Bool {
        guard declared < following else { return false }
        let next = place + 4 + declared + declared % 2
        guard declared == 0 || claimed >= next + 8, place + 4 + following >= next + 8 else { return false }
        guard let head = Self.bytes(descriptor, at: next, count: 8) else { return false }
        let isNamed = head[0..<4].allSatisfy { 0x20...0x7E ~= $0 }
        if declared == 0 { return !(isNamed && next + 8 + Self.number(head[4..<8]) <= place + 4 + following) }
        return !isNamed && head[0..<4].contains { $0 != 0 }
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

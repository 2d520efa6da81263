import TestSupport

/// One damaged copy of a specimen, the same for the same seed everywhere.
struct Mutant: Sendable, CustomStringConvertible {
    let seed: Int
    let kind: Kind
    let specimen: String
    let bytes: [UInt8]
    /// The first byte that was touched.
    let place: Int

    var description: String { "seed \(seed): \(kind.rawValue) at byte \(place) of \(specimen)" }

    /// What is done to the copy.
    enum Kind: String, CaseIterable, Sendable {
        case flippedBits = "bits flipped anywhere"
        case truncated = "cut off"
        case flippedMetadata = "bits of metadata flipped, checksums put right"
        case hostileNumber = "a hostile number in metadata, checksums put right"
        case splicedHere = "metadata of another place, checksums put right"
        case splicedFromAnother = "metadata of another archive, checksums put right"
        case shifted = "bytes put in or left out"
        case unguarded = "metadata flipped, checksums as they were"
    }

    init(seed: Int, of specimens: [Specimen]) {
        var random = SplitMix(state: UInt64(seed))
        let kind = Kind.allCases[seed % Kind.allCases.count]
        let specimen = specimens[seed / Kind.allCases.count % specimens.count]
        var bytes = specimen.bytes
        var place = Int.random(in: 0..<bytes.count, using: &random)
        /// Somewhere behind the signature of a block.
        func placeInMetadata() -> Int {
            let start = specimen.metadata.randomElement(using: &random) ?? 0
            return min(start + 4 + Int.random(in: 0..<200, using: &random), bytes.count - 8)
        }
        func flip(_ count: Int, at place: () -> Int) -> Int {
            let places = (0..<count).map { _ in place() }
            for place in places { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
            return places.min() ?? 0
        }
        let count = Int.random(in: 1...4, using: &random)
        switch kind {
        case .flippedBits: place = flip(count * 2) { Int.random(in: 0..<bytes.count, using: &random) }
        case .truncated: bytes.removeSubrange(place...)
        case .flippedMetadata: place = flip(count, at: placeInMetadata)
        case .unguarded: place = flip(count, at: placeInMetadata)
        case .hostileNumber:
            place = placeInMetadata()
            let numbers: [UInt64] = [
                0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 1 << 40, .max >> 1, .max,
            ]
            let number = numbers.randomElement(using: &random) ?? 0
            let width = [1, 2, 4, 8].randomElement(using: &random) ?? 8
            for index in 0..<width { bytes[place + index] = UInt8(truncatingIfNeeded: number >> (8 * index)) }
        case .splicedHere, .splicedFromAnother:
            let other = kind == .splicedHere ? specimen : specimens.randomElement(using: &random) ?? specimen
            let source = other.metadata.randomElement(using: &random) ?? 0
            place = specimen.metadata.randomElement(using: &random) ?? 0
            let length = min(
                Int.random(in: 8...512, using: &random), other.bytes.count - source, bytes.count - place)
            bytes.replaceSubrange(place..<place + length, with: other.bytes[source..<source + length])
        case .shifted:
            let noise = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            if Bool.random(using: &random) {
                bytes.insert(contentsOf: noise, at: place)
            } else {
                bytes.removeSubrange(place..<min(place + count, bytes.count))
            }
        }
        if [.flippedMetadata, .hostileNumber, .splicedHere, .splicedFromAnother].contains(kind) {
            for block in specimen.guarded where bytes[block] != specimen.bytes[block] {
                let checksum = bytes[block].withUnsafeBytes(Lookup3.checksum)
                for index in 0..<4 {
                    bytes[block.upperBound + index] = UInt8(
                        truncatingIfNeeded: checksum >> (8 * UInt32(index)))
                }
            }
        }
        self.seed = seed
        self.kind = kind
        self.specimen = specimen.name
        self.bytes = bytes
        self.place = place
    }
}

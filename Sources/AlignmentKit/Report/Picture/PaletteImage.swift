package import AlignmentAcoustics
import Foundation

/// A small picture of 256 colours as PNG. It is stored without compression: no library is needed, and a browser that
/// gets it over a network compresses it anyway.
///
/// Source: PNG, W3C Recommendation (2003); RFC 1950 and 1951 for the stream within.
package struct PaletteImage {
    package let width: Int
    package let height: Int
    /// An index into the palette for each pixel, row by row from the top.
    package let pixels: [UInt8]

    /// The log-mel spectrogram of a sound, the lowest band at the bottom: -90 to -10 dB from dark to light.
    package init(_ picture: SoundThumbnail) {
        let (width, height) = (picture.spectrogram.count, picture.spectrogram.first?.count ?? 0)
        var pixels = [UInt8](repeating: 0, count: width * height)
        for (column, bands) in picture.spectrogram.enumerated() {
            for (band, level) in bands.enumerated() {
                // A level that is no number is drawn as none.
                let share = level > -90 ? min(1, (level + 90) / 80) : 0
                pixels[(height - 1 - band) * width + column] = UInt8(share * 255)
            }
        }
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    init(width: Int, height: Int, pixels: [UInt8]) {
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// The file.
    var png: [UInt8] {
        var header = Self.bigEndian(UInt32(width)) + Self.bigEndian(UInt32(height))
        header += [8, 3, 0, 0, 0]
        var rows: [UInt8] = []
        for row in 0..<height { rows += [0] + pixels[row * width..<(row + 1) * width] }
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + Self.chunk("IHDR", header)
            + Self.chunk("PLTE", Self.palette) + Self.chunk("IDAT", Self.stored(rows))
            + Self.chunk("IEND", [])
    }

    /// The picture as an address that holds it.
    package var dataURL: String { "data:image/png;base64," + Data(png).base64EncodedString() }

    private static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
        let body = Array(name.utf8) + data
        var crc: UInt32 = 0xFFFF_FFFF
        for byte in body { crc = crcTable[Int(UInt8(truncatingIfNeeded: crc) ^ byte)] ^ (crc >> 8) }
        return bigEndian(UInt32(data.count)) + body + bigEndian(~crc)
    }

    /// A zlib stream of blocks that are not compressed.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        var stream: [UInt8] = [0x78, 0x01]
        for start in stride(from: 0, to: bytes.count, by: 65_535) {
            let part = bytes[start..<min(start + 65_535, bytes.count)]
            let (low, high) = (UInt8(part.count & 0xFF), UInt8(part.count >> 8))
            stream += [start + part.count == bytes.count ? 1 : 0, low, high, ~low, ~high]
            stream += part
        }
        var (a, b) = (UInt32(1), UInt32(0))
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return stream + bigEndian(b << 16 | a)
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1 }
    }

    /// From dark to light through violet, red and yellow: brightness alone tells the level, too.
    private static let palette: [UInt8] = (0..<256).flatMap { index -> [UInt8] in
        let stops: [(Double, Double, Double)] = [
            (0, 0, 4), (40, 11, 84), (101, 21, 110), (159, 42, 99), (212, 72, 66), (245, 125, 21),
            (250, 193, 39),
            (252, 255, 164),
        ]
        let place = Double(index) / 255 * Double(stops.count - 1)
        let low = min(Int(place), stops.count - 2)
        let share = place - Double(low)
        func mix(_ path: KeyPath<(Double, Double, Double), Double>) -> UInt8 {
            UInt8((stops[low][keyPath: path] * (1 - share) + stops[low + 1][keyPath: path] * share).rounded())
        }
        return [mix(\.0), mix(\.1), mix(\.2)]
    }
}

/// Bob Jenkins' lookup3, with which HDF5 guards its metadata since 1.8.
enum Lookup3 {
    /// The checksum of some bytes.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var a = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.count)
        var (b, c) = (a, a)
        var place = 0
        while bytes.count - place > 12 {
            a &+= word(bytes, place)
            b &+= word(bytes, place + 4)
            c &+= word(bytes, place + 8)
            mix(&a, &b, &c)
            place += 12
        }
        guard place < bytes.count else { return c }
        var rest: (UInt32, UInt32, UInt32) = (0, 0, 0)
        for index in 0..<bytes.count - place {
            let value = UInt32(bytes[place + index]) << (8 * UInt32(index % 4))
            switch index / 4 {
            case 0: rest.0 |= value
            case 1: rest.1 |= value
            default: rest.2 |= value
            }
        }
        a &+= rest.0
        b &+= rest.1
        c &+= rest.2
        finish(&a, &b, &c)
        return c
    }

    private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt32 {
        bytes.loadUnaligned(fromByteOffset: place, as: UInt32.self).littleEndian
    }

    private static func mix(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
        a &-= c; a ^= rotate(c, 4); c &+= b
        b &-= a; b ^= rotate(a, 6); a &+= c
        c &-= b; c ^= rotate(b, 8); b &+= a
        a &-= c; a ^= rotate(c, 16); c &+= b
        b &-= a; b ^= rotate(a, 19); a &+= c
        c &-= b; c ^= rotate(b, 4); b &+= a
    }

    private static func finish(_ a: inout UInt32, _ b: inout UInt32, _ c: inout UInt32) {
        c ^= b; c &-= rotate(b, 14)
        a ^= c; a &-= rotate(c, 11)
        b ^= a; b &-= rotate(a, 25)
        c ^= b; c &-= rotate(b, 16)
        a ^= c; a &-= rotate(c, 4)
        b ^= a; b &-= rotate(a, 14)
        c ^= b; c &-= rotate(b, 24)
    }

    private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 {
        value << count | value >> (32 - count)
    }
}

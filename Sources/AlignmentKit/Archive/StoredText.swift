internal import CHDF5
internal import Glibc

/// Texts as HDF5 holds them, in datasets and attributes alike, of fixed or variable length.
struct StoredText: ~Copyable {
    let type: Handle
    let space: Handle
    let location: Location
    /// The most bytes, and what they are bytes of.
    let limit: (bytes: Int, of: ArchiveError.Limit)

    /// Reads the one text there is; `transfer` is the library's read, given a type, a transfer list and a buffer.
    func read(_ transfer: Transfer) throws(ArchiveError) -> String {
        let isVariable = try location.check(H5Tis_variable_str(type.id), "read") > 0
        return isVariable ? try readVariable(transfer) : try readFixed(transfer)
    }

    /// A call of the library that reads into a buffer.
    typealias Transfer = (_ type: hid_t, _ list: hid_t, _ buffer: UnsafeMutableRawPointer) -> herr_t

    private func readVariable(_ transfer: Transfer) throws(ArchiveError) -> String {
        let allowance = TextAllowance(bytes: limit.bytes)
        let list = try location.own(allowance.transferList(), "read")
        var pointer: UnsafeMutablePointer<CChar>?
        let status = transfer(type.id, list.id, &pointer)
        if let refused = allowance.refused {
            _ = Library.errorStack()
            try location.limit(refused, to: limit.bytes, limit.of)
        }
        try location.check(status, "read")
        defer { H5Dvlen_reclaim(type.id, space.id, list.id, &pointer) }
        guard let pointer else { return "" }
        let count = strlen(pointer)
        try location.limit(count, to: limit.bytes, limit.of)
        return try pointer.withMemoryRebound(to: UInt8.self, capacity: count) { bytes throws(ArchiveError) in
            try decode(UnsafeBufferPointer(start: bytes, count: count))
        }
    }

    private func readFixed(_ transfer: Transfer) throws(ArchiveError) -> String {
        let size = H5Tget_size(type.id)
        guard let count = Int(exactly: size), count <= limit.bytes else {
            throw location.error(.overLimit(limit.of, found: "\(size)", allowed: "\(limit.bytes)"))
        }
        var status: herr_t = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            status = buffer.baseAddress.map { transfer(type.id, chdf5_default(), $0) } ?? 0
            initialized = status >= 0 ? count : 0
        }
        try location.check(status, "read")
        if H5Tget_strpad(type.id) == H5T_STR_SPACEPAD {
            let last = bytes.lastIndex { $0 != UInt8(ascii: " ") }
            return try decode(bytes.prefix(last.map { $0 + 1 } ?? 0))
        }
        return try decode(bytes.prefix { $0 != 0 })
    }

    private func decode(_ bytes: some Sequence<UInt8>) throws(ArchiveError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw location.error(.malformedText("it is not UTF-8"))
        }
        return text
    }

    /// The type of a UTF-8 text of variable length, which h5py reads as `str`.
    static func variableType(at location: Location) throws(ArchiveError) -> Handle {
        let type = try location.own(H5Tcopy(chdf5_type_string()), "given a text type")
        try location.check(H5Tset_size(type.id, chdf5_variable_size()), "given a text type")
        try location.check(H5Tset_cset(type.id, H5T_CSET_UTF8), "given a text type")
        return type
    }

    /// Writes one text of variable length; `transfer` is the library's write, given a memory type and a buffer.
    static func write(
        _ text: String, type: borrowing Handle, at location: Location,
        _ transfer: (hid_t, UnsafeRawPointer) -> herr_t
    ) throws(ArchiveError) {
        guard !text.utf8.contains(0) else { throw location.error(.malformedText("it holds a NUL byte")) }
        let status = text.withCString { start in
            var pointer: UnsafePointer<CChar>? = start
            return transfer(type.id, &pointer)
        }
        try location.check(status, "written")
    }
}

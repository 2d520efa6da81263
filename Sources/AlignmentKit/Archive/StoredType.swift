internal import AlignmentTensors
internal import CHDF5

extension DType {
    /// The HDF5 type that the elements are written in, little-endian.
    func storedType(at location: Location) throws(ArchiveError) -> Handle {
        let id =
            switch self {
            case .float64: H5Tcopy(chdf5_type_float64())
            case .float32: H5Tcopy(chdf5_type_float32())
            case .float16: Self.float16Type()
            case .bfloat16: H5Tcopy(chdf5_type_uint16())
            case .int64: H5Tcopy(chdf5_type_int64())
            case .int32: H5Tcopy(chdf5_type_int32())
            case .uint8, .bool: H5Tcopy(chdf5_type_uint8())
            }
        return try location.own(id, "given an element type")
    }

    /// What the stored type is called, for people.
    var storedName: String {
        switch self {
        case .float64: "float of 8 bytes"
        case .float32: "float of 4 bytes"
        case .float16: "float of 2 bytes"
        case .bfloat16: "unsigned integer of 2 bytes"
        case .int64: "integer of 8 bytes"
        case .int32: "integer of 4 bytes"
        case .uint8, .bool: "unsigned integer of 1 byte"
        }
    }

    /// Whether a dataset's type holds these elements, in either byte order.
    func isStored(as type: borrowing Handle, at location: Location) throws(ArchiveError) -> Bool {
        let expected = try storedType(at: location)
        if H5Tequal(expected.id, type.id) > 0 { return true }
        guard byteCount > 1 else { return false }
        try location.check(H5Tset_order(expected.id, H5T_ORDER_BE), "given an element type")
        return H5Tequal(expected.id, type.id) > 0
    }

    /// binary16, which libhdf5 has no name for: the fields that h5py gives it.
    private static func float16Type() -> hid_t {
        let id = H5Tcopy(chdf5_type_float32())
        let isMade =
            H5Tset_fields(id, 15, 10, 5, 0, 10) >= 0 && H5Tset_size(id, 2) >= 0 && H5Tset_ebias(id, 15) >= 0
        guard isMade else {
            H5Tclose(id)
            return -1
        }
        return id
    }
}

/// What kind of type libhdf5 says a dataset or an attribute has.
enum StoredType {
    /// The type in words, such as "float of 4 bytes".
    static func describe(_ type: borrowing Handle) -> String {
        let size = H5Tget_size(type.id)
        let bytes = size == 1 ? "1 byte" : "\(size) bytes"
        return switch H5Tget_class(type.id) {
        case H5T_INTEGER:
            H5Tget_sign(type.id) == H5T_SGN_NONE ? "unsigned integer of \(bytes)" : "integer of \(bytes)"
        case H5T_FLOAT: "float of \(bytes)"
        case H5T_STRING: "text"
        default: className(H5Tget_class(type.id))
        }
    }

    /// Refuses what archives never hold: everything but numbers and texts.
    static func checkClass(of type: borrowing Handle, at location: Location) throws(ArchiveError) {
        if H5Tcommitted(type.id) > 0 { throw location.error(.refused(.committedType)) }
        switch H5Tget_class(type.id) {
        case H5T_INTEGER, H5T_FLOAT, H5T_STRING: return
        case H5T_NO_CLASS: throw location.libraryError("read")
        case let other: throw location.error(.refused(.typeClass(className(other))))
        }
    }

    private static func className(_ typeClass: H5T_class_t) -> String {
        switch typeClass {
        case H5T_COMPOUND: "compound elements"
        case H5T_REFERENCE: "references to objects or regions"
        case H5T_ENUM: "enumerated values"
        case H5T_VLEN: "sequences of variable length"
        case H5T_OPAQUE: "opaque bytes"
        case H5T_ARRAY: "arrays as elements"
        case H5T_BITFIELD: "bit fields"
        case H5T_TIME: "times"
        default: "elements of an unknown class"
        }
    }
}

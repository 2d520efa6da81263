internal import CHDF5

/// The attributes of one open object.
struct StoredAttributes: ~Copyable {
    let object: Handle
    let location: Location
    let limits: ArchiveLimits

    /// Throws if there are more than the limits allow.
    func checkCount() throws(ArchiveError) {
        let count = try location.check(H5Aget_num_attrs(object.id), "read")
        try location.limit(Int(count), to: limits.attributes, .attributes)
    }

    /// A text; nil if there is no attribute of that name.
    func text(_ name: String) throws(ArchiveError) -> String? {
        guard let attribute = try open(name) else { return nil }
        let type = try location.own(H5Aget_type(attribute.id), "read")
        try check(type, is: [H5T_STRING], "a text", name)
        let stored = StoredText(
            type: type, space: try singleValue(of: attribute, name), location: location,
            limit: (limits.attributeBytes, .attributeBytes))
        return try stored.read { type, _, buffer in H5Aread(attribute.id, type, buffer) }
    }

    /// A text that the format requires.
    func requiredText(_ name: String) throws(ArchiveError) -> String {
        guard let text = try text(name) else { throw location.error(.missingAttribute(name)) }
        return text
    }

    /// An integer of any width, or a float that is whole; nil if there is no attribute of that name.
    func integer(_ name: String) throws(ArchiveError) -> Int? {
        guard let attribute = try open(name) else { return nil }
        let type = try location.own(H5Aget_type(attribute.id), "read")
        try check(type, is: [H5T_INTEGER, H5T_FLOAT], "a whole number", name)
        _ = try singleValue(of: attribute, name)
        if H5Tget_class(type.id) == H5T_INTEGER {
            var value: Int64 = 0
            try location.check(H5Aread(attribute.id, chdf5_type_int64(), &value), "read")
            return Int(value)
        }
        var value = 0.0
        try location.check(H5Aread(attribute.id, chdf5_type_double(), &value), "read")
        guard let whole = Int(exactly: value) else { throw malformed(name, "a whole number", "\(value)") }
        return whole
    }

    /// The error about an attribute that holds something else.
    func malformed(_ name: String, _ expected: String, _ found: String) -> ArchiveError {
        location.error(.malformedAttribute(name, expected: expected, found: found))
    }

    /// Writes a text attribute.
    func write(_ name: String, _ text: String) throws(ArchiveError) {
        try location.limit(text.utf8.count, to: limits.attributeBytes, .attributeBytes)
        let type = try StoredText.variableType(at: location)
        let attribute = try create(name, type: type)
        try StoredText.write(text, type: type, at: location) { H5Awrite(attribute.id, $0, $1) }
    }

    /// Writes an integer attribute, int64.
    func write(_ name: String, _ integer: Int) throws(ArchiveError) {
        let type = try location.own(H5Tcopy(chdf5_type_int64()), "given an attribute")
        let attribute = try create(name, type: type)
        var value = Int64(integer)
        try location.check(H5Awrite(attribute.id, type.id, &value), "written")
    }

    private func open(_ name: String) throws(ArchiveError) -> Handle? {
        guard try location.check(H5Aexists(object.id, name), "read") > 0 else { return nil }
        return try location.own(H5Aopen(object.id, name, chdf5_default()), "read")
    }

    private func create(_ name: String, type: borrowing Handle) throws(ArchiveError) -> Handle {
        let space = try location.own(H5Screate(H5S_SCALAR), "given an attribute")
        return try location.own(
            H5Acreate2(object.id, name, type.id, space.id, chdf5_default(), chdf5_default()),
            "given an attribute")
    }

    private func check(
        _ type: borrowing Handle, is classes: [H5T_class_t], _ expected: String, _ name: String
    ) throws(ArchiveError) {
        if H5Tcommitted(type.id) > 0 { throw location.error(.refused(.committedType)) }
        guard classes.contains(H5Tget_class(type.id)) else {
            throw malformed(name, expected, StoredType.describe(type))
        }
    }

    private func singleValue(of attribute: borrowing Handle, _ name: String) throws(ArchiveError) -> Handle {
        let space = try location.own(H5Aget_space(attribute.id), "read")
        let count = try location.check(H5Sget_simple_extent_npoints(space.id), "read")
        guard count == 1 else { throw malformed(name, "one value", "\(count) values") }
        return space
    }
}

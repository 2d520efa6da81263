/// Which object of an archive stands at a path: two names of one object have the same identity.
package struct ObjectIdentity: Sendable, Hashable {
    private let address: UInt64

    /// The identity of the object at a path; nil if it cannot be opened.
    package init?(of path: String, in reader: ArchiveReader) {
        let location = Location(file: reader.file, path: path)
        let address: UInt64? = Library.locked {
            guard let object = try? reader.open(path, location) else { return nil }
            return object.objectAddress
        }
        guard let address else { return nil }
        self.address = address
    }
}

internal import AlignmentJSON
internal import CHDF5

/// The names in a group.
enum LinkList {
    /// The names, in `NameOrder`; throws before it lists more than the limits allow.
    static func names(
        of group: borrowing Handle, at location: Location, limits: ArchiveLimits
    ) throws(ArchiveError) -> [String] {
        var info = H5G_info_t()
        try location.check(H5Gget_info(group.id, &info), "listed")
        try location.limit(Int(clamping: info.nlinks), to: limits.objects, .objects)

        let collector = Collector(limits: limits)
        var position: hsize_t = 0
        let status = H5Literate(
            group.id, H5_INDEX_NAME, H5_ITER_NATIVE, &position,
            { _, name, _, context in
                guard let name, let context else { return -1 }
                return Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue().add(name)
            }, Unmanaged.passUnretained(collector).toOpaque())
        if let reason = collector.failure {
            _ = Library.errorStack()
            throw location.error(reason)
        }
        try location.check(status, "listed")
        return collector.names.sorted(by: NameOrder.areInIncreasingOrder)
    }
}

private final class Collector {
    let limits: ArchiveLimits
    var names: [String] = []
    var failure: ArchiveError.Reason?

    init(limits: ArchiveLimits) { self.limits = limits }

    /// Takes one name; not 0 to stop.
    func add(_ name: UnsafePointer<CChar>) -> herr_t {
        guard let text = String(validatingCString: name) else {
            failure = .malformedName("a name in it is not UTF-8")
            return 1
        }
        guard text.utf8.count <= limits.nameBytes else {
            failure = .overLimit(.nameBytes, found: "\(text.utf8.count)", allowed: "\(limits.nameBytes)")
            return 1
        }
        // libhdf5 lists what the file says; a path could not name these.
        guard !text.isEmpty, text != ".", text != "..", !text.utf8.contains(UInt8(ascii: "/")) else {
            failure = .malformedName("a name in it is \"\(SafeText.excerpt(text))\"")
            return 1
        }
        guard names.count < limits.objects else {
            failure = .overLimit(.objects, found: "more", allowed: "\(limits.objects)")
            return 1
        }
        names.append(text)
        return 0
    }
}

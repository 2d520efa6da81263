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

        var position: hsize_t = 0
        let names = try NameCollector.names(of: .links, at: location, limits: limits) { context in
            H5Literate(
                group.id, H5_INDEX_NAME, H5_ITER_NATIVE, &position,
                { _, name, _, context in NameCollector.visit(name, context) }, context)
        }
        return names.sorted(by: NameOrder.areInIncreasingOrder)
    }
}

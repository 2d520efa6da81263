internal import CHDF5

extension ArchiveReader {
    /// Opens the object at a path, nil if nothing stands there.
    ///
    /// Name by name, because libhdf5 would follow an external link without asking. Soft links are followed
    /// here, within this file only.
    func walk(to path: ObjectPath, _ location: Location) throws(ArchiveError) -> Handle? {
        var pending = path.names[...]
        var softTarget: String?
        var softLinks = 0
        var current = try root(location)
        while let name = pending.popFirst() {
            let isGroup = H5Iget_type(current.id) == H5I_GROUP
            guard isGroup, try location.check(H5Lexists(current.id, name, chdf5_default()), "searched") > 0
            else {
                guard let softTarget else { return nil }
                throw location.error(.refused(.danglingSoftLink(target: softTarget)))
            }
            switch try link(name, in: current, location) {
            case .hard:
                current = try location.own(H5Oopen(current.id, name, chdf5_default()), "opened")
            case .soft(let target):
                softLinks += 1
                try location.limit(softLinks, to: 16, .softLinks)
                softTarget = target
                let names = target.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
                pending = (names.filter { $0 != "." } + pending)[...]
                try location.limit(pending.count, to: limits.depth, .depth)
                if target.utf8.first == UInt8(ascii: "/") { current = try root(location) }
            }
        }
        return current
    }

    private func root(_ location: Location) throws(ArchiveError) -> Handle {
        try location.own(H5Gopen2(handle.id, "/", chdf5_default()), "opened")
    }

    private enum Link {
        case hard
        case soft(target: String)
    }

    private func link(
        _ name: String, in group: borrowing Handle, _ location: Location
    ) throws(ArchiveError) -> Link {
        var info = H5L_info_t()
        try location.check(H5Lget_info(group.id, name, &info, chdf5_default()), "read")
        switch info.type {
        case H5L_TYPE_HARD: return .hard
        case H5L_TYPE_SOFT:
            let value = try linkValue(name, in: group, size: info.u.val_size, location)
            guard let target = String(validating: value.prefix { $0 != 0 }, as: UTF8.self) else {
                throw location.error(.malformedName("it is a soft link to a name that is not UTF-8"))
            }
            return .soft(target: target)
        case H5L_TYPE_EXTERNAL:
            // One byte of version and flags, then the file and the path, each ended by a NUL.
            let value = try linkValue(name, in: group, size: info.u.val_size, location)
            let parts = value.dropFirst().split(separator: 0, maxSplits: 2, omittingEmptySubsequences: false)
            let target = parts.prefix(2).map { String(decoding: $0, as: UTF8.self) }.joined(separator: ":")
            throw location.error(.refused(.externalLink(target: target)))
        default: throw location.error(.refused(.userDefinedLink))
        }
    }

    private func linkValue(
        _ name: String, in group: borrowing Handle, size: Int, _ location: Location
    ) throws(ArchiveError) -> [UInt8] {
        try location.limit(size, to: limits.attributeBytes, .nameBytes)
        var value = [UInt8](repeating: 0, count: size)
        try location.check(H5Lget_val(group.id, name, &value, size, chdf5_default()), "read")
        return value
    }
}

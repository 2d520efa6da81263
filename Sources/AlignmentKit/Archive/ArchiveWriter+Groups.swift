internal import CHDF5

/// Where an object goes: an open group and a name that is free in it.
struct Parent: ~Copyable {
    let group: Handle
    let name: String
}

extension ArchiveWriter {
    /// Turns an empty file into an archive with a header.
    static func create(
        _ path: String, header: ArchiveHeader, at location: Location, limits: ArchiveLimits
    ) throws(ArchiveError) -> Handle {
        let access = try ArchiveReader.fileAccess(at: location, locks: false)
        let creation = try location.own(H5Pcreate(chdf5_class_file_create()), "created")
        try location.check(H5Pset_obj_track_times(creation.id, false), "created")
        let handle = try location.own(
            H5Fcreate(path, chdf5_truncate(), creation.id, access.id), "created")
        let attributes = StoredAttributes(
            object: try location.own(H5Gopen2(handle.id, "/", chdf5_default()), "created"),
            location: location, limits: limits)
        try attributes.write("format", ArchiveHeader.format)
        try attributes.write("format_version", header.version)
        if let id = header.id { try attributes.write("id", id) }
        if let createdAt = header.createdAt { try attributes.write("created_at", createdAt) }
        if let createdBy = header.createdBy { try attributes.write("created_by", createdBy) }
        return handle
    }

    /// Opens the group that an object goes into, and makes sure that its name is free.
    func parent(of path: String, _ location: Location) throws(ArchiveError) -> Parent {
        let path = try ObjectPath(path, in: file, limits: limits)
        guard let name = path.names.last else { throw location.error(.alreadyWritten) }
        let group = try group(path.names.dropLast(), location)
        guard try location.check(H5Lexists(group.id, name, chdf5_default()), "written") == 0 else {
            throw location.error(.alreadyWritten)
        }
        return Parent(group: group, name: name)
    }

    /// Opens a group, making it and those around it as needed.
    func group(_ names: ArraySlice<String>, _ location: Location) throws(ArchiveError) -> Handle {
        let creation = try location.own(H5Pcreate(chdf5_class_group_create()), "written")
        // libhdf5 would make the groups on the way itself, but with the time of day in each of them.
        try location.check(H5Pset_obj_track_times(creation.id, false), "written")
        let links = try Creation.linkList(at: location)
        var current = try root(location)
        for name in names {
            if try location.check(H5Lexists(current.id, name, chdf5_default()), "written") > 0 {
                let object = try location.own(H5Oopen(current.id, name, chdf5_default()), "written")
                guard H5Iget_type(object.id) == H5I_GROUP else { throw location.error(.alreadyWritten) }
                current = object
            } else {
                current = try location.own(
                    H5Gcreate2(current.id, name, links.id, creation.id, chdf5_default()), "written")
            }
        }
        return current
    }
}

/// Makes datasets the way the format asks for.
enum Creation {
    /// Names are marked as UTF-8.
    static func linkList(at location: Location) throws(ArchiveError) -> Handle {
        let list = try location.own(H5Pcreate(chdf5_class_link_create()), "written")
        try location.check(H5Pset_char_encoding(list.id, H5T_CSET_UTF8), "written")
        return list
    }

    /// Makes a dataset without times; with a chunk, through shuffle and gzip at level 4.
    static func dataset(
        in group: borrowing Handle, name: String, type: borrowing Handle, space: borrowing Handle,
        chunk: [hsize_t]?, at location: Location
    ) throws(ArchiveError) -> Handle {
        let creation = try location.own(H5Pcreate(chdf5_class_dataset_create()), "written")
        try location.check(H5Pset_obj_track_times(creation.id, false), "written")
        if let chunk {
            try location.check(H5Pset_chunk(creation.id, Int32(chunk.count), chunk), "written")
            try location.check(H5Pset_shuffle(creation.id), "written")
            try location.check(H5Pset_deflate(creation.id, 4), "written")
        }
        let links = try linkList(at: location)
        return try location.own(
            H5Dcreate2(group.id, name, type.id, space.id, links.id, creation.id, chdf5_default()), "written")
    }
}

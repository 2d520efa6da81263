import AlignmentArchive

/// A path at which an archive holds nothing, or a group, with what it could have meant.
struct MissingObject: Error, CustomStringConvertible {
    /// One sentence.
    let description: String

    init(_ path: String, in listing: ArchiveListing, _ file: String) {
        let near = Self.nearest(to: ArchiveListing.absolute(path), among: listing.entries)
        let hint =
            near.isEmpty
            ? "`inspect \(file)` lists what it holds" : "the nearest are " + near.joined(separator: ", ")
        description = "\(file): \(path) does not exist in the archive; \(hint)."
    }

    /// Up to three paths of the fewest edits, those that end alike first.
    static func nearest(to path: String, among entries: [ArchiveListing.Entry]) -> [String] {
        var ranked: [(path: String, distance: Int)] = []
        let wanted = Array(path.utf8)
        let last = path.split(separator: "/").last
        for entry in entries {
            if case .group = entry.content { continue }
            let endsAlike = entry.path.split(separator: "/").last == last
            let bound = ranked.count < 3 ? Int.max : ranked[2].distance
            let distance = Self.edits(wanted, Array(entry.path.utf8), atMost: bound) - (endsAlike ? 8 : 0)
            guard distance < bound else { continue }
            ranked.append((entry.path, distance))
            ranked.sort { $0.distance < $1.distance }
            ranked = Array(ranked.prefix(3))
        }
        return ranked.map(\.path)
    }

    /// Insertions, deletions and exchanges between two texts.
    private static func edits(_ left: [UInt8], _ right: [UInt8], atMost bound: Int) -> Int {
        // Names of up to a kilobyte over a million objects: what is far off by its length alone is not measured.
        let least = abs(left.count - right.count)
        if bound != .max, least > bound + 8 { return least }
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let edits = a == b ? diagonal : 1 + min(diagonal, row[j], row[j + 1])
                diagonal = row[j + 1]
                row[j + 1] = edits
            }
        }
        return row[right.count]
    }
}

/// A group whose values were asked for, with what it holds.
struct GroupAsked: Error, CustomStringConvertible {
    /// One sentence.
    let description: String

    init(_ group: ArchiveListing.Entry, asked path: String, in listing: ArchiveListing, _ file: String) {
        let below = (group.firstName ?? group.path) + "/"
        let all = listing.entries.filter {
            $0.path.hasPrefix(below) && !$0.path.dropFirst(below.count).contains("/")
        }
        let names = all.prefix(8).map { String($0.path.dropFirst(below.count)) }
        let held = names.isEmpty ? "nothing" : names.joined(separator: ", ") + (all.count > 8 ? ", ..." : "")
        description = "\(file): \(path) is a group, expected a tensor or a text; it holds \(held)."
    }
}

extension ArchiveListing {
    /// The entry of a path, with or without a slash in front.
    func entry(_ path: String) -> Entry? {
        let path = Self.absolute(path)
        return entries.first { $0.path.utf8.elementsEqual(path.utf8) }
    }

    static func absolute(_ path: String) -> String {
        "/" + path.split(separator: "/").joined(separator: "/")
    }

    /// Where captured profiles stand, each with the samples that it holds for.
    var profiles: [(samples: [String], path: String)] {
        let paths = Set(entries.map(\.path))
        let samples = entries.compactMap { entry -> String? in
            guard case .group = entry.content, entry.path.hasPrefix("/samples/") else { return nil }
            let name = entry.path.dropFirst("/samples/".count)
            return name.contains("/") ? nil : String(name)
        }
        let own = samples.filter { paths.contains("/samples/\($0)/profile.json") }
        let common = samples.filter { !own.contains($0) }
        var found: [(samples: [String], path: String)] = own.map { ([$0], "/samples/\($0)/profile.json") }
        if paths.contains("/profile.json"), !common.isEmpty || own.isEmpty {
            found.append((common, "/profile.json"))
        }
        return found
    }
}

internal import AlignmentJSON
internal import CHDF5

/// Takes the names that one of libhdf5's iterations hands out, one by one, and stops it before it lists more than
/// the limits allow.
final class NameCollector {
    /// What the names are of.
    enum Subject {
        case links, attributes
    }

    private let subject: Subject
    private let limits: ArchiveLimits
    private var names: [String] = []
    private var failure: ArchiveError.Reason?

    private init(_ subject: Subject, limits: ArchiveLimits) {
        (self.subject, self.limits) = (subject, limits)
    }

    /// The names in the library's order.
    ///
    /// - Parameter iterate: runs the library's iteration; it must hand each name to `visit` with its context.
    static func names(
        of subject: Subject, at location: Location, limits: ArchiveLimits,
        _ iterate: (_ context: UnsafeMutableRawPointer) -> herr_t
    ) throws(ArchiveError) -> [String] {
        let collector = NameCollector(subject, limits: limits)
        let status = iterate(Unmanaged.passUnretained(collector).toOpaque())
        if let reason = collector.failure {
            _ = Library.errorStack()
            throw location.error(reason)
        }
        try location.check(status, subject == .links ? "listed" : "read")
        return collector.names
    }

    /// Takes one name for the collector behind a context; not 0 to stop.
    static func visit(_ name: UnsafePointer<CChar>?, _ context: UnsafeMutableRawPointer?) -> herr_t {
        guard let name, let context else { return -1 }
        return Unmanaged<NameCollector>.fromOpaque(context).takeUnretainedValue().add(name)
    }

    private func add(_ name: UnsafePointer<CChar>) -> herr_t {
        guard let text = String(validatingCString: name) else {
            return stop(.malformedName("\(words) is not UTF-8"))
        }
        guard text.utf8.count <= limits.nameBytes else {
            return stop(
                .overLimit(.nameBytes, found: "\(text.utf8.count)", allowed: "\(limits.nameBytes)"))
        }
        // libhdf5 lists what the file says; a path could not name these links.
        let isUsable = !text.isEmpty && text != "." && text != ".." && !text.utf8.contains(UInt8(ascii: "/"))
        guard subject == .attributes || isUsable else {
            return stop(.malformedName("\(words) is \"\(SafeText.excerpt(text))\""))
        }
        let (most, limit) =
            subject == .links
            ? (limits.objects, ArchiveError.Limit.objects) : (limits.attributes, .attributes)
        guard names.count < most else { return stop(.overLimit(limit, found: "more", allowed: "\(most)")) }
        names.append(text)
        return 0
    }

    private var words: String { subject == .links ? "a name in it" : "the name of an attribute" }

    private func stop(_ reason: ArchiveError.Reason) -> herr_t {
        failure = reason
        return 1
    }
}

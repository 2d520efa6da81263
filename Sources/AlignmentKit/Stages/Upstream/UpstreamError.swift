/// An exception that upstream's code raises for this input under this profile.
public struct UpstreamError: Error, Sendable, Hashable, Codable {
    /// The Python class, `IndexError`.
    public let type: String
    /// Its message, as upstream words it.
    public let message: String
    /// The function that raises.
    public let location: String

    /// Whether it is the recorder's word for a call that ended with its process, not an exception of anybody's.
    public var isInterruption: Bool { type == "Interrupted" }

    /// An exception of this class and message.
    public init(type: String, message: String, location: String) {
        self.type = type
        self.message = message
        self.location = location
    }
}

extension UpstreamError: CustomStringConvertible {
    /// As Python prints it, and where it came from.
    public var description: String { "\(type): \(message) (in \(location))" }
}

extension UpstreamError {
    static func noneNotSubscriptable(in location: String) -> UpstreamError {
        UpstreamError(
            type: "TypeError", message: "'NoneType' object is not subscriptable", location: location)
    }

    static func indexOutOfBounds(_ index: Int, size: Int, in location: String) -> UpstreamError {
        UpstreamError(
            type: "IndexError", message: "index \(index) is out of bounds for dimension 0 with size \(size)",
            location: location)
    }

    static func unequalSizes(exceptDimension dimension: Int, sizes: [Int], in location: String)
        -> UpstreamError?
    {
        guard let other = sizes.firstIndex(where: { $0 != sizes[0] }) else { return nil }
        return UpstreamError(
            type: "RuntimeError",
            message: "Sizes of tensors must match except in dimension \(dimension). Expected size "
                + "\(sizes[0]) but got size \(sizes[other]) for tensor number \(other) in the list.",
            location: location)
    }
}

extension UpstreamError {
    /// Whether two recordings of an exception mean the same one: same class, same message. Where it was
    /// raised is worded differently by every recorder.
    public func isSame(as other: UpstreamError) -> Bool { type == other.type && message == other.message }
}

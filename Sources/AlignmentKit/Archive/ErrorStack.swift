internal import CHDF5
internal import FoundationEssentials

/// One frame of libhdf5's error stack.
public struct LibraryFrame: Sendable, Hashable {
    /// The part of the library, such as "Dataset".
    public let major: String
    /// What kind of failure, such as "Read failed".
    public let minor: String
    /// The function that failed.
    public let function: String
    /// What it says about the failure, on one line.
    public let message: String

    /// Of a file that is cut off: its size, and the size that it says it has.
    ///
    /// The library's message is "truncated file: eof = 5, sblock->base_addr = 0, stored_eof = 9".
    var statedSizes: (found: Int, expected: Int)? {
        guard message.hasPrefix("truncated file:") else { return nil }
        let numbers = message.split { !$0.isNumber }.compactMap { Int($0) }
        guard let found = numbers.first, numbers.count == 3 else { return nil }
        return (found, numbers[2])
    }

    /// The message, or what the operating system said where the message quotes that.
    var cause: String {
        let mark = "error message = '"
        guard let start = message.range(of: mark)?.upperBound,
            let end = message[start...].firstIndex(of: "'")
        else { return message }
        return String(message[start..<end])
    }
}

extension Library {
    /// The error stack of the call that just failed on this thread, its root cause first.
    static func errorStack() -> [LibraryFrame] {
        let frames = FrameList()
        let context = Unmanaged.passUnretained(frames).toOpaque()
        chdf5_walk_errors(
            { _, entry, context in
                guard let entry, let context else { return 0 }
                let error = entry.pointee
                Unmanaged<FrameList>.fromOpaque(context).takeUnretainedValue().frames.append(
                    LibraryFrame(
                        major: Library.messageText(error.maj_num), minor: Library.messageText(error.min_num),
                        function: Library.text(error.func_name), message: Library.text(error.desc)))
                return 0
            }, context)
        chdf5_clear_errors()
        return frames.frames
    }

    private static func messageText(_ id: hid_t) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, H5Eget_msg(id, nil, start, buffer.count) > 0 else {
                return ""
            }
            return String(cString: start)
        }
    }

    private static func text(_ pointer: UnsafePointer<CChar>?) -> String {
        guard let pointer else { return "" }
        // A time of day as the C library writes it ends in a line break.
        return String(cString: pointer).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

private final class FrameList {
    var frames: [LibraryFrame] = []
}

/// Reads logs, of whatever size, in bounded memory.
public enum LogReader {
    /// Reads logs; one that cannot be read does not keep the others from it.
    ///
    /// - Parameter paths: files, pipes, or `-` for standard input.
    public static func read(_ paths: [String]) -> LogReport {
        var files: [LogFile] = []
        var failures: [LogFailure] = []
        for path in paths {
            do { files.append(try read(path)) } catch {
                failures.append(LogFailure(path: path, message: error.description))
            }
        }
        return LogReport(files: files, failures: failures)
    }

    /// Reads one log: a file, a pipe, or `-` for standard input.
    public static func read(_ path: String) throws(LogError) -> LogFile {
        var stream = try LogStream(path)
        return try read(path) { () throws(LogError) in try stream.nextBlock() }
    }

    /// Reads the log that blocks of bytes make, until there is an empty one.
    ///
    /// - Parameters:
    ///   - name: what the report and errors call it.
    ///   - nextBlock: gives the next bytes, as many as it likes.
    public static func read(
        _ name: String, nextBlock: () throws(LogError) -> [UInt8]
    ) throws(LogError) -> LogFile {
        var head: [UInt8] = []
        while head.count < TextCheck.length {
            let block = try nextBlock()
            if block.isEmpty { break }
            head += block
        }
        if let problem = TextCheck.problem(with: head.prefix(TextCheck.length)) {
            throw LogError(file: name, problem)
        }
        var reading = LogReading()
        var block = head.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(head.dropFirst(3)) : head
        head = []
        while !block.isEmpty {
            reading.take(block)
            block = try nextBlock()
        }
        return reading.finish(path: name)
    }
}

internal import AlignmentFiles
internal import Foundation

/// Writes the files that reports go into.
public enum ReportFile {
    /// Writes a file that appears only when it is whole; what stood there before stays until then.
    ///
    /// - Throws: `InputFailure`, one sentence that names the file.
    public static func write(_ data: [UInt8], to file: String) throws(InputFailure) {
        do throws(FileFailure) {
            let atomic = try AtomicFile(replacing: file)
            guard FileManager.default.isWritableFile(atPath: atomic.path),
                let handle = FileHandle(forWritingAtPath: atomic.path)
            else { throw .system("the disk may be full") }
            do {
                try handle.write(contentsOf: Data(data))
                try handle.close()
            } catch { throw .system("the disk may be full") }
            try atomic.publish()
        } catch { throw failure(of: file, error) }
    }

    /// Makes a folder, and those around it, where they are not there yet.
    ///
    /// - Throws: `InputFailure`, one sentence that names the folder.
    public static func makeFolder(_ folder: String) throws(InputFailure) {
        do throws(FileFailure) {
            switch FileSystem.entry(at: folder) {
            case .directory: return
            case .file, .other: throw .notAFile("no folder")
            case .missing, .unreachable: try FileSystem.makeFolders(folder)
            }
        } catch { throw failure(of: folder, error) }
    }

    private static func failure(of path: String, _ failure: FileFailure) -> InputFailure {
        let why =
            switch failure {
            case .missing: "it is not there"
            case .notAFile(let found): "it is \(found)"
            case .noFolder(let folder): "there is no folder \(folder)"
            case .system(let message): message
            }
        return InputFailure(path: path, message: "\(path) could not be written: \(why).")
    }
}

internal import AlignmentFiles
internal import Foundation

/// A folder with the text of each sound file.
public struct TranscriptFolder: Sendable {
    private let folder: String
    private let names: Set<String>

    /// - Throws: one sentence, for a folder that cannot be read or holds no text.
    public init(_ folder: String) throws(SoundFilesError) {
        guard case .directory = FileSystem.entry(at: folder) else { throw SoundFilesError(folder, .noFolder) }
        do { names = Set(try FileSystem.names(in: folder).filter { $0.hasSuffix(".txt") }) } catch {
            throw SoundFilesError(folder, .unreadable(error))
        }
        guard !names.isEmpty else { throw SoundFilesError(folder, .noText) }
        self.folder = folder
    }

    /// The text beside a sound file's name, without a line break at its end; nil for none.
    ///
    /// - Throws: one sentence, for a text that is not UTF-8, over 1 MiB, or cannot be read.
    public func text(for sound: String) throws(SoundFilesError) -> String? {
        let file = sound.split(separator: "/").last.map(String.init) ?? sound
        let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
        guard names.contains("\(stem).txt") else { return nil }
        let path = "\(folder)/\(stem).txt"
        guard case .file(let size) = FileSystem.entry(at: path) else {
            throw SoundFilesError(path, .notAFile)
        }
        guard size <= 1 << 20 else { throw SoundFilesError(path, .longText) }
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw SoundFilesError(path, .noUTF8) }
        // Neither a mark of the encoding nor a line's end was spoken.
        let unmarked =
            text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        return unmarked.last?.isNewline == true ? String(unmarked.dropLast()) : unmarked
    }
}

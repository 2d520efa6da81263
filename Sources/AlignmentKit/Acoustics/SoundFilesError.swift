internal import AlignmentFiles

/// Why a path stands for no sound file, or for no text of one, in one sentence.
public struct SoundFilesError: Error, Sendable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    enum Reason {
        case noSound, noMatch, tooDeep, noFolder, noText, notAFile, longText, noUTF8
        case unreadable(FileFailure)
    }

    init(_ path: String, _ reason: Reason) {
        description =
            switch reason {
            case .noSound:
                "\(path) holds no sound file; expected names that end in .wav, .flac, .ogg or the like"
            case .noMatch: "\(path) matches no file; check the pattern"
            case .tooDeep: "\(path) lies more than 64 folders deep; give a folder nearer to the files"
            case .noFolder: "\(path) is no folder; give the folder that holds the texts"
            case .noText: "\(path) holds no text; expected names that end in .txt"
            case .notAFile: "\(path) is no file, expected the text of one sound file"
            case .longText: "\(path) has more than 1 MiB, expected the text of one sound file"
            case .noUTF8: "\(path) is not UTF-8, expected the text of one sound file"
            case .unreadable(.system(let why)): "\(path) could not be read: \(why)"
            case .unreadable: "\(path) could not be read; check its permissions"
            }
    }
}

import Foundation

/// What a worker is at, and so how long it may take.
enum WorkerStage: Sendable, Codable, Equatable {
    /// It reads these files.
    case reading([String])
    /// It has read everything and computes.
    case computing

    /// The files that are being read.
    var files: [String] {
        switch self {
        case .reading(let files): files
        case .computing: []
        }
    }

    /// What is being done, to begin a sentence that has named `file` already.
    func gerund(_ file: String) -> String {
        switch self {
        case .reading(let files) where files.contains(file) || files.isEmpty: "reading it"
        case .reading(let files): "reading \(files.joined(separator: " and "))"
        case .computing: "computing its stages"
        }
    }
}

/// A line that a worker prints before its reply: what it is at from now on.
struct WorkerNotice: Codable, Sendable {
    var stage: WorkerStage

    /// Tells the process that waits for this one.
    static func announce(_ stage: WorkerStage) {
        guard let line = try? JSONEncoder().encode(WorkerNotice(stage: stage)) else { return }
        Console.standard.write(json: line)
    }
}

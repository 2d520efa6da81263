import AlignmentKit

/// What a worker process is asked to do with one archive.
enum WorkerTask: Codable, Sendable {
    case run(RunTask)
    case inspect(InspectTask)
    case verify(file: String)
    case decode(DecodeTask)
    case compare(CompareTask)
    case export(ExportTask)
    case validate(ValidateTask)
    case explain(ExplainTask)
    case sampling(SamplingTask)
    case profileDifference(ProfileDifferenceTask)

    /// The files that it opens first.
    var files: [String] {
        switch self {
        case .run(let task): [task.file]
        case .inspect(let task): [task.file]
        case .verify(let file): [file]
        case .decode(let task): [task.file]
        case .compare(let task): [task.left, task.right]
        case .export(let task): [task.file]
        case .validate(let task): [task.file]
        case .sampling(let task): [task.file] + (task.against.map { [$0] } ?? [])
        case .explain(let task): [task.file] + (task.against.map { [$0] } ?? [])
        case .profileDifference(let task): [task.file]
        }
    }

    /// The most bytes of a file that it writes: none, a WAV file's 4 GiB, or what the largest tensor takes.
    var writtenBytes: Int {
        switch self {
        case .run(let task): task.soundFolder == nil ? 0 : 4 << 30
        case .inspect, .verify, .compare, .validate, .sampling, .profileDifference: 0
        case .explain(let task):
            task.repairedFolder == nil && task.reproFolder == nil && task.view?.soundFolder == nil
                ? 0 : ArchiveLimits.standard.fileBytes
        case .decode: 4 << 30
        case .export: ArchiveLimits.standard.fileBytes
        }
    }
}

/// All stages of one archive.
struct RunTask: Codable, Sendable {
    var file: String
    var settings: AnalysisSettings
    var isStrict: Bool
    /// Where the sound of both paths goes; nil writes none.
    var soundFolder: String?
}

/// The sound of one request.
struct DecodeTask: Codable, Sendable {
    var file: String
    var settings: AnalysisSettings
    var sample: String?
    var path: SoundPath
    var output: String
}

/// Two archives; the right one is the reference.
struct CompareTask: Codable, Sendable {
    var left: String
    var right: String
    var settings: ComparisonSettings
    var verifiesHashes: Bool
}

/// What comes back: a value, or one sentence on why there is none.
struct WorkerReply<Value: Codable & Sendable>: Codable, Sendable {
    var value: Value?
    var failure: String?
}

internal import AlignmentFiles
internal import CSndFile

/// A sound file that is read from its beginning, block by block, so that its length costs no memory.
///
/// Not for two threads at once.
public final class SoundReader {
    /// The file, by the path as it was given.
    public let file: String
    /// Frames per second, as the header says.
    public let sampleRate: Int
    /// The number of channels, at least 1.
    public let channelCount: Int
    /// How a sample is encoded, by the name that Python's soundfile uses, such as "PCM_16" or "FLOAT".
    public let subtype: String
    /// Frames that the header promises; there may be fewer, or more.
    public let declaredFrameCount: Int
    /// The file's size in bytes.
    public let byteCount: Int
    /// Whether a WAV header says that less sound follows than does: its writer was stopped. All of it is read.
    public var isHeaderTooSmall: Bool { mended != nil }
    /// Samples per second; frames of a part of a second must not take gigabytes.
    private static let highestRate = 1_000_000
    private let sound: SoundHandle
    /// What the sound is read through where a WAV header says too little; it must live as long.
    private let mended: MendedFile?

    /// Opens a file of any format that libsndfile reads.
    public init(_ file: String) throws(SoundError) {
        do { byteCount = try FileSystem.byteCount(ofReadable: file) } catch {
            throw SoundError(file: file, error, operation: "opened")
        }
        guard byteCount > 0 else { throw SoundError(file: file, .emptyFile) }
        var info = SF_INFO()
        mended = MendedFile(mending: file, byteCount: byteCount)
        let opened = mended.map { $0.open(&info) } ?? sf_open(file, Int32(SFM_READ), &info)
        guard let sound = SoundHandle(opened) else {
            throw SoundError(file: file, .unreadable(SoundHandle.openingError))
        }
        // Some endings make libsndfile take any bytes for samples without a header.
        guard csndfile_is_raw(info.format) == 0 else {
            throw SoundError(file: file, .unreadable("it has no header"))
        }
        guard info.samplerate <= Self.highestRate else {
            throw SoundError(
                file: file,
                .unreadable("its header says \(info.samplerate) samples a second, which no sound has"))
        }
        self.file = file
        sampleRate = Int(info.samplerate)
        channelCount = Int(info.channels)
        subtype = SoundSubtype.name(of: info.format)
        declaredFrameCount = Int(info.frames)
        self.sound = sound
    }

    /// Fills a buffer with the next frames, channel after channel within each; integer encodings are scaled so
    /// that full scale is 1, floats are as stored.
    ///
    /// - Returns: the number of frames read, 0 at the end.
    public func read(into block: UnsafeMutableBufferPointer<Float>) throws(SoundError) -> Int {
        let frames = sf_readf_float(
            sound.pointer, block.baseAddress, sf_count_t(block.count / channelCount))
        if let why = sound.error { throw SoundError(file: file, .unreadable(why)) }
        return Int(frames)
    }
}

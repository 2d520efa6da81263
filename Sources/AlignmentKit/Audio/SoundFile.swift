internal import AlignmentFiles
internal import AlignmentTensors
internal import CSndFile

/// Sound files, by libsndfile: WAV, FLAC, OGG and whatever else it reads.
public enum SoundFile {
    /// Reads a whole file.
    ///
    /// - Parameter sampleLimit: the most samples over all channels; by default 2^28, a gibibyte.
    public static func read(_ file: String, sampleLimit: Int = 1 << 28) throws(SoundError) -> Sound {
        let reader = try SoundReader(file)
        let scalars = try samples(of: reader, limit: sampleLimit)
        let shape = Shape.matrix(scalars.count / reader.channelCount, reader.channelCount)
        do {
            return Sound(
                samples: try NDArray(shape: shape, scalars: scalars), sampleRate: reader.sampleRate,
                subtype: reader.subtype)
        } catch { throw SoundError(file: file, .unreadable("\(error)")) }
    }

    /// Block by block, because a header may promise more frames than there are.
    private static func samples(of reader: SoundReader, limit: Int) throws(SoundError) -> [Float] {
        var samples: [Float] = []
        let block = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1 << 16, reader.channelCount))
        defer { block.deallocate() }
        while true {
            let frames = try reader.read(into: block)
            guard frames > 0 else { return samples }
            samples += block.prefix(frames * reader.channelCount)
            guard samples.count <= limit else {
                throw SoundError(file: reader.file, .tooLong(found: samples.count, allowed: limit))
            }
        }
    }

    /// Writes a mono waveform, [frame], full scale 1, as a WAV file that appears only when it is whole.
    ///
    /// - Parameter sampleRate: frames per second, 1 ... 655350.
    public static func write(
        _ waveform: [Float], sampleRate: Int, as encoding: SoundEncoding, to file: String
    ) throws(SoundError) {
        guard (1...655_350).contains(sampleRate) else {
            throw SoundError(file: file, .invalidSampleRate(sampleRate))
        }
        // The sizes in a WAV file have 32 bits.
        let limit = (1 << 30) - (1 << 10)
        guard waveform.count <= limit else {
            throw SoundError(file: file, .tooLong(found: waveform.count, allowed: limit))
        }
        do {
            let atomic = try AtomicFile(replacing: file)
            try encode(waveform, sampleRate: sampleRate, as: encoding, to: atomic.path)
            try atomic.publish()
        } catch { throw SoundError(file: file, error, operation: "written") }
    }

    private static func encode(
        _ waveform: [Float], sampleRate: Int, as encoding: SoundEncoding, to path: String
    ) throws(FileFailure) {
        var info = SF_INFO()
        info.samplerate = Int32(sampleRate)
        info.channels = 1
        info.format = encoding == .pcm16 ? csndfile_wav_pcm16() : csndfile_wav_float()
        guard let sound = SoundHandle(sf_open(path, Int32(SFM_WRITE), &info)) else {
            throw .system(SoundHandle.openingError)
        }
        // As Python's soundfile does; without it a sample over full scale wraps around.
        _ = csndfile_clip(sound.pointer)
        // The peak chunk holds the time of day.
        _ = csndfile_omit_peak(sound.pointer)
        let written = sf_writef_float(sound.pointer, waveform, sf_count_t(waveform.count))
        guard written == waveform.count else { throw .system(sound.error ?? "the disk may be full") }
        if let why = sound.close() { throw .system(why) }
    }
}

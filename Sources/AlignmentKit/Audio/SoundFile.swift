internal import AlignmentFiles
internal import AlignmentTensors
internal import CSndFile

/// Sound files, by libsndfile: WAV, FLAC, OGG and whatever else it reads.
public enum SoundFile {
    /// Reads a whole file.
    ///
    /// - Parameter sampleLimit: the most samples over all channels; by default 2^28, a gibibyte.
    public static func read(_ file: String, sampleLimit: Int = 1 << 28) throws(SoundError) -> Sound {
        let byteCount: Int
        do { byteCount = try FileSystem.byteCount(ofReadable: file) } catch {
            throw SoundError(file: file, error, operation: "opened")
        }
        guard byteCount > 0 else { throw SoundError(file: file, .emptyFile) }

        var info = SF_INFO()
        guard let sound = SoundHandle(sf_open(file, Int32(SFM_READ), &info)) else {
            throw SoundError(file: file, .unreadable(SoundHandle.openingError))
        }
        // Some endings make libsndfile take any bytes for samples without a header.
        guard csndfile_is_raw(info.format) == 0 else {
            throw SoundError(file: file, .unreadable("it has no header"))
        }
        let channels = Int(info.channels)
        let scalars = try samples(of: sound, channels: channels, file: file, limit: sampleLimit)
        let shape = Shape.matrix(scalars.count / channels, channels)
        do {
            return Sound(
                samples: try NDArray(shape: shape, scalars: scalars), sampleRate: Int(info.samplerate),
                subtype: SoundSubtype.name(of: info.format))
        } catch { throw SoundError(file: file, .unreadable("\(error)")) }
    }

    /// Block by block, because a header may promise more frames than there are.
    private static func samples(
        of sound: borrowing SoundHandle, channels: Int, file: String, limit: Int
    ) throws(SoundError) -> [Float] {
        let framesInBlock = max(1, (1 << 16) / channels)
        var block = [Float](repeating: 0, count: framesInBlock * channels)
        var samples: [Float] = []
        while true {
            let frames = sf_readf_float(sound.pointer, &block, sf_count_t(framesInBlock))
            if let why = sound.error { throw SoundError(file: file, .unreadable(why)) }
            guard frames > 0 else { return samples }
            samples += block.prefix(Int(frames) * channels)
            guard samples.count <= limit else {
                throw SoundError(file: file, .tooLong(found: samples.count, allowed: limit))
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

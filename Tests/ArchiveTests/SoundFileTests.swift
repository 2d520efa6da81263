import AlignmentKit
import Foundation
import TestSupport
import Testing

@Suite("Sound files")
struct SoundFileTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    /// Loud enough to clip, and every rounding case on the way.
    static let waveform: [Float] =
        (-2600..<2600).map { Float($0) / 2000 } + [0.5 / 32768, 1.5 / 32768, -0.0, 1, -1]

    @Test("a float WAV comes back bit for bit, also what is not finite or over full scale")
    func floats() throws {
        let file = scratch.file("a.wav")
        let waveform = Self.waveform + [.nan, .infinity, -.infinity, .leastNonzeroMagnitude]
        try SoundFile.write(waveform, sampleRate: 24000, as: .float, to: file)
        let sound = try SoundFile.read(file)
        #expect(sound.channel(0).map(\.bitPattern) == waveform.map(\.bitPattern))
        #expect(sound.sampleRate == 24000)
        #expect(sound.subtype == "FLOAT")
        #expect(sound.channelCount == 1)
        #expect(sound.frameCount == waveform.count)
        #expect(scratch.contents == ["a.wav"])
    }

    @Test("16-bit samples are the ones that Python's soundfile writes, clipped where it clips")
    func pcm16() throws {
        let (ours, theirs) = (scratch.file("ours.wav"), scratch.file("theirs.wav"))
        try SoundFile.write(Self.waveform, sampleRate: 24000, as: .pcm16, to: ours)
        let floats = scratch.file("floats")
        try Self.waveform.withUnsafeBytes { Data($0) }.write(to: URL(filePath: floats))
        try Python.run(
            """
            import soundfile
            soundfile.write(sys.argv[2], np.fromfile(sys.argv[1], "<f4"), 24000)
            """, floats, theirs)
        let bytes = try [ours, theirs].map { try Data(contentsOf: URL(filePath: $0)) }
        #expect(bytes[0] == bytes[1])
        let sound = try SoundFile.read(ours)
        #expect(sound.subtype == "PCM_16")
        #expect(sound.samples.scalars.max() == 32767.0 / 32768)
        #expect(sound.samples.scalars.min() == -1)
    }

    @Test("channels, rates and encodings that soundfile wrote are read as soundfile reads them")
    func python() throws {
        let output = try Python.run(
            """
            import soundfile
            here = sys.argv[1]
            samples = np.arange(-300, 300).reshape(300, 2) / 400
            for name, subtype, rate in [("a.wav", "PCM_16", 16000), ("b.flac", "PCM_24", 44100),
                                        ("c.wav", "PCM_U8", 8000), ("d.wav", "DOUBLE", 24000),
                                        ("e.ogg", "VORBIS", 48000), ("f.aiff", "PCM_32", 22050)]:
                soundfile.write(here + "/" + name, samples, rate, subtype=subtype)
                data, rate = soundfile.read(here + "/" + name, dtype="float32")
                print(name, subtype, rate, data.shape[0], data.shape[1], hashlib.sha256(data.tobytes()).hexdigest())
            """, scratch.path)
        let rows = output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(rows.count == 6)
        for row in rows {
            let sound = try SoundFile.read(scratch.file(row[0]))
            #expect(sound.subtype == row[1], "\(row[0])")
            #expect(
                "\(sound.sampleRate) \(sound.frameCount) \(sound.channelCount)"
                    == row[2...4].joined(separator: " "))
            // Two versions of a lossy decoder need not agree to the last bit.
            if row[1] != "VORBIS" { #expect(Tensor.float32(sound.samples).sha256 == row[5], "\(row[0])") }
        }
    }

    @Test("no samples at all are a file that can be read")
    func empty() throws {
        let file = scratch.file("a.wav")
        try SoundFile.write([], sampleRate: 24000, as: .pcm16, to: file)
        let sound = try SoundFile.read(file)
        #expect(sound.frameCount == 0)
        #expect(sound.channelCount == 1)
        #expect(sound.duration == 0)
    }

    @Test("what is no sound file is named in one sentence")
    func unreadable() throws {
        func sentence(_ file: String) throws -> String {
            "\(try #require(throws: SoundError.self) { try SoundFile.read(file) })"
        }
        let (text, empty, missing) = (
            scratch.file("notes.wav"), scratch.file("empty.wav"), scratch.file("no.wav")
        )
        let headless = scratch.file("a.vox")
        try Data("Dear diary, today nothing happened.\n".utf8).write(to: URL(filePath: text))
        try Data("Dear diary, today nothing happened.\n".utf8).write(to: URL(filePath: headless))
        try Data().write(to: URL(filePath: empty))
        #expect(try sentence(missing) == "\(missing) does not exist; check the path")
        #expect(
            try sentence(scratch.path)
                == "\(scratch.path) is a folder, not a file; give the path of a sound file")
        #expect(
            try sentence(empty)
                == "\(empty) is empty; the program that wrote it was stopped too early, write it again")
        for file in [text, headless] {
            #expect(try sentence(file).hasPrefix("\(file) is not a sound file that can be read: "))
            #expect(try !sentence(file).contains("\n"))
        }
    }

    @Test("a file longer than the limit is refused before it is all in memory")
    func limit() throws {
        let file = scratch.file("a.wav")
        try SoundFile.write(Array(repeating: 0, count: 200_000), sampleRate: 24000, as: .pcm16, to: file)
        let error = try #require(throws: SoundError.self) { try SoundFile.read(file, sampleLimit: 70_000) }
        guard case .tooLong(let found, 70_000) = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(found < 200_000)
        #expect(try SoundFile.read(file, sampleLimit: 200_000).frameCount == 200_000)
    }

    @Test("a damaged file is an error or a shorter sound, never a trap")
    func truncated() throws {
        let file = scratch.file("a.wav")
        try SoundFile.write(Self.waveform, sampleRate: 24000, as: .pcm16, to: file)
        let bytes = try Data(contentsOf: URL(filePath: file))
        for count in stride(from: 1, to: bytes.count, by: bytes.count / 40) {
            try bytes.prefix(count).write(to: URL(filePath: file))
            do throws(SoundError) {
                #expect(try SoundFile.read(file).frameCount <= Self.waveform.count)
            } catch { #expect(error.file == file) }
        }
    }

    @Test("what cannot be written leaves what stood there")
    func unwritable() throws {
        let file = scratch.file("a.wav")
        try SoundFile.write([0.5], sampleRate: 24000, as: .float, to: file)
        #expect(throws: SoundError(file: file, .invalidSampleRate(0))) {
            try SoundFile.write([0], sampleRate: 0, as: .float, to: file)
        }
        #expect(throws: SoundError(file: scratch.path, .notAFile("a folder"))) {
            try SoundFile.write([0], sampleRate: 24000, as: .float, to: scratch.path)
        }
        let nowhere = scratch.file("no/folder/a.wav")
        #expect(throws: SoundError.self) {
            try SoundFile.write([0], sampleRate: 24000, as: .float, to: nowhere)
        }
        #expect(try SoundFile.read(file).channel(0) == [0.5])
        #expect(scratch.contents == ["a.wav"])
    }
}

import AlignmentKit
import Foundation
import Testing

@Suite("Sound against its reference voice")
struct ReferenceVoiceTests {
    @Test("a sound against itself differs in nothing, and is heard at the start")
    func same() throws {
        let file = RealSoundTests.rows.first { $0.label == "plausible" }?.path ?? ""
        let found = try #require(try ReferenceVoice(file).compare(file, try SoundMeter().measure(file)))
        #expect(found.levelDb == 0 && found.spectrumDb == 0 && found.syllableRateRatio == 1)
        #expect(found.isHeardAtStart && (found.startCorrelation ?? 0) > 0.999)
    }

    @Test("the reference is heard where it begins the sound, louder or not, and not where it does not")
    func start() throws {
        let sounds = try Sounds()
        let speech = try Sounds.speech()
        let other = try Sounds.speech("012046a_arabic_generated_023_sample_00000023.wav")
        let reference = try sounds.write([speech], name: "reference.wav")
        let voice = try ReferenceVoice(reference)
        let silence = [Float](repeating: 0, count: 5000)
        let begun = try sounds.write([silence + speech[24_123..<80_000].map { $0 * 0.25 } + other])
        let found = try #require(try voice.compare(begun, try SoundMeter().measure(begun)))
        #expect(found.isHeardAtStart && abs((found.startPlace ?? 0) - 1.005) < 0.05)
        let apart = try sounds.write([other], name: "other.wav")
        let foreign = try #require(try voice.compare(apart, try SoundMeter().measure(apart)))
        #expect(!foreign.isHeardAtStart && foreign.spectrumDb > 1)
    }

    @Test("the level's difference is the gain")
    func level() throws {
        let sounds = try Sounds()
        let speech = try Sounds.speech()
        let reference = try sounds.write([speech], name: "reference.wav")
        let quiet = try sounds.write([speech.map { $0 * 0.5 }])
        let found = try #require(
            try ReferenceVoice(reference).compare(quiet, try SoundMeter().measure(quiet)))
        #expect(abs(found.levelDb + 6.02) < 0.02 && found.spectrumDb < 0.5)
    }

    @Test("nothing is said against silence")
    func silence() throws {
        let sounds = try Sounds()
        let reference = try sounds.write([try Sounds.speech()], name: "reference.wav")
        let silent = try sounds.write([Sounds.noise(48_000, 1e-5)])
        #expect(try ReferenceVoice(reference).compare(silent, try SoundMeter().measure(silent)) == nil)
    }
}

import AlignmentKit
import Foundation
import Testing

@Suite("Verdicts on made sounds")
struct VerdictTests {
    private func found(_ samples: [Float], rate: Int = 24_000) throws -> (SoundVerdict, [String]) {
        let result = try Sounds().judge(samples, rate: rate)
        return (result.verdict, result.findings.map(\.id))
    }

    @Test(
        "a sample that is not finite is not silence, wherever it stands",
        arguments: [Float.nan, .infinity, -.infinity])
    func nonFinite(value: Float) throws {
        for place in [0, 7, 1000, 47_999] {
            var samples = [Float](repeating: 0, count: 48_000)
            samples[place] = value
            #expect(try found(samples).0 == .nonFinite)
            samples = Sounds.noise(48_000, 0.1)
            samples[place] = value
            let result = try Sounds().judge(samples)
            #expect(result.verdict == .nonFinite && result.measures?.nonFinite == 1)
            #expect(result.measures.map { abs($0.meanSquare - 0.01) < 1e-3 } == true)
        }
    }

    @Test("a magnitude that no sound has is no number of one", arguments: [Float(1e13), 1e20, -3e38])
    func huge(value: Float) throws {
        var samples = Sounds.noise(48_000, 0.1)
        samples[100] = value
        let one = try Sounds().judge(samples)
        #expect(one.verdict == .nonFinite && one.measures?.nonFinite == 1)
        let all = try Sounds().judge(Sounds.noise(48_000, 0.01).map { $0 * value + value })
        #expect(all.findings.map(\.id) == ["non-finite"])
        let large = try Sounds().judge(Sounds.noise(48_000, 1e9))
        #expect(large.measures?.spectralFlatness.map { $0.isFinite && $0 > 0.3 } == true)
    }

    @Test("speech in a noisy room is speech, noise with its envelope is none")
    func noisyRooms() throws {
        let speech = try Sounds.speech()
        for decibels in [30.0, 20] {
            let noise = Sounds.noise(speech.count, 0.0713 * pow(10, -decibels / 20))
            #expect(try found(zip(speech, noise).map { $0 + $1 }).0 != .noSpeechStructure, "\(decibels) dB")
        }
        let noise = Sounds.noise(speech.count, 1)
        var level: Float = 0
        let shaped = zip(speech, noise).map { sample, noise -> Float in
            level = max(abs(sample), level * 0.999)
            return noise * level * 0.3
        }
        #expect(try found(shaped).0 == .noSpeechStructure)
    }

    @Test("the gate of the profile is also that of a dead channel")
    func deadChannels() throws {
        let channels = [try Sounds.speech(), Sounds.noise(91_200, 1e-4)]
        #expect(try Sounds().judge(channels).findings.map(\.id) == ["dead-channel"])
        var profile = SoundProfile()
        profile.silentEnergy = 1e-9
        #expect(try Sounds().judge(channels, profile).findings.isEmpty)
    }

    @Test("one value everywhere is dead, not loud", arguments: [Float(0), -1, 1, 0.25, 1e-20])
    func dead(value: Float) throws {
        for count in [1, 100, 48_000] {
            #expect(try found([Float](repeating: value, count: count)).0 == .dead)
        }
    }

    @Test("the gate is the AC energy, whatever the offset")
    func offsets() throws {
        for offset: Float in [0, 0.001, 0.3, -0.9] {
            let quiet = Sounds.noise(48_000, 0.9e-3).map { $0 + offset }
            #expect(try found(quiet).0 == .silent, "\(offset)")
            let louder = Sounds.noise(48_000, 1.1e-3).map { $0 + offset }
            #expect(try found(louder).0 != .silent, "\(offset)")
        }
        #expect(try found(Sounds.speech().map { $0 * 0.5 + 0.3 }).1.contains("dc-offset"))
    }

    @Test("levels are the story's steps")
    func levels() throws {
        for (amplitude, level) in [
            (0.9e-4, SoundLevel.silence), (1.1e-4, .tooQuiet), (0.9e-3, .tooQuiet), (1.1e-3, .quiet),
            (0.9e-2, .quiet), (1.1e-2, .audible),
        ] {
            #expect(try Sounds().judge(Sounds.noise(48_000, amplitude)).level == level)
        }
    }

    @Test("opposite channels do not cancel, and a dead one is named")
    func channels() throws {
        let speech = try Sounds.speech()
        let opposite = try Sounds().judge([speech, speech.map(-)])
        #expect(opposite.verdict == .plausible)
        let half = try Sounds().judge([[Float](repeating: 0, count: speech.count), speech])
        #expect(half.verdict == .plausible && half.findings.map(\.id) == ["dead-channel"])
    }

    @Test("what is no speech is said to be none")
    func structure() throws {
        let count = 72_000
        let tremolo = zip(Sounds.noise(count, 0.2), Sounds.sine(count, 4, 1)).map { $0 * (0.5 + 0.5 * $1) }
        let square = Sounds.sine(count, 120, 1).map { Float($0 < 0 ? -0.2 : 0.2) }
        let glide = (0..<count).map { index in
            let time = Double(index) / 24_000
            return Float(0.3 * sin(2 * .pi * (100 * time + 200 * time * time)))
        }
        let buzz = (0..<count).map { Float($0 % 960 < 20 ? 0.5 : 0.001) }
        for (name, samples) in [
            ("noise", Sounds.noise(count, 0.1)), ("tremolo", tremolo), ("sine", Sounds.sine(count, 220, 0.3)),
            ("square", square), ("glide", glide), ("buzz", buzz),
        ] {
            #expect(try found(samples).0 == .noSpeechStructure, "\(name)")
        }
    }

    @Test("speech that was cut, looped, clipped, stretched or put aside is found")
    func damage() throws {
        let speech = try Sounds.speech()
        let silence = [Float](repeating: 0, count: 48_000)
        #expect(try found(speech).0 == .plausible)
        let half = speech.count / 2
        #expect(try found(Array(speech[..<half]) + silence + Array(speech[half...])).0 == .longGap)
        #expect(try found(silence + speech).0 == .longGap)
        #expect(try found(speech + silence).0 == .longGap)
        #expect(try found(speech.map { max(-1, min(1, $0 * 20)) }).0 == .clipped)
        let word = Array(speech[12_000..<28_000])
        #expect(try found(word + word + word + word).1.contains("looped"))
        #expect(try found(Array(repeating: 0, count: 400_000) + speech[20_000..<40_000]).0 == .mostlySilent)
        #expect(try found(speech, rate: 16_000).0 == .wrongSampleRate)
    }

    @Test("an overflow of 16 bits is found, a square wave and clipping are not taken for one")
    func wraps() throws {
        let loud = Sounds.sine(48_000, 220, 1.3)
        let wrapped = loud.map { sample -> Float in
            let value = Int32((sample * 32767).rounded())
            return Float(Int16(truncatingIfNeeded: value)) / 32768
        }
        #expect(try found(wrapped).1.contains("int16-wrap"))
        #expect(!(try found(loud.map { max(-1, min(1, $0)) }).1.contains("int16-wrap")))
        let speech = try Sounds.speech()
        for limit: Float in [0.5, 0.9, 1] {
            let clipped = speech.map { max(-limit, min(limit, $0 * 20)) }
            #expect(!(try found(clipped).1.contains("int16-wrap")), "clipped at \(limit)")
        }
        let crackling = speech.map { Float(Int16(truncatingIfNeeded: Int32($0 * 4 * 32767))) / 32768 }
        #expect(try found(crackling).1.contains("int16-wrap"))
        #expect(!(try found(Sounds.noise(48_000, 0.5)).1.contains("int16-wrap")))
        #expect(
            !(try found(Sounds.sine(48_000, 220, 1).map { Float($0 < 0 ? -1 : 1) }).1.contains("int16-wrap")))
    }

    @Test("a jump is counted wherever it stands, and none before the first sample")
    func jumps() throws {
        for place in [1, 2, 239, 240, 241, 32_767, 32_768, 32_769, 47_999] {
            let samples = (0..<48_000).map { Float($0 < place ? 0.9 : -0.3) }
            #expect(try Sounds().judge(samples).measures?.jumps == 1, "\(place)")
        }
        let samples = (0..<48_000).map { Float(1.5 - Double($0) / 48_000) }
        #expect(try Sounds().judge(samples).measures?.jumps == 0)
    }

    @Test(
        "the shortest sounds are measured",
        arguments: [1, 2, 3, 239, 240, 479, 480, 481, 959, 960, 1919, 1920])
    func shortest(count: Int) throws {
        let result = try Sounds().judge(Sounds.noise(count, 0.1))
        #expect(result.measures?.samples == count)
        #expect(result.verdict != .silent && result.verdict != .unreadable)
    }

    @Test("any rate and number of channels", arguments: [1, 7, 99, 100, 4000, 6799, 6800, 192_000, 655_350])
    func rates(rate: Int) throws {
        for channels in [1, 2, 6, 70] {
            let sound = (0..<channels).map { Sounds.noise(2000, 0.1, seed: UInt64($0 + 1)) }
            #expect(try Sounds().judge(sound, rate: rate).measures?.channels == channels)
        }
    }

    @Test("seams of chunks stand out with their period")
    func seams() throws {
        let smooth = Sounds.sine(240_000, 220, 0.3)
        var joined = smooth
        for start in stride(from: 9600, to: joined.count, by: 9600) {
            for index in start..<joined.count { joined[index] = -joined[index] }
        }
        let clean = try #require(try Sounds().judge(smooth).measures)
        let seamed = try #require(try Sounds().judge(joined).measures)
        #expect((seamed.seam ?? 0) > 5 && seamed.seamPeriod == 0.4)
        #expect((clean.seam ?? 0) < 2)
    }
}

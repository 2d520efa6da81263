import AlignmentJSON
import AlignmentStages

extension Clues {
    /// Chunk lengths and contexts whose seams lie where the captured samples differ, the likeliest first.
    var chunks: [[String: JSONValue]] {
        guard let codes = sample.decode?.facts.max(by: { $0.columns < $1.columns }),
            let call = sample.decode?.facts.firstIndex(where: { $0 == codes }), call < waveforms.count,
            let differs = FrameDifferences(waveforms[call], frames: codes.columns)
        else { return [] }
        return differs.likeliestChunks.prefix(12).map { guess in
            [
                "decode.chunk_frames": .integer(guess.frames), "decode.chunk_context": .integer(guess.left),
                "decode.chunk_right_context": guess.right == guess.left ? .null : .integer(guess.right),
            ]
        }
    }
}

/// Which frames of a waveform differ from the expected ones, and what chunks that speaks for.
private struct FrameDifferences {
    private let differs: [Bool]
    private var reach: Int { DecodeStage.reach }

    /// A way to decode in chunks, and how badly it fits.
    struct Guess {
        var frames: Int
        var left: Int
        var right: Int
        var misses: Int
    }

    /// nil where the waveforms have no frames in common, or do not differ.
    init?(_ sounds: (captured: [Float], expected: [Float]), frames: Int) {
        let (captured, expected) = sounds
        guard captured.count == expected.count, frames > 1, captured.count % frames == 0 else { return nil }
        let hop = captured.count / frames
        let power = expected.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(expected.count, 1))
        let factor = Self.factor(between: captured, expected, hop: hop)
        differs = (0..<frames).map { frame in
            let error = (frame * hop..<(frame + 1) * hop).reduce(0.0) {
                let difference = Double(captured[$1]) / factor - Double(expected[$1])
                return $0 + difference * difference
            }
            return !(error / Double(hop) < power * 1e-10)
        }
        guard differs.contains(true) else { return nil }
    }

    /// The factor between two sounds: the median over frames, most of which may differ otherwise; 1 if it hardly differs.
    private static func factor(between captured: [Float], _ expected: [Float], hop: Int) -> Double {
        let factors = stride(from: 0, to: expected.count, by: hop).compactMap { start -> Double? in
            var (both, power) = (0.0, 0.0)
            for index in start..<start + hop {
                both += Double(captured[index]) * Double(expected[index])
                power += Double(expected[index]) * Double(expected[index])
            }
            return power > 0 && both.isFinite && both != 0 ? both / power : nil
        }.sorted()
        let factor = factors.isEmpty ? 1 : factors[factors.count / 2]
        return abs(factor - 1) < 1e-5 ? 1 : factor
    }

    /// Every chunk length with every context, the best fit first; of equals the shorter chunk, then equal contexts.
    var likeliestChunks: [Guess] {
        (1..<differs.count).flatMap(guesses).sorted { left, right in
            func key(_ guess: Guess) -> (Int, Int, Int, Int) {
                (guess.misses, guess.frames, abs(guess.left - guess.right), guess.left)
            }
            return key(left) < key(right)
        }
    }

    /// The contexts for one chunk length.
    private func guesses(frames: Int) -> [Guess] {
        // Frames by how far behind the last seam and how far before the next one they stand.
        let (far, side) = (reach + 1, reach + 2)
        var same = [Int](repeating: 0, count: side * side)
        var other = same
        for (frame, isOther) in differs.enumerated() {
            let seam = frame / frames * frames
            let behind = seam > 0 ? min(frame - seam, far) : far
            let before = seam + frames < differs.count ? min(seam + frames - frame, far) : far
            if isOther { other[behind * side + before] += 1 } else { same[behind * side + before] += 1 }
        }
        return (0...reach).flatMap { left in
            (0...reach).compactMap { right in
                guard left < reach || right < reach else { return nil }
                var misses = 0
                for behind in 0..<side {
                    for before in 0..<side {
                        // A difference away from every seam speaks against it; near one it may be too small to see.
                        let isNear = behind < reach - left || before <= reach - right
                        misses += isNear ? same[behind * side + before] : 4 * other[behind * side + before]
                    }
                }
                return Guess(frames: frames, left: left, right: right, misses: misses)
            }
        }
    }
}

import AlignmentJSON
import AlignmentStages
import AlignmentWording
import Foundation

extension Clues {
    /// Chunks whose seams lie where the captured samples differ most, with the contexts that fit at a seam.
    var chunks: [[String: JSONValue]] {
        guard let call = screen.longestCall, call.index < waveforms.count,
            let differences = FrameDifferences(waveforms[call.index], frames: call.codes.columns)
        else { return [] }
        let searched = differences.likeliestChunks.prefix(3).compactMap { frames in
            screen.contexts(ofChunks: frames, profile).map { (frames, $0.left, $0.right) }
        }
        // Chunks so short that every frame stands at a seam leave no trace of where their seams are.
        let short = differences.areEverywhere ? (1...3).map { ($0, 0, 0) } : []
        return (searched + short).map { frames, left, right in
            [
                "decode.chunk_frames": .integer(frames), "decode.chunk_context": .integer(left),
                "decode.chunk_right_context": right == left ? .null : .integer(right),
            ]
        }
    }
}

/// How much each frame of a waveform differs from the expected one, and what chunks that speaks for.
private struct FrameDifferences {
    /// Logarithm of each frame's squared error, as a share of its own power and a thousandth of the whole sound's.
    private let errors: [Double]
    /// What counts as no difference: 100 dB below the sound.
    private static let least = log(1e-10)

    /// nil where the waveforms have no frames in common, or do not differ.
    init?(_ sounds: (captured: [Float], expected: [Float]), frames: Int) {
        let (captured, expected) = sounds
        guard captured.count == expected.count, frames > 1, captured.count % frames == 0 else { return nil }
        let hop = captured.count / frames
        let power = expected.reduce(0) { $0 + Double($1) * Double($1) } / Double(max(expected.count, 1))
        let factor = Self.factor(between: captured, expected, hop: hop)
        errors = (0..<frames).map { frame in
            var (error, own) = (0.0, 1e-3 * power * Double(hop))
            for index in frame * hop..<(frame + 1) * hop {
                let difference = Double(captured[index]) / factor - Double(expected[index])
                error += difference * difference
                own += Double(expected[index]) * Double(expected[index])
            }
            return max(log(error / own), Self.least)
        }
        guard power > 0, errors.contains(where: { $0 > Self.least }) else { return nil }
    }

    /// No frame is as expected.
    var areEverywhere: Bool { errors.allSatisfy { $0 > Self.least } }

    /// Chunk lengths at whose seams the error is at least twice that of the other frames, the clearest first: many seams
    /// that agree say more than one.
    var likeliestChunks: [Int] {
        (3..<max(errors.count, 3)).map { frames in
            let contrast = contrast(ofChunks: frames)
            let seams = (errors.count - 1) / frames
            return (frames: frames, contrast: contrast, weight: contrast * Double(seams).squareRoot())
        }.filter { $0.contrast > log(2) && mayBeChunks(of: $0.frames) }
            .sorted { $0.weight > $1.weight }.map(\.frames)
    }

    /// Whether no frame errs beyond the codec's reach from a seam, and most seams err: what a multiple of the right length
    /// fails at, and a part of it.
    private func mayBeChunks(of frames: Int) -> Bool {
        let threshold = max((errors.max() ?? 0) - log(1e4), Self.least)
        let seams = Array(stride(from: frames, to: errors.count, by: frames))
        let isExplained = errors.indices.allSatisfy { frame in
            let behind = frame >= frames ? frame % frames : .max
            let before = frames - frame % frames
            let isBeforeSeam = frame + before < errors.count
            return errors[frame] <= threshold || behind < DecodeStage.reach
                || isBeforeSeam && before <= DecodeStage.reach
        }
        let erring = seams.filter { max(errors[$0 - 1], errors[$0]) > threshold }
        return isExplained && 5 * erring.count > 3 * seams.count
    }

    /// Mean logarithm of the error at the seams, on their worse side, over that of the frames beside none.
    private func contrast(ofChunks frames: Int) -> Double {
        let seams = Array(stride(from: frames, to: errors.count, by: frames))
        let beside = Set(seams.flatMap { [$0 - 1, $0] })
        let others = errors.indices.filter { !beside.contains($0) }.map { errors[$0] }
        guard !seams.isEmpty, !others.isEmpty else { return 0 }
        let atSeams = seams.map { max(errors[$0 - 1], errors[$0]) }
        return atSeams.reduce(0, +) / Double(seams.count) - others.reduce(0, +) / Double(others.count)
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
}

import AlignmentCodec
import AlignmentStages
import AlignmentTensors
import Foundation

/// Rejects what cannot have given a recorded sound by decoding two frames of it, before the whole is decoded.
///
/// Each frame hangs on no more than `DecodeStage.reach` frames on either side, so that a stretch in the middle, or on
/// both sides of a chunk's end, comes out as it does in the whole.
struct StretchScreen {
    let runner: StageRunner
    let captured: Outcome

    /// What may still be found on top of the profile, and so need not agree.
    struct Freedom {
        let scale: Bool
        let cut: Bool

        /// What may be added to these deviations.
        init(besides deviations: [Deviation]) {
            scale = !deviations.contains { $0.id == "decode.output-scale" }
            cut = !deviations.contains { $0.id == "decode.trimmed" }
        }

        private init(scale: Bool, cut: Bool) { (self.scale, self.cut) = (scale, cut) }

        /// The samples must be as they are.
        static let none = Freedom(scale: false, cut: false)
        /// They may have another volume.
        static let scale = Freedom(scale: true, cut: false)
    }

    /// What a stretch says.
    struct Finding {
        /// The profile may give the sound.
        var mayHold = true
        /// Share of the stretch's power that it leaves unexplained; 0 where there was nothing to screen.
        var residual = 0.0
        /// The signal-to-noise ratio of the whole is no better than this, in dB.
        var ceiling = Double.infinity
    }

    /// Screens a profile of the decode stage.
    func finding(_ profile: Profile, _ freedom: Freedom) -> Finding {
        let decode = profile.decode
        let trim = decode.trimAt == .codec ? decode.trim : .none
        guard case .success(let codec) = runner.codec, let (_, codes, found) = longestCall,
            codes.columns > 4 * DecodeStage.reach, let factorOfProfile = self.factor(decode, freedom)
        else { return Finding() }
        let frames = Self.stretch(of: codes.columns, chunks: decode.chunkFrames)
        let computed = samples(of: frames, of: codes, with: codec, under: decode)
        guard let part = computed?.map({ $0 * factorOfProfile }), !part.isEmpty else { return Finding() }
        let hop = part.count / frames.count
        let lost = codes.columns * hop - found.count
        // Each place that the stretch may have been cut to costs a comparison.
        guard freedom.cut ? abs(lost) <= 2 * hop : lost == trim.start + trim.end else {
            return Finding()
        }
        let cuts = freedom.cut ? min(lost, 0)...max(lost, 0) : trim.start...trim.start
        let start = frames.lowerBound * hop
        var best: (error: Double, factor: Double)?
        for cut in cuts {
            let from = start - cut
            guard from >= 0, from + part.count <= found.count else { continue }
            let distance = distance(of: found[from..<from + part.count], part, freedom)
            if distance.error < best?.error ?? .infinity { best = distance }
        }
        guard let (error, factor) = best else { return Finding() }
        let power = part.reduce(0) { $0 + Double($1) * Double($1) }
        let whole = found.reduce(0) { $0 + Double($1) * Double($1) }
        let allowed =
            narrowing(frames, of: codes, with: codec, under: decode)
            .map { $0 * Double(factorOfProfile * factorOfProfile) * Self.narrowShare } ?? power * Self.share
        return Finding(
            mayHold: !(error > allowed), residual: power > 0 ? error / power : 0,
            ceiling: error > 0 ? 10 * log10(whole / (error * factor * factor)) : .infinity)
    }

    /// The longest call of the codec, and what came of it.
    var longestCall: (index: Int, codes: NDArray<Int64>, sound: [Float])? {
        let sounds = captured.fields.compactMap(\.waveform)
        return zip(runner.sample.decode?.facts ?? [], sounds).enumerated()
            .filter { $0.element.0.shape.rank == 2 }
            .max { $0.element.0.columns < $1.element.0.columns }
            .map { ($0.offset, $0.element.0, $0.element.1) }
    }

    /// Share of a stretch's power that an explanation may leave.
    static let share = 1e-6
    /// What the emulation of a narrow type may leave, in units of what the type itself changes.
    private static let narrowShare = 8.0

    /// How far a narrow type takes a stretch from float32, squared; nil for float32 itself.
    private func narrowing(
        _ frames: Range<Int>, of codes: NDArray<Int64>, with codec: CodecFamily, under profile: DecodeProfile
    ) -> Double? {
        guard profile.dtype != .float32 else { return nil }
        var wide = profile
        wide.dtype = .float32
        guard let exact = samples(of: frames, of: codes, with: codec, under: wide),
            let narrow = samples(of: frames, of: codes, with: codec, under: profile)
        else { return nil }
        return zip(exact, narrow).reduce(0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
    }

    /// What a profile multiplies the codec's samples by; nil where only the whole sound tells.
    private func factor(_ decode: DecodeProfile, _ freedom: Freedom) -> Float? {
        guard !freedom.scale, decode.scaleAt == .codec else { return 1 }
        switch decode.outputScale {
        case .factor(let factor): return Float(factor)
        case .peak: return nil
        }
    }

    /// The factor between a recorded stretch and a computed one, and their squared distance without it.
    func distance(
        of found: ArraySlice<Float>, _ part: [Float], _ freedom: Freedom
    ) -> (error: Double, factor: Double) {
        var factor = 1.0
        if freedom.scale {
            var (both, power) = (0.0, 0.0)
            for (left, right) in zip(found, part) {
                both += Double(left) * Double(right)
                power += Double(right) * Double(right)
            }
            // Silence on either side is any sound times zero.
            guard power > 0, both != 0 else { return (0, 1) }
            factor = both / power
        }
        let error = zip(found, part).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) / factor - Double(pair.1)
            return sum + difference * difference
        }
        return (error, factor)
    }

    /// The stretch under a profile; decoded once for each way to decode.
    func samples(
        of frames: Range<Int>, of codes: NDArray<Int64>, with codec: CodecFamily, under profile: DecodeProfile
    ) -> [Float]? {
        let known = runner.stretches.withLock { stretches in
            stretches.first { $0.frames == frames && $0.profile.isDecodedAlike(profile) }
        }
        if let known { return known.samples }
        let samples = try? DecodeStage.stretch(frames, of: codes, with: codec, under: profile)
        runner.stretches.withLock { $0.append((profile, frames, samples)) }
        return samples
    }
}

import AlignmentKit

/// Something that upstream's collator does and nobody expects; the random cases must hold each of them.
struct CollatorQuirk: Sendable {
    let name: String
    let isMet: @Sendable (CollatorCase, Outcome<Batch>) -> Bool

    static let all = values + whisper + errors

    private static let values = [
        value("one count over <|AUDIO|> and <|AUDIO_OUT|>") { each, batch in
            each.profile.returnAudioInTokens && each.own.contains { each.ins($0) > 0 && each.outs($0) > 0 }
                && batch.audioInIDsStart?.isEmpty == false
        },
        value("delayed streams") { $0.profile.useDelayPattern && $0.transforms && $1.audioOutIDs.rows > 1 },
        value("streams without delay") {
            !$0.profile.useDelayPattern && $0.transforms && $1.audioOutIDs.rows > 1
        },
        value("codes taken as they are") { !$0.transforms && $1.audioOutIDs.rows > 1 },
        value("fewer group locations than segments") {
            $1.audioOutIDsStart.count > ($1.audioOutIDsStartGroupLoc ?? []).count && $0.own.count > 1
        },
        value("a sample without segments has a group location") { each, batch in
            batch.audioOutIDsStartGroupLoc != nil && each.own.contains { each.outs($0) == 0 }
        },
        value("no segments") { $1.audioOutIDs.shape == .matrix(0, 0) && $1.audioOutIDsStartGroupLoc == nil },
        value("codes under <|AUDIO|> computed, then not returned") { each, batch in
            !each.profile.returnAudioInTokens && each.own.contains { each.ins($0) > 0 }
                && batch.audioInIDs == nil
        },
        value("padded on the right") { $0.profile.padSide == .right && $0.pads($1) },
        value("padded on the left") { $0.profile.padSide == .left && $0.pads($1) },
        value("a segment that is not trained on") { each, batch in
            batch.labelAudioIDs != nil
                && each.own.contains { sample in
                    zip(sample.inputIDs, sample.labelIDs ?? []).contains { each.isOut($0) && $1 < 0 }
                }
        },
        value("labels of segments masked in the prompt") { each, batch in
            batch.labelIDs != nil && each.profile.maskAudioOutTokenLabel
                && each.own.contains { each.outs($0) > 0 }
        },
        value("codebooks cut") { each, batch in
            let rows = each.own.compactMap(\.audioIDsConcat?.rows).max() ?? 0
            let kept = each.profile.audioNumCodebooks ?? rows
            return kept > 0 && kept < rows && batch.audioOutIDs.rows > 0
        },
        value("more than eight codebooks kept") {
            $0.profile.audioNumCodebooks == nil && $1.audioOutIDs.rows > 8
        },
        value("one id for both placeholders") {
            $0.profile.audioInTokenID == $0.profile.audioOutTokenID && $1.audioOutIDs.rows > 0
        },
    ]

    private static let whisper = [
        value("Whisper on, without a waveform") { each, batch in
            each.profile.encodeWhisperEmbed && each.windows(batch) == 0
        },
        value("placeholders repeated for long audio") { each, batch in
            each.profile.encodeWhisperEmbed && batch.inputIDs.columns > 0
                && each.windows(batch) > each.own.reduce(0) { $0 + each.ins($1) }
        },
        value("exactly one chunk of 30 s") { each, batch in
            each.profile.chunkSizeSeconds == 30
                && each.windows(batch) == each.own.reduce(0) { $0 + each.ins($1) }
                && each.own.contains { $0.waveformsConcat?.count == 480_000 }
        },
        value("a chunk longer than Whisper's window") { each, batch in
            each.profile.chunkSizeSeconds > 30 && each.windows(batch) > 0
                && each.own.contains { ($0.waveformsConcat?.count ?? 0) > 480_001 }
        },
        value("a waveform of another rate") { each, batch in
            each.windows(batch) > 0 && each.own.contains { ($0.sampleRates?.first ?? 16_000) != 16_000 }
        },
        raised("an <|AUDIO_OUT|> before an <|AUDIO|> shifts the waveforms", "IndexError") { each in
            each.profile.encodeWhisperEmbed
                && each.own.contains { sample in
                    guard let out = sample.inputIDs.firstIndex(where: each.isOut) else { return false }
                    return sample.inputIDs[out...].contains(Int64(each.profile.audioInTokenID))
                }
        },
        raised("no samples in a chunk", "ZeroDivisionError") { $0.profile.chunkSizeSeconds < 1e-3 },
        raised("a rate of 0", "OverflowError") { $0.profile.encodeWhisperEmbed },
        raised("a negative rate", "ValueError") { $0.profile.encodeWhisperEmbed },
    ]

    private static let errors = [
        raised("more placeholders than starts", "IndexError") { !$0.profile.encodeWhisperEmbed },
        raised("None instead of codes or starts", "TypeError") { each in
            each.own.contains { $0.audioIDsStart == nil || $0.audioIDsConcat == nil }
        },
        raised("labels in some samples only", "TypeError") { each in
            each.own.contains { $0.labelIDs == nil } && each.own.contains { $0.labelIDs != nil }
        },
        raised("codes taken as they are, with labels but none for codes", "TypeError") { each in
            !each.transforms
                && each.own.allSatisfy { $0.labelIDs != nil && $0.audioLabelIDsConcat == nil }
        },
        raised("no waveforms where Whisper needs them", "TypeError") { each in
            each.profile.encodeWhisperEmbed && each.own.contains { $0.waveformsStart == nil }
        },
        raised("rounding to a multiple of 0", "ZeroDivisionError") { $0.profile.roundTo == 0 },
    ]

    private static func value(
        _ name: String, _ isMet: @escaping @Sendable (CollatorCase, Batch) -> Bool
    ) -> CollatorQuirk {
        CollatorQuirk(name: name) { each, outcome in
            if case .value(let batch) = outcome { isMet(each, batch) } else { false }
        }
    }

    private static func raised(
        _ name: String, _ type: String, _ isMet: @escaping @Sendable (CollatorCase) -> Bool
    ) -> CollatorQuirk {
        CollatorQuirk(name: name) { each, outcome in
            if case .raised(type, _) = outcome { isMet(each) } else { false }
        }
    }
}

extension CollatorCase {
    fileprivate var transforms: Bool { !profile.disableAudioCodesTransform }

    fileprivate func isOut(_ id: Int64) -> Bool { id == Int64(profile.audioOutTokenID) }

    fileprivate func outs(_ sample: ChatMLSample) -> Int { sample.inputIDs.count(where: isOut) }

    fileprivate func ins(_ sample: ChatMLSample) -> Int {
        sample.inputIDs.count { $0 == Int64(profile.audioInTokenID) }
    }

    fileprivate func pads(_ batch: Batch) -> Bool {
        batch.attentionMask.scalars.contains(0) && profile.roundTo > 1
    }

    /// The windows of the batch's Whisper features; -1 without Whisper.
    fileprivate func windows(_ batch: Batch) -> Int {
        guard case .tensor(let mask) = batch.audioFeatureAttentionMask else { return -1 }
        return mask.shape[0]
    }
}

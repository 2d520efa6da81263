import AlignmentCodec
import AlignmentStages
import AlignmentTensors
import Synchronization

/// Runs the stages of one request under a profile.
final class StageRunner: Sendable {
    let sample: SampleCapture
    let model: ModelConfiguration
    let codec: Result<CodecFamily, MissingCodec>
    private let memory = Mutex<[(stage: Stage, profile: Profile, outcome: Outcome?)]>([])
    let stretches = Mutex<[(profile: DecodeProfile, frames: Range<Int>, samples: [Float]?)]>([])
    private let decoded = Mutex<[(codes: [NDArray<Int64>], profile: DecodeProfile, waveforms: [[Float]])]>([])

    init(sample: SampleCapture, model: ModelConfiguration, codec: Result<CodecFamily, MissingCodec>) {
        self.sample = sample.knowingPrompt(model)
        self.model = model
        self.codec = codec
    }

    /// Outcomes of the decode stage that are remembered: each holds the sound once or twice.
    private static let soundsKept = 8

    /// What a stage of the sample gives under a profile, for the stage's own facts; nil if it was not
    /// recorded. Asked again for the same knobs, it remembers.
    func outcome(of stage: Stage, under profile: Profile) -> Outcome? {
        let known = memory.withLock { memory in
            memory.first { $0.stage == stage && $0.profile.isSame(as: profile, in: stage) }
        }
        if let known { return known.outcome }
        let outcome = compute(stage, under: profile)
        memory.withLock { memory in
            // What is done to a decoded sound is soon done again, and a search does it in hundreds of ways.
            let sounds = memory.indices.filter { memory[$0].stage == .decode }
            if stage == .decode, sounds.count == Self.soundsKept { memory.remove(at: sounds[0]) }
            memory.append((stage, profile, outcome))
        }
        return outcome
    }

    private func compute(_ stage: Stage, under profile: Profile) -> Outcome? {
        switch stage {
        case .collator:
            sample.collator.map { record in
                raising { () throws(UpstreamError) in
                    try CollatorStage.fields(record.facts, under: profile.collator, model: model)
                }
            }
        case .generation:
            sample.generation.map {
                .fields(GenerationStage.run($0.facts, under: profile.generation).fields)
            }
        case .tokens:
            sample.tokens.map { tokens($0.facts, under: profile.tokens) }
        case .decode:
            sample.decode.map { decode($0.facts, under: profile.decode) }
        }
    }

    private func tokens(_ segments: [NDArray<Int64>], under profile: TokensProfile) -> Outcome {
        raising { () throws(UpstreamError) in
            try TokensStage.run(segments, under: profile, model: model).enumerated().map {
                NamedField("calls/\($0)/codes", .tensor(.int64($1)))
            }
        }
    }

    private func decode(_ calls: [NDArray<Int64>], under profile: DecodeProfile) -> Outcome {
        switch waveforms(of: calls, under: profile) {
        case .failure(let outcome): outcome.outcome
        case .success(let waveforms):
            .fields(
                DecodeStage.returned(waveforms, under: profile).enumerated().map {
                    NamedField("calls/\($0)/waveform", .tensor(.float32(NDArray(vector: $1))))
                } + written(DecodeStage.finished(waveforms, under: profile), under: profile))
        }
    }

    /// The codec's waveform of each call, neither cut nor scaled; the same codes are decoded once.
    private func waveforms(
        of calls: [NDArray<Int64>], under profile: DecodeProfile
    ) -> Result<[[Float]], StageFailure> {
        switch codec {
        case .failure(let missing): return .failure(StageFailure(.notComputed(missing.reason)))
        case .success(let codec):
            let known = decoded.withLock { decoded in
                decoded.first { $0.profile.isDecodedAlike(profile) && $0.codes == calls }
            }
            if let known { return .success(known.waveforms) }
            do throws(CodecError) {
                let waveforms = try DecodeStage.decoded(calls, with: codec, under: profile)
                decoded.withLock { $0.append((calls, profile, waveforms)) }
                return .success(waveforms)
            } catch {
                // No pipeline could have run so on these weights.
                if error == .fusedWeights { return .failure(StageFailure(.notComputed("\(error)"))) }
                return .failure(StageFailure(.raised(error.upstream)))
            }
        }
    }

    /// The codes handed to the codec: as captured, else as a profile gives them, else those of the decode stage.
    func codes(under profile: Profile) -> [NDArray<Int64>]? {
        let codes = (sample.tokens?.captured ?? outcome(of: .tokens, under: profile))?.codes ?? []
        return codes.isEmpty ? sample.decode?.facts : codes
    }

    /// The conditioning audio on both paths; nil without a recorded collator.
    func conditioning(current: Profile, aligned: Profile) -> Conditioning? {
        guard let recorded = sample.recorded(.collator),
            let currentOutcome = outcome(of: .collator, under: current),
            let alignedOutcome = outcome(of: .collator, under: aligned)
        else { return nil }
        return Conditioning(
            current: recorded.captured ?? currentOutcome, aligned: alignedOutcome, model: model,
            currentProfile: current, alignedProfile: aligned)
    }

    /// The integer encoding of the first file that was written; nil if there is none of those that are known.
    var encoding: PCM? { sample.written.first.flatMap { PCM(subtype: $0.subtype) } }

    /// Whether the codec has already run as a profile has it.
    func hasDecoded(_ profile: DecodeProfile) -> Bool {
        decoded.withLock { $0.contains { $0.profile.isDecodedAlike(profile) } }
    }

    /// What would have been written of the waveforms joined, where the capture has one such file.
    private func written(_ waveforms: [[Float]], under profile: DecodeProfile) -> [NamedField] {
        guard sample.written.count == 1, sample.written[0].samples.shape.rank == 1 else { return [] }
        let joined = waveforms.flatMap { $0 }
        if sample.written[0].subtype == "FLOAT" {
            return [NamedField("written/0/samples", .tensor(.float32(NDArray(vector: joined))))]
        }
        guard let encoding else { return [] }
        let samples = joined.map { encoding.quantised($0, profile.overflow) }
        return [NamedField("written/0/samples", .tensor(.int32(NDArray(vector: samples))))]
    }

    /// The sound of delayed streams, all the way through the tokens and decode stages.
    func sound(of segments: [NDArray<Int64>], under profile: Profile) -> Result<[Float], StageFailure> {
        do throws(UpstreamError) {
            let calls = try TokensStage.run(segments, under: profile.tokens, model: model)
            return finalSound(of: calls, under: profile)
        } catch {
            return .failure(StageFailure(.raised(error)))
        }
    }

    /// The sound of codes as a file of float would have it.
    func finalSound(of calls: [NDArray<Int64>], under profile: Profile) -> Result<[Float], StageFailure> {
        finalWaveforms(of: calls, under: profile).map { $0.flatMap { $0 } }
    }

    /// The same call by call.
    func finalWaveforms(of calls: [NDArray<Int64>], under profile: Profile) -> Result<[[Float]], StageFailure>
    {
        waveforms(of: calls, under: profile.decode).map { DecodeStage.finished($0, under: profile.decode) }
    }

    private func raising(_ fields: () throws(UpstreamError) -> [NamedField]) -> Outcome {
        do throws(UpstreamError) { return .fields(try fields()) } catch { return .raised(error) }
    }
}

/// A stage that gave no output: it raised, or it could not be computed.
struct StageFailure: Error {
    let outcome: Outcome
    init(_ outcome: Outcome) { self.outcome = outcome }
}

/// Why there is no codec to decode with.
public struct MissingCodec: Error, Sendable {
    /// One clause that says what was looked for and where.
    public let reason: String

    /// No codec, for this reason.
    public init(_ reason: String) { self.reason = reason }
}

import AlignmentStages
import AlignmentTensors

extension ReproScript {
    func decode() throws(Repro.Impossible) -> Parts {
        guard explainer.sample.decode != nil else {
            throw Repro.Impossible(description: "the decode stage was not recorded")
        }
        let imports = (
            [String](),
            ["from boson_multimodal.audio_processing.higgs_audio_tokenizer import load_higgs_audio_tokenizer"]
        )
        if cause.id == "decode.sample-rate" {
            return Parts(
                imports: imports,
                code: """
                    \(Self.codec)
                    given = None
                    recorded = int(stage["captured/written/0/samples"].attrs["sample_rate"])


                    def upstream(_):
                        return tokenizer.sampling_rate
                    """)
        }
        let isInFile = showsInFile
        let (scale, tolerance) = fileScale
        return Parts(
            imports: imports,
            code: """
                \(Self.codec)
                given = numbered("input/calls", "codes")
                recorded = \(isInFile
                    ? "[torch.from_numpy(stage[\"captured/written/0/samples\"][()])\(scale)]"
                    : "numbered(\"captured/calls\", \"waveform\")")


                def decode(codes):
                    return torch.from_numpy(tokenizer.decode(codes[None])[0, 0])


                def upstream(calls):
                \(lines(reference.decode, isInFile: isInFile))
                """,
            fault: hasFault(in: .decode)
                ? """
                def pipeline(calls):
                \(faulty.decode.weightNorm == .directionOnly ? Self.directionsAlone : "")\
                \(lines(faulty.decode, isInFile: isInFile))
                """ : nil, tolerance: tolerance)
    }

    private static let codec = """
        codec = sys.argv[1] if len(sys.argv) > 1 else "bosonai/higgs-audio-v2-tokenizer"
        tokenizer = load_higgs_audio_tokenizer(codec, device="cpu")
        """

    private static let directionsAlone = """
            for module in tokenizer.modules():
                if hasattr(module, "weight_g"):
                    module.weight_g.data = module.weight_v.data.flatten(1).norm(dim=1).view_as(module.weight_g)

        """

    /// The codec's own output is as it should be: the fault lies on the way to the file.
    private var showsInFile: Bool {
        guard !explainer.sample.written.isEmpty else { return false }
        switch cause.id {
        case "decode.int16-wrap", "decode.pcm-floor": return true
        case "decode.nonfinite":
            return explainer.sample.decode?.captured?.fields.compactMap(\.waveform)
                .allSatisfy { $0.allSatisfy(\.isFinite) } ?? true
        case "decode.trimmed": return faulty.decode.trimAt == .file
        case "decode.output-scale": return faulty.decode.scaleAt == .file
        case "decode.unexplained": return cause.evidence.contains { $0.contains("written/") }
        default: return false
        }
    }

    /// What brings a file's samples to full scale 1, and how near they must be.
    private var fileScale: (scale: String, tolerance: String) {
        let near = "1e-3 * float(torch.cat(wanted).pow(2).mean().sqrt())"
        guard showsInFile, let written = explainer.sample.written.first, written.samples.dtype == .int32
        else { return ("", near) }
        return (" / 2**31", "2**-14 + \(near)")
    }

    /// What the decode stage does, as the lines of a function's body.
    private func lines(_ profile: DecodeProfile, isInFile: Bool) -> String {
        var steps: [String] = []
        let codebooks = explainer.model.audioNumCodebooks
        if let count = profile.quantizers, count < codebooks { steps.append("codes = codes[:\(count)]") }
        if let chunk = profile.chunkFrames {
            steps += [
                "parts = []",
                "for start in range(0, codes.shape[1], \(chunk)):",
                "    first, end = max(start - \(profile.chunkContext), 0), min(start + \(chunk), codes.shape[1])",
                "    part = decode(codes[:, first:end + \(profile.rightContext)])",
                "    hop = len(part) // (min(end + \(profile.rightContext), codes.shape[1]) - first)",
                "    parts.append(part[(start - first) * hop:(end - first) * hop])",
                "sound = torch.cat(parts)",
            ]
        } else {
            steps.append("sound = decode(codes)")
        }
        for place in isInFile ? [FinishPoint.codec, .file] : [.codec] {
            if profile.trimAt == place, profile.trim != .none { steps.append(Self.trim(profile.trim)) }
            if profile.scaleAt == place {
                switch profile.outputScale {
                case .factor(1): break
                case .factor(let factor): steps.append("sound = sound * \(factor)")
                case .peak: steps.append("sound = sound / sound.abs().max()")
                }
            }
        }
        let loop = ["for codes in calls:"] + (steps + ["sounds.append(sound)"]).map { "    " + $0 }
        var end = ["return sounds"]
        if isInFile {
            end = ["sound = torch.cat(sounds)"]
            switch profile.overflow {
            case _ where explainer.sample.written.first?.samples.dtype != .int32: end.append("return [sound]")
            case .wrap: end.append("return [(sound * 32767).long().short().float() / 32768]")
            case .clamp, .truncate: end.append("return [sound.clamp(-1, 1)]")
            }
        }
        return (["sounds = []"] + loop + end).map { "    " + $0 }.joined(separator: "\n")
    }

    private static func trim(_ cuts: EndCuts) -> String {
        let rest = EndCuts(max(cuts.start, 0), max(cuts.end, 0))
        let sound = rest == .none ? "sound" : "sound[\(rest.slice)]"
        guard cuts.start < 0 || cuts.end < 0 else { return "sound = \(sound)" }
        return
            "sound = torch.nn.functional.pad(\(sound), (\(max(-cuts.start, 0)), \(max(-cuts.end, 0))))"
    }
}

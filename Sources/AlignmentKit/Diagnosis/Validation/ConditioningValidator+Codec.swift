import AlignmentCodec
import AlignmentJSON
import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// The audio tokenizer, and whether it fits the model.
extension ConditioningValidator {
    private var segments: [NDArray<Int64>] {
        sample.collator?.facts.items.flatMap { $0.segments.map(\.codes) } ?? []
    }

    var audioTokenizer: ConditioningCheck {
        let decoded = sample.decode?.captured?.fields.contains { $0.name.hasSuffix("waveform") } ?? false
        var seen: [String] = []
        if !segments.isEmpty { seen.append("encoded") }
        if decoded { seen.append("decoded") }
        if (try? codec.get()) != nil { seen.append("weights") }
        func result(_ status: ConditioningCheck.Status, _ why: String) -> ConditioningCheck {
            ConditioningCheck(
                .audioTokenizer, status, .array(seen.map(\.json)),
                expected: .string("a codec with its weights"),
                [
                    path("collator/input/segments"), path("decode/captured"), "/weights/codec.json",
                    "/config/codec.json",
                ], why)
        }
        switch codec {
        case .success:
            return result(
                .passed,
                seen.count > 1
                    ? "the codec ran, and its weights are at hand" : "the codec's weights are at hand")
        case .failure(let missing):
            if !capture.codec.tensors.isEmpty { return result(.failed, missing.reason) }
            if !seen.isEmpty { return result(.warning, "the codec ran, but \(missing.reason)") }
            return result(.notDecided, missing.reason)
        }
    }

    var codecCodebooks: ConditioningCheck {
        let loaded = try? codec.get()
        let count =
            loaded?.weights.configuration.quantizerCount ?? evidence.codec?["n_q"]?.int
            ?? segments.first?.rows
        let needed =
            (evidence.model?["audio_num_codebooks"] ?? evidence.model?["num_codebooks"])?.int
            ?? declared("generation.audio_num_codebooks")?.int
        func result(_ status: ConditioningCheck.Status, _ why: String) -> ConditioningCheck {
            ConditioningCheck(
                .codecCodebooks, status, count.map(JSONValue.integer) ?? .null,
                expected: needed.map(JSONValue.integer) ?? .null,
                ["/weights/codec.json", "/config/codec.json", "/config/model.json"], why)
        }
        guard let count, let needed else {
            return result(.notDecided, "the codec's or the model's number of codebooks was not recorded")
        }
        if let said = evidence.codec?["n_q"]?.int, said != count {
            return result(.failed, "config/codec.json says \(said) codebooks, the weights have \(count)")
        }
        if let odd = segments.first(where: { $0.rows != count }) {
            return result(.failed, "an encoded sound has \(odd.rows) codebooks, the codec \(count)")
        }
        if count < needed {
            return result(.failed, "the model gives \(needed) codebooks, the codec takes \(count) and raises")
        }
        return count == needed
            ? result(.passed, "the codec has the codebooks that the model gives")
            : result(
                .failed, "the model gives \(needed) of the codec's \(count) codebooks: it is another codec's")
    }

    var codecCodebookSize: ConditioningCheck {
        let size = (try? codec.get())?.weights.configuration.codebookSize ?? evidence.codec?["bins"]?.int
        let needed =
            evidence.model?["audio_codebook_size"]?.int ?? declared("generation.audio_codebook_size")?.int
        let property = evidence.codec?["codebook_size"]?.int ?? evidence.codec?["quantizer_dim"]?.int
        let calls = sample.decode?.facts ?? []
        func result(_ status: ConditioningCheck.Status, _ why: String) -> ConditioningCheck {
            ConditioningCheck(
                .codecCodebookSize, status, size.map(JSONValue.integer) ?? .null,
                expected: needed.map(JSONValue.integer) ?? .null,
                [
                    "/weights/codec.json", "/config/codec.json", "/config/model.json",
                    path("decode/input/calls"),
                    path("collator/input/segments"),
                ], why)
        }
        guard let size, let needed else {
            return result(.notDecided, "the codec's or the model's codebook size was not recorded")
        }
        if let said = evidence.codec?["bins"]?.int, said != size {
            return result(.failed, "config/codec.json says \(said) codes, the weights have \(size)")
        }
        guard size == needed else {
            return result(.failed, "the model's codes go up to \(needed - 1), the codec's to \(size - 1)")
        }
        for (what, codes) in calls.map({ ("handed to the codec", $0) })
            + segments.map({ ("of a reference", $0) })
        {
            let outside = codes.scalars.count { !(0..<Int64(size)).contains($0) }
            if outside > 0 {
                return result(
                    .failed, "\(counted(outside, "id")) \(what) are no codes of the codec, which raises")
            }
        }
        guard let property, property != size else {
            return result(.passed, "the codec's codes are the model's")
        }
        let trap =
            "the codec's codebook_size property is its quantizer_dim, \(property), not its \(size) codes"
        return declared("tokens.clip_max")?.int == property - 1
            ? result(.failed, "\(trap), and the pipeline clips by it")
            : result(.warning, "\(trap): clip by the model's audio_codebook_size")
    }
}

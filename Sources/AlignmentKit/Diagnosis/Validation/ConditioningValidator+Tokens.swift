import AlignmentJSON
import AlignmentStages
import AlignmentTensors
import AlignmentWording

/// Special tokens: the ids that are agreed on, and where they stand.
extension ConditioningValidator {
    /// One id, with the names that the configurations and the profile have for it.
    private struct IDSource {
        var name: String
        var model: [String]
        var knobs: [String] = []
    }

    private static let ids = [
        IDSource(
            name: "audio_in_token_id", model: ["audio_in_token_idx", "audio_in_token_id", "audio_token_id"],
            knobs: ["collator.audio_in_token_id"]),
        IDSource(
            name: "audio_out_token_id", model: ["audio_out_token_idx", "audio_out_token_id"],
            knobs: ["collator.audio_out_token_id"]),
        IDSource(name: "audio_bos_token_id", model: ["audio_bos_token_id"]),
        IDSource(name: "audio_eos_token_id", model: ["audio_eos_token_id"]),
        IDSource(name: "audio_out_bos_token_id", model: ["audio_out_bos_token_id"]),
        IDSource(name: "pad_token_id", model: ["pad_token_id"], knobs: ["collator.pad_token_id"]),
        IDSource(
            name: "audio_stream_bos_id", model: ["audio_stream_bos_id"],
            knobs: ["collator.audio_stream_bos_id", "generation.audio_stream_bos_id"]),
        IDSource(
            name: "audio_stream_eos_id", model: ["audio_stream_eos_id"],
            knobs: ["collator.audio_stream_eos_id", "generation.audio_stream_eos_id"]),
    ]

    var specialTokenIDs: ConditioningCheck {
        var problems: [String] = []
        var isDecided = false
        var agreed: [String: Int] = [:]
        for id in Self.ids {
            var said: [(String, Int)] = []
            if let value = evidence.tokens?[id.name]?.int { said.append(("config/tokens.json", value)) }
            if let value = id.model.lazy.compactMap({ evidence.model?[$0]?.int }).first {
                said.append(("config/model.json", value))
            }
            said += id.knobs.compactMap { key in declared(key)?.int.map { (key, $0) } }
            isDecided = isDecided || said.count > 1
            agreed[id.name] = said.first?.1
            if Set(said.map(\.1)).count > 1 {
                problems.append(
                    "\(id.name) is " + said.map { "\($0.1) in \($0.0)" }.joined(separator: ", "))
            }
        }
        let texts = agreed.filter { !$0.key.contains("stream") && $0.key != "pad_token_id" }
        for (value, names) in Dictionary(grouping: texts.keys.sorted(), by: { texts[$0] ?? 0 })
        where names.count > 1 {
            problems.append("\(names.joined(separator: " and ")) are both \(value)")
        }
        if let size = evidence.model?["audio_codebook_size"]?.int {
            for name in ["audio_stream_bos_id", "audio_stream_eos_id"] {
                guard let id = agreed[name], !(size..<size + 2).contains(id) else { continue }
                problems.append("\(name) is \(id), not one of the two ids that follow \(size) codes")
            }
        }
        if let id = agreed["audio_stream_bos_id"], id == agreed["audio_stream_eos_id"] {
            problems.append("audio_stream_bos_id and audio_stream_eos_id are both \(id)")
        }
        return ConditioningCheck(
            .specialTokenIDs, !problems.isEmpty ? .failed : isDecided ? .passed : .notDecided,
            isDecided || !problems.isEmpty ? .array(problems.map(\.json)) : .null, expected: .array([]),
            ["/config/tokens.json", "/config/model.json", path("profile.json")],
            !problems.isEmpty
                ? problems.joined(separator: "; ")
                : isDecided
                    ? "the configurations and the profile agree on every id that two of them name"
                    : "no id is named in two places")
    }

    var placeholders: ConditioningCheck {
        let items = sample.collator?.facts.items ?? []
        let ids = [Int64(model.audioInTokenID), Int64(model.audioOutTokenID)]
        let counts = items.map { item in item.promptIDs.count { ids.contains($0) } }
        let segments = items.map(\.segments.count)
        func result(_ status: ConditioningCheck.Status, _ why: String) -> ConditioningCheck {
            ConditioningCheck(
                .placeholders, status, items.isEmpty ? .null : .integer(counts.reduce(0, +)),
                expected: items.isEmpty ? .null : .integer(segments.reduce(0, +)),
                [path("collator/input/prompt_ids"), path("collator/input/segments")], why)
        }
        guard !items.isEmpty else { return result(.notDecided, "no collator call was recorded") }
        let hasUnseenCodes = items.contains {
            $0.segments.isEmpty && ($0.built?.audioIDsConcat?.columns ?? 0) > 0
        }
        guard !hasUnseenCodes else {
            return result(.notDecided, "the sample holds codes whose encoding was not recorded")
        }
        if zip(counts, segments).contains(where: { $0 > $1 }) {
            return result(
                .failed,
                "the prompt holds more <|AUDIO|> and <|AUDIO_OUT|> than sounds were encoded: the surplus one gets an "
                    + "empty segment, or the collator raises")
        }
        if zip(counts, segments).contains(where: { $0 < $1 }) {
            return result(
                .failed, "a sound was encoded that no <|AUDIO|> and no <|AUDIO_OUT|> of the prompt refers to")
        }
        return result(.passed, "one placeholder for each encoded sound")
    }

    var assistantHeader: ConditioningCheck {
        let prompts = sample.collator?.facts.items.map(\.promptIDs) ?? []
        let header = [Int64](json: evidence.tokens?["assistant_header"]) ?? []
        func result(_ status: ConditioningCheck.Status, _ value: JSONValue, _ why: String)
            -> ConditioningCheck
        {
            ConditioningCheck(
                .assistantHeader, status, value,
                expected: header.isEmpty ? .null : .array(header.map { .integer(Int($0)) }),
                [path("collator/input/prompt_ids"), "/config/tokens.json"], why)
        }
        guard !prompts.isEmpty else { return result(.notDecided, .null, "no prompt was recorded") }
        let ends = prompts.map { prompt in
            prompt.last == Int64(model.audioOutBOSTokenID) ? prompt.dropLast() : prompt[...]
        }
        let shown = JSONValue.array(ends[0].suffix(max(header.count, 1)).map { .integer(Int($0)) })
        guard !header.isEmpty else {
            return result(.notDecided, shown, "config/tokens.json names no assistant_header")
        }
        return ends.allSatisfy { $0.suffix(header.count).elementsEqual(header) }
            ? result(.passed, shown, "the prompt ends in the header that opens the assistant's turn")
            : result(
                .failed, shown,
                "the prompt does not end in the header that opens the assistant's turn, so the model answers nobody"
            )
    }

    var streamIDs: ConditioningCheck {
        let (bos, eos) = (Int64(model.audioStreamBOS), Int64(model.audioStreamEOS))
        let generated = sample.tokens?.facts ?? sample.generation?.facts.segments ?? []
        var problems: [String] = []
        for (index, stream) in generated.enumerated() where stream.columns > 0 {
            if !(0..<stream.rows).allSatisfy({ stream[$0, 0] == bos }) {
                problems.append("generated segment \(index) does not begin in \(bos)")
            }
            let outside = stream.scalars.count { $0 < 0 || $0 > max(bos, eos) }
            if outside > 0 {
                problems.append("generated segment \(index) holds \(outside) ids that are none")
            }
        }
        var conditioning = 0
        let takesCodesAsTheyAre = declared("collator.disable_audio_codes_transform")?.bool ?? false
        for field in ["audio_in_ids", "audio_out_ids"] where !takesCodesAsTheyAre {
            for (index, stream) in streams(field).enumerated() where stream.columns > 0 {
                conditioning += 1
                let last = stream.columns - 1
                let isFramed = (0..<stream.rows).allSatisfy {
                    stream[$0, 0] == bos && stream[$0, last] == eos
                }
                if !isFramed {
                    problems.append("segment \(index) of \(field) does not stand between \(bos) and \(eos)")
                }
            }
        }
        let found = generated.count + conditioning
        return ConditioningCheck(
            .streamIDs, found == 0 ? .notDecided : problems.isEmpty ? .passed : .failed,
            found == 0 ? .null : .array(problems.map(\.json)), expected: .array([]),
            [
                path("tokens/input/segments"), path("collator/captured/batch/audio_in_ids"),
                path("collator/captured/batch/audio_out_ids"),
            ],
            found == 0
                ? "no audio stream was recorded"
                : problems.isEmpty
                    ? "\(counted(found, "stream")): each begins in \(bos), each reference ends in \(eos)"
                    : problems.joined(separator: "; "))
    }

    /// The streams of a field of the batch, cut at their starts.
    private func streams(_ field: String) -> [NDArray<Int64>] {
        guard case .tensor(.int64(let ids))? = batch(field), ids.shape.rank == 2,
            case .tensor(.int64(let starts))? = batch("\(field)_start")
        else { return [] }
        let bounds = starts.scalars.map { min(max(Int($0), 0), ids.columns) } + [ids.columns]
        return zip(bounds, bounds.dropFirst()).map { start, stop in
            NDArray(rows: ids.rows, columns: max(stop - start, 0)) { ids[$0, start + $1] }
        }
    }
}

extension [Int64] {
    fileprivate init?(json: JSONValue?) {
        guard let values = json?.array?.map(\.int), let whole = values as? [Int] else { return nil }
        self = whole.map(Int64.init)
    }
}

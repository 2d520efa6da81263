import AlignmentJSON
import AlignmentStages

extension Deviation {
    static let tokens = [
        Deviation(
            "tokens.no-revert", .defect, "leaves the delay in the codes", fix: "revert the delay once",
            knobs: ["tokens.revert"], when: { $0 == .integer(0) },
            tries: { _ in [["tokens.revert": .integer(0)]] }),
        Deviation(
            "tokens.revert-twice", .defect, "undoes the delay more than once", fix: "revert the delay once",
            knobs: ["tokens.revert"], when: { $0 != .integer(0) },
            tries: { _ in [["tokens.revert": .integer(2)], ["tokens.revert": .integer(3)]] }),
        Deviation(
            "tokens.chunked-revert", .defect,
            "reverts streamed chunks one by one and loses columns at each seam",
            fix: "carry codebooks - 1 columns over from one chunk to the next",
            knobs: ["tokens.revert_chunk", "tokens.revert_overlap"], when: { $0 != .null },
            tries: \.revertChunks),
        Deviation(
            "tokens.no-strip", .defect, "keeps the BOS and EOS columns",
            fix: "cut the first and the last column off: codes[:, 1:-1]",
            knobs: ["tokens.strip"], when: { $0 == Strip.none.json },
            tries: { _ in [["tokens.strip": Strip.none.json]] }),
        Deviation(
            "tokens.ramp-dropped", .defect,
            "cuts the delay's ramps off before the revert and loses frames at both ends",
            fix: "revert first, then cut the end columns off: codes[:, 1:-1]", knobs: ["tokens.ramp_columns"],
            tries: \.rampCuts),
        Deviation(
            "tokens.strip-one-side", .defect, "cuts off only one of the two end columns",
            fix: "cut both off: codes[:, 1:-1]",
            knobs: ["tokens.strip"], when: { $0 != Strip.none.json },
            tries: { _ in [["tokens.strip": Strip.first.json], ["tokens.strip": Strip.last.json]] }),
        Deviation(
            "tokens.strip-guard", .defect, "skips the strip for short streams", fix: "strip without a guard",
            knobs: ["tokens.strip_guard"], tries: \.guardBounds),
        Deviation(
            "tokens.strip-valid-frame", .limit, "cuts off the last valid frame of a stream that met no EOS",
            fix: "keep the last column of a stream without EOS, or repair the budget", needs: [.input],
            check: FactChecks.stripsValidFrame),
        Deviation(
            "tokens.special-inside", .limit, "hands on columns whose special ids the clip hides",
            fix: "cut out every column with a special id", needs: [.input], check: FactChecks.specialInside),
        Deviation(
            "tokens.no-clip", .defect, "lets special ids reach the codec",
            fix: "clip to the codebook size minus 1", knobs: ["tokens.clip_max"], when: { $0 == .null },
            tries: { _ in [["tokens.clip_max": .null]] }),
        Deviation(
            "tokens.clip-bound", .defect, "clips to another bound",
            fix: "clip to the model configuration's codebook size minus 1", knobs: ["tokens.clip_max"],
            when: { $0 != .null }, tries: \.clipBounds),
        Deviation(
            "tokens.wrap", .defect, "takes ids modulo the codebook size, or zeroes special ids", fix: "clip",
            knobs: ["tokens.out_of_range"],
            tries: { _ in
                [["tokens.out_of_range": .string("wrap")], ["tokens.out_of_range": .string("zero")]]
            }),
        Deviation(
            "tokens.codebook-order", .defect, "permutes the codebooks before the codec",
            fix: "hand the codebooks on as sampled", knobs: ["tokens.codebooks"], when: isReordering,
            tries: { $0.codebooks.filter { $0.values.allSatisfy(isReordering) } }),
        Deviation(
            "tokens.codebook-count", .defect, "drops codebooks before the codec",
            fix: "hand all codebooks on", knobs: ["tokens.codebooks"], when: { !isReordering($0) },
            tries: { $0.codebooks.filter { !$0.values.allSatisfy(isReordering) } }),
        Deviation(
            "tokens.transposed", .defect, "reads [frame, codebook] as [codebook, frame]", fix: "transpose",
            knobs: ["tokens.layout"],
            tries: { _ in [["tokens.layout": .string("transposed")], ["tokens.layout": .string("reshaped")]] }
        ),
        Deviation(
            "tokens.joined-segments", .setting, "joins the segments' codes before decoding",
            fix: "one call of the codec for each segment", knobs: ["tokens.join_segments"],
            tries: { _ in [["tokens.join_segments": .bool(true)], ["tokens.join_segments": .bool(false)]] }),
        Deviation(
            "tokens.clip-order", .never, "clips at another place in the order", fix: "none needed",
            knobs: ["tokens.order"], when: { !stripsFirst($0) }),
        Deviation(
            "tokens.strip-before-revert", .never, "strips before it reverts", fix: "none needed",
            knobs: ["tokens.order"], when: stripsFirst),
        Deviation(
            "tokens.eos-check-after-clip", .never, "looks for EOS after the clip, which has hidden it",
            fix: "look before the clip", needs: [.log], check: FactChecks.inLogsAlone),
    ]

    /// Whether a list of codebooks is a permutation: it names all up to its length, in another order.
    static let isReordering: @Sendable (JSONValue) -> Bool = { value in
        let order = value.array?.compactMap(\.int) ?? []
        return order.sorted() == Array(order.indices) && order != Array(order.indices)
    }

    private static let stripsFirst: @Sendable (JSONValue) -> Bool = { value in
        let steps = value.array?.compactMap(\.string) ?? []
        guard let strip = steps.firstIndex(of: TokenStep.strip.rawValue),
            let revert = steps.firstIndex(of: TokenStep.revert.rawValue)
        else { return false }
        return strip < revert
    }
}

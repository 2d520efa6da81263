import AlignmentStages

extension KnobEffect {
    static let tokens = [
        KnobEffect(
            "tokens.revert", missing(.revert),
            .conditional("a stream has columns left for the second revert to cut") {
                min($0.tokens.revert, $1.tokens.revert) > 0
            }, rampsCut, .always),
        KnobEffect(
            "tokens.revert_chunk", missing(.revert), notReverted,
            .never("chunks of as many columns as codebooks, overlapping by all but one, lose nothing") {
                losesNothing($0)
            },
            .conditional("a stream has more columns than the smaller chunk")),
        KnobEffect(
            "tokens.revert_overlap", missing(.revert), notReverted,
            .never("the delay is undone all at once") { $0.tokens.revertChunk == nil },
            .conditional("a stream has more columns than a chunk")),
        KnobEffect(
            "tokens.clip_max", missing(.clip),
            .conditional(
                "a column that is kept holds an id above the smaller bound, or below 0 where one side clips "
                    + "nothing or wraps; a clean stream ends at 1023")),
        KnobEffect(
            "tokens.out_of_range", missing(.clip),
            .never("nothing is clipped") { $0.tokens.clipMax == nil },
            .conditional("a column that is kept holds an id outside 0 ... clip_max")),
        KnobEffect("tokens.ramp_columns", .conditional("a stream has columns for the larger cut")),
        KnobEffect(
            "tokens.layout", .conditional("a call has more than one frame, or more than one codebook")),
        KnobEffect(
            "tokens.strip",
            .never("strip is not among the steps") {
                !$0.tokens.order.contains(.strip) && $0.tokens.strip != .searched
            },
            .conditional("the search finds another number of end columns than are cut off without it") {
                $0.tokens.strip == .searched || $1.tokens.strip == .searched
            },
            .conditional(
                "a stream has more columns than strip_guard, and keeps some through a revert in chunks"
            ) {
                left, _ in
                left.tokens.stripGuard != nil || left.tokens.revertChunk != nil
            }, rampsCut, .always),
        KnobEffect(
            "tokens.strip_guard", missing(.strip),
            .never("nothing is stripped") { $0.tokens.strip == .none },
            .never("the search for end columns has no guard") { $0.tokens.strip == .searched },
            .never("every stream with a column is stripped") { $0.tokens.stripGuard ?? 0 <= 0 },
            .conditional("a stream has no more columns than the larger guard when it comes to the strip")),
        KnobEffect("tokens.join_segments", .conditional("more than one segment was generated")),
        KnobEffect(
            "tokens.order",
            .never("the clip works on each id alone, before or after the others") {
                let (left, right) = ($0.tokens.order, $1.tokens.order)
                return $0.tokens.strip != .searched
                    && left.filter { $0 != .clip } == right.filter { $0 != .clip }
                    && left.contains(.clip) == right.contains(.clip)
            },
            .conditional("a stream has fewer columns than its codebooks and one, or strip_guard counts them")
            {
                $0.tokens.order.map(\.rawValue).sorted() == $1.tokens.order.map(\.rawValue).sorted()
            },
            .conditional("the step that one side leaves out or repeats has something to do")),
        KnobEffect(
            "tokens.codebooks",
            .never("all codebooks in their order are what None hands on") {
                handsOnAll($0) && handsOnAll($1)
            },
            .conditional("the codebooks that change places hold other ids") {
                order($0).count == order($1).count
            },
            .conditional("segments that are joined transposed are equally long") { left, _ in
                left.tokens.layout == .transposed && left.tokens.joinSegments
            }, rampsCut, .always),
    ]

    private static let rampsCut = Case.conditional(
        "a stream keeps columns, and for a search its BOS, when its ramps are cut off"
    ) {
        left, _ in left.tokens.rampColumns != .none
    }

    private static let notReverted = Case.never("the delay is not undone") { $0.tokens.revert == 0 }

    private static func losesNothing(_ profile: Profile) -> Bool {
        guard let chunk = profile.tokens.revertChunk else { return true }
        let codebooks = profile.generation.audioNumCodebooks
        return chunk >= codebooks && profile.tokens.revertOverlap == codebooks - 1
    }

    private static func missing(_ step: TokenStep) -> Case {
        .never("\(step.rawValue) is not among the steps") { !$0.tokens.order.contains(step) }
    }

    private static func order(_ profile: Profile) -> [Int] {
        profile.tokens.codebooks ?? Array(0..<profile.generation.audioNumCodebooks)
    }

    private static func handsOnAll(_ profile: Profile) -> Bool {
        order(profile) == Array(0..<profile.generation.audioNumCodebooks)
    }
}

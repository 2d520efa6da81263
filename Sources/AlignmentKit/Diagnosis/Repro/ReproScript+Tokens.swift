import AlignmentStages

extension ReproScript {
    func tokens() throws(Repro.Impossible) -> Parts {
        guard reference.tokens.strip != .searched else {
            throw Repro.Impossible(description: "the port's search for the end columns has no script")
        }
        return Parts(
            imports: ([], ["from boson_multimodal.model.higgs_audio.utils import revert_delay_pattern"]),
            code: """
                given = numbered("input/segments", "delayed")
                recorded = numbered("captured/calls", "codes")


                def upstream(streams):
                \(Self.lines(reference.tokens))
                """,
            fault: hasFault(in: .tokens)
                ? """
                def pipeline(streams):
                \(Self.lines(faulty.tokens))
                """ : nil)
    }

    /// What the tokens stage does, as the lines of a function's body.
    private static func lines(_ profile: TokensProfile) -> String {
        var steps: [String] = []
        if profile.rampColumns != .none { steps.append("codes = codes[:, \(profile.rampColumns.slice)]") }
        for step in profile.order {
            switch step {
            case .revert: steps += Array(repeating: revert(profile), count: profile.revert)
            case .clip: if let bound = profile.clipMax { steps.append(clip(profile.outOfRange, bound)) }
            case .strip:
                let slice =
                    switch profile.strip {
                    case .both: "1:-1"
                    case .first: "1:"
                    case .last: ":-1"
                    case .none, .searched: ""
                    }
                guard !slice.isEmpty else { continue }
                steps.append(
                    profile.stripGuard.map {
                        "codes = codes[:, \(slice)] if codes.shape[1] > \($0) else codes"
                    }
                        ?? "codes = codes[:, \(slice)]")
            }
        }
        if let codebooks = profile.codebooks { steps.append("codes = codes[\(codebooks)]") }
        switch profile.layout {
        case .codebooksFirst: break
        case .transposed: steps.append("codes = codes.T")
        case .reshaped: steps.append("codes = codes.T.reshape(codes.shape)")
        }
        let loop = (["for codes in streams:"] + (steps + ["calls.append(codes)"]).map { "    " + $0 })
        let end = profile.joinSegments ? "return [torch.cat(calls, dim=1)]" : "return calls"
        return (["calls = []"] + loop + [end]).map { "    " + $0 }.joined(separator: "\n")
    }

    private static func revert(_ profile: TokensProfile) -> String {
        guard let chunk = profile.revertChunk else { return "codes = revert_delay_pattern(codes)" }
        let first = profile.revertOverlap > 0 ? "max(i - \(profile.revertOverlap), 0)" : "i"
        return
            "codes = torch.cat([revert_delay_pattern(codes[:, \(first):i + \(chunk)]) "
            + "for i in range(0, codes.shape[1], \(chunk))], dim=1)"
    }

    private static func clip(_ rule: OutOfRange, _ bound: Int) -> String {
        switch rule {
        case .clip: "codes = codes.clip(0, \(bound))"
        case .wrap: "codes = codes % \(bound + 1)"
        case .zero: "codes = torch.where((codes < 0) | (codes > \(bound)), 0, codes)"
        }
    }
}

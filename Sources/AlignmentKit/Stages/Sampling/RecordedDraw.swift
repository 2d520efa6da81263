import AlignmentTensors

/// A live cell of a recorded stream, as a likelihood sees it.
package struct RecordedDraw: Sendable {
    /// Where it stands, and the id that was kept.
    package let cell: DrawnCell
    /// The sampler's step, over all segments.
    package let step: Int
    /// What was drawn is lost; what is known is that it was not EOS.
    ///
    /// Upstream overwrites the codebooks above the first one that drew EOS.
    package let isLost: Bool
    /// For each rule of repetition, the ids that it does not accept here; none where it is off.
    package let repeated: [Repeated]

    /// The same cell, had it kept another id.
    package func keeping(_ id: Int) -> RecordedDraw {
        RecordedDraw(
            cell: DrawnCell(segment: cell.segment, column: cell.column, codebook: cell.codebook, id: id),
            step: step, isLost: false, repeated: repeated)
    }

    /// Ids that stand too often in a rule's window.
    package enum Repeated: Sendable, Hashable {
        case ids([Int])
        /// A limit of 0 accepts none.
        case all

        package func contains(_ id: Int) -> Bool {
            switch self {
            case .ids(let ids): ids.contains(id)
            case .all: true
            }
        }

        /// Some id would be drawn again.
        package var isEligible: Bool { self != .ids([]) }
    }
}

extension GenerationStage {
    /// The cells that were drawn, not forced, with what each rule of repetition would not accept there.
    ///
    /// - Parameter rules: nil for repetition-aware sampling that is off.
    package static func draws(
        _ facts: GenerationFacts, under profile: GenerationProfile, rules: [RepetitionRule?]
    ) -> [RecordedDraw] {
        var windows = rules.map { RepetitionWindow(length: $0?.window ?? 0, under: profile) }
        let codebooks = facts.segments.first?.rows ?? 0
        for index in 0..<facts.referenceColumns.columns where facts.referenceColumns.rows == codebooks {
            let column = facts.referenceColumns.column(index)
            for rule in windows.indices { windows[rule].append(column) }
        }
        var found: [RecordedDraw] = []
        var step = 0
        for (segmentIndex, segment) in facts.segments.enumerated() where segment.rows == codebooks {
            var machine = DelayStateMachine(segment, facts, under: profile)
            for index in 0..<segment.columns {
                let column = segment.column(index)
                if index > 0 {
                    let wasEnding = machine.isEnding
                    _ = machine.replay(index, of: segment)
                    let lost = wasEnding ? 0..<0 : 0..<machine.liveRows.lowerBound
                    for codebook in Array(lost) + Array(machine.liveRows) {
                        let cell = DrawnCell(
                            segment: segmentIndex, column: index, codebook: codebook,
                            id: Int(column[codebook]))
                        found.append(
                            RecordedDraw(
                                cell: cell, step: step, isLost: lost.contains(codebook),
                                repeated: zip(rules, windows).map { rule, window in
                                    rule.map { window.repeated($0.limit, codebook: codebook) } ?? .ids([])
                                }))
                    }
                    step += 1
                }
                for rule in windows.indices { windows[rule].append(column) }
            }
        }
        return found
    }
}

extension RepetitionWindow {
    /// The ids that stand at least so often in a codebook's row of the window.
    func repeated(_ limit: Int, codebook: Int) -> RecordedDraw.Repeated {
        limit <= 0 ? .all : .ids(ids(standing: limit, codebook: codebook))
    }
}

import AlignmentKit

/// Makes pages of what commands found out.
enum PageMaker {
    /// Requests of one page whose sound and pictures are in it; those of further ones would make it too large.
    static let soundsShown = 12
    /// Sound files in the picture of a page.
    static let filesDrawn = 40

    /// Adds the requests of captures to a page, with the sound of the first `soundsShown` of them.
    static func add(_ captures: [(samples: [Explanation], view: CaptureView?)], to page: inout ReportPage)
        throws
    {
        var withSound = 0
        for (samples, view) in captures {
            for explanation in samples {
                let request = view?.requests.first { $0.run.sample == explanation.sample }
                let files = [request?.current, request?.aligned].compactMap(\.self)
                if !files.isEmpty { withSound += 1 }
                page.requests.append(
                    PageRequest(
                        explanation, run: request?.run, tokens: request?.tokens,
                        sounds: withSound > soundsShown ? [] : try sounds(of: request), origin: view?.origin))
            }
        }
        if withSound > soundsShown {
            page.notes.append(
                "The sound of the first \(soundsShown) of \(withSound) requests is in this page.")
        }
    }

    private static func sounds(of request: RequestView?) throws -> [PageSound] {
        try [
            request?.current.map {
                try PageSound("current", file: $0, isCaptured: request?.isCaptured ?? false)
            },
            request?.aligned.map { try PageSound("aligned", file: $0, isCaptured: false) },
        ].compactMap(\.self)
    }

    /// The page of a gate.
    static func page(
        _ report: GateReport, evidence: GateEvidence, views: [CaptureView], sound: SoundProfile
    ) throws -> ReportPage {
        var page = ReportPage(report)
        try add(zip(evidence.captures, views).map { ($0.explanation.samples, $1) }, to: &page)
        page.comparisons = evidence.captures.compactMap { try? $0.comparison?.get() }
        if let found = evidence.sound {
            let drawn = found.run.worstFirst.filter { $0.measures != nil }.prefix(filesDrawn)
            let pictures = try drawn.compactMap { result in
                try result.measures.map {
                    (result, try SoundThumbnail(result.path, $0, columns: SoundSheet.columns))
                }
            }
            let title = "\(drawn.count) of \(found.run.files.count) files, the worst first"
            page.sound = (found, SoundSheet(title: title, warnings: sound.warnings, pictures).svg)
        }
        page.logs = evidence.logs
        return page
    }
}

import AlignmentKit
import Foundation

/// Makes pages of what commands found out.
enum PageMaker {
    /// Requests of one page whose sound and pictures are in it; those of further ones would make it too large.
    static let soundsShown = 12
    /// Sound files in the picture of a page.
    static let filesDrawn = 40

    /// The requests of a capture, with the sound of the first `sounds` of them.
    static func requests(
        _ samples: [Explanation], _ view: CaptureView?, sounds: inout Int
    ) throws -> [PageRequest] {
        try samples.map { explanation in
            let request = view?.requests.first { $0.run.sample == explanation.sample }
            var own: [PageSound] = []
            if sounds > 0, let request, request.current != nil || request.aligned != nil {
                sounds -= 1
                own = try [
                    request.current.map {
                        try PageSound("current", file: $0, isCaptured: request.isCaptured)
                    },
                    request.aligned.map { try PageSound("aligned", file: $0, isCaptured: false) },
                ].compactMap(\.self)
            }
            return PageRequest(
                explanation, run: request?.run, tokens: request?.tokens, sounds: own, origin: view?.origin)
        }
    }

    /// The page of a gate.
    static func page(
        _ report: GateReport, evidence: GateEvidence, views: [CaptureView], sound: SoundProfile
    ) throws -> ReportPage {
        var page = ReportPage(report)
        var sounds = soundsShown
        for (capture, view) in zip(evidence.captures, views) {
            page.requests += try requests(capture.explanation.samples, view, sounds: &sounds)
        }
        let withSound = views.flatMap(\.requests).count { $0.current != nil || $0.aligned != nil }
        if withSound > soundsShown {
            page.notes.append(
                "The sound of the first \(soundsShown) of \(withSound) requests is in this page; "
                    + "explain --write-page shows any other.")
        }
        page.comparisons = evidence.captures.compactMap(\.comparison)
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

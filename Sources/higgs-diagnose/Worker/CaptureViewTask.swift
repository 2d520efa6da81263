import AlignmentKit

/// What a page about an archive shows besides its explanation.
struct CaptureViewTask: Codable, Sendable {
    /// Where the sound of both paths goes; nil writes none.
    var soundFolder: String?

    /// Does the work, in the worker process.
    func run(
        _ capture: Capture, codec: Result<CodecFamily, MissingCodec>, settings: AnalysisSettings,
        isStrict: Bool
    ) throws -> CaptureView {
        var view = CaptureView(origin: CaptureOrigin(capture))
        for (index, sample) in capture.samples.enumerated() {
            let analysis = Analysis(
                sample, of: capture, reference: settings.reference, profile: settings.profile, codec: codec,
                isStrict: isStrict)
            var request = RequestView(run: analysis.run(), tokens: analysis.tokenGrid)
            if let soundFolder {
                let captured = analysis.capturedSound
                request.isCaptured = captured != nil
                request.current = try write(
                    captured ?? (try? analysis.sound(.current)), to: "\(soundFolder)/\(index).current.wav")
                request.aligned = try write(
                    try? analysis.sound(.aligned), to: "\(soundFolder)/\(index).aligned.wav")
            }
            view.requests.append(request)
        }
        return view
    }

    private func write(_ samples: [Float]?, to file: String) throws -> String? {
        guard let samples, !samples.isEmpty else { return nil }
        try SoundFile.write(samples, sampleRate: Analysis.sampleRate, as: .float, to: file)
        return file
    }
}

/// An archive's requests as a page shows them.
struct CaptureView: Codable, Sendable {
    var origin: CaptureOrigin
    var requests: [RequestView] = []
}

/// One request: what `run` says of it, its tokens, and the files of its sound.
struct RequestView: Codable, Sendable {
    var run: SampleRun
    var tokens: TokenGrid?
    /// The current path's sound; nil where there is none.
    var current: String?
    /// The aligned path's.
    var aligned: String?
    /// The current path's sound was recorded, not recomputed.
    var isCaptured = false
}

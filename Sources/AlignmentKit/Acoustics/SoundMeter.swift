public import AlignmentAudio
internal import Foundation

/// Measures sound files of any length in the same memory.
///
/// A file is read twice: first for its samples and levels, then, with thresholds that follow from the levels, for
/// everything else. A short one is kept in memory instead.
public struct SoundMeter: Sendable {
    /// Whether only what the verdicts need is measured: no loudness, no seams.
    public var isQuick: Bool
    /// Whether the true peak is measured, which takes as long as everything else together.
    public var withTruePeak: Bool

    /// Samples of a sound that is kept in memory.
    package var mostKeptSamples = 1 << 21

    /// A meter of everything but the true peak.
    public init(isQuick: Bool = false, withTruePeak: Bool = false) {
        self.isQuick = isQuick
        self.withTruePeak = withTruePeak
    }

    /// Measures a file of any format that libsndfile reads.
    public func measure(_ file: String) throws(SoundError) -> SoundMeasures {
        let source = try SoundBlocks(file, mostKept: mostKeptSamples)
        let lengths = FrameLengths(sampleRate: source.sampleRate)
        var meters = (0..<source.channelCount).map { _ in SampleMeter(lengths) }
        try source.forEach { block throws(SoundError) in
            for channel in meters.indices {
                block.withChannel(channel) { meters[channel].add($0) }
            }
        }
        for channel in meters.indices { meters[channel].finish() }
        let loudest = SoundMeasures.loudest(of: meters.map(\.acEnergy))
        var measures = SoundMeasures(source, meters: meters, loudest: loudest)
        if measures.samples > 0 { try addStructure(to: &measures, source, meters[loudest], channel: loudest) }
        return measures
    }

    private func addStructure(
        to measures: inout SoundMeasures, _ source: SoundBlocks, _ meter: SampleMeter, channel: Int
    ) throws(SoundError) {
        let lengths = FrameLengths(sampleRate: source.sampleRate)
        guard let loud = meter.levels.quantile(0.95) else { return }
        let short = ShortFrameMeter(lengths, loud: loud)
        var consumers: [any FrameConsumer] = [short]
        let long = LongFrameMeter(lengths, loudest: meter.loudestLevel)
        let harmonicity = HarmonicityMeter(lengths, loud: loud)
        // A sound without one active frame has no structure, and one of a few samples a second no spectrum.
        let hasStructure =
            ActivityMeter(loud: loud).isActive(meter.loudestLevel) && source.sampleRate >= Self.leastRate
        if hasStructure { consumers += [long, harmonicity] }
        let seams = isQuick ? nil : SeamMeter(lengths)
        if let seams { consumers.append(seams) }
        let loudness =
            isQuick && !withTruePeak
            ? nil
            : LoudnessMeter(
                channels: source.channelCount, sampleRate: source.sampleRate, declaredFrames: meter.count,
                withTruePeak: withTruePeak)
        var feed = FrameFeed(consumers)
        try source.forEach { block throws(SoundError) in
            block.withChannel(channel) { feed.add($0) }
            loudness?.add(block.samples)
        }
        feed.finish()
        short.finish()
        measures.add(short, lengths)
        measures.loudLevelDbfs = loud
        measures.endLevelDb = meter.endLevel - loud
        if hasStructure {
            measures.addStructure(short, lengths)
            measures.spectralFlatness = long.flatness.count > 0 ? long.flatness.mean : nil
            measures.centroidDeviation = long.centroids.deviation
            measures.harmonicity = harmonicity.median
        }
        measures.loudnessLufs = isQuick ? nil : loudness?.integrated
        measures.truePeakDbtp = loudness?.truePeak.flatMap { $0 > 0 ? 20 * log10($0) : nil }
        measures.seam = seams?.sharpest?.figure
        measures.seamPeriod = seams?.sharpest.map {
            Double($0.period * lengths.long) / Double(source.sampleRate)
        }
    }

    /// Hz; below it there is no telephone's speech band.
    private static let leastRate = 6800
}

extension SoundMeasures {
    init(_ source: SoundBlocks, meters: [SampleMeter], loudest: Int) {
        let meter = meters[loudest]
        func decibels(_ amplitude: Double) -> Double? { amplitude > 0 ? 20 * log10(amplitude) : nil }
        sampleRate = source.sampleRate
        channels = source.channelCount
        encoding = source.encoding
        samples = meter.count
        isHeaderTooSmall = source.isHeaderTooSmall
        seconds = Double(meter.count) / Double(source.sampleRate)
        frames = Double(meter.count * 25) / Double(source.sampleRate)
        isWholeFrames = meter.count > 0 && (meter.count * 25).isMultiple(of: source.sampleRate)
        nonFinite = source.nonFiniteCount
        meanSquare = meter.meanSquare
        acEnergy = meter.acEnergy
        rmsDbfs = decibels(meter.meanSquare.squareRoot())
        peakDbfs = decibels(meter.peak)
        dcOffset = meter.mean
        distinctValues = meter.distinctCount
        isConstant = meter.count > 0 && meters.allSatisfy { $0.least == $0.greatest }
        channelEnergies = meters.count > 1 ? meters.map(\.acEnergy) : nil
        clippedShare = meters.map { Double($0.clippedCount) / Double(max(1, $0.count)) }.max() ?? 0
        longestClippedRun = meters.map(\.longestClippedRun).max() ?? 0
        beyondFullScale = meters.reduce(0) { $0 + $1.overCount }
        wraps = meters.reduce(0) { $0 + $1.wrapCount }
        jumps = meters.reduce(0) { $0 + $1.jumpCount }
        activeRatio = 0
        leadingSilence = seconds
        trailingSilence = seconds
        longestGap = 0
        loop = 0
    }

    fileprivate mutating func add(_ short: ShortFrameMeter, _ lengths: FrameLengths) {
        let step = 1 / lengths.rate
        activeRatio = Double(short.activity.activeCount) / Double(max(1, short.activity.frameCount))
        if short.activity.activeCount > 0 {
            leadingSilence = Double(short.activity.leading) * step
            trailingSilence = Double(short.activity.trailing) * step
        }
        longestGap = Double(short.activity.longestGap) * step
        gapPlace = short.activity.gapStart.map { Double($0) * step }
    }

    fileprivate mutating func addStructure(_ short: ShortFrameMeter, _ lengths: FrameLengths) {
        crossingDeviation = short.crossings.deviation
        melFlux = short.flux
        modulationShare = short.modulationShare()
        syllableRate =
            Double(short.syllables.count) / (Double(max(1, short.activity.activeCount)) / lengths.rate)
        if let best = short.loop.best {
            loop = best.correlation
            loopPeriod = Double(best.lag * lengths.short) / Double(lengths.sampleRate)
        }
    }
}

internal import Foundation

/// What frames of 20 ms every 10 ms show: where the sound is active, how its spectrum moves, its syllables, its
/// modulation, and whether it repeats itself.
final class ShortFrameMeter: FrameConsumer {
    let length: Int
    let hop: Int
    let offset = 0

    private(set) var activity: ActivityMeter
    private(set) var syllables = SyllableCounter()
    private(set) var loop = LoopMeter()
    private let modulation: ModulationMeter
    /// Of active frames: the share of neighbouring samples with different signs.
    private(set) var crossings = Spread()
    /// Mean change of the bands' levels from a frame to the next one that does not overlap it, dB.
    private var fluxes = Histogram(over: 0...100, width: 0.002)

    private let batch: FrameBatch
    private let mel: MelBands
    private let speechBins: Range<Int>
    private let meanSquareScale: Float
    private let sineScale: Float
    private var bands: [SIMD8<Float>]
    private var previous: (levels: [SIMD8<Float>], isActive: Bool)?
    private var isEven = true

    /// - Parameter loud: the 95th percentile of the levels, dB.
    init(_ lengths: FrameLengths, loud: Double) {
        (length, hop) = (lengths.short, lengths.step)
        activity = ActivityMeter(loud: loud)
        modulation = ModulationMeter(frameRate: lengths.rate)
        batch = FrameBatch(
            length: length, transformLength: FrameLengths.transformLength(atLeast: length), isWindowed: true)
        let size = batch.transform.length
        mel = MelBands(transformLength: size, sampleRate: lengths.sampleRate)
        bands = Array(repeating: .zero, count: MelBands.count)
        let width = Double(lengths.sampleRate) / Double(size)
        let first = Int((SyllableCounter.band.lowerBound / width).rounded(.up))
        let last = min(Int(SyllableCounter.band.upperBound / width), size / 2)
        speechBins = first..<max(first, last + 1)
        let squares = HannWindow.periodic(length).reduce(0) { $0 + $1 * $1 }
        meanSquareScale = Float(2 / (Double(size) * squares))
        sineScale = MelBands.scale(windowLength: length)
    }

    func take(_ samples: UnsafePointer<Float>, count: Int) {
        batch.load(samples, hop: hop)
        let active = batch.levels.prefix(count).map { activity.add($0) }
        for level in batch.levels.prefix(count) { modulation.add(rootMeanSquare: pow(10, level / 20)) }
        guard active.contains(true) else {
            for _ in 0..<count { addSilence() }
            return
        }
        countCrossings(active)
        batch.computePower()
        var speech = SIMD8<Float>.zero
        for bin in speechBins { speech += batch.power[bin] }
        speech *= meanSquareScale
        mel.sums(of: batch.power, into: &bands)
        for lane in 0..<count {
            guard active[lane] else {
                addSilence()
                continue
            }
            syllables.add(meanSquare: Double(speech[lane]), isActive: true)
            if isEven { add(MelBands.levels(of: lane, in: bands, scale: sineScale), isActive: true) }
            isEven.toggle()
        }
    }

    /// What an inactive frame holds is not looked at.
    private func addSilence() {
        syllables.add(meanSquare: 0, isActive: false)
        if isEven { add(MelBands.silence, isActive: false) }
        isEven.toggle()
    }

    private func countCrossings(_ active: [Bool]) {
        var changes = SIMD8<Float>.zero
        var before = batch.rows[0] .< 0
        for index in 1..<length {
            let now = batch.rows[index] .< 0
            changes.replace(with: changes + 1, where: now .^ before)
            before = now
        }
        for (lane, isActive) in active.enumerated() where isActive {
            crossings.add(Double(changes[lane]) / Double(length - 1))
        }
    }

    private func add(_ levels: [SIMD8<Float>], isActive: Bool) {
        loop.add(levels, isActive: isActive)
        if let previous, previous.isActive, isActive {
            var sum: Float = 0
            for row in levels.indices {
                let change = levels[row] - previous.levels[row]
                sum += change.replacing(with: -change, where: change .< 0).sum()
            }
            fluxes.add(Double(sum) / Double(MelBands.count))
        }
        previous = (levels, isActive)
    }

    /// Takes the end of the sound.
    func finish() {
        syllables.finish()
        loop.finish()
    }

    /// The median change of the bands' levels, dB; nil without two active frames in a row.
    var flux: Double? { fluxes.quantile(0.5) }
    /// The share of 2 to 8 Hz in the envelope's modulation; takes the end of the sound.
    func modulationShare() -> Double? { modulation.share() }
}

import Foundation

/// How loud a waveform is, with the story's steps.
public struct SoundEnergy: Sendable, Equatable, Codable {
    /// Mean square about the mean: the energy that can be heard.
    public var acEnergy: Double
    /// Mean square.
    public var meanSquare: Double
    /// Level of the AC energy.
    public var level: Level
    /// Samples that are NaN or infinite; they are left out of the energies.
    public var nonFinite: Int
    /// Length in samples.
    public var sampleCount: Int

    /// Steps of AC energy.
    public enum Level: String, Sendable, Codable {
        /// Below 1e-8.
        case silence
        /// Below 1e-6.
        case tooQuiet = "too-quiet"
        /// Below 1e-4.
        case quiet
        /// From 1e-4.
        case audible

        init(acEnergy: Double) {
            self =
                acEnergy < 1e-8 ? .silence : acEnergy < 1e-6 ? .tooQuiet : acEnergy < 1e-4 ? .quiet : .audible
        }
    }

    /// Least AC energy that passes.
    public static let gate = 1e-6

    /// The energy of samples of full scale 1.
    public init(_ samples: some Collection<Float>) {
        let finite = samples.lazy.filter(\.isFinite).map(Double.init)
        let count = Double(max(finite.count, 1))
        let mean = finite.reduce(0, +) / count
        meanSquare = finite.reduce(0) { $0 + $1 * $1 } / count
        acEnergy = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        level = Level(acEnergy: acEnergy)
        nonFinite = samples.count - finite.count
        sampleCount = samples.count
    }
}

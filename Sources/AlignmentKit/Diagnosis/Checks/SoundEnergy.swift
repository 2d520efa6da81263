public import AlignmentStages
import Foundation

/// How loud a waveform is, with the story's steps.
public struct SoundEnergy: Sendable, Equatable, Codable {
    /// Mean square about the mean: the energy that can be heard.
    public var acEnergy: Double
    /// Mean square.
    public var meanSquare: Double
    /// Level of the AC energy.
    public var level: SoundLevel
    /// Samples that are NaN or infinite; they are left out of the energies.
    public var nonFinite: Int
    /// Length in samples.
    public var sampleCount: Int

    /// The energy of samples of full scale 1.
    public init(_ samples: some Collection<Float>) {
        let finite = samples.lazy.filter(\.isFinite).map(Double.init)
        let count = Double(max(finite.count, 1))
        let mean = finite.reduce(0, +) / count
        meanSquare = finite.reduce(0) { $0 + $1 * $1 } / count
        acEnergy = finite.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        level = SoundLevel(energy: acEnergy)
        nonFinite = samples.count - finite.count
        sampleCount = samples.count
    }
}

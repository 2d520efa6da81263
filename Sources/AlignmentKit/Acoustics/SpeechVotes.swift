/// Six signs of syllables, each of which a sound has or has not.
public struct SpeechVotes: Sendable, Equatable, Codable {
    /// Names of the signs that the sound has.
    public var held: [String]
    /// Names of those that it lacks.
    public var missing: [String]

    /// The votes of a sound; a figure that could not be measured is no vote.
    public init(_ measures: SoundMeasures, _ profile: SoundProfile) {
        func isAbove(_ value: Double?, _ bound: Double) -> Bool { value.map { $0 > bound } ?? false }
        let votes = [
            ("centroid_deviation", isAbove(measures.centroidDeviation, profile.voteCentroidDeviation)),
            ("crossing_deviation", isAbove(measures.crossingDeviation, profile.voteCrossingDeviation)),
            ("mel_flux", isAbove(measures.melFlux, profile.voteMelFlux)),
            ("modulation_share", isAbove(measures.modulationShare, profile.voteModulationShare)),
            (
                "harmonicity",
                measures.harmonicity.map {
                    $0 > profile.voteHarmonicity.lowerBound && $0 < profile.voteHarmonicity.upperBound
                } ?? false
            ),
            ("syllable_rate", measures.syllableRate.map(profile.voteSyllableRate.contains) ?? false),
        ]
        held = votes.filter(\.1).map(\.0)
        missing = votes.filter { !$0.1 }.map(\.0)
    }
}

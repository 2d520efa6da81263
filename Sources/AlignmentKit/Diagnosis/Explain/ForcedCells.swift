import AlignmentStages
import AlignmentTensors
import Foundation

/// Where recorded streams depart from what the delay state machine forces.
struct ForcedCells {
    /// Part of a stream that is forced.
    enum Region { case firstFrame, delayRamp, endRamp }

    /// A forced cell that holds something else, or an end where none should be.
    struct Departure {
        var region: Region
        var sentence: String
    }

    let departures: [Departure]

    /// Compares every stream with the reference's machine.
    init(_ facts: Facts) {
        guard let generation = facts.runner.sample.generation else {
            departures = []
            return
        }
        var profile = facts.aligned.generation
        // Whose machine it is, the recorded batch shows.
        profile.delayMachine = facts.current.generation.delayMachine
        let streams = generation.facts.segments
        departures = streams.enumerated().flatMap { index, stream in
            Self.departures(
                of: stream, index, generation.facts, profile,
                mayBeCut: (facts.metLimit || facts.wasInterrupted) && index == streams.count - 1
                    || facts.sample.stop == nil)
        }
    }

    private static func departures(
        of stream: NDArray<Int64>, _ index: Int, _ facts: GenerationFacts, _ profile: GenerationProfile,
        mayBeCut: Bool
    ) -> [Departure] {
        guard profile.useDelayPattern, stream.shape.rank == 2, stream.columns > 0,
            stream.rows == profile.audioNumCodebooks
        else { return [] }
        let name = "segments/\(index)/delayed"
        var found: [Departure] = []
        func note(_ region: Region, _ row: Int, _ column: Int, _ expected: Int64) {
            found.append(
                Departure(
                    region: region,
                    sentence:
                        "\(name) holds \(stream[row, column]) at codebook \(row), column \(column), where "
                        + "\(expected) is forced"))
        }
        let bos = Int64(profile.audioStreamBOS)
        if profile.delayMachine == .overwrite {
            for row in 0..<stream.rows where stream[row, 0] != bos { note(.firstFrame, row, 0, bos) }
        }
        var machine = DelayStateMachine(
            profile, promptTail: facts.promptTail, first: (0..<stream.rows).map { stream[$0, 0] })
        for column in 1..<max(stream.columns, 1) {
            let kept = machine.replay(column, of: stream)
            for row in 0..<stream.rows where kept[row] != stream[row, column] {
                note(row > column ? .delayRamp : .endRamp, row, column, kept[row])
            }
            guard machine.hasEnded, column < stream.columns - 1 else { continue }
            found.append(
                Departure(
                    region: .endRamp,
                    sentence: "\(name) goes on after column \(column), where every codebook has met its EOS"))
            return found
        }
        if !machine.hasEnded, !mayBeCut {
            found.append(
                Departure(
                    region: .endRamp,
                    sentence: "\(name) ends at column \(stream.columns - 1) "
                        + (machine.isEnding ? "while its codebooks are still ending" : "without an EOS")
                        + ", and no limit ended it"))
        }
        return found
    }
}

/// e to this.
func exponential(_ value: Float) -> Float { exp(value) }

import AlignmentKit
import Foundation
import TestSupport
import Testing

/// Small archives with seeded damage: whatever it is, the commands end by themselves, and what they pass is what
/// was there.
///
/// `HIGGS_SEEDS=17,23` runs these mutants alone.
@Suite("Mutants")
struct MutantSweepTests {
    private static let count = 2000
    private static let batch = 40
    /// A quarter of the usual limit: these files are read in milliseconds.
    private static let environment = ["HIGGS_TIME_FACTOR": "0.25"]

    @Test("2,000 damaged archives are noticed, or nothing that is read has changed")
    func sweep() async throws {
        let scratch = try Scratch()
        let specimens = try await Specimen.all(in: scratch)
        var baselines: [String: Baseline] = [:]
        for specimen in specimens {
            baselines[specimen.name] = try await Self.baseline(of: specimen, in: scratch)
            #expect(
                specimen.name == "oldest" || specimen.guarded.count > 20, "blocks with checksums are found")
        }
        let seeds = Self.seeds
        let sound = baselines
        let folder = scratch.path
        let tally = try await withThrowingTaskGroup(of: Tally.self) { group in
            var next = seeds.startIndex
            var tally = Tally()
            func start() {
                guard next < seeds.endIndex else { return }
                let part = Array(seeds[next..<min(next + Self.batch, seeds.endIndex)])
                next += part.count
                group.addTask {
                    try await Self.judge(
                        part.map { Mutant(seed: $0, of: specimens) }, sound, in: folder)
                }
            }
            for _ in 0..<max(2, ProcessInfo.processInfo.activeProcessorCount) { start() }
            while let part = try await group.next() {
                tally.add(part)
                start()
            }
            return tally
        }
        print(tally.text)
        // Damage of every kind is there, and nearly all of it matters.
        if seeds.count == Self.count {
            #expect(tally.count(.verify, .hashMismatch) > 100)
            #expect(tally.count(.verify, .refused) > 100)
            #expect(tally.count(.verify, .unreadable) > 100)
            #expect(
                tally.count(.verify, .unchanged) + tally.count(.verify, .textChanged) < seeds.count * 2 / 3)
            #expect(tally.count(.verify, .crash) < seeds.count / 20, "far more crashes than libhdf5's own")
        }
    }

    private static var seeds: [Int] {
        if let named = ProcessInfo.processInfo.environment["HIGGS_SEEDS"] {
            return named.split(separator: ",").compactMap { Int($0) }
        }
        return Array(0..<count)
    }

    private static func baseline(of specimen: Specimen, in scratch: Scratch) async throws -> Baseline {
        let file = "\(scratch.path)/\(specimen.name).h5"
        var results: [ReadingCommand: JSONValue] = [:]
        for command in ReadingCommand.allCases {
            let answer = try await command.answer(about: [file], reference: scratch.path + "/ours.h5")
            #expect(answer.status == 0, "\(command.rawValue) passes the sound \(specimen.name)")
            guard case .result(let result)? = answer.outcomes[file] else { continue }
            results[command] = result
        }
        return Baseline(
            inspection: try #require(results[.inspect]), run: try #require(results[.run]),
            validation: try #require(results[.validate]), comparison: try #require(results[.compare]))
    }

    /// Has every command look at some mutants, and records each that was passed and must not have been.
    private static func judge(
        _ mutants: [Mutant], _ baselines: [String: Baseline], in folder: String
    ) async throws -> Tally {
        func file(_ mutant: Mutant) -> String { "\(folder)/mutant-\(mutant.seed).h5" }
        let files = mutants.map(file)
        for mutant in mutants { try Data(mutant.bytes).write(to: URL(filePath: file(mutant))) }
        defer { for file in files { try? FileManager.default.removeItem(atPath: file) } }

        var answers: [ReadingCommand: ReadingCommand.Answer] = [:]
        for command in ReadingCommand.allCases {
            answers[command] = try await command.answer(
                about: files, reference: folder + "/ours.h5", environment: environment)
        }
        var tally = Tally()
        for mutant in mutants {
            guard let baseline = baselines[mutant.specimen] else { continue }
            var isSound = false
            if case .result(let result)? = answers[.verify]?.outcomes[file(mutant)] {
                isSound = result["is_sound"]?.bool == true
            }
            for (command, answer) in answers {
                guard let outcome = answer.outcomes[file(mutant)] else { continue }
                let verdict = baseline.verdict(
                    command, outcome, inspection: answers[.inspect]?.outcomes[file(mutant)], isSound: isSound)
                guard let verdict else {
                    Issue.record("\(command.rawValue) passed what has changed, \(mutant)")
                    continue
                }
                tally.add(command, verdict, mutant.seed)
            }
        }
        for (command, answer) in answers {
            let isPassed = tally.failures(command) == 0
            #expect((answer.status == 0) == isPassed, "\(command.rawValue) on seeds \(mutants.map(\.seed))")
        }
        return tally
    }
}

/// How many mutants ended how, and which.
struct Tally: Sendable {
    private var seeds: [ReadingCommand: [Verdict: [Int]]] = [:]

    mutating func add(_ command: ReadingCommand, _ verdict: Verdict, _ seed: Int) {
        seeds[command, default: [:]][verdict, default: []].append(seed)
    }

    mutating func add(_ other: Tally) {
        for (command, verdicts) in other.seeds {
            for (verdict, more) in verdicts { seeds[command, default: [:]][verdict, default: []] += more }
        }
    }

    func count(_ command: ReadingCommand, _ verdict: Verdict) -> Int { seeds[command]?[verdict]?.count ?? 0 }

    /// Mutants for which the command's exit code is not 0.
    func failures(_ command: ReadingCommand) -> Int {
        let passed: [Verdict] = [.unchanged, .textChanged, .leftToVerify]
        return Verdict.allCases.filter { !passed.contains($0) }.map { count(command, $0) }.reduce(0, +)
    }

    /// A line for each command and verdict, with the seeds of the rare ones.
    var text: String {
        ReadingCommand.allCases.flatMap { command in
            Verdict.allCases.compactMap { verdict in
                guard let found = seeds[command]?[verdict], !found.isEmpty else { return nil }
                let rare = found.count <= 40 ? ", seeds \(found.sorted())" : ""
                return "\(command.rawValue): \(found.count) \(verdict.rawValue)\(rare)"
            }
        }.joined(separator: "\n")
    }
}

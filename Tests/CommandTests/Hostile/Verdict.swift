import AlignmentKit
import Foundation

/// What one command made of one mutant.
enum Verdict: String, CaseIterable, Sendable {
    /// libhdf5 or the reader crashed, in the worker process.
    case crash = "worker crashed"
    case outOfTime = "took too long"
    case outOfMemory = "asked for too much memory"
    /// The file was not read at all, in one sentence.
    case refused
    /// Elements with another hash than the archive says.
    case hashMismatch = "hash mismatch"
    /// Objects that cannot be read, by name.
    case unreadable = "unreadable object"
    /// Exit code 1.
    case mismatch = "named mismatch"
    /// Every tensor is an original one; texts, labels or names, which no hash covers, are not.
    case textChanged = "texts, labels or names changed"
    /// `inspect`, which reads no elements, shows what `verify` finds wrong.
    case leftToVerify = "shown, and found wrong by verify"
    case unchanged

    init(failure sentence: String) {
        self =
            if sentence.contains("crashed the worker process") {
                .crash
            } else if sentence.contains("took more than") {
                .outOfTime
            } else if sentence.contains("takes more memory than") {
                .outOfMemory
            } else if sentence.contains("has the SHA-256") || sentence.contains("have the SHA-256") {
                .hashMismatch
            } else { .refused }
    }
}

/// What the commands say of the sound specimen, to compare with what they say of a mutant.
struct Baseline: Sendable {
    let inspection: JSONValue
    let run: JSONValue
    let validation: JSONValue
    let comparison: JSONValue
    let tensors: [JSONValue: Int]

    init(inspection: JSONValue, run: JSONValue, validation: JSONValue, comparison: JSONValue) {
        self.inspection = Self.withoutPath(inspection)
        self.run = Self.withoutPath(run)
        self.validation = Self.withoutPath(validation)
        self.comparison = comparison
        tensors = Self.tensors(of: inspection)
    }

    /// The verdict on one mutant; nil where it was passed and must not have been.
    func verdict(
        _ command: ReadingCommand, _ outcome: ReadingCommand.Outcome, inspection: ReadingCommand.Outcome?,
        isSound: Bool
    ) -> Verdict? {
        guard case .result(let result) = outcome else {
            if case .failure(let sentence) = outcome { return Verdict(failure: sentence) }
            return nil
        }
        switch command {
        case .verify:
            guard result["is_sound"]?.bool == true else {
                let messages = (result["findings"]?.array ?? []).compactMap { $0["message"]?.string }
                return messages.contains { $0.contains("have the SHA-256") } ? .hashMismatch : .unreadable
            }
            guard case .result(let listing)? = inspection else { return nil }
            if Self.withoutPath(listing) == self.inspection { return .unchanged }
            // Its hashes agree, so a tensor with an original's type, shape and hash is that original.
            let found = Self.tensors(of: listing)
            return found.allSatisfy { tensors[$0.key] != nil } ? .textChanged : nil
        case .inspect:
            if result["problems"]?.array?.isEmpty == false { return .unreadable }
            if Self.withoutPath(result) == self.inspection { return .unchanged }
            return isSound ? .textChanged : .leftToVerify
        case .run, .validate:
            if Self.withoutPath(result) == (command == .run ? run : validation) { return .unchanged }
            return result["exit_code"]?.int == 0 ? .textChanged : .mismatch
        case .compare:
            if result["status"] == .string("differs") { return .mismatch }
            // The reference holds the same, so nothing may differ within a tolerance either.
            guard result["status"] == .string("equal") else { return nil }
            let isWhole = result["compared"] == comparison["compared"]
            // A reference result that has lost its name is named as not compared.
            guard isWhole || result["not_compared"]?.array?.isEmpty == false else { return nil }
            return isWhole && result["context"] == comparison["context"] ? .unchanged : .textChanged
        }
    }

    private static func withoutPath(_ value: JSONValue) -> JSONValue {
        guard case .object(var members) = value else { return value }
        members["path"] = nil
        return .object(members)
    }

    /// Type, shape and hash of every tensor and None, and how many have them.
    private static func tensors(of inspection: JSONValue) -> [JSONValue: Int] {
        var tensors: [JSONValue: Int] = [:]
        for entry in inspection["entries"]?.array ?? [] {
            guard ["tensor", "none"].contains(entry["kind"]?.string) else { continue }
            let identity = ["dtype", "shape", "sha256"].map { entry[$0] ?? .null }
            tensors[.array(identity), default: 0] += 1
        }
        return tensors
    }
}

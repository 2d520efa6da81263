extension Explanation.Cause {
    /// Writes every key, null where there is nothing: tools may rely on each being there.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id, forKey: .id)
        try container.encode(stage, forKey: .stage)
        try container.encode(kind, forKey: .kind)
        try container.encode(title, forKey: .title)
        try container.encode(effectAlone, forKey: .effectAlone)
        try container.encode(effectHere, forKey: .effectHere)
        try container.encode(proof, forKey: .proof)
        try container.encode(exact, forKey: .exact)
        try container.encode(identified, forKey: .identified)
        try container.encode(equivalent, forKey: .equivalent)
        try container.encode(wouldSeparate, forKey: .wouldSeparate)
        try container.encode(attribution, forKey: .attribution)
        try container.encode(evidence, forKey: .evidence)
        try container.encode(fix, forKey: .fix)
        try container.encode(changes, forKey: .changes)
        try container.encode(site, forKey: .site)
        try container.encode(recovery, forKey: .recovery)
        try container.encode(consequences, forKey: .consequences)
        try container.encode(samples, forKey: .samples)
    }
}

extension Explanation.Recovery {
    /// Writes every key, null where there is nothing.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(replay, forKey: .replay)
        try container.encode(energyBefore, forKey: .energyBefore)
        try container.encode(energyAfter, forKey: .energyAfter)
        try container.encode(samplesBefore, forKey: .samplesBefore)
        try container.encode(samplesAfter, forKey: .samplesAfter)
        try container.encode(decibels, forKey: .decibels)
        try container.encode(eosBefore, forKey: .eosBefore)
        try container.encode(eosAfter, forKey: .eosAfter)
        try container.encode(diversityBefore, forKey: .diversityBefore)
        try container.encode(diversityAfter, forKey: .diversityAfter)
        try container.encode(goldenDbBefore, forKey: .goldenDbBefore)
        try container.encode(goldenDbAfter, forKey: .goldenDbAfter)
    }
}

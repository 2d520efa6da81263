import AlignmentJSON

/// The smallest and the largest number that a knob takes, beside what its type says.
struct KnobBounds: Sendable {
    private enum Edge { case included(Int), excluded(Int) }
    private let lowest: Edge
    private let highest: Edge?

    private init(_ lowest: Edge, _ highest: Edge? = nil) { (self.lowest, self.highest) = (lowest, highest) }

    private static func from(_ lowest: Int, to highest: Int? = nil) -> KnobBounds {
        KnobBounds(.included(lowest), highest.map(Edge.included))
    }

    private static func above(_ lowest: Int, below highest: Int? = nil) -> KnobBounds {
        KnobBounds(.excluded(lowest), highest.map(Edge.excluded))
    }

    /// For each knob that does not take every number.
    static let table: [String: KnobBounds] = [
        "collator.round_to": .from(1),
        "collator.whisper_mel_bins": .from(1),
        "collator.audio_num_codebooks": .from(0),
        "collator.chunk_size_seconds": .above(0, below: 1_000_000),
        "collator.waveform_sample_rate": .above(0),
        "generation.top_k": .from(0),
        "generation.audio_num_codebooks": .from(1, to: 1024),
        "generation.audio_codebook_size": .from(1),
        "tokens.revert": .from(0, to: 8),
        "tokens.revert_chunk": .from(1),
        "tokens.revert_overlap": .from(0),
        "tokens.ramp_columns": .from(0),
        "decode.n_quantizers": .from(0),
        "decode.chunk_frames": .from(1),
        "decode.chunk_context": .from(0, to: 1_000_000),
        "decode.chunk_right_context": .from(0, to: 1_000_000),
        "decode.trim": .from(DecodeProfile.trimRange.lowerBound, to: DecodeProfile.trimRange.upperBound),
    ]

    /// "at least 1", "from 0 to 8", "above 0 and below 1000000".
    var words: String {
        switch (lowest, highest) {
        case (.included(let low), .included(let high)?): "from \(low) to \(high)"
        case (.included(let low), nil): "at least \(low)"
        case (.excluded(let low), .excluded(let high)?): "above \(low) and below \(high)"
        case (.excluded(let low), nil): "above \(low)"
        case (.included(let low), .excluded(let high)?): "at least \(low) and below \(high)"
        case (.excluded(let low), .included(let high)?): "above \(low), at most \(high)"
        }
    }

    /// JSON Schema's words for the same.
    var schema: [String: JSONValue] {
        var schema: [String: JSONValue] = [:]
        switch lowest {
        case .included(let value): schema["minimum"] = .integer(value)
        case .excluded(let value): schema["exclusiveMinimum"] = .integer(value)
        }
        switch highest {
        case .included(let value)?: schema["maximum"] = .integer(value)
        case .excluded(let value)?: schema["exclusiveMaximum"] = .integer(value)
        case nil: break
        }
        return schema
    }
}

extension Knob {
    /// What a profile may write, with the bounds.
    public var takes: String { expectation + (KnobBounds.table[key].map { "; \($0.words)" } ?? "") }
}

extension Deviation {
    /// Every deviation, most upstream first.
    public static let catalogue: [Deviation] = collator + generation + tokens + decode

    /// Those that a profile declares by its knobs.
    static let declarable = catalogue.filter { !$0.knobs.isEmpty }

    /// The deviation of an id.
    public static func named(_ id: String) -> Deviation? { byID[id] }

    private static let byID = Dictionary(uniqueKeysWithValues: catalogue.map { ($0.id, $0) })
}

public import AlignmentJSON

/// The value of one knob in a profile, and where it was read.
public struct KnobSetting: Sendable, Codable {
    /// The knob's archive key.
    public let key: String
    /// Upstream's file and line, or the pipeline's, or those of the profile's own file.
    public let source: String
    /// What of the model's configuration the value is; nil if it is the same for every model.
    public let modelValue: ModelValue?
    private let fixed: JSONValue

    init(_ key: String, _ value: some KnobValue, _ source: String) {
        self.init(key, json: value.json, source)
    }

    init(_ key: String, json value: JSONValue, _ source: String) {
        (self.key, self.source, modelValue, fixed) = (key, source, nil, value)
    }

    init(_ key: String, model value: ModelValue, _ source: String) {
        (self.key, self.source, modelValue, fixed) = (key, source, value, .null)
    }

    /// The value for one model.
    public func value(for model: ModelConfiguration) -> JSONValue { modelValue?.json(of: model) ?? fixed }

    /// Whether both give the same value for every model, wherever it was read.
    public func isSame(as other: KnobSetting) -> Bool {
        modelValue == other.modelValue && fixed == other.fixed
    }

    /// Whether the value depends on the model's configuration.
    public var isTakenFromModel: Bool { modelValue != nil }
}

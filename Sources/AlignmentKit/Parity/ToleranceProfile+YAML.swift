internal import AlignmentArchive
internal import AlignmentComparison
internal import AlignmentTensors
public import AlignmentYAML

extension ToleranceProfile {
    /// Reads a profile from YAML; the standard rules follow its own.
    ///
    /// ```yaml
    /// schema_version: 1
    /// name: my-port
    /// rules:
    ///   - tensor: "decode/captured/**/waveform"   # *, ** and ? as in paths
    ///     stage: decode                           # and dtype: what is left out matches all
    ///     relative: 1.0e-4                        # share of the reference value
    ///     absolute: 1.0e-4                        # share of the reference tensor's RMS
    ///     step: 0                                 # an absolute part that does not scale
    ///     minimum_snr: 80                         # dB, over the whole tensor
    ///     accepts_nan_pairs: false
    ///     settles_ties: false
    /// ```
    ///
    /// - Throws: `YAMLError` with file, line and key.
    public init(yaml text: String, file: String) throws(YAMLError) {
        let root = try YAMLNode(parsing: text, file: file)
        let members = try root.members(["schema_version", "name", "rules"])
        guard let version = members["schema_version"] else {
            throw root.error("has no schema_version, expected 1")
        }
        guard try version.integer() == 1 else {
            throw version.error("is \(try version.integer()), expected 1")
        }
        guard let list = members["rules"] else { throw root.error("has no rules, expected a list") }
        var rules: [Rule] = []
        for (index, node) in try list.list().enumerated() {
            rules.append(try Rule(node, name: "rule \(index + 1)"))
        }
        guard !rules.isEmpty else { throw list.error("is empty, expected at least one rule") }
        self.init(name: try members["name"]?.string() ?? file, rules: rules + Self.standard.rules)
    }
}

extension ToleranceProfile.Rule {
    init(_ node: YAMLNode, name: String) throws(YAMLError) {
        let members = try node.members([
            "name", "tensor", "stage", "dtype", "relative", "absolute", "step", "minimum_snr",
            "accepts_nan_pairs", "settles_ties",
        ])
        var dtype: DType?
        if let given = members["dtype"] {
            let text = try given.string()
            guard let known = DType(rawValue: text) else {
                let all = DType.allCases.map(\.rawValue).joined(separator: ", ")
                throw given.error("is \"\(text)\", expected one of \(all)")
            }
            dtype = known
        }
        if let given = members["stage"] {
            let text = try given.string()
            guard StoredObject.stages.contains(text) else {
                throw given.error(
                    "is \"\(text)\", expected one of \(StoredObject.stages.joined(separator: ", "))")
            }
        }
        if let given = members["tensor"], try given.string().isEmpty {
            throw given.error("is empty, expected a pattern such as decode/captured/**")
        }
        guard members["relative"] != nil || members["absolute"] != nil || members["step"] != nil else {
            throw node.error("allows nothing; give relative, absolute or step")
        }
        let tolerance = Tolerance(
            relative: try members["relative"]?.magnitude() ?? 0,
            absolute: try members["absolute"]?.magnitude() ?? 0, step: try members["step"]?.magnitude() ?? 0,
            minimumSNR: try members["minimum_snr"]?.magnitude(),
            acceptsNaNPairs: try members["accepts_nan_pairs"]?.bool() ?? false,
            settlesTies: try members["settles_ties"]?.bool() ?? false)
        self.init(
            name: try members["name"]?.string() ?? name, tensor: try members["tensor"]?.string().pattern,
            stage: try members["stage"]?.string(), dtype: dtype, tolerance: tolerance)
    }
}

extension String {
    fileprivate var pattern: PathPattern { PathPattern(self) }
}

/// A figure over all inputs that a policy can bound. Shares are from 0 to 1.
public enum GateMetric: String, Sendable, CaseIterable, Codable {
    /// The number of captured requests that were judged.
    case captureRequests = "capture.requests"
    /// The least AC energy of all captured requests.
    case captureLeastEnergy = "capture.least_energy"
    /// The least share of segments that met EOS, of all captured requests.
    case captureEosPresence = "capture.eos_presence"
    /// The least share of knobs without an effect, of all captured requests.
    case captureAlignment = "capture.alignment"
    /// The least share of distinct ids, of all captured requests.
    case captureTokenDiversity = "capture.token_diversity"
    /// The share of compared tensors that differ from the golden archives.
    case goldenDifferingShare = "golden.differing_share"
    /// The number of sound files that were read.
    case soundFiles = "sound.files"
    /// The least AC energy of all sound files.
    case soundLeastEnergy = "sound.least_energy"
    /// The share of sound files that are silent or dead.
    case soundSilentShare = "sound.silent_share"
    /// The share of sound files that are plausible, or have a verdict that is only a warning.
    case soundPlausibleShare = "sound.plausible_share"
    /// The share of sound files that never met EOS, of those whose token limit is known.
    case soundExhaustedShare = "sound.exhausted_share"
    /// The number of requests that logs tell of.
    case logRequests = "log.requests"
    /// The number of findings of logs that prove something wrong.
    case logDefects = "log.defects"

    /// What it is, in one line.
    public var words: String {
        switch self {
        case .captureRequests: "captured requests that were judged"
        case .captureLeastEnergy: "least AC energy of all captured requests; silence is below 1e-6"
        case .captureEosPresence: "least share of segments that met EOS, of all captured requests"
        case .captureAlignment: "least share of knobs without an effect, of all captured requests"
        case .captureTokenDiversity: "least share of distinct ids, of all captured requests"
        case .goldenDifferingShare: "share of compared tensors that differ from the golden archives"
        case .soundFiles: "sound files that were read"
        case .soundLeastEnergy: "least AC energy of all sound files; silence is below 1e-6"
        case .soundSilentShare: "share of sound files that are silent or dead"
        case .soundPlausibleShare: "share of sound files that are plausible, or have a warning only"
        case .soundExhaustedShare: "share of sound files that never met EOS, where the token limit is known"
        case .logRequests: "requests that the logs tell of"
        case .logDefects: "findings of logs that prove something wrong"
        }
    }
}

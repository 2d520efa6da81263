extension GatePolicy {
    /// A policy with every key, explained, for somebody to change: what `gate --init` prints.
    public static var template: String {
        let metrics = GateMetric.allCases.map { metric in
            let name = metric.rawValue
            return "#   \(name)\(String(repeating: " ", count: 26 - name.count))\(metric.words)"
        }
        return """
            # A release gate for higgs-diagnose; docs/gate.md explains it.
            #
            #   higgs-diagnose gate --policy policy.yaml captures/ sound/ run.log --out gate
            #
            # It fails if anything is wrong with an input that this file does not let pass, if a metric that
            # it asks for is missing or out of bounds, or if nothing could be compared.
            schema_version: 1
            name: release

            # true: warnings, and settings that have an effect, fail, too.
            strict: false

            captures:
              # What captures are judged against: a name of 'higgs-diagnose profile list', or a file.
              reference: serve-engine
              # Compare each capture with the archive of its name in this folder, by the standard tolerances or by
              # a file of your own. Paths are taken from this file's folder.
              # golden: golden
              # tolerances: tolerances.yaml

            # Thresholds of your own, as for 'higgs-diagnose audio --profile', and the limit on new tokens of every
            # file: a file of that length never met EOS.
            # sound:
            #   profile: sound.yaml
            #   max_new_tokens: 1024

            # Metrics that must have a value, and their bounds: at_least, at_most, and with --baseline
            # change_at_most. The metrics are
            \(metrics.joined(separator: "\n"))
            require: []
            #  - metric: sound.silent_share
            #    at_most: 0
            #  - metric: capture.eos_presence
            #    at_least: 1

            # Findings that may be there, by id; * stands for any letters.
            allow: []
            #  - generation.temperature

            # Failures that are known and let pass until a day.
            waivers: []
            #  - finding: sound.clipped
            #    input: "*loud*.wav"
            #    reason: the limiter is replaced in the next release
            #    expires: 2027-01-31

            """
    }
}

import AlignmentKit
import AlignmentYAML
import Foundation
import Testing

@Suite("Profiles of sound")
struct SoundProfileTests {
    @Test("a profile that is written is the profile that is read")
    func roundTrip() throws {
        var profile = SoundProfile()
        profile.name = "mine"
        profile.sampleRates = [16_000, 48_000]
        profile.cutOffLevel = -9.5
        profile.voteHarmonicity = 0.25...0.75
        profile.warnings = [.clipped]
        profile.framesBelowBudget = [8, 9]
        var read = try SoundProfile(yaml: profile.yaml, file: "mine")
        read.name = "mine"
        #expect(read == profile)
    }

    @Test("every key moves what it names")
    func keys() throws {
        for key in SoundProfile.keys where key.name != "name" {
            let value = key.text(.standard)
            let other: String
            switch key.name {
            case "sample_rates", "frames_below_budget": other = "[7]"
            case "warnings": other = "[looped]"
            case "vote_harmonicity", "vote_syllable_rate": other = "[0.125, 0.25]"
            case "clipped_run", "least_votes": other = "2"
            default: other = "0.0625"
            }
            let read = try SoundProfile(yaml: "schema_version: 1\n\(key.name): \(other)\n", file: "f")
            #expect(key.text(read) == other && value != other, "\(key.name)")
        }
    }

    @Test(
        "a mistake is one sentence with line and key",
        arguments: [
            ("name: a\n", "f:1: the document has no schema_version, expected 1"),
            ("schema_version: 2\n", "f:1: schema_version is 2, expected 1"),
            (
                "schema_version: 1\nloop_correlation: 2\n",
                "f:2: loop_correlation is \"2\", expected a number from 0 to 1"
            ),
            (
                "schema_version: 1\nsample_rates: []\n",
                "f:2: sample_rates is empty, expected at least one number"
            ),
            (
                "schema_version: 1\nvote_harmonicity: [1, 0]\n",
                "f:2: vote_harmonicity has its greater value first"
            ),
            (
                "schema_version: 1\nleast_votes: 7\n",
                "f:2: least_votes is \"7\", expected a whole number from 0 to 6"
            ),
            (
                "schema_version: 1\nwarnings: [plausible]\n",
                "f:2: warnings[0] is \"plausible\", expected one of empty"
            ),
            ("schema_version: 1\ncut_of_level: 1\n", "f:2: cut_of_level is not a key here"),
        ])
    func mistakes(text: String, message: String) {
        #expect {
            try SoundProfile(yaml: text, file: "f")
        } throws: { "\($0)".hasPrefix(message) }
    }

    @Test("docs/audio.md has every key, verdict, finding and measure")
    func page() throws {
        let path =
            URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path + "/docs/audio.md"
        let page = try String(contentsOfFile: path, encoding: .utf8)
        for key in SoundProfile.keys where key.name != "name" {
            let isThere =
                page.contains("`\(key.name)`") || key.name.hasPrefix("vote_")
                || page.contains("\n\(key.name):")
            #expect(isThere, "\(key.name)")
        }
        for finding in SoundFinding.all { #expect(page.contains("`\(finding.id)`"), "\(finding.id)") }
        let measures = try SoundMeter(withTruePeak: true).measure(RealSoundTests.rows[0].path)
        let json = try #require(
            JSONSerialization.jsonObject(with: try JSONText.encode(measures)) as? [String: Any])
        for name in json.keys { #expect(page.contains("`\(name)`"), "\(name)") }
    }
}
